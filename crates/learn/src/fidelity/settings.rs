use super::rungs::RUNG_LIMIT;
use crate::LearnError;
use serde::{Deserialize, Serialize};

/// The mean of each rung's labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RungMean {
    /// A constant for each rung, of flat prior: integrated out.
    Constant,
    /// None: the labels have it subtracted already.
    Zero,
    /// For extensive properties: a sum over atoms `sum_Z n_Z e_Z` for each
    /// rung's difference to the one below. What all rungs share is deducted
    /// beforehand by least squares on the lowest rung; the rest has a Gaussian
    /// prior whose variance is found with the other hyper-parameters, so that a
    /// handful of labels on a dear rung does not have to determine every
    /// element. Needs [`Rungs::with_elements`](super::Rungs::with_elements).
    Elements,
}

/// Hyper-parameters of one rung, in squared units of its labels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RungHyper {
    /// Length scale of the kernel of this rung's difference to the one below.
    pub length_scale: f64,
    /// Factor of the kernel.
    pub signal_variance: f64,
    /// Variance of what differs from label to label; above zero.
    pub noise_variance: f64,
    /// Variance of what the features cannot tell but the structure has: it is
    /// the same in every label of a structure, and passed on to the rungs
    /// above. Zero for the highest rung, where it cannot be told from noise.
    pub nugget_variance: f64,
    /// Prior variance of the energy of an element ([`RungMean::Elements`]).
    pub element_variance: f64,
}

/// Where the hyper-parameters of a [`CoKriging`](super::CoKriging) come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum CoKrigingHyper {
    /// By maximising the marginal likelihood with weak priors.
    Estimated,
    /// Given: one set for each rung, lowest first, and `rho` from each rung to
    /// the next.
    Given {
        /// Those of each rung.
        rungs: Vec<RungHyper>,
        /// Factors from rung to rung, one less.
        rho: Vec<f64>,
    },
}

/// Settings of a [`CoKriging`](super::CoKriging).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CoKrigingSettings {
    /// The number of rungs.
    pub rungs: usize,
    /// The mean of each.
    pub mean: RungMean,
    /// Where the rest comes from.
    pub hyper_parameters: CoKrigingHyper,
    /// Whether all rungs have labels of the same property in the same unit:
    /// then `rho` is believed to be near 1 (standard deviation 0.5) where labels
    /// are few. Otherwise only its size is, relative to the spread of labels.
    pub same_unit: bool,
    /// Whether rungs may be cut off from those above when that predicts new
    /// structures on the rung above better: where the model of the relation is
    /// wrong, a likelihood does not protect from it. Default true; each rung above
    /// the lowest costs one more search. Say false where the lower rungs of the
    /// structures asked for will be known
    /// ([`CoKriging::predict_given`](super::CoKriging::predict_given)).
    pub cuts: bool,
    /// As [`GpSettings::domain_quantile`](crate::GpSettings::domain_quantile).
    pub domain_quantile: f64,
    /// The most labels that the hyper-parameters are found from; of more,
    /// evenly spaced structures with all their labels, those on high rungs
    /// first. Default 800.
    pub search_limit: usize,
}

impl CoKrigingSettings {
    /// Labels of one property on `rungs` rungs, a constant mean for each.
    pub fn new(rungs: usize) -> Self {
        Self {
            rungs,
            mean: RungMean::Constant,
            hyper_parameters: CoKrigingHyper::Estimated,
            same_unit: true,
            cuts: true,
            domain_quantile: 0.05,
            search_limit: 800,
        }
    }

    /// The same for extensive properties.
    pub fn extensive(rungs: usize) -> Self {
        Self { mean: RungMean::Elements, ..Self::new(rungs) }
    }

    pub(super) fn check(&self) -> Result<(), LearnError> {
        let bad = |setting, found, expected| Err(LearnError::BadSetting { setting, found, expected });
        if !(1..=RUNG_LIMIT).contains(&self.rungs) {
            return bad("rungs", self.rungs as f64, "a number from 1 to 16");
        }
        if !(0.0..=1.0).contains(&self.domain_quantile) {
            return bad("domain_quantile", self.domain_quantile, "a number from 0 to 1");
        }
        if self.search_limit < 2 {
            return bad("search_limit", self.search_limit as f64, "a number of labels, 2 or more");
        }
        if let CoKrigingHyper::Given { rungs, rho } = &self.hyper_parameters {
            if rungs.len() != self.rungs {
                return bad("hyper_parameters.rungs", rungs.len() as f64, "one set for each rung");
            }
            if rho.len() + 1 != self.rungs {
                return bad(
                    "hyper_parameters.rho",
                    rho.len() as f64,
                    "one factor from each rung to the next",
                );
            }
            if let Some(&found) = rho.iter().find(|r| !r.is_finite()) {
                return bad("hyper_parameters.rho", found, "finite numbers");
            }
            for set in rungs {
                let above = [
                    ("length_scale", set.length_scale),
                    ("signal_variance", set.signal_variance),
                    ("noise_variance", set.noise_variance),
                ];
                for (setting, found) in above {
                    if !(found > 0.0 && found.is_finite()) {
                        return bad(setting, found, "a finite number above zero");
                    }
                }
                let rest =
                    [("nugget_variance", set.nugget_variance), ("element_variance", set.element_variance)];
                for (setting, found) in rest {
                    if !(found >= 0.0 && found.is_finite()) {
                        return bad(setting, found, "a finite number, zero or more");
                    }
                }
            }
        }
        Ok(())
    }
}
