//! Exact Gaussian process regression with the Tanimoto kernel.

pub(crate) mod calibrate;
pub(crate) mod factor;
pub(crate) mod likelihood;
pub(crate) mod maximise;
mod posterior;
mod predict;
mod scale;
pub(crate) mod settings;
mod state;
pub(crate) mod stored;

pub use maximise::NoisePrior;
pub use posterior::Posterior;
pub use settings::{GpSettings, HyperParameters, Mean};

use crate::report::FitReport;
use crate::surrogate::check_labels;
use crate::{LearnError, Predictions, Surrogate};
use features::CountMatrix;
use state::State;

/// Exact Gaussian process regression with the Tanimoto kernel on counts.
///
/// A label is `y = m + f(x) + e` with a constant mean `m`, a function `f` of
/// covariance `a T(x, x')` (`T`: [`features::Counts::tanimoto`]; positive
/// definite by Ralaivola et al., Neural Networks 18, 1093, 2005) and noise `e`
/// of variance `s`. The labels of QM have no noise of their own: `s` stands for
/// what the features cannot tell apart, and is part of the predicted standard
/// deviation of a new label.
///
/// With `K = a T + s I` and similarities `k` of a candidate to the training
/// structures (Rasmussen and Williams 2006, eq. 2.25, 2.26, and 2.41, 2.42 for
/// the mean in the limit of a flat prior):
///
/// ```text
/// m        = 1^T K^-1 y / (1^T K^-1 1)
/// mean     = m + a k^T K^-1 (y - m)
/// latent^2 = a - a^2 k^T K^-1 k + (1 - a 1^T K^-1 k)^2 / (1^T K^-1 1)
/// sd^2     = latent^2 + s
/// ```
///
/// Both standard deviations are multiplied by a factor that makes the nominal
/// 90 % interval hold 90 % of the leave-one-out errors.
///
/// **Cold start.** Any number of labels from one on can be learnt from. One
/// label, or labels that are all the same, have no spread: the signal variance
/// is then the given `prior_sd` squared, or else the squared size of the labels
/// over their number (1 instead of the size, for zeros), and the noise ratio
/// is its prior median. From two different labels on, the likelihood decides,
/// with a weak prior on the noise ratio.
///
/// Cost: fit O(n^3) time and three n by n matrices; prediction O(n^2) time for
/// each candidate, in blocks, so that memory beyond the result does not grow
/// with the candidates.
#[derive(Debug, Clone, Default)]
pub struct TanimotoGp {
    settings: GpSettings,
    state: Option<State>,
}

impl TanimotoGp {
    /// A model that has learnt nothing yet. Settings out of range are refused
    /// by [`Surrogate::fit`].
    pub fn new(settings: GpSettings) -> Self {
        Self { settings, state: None }
    }

    /// The report of the last fit or extension; `None` before the first.
    pub fn report(&self) -> Option<&FitReport> {
        self.state.as_ref().map(|state| &state.report)
    }

    /// Leave-one-out scores, as [`KernelGp::scores`](crate::KernelGp::scores).
    pub fn scores(&self) -> Vec<f64> {
        let of = |state: &State| {
            let scores = state.core.residuals(&state.weights).map(|r| r.scores).unwrap_or_default();
            scores.iter().map(|z| z.abs() / state.report.calibration).collect()
        };
        self.state.as_ref().map(of).unwrap_or_default()
    }

    /// The joint posterior of some candidates, for choosing batches.
    ///
    /// # Errors
    /// [`LearnError::NotFitted`], or [`LearnError::PosteriorTooLarge`] when
    /// candidates times labels would take more than 512 MiB.
    pub fn posterior<'a>(&'a self, candidates: &'a CountMatrix) -> Result<Posterior<'a>, LearnError> {
        Posterior::new(self.state()?, candidates)
    }

    fn state(&self) -> Result<&State, LearnError> {
        self.state.as_ref().ok_or(LearnError::NotFitted)
    }
}

impl Surrogate for TanimotoGp {
    type Input = CountMatrix;

    fn fit(&mut self, x: &CountMatrix, y: &[f64]) -> Result<FitReport, LearnError> {
        self.settings.check()?;
        check_labels(x.len(), y)?;
        if y.is_empty() {
            return Err(LearnError::NoData);
        }
        let state = State::fit(&self.settings, x, y)?;
        Ok(self.state.insert(state).report.clone())
    }

    fn extend(&mut self, x: &CountMatrix, y: &[f64]) -> Result<FitReport, LearnError> {
        check_labels(x.len(), y)?;
        let state = self.state.as_mut().ok_or(LearnError::NotFitted)?;
        if !y.is_empty() {
            state.extend(&self.settings, x, y)?;
        }
        Ok(state.report.clone())
    }

    fn predict(&self, x: &CountMatrix) -> Result<Predictions, LearnError> {
        Ok(self.state()?.predict(x))
    }
}

#[cfg(test)]
mod tests;
