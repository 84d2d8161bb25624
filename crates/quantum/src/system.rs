//! What is calculated: atoms in space with a charge and a number of unpaired electrons.

use crate::error::QuantumError;

/// Atoms with total charge and number of unpaired electrons.
#[derive(Clone, Debug, PartialEq)]
pub struct System {
    /// Atomic numbers, shape `[n_atoms]`.
    pub numbers: Vec<u8>,
    /// Positions in bohr, shape `[n_atoms][3]`.
    pub positions: Vec<[f64; 3]>,
    /// Total charge in e.
    pub charge: i32,
    /// Number of unpaired electrons.
    pub unpaired: u32,
}

/// Atoms closer than this (bohr) are taken for an error in the input.
const COINCIDENT: f64 = 0.1;

impl System {
    /// Checks elements, coordinates and distances; the electron count is checked where the valence is known.
    ///
    /// # Errors
    /// The first thing that is wrong, with the atoms named (counted from 1).
    pub fn check(&self) -> Result<(), QuantumError> {
        if self.numbers.is_empty() {
            return Err(QuantumError::NoAtoms);
        }
        if self.numbers.len() != self.positions.len() {
            return Err(QuantumError::Lengths { numbers: self.numbers.len(), positions: self.positions.len() });
        }
        for (atom, (&number, position)) in self.numbers.iter().zip(&self.positions).enumerate() {
            if crate::parameters::element(number).is_none() {
                return Err(QuantumError::Element { atom: atom + 1, number });
            }
            if let Some(&value) = position.iter().find(|x| !x.is_finite()) {
                return Err(QuantumError::Coordinate { atom: atom + 1, value });
            }
        }
        for (i, a) in self.positions.iter().enumerate() {
            for (j, b) in self.positions[..i].iter().enumerate() {
                let square: f64 = (0..3).map(|k| (a[k] - b[k]).powi(2)).sum();
                if square < COINCIDENT * COINCIDENT {
                    return Err(QuantumError::Coincident { first: j + 1, second: i + 1, distance: square.sqrt() });
                }
            }
        }
        Ok(())
    }
}
