//! Predictions for many candidates, block after block.

use super::fit::State;
use super::sums::Base;
use crate::gp::factor::dot;
use crate::{Kernel, Predictions, Table};
use faer::MatMut;
use rayon::prelude::*;

/// As in the exact process: blocks start at multiples of this whatever the
/// number of threads.
const BLOCK: usize = 64;

/// One candidate, in units of the signal variance and before calibration.
#[derive(Debug, Clone, Copy)]
pub(super) struct Raw {
    pub(super) mean: f64,
    /// What the inducing points leave of the variance.
    pub(super) left: f64,
    /// What the labels leave of the rest.
    pub(super) known: f64,
    /// `1 - k_m^T u_1`, zero if the mean is known.
    pub(super) rest: f64,
    pub(super) nearest: f64,
    /// Similarity to the nearest inducing point that is no copy; negative if
    /// there is none.
    pub(super) other: f64,
}

impl<K: Kernel> State<K> {
    pub(super) fn base<'a>(&'a self, kernel: &'a K) -> Base<'a, K> {
        Base { kernel, prepared: &self.prepared, factor: &self.factor, length: self.found.length }
    }

    pub(super) fn raw(&self, kernel: &K, x: &K::Input) -> Vec<Raw> {
        let (m, count) = (self.factor.dim(), x.len());
        let blocks: Vec<Vec<Raw>> = (0..count.div_ceil(BLOCK))
            .into_par_iter()
            .map_init(
                || vec![0.0; m * BLOCK],
                |columns, number| {
                    let (from, to) = (number * BLOCK, (number * BLOCK + BLOCK).min(count));
                    self.block(kernel, x, from..to, &mut columns[..m * (to - from)])
                },
            )
            .collect();
        blocks.concat()
    }

    fn block(
        &self,
        kernel: &K,
        x: &K::Input,
        range: std::ops::Range<usize>,
        columns: &mut [f64],
    ) -> Vec<Raw> {
        let m = self.factor.dim();
        let own = kernel.diagonal(x, range.clone(), self.found.length);
        kernel.cross(&self.prepared, x, range, self.found.length, columns);
        let constant = self.offset + self.solved.mean;
        let mut raw: Vec<Raw> = columns
            .chunks_exact(m)
            .zip(&own)
            .map(|(column, own)| {
                let similarity =
                    |(k, root): (&f64, &f64)| if *own > 0.0 { k / root / own.sqrt() } else { 0.0 };
                let (mut nearest, mut other) = (0.0_f64, -1.0_f64);
                for value in column.iter().zip(&self.roots).map(similarity) {
                    nearest = nearest.max(value);
                    if value < super::fit::COPY {
                        other = other.max(value);
                    }
                }
                Raw {
                    mean: constant + dot(column, &self.solved.u),
                    left: 0.0,
                    known: 0.0,
                    rest: if self.solved.ones.is_empty() {
                        0.0
                    } else {
                        1.0 - dot(column, &self.solved.ones)
                    },
                    nearest: nearest.min(1.0),
                    other,
                }
            })
            .collect();
        let count = own.len();
        self.factor.forward(MatMut::from_column_major_slice_mut(columns, m, count));
        for ((raw, column), own) in raw.iter_mut().zip(columns.chunks_exact(m)).zip(&own) {
            raw.left = (own - dot(column, column)).max(0.0);
        }
        self.solved.factor.forward(MatMut::from_column_major_slice_mut(columns, m, count));
        for (raw, column) in raw.iter_mut().zip(columns.chunks_exact(m)) {
            raw.known = dot(column, column);
        }
        raw
    }

    pub(super) fn predict(&self, kernel: &K, x: &K::Input) -> Predictions {
        let raw = self.raw(kernel, x);
        let report = &self.report;
        let sd = |variance: f64| report.calibration * (self.signal * variance).sqrt();
        let latent = |r: &Raw| r.left + r.known + r.rest * r.rest / self.solved.precision;
        Predictions {
            mean: raw.iter().map(|r| r.mean).collect(),
            sd: raw.iter().map(|r| sd(latent(r) + self.found.ratio)).collect(),
            sd_latent: raw.iter().map(|r| sd(latent(r))).collect(),
            nearest: raw.iter().map(|r| r.nearest).collect(),
            in_domain: raw.iter().map(|r| r.nearest >= report.domain_threshold).collect(),
        }
    }
}
