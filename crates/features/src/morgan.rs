use crate::{CountMatrix, FeatureError, FeatureId, Features, SparseCounts};
use matter::chem::{Graph, GraphError};
use rayon::prelude::*;

/// Molecules described in parallel before their rows are stored, so that the
/// rows held twice stay few however long the batch is.
const CHUNK: usize = 4096;

/// How many bonds a Morgan environment reaches from its centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Radius {
    /// Two bonds (the diameter-4 environments of ECFP4).
    #[default]
    Two,
    /// Three bonds (the diameter-6 environments of ECFP6).
    Three,
}

impl Radius {
    /// The number of bonds.
    pub fn bonds(self) -> u32 {
        match self {
            Radius::Two => 2,
            Radius::Three => 3,
        }
    }
}

/// Counts of Morgan environments of every radius from 0 up to the given one,
/// keyed by RDKit's unfolded 32-bit environment hashes.
///
/// Rogers and Hahn, J. Chem. Inf. Model. 50, 742 (2010). Not folded to a bit
/// vector: no two environments collide except where the hash itself does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MorganCounts {
    radius: Radius,
}

impl MorganCounts {
    /// Environments up to `radius`.
    pub fn new(radius: Radius) -> Self {
        Self { radius }
    }

    /// The counts of one molecule.
    ///
    /// # Errors
    /// [`FeatureError::Molecule`] with index 0 if the chemistry layer cannot
    /// describe the molecule.
    pub fn of(&self, molecule: &Graph) -> Result<SparseCounts, FeatureError> {
        self.numbered(0, molecule)
    }

    pub(crate) fn numbered(&self, index: usize, molecule: &Graph) -> Result<SparseCounts, FeatureError> {
        let pairs = molecule
            .morgan_counts(self.radius.bonds())
            .map_err(|source| described(index, molecule, &self.id(), source))?;
        SparseCounts::from_pairs(pairs)
    }
}

/// The error of a molecule that the chemistry layer cannot describe.
pub(crate) fn described(index: usize, molecule: &Graph, id: &FeatureId, source: GraphError) -> FeatureError {
    let smiles = molecule.canonical_smiles().to_owned();
    FeatureError::Molecule { index, smiles, features: id.to_string(), source }
}

impl Features for MorganCounts {
    type Matrix = CountMatrix;

    fn id(&self) -> FeatureId {
        FeatureId::new(format!("morgan-counts:r{}", self.radius.bonds()))
    }

    fn compute(&self, molecules: &[Graph]) -> Result<CountMatrix, FeatureError> {
        matrix(molecules, |index, molecule| self.numbered(index, molecule))
    }
}

/// The rows of molecules, each told of its number in the batch.
pub(crate) fn matrix(
    molecules: &[Graph],
    row: impl Fn(usize, &Graph) -> Result<SparseCounts, FeatureError> + Sync,
) -> Result<CountMatrix, FeatureError> {
    let mut matrix = CountMatrix::new();
    for (chunk, part) in molecules.chunks(CHUNK).enumerate() {
        let rows: Vec<Result<SparseCounts, FeatureError>> = part
            .par_iter()
            .enumerate()
            .map(|(offset, molecule)| row(chunk * CHUNK + offset, molecule))
            .collect();
        // Errors are looked at in the order of the molecules: which one is
        // reported must not depend on which thread was first.
        for row in rows {
            matrix.push(row?.view());
        }
    }
    Ok(matrix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance;

    #[test]
    fn morgan_counts_conform() {
        for radius in [Radius::Two, Radius::Three] {
            conformance::check(&MorganCounts::new(radius), CountMatrix::select).unwrap();
        }
    }

    #[test]
    fn methane_has_one_environment() {
        let methane = Graph::from_smiles("C").unwrap();
        let row = MorganCounts::default().of(&methane).unwrap();
        assert_eq!((row.view().len(), row.view().total()), (1, 1));
    }

    #[test]
    fn a_larger_radius_adds_environments_and_keeps_the_others() {
        let molecule = Graph::from_smiles("CCCCCCO").unwrap();
        let small = MorganCounts::new(Radius::Two).of(&molecule).unwrap();
        let large = MorganCounts::new(Radius::Three).of(&molecule).unwrap();
        assert!(large.view().len() > small.view().len());
        assert_eq!(large.view().shared(small.view()), small.view().total());
    }

    #[test]
    fn ids_name_the_radius() {
        assert_eq!(MorganCounts::new(Radius::Three).id().as_str(), "morgan-counts:r3");
    }
}
