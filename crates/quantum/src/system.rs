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
        for (atom, &number) in self.numbers.iter().enumerate() {
            if crate::parameters::element(number).is_none() {
                return Err(QuantumError::Element { atom: atom + 1, number });
            }
        }
        System::check_positions(&self.numbers, &self.positions)
    }

    /// Checks that positions are finite, one per atom, and no two at one place.
    pub(crate) fn check_positions(numbers: &[u8], positions: &[[f64; 3]]) -> Result<(), QuantumError> {
        if numbers.len() != positions.len() {
            return Err(QuantumError::Lengths { numbers: numbers.len(), positions: positions.len() });
        }
        for (i, a) in positions.iter().enumerate() {
            if let Some(&value) = a.iter().find(|x| !x.is_finite()) {
                return Err(QuantumError::Coordinate { atom: i + 1, value });
            }
            for (j, b) in positions[..i].iter().enumerate() {
                let square: f64 = (0..3).map(|k| (a[k] - b[k]).powi(2)).sum();
                if square < COINCIDENT * COINCIDENT {
                    let distance = square.sqrt();
                    return Err(QuantumError::Coincident { first: j + 1, second: i + 1, distance });
                }
            }
        }
        Ok(())
    }
}
