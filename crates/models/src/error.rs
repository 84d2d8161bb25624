use crate::{StructureKind, class};
use features::FeatureError;
use learn::LearnError;
use std::io;
use std::path::PathBuf;

/// Why a model could not be trained, saved, loaded or asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// Nothing to learn from.
    #[error("{place}: no structure has a label of `{property}`: {found}")]
    NoLabels {
        /// The data set.
        place: String,
        /// The property asked for.
        property: String,
        /// What was found instead.
        found: String,
    },
    /// Too few labels to say what a model is worth.
    #[error(
        "{labels} labelled structures are too few: a model needs at least {needed} to be trained and judged; \
         label more structures"
    )]
    TooFewLabels {
        /// Structures with a label.
        labels: usize,
        /// Needed.
        needed: usize,
    },
    /// Too few labels of one of several levels.
    #[error(
        "`{level}` has {labels} labels, and every level needs at least {needed}: label more structures, or leave the \
         level out"
    )]
    TooFewOfLevel {
        /// Its name.
        level: String,
        /// Its labels.
        labels: usize,
        /// Needed.
        needed: usize,
    },
    /// More labels of several levels than are learnt together.
    #[error(
        "{labels} labels of all levels together are more than the {most} that are learnt at a time: give fewer of the \
         cheapest level, or take --low with a value for every structure"
    )]
    TooManyLabels {
        /// Found.
        labels: usize,
        /// At most.
        most: usize,
    },
    /// A label that is no finite number.
    #[error(
        "{place}: the label of `{property}` is {value}: expected a finite number; leave the row out or correct it"
    )]
    BadLabel {
        /// File and line.
        place: String,
        /// The property.
        property: String,
        /// What was found.
        value: f64,
    },
    /// A label that is no class.
    #[error(
        "{place}: the label of `{property}` is `{value}`, and classes are 1 or 0, true or false, yes or no: correct it, \
         leave such rows out with --skip-bad, or learn it as a number (without --classify, with --unit)"
    )]
    BadClass {
        /// File and line.
        place: String,
        /// The property.
        property: String,
        /// What was found.
        value: String,
    },
    /// What only numbers have.
    #[error("{asked} does not go with classes: {why}")]
    NotOfClass {
        /// What was asked for.
        asked: String,
        /// Why it cannot be.
        why: String,
    },
    /// What cannot keep to constraints.
    #[error("{asked} does not go with --increasing and --decreasing: {why}")]
    NotConstrained {
        /// What was asked for.
        asked: String,
        /// Why it cannot be.
        why: String,
    },
    /// A feature that the representation does not have.
    #[error("there is no feature `{feature}`: its names most like it are {nearest}")]
    NoFeature {
        /// What was asked for.
        feature: String,
        /// Names that may be meant.
        nearest: String,
    },
    /// Labels of one class only.
    #[error(
        "all {labels} labels of `{property}` are `{class}`: there is nothing to tell apart; give structures of the \
         other class too"
    )]
    OneClass {
        /// The property.
        property: String,
        /// Labels, each structure counted once.
        labels: usize,
        /// The class of all.
        class: &'static str,
    },
    /// Too few labels of a class.
    #[error(
        "only {labels} labels of `{property}` are `{class}`: a class needs at least {needed} to be learnt and judged; \
         label more structures that are expected to be `{class}`"
    )]
    FewOfClass {
        /// The property.
        property: String,
        /// Labels of the class, each structure counted once.
        labels: usize,
        /// The class.
        class: &'static str,
        /// Needed.
        needed: usize,
    },
    /// A value of the cheaper method is missing.
    #[error(
        "{place}: `{column}` has no value, and the model needs it beside `{property}`: compute it or leave the row out"
    )]
    MissingLow {
        /// File and line.
        place: String,
        /// The column of the cheaper method.
        column: String,
        /// The property.
        property: String,
    },
    /// Labels that differ for one structure.
    #[error(
        "{structures} structures have different labels on different rows, the first at {first} and {second} \
         ({one} and {two}): correct them, or state what is right with --duplicates mean or --duplicates first"
    )]
    Conflicts {
        /// Structures with conflicting labels.
        structures: usize,
        /// Where the first of them was met.
        first: String,
        /// Where it was met again.
        second: String,
        /// The first label.
        one: f64,
        /// The second.
        two: f64,
    },
    /// Structures of another kind than the representation describes.
    #[error("{found} were given where {expected} are needed: {}", way_out(*expected))]
    WrongStructures {
        /// What the representation describes.
        expected: StructureKind,
        /// What was given.
        found: StructureKind,
    },
    /// The wish cannot be met with this data.
    #[error("{asked} does not fit the data: {why}")]
    Choice {
        /// What was asked for.
        asked: String,
        /// Why it cannot be.
        why: String,
    },
    /// The user stopped the work.
    #[error("stopped: no model was written")]
    Stopped,
    /// A file of the operating system.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file that is no model of this program.
    #[error("{}: {why}: expected a model written by `joulery train`", path.display())]
    NotAModel {
        /// The file.
        path: PathBuf,
        /// What was found.
        why: String,
    },
    /// A model of a newer program.
    #[error(
        "{}: written in model format {found}, and this program reads format {known}: use the version of joulery \
         that wrote it ({by}), or train again", path.display()
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// Format of the file.
        found: u32,
        /// Format of this program.
        known: u32,
        /// The program that wrote it.
        by: String,
    },
    /// What was computed from the file is not what was saved.
    #[error(
        "{}: its training structures are described as `{found}` by this version of joulery, but the model was trained \
         with `{expected}`: train again", path.display()
    )]
    OtherFeatures {
        /// The file.
        path: PathBuf,
        /// Features of the model.
        expected: String,
        /// Features now.
        found: String,
    },
    /// A model of something else than the caller takes it for.
    #[error(
        "{}: a model whose {what} is `{found}`, and `{expected}` is expected: take the right model, or leave --{what} out \
         if `{found}` is what you want", path.display()
    )]
    OtherModel {
        /// The file.
        path: PathBuf,
        /// Property, unit or level.
        what: &'static str,
        /// What the caller said.
        expected: String,
        /// What the card says.
        found: String,
    },
    /// A representation has no numbers for a structure.
    #[error(transparent)]
    Features(#[from] FeatureError),
    /// A model could not be fitted or asked.
    #[error(transparent)]
    Learn(#[from] LearnError),
    /// Data files that cannot be read.
    #[error(transparent)]
    Records(Box<records::RecordsError>),
    /// A row that cannot be read.
    #[error("{0}; correct it, or leave such rows out with --skip-bad")]
    Record(Box<records::RecordError>),
    /// A row whose number is a word that a class may have.
    #[error("{0}; if it is a class, train with --classify (and without --unit)")]
    RecordOfClass(Box<records::RecordError>),
    /// A row whose structure is none.
    #[error("{place}: {reason}; correct it, or leave such rows out with --skip-bad")]
    Row {
        /// File and line.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// A bug in this crate.
    #[error("internal error in `models`: {what}; please report it")]
    Internal {
        /// What should not have happened.
        what: &'static str,
    },
}

impl From<records::RecordError> for ModelError {
    fn from(error: records::RecordError) -> Self {
        match &error.problem {
            records::Problem::Number { found, .. } if class::label(found).is_some() => {
                ModelError::RecordOfClass(Box::new(error))
            }
            _ => ModelError::Record(Box::new(error)),
        }
    }
}

impl From<records::RecordsError> for ModelError {
    fn from(error: records::RecordsError) -> Self {
        ModelError::Records(Box::new(error))
    }
}

fn way_out(expected: StructureKind) -> &'static str {
    match expected {
        StructureKind::Graph => "give a column or a file of SMILES",
        StructureKind::Formula => "give a column of formulas (`formula`, `composition`)",
        StructureKind::Geometry => {
            "give extended XYZ or SDF with positions of the kind the model was trained on \
             (`joulery compute FILE --relax` makes relaxed ones)"
        }
    }
}

impl ModelError {
    /// Whether the caller's input is wrong, and not the world or this crate.
    pub fn is_input(&self) -> bool {
        !matches!(
            self,
            ModelError::File { .. }
                | ModelError::Internal { .. }
                | ModelError::Stopped
                | ModelError::Learn(LearnError::Internal { .. })
        )
    }
}
