use super::{Calibration, ConformalSettings, Intervals, pick, scores, shuffled};
use crate::stored::bad;
use crate::surrogate::check_labels;
use crate::{Array, FitReport, LearnError, Predictions, Storable, Stored, Surrogate, Table};

/// One model of all labels, and intervals from the errors of labels that models
/// like it had left out.
///
/// As [`CrossConformal`](super::CrossConformal), models that each leave a part
/// of the labels out give scores `r_i = |y_i - m_i(x_i)| / s_i(x_i)`; but they
/// are forgotten, and the interval is `m(x) - q s(x) .. m(x) + q s(x)` with the
/// model of all labels and `q` the `ceil(level (n + 1))`-th smallest score
/// (cross-validated residuals, "CV" in Barber et al., Ann. Stat. 49, 486, 2021,
/// section 1.3, normalised). Predictions cost those of one model, which is what
/// goes into a file. The model of all labels is at least as good as those that
/// left some out, so that intervals tend to hold slightly more than asked.
#[derive(Debug, Clone)]
pub struct Conformal<M> {
    model: M,
    settings: ConformalSettings,
    calibration: Option<Calibration>,
}

impl<M: Surrogate + Clone> Conformal<M>
where
    M::Input: Table,
{
    /// Around a model. Settings out of range are refused by the fit.
    pub fn new(model: M, settings: ConformalSettings) -> Self {
        Self { model, settings, calibration: None }
    }

    /// A fitted model with scores found elsewhere, e.g. leave-one-out scores in
    /// closed form ([`KernelGp::scores`](crate::KernelGp::scores)).
    pub fn of(model: M, calibration: Calibration) -> Self {
        let settings = ConformalSettings { level: calibration.level(), ..Default::default() };
        Self { model, settings, calibration: Some(calibration) }
    }

    /// The model of all labels.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// The scores; `None` before the first fit.
    pub fn calibration(&self) -> Option<&Calibration> {
        self.calibration.as_ref()
    }

    /// Intervals for rows `x`.
    ///
    /// # Errors
    /// As [`Surrogate::predict`].
    pub fn intervals(&self, x: &M::Input) -> Result<Intervals, LearnError> {
        let calibration = self.calibration.as_ref().ok_or(LearnError::NotFitted)?;
        Ok(calibration.intervals(self.model.predict(x)?))
    }
}

/// Scores of all labels, in no useful order, each by a model that had left it
/// out.
pub(super) fn left_out<M: Surrogate + Clone>(
    model: &M,
    settings: &ConformalSettings,
    x: &M::Input,
    y: &[f64],
    mut keep: impl FnMut(M, &[f64]),
) -> Result<Vec<f64>, LearnError>
where
    M::Input: Table,
{
    settings.check()?;
    check_labels(x.len(), y)?;
    let (n, least) = (y.len(), settings.least().max(2));
    if n < least {
        let what = "a cross conformal interval of this level";
        return Err(LearnError::TooFewLabels { labels: n, needed: least, what });
    }
    let order = shuffled(n, settings.seed);
    let parts = settings.folds.min(n);
    let mut all = Vec::with_capacity(n);
    for part in 0..parts {
        let (from, to) = (part * n / parts, (part + 1) * n / parts);
        let learnt = [&order[..from], &order[to..]].concat();
        let mut model = model.clone();
        model.fit(&x.select(&learnt), &pick(y, &learnt))?;
        let seen = model.predict(&x.select(&order[from..to]))?;
        let scores = scores(&seen, &pick(y, &order[from..to]));
        keep(model, &scores);
        all.extend(scores);
    }
    Ok(all)
}

impl<M: Surrogate + Clone> Surrogate for Conformal<M>
where
    M::Input: Table,
{
    type Input = M::Input;

    /// Costs one fit for each part left out, and one of all labels.
    ///
    /// # Errors
    /// Also [`LearnError::TooFewLabels`] when they cannot tell the asked level.
    fn fit(&mut self, x: &M::Input, y: &[f64]) -> Result<FitReport, LearnError> {
        let scores = left_out(&self.model, &self.settings, x, y, |_, _| ())?;
        let calibration = Calibration::new(self.settings.level, scores)?;
        let report = self.model.fit(x, y)?;
        self.calibration = Some(calibration);
        Ok(report)
    }

    /// The scores stay as they were fitted.
    ///
    /// # Errors
    /// As [`Surrogate::extend`].
    fn extend(&mut self, x: &M::Input, y: &[f64]) -> Result<FitReport, LearnError> {
        self.model.extend(x, y)
    }

    /// The model's own standard deviations; see [`Conformal::intervals`].
    ///
    /// # Errors
    /// As [`Surrogate::predict`].
    fn predict(&self, x: &M::Input) -> Result<Predictions, LearnError> {
        self.model.predict(x)
    }
}

const KIND: &str = "conformal";
const SPLIT: &str = "split_conformal";
const VERSION: u64 = 1;

impl<M: Storable + Clone> Storable for Conformal<M>
where
    M::Input: Table,
{
    fn store(&self) -> Result<Stored, LearnError> {
        let mut stored = Stored::new(KIND, VERSION);
        stored.set("settings", self.settings)?;
        self.calibration.as_ref().ok_or(LearnError::NotFitted)?.store_into(&mut stored)?;
        stored.insert_part("model", self.model.store()?)?;
        Ok(stored)
    }

    fn restore(&mut self, x: &M::Input, stored: &Stored) -> Result<(), LearnError> {
        stored.expect(KIND, VERSION)?;
        let settings: ConformalSettings = stored.get("settings")?;
        settings.check()?;
        let calibration = Calibration::restore_from(stored)?;
        self.model.restore(x, &stored.part("model")?)?;
        self.settings = settings;
        self.calibration = Some(calibration);
        Ok(())
    }
}

impl<M: Storable> super::SplitConformal<M>
where
    M::Input: Table,
{
    /// What was learnt, for a file; see [`Storable::store`].
    ///
    /// # Errors
    /// [`LearnError::NotFitted`].
    pub fn store(&self) -> Result<Stored, LearnError> {
        let (calibration, learnt) = self.fitted.as_ref().ok_or(LearnError::NotFitted)?;
        let mut stored = Stored::new(SPLIT, VERSION);
        stored.set("settings", self.settings)?;
        calibration.store_into(&mut stored)?;
        stored.arrays.insert("learnt".into(), Array::U64(learnt.iter().map(|&i| i as u64).collect()));
        stored.insert_part("model", self.model.store()?)?;
        Ok(stored)
    }

    /// Makes this the model that was stored; `x` are the features of all
    /// structures given to the fit, those set aside too.
    ///
    /// # Errors
    /// As [`Storable::restore`].
    pub fn restore(&mut self, x: &M::Input, stored: &Stored) -> Result<(), LearnError> {
        stored.expect(SPLIT, VERSION)?;
        let settings: ConformalSettings = stored.get("settings")?;
        settings.check()?;
        let calibration = Calibration::restore_from(stored)?;
        let learnt = stored.indices("learnt", x.len())?;
        if learnt.is_empty() {
            return Err(bad("learnt", "is empty, expected one or more rows".into()));
        }
        self.model.restore(&x.select(&learnt), &stored.part("model")?)?;
        self.settings = settings;
        self.fitted = Some((calibration, learnt));
        Ok(())
    }
}
