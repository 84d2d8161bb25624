use crate::{KernelGpSettings, LearnError};
use serde::{Deserialize, Serialize};

/// Settings of a [`SparseGp`](crate::SparseGp).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SparseSettings {
    /// The most inducing points. Default 2000.
    pub inducing: usize,
    /// What stands for what the inducing points do not explain.
    pub approximation: Approximation,
    /// Evenly spaced structures that inducing points are chosen among; takes
    /// `8 pool inducing` bytes. Default 6000.
    pub pool: usize,
    /// The most labels that leave-one-out errors are taken of, and that the
    /// exact model is compared on. Default 1000.
    pub judged: usize,
    /// Mean, hyper-parameters and domain. `stored_factor` has no effect.
    pub gp: KernelGpSettings,
}

/// How the covariance of the labels is completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approximation {
    /// By equal noise; the noise ratio maximises the variational bound.
    Variational,
    /// By each structure's own unexplained variance: fully independent
    /// training conditional.
    Fitc,
}

impl Default for SparseSettings {
    fn default() -> Self {
        Self {
            inducing: 2000,
            approximation: Approximation::Variational,
            pool: 6000,
            judged: 1000,
            gp: KernelGpSettings::default(),
        }
    }
}

impl SparseSettings {
    pub(crate) fn check(&self) -> Result<(), LearnError> {
        self.gp.check()?;
        for (setting, found) in [("inducing", self.inducing), ("pool", self.pool)] {
            if found == 0 {
                return Err(LearnError::BadSetting { setting, found: 0.0, expected: "1 or more" });
            }
        }
        Ok(())
    }
}

/// What the approximation is and how far it is from the exact model.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SparseReport {
    /// Inducing points in use: fewer than asked for where these explain all
    /// structures of the pool.
    pub inducing: usize,
    /// Length scale of the kernel.
    pub length_scale: f64,
    /// Noise over signal variance.
    pub noise_ratio: f64,
    /// Noise ratio of the exact model of a part of the labels.
    pub exact_noise_ratio: f64,
    /// Labels that length scale and exact noise ratio were found from.
    pub searched_labels: usize,
    /// Mean over the training structures of the share of `k(x, x)` that
    /// inducing points leave unexplained, `tr(K - Q) / tr K`.
    pub unexplained: f64,
    /// The largest share of one structure.
    pub most_unexplained: f64,
    /// Absent below 30 labels.
    pub comparison: Option<Comparison>,
}

/// The exact and the approximate model, each of the same part of the labels at
/// the same hyper-parameters, asked for other labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Labels learnt from.
    pub labels: usize,
    /// Labels asked for.
    pub asked: usize,
    /// Root mean squared error of the exact model, in the unit of the labels.
    pub exact_rmse: f64,
    /// That of the approximate model.
    pub sparse_rmse: f64,
    /// Root mean squared difference of the two.
    pub rms_difference: f64,
    /// Mean ratio of approximate to exact standard deviations, before
    /// calibration.
    pub sd_ratio: f64,
}
