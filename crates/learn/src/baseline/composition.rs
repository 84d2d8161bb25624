use crate::table::Table;
use crate::{LearnError, LocalRows};
use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::{Mat, Par};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many atoms of which element each structure has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Composition {
    rows: Vec<BTreeMap<u8, u32>>,
}

impl Composition {
    /// From the atomic numbers of each structure's atoms.
    pub fn new<'a>(structures: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let count = |elements: &[u8]| {
            let mut row = BTreeMap::new();
            elements.iter().for_each(|&z| *row.entry(z).or_default() += 1);
            row
        };
        Self { rows: structures.into_iter().map(count).collect() }
    }

    /// That of the structures of a table of atoms.
    pub fn of(atoms: &LocalRows) -> Self {
        Self::new((0..atoms.len()).map(|i| atoms.elements(i)))
    }
}

impl Table for Composition {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn select(&self, indices: &[usize]) -> Self {
        Self { rows: indices.iter().map(|&i| self.rows[i].clone()).collect() }
    }

    fn append(&mut self, other: &Self) -> Result<(), LearnError> {
        self.rows.extend_from_slice(&other.rows);
        Ok(())
    }
}

/// The part of an extensive property that is linear in the composition:
/// `sum_Z n_Z e_Z`, with no constant, so that it grows with the structure.
///
/// The energies `e_Z` of the elements are those of least squares,
///
/// ```text
/// min sum_i (y_i - sum_Z n_iZ e_Z)^2
/// ```
///
/// of least norm where elements occur only together, and regularised by
/// iterated ridge regression (three steps, with `1e-9` of the largest eigenvalue
/// of `N^T N`), which leaves what is well determined as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ElementBaseline {
    /// Atomic numbers and their energies, in the unit of the labels.
    pub energies: BTreeMap<u8, f64>,
    /// Independent combinations of elements that the labels determine. Below
    /// the number of elements, some occur only in fixed proportions.
    pub rank: usize,
    /// Root mean squared difference of labels and baseline.
    pub rmse: f64,
}

const RIDGE: f64 = 1e-9;
const STEPS: usize = 3;

/// Eigenvalues below this share of the largest are zero.
const RANK: f64 = 1e-10;

impl ElementBaseline {
    /// The baseline of labels `y`, which are finite, one for each structure.
    ///
    /// # Errors
    /// [`LearnError::LengthMismatch`], [`LearnError::BadLabel`] or
    /// [`LearnError::NoData`].
    pub fn fit(composition: &Composition, y: &[f64]) -> Result<Self, LearnError> {
        crate::surrogate::check_labels(composition.len(), y)?;
        if y.is_empty() {
            return Err(LearnError::NoData);
        }
        let mut slots: BTreeMap<u8, usize> = BTreeMap::new();
        composition.rows.iter().flat_map(BTreeMap::keys).for_each(|&z| {
            slots.entry(z).or_default();
        });
        slots.values_mut().enumerate().for_each(|(number, slot)| *slot = number);
        let size = slots.len();
        let mut normal = Mat::<f64>::zeros(size, size);
        for row in &composition.rows {
            for (a, &x) in row {
                for (b, &y) in row {
                    normal[(slots[a], slots[b])] += f64::from(x) * f64::from(y);
                }
            }
        }
        let (values, vectors) = eigen(&normal)?;
        let largest = values.iter().fold(0.0_f64, |most, v| most.max(*v));
        let mut energies: BTreeMap<u8, f64> = slots.keys().map(|&z| (z, 0.0)).collect();
        let residuals = |energies: &BTreeMap<u8, f64>| -> Vec<f64> {
            composition.rows.iter().zip(y).map(|(row, y)| y - sum(row, energies)).collect()
        };
        for _ in 0..STEPS {
            let mut right = vec![0.0; size];
            for (row, residual) in composition.rows.iter().zip(residuals(&energies)) {
                row.iter().for_each(|(z, &n)| right[slots[z]] += f64::from(n) * residual);
            }
            for (k, &value) in values.iter().enumerate().filter(|(_, v)| **v > RANK * largest) {
                let along: f64 = (0..size).map(|i| vectors[(i, k)] * right[i]).sum();
                let step = along / (value + RIDGE * largest);
                slots.iter().for_each(|(z, &i)| *energies.entry(*z).or_default() += step * vectors[(i, k)]);
            }
        }
        let squares: f64 = residuals(&energies).iter().map(|r| r * r).sum();
        let rank = values.iter().filter(|v| **v > RANK * largest).count();
        Ok(Self { energies, rank, rmse: (squares / y.len() as f64).sqrt() })
    }

