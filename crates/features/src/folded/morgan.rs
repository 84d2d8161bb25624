use super::{FoldedCounts, checked_bits, fold_into};
use crate::morgan::described;
use crate::{FeatureError, FeatureId, Features, Radius};
use matter::chem::Graph;
use rayon::prelude::*;

/// Morgan counts folded to `n_bits` columns: RDKit's `GetCountFingerprint`,
/// with counts above 255 cut to 255.
///
/// The same numbers as [`FoldedCounts::fold`] of
/// [`MorganCounts`](crate::MorganCounts), without the sparse rows between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoldedMorgan {
    radius: Radius,
    n_bits: usize,
}

impl Default for FoldedMorgan {
    /// Two bonds and 2048 columns, as in RDKit but for its radius of 3.
    fn default() -> Self {
        Self { radius: Radius::Two, n_bits: 2048 }
    }
}

impl FoldedMorgan {
    /// Environments up to `radius` in `n_bits` columns.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] if `n_bits` is 0 or above 2^20.
    pub fn new(radius: Radius, n_bits: usize) -> Result<Self, FeatureError> {
        Ok(Self { radius, n_bits: checked_bits(n_bits)? })
    }

    /// The length of a row.
    pub fn columns(&self) -> usize {
        self.n_bits
    }

    /// Adds the counts of one molecule to `row`.
    pub(crate) fn fill(&self, index: usize, molecule: &Graph, row: &mut [u8]) -> Result<(), FeatureError> {
        let pairs = molecule
            .morgan_counts(self.radius.bonds())
            .map_err(|source| described(index, molecule, &self.id(), source))?;
        fold_into(pairs, row);
        Ok(())
    }
}

impl Features for FoldedMorgan {
    type Matrix = FoldedCounts;

    fn id(&self) -> FeatureId {
        FeatureId::new(format!("morgan-counts:r{}:folded{}", self.radius.bonds(), self.n_bits))
    }

    fn compute(&self, molecules: &[Graph]) -> Result<FoldedCounts, FeatureError> {
        let mut folded = FoldedCounts::zeros(molecules.len(), self.n_bits);
        let rows: Vec<&mut [u8]> = folded.rows_mut().collect();
        let done: Vec<Result<(), FeatureError>> = rows
            .into_par_iter()
            .zip(molecules)
            .enumerate()
            .map(|(index, (row, molecule))| self.fill(index, molecule, row))
            .collect();
        // The error of the first molecule, whichever thread was first.
        done.into_iter().collect::<Result<(), FeatureError>>()?;
        Ok(folded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CountMatrix, MorganCounts, conformance};

    #[test]
    fn folded_counts_conform() {
        for features in [FoldedMorgan::default(), FoldedMorgan::new(Radius::Three, 777).unwrap()] {
            conformance::check(&features, FoldedCounts::select).unwrap();
        }
    }

    #[test]
    fn folding_at_once_equals_folding_later() {
        let molecules: Vec<Graph> = ["CCO", "c1ccccc1C(=O)N", "CCCCCCCCCC"]
            .iter()
            .map(|text| Graph::from_smiles(text).unwrap())
            .collect();
        let sparse: CountMatrix = MorganCounts::default().compute(&molecules).unwrap();
        let folded = FoldedMorgan::default().compute(&molecules).unwrap();
        assert_eq!(folded, FoldedCounts::fold(&sparse, 2048).unwrap());
        assert_eq!(FoldedMorgan::default().id().as_str(), "morgan-counts:r2:folded2048");
    }
}
