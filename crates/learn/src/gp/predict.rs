//! Predictions for many candidates, block after block.

use super::factor::dot;
use super::state::State;
use crate::Predictions;
use faer::MatMut;
use features::CountMatrix;
use rayon::prelude::*;

/// Candidates in one block: enough columns for a fast triangular solve, few
/// enough that a block's similarities stay in the cache. Blocks start at
/// multiples of this whatever the number of threads.
pub(crate) const BLOCK: usize = 64;

/// One candidate, in units of the signal variance and before calibration.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Raw {
    pub(crate) mean: f64,
    /// `1 - 1^T K~^-1 k`: how much the candidate depends on the estimated mean.
    pub(crate) rest: f64,
    /// Latent variance over the signal variance.
    pub(crate) variance: f64,
    pub(crate) nearest: f64,
}

impl State {
    /// Predicts candidates `start..start + block.len()`. `solved` (labels by
    /// block, column after column) receives `L^-1 k` of each; `shared` is
    /// scratch of one entry for each label.
    pub(crate) fn block(
        &self,
        candidates: &CountMatrix,
        start: usize,
        solved: &mut [f64],
        shared: &mut [u32],
        block: &mut [Raw],
    ) {
        let n = self.index.len();
        let known_mean = self.weights.beta.is_empty();
        for (offset, (raw, column)) in block.iter_mut().zip(solved.chunks_exact_mut(n)).enumerate() {
            self.index.similarities(candidates.row(start + offset), shared, column);
            raw.mean = self.core.offset + self.weights.mean + dot(column, &self.weights.alpha);
            raw.rest = if known_mean { 0.0 } else { 1.0 - dot(column, &self.weights.beta) };
            raw.nearest = column.iter().copied().fold(0.0, f64::max);
        }
        self.core.factor.forward(MatMut::from_column_major_slice_mut(solved, n, block.len()));
        for (raw, column) in block.iter_mut().zip(solved.chunks_exact(n)) {
            // Rounding may take the variance at a training structure below zero.
            raw.variance =
                (1.0 - dot(column, column) + raw.rest * raw.rest / self.weights.precision).max(0.0);
        }
    }

    pub(crate) fn predict(&self, candidates: &CountMatrix) -> Predictions {
        let n = self.index.len();
        let mut raw = vec![Raw::default(); candidates.len()];
        raw.par_chunks_mut(BLOCK).enumerate().for_each_init(
            || (vec![0.0; n * BLOCK], vec![0; n]),
            |(solved, shared), (number, block)| {
                self.block(candidates, number * BLOCK, &mut solved[..n * block.len()], shared, block);
            },
        );
        let sd = |variance: f64| self.report.calibration * (self.core.scale.signal * variance).sqrt();
        let ratio = self.core.scale.ratio;
        Predictions {
            mean: raw.iter().map(|r| r.mean).collect(),
            sd: raw.iter().map(|r| sd(r.variance + ratio)).collect(),
            sd_latent: raw.iter().map(|r| sd(r.variance)).collect(),
            nearest: raw.iter().map(|r| r.nearest).collect(),
            in_domain: raw.iter().map(|r| r.nearest >= self.report.domain_threshold).collect(),
        }
    }
}
