//! One structure of an extended XYZ file.

use super::super::error::FileProblem;
use crate::geometry::Geometry;
use crate::molecule::Molecule;
use std::collections::BTreeMap;

/// One structure with what its file says about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Elements and positions.
    pub geometry: Geometry,
    /// Total charge in e, if stated.
    pub charge: Option<i32>,
    /// Number of unpaired electrons, if stated.
    pub unpaired: Option<u32>,
    /// The other keys of the comment line with their values as text; a key without value has the value `T`.
    pub info: BTreeMap<String, String>,
    /// A comment line that is no list of keys.
    pub comment: Option<String>,
    /// The columns besides elements and positions.
    pub columns: Vec<Column>,
    /// Line of the number of atoms, from 1; 0 for a frame not read from a file.
    pub line: usize,
}

/// A column (or several, under one name) of a value per atom.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name, e.g. `forces`.
    pub name: String,
    /// Values per atom.
    pub width: usize,
    /// The values, atom after atom: `n_atoms * width` of them.
    pub data: ColumnData,
}

/// Values of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnData {
    /// Type `R`.
    Real(Vec<f64>),
    /// Type `I`.
    Integer(Vec<i64>),
    /// Type `L`.
    Logical(Vec<bool>),
    /// Type `S`.
    Text(Vec<String>),
}

impl ColumnData {
    /// How many values there are.
    pub fn len(&self) -> usize {
        match self {
            ColumnData::Real(v) => v.len(),
            ColumnData::Integer(v) => v.len(),
            ColumnData::Logical(v) => v.len(),
            ColumnData::Text(v) => v.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The letter of the type.
    pub(super) fn letter(&self) -> char {
        match self {
            ColumnData::Real(_) => 'R',
            ColumnData::Integer(_) => 'I',
            ColumnData::Logical(_) => 'L',
            ColumnData::Text(_) => 'S',
        }
    }
}

impl Frame {
    /// A frame of a geometry alone.
    pub fn new(geometry: Geometry) -> Frame {
        Frame {
            geometry,
            charge: None,
            unpaired: None,
            info: BTreeMap::new(),
            comment: None,
            columns: Vec::new(),
            line: 0,
        }
    }

    /// A frame of the geometry, charge and spin of a molecule; `None` if it has no geometry.
    pub fn of(molecule: &Molecule) -> Option<Frame> {
        Some(Frame {
            charge: Some(molecule.charge()),
            unpaired: Some(molecule.unpaired()),
            ..Frame::new(molecule.geometry()?.clone())
        })
    }

    /// The molecule: charge 0 and no unpaired electrons unless stated.
    pub fn molecule(&self) -> Result<Molecule, FileProblem> {
        let (charge, unpaired) = (self.charge.unwrap_or(0), self.unpaired.unwrap_or(0));
        Molecule::from_geometry(self.geometry.clone(), charge, unpaired).map_err(|source| {
            FileProblem::Molecule {
                source,
                remedy: "; state `charge=` and `uhf=` (number of unpaired electrons) in the comment line",
            }
        })
    }

    /// A value of the comment line as a number, e.g. of `energy`.
    pub fn real(&self, key: &str) -> Option<f64> {
        self.info.get(key)?.trim().parse().ok()
    }
}
