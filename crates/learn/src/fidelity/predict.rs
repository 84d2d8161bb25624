//! Predictions of every rung, block after block.

use super::design::Counts;
use super::report::RungPredictions;
use super::rungs::Rungs;
use super::state::State;
use crate::gp::factor::dot;
use crate::{Kernel, Table};
use faer::MatMut;
use rayon::prelude::*;
use std::ops::Range;

/// Candidates taken together, whatever the number of threads.
const BLOCK: usize = 64;

/// One candidate, in units of the frame: means of the rungs and their
/// covariances, not calibrated.
#[derive(Debug, Clone)]
pub(super) struct Joint {
    pub(super) means: Vec<f64>,
    pub(super) covariance: Vec<f64>,
    pub(super) nearest: f64,
}

impl<K: Kernel> State<K> {
    /// For each component the covariances of its function at candidates
    /// `range` with all labels: column after column, one for each candidate.
    pub(super) fn components(&self, kernel: &K, x: &Rungs<K::Input>, range: Range<usize>) -> Vec<Vec<f64>> {
        let (n, count) = (self.x.len(), range.len());
        let rows: Vec<usize> = range.clone().collect();
        let hashes = kernel.hashes(&x.features.select(&rows));
        let atoms = self.counts.rows(x, &rows);
        let sets = self.found.ladder.rungs.iter().enumerate();
        sets.map(|(j, set)| {
            let part = &self.design.parts[j];
            let mut kernels = vec![0.0; part.rows.len() * count];
            kernel.cross(&self.prepared[j], &x.features, range.clone(), set.length_scale, &mut kernels);
            let mut out = vec![0.0; n * count];
            let shares: Vec<f64> =
                (0..self.found.ladder.rungs.len()).map(|m| self.found.ladder.share(m, j)).collect();
            for (c, (out, kernels)) in
                out.chunks_exact_mut(n).zip(kernels.chunks_exact(part.rows.len().max(1))).enumerate()
            {
                let same = part.position.get(&hashes[c]).copied();
                for &(label, position) in &part.labels {
                    let mut value = set.signal_variance * kernels[position];
                    if same == Some(position) {
                        value += set.nugget_variance;
                    }
                    if set.element_variance > 0.0 {
                        value += set.element_variance * dot(&atoms[c], &self.atoms[j][position]);
                    }
                    out[label] = shares[self.design.rung[label]] * value;
                }
            }
            out
        })
        .collect()
    }

    /// All candidates.
    pub(super) fn joint(&self, kernel: &K, x: &Rungs<K::Input>) -> Vec<Joint> {
        let count = x.len();
        let blocks: Vec<Vec<Joint>> = (0..count.div_ceil(BLOCK))
            .into_par_iter()
            .map(|number| self.block(kernel, x, number * BLOCK..(number * BLOCK + BLOCK).min(count)))
            .collect();
        blocks.into_iter().flatten().collect()
    }

