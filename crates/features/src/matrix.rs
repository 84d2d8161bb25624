use crate::{Counts, SparseCounts};

/// Sparse counts of many molecules, one row each, in three flat arrays
/// (compressed sparse rows): feature ids, counts, and where each row starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountMatrix {
    starts: Vec<usize>,
    ids: Vec<u32>,
    counts: Vec<u32>,
    totals: Vec<u32>,
}

impl Default for CountMatrix {
    fn default() -> Self {
        Self::new()
    }
}

impl CountMatrix {
    /// No rows.
    pub fn new() -> Self {
        Self { starts: vec![0], ids: Vec::new(), counts: Vec::new(), totals: Vec::new() }
    }

    /// Appends one row.
    pub fn push(&mut self, row: Counts<'_>) {
        self.ids.extend_from_slice(row.ids);
        self.counts.extend_from_slice(row.counts);
        self.totals.push(row.total);
        self.starts.push(self.ids.len());
    }

    /// Appends all rows of `other`.
    pub fn append(&mut self, other: &CountMatrix) {
        for row in other.rows() {
            self.push(row);
        }
    }

    /// The number of rows (molecules).
    pub fn len(&self) -> usize {
        self.totals.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.totals.is_empty()
    }

    /// Row `index`.
    ///
    /// # Panics
    /// If `index` is not below [`CountMatrix::len`], as slices do.
    pub fn row(&self, index: usize) -> Counts<'_> {
        let range = self.starts[index]..self.starts[index + 1];
        Counts { ids: &self.ids[range.clone()], counts: &self.counts[range], total: self.totals[index] }
    }

    /// All rows in order.
    pub fn rows(&self) -> impl Iterator<Item = Counts<'_>> {
        (0..self.len()).map(|index| self.row(index))
    }

    /// A new matrix of the rows `indices`, in that order; an index may repeat.
    ///
    /// # Panics
    /// If an index is not below [`CountMatrix::len`], as slices do.
    pub fn select(&self, indices: &[usize]) -> Self {
        indices.iter().map(|&index| self.row(index)).collect()
    }
}

impl<'a> FromIterator<Counts<'a>> for CountMatrix {
    fn from_iter<I: IntoIterator<Item = Counts<'a>>>(rows: I) -> Self {
        let mut matrix = Self::new();
        rows.into_iter().for_each(|row| matrix.push(row));
        matrix
    }
}

impl<'a> FromIterator<&'a SparseCounts> for CountMatrix {
    fn from_iter<I: IntoIterator<Item = &'a SparseCounts>>(rows: I) -> Self {
        rows.into_iter().map(SparseCounts::view).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_went_in() {
        let rows: Vec<SparseCounts> = [vec![(3, 1), (1, 2)], vec![], vec![(7, 4)]]
            .into_iter()
            .map(|pairs| SparseCounts::from_pairs(pairs).unwrap())
            .collect();
        let mut matrix: CountMatrix = rows.iter().collect();
        assert_eq!(matrix.len(), 3);
        for (row, stored) in rows.iter().zip(matrix.rows()) {
            assert_eq!(row.view(), stored);
        }
        let picked = matrix.select(&[2, 0, 2]);
        assert_eq!(picked.row(1), rows[0].view());
        assert_eq!(picked.row(2), rows[2].view());
        matrix.append(&picked);
        assert_eq!(matrix.len(), 6);
        assert_eq!(matrix.row(3), rows[2].view());
    }
}
