//! What can be wrong with a space.

use matter::chem::AttachmentError;
use matter::{GraphError, MoleculeError};
use std::io;
use std::path::PathBuf;

/// Why a space gives no candidates.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpaceError {
    /// A list of the specification is empty.
    #[error("the space has no `{field}`: give at least one `[[space.{field}]]`")]
    Empty {
        /// The field.
        field: &'static str,
    },
    /// Two entries of a list have one name.
    #[error("two entries of `space.{field}` are named `{name}`: give each a name of its own")]
    SameName {
        /// The field.
        field: &'static str,
        /// The name.
        name: String,
    },
    /// Two substituents are one group.
    #[error("the substituents `{first}` and `{second}` are the same group `{smiles}`: leave one out")]
    SameSubstituent {
        /// Name of the first.
        first: String,
        /// Name of the second.
        second: String,
        /// What both are.
        smiles: String,
    },
    /// A core or a substituent cannot be read.
    #[error("`space.{field}` named `{name}`: {source}")]
    Attachment {
        /// The field.
        field: &'static str,
        /// Name of the entry.
        name: String,
        /// What is wrong.
        source: AttachmentError,
    },
    /// A core and substituents make no possible molecule.
    #[error(
        "core and substituents `{parts}` make no possible molecule: {source}; \
         check the valences of the core at its attachment points"
    )]
    Product {
        /// Core, points and substituents.
        parts: String,
        /// What is wrong.
        source: GraphError,
    },
    /// A molecule has an impossible charge or spin.
    #[error("`{origin}`: {source}")]
    Molecule {
        /// Where it comes from.
        origin: String,
        /// What is wrong.
        source: MoleculeError,
    },
    /// A library file cannot be opened.
    #[error("the library `{file}` cannot be opened: {source}; paths are relative to the campaign file", file = file.display())]
    Open {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The ending of a library file tells no format.
    #[error(
        "the format of the library `{file}` is not known: set `space.format` to \"smiles\", \"csv\" or \"sdf\"",
        file = file.display()
    )]
    UnknownFormat {
        /// The file.
        file: PathBuf,
    },
    /// A setting for CSV with a file that is none.
    #[error("`space.{field}` is for CSV, and `{file}` is not CSV: leave it out", file = file.display())]
    OnlyCsv {
        /// The setting.
        field: &'static str,
        /// The file.
        file: PathBuf,
    },
    /// A CSV library without the name of its SMILES column.
    #[error("which column of `{file}` holds SMILES? Name it in `space.column`", file = file.display())]
    ColumnNeeded {
        /// The file.
        file: PathBuf,
    },
    /// A column that the file does not have.
    #[error("`{file}` has no column `{column}` (`space.{field}`): its columns are {found}", file = file.display())]
    NoColumn {
        /// The file.
        file: PathBuf,
        /// The setting that names the column.
        field: &'static str,
        /// The column.
        column: String,
        /// The columns there are.
        found: String,
    },
    /// A record of a library cannot be read.
    #[error("{file}:{line}: {reason}{remedy}", file = file.display())]
    Record {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
        /// What to do, with its punctuation; empty if the reason says it.
        remedy: &'static str,
    },
}
