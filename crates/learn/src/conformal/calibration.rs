use super::{ConformalSettings, Intervals};
use crate::stored::bad;
use crate::{LearnError, Predictions, Stored};

/// What makes intervals of a model's standard deviations: the errors of labels
/// it had not learnt over their predicted standard deviations (scores), sizes
/// only. An interval of level `p` is `mean - q sd .. mean + q sd` with `q` the
/// `ceil(p (n + 1))`-th smallest of the `n` scores.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    level: f64,
    /// In rising order.
    scores: Vec<f64>,
}

impl Calibration {
    /// From scores, in any order, and the share of labels that intervals are
    /// to hold.
    ///
    /// # Errors
    /// [`LearnError::BadSetting`] for a level that is not between 0 and 1;
    /// [`LearnError::BadLabel`] for a score that is not finite or below zero;
    /// [`LearnError::TooFewLabels`] when so few cannot tell that level.
    pub fn new(level: f64, mut scores: Vec<f64>) -> Result<Self, LearnError> {
        let settings = ConformalSettings { level, ..Default::default() };
        settings.check()?;
        if let Some(index) = scores.iter().position(|s| !(s.is_finite() && *s >= 0.0)) {
            return Err(LearnError::BadLabel { index, value: scores[index], limit: f64::MAX });
        }
        if scores.len() < settings.least() {
            let what = "a conformal interval of this level";
            return Err(LearnError::TooFewLabels { labels: scores.len(), needed: settings.least(), what });
        }
        scores.sort_unstable_by(f64::total_cmp);
        Ok(Self { level, scores })
    }

    /// The share of new labels that intervals are to hold.
    pub fn level(&self) -> f64 {
        self.level
    }

    /// Errors over standard deviations, in rising order.
    pub fn scores(&self) -> &[f64] {
        &self.scores
    }

    /// The factor of the standard deviations at the level.
    pub fn factor(&self) -> f64 {
        self.factor_at(self.level).unwrap_or(f64::INFINITY)
    }

    /// The factor at another level; `None` for one that so few scores cannot
    /// tell.
    pub fn factor_at(&self, level: f64) -> Option<f64> {
        let settings = ConformalSettings { level, ..Default::default() };
        settings.check().ok()?;
        self.scores.get(settings.rank(self.scores.len()) - 1).copied()
    }

    /// Intervals around predictions.
    pub fn intervals(&self, predictions: Predictions) -> Intervals {
        let factor = self.factor();
        let ends = |sign: f64| -> Vec<f64> {
            let pairs = predictions.mean.iter().zip(&predictions.sd);
            pairs.map(|(mean, sd)| mean + sign * factor * sd).collect()
        };
        Intervals { lower: ends(-1.0), upper: ends(1.0), predictions }
    }

    /// Writes itself into a stored model: setting `level`, array `scores`.
    ///
    /// # Errors
    /// None for a finite level.
    pub fn store_into(&self, stored: &mut Stored) -> Result<(), LearnError> {
        stored.set("level", self.level)?;
        stored.insert("scores", self.scores.clone());
        Ok(())
    }

    /// Reads what [`Calibration::store_into`] wrote.
    ///
    /// # Errors
    /// [`LearnError::BadStored`], and as [`Calibration::new`].
    pub fn restore_from(stored: &Stored) -> Result<Self, LearnError> {
        let count = match stored.arrays.get("scores") {
            Some(crate::Array::F64(scores)) => scores.len(),
            _ => 0,
        };
        let scores = stored.floats("scores", count)?.to_vec();
        if let Some(score) = scores.iter().find(|score| **score < 0.0) {
            return Err(bad("scores", format!("has {score}, expected a size")));
        }
        Self::new(stored.get("level")?, scores)
    }
}
