//! Tanimoto similarities of a query to many rows through an inverted index.

use features::{CountMatrix, Counts, tanimoto_from_shared};
use rayon::prelude::*;
use std::collections::HashMap;

/// For each feature the rows that have it. One query costs the sum of the
/// lengths of its features' lists instead of a merge with every row.
#[derive(Debug, Clone, Default)]
pub(crate) struct TanimotoIndex {
    slots: HashMap<u32, usize>,
    postings: Vec<Vec<Posting>>,
    totals: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Posting {
    row: u32,
    count: u32,
}

impl TanimotoIndex {
    /// Indexes all rows of `matrix`.
    pub(crate) fn new(matrix: &CountMatrix) -> Self {
        let mut index = Self::default();
        index.append(matrix);
        index
    }

    /// Indexes the rows of `matrix` after those already there.
    pub(crate) fn append(&mut self, matrix: &CountMatrix) {
        for row in matrix.rows() {
            let number = self.totals.len() as u32;
            for (id, count) in row.iter() {
                let slot = *self.slots.entry(id).or_insert_with(|| {
                    self.postings.push(Vec::new());
                    self.postings.len() - 1
                });
                self.postings[slot].push(Posting { row: number, count });
            }
            self.totals.push(row.total());
        }
    }

    /// The number of rows.
    pub(crate) fn len(&self) -> usize {
        self.totals.len()
    }

    /// Writes the similarity of `query` to every row into `out`. `shared` is
    /// scratch; both have length [`TanimotoIndex::len`].
    pub(crate) fn similarities(&self, query: Counts<'_>, shared: &mut [u32], out: &mut [f64]) {
        shared.fill(0);
        for (id, count) in query.iter() {
            if let Some(&slot) = self.slots.get(&id) {
                for posting in &self.postings[slot] {
                    shared[posting.row as usize] += posting.count.min(count);
                }
            }
        }
        let total = query.total();
        for ((similarity, &shared), &row_total) in out.iter_mut().zip(shared.iter()).zip(&self.totals) {
            *similarity = tanimoto_from_shared(shared, total, row_total);
        }
    }

    /// Similarities of all rows of `matrix` (one column each) to all rows of
    /// the index, column after column: shape (index rows, matrix rows).
    pub(crate) fn columns(&self, matrix: &CountMatrix) -> Vec<f64> {
        let n = self.len();
        let mut out = vec![0.0; n * matrix.len()];
        if n > 0 {
            out.par_chunks_mut(n).enumerate().for_each_init(
                || vec![0; n],
                |shared, (column, out)| self.similarities(matrix.row(column), shared, out),
            );
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::random_counts;

    #[test]
    fn the_index_agrees_with_pairwise_similarities() {
        let (rows, queries) = (random_counts(40, 1), random_counts(15, 2));
        let mut index = TanimotoIndex::new(&rows.select(&(0..25).collect::<Vec<_>>()));
        index.append(&rows.select(&(25..40).collect::<Vec<_>>()));
        let columns = index.columns(&queries);
        for (j, query) in queries.rows().enumerate() {
            for (i, row) in rows.rows().enumerate() {
                assert_eq!(columns[j * 40 + i], row.tanimoto(query), "row {i}, query {j}");
            }
        }
    }

    #[test]
    fn rows_without_features_are_alike_only_to_each_other() {
        let empty = features::SparseCounts::default();
        let mut rows = random_counts(2, 3);
        rows.push(empty.view());
        let columns = TanimotoIndex::new(&rows).columns(&std::iter::once(empty.view()).collect());
        assert_eq!(columns, [0.0, 0.0, 1.0]);
    }
}
