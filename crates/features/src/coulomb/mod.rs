//! The Coulomb matrix and its eigenvalues.
//!
//! Rupp, Tkatchenko, Mueller and von Lilienfeld, Phys. Rev. Lett. 108, 058301
//! (2012), eq. 1: M_ii = 0.5 Z_i^2.4 and M_ij = Z_i Z_j / |R_i - R_j|, here in
//! e^2/angstrom as qmllib and dscribe have it.

mod eigenvalues;
mod spectrum;

pub use spectrum::{CoulombEigenvalues, EigenvalueOrder};

use crate::{FeatureError, FeatureId, GlobalFeatures, Unfit};
use matter::{Element, Geometry};

/// How a sorted Coulomb matrix becomes a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Packing {
    /// The lower triangle with the diagonal, row after row: size (size + 1) / 2
    /// numbers, as qmllib 1.2.0 has it with `sorting="row-norm"`.
    #[default]
    Triangle,
    /// The whole matrix, row after row: size x size numbers, as dscribe 2.1.2
    /// has it with `permutation="sorted_l2"`.
    Square,
}

/// The Coulomb matrix with its atoms sorted by the norms of their rows, the
/// largest first, padded with zeros to `size` atoms.
///
/// Sorting is what makes it independent of the order of the atoms, except
/// among atoms with equal norms (those a symmetry exchanges), which stay in
/// the order of the input: use [`CoulombEigenvalues`] where that matters.
#[derive(Debug, Clone, PartialEq)]
pub struct CoulombMatrix {
    size: usize,
    packing: Packing,
    charges: Charges,
}

impl CoulombMatrix {
    /// Rows for molecules of up to `size` atoms.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] if `size` is 0.
    pub fn new(size: usize, packing: Packing) -> Result<Self, FeatureError> {
        Ok(Self { size: checked(size)?, packing, charges: Charges::new() })
    }

    /// Rows for molecules as large as the largest of `geometries`.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] if there are none.
    pub fn fitting(geometries: &[Geometry], packing: Packing) -> Result<Self, FeatureError> {
        Self::new(most_atoms(geometries), packing)
    }
}

impl GlobalFeatures for CoulombMatrix {
    fn id(&self) -> FeatureId {
        let packing = match self.packing {
            Packing::Triangle => "triangle",
            Packing::Square => "square",
        };
        FeatureId::new(format!("coulomb-matrix:row-norm:{packing}:size{}", self.size))
    }

    fn columns(&self) -> usize {
        match self.packing {
            Packing::Triangle => self.size * (self.size + 1) / 2,
            Packing::Square => self.size * self.size,
        }
    }

    fn fill(&self, geometry: &Geometry, row: &mut [f64]) -> Result<(), Unfit> {
        let atoms = fits(geometry, self.size)?;
        let matrix = self.charges.matrix(geometry);
        let square = |i: usize| {
            // The diagonal last: qmllib adds in this order, and which of two
            // atoms related by symmetry is first is a matter of rounding.
            let row = matrix[i * atoms..(i + 1) * atoms].iter().enumerate();
            let others: f64 = row.filter(|(j, _)| *j != i).map(|(_, x)| x * x).sum();
            others + matrix[i * atoms + i].powi(2)
        };
        // The two programs break exact ties in opposite ways.
        let mut order: Vec<(f64, usize)> = match self.packing {
            Packing::Triangle => (0..atoms).rev().map(|i| (square(i), i)).collect(),
            Packing::Square => (0..atoms).map(|i| (square(i).sqrt(), i)).collect(),
        };
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut start = 0;
        for (place, &(_, i)) in order.iter().enumerate() {
            let (taken, next) = match self.packing {
                Packing::Triangle => (place + 1, start + place + 1),
                Packing::Square => (atoms, start + self.size),
            };
            let values = order[..taken].iter().map(|&(_, j)| matrix[i * atoms + j]);
            row[start..].iter_mut().zip(values).for_each(|(to, value)| *to = value);
            start = next;
        }
        Ok(())
    }
}

/// 0.5 Z^2.4 by atomic number: a power is dearer than the rest of a row.
#[derive(Debug, Clone, PartialEq)]
struct Charges(Vec<f64>);

impl Charges {
    fn new() -> Self {
        let elements = (1..).map_while(Element::from_number);
        Self(elements.map(|element| 0.5 * f64::from(element.number()).powf(2.4)).collect())
    }

    /// The unsorted Coulomb matrix, row after row.
    fn matrix(&self, geometry: &Geometry) -> Vec<f64> {
        let (elements, positions) = (geometry.elements(), geometry.positions());
        let atoms = geometry.len();
        let mut matrix = vec![0.0; atoms * atoms];
        for i in 0..atoms {
            let charge = f64::from(elements[i].number());
            for j in 0..i {
                let (a, b) = (positions[i], positions[j]);
                let square = (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2) + (a[2] - b[2]).powi(2);
                matrix[i * atoms + j] = charge * f64::from(elements[j].number()) / square.sqrt();
            }
            matrix[i * atoms + i] = self.0[usize::from(elements[i].number()) - 1];
        }
        for i in 0..atoms {
            for j in 0..i {
                matrix[j * atoms + i] = matrix[i * atoms + j];
            }
        }
        matrix
    }
}

fn most_atoms(geometries: &[Geometry]) -> usize {
    geometries.iter().map(Geometry::len).max().unwrap_or(0)
}

fn checked(size: usize) -> Result<usize, FeatureError> {
    if size > 0 {
        return Ok(size);
    }
    Err(FeatureError::Setting { name: "size", value: "0".to_owned(), expected: "at least one atom" })
}

fn fits(geometry: &Geometry, size: usize) -> Result<usize, Unfit> {
    let atoms = geometry.len();
    if atoms <= size { Ok(atoms) } else { Err(Unfit::Size { atoms, size }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::geometric;

    const ELEMENTS: [Element; 4] = [Element::H, Element::C, Element::N, Element::O];

    fn water() -> Geometry {
        let positions = vec![[0.96, 0.0, 0.0], [0.0, 0.0, 0.0], [-0.24, 0.93, 0.0]];
        Geometry::new(vec![Element::H, Element::O, Element::H], positions).unwrap()
    }

    #[test]
    fn sorted_matrices_conform() {
        for packing in [Packing::Triangle, Packing::Square] {
            geometric::check_global(&CoulombMatrix::new(12, packing).unwrap(), &ELEMENTS).unwrap();
        }
    }

    #[test]
    fn water_is_sorted_and_padded() {
        let square = CoulombMatrix::new(4, Packing::Square).unwrap().compute(&[water()]).unwrap();
        let row = square.row(0);
        assert!((row[0] - 0.5 * 8_f64.powf(2.4)).abs() < 1e-12);
        assert_eq!((row[5], row[3], row[15]), (0.5, 0.0, 0.0));
        let packed =
            CoulombMatrix::fitting(&[water()], Packing::Triangle).unwrap().compute(&[water()]).unwrap();
        assert_eq!(packed.columns(), 6);
        assert_eq!(packed.row(0)[0], row[0]);
        assert!((packed.row(0)[1] - 8.0 / 0.96).abs() < 0.5);
    }

    #[test]
    fn a_molecule_that_is_too_large_is_named() {
        let matrix = CoulombMatrix::new(2, Packing::Triangle).unwrap();
        let error = matrix.compute(&[water()]).unwrap_err().to_string();
        assert!(error.contains("geometry 0") && error.contains("size 3"), "{error}");
        assert!(CoulombMatrix::fitting(&[], Packing::Triangle).is_err());
    }
}
