//! The joint posterior of candidates, and what it becomes when some are taken
//! as observed.

use super::factor::dot;
use super::predict::{BLOCK, Raw};
use super::state::State;
use crate::LearnError;
use features::CountMatrix;
use rayon::prelude::*;

/// Memory a posterior may take, in bytes.
const LIMIT: usize = 512 << 20;

/// The joint posterior of some candidates under a fitted
/// [`TanimotoGp`](crate::TanimotoGp), in the unit of the labels, calibrated as
/// its predictions are.
///
/// For a batch that does not ask the same question twice, pick a candidate,
/// call [`Posterior::condition_on`], and pick the next from the variances that
/// are left: means stay, variances shrink around what was picked ("fantasies"
/// at the posterior mean, the kriging believer of Ginsbourger, Le Riche and
/// Carraro 2010).
#[derive(Debug, Clone)]
pub struct Posterior<'a> {
    state: &'a State,
    candidates: &'a CountMatrix,
    /// `L^-1 k` of each candidate, column after column, n for each.
    solved: Vec<f64>,
    raw: Vec<Raw>,
    /// One row for each conditioning: covariance of the observed candidate to
    /// all over the standard deviation of its label; signal variance is 1.
    observed: Vec<Vec<f64>>,
}

impl<'a> Posterior<'a> {
    pub(crate) fn new(state: &'a State, candidates: &'a CountMatrix) -> Result<Self, LearnError> {
        let (n, m) = (state.index.len(), candidates.len());
        let bytes = m.saturating_mul(n).saturating_mul(size_of::<f64>());
        if bytes > LIMIT {
            return Err(LearnError::PosteriorTooLarge {
                candidates: m,
                labels: n,
                bytes,
                limit: LIMIT,
                fits: LIMIT / (n * size_of::<f64>()),
            });
        }
        let (mut solved, mut raw) = (vec![0.0; n * m], vec![Raw::default(); m]);
        raw.par_chunks_mut(BLOCK).zip(solved.par_chunks_mut(n * BLOCK)).enumerate().for_each_init(
            || vec![0; n],
            |shared, (number, (block, solved))| {
                state.block(candidates, number * BLOCK, solved, shared, block);
            },
        );
        Ok(Self { state, candidates, solved, raw, observed: Vec::new() })
    }

    /// The number of candidates.
    pub fn len(&self) -> usize {
        self.raw.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// Expected labels.
    pub fn mean(&self) -> Vec<f64> {
        self.raw.iter().map(|raw| raw.mean).collect()
    }

    /// Standard deviations of new labels, with noise, as in
    /// [`Predictions::sd`](crate::Predictions::sd).
    pub fn sd(&self) -> Vec<f64> {
        let (unit, ratio) = (self.unit(), self.state.core.scale.ratio);
        self.raw.iter().map(|raw| (unit * (raw.variance + ratio)).sqrt()).collect()
    }

    /// Standard deviations without noise, as in
    /// [`Predictions::sd_latent`](crate::Predictions::sd_latent).
    pub fn sd_latent(&self) -> Vec<f64> {
        self.raw.iter().map(|raw| (self.unit() * raw.variance).sqrt()).collect()
    }

    /// Latent covariances of candidate `index` with every candidate, in squared
    /// units of the labels, given the labels and what was conditioned on.
    /// Costs O(candidates times labels).
    ///
    /// # Errors
    /// [`LearnError::NoSuchCandidate`].
    pub fn covariance(&self, index: usize) -> Result<Vec<f64>, LearnError> {
        let unit = self.unit();
        Ok(self.unit_covariance(index)?.into_iter().map(|c| unit * c).collect())
    }

    /// Takes candidate `index` as observed (with noise) at its mean: the
    /// variance of every candidate `j` falls by
    /// `cov(index, j)^2 / (var(index) + noise)`; means stay.
    /// Costs O(candidates times labels).
    ///
    /// # Errors
    /// [`LearnError::NoSuchCandidate`].
    pub fn condition_on(&mut self, index: usize) -> Result<(), LearnError> {
        let mut row = self.unit_covariance(index)?;
        let sd = (self.raw[index].variance + self.state.core.scale.ratio).sqrt();
        for (covariance, raw) in row.iter_mut().zip(&mut self.raw) {
            *covariance /= sd;
            raw.variance = (raw.variance - *covariance * *covariance).max(0.0);
        }
        self.observed.push(row);
        Ok(())
    }

    /// Squared calibrated signal: what one unit of variance is worth.
    fn unit(&self) -> f64 {
        self.state.core.scale.signal * self.state.report.calibration.powi(2)
    }

    /// `cov(i, j) = T_ij - (L^-1 k_i)^T (L^-1 k_j) + rest_i rest_j / (1^T K~^-1 1)`,
    /// less the products of the rows of what was conditioned on.
    fn unit_covariance(&self, index: usize) -> Result<Vec<f64>, LearnError> {
        if index >= self.len() {
            return Err(LearnError::NoSuchCandidate { index, candidates: self.len() });
        }
        let n = self.state.index.len();
        let column = |j: usize| &self.solved[j * n..(j + 1) * n];
        let (mine, chosen, rest) = (self.candidates.row(index), column(index), self.raw[index].rest);
        Ok((0..self.len())
            .into_par_iter()
            .map(|j| {
                let prior = mine.tanimoto(self.candidates.row(j));
                let mean = rest * self.raw[j].rest / self.state.weights.precision;
                let known: f64 = self.observed.iter().map(|row| row[index] * row[j]).sum();
                prior - dot(chosen, column(j)) + mean - known
            })
            .collect())
    }
}