    fn block(&self, kernel: &K, x: &Rungs<K::Input>, range: Range<usize>) -> Vec<Joint> {
        let (n, count) = (self.x.len(), range.len());
        let ladder = &self.found.ladder;
        let rungs = ladder.rungs.len();
        let nearest = self.nearest(kernel, x, range.clone());
        let mut components = self.components(kernel, x, range.clone());
        let product = |weights: &[f64]| -> Vec<Vec<f64>> {
            components
                .iter()
                .map(|c| c.chunks_exact(n).map(|column| dot(column, weights)).collect())
                .collect()
        };
        let means = product(&self.weights.alpha);
        let basis: Vec<Vec<Vec<f64>>> = self.weights.basis.iter().map(|b| product(b)).collect();
        for component in &mut components {
            self.factor.forward(MatMut::from_column_major_slice_mut(component, n, count));
        }
        let own: Vec<Vec<f64>> = (ladder.rungs.iter())
            .map(|set| {
                let kernels = kernel.diagonal(&x.features, range.clone(), set.length_scale);
                let rows = kernels.iter().zip(range.clone());
                rows.map(|(k, i)| {
                    let atoms = if set.element_variance > 0.0 { Counts::square(x, i) } else { 0.0 };
                    set.signal_variance * k + set.nugget_variance + set.element_variance * atoms
                })
                .collect()
            })
            .collect();
        (0..count)
            .map(|c| {
                let column = |j: usize| &components[j][c * n..(c + 1) * n];
                // Covariances of the components, given the labels.
                let mut left = vec![0.0; rungs * rungs];
                for a in 0..rungs {
                    for b in 0..=a {
                        let prior = if a == b { own[a][c] } else { 0.0 };
                        let value = prior - dot(column(a), column(b));
                        (left[a * rungs + b], left[b * rungs + a]) = (value, value);
                    }
                }
                let share = |m: usize, j: usize| ladder.share(m, j);
                let mean = |m: usize| -> f64 { (0..=m).map(|j| share(m, j) * means[j][c]).sum() };
                // What is not known of the means.
                let count = self.weights.means.len();
                let open: Vec<Vec<f64>> = (0..rungs)
                    .map(|m| {
                        let h: Vec<f64> = (0..count)
                            .map(|k| {
                                let known: f64 = (0..=m).map(|j| share(m, j) * basis[k][j][c]).sum();
                                f64::from(u8::from(k == m)) - known
                            })
                            .collect();
                        self.weights.inverse.iter().map(|row| dot(row, &h)).collect()
                    })
                    .collect();
                let mut covariance = vec![0.0; rungs * rungs];
                for a in 0..rungs {
                    for b in 0..rungs {
                        let pairs = (0..=a).flat_map(|i| (0..=b).map(move |j| (i, j)));
                        let known: f64 =
                            pairs.map(|(i, j)| share(a, i) * share(b, j) * left[i * rungs + j]).sum();
                        covariance[a * rungs + b] = known + dot(&open[a], &open[b]);
                    }
                    // Rounding may take it below zero.
                    let variance = &mut covariance[a * rungs + a];
                    *variance = variance.max(0.0);
                }
                let means =
                    (0..rungs).map(|m| mean(m) + self.weights.means.get(m).copied().unwrap_or(0.0)).collect();
                Joint { means, covariance, nearest: nearest[c] }
            })
            .collect()
    }

    fn nearest(&self, kernel: &K, x: &Rungs<K::Input>, range: Range<usize>) -> Vec<f64> {
        let length = self.found.ladder.rungs[0].length_scale;
        let size = self.roots.len();
        let mut kernels = vec![0.0; size * range.len()];
        kernel.cross(&self.prepared[0], &x.features, range.clone(), length, &mut kernels);
        let own = kernel.diagonal(&x.features, range, length);
        let columns = kernels.chunks_exact(size).zip(&own);
        columns
            .map(|(column, own)| {
                let similarities = column.iter().zip(&self.roots).map(|(k, root)| k / root);
                // A structure without atoms is like nothing.
                if *own > 0.0 { (similarities.fold(0.0, f64::max) / own.sqrt()).min(1.0) } else { 0.0 }
            })
            .collect()
    }

    /// In the units of the labels, and calibrated.
    pub(super) fn finish(&self, x: &Rungs<K::Input>, joint: &[Joint]) -> RungPredictions {
        let rungs = self.reports.len();
        let units: Vec<f64> =
            self.reports.iter().zip(&self.frame.scales).map(|(r, s)| r.fit.calibration * s).collect();
        let mut out = RungPredictions { rungs, ..RungPredictions::default() };
        out.noise = self.reports.iter().map(|r| r.fit.calibration.powi(2) * r.hyper.noise_variance).collect();
        for (i, one) in joint.iter().enumerate() {
            for m in 0..rungs {
                out.mean.push(self.frame.offset(x, i, m) + self.frame.scales[m] * one.means[m]);
                out.covariance
                    .extend((0..rungs).map(|k| units[m] * units[k] * one.covariance[m * rungs + k]));
            }
            out.nearest.push(one.nearest);
            out.in_domain.push(one.nearest >= self.reports[0].fit.domain_threshold);
        }
        out
    }
}
