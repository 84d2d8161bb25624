//! Exact Gaussian process regression, and kernel ridge regression, with any
//! [`Kernel`].

mod bfgs;
mod conflicts;
mod evidence;
mod predict;
pub(crate) mod search;
pub(crate) mod settings;
pub(crate) mod state;
mod stored;

pub use conflicts::{Conflict, Copies};
pub use settings::{Criterion, KernelGpSettings, KernelHyper};

use crate::surrogate::check_labels;
use crate::{FitReport, Kernel, LearnError, Predictions, Surrogate, Table};
use serde::Serialize;
use state::State;

/// What a fit found beyond its [`FitReport`], for all properties together.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct KernelReport {
    /// Length scale of the kernel, in the unit of its distance.
    pub length_scale: f64,
    /// Noise over signal variance; the `alpha` or `lambda` of kernel ridge
    /// regression.
    pub noise_ratio: f64,
    /// Labels that these two were found from; 0 if they were given.
    pub searched_labels: usize,
    /// Structures with equal features, and whether their labels agree.
    pub copies: Copies,
}

/// Exact Gaussian process regression with a kernel `a k(x, x')`, of one or
/// several properties.
///
/// The model and its formulas are those of [`TanimotoGp`](crate::TanimotoGp);
/// its mean is also what kernel ridge regression predicts with `lambda = s / a`
/// (Rasmussen and Williams 2006, section 6.2). The length scale of `k` and the
/// ratio of noise to signal are found by maximising the marginal likelihood (or
/// minimising the leave-one-out error, [`KernelGpSettings::ridge`]) with
/// analytic gradients, from several starts on a few labels and then on up to
/// [`KernelGpSettings::search_limit`]; the signal variance is known in closed
/// form. There is no random number in it.
///
/// Properties learnt together share kernel, noise ratio and factorisation;
/// signal variance, mean and calibration are each one's own.
///
/// Cost: fit O(n^3) time and one n by n matrix, plus the search's; extension by
/// k labels O(n^2 k); prediction O(n^2) for each candidate, in blocks.
#[derive(Debug, Clone)]
pub struct KernelGp<K: Kernel> {
    kernel: K,
    settings: KernelGpSettings,
    state: Option<State<K>>,
}

impl<K: Kernel> KernelGp<K> {
    /// A model that has learnt nothing yet. Settings out of range are refused
    /// by [`Surrogate::fit`].
    pub fn new(kernel: K, settings: KernelGpSettings) -> Self {
        Self { kernel, settings, state: None }
    }

    /// Learns several properties of rows `x` at once: `labels` holds those of
    /// each property. One report for each.
    ///
    /// # Errors
    /// As [`Surrogate::fit`]; [`LearnError::NoData`] without a property.
    pub fn fit_many(&mut self, x: &K::Input, labels: &[&[f64]]) -> Result<Vec<FitReport>, LearnError> {
        self.settings.check()?;
        labels.iter().try_for_each(|y| check_labels(x.len(), y))?;
        if labels.is_empty() || x.is_empty() {
            return Err(LearnError::NoData);
        }
        let state = State::fit(&self.kernel, &self.settings, x, labels)?;
        Ok(reports(self.state.insert(state)))
    }

    /// Adds labels of all properties, as [`Surrogate::extend`].
    ///
    /// # Errors
    /// As [`Surrogate::extend`], and [`LearnError::PropertyMismatch`].
    pub fn extend_many(&mut self, x: &K::Input, labels: &[&[f64]]) -> Result<Vec<FitReport>, LearnError> {
        labels.iter().try_for_each(|y| check_labels(x.len(), y))?;
        let state = self.state.as_mut().ok_or(LearnError::NotFitted)?;
        let (expected, found) = (state.properties.len(), labels.len());
        if expected != found {
            return Err(LearnError::PropertyMismatch { expected, found });
        }
        if !x.is_empty() {
            state.extend(&self.kernel, &self.settings, x, labels)?;
        }
        Ok(reports(state))
    }

    /// Predicts all properties, in the order of the fit.
    ///
    /// # Errors
    /// As [`Surrogate::predict`].
    pub fn predict_many(&self, x: &K::Input) -> Result<Vec<Predictions>, LearnError> {
        let state = self.state.as_ref().ok_or(LearnError::NotFitted)?;
        self.kernel.check(&state.prepared, x)?;
        Ok(state.predict(&self.kernel, x))
    }

    /// The reports of the last fit or extension, one for each property; empty
    /// before the first.
    pub fn reports(&self) -> Vec<FitReport> {
        self.state.as_ref().map(reports).unwrap_or_default()
    }

    /// Sizes of the leave-one-out errors of the only property, and their
    /// calibrated standard deviations; empty if there are none.
    pub(crate) fn left_out(&self) -> Result<(Vec<f64>, Vec<f64>), LearnError> {
        only(self.state.as_ref().ok_or(LearnError::NotFitted)?.left_out())
    }

    /// The features learnt from.
    pub(crate) fn learnt(&self) -> Option<&K::Input> {
        self.state.as_ref().map(|state| &state.x)
    }

    /// The kernel, and what was learnt.
    pub(crate) fn fitted(&self) -> Result<(&K, &State<K>), LearnError> {
        Ok((&self.kernel, self.state.as_ref().ok_or(LearnError::NotFitted)?))
    }

    /// Leave-one-out scores of each property in closed form: errors of
    /// predicting each label from all others, at the hyper-parameters of all,
    /// over the standard deviations that predictions have; sizes only. For a
    /// [`Calibration`](crate::Calibration). Empty before the first fit.
    pub fn scores(&self) -> Vec<Vec<f64>> {
        self.state.as_ref().map(State::scores).unwrap_or_default()
    }

    /// Length scale, noise ratio and conflicting labels; `None` before the
    /// first fit.
    pub fn details(&self) -> Option<&KernelReport> {
        self.state.as_ref().map(|state| &state.details)
    }
}

fn reports<K: Kernel>(state: &State<K>) -> Vec<FitReport> {
    state.properties.iter().map(|property| property.report.clone()).collect()
}

/// The one entry of a model of one property.
fn only<T>(mut list: Vec<T>) -> Result<T, LearnError> {
    let found = list.len();
    match list.pop() {
        Some(one) if found == 1 => Ok(one),
        _ => Err(LearnError::PropertyMismatch { expected: found, found: 1 }),
    }
}

impl<K: Kernel> Surrogate for KernelGp<K> {
    type Input = K::Input;

    fn fit(&mut self, x: &K::Input, y: &[f64]) -> Result<FitReport, LearnError> {
        check_labels(x.len(), y)?;
        only(self.fit_many(x, &[y])?)
    }

    fn extend(&mut self, x: &K::Input, y: &[f64]) -> Result<FitReport, LearnError> {
        only(self.extend_many(x, &[y])?)
    }

    /// For a model of several properties an error: see
    /// [`KernelGp::predict_many`].
    fn predict(&self, x: &K::Input) -> Result<Predictions, LearnError> {
        only(self.predict_many(x)?)
    }
}

#[cfg(test)]
mod tests;
