//! What a Gaussian process knows after a fit.

use super::calibrate::{Residuals, domain_threshold};
use super::factor::{Factor, NotPositive};
use super::likelihood::{MeanPrior, Weights};
use super::scale::Scale;
use super::settings::{GpSettings, Mean};
use crate::LearnError;
use crate::index::TanimotoIndex;
use crate::report::FitReport;
use faer::Mat;
use features::CountMatrix;

#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) index: TanimotoIndex,
    pub(crate) core: Core,
    pub(crate) weights: Weights,
    pub(crate) report: FitReport,
}

/// What the weights and the report are computed from.
#[derive(Debug, Clone)]
pub(crate) struct Core {
    pub(crate) labels: Vec<f64>,
    /// Subtracted from the labels before anything is computed: large constants
    /// (total energies) would cost digits.
    pub(crate) offset: f64,
    pub(crate) mean: MeanPrior,
    pub(crate) scale: Scale,
    /// Factor of `T + r I`.
    pub(crate) factor: Factor,
    /// Diagonal of `(T + r I)^-1`.
    pub(crate) inverse_diagonal: Vec<f64>,
    /// For each training structure the similarity to the nearest one with
    /// other features; negative if there is none.
    pub(crate) nearest: Vec<f64>,
}

impl State {
    /// Learns from at least one label; settings and labels are checked.
    pub(crate) fn fit(settings: &GpSettings, x: &CountMatrix, y: &[f64]) -> Result<Self, LearnError> {
        let n = y.len();
        let (mean, offset) = match settings.mean {
            Mean::Estimated => (MeanPrior::Flat, y.iter().map(|y| y / n as f64).sum()),
            Mean::Known(mean) => (MeanPrior::Known, mean),
        };
        let centred: Vec<f64> = y.iter().map(|y| y - offset).collect();
        let index = TanimotoIndex::new(x);
        let gram = index.columns(x);
        let scale = Scale::decide(settings, &gram, y, &centred, mean)?;
        let factor = Factor::of_gram(&gram, n, scale.ratio).map_err(|e| singular(e, n, scale))?;
        let inverse_diagonal = factor.inverse_diagonal();
        let nearest = gram.chunks_exact(n).map(nearest_other).collect();
        let core = Core { labels: y.to_vec(), offset, mean, scale, factor, inverse_diagonal, nearest };
        let (weights, report) = core.solve(settings);
        Ok(Self { index, core, weights, report })
    }

    /// Adds at least one label at the same scale. Nothing changes on an error.
    pub(crate) fn extend(
        &mut self,
        settings: &GpSettings,
        x: &CountMatrix,
        y: &[f64],
    ) -> Result<(), LearnError> {
        let core = &mut self.core;
        let (n, k, ratio) = (core.labels.len(), y.len(), core.scale.ratio);
        let cross = self.index.columns(x);
        let corner = TanimotoIndex::new(x).columns(x);
        core.factor = core
            .factor
            .extend(
                Mat::from_fn(n, k, |i, j| cross[j * n + i]),
                Mat::from_fn(k, k, |i, j| corner[j * k + i] + if i == j { ratio } else { 0.0 }),
            )
            .map_err(|e| singular(e, n + k, core.scale))?;
        core.inverse_diagonal = core.factor.extended_inverse_diagonal(&core.inverse_diagonal);
        for (i, nearest) in core.nearest.iter_mut().enumerate() {
            *nearest = nearest.max(nearest_other(cross.iter().skip(i).step_by(n)));
        }
        for (old, new) in cross.chunks_exact(n).zip(corner.chunks_exact(k)) {
            core.nearest.push(nearest_other(old.iter().chain(new)));
        }
        core.labels.extend_from_slice(y);
        self.index.append(x);
        (self.weights, self.report) = self.core.solve(settings);
        Ok(())
    }
}

impl Core {
    fn solve(&self, settings: &GpSettings) -> (Weights, FitReport) {
        let centred: Vec<f64> = self.labels.iter().map(|y| y - self.offset).collect();
        let weights = Weights::new(&self.factor, &centred, self.mean);
        let report = self.report(settings, &weights);
        (weights, report)
    }

    /// Leave-one-out errors.
    pub(crate) fn residuals(&self, weights: &Weights) -> Option<Residuals> {
        let diagonal = weights.projected_diagonal(&self.inverse_diagonal);
        Residuals::new(&weights.alpha, &diagonal, self.scale.signal)
    }

    /// What the labels say about the model with these weights.
    pub(crate) fn report(&self, settings: &GpSettings, weights: &Weights) -> FitReport {
        let centred: Vec<f64> = self.labels.iter().map(|y| y - self.offset).collect();
        let Scale { signal, ratio, source, bound, evaluations } = self.scale;
        let sums = weights.sums(&centred, &self.factor, &self.inverse_diagonal);
        let residuals = self.residuals(weights);
        FitReport {
            labels: self.labels.len(),
            mean: self.offset + weights.mean,
            signal_variance: signal,
            noise_variance: signal * ratio,
            log_marginal_likelihood: sums.likelihood(signal, ratio).value,
            scale: source,
            evaluations,
            at_bound: bound,
            calibration: residuals.as_ref().map_or(1.0, Residuals::factor),
            domain_threshold: domain_threshold(&self.nearest, settings.domain_quantile),
            leave_one_out: residuals.map(|residuals| residuals.summary(&self.labels)),
        }
    }
}

/// The largest similarity below 1, which only copies reach; negative if none.
fn nearest_other<'a>(similarities: impl IntoIterator<Item = &'a f64>) -> f64 {
    similarities.into_iter().copied().filter(|&s| s < 1.0).fold(-1.0, f64::max)
}

fn singular(error: NotPositive, labels: usize, scale: Scale) -> LearnError {
    LearnError::SingularCovariance {
        labels,
        row: error.row,
        noise_variance: scale.signal * scale.ratio,
        signal_variance: scale.signal,
    }
}
