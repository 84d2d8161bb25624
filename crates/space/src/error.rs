//! What can be wrong with a space.

use matter::chem::AttachmentError;
use matter::{GraphError, MoleculeError};

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
}
