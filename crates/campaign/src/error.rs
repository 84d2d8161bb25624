//! What can go wrong in a campaign.

use archive::ArchiveError;
use decide::DecideError;
use features::FeatureError;
use ladder::LadderError;
use learn::LearnError;
use ledger::LedgerError;
use method::Failure;
use space::SpaceError;
use std::path::PathBuf;

/// What can go wrong in a campaign. [`CampaignError::is_input`] tells the user's input from the rest.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CampaignError {
    /// The campaign file cannot be read.
    #[error(
        "the campaign file `{}` cannot be read: {source}; name a file such as examples/quinones/campaign.toml",
        path.display()
    )]
    ReadSpec {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The campaign file is wrong at a certain place.
    #[error("{}, line {line}: {problem}\n    {text}", path.display())]
    Spec {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The line's text.
        text: String,
        /// What is wrong and what was expected.
        problem: String,
    },
    /// A property that neither the method nor a recipe gives.
    #[error("{}, [objective] property: no method or recipe gives `{property}` with `{method}`: expected one of {known}{hint}", path.display())]
    NoSuchProperty {
        /// The file.
        path: PathBuf,
        /// What was asked for.
        property: String,
        /// The method.
        method: String,
        /// What there is.
        known: String,
        /// "; did you mean ...?" or nothing.
        hint: String,
    },
    /// The campaign was begun with another question.
    #[error(
        "campaign `{name}` was begun with another specification (changed: {changed}). Only budget, stop rules, \
         energy, engine and threads may change while it runs: give the new question another name, or undo the change"
    )]
    SpecChanged {
        /// The campaign.
        name: String,
        /// Which parts differ.
        changed: String,
    },
    /// There is nothing to report on yet.
    #[error("campaign `{name}` has not run yet (no archive at {}): start it with `joulery run`", archive.display())]
    NotRun {
        /// The campaign.
        name: String,
        /// Where its archive would be.
        archive: PathBuf,
    },
    /// No candidate passes the constraints.
    #[error(
        "no candidate is left: of {enumerated} in the space, {filtered} fail the constraints ({reasons}): loosen \
         `[constraints]` or widen `[space]`"
    )]
    EmptySpace {
        /// Candidates enumerated.
        enumerated: u64,
        /// Candidates that fail.
        filtered: u64,
        /// By which constraint.
        reasons: String,
    },
    /// The budget does not cover the smallest start.
    #[error("the budget is too small: {0}")]
    TooSmall(String),
    /// A calculation that everything depends on failed.
    #[error("{what} failed, and every candidate needs it: {failure}")]
    Reference {
        /// Which.
        what: String,
        /// Why.
        failure: Failure,
    },
    /// The engine broke down in a way that is no molecule's fault.
    #[error("calculations cannot go on: {0}. What is finished is safe; mend this and run again")]
    World(Failure),
    /// The folder of the archive cannot be made.
    #[error(
        "the folder {} cannot be made: {source}; move away what is in its place, or allow writing there",
        path.display()
    )]
    MakeFolder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The event log says something that this program did not write.
    #[error(
        "the event log of campaign `{name}` is not as written by Joulery ({detail}): this is our bug, or the archive was changed by hand"
    )]
    Log {
        /// The campaign.
        name: String,
        /// What was found.
        detail: String,
    },
    #[allow(missing_docs)]
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[allow(missing_docs)]
    #[error(transparent)]
    Method(#[from] LadderError),
    #[allow(missing_docs)]
    #[error(transparent)]
    Space(#[from] SpaceError),
    #[allow(missing_docs)]
    #[error(transparent)]
    Decide(#[from] DecideError),
    #[allow(missing_docs)]
    #[error(transparent)]
    Learn(#[from] LearnError),
    #[allow(missing_docs)]
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[allow(missing_docs)]
    #[error(transparent)]
    Feature(#[from] FeatureError),
}

impl CampaignError {
    /// Whether the user's input is wrong (exit code 2), rather than the world or Joulery.
    pub fn is_input(&self) -> bool {
        use CampaignError as E;
        match self {
            E::ReadSpec { .. }
            | E::Spec { .. }
            | E::NoSuchProperty { .. }
            | E::SpecChanged { .. }
            | E::NotRun { .. }
            | E::EmptySpace { .. }
            | E::TooSmall(_)
            | E::Method(_)
            | E::Space(_) => true,
            E::Decide(e) => !matches!(e, DecideError::LengthMismatch { .. } | DecideError::BadStep { .. }),
            E::Archive(e) => matches!(
                e,
                ArchiveError::Newer { .. } | ArchiveError::NotAnArchive { .. } | ArchiveError::Missing { .. }
            ),
            _ => false,
        }
    }
}
