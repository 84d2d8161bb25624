//! Gaussian processes of many labels through inducing points.

mod fit;
mod predict;
mod select;
mod settings;
mod stored;
mod sums;

pub use settings::{Approximation, Comparison, SparseReport, SparseSettings};

use crate::surrogate::check_labels;
use crate::{FitReport, Kernel, LearnError, Predictions, Surrogate, Table};
use fit::State;

/// Gaussian process regression with a kernel `a k(x, x')` and `m` inducing
/// points among the training structures, for more labels than
/// [`KernelGp`](crate::KernelGp) has memory for.
///
/// With `K_mm` among inducing points, `K_mn` between them and all, and
/// `Q = K_nm K_mm^-1 K_mn` the Nystrom approximation of the kernel matrix, the
/// labels are taken to have covariance `a (Q + D)` with a diagonal `D`
/// (Quinonero-Candela and Rasmussen, J. Mach. Learn. Res. 6, 1939, 2005):
///
/// ```text
/// variational D = r I                       (DTC, eq. 20)
/// FITC        D = diag(K_nn - Q) + r I      (eq. 24)
///
/// A        = K_mm + K_mn D^-1 K_nm
/// mean     = k_m^T A^-1 K_mn D^-1 y
/// latent^2 = a (k - k_m^T K_mm^-1 k_m + k_m^T A^-1 k_m)
/// sd^2     = latent^2 + a r
/// ```
///
/// All is computed through `V = L^-1 K_mn` with `K_mm = L L^T`, a block of
/// structures at a time: memory is four `m` by `m` matrices and the pool of
/// which inducing points are chosen, time O(n m^2) for the fit, O(m^2) for each
/// prediction. A mean that is estimated is integrated out as in
/// [`TanimotoGp`](crate::TanimotoGp).
///
/// Inducing points are the pivots of an incomplete Cholesky factorisation of the
/// kernel matrix of evenly spaced structures (Fine and Scheinberg, J. Mach.
/// Learn. Res. 2, 243, 2001): each the structure that those before explain
/// least. The length scale comes from the exact likelihood of a part of the
/// labels, as in `KernelGp`; the noise ratio too for FITC, while the
/// variational approximation takes it from the bound of all labels (Titsias,
/// AISTATS 2009, eq. 9), the likelihood of `Q + r I` less
/// `tr(K_nn - Q) / (2 r)`.
///
/// Leave-one-out errors and the calibration come from evenly spaced labels,
/// `judged` at most, in closed form with inducing points kept. Similarities to
/// the nearest structure are to the nearest inducing point.
#[derive(Debug, Clone)]
pub struct SparseGp<K: Kernel> {
    kernel: K,
    settings: SparseSettings,
    state: Option<State<K>>,
}

impl<K: Kernel> SparseGp<K> {
    /// A model that has learnt nothing yet. Settings out of range are refused
    /// by [`Surrogate::fit`].
    pub fn new(kernel: K, settings: SparseSettings) -> Self {
        Self { kernel, settings, state: None }
    }

    /// The report of the last fit or extension; `None` before the first.
    pub fn report(&self) -> Option<&FitReport> {
        self.state.as_ref().map(|state| &state.report)
    }

    /// Inducing points and the error of the approximation; `None` before the
    /// first fit.
    pub fn details(&self) -> Option<&SparseReport> {
        self.state.as_ref().map(|state| &state.details)
    }

    /// Leave-one-out scores of the judged labels, as
    /// [`KernelGp::scores`](crate::KernelGp::scores).
    pub fn scores(&self) -> Vec<f64> {
        self.state.as_ref().map(|state| state.scores.clone()).unwrap_or_default()
    }
}

impl<K: Kernel> Surrogate for SparseGp<K> {
    type Input = K::Input;

    fn fit(&mut self, x: &K::Input, y: &[f64]) -> Result<FitReport, LearnError> {
        self.settings.check()?;
        check_labels(x.len(), y)?;
        if y.is_empty() {
            return Err(LearnError::NoData);
        }
        let state = State::fit(&self.kernel, &self.settings, x, y)?;
        Ok(self.state.insert(state).report.clone())
    }

    /// Inducing points stay as well.
    ///
    /// # Errors
    /// As [`Surrogate::extend`].
    fn extend(&mut self, x: &K::Input, y: &[f64]) -> Result<FitReport, LearnError> {
        check_labels(x.len(), y)?;
        let state = self.state.as_mut().ok_or(LearnError::NotFitted)?;
        if !y.is_empty() {
            state.extend(&self.kernel, &self.settings, x, y)?;
        }
        Ok(state.report.clone())
    }

    fn predict(&self, x: &K::Input) -> Result<Predictions, LearnError> {
        let state = self.state.as_ref().ok_or(LearnError::NotFitted)?;
        self.kernel.check(&state.prepared, x)?;
        Ok(state.predict(&self.kernel, x))
    }
}

#[cfg(test)]
mod tests;
