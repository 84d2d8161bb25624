use super::single::left_out;
use super::{Calibration, Conformal, ConformalSettings, Intervals};
use crate::{FitReport, LearnError, Surrogate, Table};

/// A model that learns all labels, and intervals from models that each leave a
/// part of them out (CV+, and with as many parts as labels jackknife+; Barber,
/// Candes, Ramdas and Tibshirani, Ann. Stat. 49, 486, 2021, eq. 1.6 and 3.2).
///
/// With `m_i` and `s_i` mean and standard deviation by the model that left label
/// `i` out, and `r_i = |y_i - m_i(x_i)| / s_i(x_i)`, the interval at `x` reaches
/// from the `floor((1 - level) (n + 1))`-th smallest `m_i(x) - r_i s_i(x)` to the
/// `ceil(level (n + 1))`-th smallest `m_i(x) + r_i s_i(x)`.
///
/// Costs as many fits and predictions as parts, and one more of each.
#[derive(Debug, Clone)]
pub struct CrossConformal<M> {
    model: M,
    settings: ConformalSettings,
    folds: Vec<Fold<M>>,
}

#[derive(Debug, Clone)]
struct Fold<M> {
    model: M,
    /// Of the labels left out.
    scores: Vec<f64>,
}

impl<M: Surrogate + Clone> CrossConformal<M>
where
    M::Input: Table,
{
    /// Around a model. Settings out of range are refused by the fit.
    pub fn new(model: M, settings: ConformalSettings) -> Self {
        Self { model, settings, folds: Vec::new() }
    }

    /// The model of all labels.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// Learns from rows `x` and their labels. The report is the model's, of all
    /// labels.
    ///
    /// # Errors
    /// As [`Surrogate::fit`], and [`LearnError::TooFewLabels`] when they cannot
    /// tell the asked level.
    pub fn fit(&mut self, x: &M::Input, y: &[f64]) -> Result<FitReport, LearnError> {
        let mut folds = Vec::new();
        left_out(&self.model, &self.settings, x, y, |model, scores| {
            folds.push(Fold { model, scores: scores.to_vec() });
        })?;
        let report = self.model.fit(x, y)?;
        self.folds = folds;
        Ok(report)
    }

    /// All scores; `None` before the first fit.
    pub fn calibration(&self) -> Option<Calibration> {
        let scores = self.folds.iter().flat_map(|fold| &fold.scores).copied().collect();
        Calibration::new(self.settings.level, scores).ok()
    }

    /// Forgets the models that left labels out: the form for a file.
    ///
    /// # Errors
    /// [`LearnError::NotFitted`].
    pub fn into_single(self) -> Result<Conformal<M>, LearnError> {
        let calibration = self.calibration().ok_or(LearnError::NotFitted)?;
        Ok(Conformal::of(self.model, calibration))
    }

    /// Intervals for rows `x`.
    ///
    /// # Errors
    /// As [`Surrogate::predict`].
    pub fn intervals(&self, x: &M::Input) -> Result<Intervals, LearnError> {
        if self.folds.is_empty() {
            return Err(LearnError::NotFitted);
        }
        let predictions = self.model.predict(x)?;
        let seen = self.folds.iter().map(|fold| fold.model.predict(x)).collect::<Result<Vec<_>, _>>()?;
        let n: usize = self.folds.iter().map(|fold| fold.scores.len()).sum();
        let rank = self.settings.rank(n);
        let mut ends = Vec::with_capacity(n);
        let (mut lower, mut upper) = (Vec::new(), Vec::new());
        for i in 0..predictions.len() {
            for (sign, out) in [(-1.0, &mut lower), (1.0, &mut upper)] {
                ends.clear();
                for (fold, seen) in self.folds.iter().zip(&seen) {
                    ends.extend(fold.scores.iter().map(|score| sign * seen.mean[i] + score * seen.sd[i]));
                }
                // The k-th smallest lower end is the (n + 1 - k)-th smallest of
                // its negative.
                out.push(sign * *ends.select_nth_unstable_by(rank - 1, f64::total_cmp).1);
            }
        }
        Ok(Intervals { predictions, lower, upper })
    }
}
