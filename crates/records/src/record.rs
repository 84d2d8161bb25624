//! One record.

use crate::error::{Problem, shortened};
use matter::chem::{Graph, GraphError};
use matter::files::Column;
use matter::{Molecule, MoleculeError};

/// A structure with what its file says about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Index of its file in the stream, from 0.
    pub file: usize,
    /// Index of the record in its file, from 0; records that cannot be read count.
    pub row: u64,
    /// Line where it begins, from 1; `None` in a binary file.
    pub line: Option<u64>,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The structure.
    pub structure: Structure,
    /// The numbers asked for, in the order of [`crate::Columns::numbers`]; all finite, `None` where missing.
    pub numbers: Vec<Option<f64>>,
    /// The texts asked for, in the order of [`crate::Columns::texts`]; `None` where missing or empty.
    pub texts: Vec<Option<String>>,
    /// Values per atom of an extended XYZ frame (forces, charges); none in other formats.
    pub per_atom: Vec<Column>,
}

/// A structure as its file gives it.
#[derive(Clone, Debug, PartialEq)]
pub enum Structure {
    /// SMILES, not parsed yet: parsing takes far longer than reading, and can be done by many threads.
    Smiles(String),
    /// A molecule with a graph (SDF), a geometry (XYZ), or both.
    Molecule(Box<Molecule>),
    /// A formula or composition, not parsed.
    Formula(String),
}

/// Why a structure is no molecule with a graph.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StructureError {
    /// The SMILES cannot be parsed.
    #[error(transparent)]
    Molecule(#[from] MoleculeError),
    /// The SMILES gives no graph.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// A formula, where a molecule is needed.
    #[error("`{formula}` is a formula: a molecule (SMILES, SDF or XYZ) is needed")]
    OnlyFormula {
        /// The formula.
        formula: String,
    },
    /// A geometry, where bonds are needed.
    #[error("{label} has a geometry but no bonds: give SMILES or SDF")]
    NoBonds {
        /// Its formula.
        label: String,
    },
}

impl Structure {
    /// The molecule: SMILES are parsed.
    ///
    /// # Errors
    /// SMILES that are no molecule; a formula.
    pub fn molecule(&self) -> Result<Molecule, StructureError> {
        match self {
            Structure::Smiles(smiles) => Ok(Molecule::from_smiles(smiles)?),
            Structure::Molecule(molecule) => Ok(molecule.as_ref().clone()),
            Structure::Formula(formula) => Err(StructureError::OnlyFormula { formula: shortened(formula) }),
        }
    }

    /// The molecular graph: SMILES are parsed. Cheaper than [`Structure::molecule`], which also checks electrons.
    ///
    /// # Errors
    /// SMILES that give no graph; a formula; a geometry without bonds.
    pub fn graph(&self) -> Result<Graph, StructureError> {
        match self {
            Structure::Smiles(smiles) => Ok(Graph::from_smiles(smiles)?),
            Structure::Molecule(molecule) => {
                molecule.graph().cloned().ok_or_else(|| StructureError::NoBonds { label: molecule.label() })
            }
            Structure::Formula(formula) => Err(StructureError::OnlyFormula { formula: shortened(formula) }),
        }
    }

    /// What people call it: the text of the file, or the canonical SMILES or formula of a molecule.
    pub fn label(&self) -> String {
        match self {
            Structure::Smiles(text) | Structure::Formula(text) => text.clone(),
            Structure::Molecule(molecule) => molecule.label(),
        }
    }
}

/// A number in text: nothing is missing, and what is no finite number is an error.
pub(crate) fn number(column: &str, text: &str) -> Result<Option<f64>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<f64>() {
        Ok(x) if x.is_finite() => Ok(Some(x)),
        _ => Err(Problem::Number { column: column.to_owned(), found: shortened(text) }),
    }
}

/// A text, or nothing.
pub(crate) fn text(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
