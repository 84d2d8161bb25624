//! Morgan counts in a fixed number of columns.

mod bits;
mod columns;
mod morgan;

pub use bits::{BitMatrix, MorganBits};
pub use columns::CountColumns;
pub use morgan::FoldedMorgan;

use crate::{CountMatrix, Counts, DenseMatrix, FeatureError};

/// The most columns there may be.
pub(crate) const MOST_BITS: usize = 1 << 20;

/// The number of columns, if there can be so many.
pub(crate) fn checked_bits(n_bits: usize) -> Result<usize, FeatureError> {
    if (1..=MOST_BITS).contains(&n_bits) {
        return Ok(n_bits);
    }
    Err(FeatureError::Setting {
        name: "n_bits",
        value: n_bits.to_string(),
        expected: "1 to 1048576 (2048 is usual)",
    })
}

/// Counts of many molecules folded to `n_bits` columns: one byte for each
/// count, row after row.
///
/// Column c of a row is the sum of the counts of all ids with
/// `id mod n_bits = c`, as in RDKit's `GetCountFingerprint`; sums above 255
/// become 255. A million molecules with 2048 columns take 2 GB: fold libraries
/// in parts, or use [`CountColumns`], which holds what is not zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoldedCounts {
    columns: usize,
    counts: Vec<u8>,
}

impl FoldedCounts {
    /// No rows of `n_bits` columns.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] if `n_bits` is 0 or above 2^20.
    pub fn new(n_bits: usize) -> Result<Self, FeatureError> {
        Ok(Self { columns: checked_bits(n_bits)?, counts: Vec::new() })
    }

    /// The rows of `matrix`, folded.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] as [`FoldedCounts::new`].
    pub fn fold(matrix: &CountMatrix, n_bits: usize) -> Result<Self, FeatureError> {
        let mut folded = Self::new(n_bits)?;
        folded.counts.reserve_exact(matrix.len() * n_bits);
        matrix.rows().for_each(|row| folded.push(row));
        Ok(folded)
    }

    /// Appends one row.
    pub fn push(&mut self, row: Counts<'_>) {
        let start = self.counts.len();
        self.counts.resize(start + self.columns, 0);
        fold_into(row.iter(), &mut self.counts[start..]);
    }

    /// The number of rows (molecules).
    pub fn len(&self) -> usize {
        self.counts.len() / self.columns
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The length of a row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Row `index`.
    ///
    /// # Panics
    /// If `index` is not below [`FoldedCounts::len`], as slices do.
    pub fn row(&self, index: usize) -> &[u8] {
        &self.counts[index * self.columns..(index + 1) * self.columns]
    }

    /// All counts, row after row.
    pub fn counts(&self) -> &[u8] {
        &self.counts
    }

    /// A new matrix of the rows `indices`, in that order; an index may repeat.
    ///
    /// # Panics
    /// If an index is not below [`FoldedCounts::len`], as slices do.
    pub fn select(&self, indices: &[usize]) -> Self {
        let counts = indices.iter().flat_map(|&index| self.row(index)).copied().collect();
        Self { columns: self.columns, counts }
    }

    /// The counts as numbers, eight bytes for each.
    pub fn to_dense(&self) -> DenseMatrix {
        let mut dense = DenseMatrix::zeros(self.len(), self.columns);
        for (to, from) in dense.rows_mut().zip(self.counts.chunks_exact(self.columns)) {
            to.iter_mut().zip(from).for_each(|(to, from)| *to = f64::from(*from));
        }
        dense
    }

    /// Every row to write to, in order.
    fn rows_mut(&mut self) -> std::slice::ChunksExactMut<'_, u8> {
        self.counts.chunks_exact_mut(self.columns)
    }

    /// Rows of zeros.
    fn zeros(rows: usize, columns: usize) -> Self {
        Self { columns, counts: vec![0; rows * columns] }
    }
}

/// Adds pairs (id, count) to a row of folded counts.
fn fold_into(pairs: impl IntoIterator<Item = (u32, u32)>, row: &mut [u8]) {
    let columns = row.len();
    for (id, count) in pairs {
        let place = &mut row[id as usize % columns];
        *place = place.saturating_add(u8::try_from(count).unwrap_or(u8::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SparseCounts;

    #[test]
    fn ids_with_the_same_remainder_share_a_column() {
        let rows: Vec<SparseCounts> =
            [vec![(1, 2), (9, 3), (16, 1)], vec![], vec![(0, 200), (8, 100), (3, 1)]]
                .into_iter()
                .map(|pairs| SparseCounts::from_pairs(pairs).unwrap())
                .collect();
        let folded = FoldedCounts::fold(&rows.iter().collect(), 8).unwrap();
        assert_eq!((folded.len(), folded.columns()), (3, 8));
        assert_eq!(folded.row(0), [1, 5, 0, 0, 0, 0, 0, 0]);
        assert_eq!(folded.row(1), [0; 8]);
        assert_eq!(folded.row(2), [255, 0, 0, 1, 0, 0, 0, 0]);
        assert_eq!(folded.select(&[2, 0]).row(1), folded.row(0));
        assert_eq!(folded.to_dense().row(2)[0], 255.0);
    }

    #[test]
    fn impossible_widths_are_refused() {
        for n_bits in [0, MOST_BITS + 1] {
            let error = FoldedCounts::new(n_bits).unwrap_err();
            assert!(error.to_string().contains("n_bits"), "{error}");
        }
    }
}
