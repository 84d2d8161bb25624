use super::checked_bits;
use crate::{CountMatrix, FeatureError};

/// Folded counts of many molecules, column after column, zeros left out: for
/// each column the molecules that have a count there, ascending, and the counts
/// (compressed sparse columns).
///
/// What a tree asks for when it looks for a split. The numbers are those of
/// [`FoldedCounts`](super::FoldedCounts), in five bytes for each that is not
/// zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountColumns {
    rows: usize,
    starts: Vec<usize>,
    indices: Vec<u32>,
    counts: Vec<u8>,
}

impl CountColumns {
    /// The columns of `matrix`, folded to `n_bits`.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] if `n_bits` is 0 or above 2^20.
    pub fn fold(matrix: &CountMatrix, n_bits: usize) -> Result<Self, FeatureError> {
        let columns = checked_bits(n_bits)?;
        if u32::try_from(matrix.len()).is_err() {
            return Err(FeatureError::Setting {
                name: "rows",
                value: matrix.len().to_string(),
                expected: "at most 4294967295 molecules; fold them in parts",
            });
        }
        // Two passes: how many there are in each column, then their places.
        // Ids of a row that share a column become one entry, so the first pass
        // notes for each column the row that was there last.
        let mut last = vec![usize::MAX; columns];
        let mut starts = vec![0_usize; columns + 1];
        for (number, row) in matrix.rows().enumerate() {
            for &id in row.ids() {
                let column = id as usize % columns;
                if last[column] != number {
                    last[column] = number;
                    starts[column + 1] += 1;
                }
            }
        }
        for column in 0..columns {
            starts[column + 1] += starts[column];
        }
        let filled = starts[columns];
        let (mut indices, mut counts) = (vec![0_u32; filled], vec![0_u8; filled]);
        let mut next = starts.clone();
        last.fill(usize::MAX);
        for (number, row) in matrix.rows().enumerate() {
            for (id, count) in row.iter() {
                let column = id as usize % columns;
                if last[column] != number {
                    last[column] = number;
                    indices[next[column]] = number as u32;
                    next[column] += 1;
                }
                let place = &mut counts[next[column] - 1];
                *place = place.saturating_add(u8::try_from(count).unwrap_or(u8::MAX));
            }
        }
        Ok(Self { rows: matrix.len(), starts, indices, counts })
    }

    /// The number of molecules.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.starts.len() - 1
    }

    /// The molecules that have a count in column `index`, ascending, and their
    /// counts, none of which is zero.
    ///
    /// # Panics
    /// If `index` is not below [`CountColumns::columns`], as slices do.
    pub fn column(&self, index: usize) -> (&[u32], &[u8]) {
        let range = self.starts[index]..self.starts[index + 1];
        (&self.indices[range.clone()], &self.counts[range])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FoldedCounts, SparseCounts};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn columns_hold_what_rows_hold(
            rows in proptest::collection::vec(
                proptest::collection::vec((0u32..60, 0u32..300), 0..9), 0..12),
            n_bits in 1usize..20,
        ) {
            let rows: Vec<SparseCounts> =
                rows.into_iter().map(|pairs| SparseCounts::from_pairs(pairs).unwrap()).collect();
            let matrix: CountMatrix = rows.iter().collect();
            let (folded, columns) =
                (FoldedCounts::fold(&matrix, n_bits).unwrap(), CountColumns::fold(&matrix, n_bits).unwrap());
            prop_assert_eq!((columns.rows(), columns.columns()), (matrix.len(), n_bits));
            for column in 0..n_bits {
                let expected: Vec<(u32, u8)> = (0..matrix.len())
                    .map(|row| (row as u32, folded.row(row)[column]))
                    .filter(|(_, count)| *count > 0)
                    .collect();
                let (indices, counts) = columns.column(column);
                let found: Vec<(u32, u8)> = indices.iter().copied().zip(counts.iter().copied()).collect();
                prop_assert_eq!(found, expected);
            }
        }
    }
}
