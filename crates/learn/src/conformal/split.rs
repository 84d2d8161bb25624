use super::{Calibration, ConformalSettings, Intervals, pick, scores, shuffled};
use crate::surrogate::check_labels;
use crate::{FitReport, LearnError, Surrogate, Table};

/// A model that learns most labels, and intervals from the errors of the rest:
/// `mean - q sd .. mean + q sd` with `q` the `ceil(level (n + 1))`-th smallest of
/// the `n` errors over their standard deviations.
#[derive(Debug, Clone)]
pub struct SplitConformal<M> {
    pub(super) model: M,
    pub(super) settings: ConformalSettings,
    /// What the errors said, and the rows the model learnt.
    pub(super) fitted: Option<(Calibration, Vec<usize>)>,
}

impl<M: Surrogate> SplitConformal<M>
where
    M::Input: Table,
{
    /// Around a model. Settings out of range are refused by the fit.
    pub fn new(model: M, settings: ConformalSettings) -> Self {
        Self { model, settings, fitted: None }
    }

    /// The model of the labels that were not set aside.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// The scores of the labels set aside; `None` before the first fit.
    pub fn calibration(&self) -> Option<&Calibration> {
        self.fitted.as_ref().map(|(calibration, _)| calibration)
    }

    /// Learns from rows `x` and their labels. The report is the model's, of the
    /// labels that were not set aside.
    ///
    /// # Errors
    /// As [`Surrogate::fit`], and [`LearnError::TooFewLabels`] when those set
    /// aside cannot tell the asked level.
    pub fn fit(&mut self, x: &M::Input, y: &[f64]) -> Result<FitReport, LearnError> {
        self.settings.check()?;
        check_labels(x.len(), y)?;
        let (n, least) = (y.len(), self.settings.least());
        let aside = (self.settings.aside * n as f64).round() as usize;
        if aside < least || aside >= n {
            return Err(LearnError::TooFewLabels {
                labels: n,
                needed: (least as f64 / self.settings.aside).ceil() as usize,
                what: "a split conformal interval of this level",
            });
        }
        let order = shuffled(n, self.settings.seed);
        let (held, learnt) = order.split_at(aside);
        self.fitted = None;
        let report = self.model.fit(&x.select(learnt), &pick(y, learnt))?;
        let seen = self.model.predict(&x.select(held))?;
        let calibration = Calibration::new(self.settings.level, scores(&seen, &pick(y, held)))?;
        self.fitted = Some((calibration, learnt.to_vec()));
        Ok(report)
    }

    /// Intervals for rows `x`.
    ///
    /// # Errors
    /// As [`Surrogate::predict`].
    pub fn intervals(&self, x: &M::Input) -> Result<Intervals, LearnError> {
        let (calibration, _) = self.fitted.as_ref().ok_or(LearnError::NotFitted)?;
        Ok(calibration.intervals(self.model.predict(x)?))
    }
}