    /// The baseline of each structure.
    ///
    /// # Errors
    /// [`LearnError::UnknownElement`]: without its energy there is no number
    /// worth giving.
    pub fn predict(&self, composition: &Composition) -> Result<Vec<f64>, LearnError> {
        for (row, counts) in composition.rows.iter().enumerate() {
            if let Some(&element) = counts.keys().find(|z| !self.energies.contains_key(z)) {
                return Err(LearnError::UnknownElement { row, element });
            }
        }
        Ok(composition.rows.iter().map(|row| sum(row, &self.energies)).collect())
    }
}

fn sum(row: &BTreeMap<u8, u32>, energies: &BTreeMap<u8, f64>) -> f64 {
    row.iter().map(|(z, &n)| f64::from(n) * energies.get(z).copied().unwrap_or_default()).sum()
}

/// Eigenvalues and eigenvectors (columns) of a symmetric matrix.
fn eigen(matrix: &Mat<f64>) -> Result<(Vec<f64>, Mat<f64>), LearnError> {
    let n = matrix.nrows();
    let (mut values, mut vectors) = (Diag::zeros(n), Mat::zeros(n, n));
    let scratch = self_adjoint_evd_scratch::<f64>(n, ComputeEigenvectors::Yes, Par::Seq, Default::default());
    let mut memory = MemBuffer::new(scratch);
    let stack = MemStack::new(&mut memory);
    self_adjoint_evd(
        matrix.as_ref(),
        values.as_mut(),
        Some(vectors.as_mut()),
        Par::Seq,
        stack,
        Default::default(),
    )
    .map_err(|_| LearnError::Internal { what: "eigenvalues of the compositions did not converge" })?;
    Ok((values.column_vector().iter().copied().collect(), vectors))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn energies_are_found_and_large_ones_keep_their_digits() {
        let structures: [&[u8]; 5] = [&[1, 1], &[6, 1, 1, 1, 1], &[8, 1, 1], &[6, 8, 8], &[6, 6, 1, 1]];
        let composition = Composition::new(structures);
        let energy = |z: &u8| match z {
            1 => -0.5,
            6 => -23_712.25,
            _ => -47_099.75,
        };
        let y: Vec<f64> = structures.iter().map(|s| s.iter().map(energy).sum()).collect();
        let baseline = ElementBaseline::fit(&composition, &y).unwrap();
        assert_eq!(baseline.rank, 3);
        assert!(baseline.rmse < 1e-9, "{baseline:?}");
        assert!(baseline.energies.iter().all(|(z, e)| (e - energy(z)).abs() < 1e-8), "{baseline:?}");
    }

    #[test]
    fn elements_that_occur_together_share_the_least_norm() {
        // Na and Cl only as NaCl: each gets half.
        let composition = Composition::new([&[11_u8, 17][..], &[11, 17, 11, 17], &[18]]);
        let baseline = ElementBaseline::fit(&composition, &[-8.0, -16.0, 1.0]).unwrap();
        assert_eq!(baseline.rank, 2);
        for (z, expected) in [(11, -4.0), (17, -4.0), (18, 1.0)] {
            assert!((baseline.energies[&z] - expected).abs() < 1e-9, "{baseline:?}");
        }
        let other = Composition::new([&[11_u8][..], &[11, 9]]);
        assert_eq!(baseline.predict(&other), Err(LearnError::UnknownElement { row: 1, element: 9 }));
        assert_eq!(ElementBaseline::fit(&Composition::default(), &[]), Err(LearnError::NoData));
        assert!(ElementBaseline::fit(&other, &[1.0, f64::NAN]).is_err());
    }
}
