//! How near a row is to the rows learnt from, as the trees see it.

use super::settings::mixed;
use crate::LearnError;
use crate::gp::calibrate::domain_threshold;
use ::trees::{Ensemble, Rows, Tree};
use rayon::prelude::*;

/// Trees whose leaves are compared.
pub(super) const TREES: usize = 64;
/// To this depth: leaves of deep trees hold single rows, which are like none.
const DEPTH: usize = 6;
/// Training rows that are compared with.
const REFERENCES: usize = 1024;

/// The leaves of one row, one byte for each tree.
pub(super) type Signature = [u8; TREES];

/// Some trees, the leaves of some training rows in them, and the range of each
/// feature.
///
/// The similarity of two rows is the share of trees in which they come to the
/// same leaf (Breiman's proximity). Leaves at the rim reach to infinity, so it
/// is multiplied by the share of the row's features that lie in the range seen
/// in training; of sparse columns those count that are not zero.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Domain {
    pub(super) trees: Ensemble,
    pub(super) references: Vec<Signature>,
    /// Least and largest value of each column.
    pub(super) ranges: Vec<(f32, f32)>,
    pub(super) threshold: f64,
}

impl Domain {
    /// Compares with up to 1024 of the rows, in up to 64 trees of the members,
    /// evenly chosen.
    pub(super) fn new(
        rows: &Rows,
        members: &[Ensemble],
        quantile: f64,
        seed: u64,
    ) -> Result<Self, LearnError> {
        let all: Vec<&Tree> = members.iter().flat_map(Ensemble::trees).collect();
        let count = all.len().min(TREES);
        let chosen: Vec<Tree> = (0..count).map(|i| all[i * all.len() / count].pruned(DEPTH)).collect();
        let trees = Ensemble::from_trees(rows.columns(), 0.0, chosen)?;
        let mut order: Vec<(u64, usize)> = (0..rows.len()).map(|i| (mixed(i as u64, seed), i)).collect();
        order.sort_unstable();
        order.truncate(REFERENCES);
        let indices: Vec<usize> = order.iter().map(|pair| pair.1).collect();
        let some = rows.select(&indices);
        let mut domain = Self { trees, references: Vec::new(), ranges: ranges(rows), threshold: 0.0 };
        let signatures = domain.signatures(&some)?;
        let nearest: Vec<f64> = (0..signatures.len())
            .into_par_iter()
            .map(|i| {
                let others =
                    signatures.iter().enumerate().filter(|(j, other)| *j != i && **other != signatures[i]);
                others.map(|(_, other)| domain.similarity(&signatures[i], other)).fold(-1.0, f64::max)
            })
            .collect();
        domain.references = signatures;
        domain.threshold = domain_threshold(&nearest, quantile);
        Ok(domain)
    }

    fn signatures(&self, rows: &Rows) -> Result<Vec<Signature>, LearnError> {
        let count = self.trees.trees().len();
        let mut signatures = vec![[0; TREES]; rows.len()];
        if count > 0 {
            let leaves = self.trees.leaves(rows)?;
            for (signature, leaves) in signatures.iter_mut().zip(leaves.chunks_exact(count)) {
                signature.iter_mut().zip(leaves).for_each(|(byte, &leaf)| *byte = leaf as u8);
            }
        }
        Ok(signatures)
    }

    fn similarity(&self, a: &Signature, b: &Signature) -> f64 {
        let count = self.trees.trees().len();
        let same = a.iter().zip(b).map(|(x, y)| u8::from(x == y)).sum::<u8>() as usize;
        if count == 0 { 1.0 } else { (same - (TREES - count)) as f64 / count as f64 }
    }

    /// The similarity of each row to the nearest reference.
    pub(super) fn nearest(&self, rows: &Rows) -> Result<Vec<f64>, LearnError> {
        let signatures = self.signatures(rows)?;
        let of = |(row, own): (usize, &Signature)| {
            let same = self.references.iter().map(|other| self.similarity(own, other)).fold(0.0, f64::max);
            same * self.inside(rows, row)
        };
        Ok(signatures.par_iter().enumerate().map(of).collect())
    }

    /// The share of a row's features within the ranges.
    fn inside(&self, rows: &Rows, row: usize) -> f64 {
        let dense = rows.dense_columns();
        let numbers = rows.dense_row(row).iter().copied().zip(&self.ranges);
        let sparse = rows.sparse_row(row).filter_map(|(column, value)| {
            self.ranges.get(dense + column as usize).map(|range| (value, range))
        });
        let (mut all, mut within) = (0.0, 0.0);
        for (value, range) in numbers.chain(sparse).filter(|(value, _)| !value.is_nan()) {
            all += 1.0;
            within += f64::from(u8::from(range.0 <= value && value <= range.1));
        }
        if all > 0.0 { within / all } else { 1.0 }
    }
}

/// The range of each column; of one without numbers an empty one.
fn ranges(rows: &Rows) -> Vec<(f32, f32)> {
    let dense = rows.dense_columns();
    let mut ranges = vec![(f32::MAX, f32::MIN); rows.columns()];
    // Sparse columns have zeros.
    ranges[dense..].fill((0.0, 0.0));
    for row in 0..rows.len() {
        let sparse = rows.sparse_row(row).map(|(column, value)| (dense + column as usize, value));
        for (column, value) in rows.dense_row(row).iter().copied().enumerate().chain(sparse) {
            if !value.is_nan() {
                let range = &mut ranges[column];
                *range = (range.0.min(value), range.1.max(value));
            }
        }
    }
    ranges
}
