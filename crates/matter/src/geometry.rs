//! Atoms in space.

use crate::element::Element;
use crate::units::BOHR_IN_ANGSTROM;
use std::collections::BTreeSet;

/// Largest ratio of a distance to the sum of covalent radii that still counts as a bond.
///
/// 1.3 keeps every ordinary single bond (the longest, S-S and C-I, stretch to about 1.15) and leaves out
/// strong hydrogen bonds (O-H...O at 1.5 angstrom is 1.55 times the sum of radii).
pub const BOND_TOLERANCE: f64 = 1.3;

/// Elements and Cartesian positions of all atoms of a molecule, hydrogens included.
#[derive(Clone, Debug, PartialEq)]
pub struct Geometry {
    elements: Vec<Element>,
    positions: Vec<[f64; 3]>,
}

/// Why a list of atoms is not a geometry.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GeometryError {
    /// The two lists differ in length.
    #[error("{elements} elements but {positions} positions: give one position per atom")]
    Length {
        /// Number of elements given.
        elements: usize,
        /// Number of positions given.
        positions: usize,
    },
    /// A coordinate is NaN or infinite.
    #[error("atom {atom} ({element}) has coordinate {value}: expected a finite number of angstrom")]
    NotFinite {
        /// Index of the atom, from 1.
        atom: usize,
        /// Its element.
        element: Element,
        /// What was found.
        value: f64,
    },
    /// Two atoms are at (almost) one place.
    #[error("atoms {first} and {second} are {distance:.4} angstrom apart: no molecule has atoms that close")]
    Coincident {
        /// Index of the first atom, from 1.
        first: usize,
        /// Index of the second atom, from 1.
        second: usize,
        /// Their distance in angstrom.
        distance: f64,
    },
    /// No atoms at all.
    #[error("the geometry has no atoms")]
    Empty,
}

/// Two atoms closer than this (angstrom) are refused as coincident.
const COINCIDENT: f64 = 0.1;

impl Geometry {
    /// Elements and positions in angstrom, shape `[n_atoms][3]`.
    pub fn new(elements: Vec<Element>, positions: Vec<[f64; 3]>) -> Result<Geometry, GeometryError> {
        if elements.len() != positions.len() {
            return Err(GeometryError::Length { elements: elements.len(), positions: positions.len() });
        }
        if elements.is_empty() {
            return Err(GeometryError::Empty);
        }
        for (i, p) in positions.iter().enumerate() {
            if let Some(&value) = p.iter().find(|x| !x.is_finite()) {
                return Err(GeometryError::NotFinite { atom: i + 1, element: elements[i], value });
            }
        }
        let geometry = Geometry { elements, positions };
        for j in 1..geometry.len() {
            for i in 0..j {
                let distance = geometry.distance(i, j);
                if distance < COINCIDENT {
                    return Err(GeometryError::Coincident { first: i + 1, second: j + 1, distance });
                }
            }
        }
        Ok(geometry)
    }

    /// Number of atoms.
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// Whether there is no atom (never true for a constructed geometry).
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// Elements, one per atom.
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// Positions in angstrom, shape `[n_atoms][3]`.
    pub fn positions(&self) -> &[[f64; 3]] {
        &self.positions
    }

    /// Positions in bohr, shape `[n_atoms][3]`.
    pub fn positions_bohr(&self) -> Vec<[f64; 3]> {
        self.positions.iter().map(|p| p.map(|x| x / BOHR_IN_ANGSTROM)).collect()
    }

    /// The same atoms at other positions (angstrom).
    pub fn with_positions(&self, positions: Vec<[f64; 3]>) -> Result<Geometry, GeometryError> {
        Geometry::new(self.elements.clone(), positions)
    }

    /// Every position multiplied from the left by `rotation` (row-major 3x3): `r' = R r`.
    pub fn rotated(&self, rotation: &[[f64; 3]; 3]) -> Geometry {
        let positions = self.positions.iter().map(|p| rotate(rotation, *p)).collect();
        Geometry { elements: self.elements.clone(), positions }
    }

    /// Distance of atoms `i` and `j` in angstrom.
    pub fn distance(&self, i: usize, j: usize) -> f64 {
        let (a, b) = (self.positions[i], self.positions[j]);
        ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2) + (a[2] - b[2]).powi(2)).sqrt()
    }

    /// Pairs `(i, j)`, `i < j`, closer than [`BOND_TOLERANCE`] times the sum of their covalent radii.
    pub fn bonded_pairs(&self) -> BTreeSet<(usize, usize)> {
        let mut pairs = BTreeSet::new();
        for j in 1..self.len() {
            for i in 0..j {
                let reach = self.elements[i].covalent_radius() + self.elements[j].covalent_radius();
                if self.distance(i, j) < BOND_TOLERANCE * reach {
                    pairs.insert((i, j));
                }
            }
        }
        pairs
    }
}

/// `R v` for a row-major 3x3 matrix.
pub fn rotate(rotation: &[[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    rotation.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn water() -> Geometry {
        Geometry::new(
            vec![Element::O, Element::H, Element::H],
            vec![[0.0, 0.0, 0.0], [0.96, 0.0, 0.0], [-0.24, 0.93, 0.0]],
        )
        .unwrap()
    }

    #[test]
    fn bonds_of_water_are_found() {
        assert_eq!(water().bonded_pairs(), BTreeSet::from([(0, 1), (0, 2)]));
    }

    #[test]
    fn impossible_geometries_are_named() {
        let two = vec![Element::H, Element::H];
        let nan = Geometry::new(two.clone(), vec![[0.0; 3], [0.0, f64::NAN, 0.0]]).unwrap_err();
        assert!(nan.to_string().starts_with("atom 2 (H) has coordinate NaN"));
        let close = Geometry::new(two.clone(), vec![[0.0; 3], [0.0, 0.0, 0.01]]).unwrap_err();
        assert!(matches!(close, GeometryError::Coincident { first: 1, second: 2, .. }));
        assert!(matches!(Geometry::new(two, vec![[0.0; 3]]), Err(GeometryError::Length { .. })));
        assert_eq!(Geometry::new(vec![], vec![]), Err(GeometryError::Empty));
    }
}
