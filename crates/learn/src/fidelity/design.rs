//! Which labels are of which structure, and the covariance of all labels.

use super::ladder::Ladder;
use super::rungs::Rungs;
use super::settings::RungMean;
use crate::gp::factor::dot;
use crate::{Kernel, Table};
use faer::Mat;
use std::collections::{BTreeMap, HashMap};

/// Labels in terms of structures: rows with equal features are one.
#[derive(Debug, Clone)]
pub(super) struct Design {
    /// The rung of each label.
    pub(super) rung: Vec<usize>,
    /// For each component, the structures it is in.
    pub(super) parts: Vec<Part>,
}

/// What component `j` is about: structures with a label on rung `j` or above.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    /// A row of each structure.
    pub(super) rows: Vec<usize>,
    /// Labels, with the positions of their structures in `rows`.
    pub(super) labels: Vec<(usize, usize)>,
    /// Positions of structures by the hashes of their features.
    pub(super) position: HashMap<u64, usize>,
}

impl Design {
    pub(super) fn new(hashes: &[u64], rung: &[usize], rungs: usize) -> Self {
        let mut parts = vec![Part::default(); rungs];
        for (j, part) in parts.iter_mut().enumerate() {
            for (label, (&hash, _)) in hashes.iter().zip(rung).enumerate().filter(|(_, (_, r))| **r >= j) {
                let rows = &mut part.rows;
                let position = *part.position.entry(hash).or_insert_with(|| {
                    rows.push(label);
                    rows.len() - 1
                });
                part.labels.push((label, position));
            }
        }
        Self { rung: rung.to_vec(), parts }
    }
}

/// Counts of elements as rows of numbers: one column for each element seen.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts {
    columns: BTreeMap<u8, usize>,
}

impl Counts {
    pub(super) fn new<X>(x: &Rungs<X>) -> Self {
        let mut columns = BTreeMap::new();
        x.elements.iter().flatten().flat_map(BTreeMap::keys).for_each(|&z| {
            columns.entry(z).or_insert(0);
        });
        columns.values_mut().enumerate().for_each(|(number, column)| *column = number);
        Self { columns }
    }

    /// Rows of `x`, one after another; elements without a column are left out.
    pub(super) fn rows<X>(&self, x: &Rungs<X>, rows: &[usize]) -> Vec<Vec<f64>> {
        let row = |counts: &BTreeMap<u8, u32>| {
            let mut out = vec![0.0; self.columns.len()];
            for (z, &n) in counts {
                if let Some(&column) = self.columns.get(z) {
                    out[column] = f64::from(n);
                }
            }
            out
        };
        match &x.elements {
            Some(elements) => rows.iter().map(|&i| row(&elements[i])).collect(),
            None => vec![Vec::new(); rows.len()],
        }
    }

    /// `sum_Z n_Z^2` of row `i`, all elements included.
    pub(super) fn square<X>(x: &Rungs<X>, i: usize) -> f64 {
        x.elements.as_ref().map_or(0.0, |rows| rows[i].values().map(|&n| f64::from(n).powi(2)).sum())
    }
}

/// Products of counts of all pairs; empty without elements.
pub(super) fn products(counts: &[Vec<f64>], mean: RungMean) -> Mat<f64> {
    if mean != RungMean::Elements {
        return Mat::zeros(0, 0);
    }
    let n = counts.len();
    Mat::from_fn(n, n, |i, j| dot(&counts[i], &counts[j]))
}

/// Copies the lower triangle above the diagonal.
pub(super) fn mirror(matrix: &mut Mat<f64>) {
    for j in 1..matrix.ncols() {
        for i in 0..j {
            matrix[(i, j)] = matrix[(j, i)];
        }
    }
}

/// The covariance of all labels (lower triangle), from the kernel matrices of
/// the components in full and the products of element counts.
pub(super) fn covariance(
    design: &Design,
    ladder: &Ladder,
    grams: &[Mat<f64>],
    products: &[Mat<f64>],
) -> Mat<f64> {
    let n = design.rung.len();
    let mut out = Mat::zeros(n, n);
    for (j, part) in design.parts.iter().enumerate() {
        let set = ladder.rungs[j];
        let shares: Vec<f64> = (0..design.parts.len()).map(|m| ladder.share(m, j)).collect();
        for (from, &(k, at)) in part.labels.iter().enumerate() {
            let mine = shares[design.rung[k]];
            let gram = grams[j].col(at);
            let elements =
                (set.element_variance > 0.0 && products[j].ncols() > 0).then(|| products[j].col(at));
            let mut column = out.col_mut(k);
            for &(i, position) in &part.labels[from..] {
                let mut value = set.signal_variance * gram[position];
                if position == at {
                    value += set.nugget_variance;
                }
                if let Some(elements) = elements {
                    value += set.element_variance * elements[position];
                }
                column[i] += mine * shares[design.rung[i]] * value;
            }
        }
    }
    for i in 0..n {
        out[(i, i)] += ladder.rungs[design.rung[i]].noise_variance;
    }
    out
}

/// The kernel matrices of the components of a design, in full.
pub(super) fn grams<K: Kernel>(kernel: &K, prepared: &[K::Prepared], ladder: &Ladder) -> Vec<Mat<f64>> {
    let sets = prepared.iter().zip(&ladder.rungs);
    sets.map(|(prepared, set)| {
        let mut gram = kernel.matrix(prepared, set.length_scale);
        mirror(&mut gram);
        gram
    })
    .collect()
}

/// The tables of a design's components, made ready.
pub(super) fn prepare<K: Kernel>(kernel: &K, design: &Design, x: &K::Input) -> Vec<K::Prepared> {
    design.parts.iter().map(|part| kernel.prepare(&x.select(&part.rows))).collect()
}
