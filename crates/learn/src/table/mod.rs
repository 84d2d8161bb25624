//! Tables of features: what models learn from, one row for each structure.

mod local;
mod rows;

pub use local::LocalRows;
pub use rows::DenseRows;

use crate::LearnError;
use features::CountMatrix;

/// The largest size of a feature: squares of differences must stay finite.
pub const FEATURE_LIMIT: f64 = 1e100;

/// A table of features with one row for each structure.
pub trait Table: std::fmt::Debug + Clone + Send + Sync {
    /// The number of rows.
    fn len(&self) -> usize;

    /// Whether there is no row.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows at `indices`, in that order.
    ///
    /// # Panics
    /// If an index is not below [`Table::len`], as slices do.
    fn select(&self, indices: &[usize]) -> Self;

    /// Appends the rows of `other`. On an error nothing changes.
    ///
    /// # Errors
    /// [`LearnError::ColumnMismatch`] when the two describe structures by
    /// different numbers of features.
    fn append(&mut self, other: &Self) -> Result<(), LearnError>;
}

impl Table for CountMatrix {
    fn len(&self) -> usize {
        CountMatrix::len(self)
    }

    fn select(&self, indices: &[usize]) -> Self {
        CountMatrix::select(self, indices)
    }

    fn append(&mut self, other: &Self) -> Result<(), LearnError> {
        CountMatrix::append(self, other);
        Ok(())
    }
}

/// Refuses features that cannot be computed with; `first` is the row number of
/// the first value.
fn check_features(values: &[f64], columns: usize, first: usize) -> Result<(), LearnError> {
    if columns == 0 || !values.len().is_multiple_of(columns) {
        return Err(LearnError::RaggedFeatures { values: values.len(), columns });
    }
    match values.iter().position(|v| !v.is_finite() || v.abs() > FEATURE_LIMIT) {
        Some(at) => Err(LearnError::BadFeature {
            row: first + at / columns,
            column: at % columns,
            value: values[at],
            limit: FEATURE_LIMIT,
        }),
        None => Ok(()),
    }
}

fn check_columns(expected: usize, found: usize) -> Result<(), LearnError> {
    if expected == found { Ok(()) } else { Err(LearnError::ColumnMismatch { expected, found }) }
}
