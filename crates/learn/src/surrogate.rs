use crate::LearnError;
use crate::report::FitReport;
use serde::Serialize;

/// The largest size of a label. Squares of labels must stay finite, and no
/// property of a structure comes near.
pub const LABEL_LIMIT: f64 = 1e100;

/// Learns from labelled structures, predicts with uncertainty.
///
/// `Input` is a table of features with one row for each structure, e.g.
/// [`features::CountMatrix`]; a new kind of features is a new `Input`.
/// Implementations are deterministic: the same data give the same numbers for
/// any number of threads.
pub trait Surrogate {
    /// A table of features.
    type Input: ?Sized;

    /// Learns from rows `x` and their labels `y` (one unit throughout),
    /// forgetting what was learnt before. On an error the model is as before.
    ///
    /// # Errors
    /// [`LearnError::NoData`], [`LearnError::LengthMismatch`] or
    /// [`LearnError::BadLabel`] for input that cannot be learnt from.
    fn fit(&mut self, x: &Self::Input, y: &[f64]) -> Result<FitReport, LearnError>;

    /// Adds labels to those already learnt, keeping the hyper-parameters.
    /// Equal to a new fit at the same hyper-parameters, but cheaper. On an
    /// error the model is as before.
    ///
    /// # Errors
    /// As for [`Surrogate::fit`], and [`LearnError::NotFitted`].
    fn extend(&mut self, x: &Self::Input, y: &[f64]) -> Result<FitReport, LearnError>;

    /// Predicts the labels of rows `x`, in their order.
    ///
    /// # Errors
    /// [`LearnError::NotFitted`] before the first [`Surrogate::fit`].
    fn predict(&self, x: &Self::Input) -> Result<Predictions, LearnError>;
}

/// What a surrogate says about some structures: one entry of each list for
/// each structure. Lengths are equal.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Predictions {
    /// Expected label, in the unit of the labels.
    pub mean: Vec<f64>,
    /// Calibrated standard deviation of a new label, in the unit of the
    /// labels: what the model does not know and what the features cannot tell.
    pub sd: Vec<f64>,
    /// The part of `sd` that more labels would remove: standard deviation of
    /// the function, without noise. Calibrated as `sd` is.
    pub sd_latent: Vec<f64>,
    /// Similarity to the most similar training structure, in [0, 1].
    pub nearest: Vec<f64>,
    /// Whether the structure is near enough to the training structures for the
    /// other numbers to be trusted.
    pub in_domain: Vec<bool>,
}

impl Predictions {
    /// The number of structures.
    pub fn len(&self) -> usize {
        self.mean.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.mean.is_empty()
    }
}

/// Refuses labels that cannot be learnt from.
pub(crate) fn check_labels(rows: usize, y: &[f64]) -> Result<(), LearnError> {
    if rows != y.len() {
        return Err(LearnError::LengthMismatch { rows, labels: y.len() });
    }
    for (index, &value) in y.iter().enumerate() {
        if !value.is_finite() || value.abs() > LABEL_LIMIT {
            return Err(LearnError::BadLabel { index, value, limit: LABEL_LIMIT });
        }
    }
    Ok(())
}
