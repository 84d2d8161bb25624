//! Signal and noise variance of a set of labels.

use super::likelihood::{Dense, MeanPrior, Spectrum};
use super::maximise::{Maximum, NO_SCALE_PRIOR, NoisePrior, Objective, ScalePrior};
use super::settings::{GpSettings, HyperParameters};
use crate::LearnError;
use crate::report::{Bound, ScaleSource};
use serde::{Deserialize, Serialize};

/// Labels whose spread is below this share of their size are all the same: the
/// difference is rounding.
const ROUNDING: f64 = 1e-12;

/// Spread below which squares would underflow.
const LEAST_SPREAD: f64 = 1e-100;

/// Signal variance and ratio of noise to signal, and how they were found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Scale {
    pub(crate) signal: f64,
    pub(crate) ratio: f64,
    pub(crate) source: ScaleSource,
    pub(crate) bound: Option<Bound>,
    pub(crate) evaluations: usize,
}

impl Scale {
    /// Decides the scale for labels `raw`, which are `centred` for the
    /// likelihood, with similarities `gram`.
    pub(crate) fn decide(
        settings: &GpSettings,
        gram: &[f64],
        raw: &[f64],
        centred: &[f64],
        mean: MeanPrior,
    ) -> Result<Self, LearnError> {
        let (noise, prior_sd) = match settings.hyper_parameters {
            HyperParameters::Given { signal_variance, noise_variance } => {
                return Ok(Self {
                    signal: signal_variance,
                    ratio: noise_variance / signal_variance,
                    source: ScaleSource::Given,
                    bound: None,
                    evaluations: 0,
                });
            }
            HyperParameters::Estimated { noise_prior, prior_sd } => (noise_prior, prior_sd),
        };
        let largest = |values: &[f64]| values.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        let spread = largest(centred);
        if spread <= ROUNDING * largest(raw) || spread < LEAST_SPREAD {
            return Ok(Self::without_spread(raw, noise, prior_sd));
        }
        let scale = prior_sd.map_or(NO_SCALE_PRIOR, |sd| ScalePrior { variance: sd * sd, worth: 1.0 });
        let n = raw.len();
        let maximum = if n <= settings.spectral_limit.max(1) {
            let evidence = &Spectrum::new(gram, centred, mean)?;
            Objective { evidence, noise, scale }.global()?
        } else {
            let start = sample(gram, centred, settings.spectral_limit.max(2), mean, noise, scale)?;
            let evidence = &Dense { gram, labels: centred, mean };
            let end = Objective { evidence, noise, scale }.local(start.ratio)?;
            Maximum { evaluations: start.evaluations + end.evaluations, ..end }
        };
        Ok(Self {
            signal: maximum.signal,
            ratio: maximum.ratio,
            source: ScaleSource::Likelihood,
            bound: maximum.bound,
            evaluations: maximum.evaluations,
        })
    }

    fn without_spread(raw: &[f64], noise: Option<NoisePrior>, prior_sd: Option<f64>) -> Self {
        let n = raw.len() as f64;
        let size = (raw.iter().sum::<f64>() / n).abs();
        let size = if size < LEAST_SPREAD { 1.0 } else { size };
        Self {
            signal: prior_sd.map_or(size * size / n, |sd| sd * sd),
            ratio: noise.unwrap_or_default().median,
            source: ScaleSource::LabelSize,
            bound: None,
            evaluations: 0,
        }
    }
}

/// The maximum for evenly spaced labels, `limit` of them at most: where the
/// search with all labels starts.
fn sample(
    gram: &[f64],
    labels: &[f64],
    limit: usize,
    mean: MeanPrior,
    noise: Option<NoisePrior>,
    scale: ScalePrior,
) -> Result<Maximum, LearnError> {
    let n = labels.len();
    let taken: Vec<usize> = (0..limit.min(n)).map(|i| i * n / limit.min(n)).collect();
    let part: Vec<f64> = taken.iter().map(|&i| labels[i]).collect();
    let similarities: Vec<f64> =
        taken.iter().flat_map(|&j| taken.iter().map(move |&i| gram[j * n + i])).collect();
    let evidence = &Spectrum::new(&similarities, &part, mean)?;
    Objective { evidence, noise, scale }.global()
}
