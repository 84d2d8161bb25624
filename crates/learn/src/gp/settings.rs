use super::maximise::NoisePrior;
use crate::LearnError;
use serde::{Deserialize, Serialize};

/// Settings of a [`TanimotoGp`](crate::TanimotoGp).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GpSettings {
    /// The constant mean of the labels.
    pub mean: Mean,
    /// Signal and noise variance.
    pub hyper_parameters: HyperParameters,
    /// The quantile (0 to 1) of the training structures' own nearest
    /// similarities that bounds the domain. Default 0.05.
    pub domain_quantile: f64,
    /// Up to this many labels the hyper-parameters are found from one
    /// eigendecomposition of the similarities (O(n^3) once, O(n) for each
    /// evaluation); beyond, from a Cholesky factor for each evaluation,
    /// started from the result for an evenly spaced part of the labels.
    /// Default 2000.
    pub spectral_limit: usize,
    /// The most labels of which a stored model holds the Cholesky factor, n^2/2
    /// numbers; of more it is computed again when the model is restored.
    /// Default 4000.
    pub stored_factor: usize,
}

/// A factor of this order takes 64 MB.
pub(crate) const STORED_FACTOR: usize = 4000;

impl Default for GpSettings {
    fn default() -> Self {
        Self {
            mean: Mean::Estimated,
            hyper_parameters: HyperParameters::Estimated {
                noise_prior: Some(NoisePrior::default()),
                prior_sd: None,
            },
            domain_quantile: 0.05,
            spectral_limit: 2000,
            stored_factor: STORED_FACTOR,
        }
    }
}

/// The constant mean of the labels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mean {
    /// Unknown, with a flat prior: integrated out, and its uncertainty is part
    /// of every predicted standard deviation.
    Estimated,
    /// Known, in the unit of the labels.
    Known(f64),
}

/// Where signal and noise variance come from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HyperParameters {
    /// By maximising the marginal likelihood times the priors. The ratio of
    /// noise to signal variance is searched from 1e-6 to 100.
    Estimated {
        /// Prior of that ratio; `None` for the likelihood alone.
        noise_prior: Option<NoisePrior>,
        /// Standard deviation of the signal believed before any label, in the
        /// unit of the labels; counts as one label. `None`: no belief.
        prior_sd: Option<f64>,
    },
    /// Given, in squared units of the labels; both above zero.
    Given {
        /// Signal variance (amplitude squared).
        signal_variance: f64,
        /// Noise variance.
        noise_variance: f64,
    },
}

impl GpSettings {
    pub(crate) fn check(&self) -> Result<(), LearnError> {
        let positive = |setting, found: f64| {
            let expected = "a finite number above zero";
            if found > 0.0 && found.is_finite() {
                Ok(())
            } else {
                Err(LearnError::BadSetting { setting, found, expected })
            }
        };
        if let Mean::Known(found) = self.mean
            && !found.is_finite()
        {
            return Err(LearnError::BadSetting { setting: "mean", found, expected: "a finite number" });
        }
        match self.hyper_parameters {
            HyperParameters::Given { signal_variance, noise_variance } => {
                positive("signal_variance", signal_variance)?;
                positive("noise_variance", noise_variance)?;
            }
            HyperParameters::Estimated { noise_prior, prior_sd } => {
                if let Some(prior) = noise_prior {
                    positive("noise_prior.median", prior.median)?;
                    positive("noise_prior.ln_sd", prior.ln_sd)?;
                }
                if let Some(sd) = prior_sd {
                    positive("prior_sd", sd)?;
                }
            }
        }
        let found = self.domain_quantile;
        if !(0.0..=1.0).contains(&found) {
            return Err(LearnError::BadSetting {
                setting: "domain_quantile",
                found,
                expected: "a number from 0 to 1",
            });
        }
        Ok(())
    }
}
