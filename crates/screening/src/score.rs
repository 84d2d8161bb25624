//! What a scorer says about a record.

use records::Record;
use serde::{Deserialize, Serialize};

/// Scores records.
///
/// A score must depend on nothing but its record: not on the others of the batch, not on how often or on which thread
/// it is asked. Batches come from several threads at once.
pub trait Scorer: Sync {
    /// A score for every record of the batch, in its order, or why there is none.
    fn score(&self, batch: &[Record]) -> Vec<Result<Score, String>>;

    /// Names the scorer with all that its scores depend on (for a model: its hash), so that a screening is not resumed
    /// or merged with another.
    fn id(&self) -> String;
}

/// A prediction.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// Expected value, in the unit of the property; finite.
    pub mean: f64,
    /// Standard deviation in the same unit; finite, 0 or more.
    pub sd: f64,
    /// Lower end of the interval that the scorer promises; may be infinite.
    #[serde(with = "crate::exact")]
    pub lower: f64,
    /// Its upper end.
    #[serde(with = "crate::exact")]
    pub upper: f64,
    /// Whether the scorer knows structures like this one.
    pub in_domain: bool,
}

impl Score {
    /// A value without uncertainty.
    pub fn certain(value: f64) -> Score {
        Score { mean: value, sd: 0.0, lower: value, upper: value, in_domain: true }
    }

    /// What is wrong with it, if anything is.
    pub(crate) fn problem(&self) -> Option<String> {
        let Score { mean, sd, lower, upper, .. } = self;
        if !mean.is_finite() {
            return Some(format!("its mean is {mean}"));
        }
        if !(sd.is_finite() && *sd >= 0.0) {
            return Some(format!("its standard deviation is {sd}"));
        }
        (lower.is_nan() || upper.is_nan()).then(|| "its interval is not a number".into())
    }
}
