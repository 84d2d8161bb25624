use serde::{Deserialize, Serialize};

/// What a fit found, and how well it predicts labels it has not seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FitReport {
    /// Number of labels learnt from.
    pub labels: usize,
    /// Constant mean, in the unit of the labels.
    pub mean: f64,
    /// Signal variance (amplitude squared), in squared units of the labels.
    pub signal_variance: f64,
    /// Noise variance, in squared units of the labels.
    pub noise_variance: f64,
    /// Log marginal likelihood at these values (natural logarithm).
    pub log_marginal_likelihood: f64,
    /// Where signal and noise variance came from.
    pub scale: ScaleSource,
    /// Likelihood evaluations spent.
    pub evaluations: usize,
    /// Whether the ratio of noise to signal ended at the edge of its range.
    pub at_bound: Option<Bound>,
    /// Factor that every predicted standard deviation has been multiplied by.
    pub calibration: f64,
    /// Similarity to the nearest training structure below which a structure is
    /// out of domain.
    pub domain_threshold: f64,
    /// Leave-one-out errors; absent with a single label.
    pub leave_one_out: Option<LeaveOneOut>,
}

impl FitReport {
    /// Nothing learnt yet.
    pub(crate) fn empty() -> Self {
        Self {
            labels: 0,
            mean: 0.0,
            signal_variance: 0.0,
            noise_variance: 0.0,
            log_marginal_likelihood: 0.0,
            scale: ScaleSource::LabelSize,
            evaluations: 0,
            at_bound: None,
            calibration: 1.0,
            domain_threshold: 0.0,
            leave_one_out: None,
        }
    }
}

/// Where signal and noise variance came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScaleSource {
    /// The maximum of the marginal likelihood (times the prior, if one is set).
    Likelihood,
    /// Errors of predicting labels left out.
    CrossValidation,
    /// Given in the settings.
    Given,
    /// Cold start: a single label, or labels that are all the same, have no
    /// spread to learn from; the size of the labels stands in.
    LabelSize,
}

/// An edge of the range searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The smallest ratio of noise to signal: the labels look noiseless.
    LeastNoise,
    /// The largest ratio of noise to signal: the features explain nothing.
    MostNoise,
}

/// Errors of predicting every label from all the others, at the
/// hyper-parameters fitted to all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeaveOneOut {
    /// Root mean squared error, in the unit of the labels.
    pub rmse: f64,
    /// Mean absolute error, in the unit of the labels.
    pub mae: f64,
    /// Coefficient of determination; absent for labels that are all the same.
    pub r2: Option<f64>,
    /// Share of labels inside the nominal 90 % interval before calibration.
    pub coverage_90_raw: f64,
    /// Share of labels inside the nominal 90 % interval after calibration.
    /// Cross-fitted: each half of the labels is judged with the factor learnt
    /// from the other half. Absent below 20 labels.
    pub coverage_90: Option<f64>,
}
