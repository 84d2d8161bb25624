//! Structures that the features cannot tell apart, but the labels can.

use serde::Serialize;
use std::collections::HashMap;

/// Two rows with equal features and different labels.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conflict {
    /// The row that came first, counted from 0 over all labels learnt.
    pub first: usize,
    /// The row that repeats its features.
    pub second: usize,
    /// The property, counted from 0.
    pub property: usize,
    /// Second label less the first, in the unit of the labels.
    pub difference: f64,
}

/// What rows with equal features say. All rows are kept: their labels count as
/// repeated measurements, whose differences are noise to the model.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Copies {
    /// Rows with the features of an earlier row.
    pub rows: usize,
    /// Those of them whose labels differ from the earlier row's.
    pub conflicting: usize,
    /// The conflicts with the largest differences relative to the largest label
    /// of their property, 20 at most.
    pub worst: Vec<Conflict>,
}

const LISTED: usize = 20;

/// Differences below this share of the largest label are rounding.
const ROUNDING: f64 = 1e-9;

impl Copies {
    pub(crate) fn new(hashes: &[u64], labels: &[Vec<f64>]) -> Self {
        let mut first_of: HashMap<u64, usize> = HashMap::new();
        let sizes: Vec<f64> =
            labels.iter().map(|y| y.iter().fold(0.0_f64, |most, v| most.max(v.abs()))).collect();
        let (mut copies, mut all) = (Self::default(), Vec::new());
        for (second, &hash) in hashes.iter().enumerate() {
            let first = *first_of.entry(hash).or_insert(second);
            if first == second {
                continue;
            }
            copies.rows += 1;
            let before = all.len();
            for (property, (labels, &size)) in labels.iter().zip(&sizes).enumerate() {
                let difference = labels[second] - labels[first];
                if difference.abs() > ROUNDING * size {
                    all.push((difference.abs() / size, Conflict { first, second, property, difference }));
                }
            }
            copies.conflicting += usize::from(all.len() > before);
        }
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        copies.worst = all.into_iter().take(LISTED).map(|(_, conflict)| conflict).collect();
        copies
    }
}
