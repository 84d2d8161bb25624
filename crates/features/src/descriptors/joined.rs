use super::{Descriptors, filled};
use crate::{DenseMatrix, FeatureError, FeatureId, Features, FoldedMorgan};
use matter::chem::Graph;

/// Folded Morgan counts and then [`Descriptors`] in one row.
///
/// Columns differ in scale (bits of a few counts, weights of hundreds), which
/// trees do not mind; for kernels scale them first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MorganDescriptors {
    morgan: FoldedMorgan,
}

impl MorganDescriptors {
    /// With these counts.
    pub fn new(morgan: FoldedMorgan) -> Self {
        Self { morgan }
    }

    /// The length of a row.
    pub fn columns(&self) -> usize {
        self.morgan.columns() + Descriptors.columns()
    }

    /// The names of the columns, `morgan 0` and so on for the counts.
    pub fn names(&self) -> Vec<String> {
        let counts = (0..self.morgan.columns()).map(|column| format!("morgan {column}"));
        counts.chain(Descriptors.names().iter().map(|name| (*name).to_owned())).collect()
    }
}

impl Features for MorganDescriptors {
    type Matrix = DenseMatrix;

    fn id(&self) -> FeatureId {
        FeatureId::new(format!("{}+{}", self.morgan.id(), Descriptors.id()))
    }

    fn compute(&self, molecules: &[Graph]) -> Result<DenseMatrix, FeatureError> {
        let width = self.morgan.columns();
        filled(self.columns(), molecules, |index, molecule, row| {
            let (counts, descriptors) = row.split_at_mut(width);
            let mut bytes = vec![0_u8; width];
            self.morgan.fill(index, molecule, &mut bytes)?;
            counts.iter_mut().zip(bytes).for_each(|(to, from)| *to = f64::from(from));
            Descriptors.fill(index, molecule, descriptors)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Radius, conformance};

    #[test]
    fn joined_rows_conform_and_are_both() {
        let joined = MorganDescriptors::new(FoldedMorgan::new(Radius::Two, 64).unwrap());
        conformance::check_dense(&joined, joined.names().len()).unwrap();
        let molecules = [Graph::from_smiles("CC(=O)Nc1ccccc1").unwrap()];
        let row = joined.compute(&molecules).unwrap();
        let counts = FoldedMorgan::new(Radius::Two, 64).unwrap().compute(&molecules).unwrap().to_dense();
        let descriptors = Descriptors.compute(&molecules).unwrap();
        assert_eq!(row.row(0), [counts.row(0), descriptors.row(0)].concat());
        assert_eq!((joined.columns(), joined.names().len()), (114, 114));
        assert_eq!(joined.id().as_str(), "morgan-counts:r2:folded64+descriptors:2d-50:v1");
    }
}
