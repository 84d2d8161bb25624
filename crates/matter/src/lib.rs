//! Elements, units, molecules, files and identity: what a candidate is.
//!
//! ```
//! use matter::{EmbedOptions, Molecule};
//!
//! let quinone = Molecule::from_smiles("O=C1C=CC(=O)C=C1")?;
//! let graph = quinone.graph().expect("read from SMILES");
//! assert_eq!(graph.canonical_smiles(), "O=C1C=CC(=O)C=C1");
//! assert_eq!(graph.hydroquinone()?.canonical_smiles(), "Oc1ccc(O)cc1");
//! assert_eq!(graph.embed(&EmbedOptions::default())?.geometry.len(), 12);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod chem;
mod element;
mod element_table;
pub mod files;
mod formula;
mod geometry;
mod identity;
mod molecule;
pub mod units;

pub use chem::{EmbedError, EmbedOptions, Embedding, ForceField, Graph, GraphError, Smarts, SmartsError};
pub use element::Element;
pub use formula::Formula;
pub use geometry::{BOND_TOLERANCE, Geometry, GeometryError, rotate};
pub use identity::StructureId;
pub use molecule::{Molecule, MoleculeError};
