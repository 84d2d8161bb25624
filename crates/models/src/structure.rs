//! What a model is told about a structure.

use features::Composition;
use matter::{Element, Geometry, Graph, Molecule};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// A structure as a model sees it.
#[derive(Debug, Clone)]
pub enum Structure {
    /// A molecule as a graph (from SMILES).
    Graph(Box<Graph>),
    /// A molecule as positions of atoms.
    Geometry(Geometry),
    /// A material as amounts of elements.
    Formula(Composition),
}

/// Which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StructureKind {
    /// Molecular graphs.
    Graph,
    /// Geometries.
    Geometry,
    /// Formulas.
    Formula,
}

impl fmt::Display for StructureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            StructureKind::Graph => "SMILES",
            StructureKind::Geometry => "geometries",
            StructureKind::Formula => "formulas",
        })
    }
}

impl Structure {
    /// Which kind of structure it is.
    pub fn kind(&self) -> StructureKind {
        match self {
            Structure::Graph(_) => StructureKind::Graph,
            Structure::Geometry(_) => StructureKind::Geometry,
            Structure::Formula(_) => StructureKind::Formula,
        }
    }

    /// The atomic number of each atom, hydrogens included; of a formula, whose
    /// amounts are relative, one of each element.
    ///
    /// # Errors
    /// What the chemistry layer says of a graph that it cannot count.
    pub fn atomic_numbers(&self) -> Result<Vec<u8>, String> {
        match self {
            Structure::Graph(graph) => {
                let formula = graph.formula().map_err(|error| error.to_string())?;
                let each = |(element, n): (Element, u32)| std::iter::repeat_n(element.number(), n as usize);
                Ok(formula.iter().flat_map(each).collect())
            }
            Structure::Geometry(geometry) => Ok(geometry.elements().iter().map(|e| e.number()).collect()),
            Structure::Formula(formula) => Ok(formula.fractions().map(|(number, _)| number).collect()),
        }
    }

    /// What two equal structures have in common: canonical SMILES, elements and
    /// positions to 1e-6 angstrom, or fractions of elements to 1e-6.
    pub fn key(&self) -> String {
        match self {
            Structure::Graph(graph) => graph.canonical_smiles().to_owned(),
            Structure::Formula(formula) => {
                formula.fractions().map(|(z, x)| format!("{z}:{} ", (x * 1e6).round() as i64)).collect()
            }
            Structure::Geometry(geometry) => match Molecule::from_geometry(geometry.clone(), 0, 0) {
                Ok(molecule) => molecule.id().to_string(),
                // An odd number of electrons has no closed shell; the state does not matter here.
                Err(_) => Molecule::from_geometry(geometry.clone(), 0, 1)
                    .map_or_else(|_| format!("{geometry:?}"), |molecule| molecule.id().to_string()),
            },
        }
    }
}

/// The elements of some atoms.
pub(crate) fn symbols(numbers: &BTreeSet<u8>) -> Vec<String> {
    let named = |z: &u8| Element::from_number(u32::from(*z)).map(|e| e.symbol().to_owned());
    numbers.iter().filter_map(named).collect()
}
