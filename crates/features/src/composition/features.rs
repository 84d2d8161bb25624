use super::Composition;
use crate::{DenseMatrix, FeatureError, FeatureId, Unfit};
use rayon::prelude::*;

/// Turns a composition into one dense row.
///
/// Implementations must not depend on the order in which a formula names its
/// elements nor on how many formula units it counts, must give for a batch what
/// they give for each composition alone, and must be deterministic for any
/// number of threads;
/// [`conformance::composition::check`](crate::conformance::composition::check)
/// tests all of it.
pub trait CompositionFeatures: Sync {
    /// The name of this representation with all its settings.
    fn id(&self) -> FeatureId;

    /// The names of the columns.
    fn names(&self) -> Vec<String>;

    /// The length of a row.
    fn columns(&self) -> usize;

    /// Writes the features of one composition to `row`, which has
    /// [`CompositionFeatures::columns`] zeros.
    ///
    /// # Errors
    /// [`Unfit`] if this representation has no row for the composition.
    fn fill(&self, composition: &Composition, row: &mut [f64]) -> Result<(), Unfit>;

    /// The features of `compositions`, one row for each, in their order;
    /// computed in the threads of the current rayon pool.
    ///
    /// # Errors
    /// [`FeatureError::Composition`] of the first composition (lowest index)
    /// that has no features; nothing is returned for the others.
    fn compute(&self, compositions: &[Composition]) -> Result<DenseMatrix, FeatureError> {
        let mut matrix = DenseMatrix::zeros(compositions.len(), self.columns());
        let rows: Vec<&mut [f64]> = matrix.rows_mut().collect();
        let done: Vec<_> = rows.into_par_iter().zip(compositions).map(|(row, c)| self.fill(c, row)).collect();
        // Looked at in order: which one is reported must not depend on threads.
        for (index, (outcome, composition)) in done.into_iter().zip(compositions).enumerate() {
            outcome.map_err(|source| FeatureError::Composition {
                index,
                formula: composition.to_string(),
                features: self.id().to_string(),
                source,
            })?;
        }
        Ok(matrix)
    }
}
