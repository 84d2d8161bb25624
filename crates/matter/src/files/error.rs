//! What can be wrong with a file of molecules.

use crate::chem::GraphError;
use crate::geometry::GeometryError;
use crate::molecule::MoleculeError;
use std::io;

/// A problem with the line where it was found.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct FileError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    #[source]
    pub problem: FileProblem,
    pub(super) ends_reading: bool,
}

impl FileError {
    pub(super) fn new(line: usize, problem: FileProblem) -> FileError {
        FileError { line, problem, ends_reading: false }
    }

    /// An error behind which no next record can be found.
    pub(super) fn last(line: usize, problem: FileProblem) -> FileError {
        FileError { line, problem, ends_reading: true }
    }

    /// Whether the reader gives nothing more after this error, because where the next record begins is not
    /// known or the stream cannot be read.
    pub fn ends_reading(&self) -> bool {
        self.ends_reading
    }
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileProblem {
    /// The stream cannot be read.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// Bytes that are no UTF-8.
    #[error("is no text (its bytes are not UTF-8)")]
    NotText,
    /// A line longer than any such file has.
    #[error("is longer than {limit} bytes: not a file of molecules")]
    LongLine {
        /// The limit.
        limit: usize,
    },
    /// The stream ends within a record.
    #[error("the file ends where {expected} was expected")]
    Truncated {
        /// What should have come.
        expected: String,
    },
    /// A field is not what it should be.
    #[error("{field}: found `{found}`, expected {expected}")]
    Field {
        /// Which field.
        field: String,
        /// Its text.
        found: String,
        /// What it should be.
        expected: String,
    },
    /// A field that must be there is not.
    #[error("{missing} is missing: {remedy}")]
    Missing {
        /// What is missing.
        missing: String,
        /// What to do.
        remedy: String,
    },
    /// Something that the format knows and this reader refuses.
    #[error("{what} is not supported: {remedy}")]
    Unsupported {
        /// What was found.
        what: String,
        /// What to do.
        remedy: String,
    },
    /// Two statements that contradict each other.
    #[error("{first} contradicts {second}: {remedy}")]
    Contradiction {
        /// One.
        first: String,
        /// The other.
        second: String,
        /// What to do.
        remedy: String,
    },
    /// Coordinates that no molecule has.
    #[error("{0}")]
    Geometry(#[from] GeometryError),
    /// A graph that no molecule has.
    #[error("{0}")]
    Graph(#[from] GraphError),
    /// Charge and spin that do not fit the atoms.
    #[error("{source}{remedy}")]
    Molecule {
        /// What does not fit.
        source: MoleculeError,
        /// What to do, with its punctuation; empty where the message says it.
        remedy: &'static str,
    },
}

impl FileProblem {
    pub(super) fn field(
        field: impl Into<String>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> FileProblem {
        // What was found may be a whole file in one line.
        let mut found: String = found.into();
        if let Some((cut, _)) = found.char_indices().nth(60) {
            found.truncate(cut);
            found.push('…');
        }
        FileProblem::Field { field: field.into(), found, expected: expected.into() }
    }
}
