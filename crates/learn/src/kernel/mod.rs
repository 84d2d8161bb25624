//! Kernels: how alike two structures are.
//!
//! A [`Kernel`] is a family with one length scale. [`DenseKernel`] compares rows
//! of numbers, [`LocalKernel`] atoms in their surroundings; both turn the bulk
//! of their work into matrix products. [`TanimotoKernel`] compares counts.

mod dense;
mod distance;
mod exp;
mod local;
mod shape;
mod tanimoto;

pub use dense::DenseKernel;
pub use local::LocalKernel;
pub use shape::Shape;
pub use tanimoto::{TanimotoForm, TanimotoKernel};

use crate::{LearnError, Table};
use faer::Mat;
use serde_json::Value;
use std::ops::Range;

/// Columns of a kernel matrix computed together.
const BLOCK: usize = 128;

/// A family of positive definite kernels `k(x, x')` with one length scale.
///
/// Matrices between a table and itself are filled in their lower triangle
/// only; what is above the diagonal is unspecified. Results do not depend on
/// the number of threads.
pub trait Kernel: std::fmt::Debug + Clone + Send + Sync {
    /// The table of features compared.
    type Input: Table;
    /// A table made ready to be compared with.
    type Prepared: std::fmt::Debug + Clone + Send + Sync;
    /// Distances within a table, kept to be used at several length scales.
    type Metric: Send + Sync;

    /// What tells this kernel from others, for a file.
    fn describe(&self) -> Value;

    /// Whether the length scale has an effect.
    fn has_length(&self) -> bool {
        true
    }

    /// Makes a table ready.
    fn prepare(&self, x: &Self::Input) -> Self::Prepared;

    /// Refuses a table that cannot be compared with a prepared one.
    ///
    /// # Errors
    /// [`LearnError::ColumnMismatch`].
    fn check(&self, prepared: &Self::Prepared, x: &Self::Input) -> Result<(), LearnError>;

    /// Distances within a prepared table.
    fn metric(&self, prepared: &Self::Prepared) -> Self::Metric;

    /// How many of `rows` evenly spaced rows of `x` a [`Kernel::metric`] may be
    /// taken of for its memory to stay below about 256 MiB.
    fn affordable(&self, x: &Self::Input, rows: usize) -> usize;

    /// The median distance, ignoring copies: where a search for the length
    /// scale starts. 1 when there are only copies.
    fn typical_length(&self, metric: &Self::Metric) -> f64;

    /// The matrix `k(x_i, x_j)` from distances.
    fn gram(&self, metric: &Self::Metric, length: f64) -> Mat<f64>;

    /// `sum_ij W_ij dk(x_i, x_j) / d ln l` for symmetric `W`, of which the
    /// lower triangle is read.
    fn contract(&self, metric: &Self::Metric, length: f64, weights: &Mat<f64>) -> f64;

    /// The matrix `k(x_i, x_j)` without keeping distances.
    fn matrix(&self, prepared: &Self::Prepared, length: f64) -> Mat<f64>;

    /// Writes `k(x_i, z_j)` of prepared rows `x_i` and rows `range` of `z`,
    /// column after column, one for each row of the range.
    fn cross(
        &self,
        prepared: &Self::Prepared,
        z: &Self::Input,
        range: Range<usize>,
        length: f64,
        out: &mut [f64],
    );

    /// `k(z_j, z_j)` of each row of the range.
    fn diagonal(&self, z: &Self::Input, range: Range<usize>, length: f64) -> Vec<f64>;

    /// Hashes of the rows: equal for rows with equal features.
    fn hashes(&self, x: &Self::Input) -> Vec<u64>;
}

/// A hash of numbers, the same on every machine.
fn hash(start: u64, values: &[f64]) -> u64 {
    values.iter().fold(start ^ 0xcbf2_9ce4_8422_2325, |hash, value| {
        // Adding zero makes the two zeros one.
        let mixed = (hash ^ (value + 0.0).to_bits()).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ (mixed >> 29)
    })
}

/// The median of the positive values; `None` if there are none.
fn positive_median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut positive: Vec<f64> = values.filter(|&v| v > 0.0).collect();
    let middle = positive.len() / 2;
    (!positive.is_empty()).then(|| *positive.select_nth_unstable_by(middle, f64::total_cmp).1)
}

/// Copies columns of length `n - first` into the last rows of columns `first`,
/// `first + 1`, ... of a matrix of order `n`, of which `columns` starts there.
fn write_columns(mut columns: faer::MatMut<'_, f64>, first: usize, values: &[f64]) {
    let height = columns.nrows() - first;
    for (j, source) in values.chunks_exact(height).enumerate() {
        let target = columns.as_mut().col_mut(j).subrows_mut(first, height);
        for (target, &value) in target.iter_mut().zip(source) {
            *target = value;
        }
    }
}
