use learn::LearnError;
use matter::SmartsError;

/// Why nothing could be decided.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DecideError {
    /// A number of the campaign file is not usable.
    #[error("`{field}` is {found}: expected {expected}")]
    BadSetting {
        /// Field of the campaign file, e.g. `objective.goal.target`.
        field: &'static str,
        /// Value found.
        found: f64,
        /// Values allowed.
        expected: &'static str,
    },
    /// The lower bound is above the upper one.
    #[error(
        "`{field}` goes from {low} down to {high}: the lower bound must not be above the upper one; swap them"
    )]
    EmptyRange {
        /// Field of the campaign file.
        field: &'static str,
        /// Lower bound found.
        low: f64,
        /// Upper bound found.
        high: f64,
    },
    /// A text of the campaign file that must not be empty is.
    #[error("`{field}` is empty: expected {expected}")]
    Empty {
        /// Field of the campaign file.
        field: &'static str,
        /// What is expected.
        expected: &'static str,
    },
    /// A symbol that is no element from H to Rn.
    #[error(
        "`constraints.elements` names `{found}`, which is no element from H to Rn{}",
        crate::suggest::did_you_mean(.nearest.as_deref())
    )]
    UnknownElement {
        /// Text found.
        found: String,
        /// The symbol most like it.
        nearest: Option<String>,
    },
    /// A pattern that cannot be read.
    #[error("`{field}`: {source}")]
    Smarts {
        /// Field of the campaign file.
        field: &'static str,
        /// What the chemistry layer says.
        source: SmartsError,
    },
    /// No acquisition has this name.
    #[error(
        "there is no acquisition `{found}`{}; known: {known}",
        crate::suggest::did_you_mean(.nearest.as_deref())
    )]
    UnknownAcquisition {
        /// Name found.
        found: String,
        /// The known name most like it.
        nearest: Option<String>,
        /// All known names, separated by commas.
        known: String,
    },
    /// A number of a candidate cannot be computed with.
    #[error("candidate {id}: its {field} is {found}, expected {expected}; leave this candidate out")]
    BadStep {
        /// Identity of the structure.
        id: String,
        /// Which number.
        field: &'static str,
        /// Value found.
        found: f64,
        /// Values allowed.
        expected: &'static str,
    },
    /// Two lists that belong together have different lengths.
    #[error("{what}: found {found}, expected {expected}")]
    LengthMismatch {
        /// Which lists.
        what: &'static str,
        /// Length found.
        found: usize,
        /// Length expected.
        expected: usize,
    },
    /// The surrogate could not be conditioned on a pick.
    #[error("the joint posterior of the candidates: {0}")]
    Surrogate(#[from] LearnError),
}
