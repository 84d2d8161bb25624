use crate::gp::maximise::NoisePrior;
use crate::gp::settings::STORED_FACTOR;
use crate::{LearnError, Mean};
use serde::{Deserialize, Serialize};

/// What the hyper-parameters of a [`KernelGp`](crate::KernelGp) maximise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// The marginal likelihood: the model is a Gaussian process.
    MarginalLikelihood,
    /// The squared leave-one-out error, negative: the model is kernel ridge
    /// regression with cross-validated hyper-parameters. Its standard
    /// deviations still come from the Gaussian process at these values.
    LeaveOneOut,
}

/// Where length scale, signal and noise variance come from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KernelHyper {
    /// By maximising the criterion, and for the marginal likelihood weak
    /// priors with it: they decide only where labels are few.
    Estimated {
        /// What is maximised.
        criterion: Criterion,
        /// Whether to use the priors: log-normal around the median distance
        /// for the length scale, around 0.01 of the signal for the noise.
        priors: bool,
    },
    /// Given, in the unit of distances and in squared units of the labels; all
    /// above zero.
    Given {
        /// Length scale of the kernel.
        length_scale: f64,
        /// Factor of the kernel.
        signal_variance: f64,
        /// Noise variance.
        noise_variance: f64,
    },
}

/// Settings of a [`KernelGp`](crate::KernelGp).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct KernelGpSettings {
    /// The constant mean of the labels. Estimated by default;
    /// [`Mean::Known`] zero for extensive kernels.
    pub mean: Mean,
    /// Length scale, signal and noise variance.
    pub hyper_parameters: KernelHyper,
    /// As [`GpSettings::domain_quantile`](crate::GpSettings::domain_quantile).
    pub domain_quantile: f64,
    /// The most labels that length scale and noise ratio are found from;
    /// of more, an evenly spaced part is taken. Signal variance and all else
    /// always come from all labels. Default 2000.
    pub search_limit: usize,
    /// As [`GpSettings::stored_factor`](crate::GpSettings::stored_factor).
    pub stored_factor: usize,
}

impl Default for KernelGpSettings {
    /// A Gaussian process with a constant mean.
    fn default() -> Self {
        Self {
            mean: Mean::Estimated,
            hyper_parameters: KernelHyper::Estimated {
                criterion: Criterion::MarginalLikelihood,
                priors: true,
            },
            domain_quantile: 0.05,
            search_limit: 2000,
            stored_factor: STORED_FACTOR,
        }
    }
}

impl KernelGpSettings {
    /// A Gaussian process without a mean, for extensive kernels such as
    /// [`LocalKernel`](crate::LocalKernel).
    pub fn extensive() -> Self {
        Self { mean: Mean::Known(0.0), ..Self::default() }
    }

    /// Kernel ridge regression around an estimated mean, cross-validated.
    pub fn ridge() -> Self {
        let hyper_parameters = KernelHyper::Estimated { criterion: Criterion::LeaveOneOut, priors: false };
        Self { hyper_parameters, ..Self::default() }
    }

    pub(crate) fn check(&self) -> Result<(), LearnError> {
        let bad = |setting, found, expected| Err(LearnError::BadSetting { setting, found, expected });
        if let Mean::Known(found) = self.mean
            && !found.is_finite()
        {
            return bad("mean", found, "a finite number");
        }
        if let KernelHyper::Given { length_scale, signal_variance, noise_variance } = self.hyper_parameters {
            let given = [
                ("length_scale", length_scale),
                ("signal_variance", signal_variance),
                ("noise_variance", noise_variance),
            ];
            for (setting, found) in given {
                if !(found > 0.0 && found.is_finite()) {
                    return bad(setting, found, "a finite number above zero");
                }
            }
        }
        if !(0.0..=1.0).contains(&self.domain_quantile) {
            return bad("domain_quantile", self.domain_quantile, "a number from 0 to 1");
        }
        if self.search_limit < 2 {
            return bad("search_limit", self.search_limit as f64, "a number of labels, 2 or more");
        }
        Ok(())
    }
}

/// The prior of the noise ratio: median 0.01, a factor of 55 either way, since
/// labels of QM are nearly noiseless to a good representation.
pub(crate) const NOISE_PRIOR: NoisePrior = NoisePrior { median: 1e-2, ln_sd: 4.0 };

/// Standard deviation of the logarithm of the length scale about the logarithm
/// of the median distance.
pub(crate) const LENGTH_LN_SD: f64 = 3.0;
