use super::TreeRows;
use super::cross::{self, Crossed};
use super::domain::Domain;
use super::noise::Noise;
use super::settings::{TreeHyper, TreeModelSettings};
use crate::report::LeaveOneOut;
use crate::surrogate::check_labels;
use crate::{FitReport, LearnError, Predictions, ScaleSource, Surrogate, Table};
use ::trees::{Binned, Ensemble, Loss, Rows};

/// Gradient-boosted trees with calibrated uncertainty.
///
/// The labels are left out in five parts in turn; each time trees are boosted
/// on the rest until the error of the part left out falls no more, and the
/// prediction is the mean of the five. Rows with equal features are left out
/// together. The errors on labels left out teach how large errors are, by the
/// features, and calibrate it ([`FitReport::calibration`]). Depth and share of
/// columns are found on one of the parts.
///
/// In the report, `leave_one_out` has the errors on the labels left out (each of
/// one of the five models: their mean is a little better), and the log marginal
/// likelihood is the log density of those labels. [`Predictions::sd_latent`] is
/// the spread of the five, [`Predictions::nearest`] the share of trees in which
/// a structure shares the leaf of the most similar of 1024 training structures,
/// times the share of its features in the range seen in training.
///
/// [`Surrogate::extend`] fits anew with the hyper-parameters of the first fit.
#[derive(Debug, Clone)]
pub struct BoostedTrees {
    pub(super) settings: TreeModelSettings,
    pub(super) state: Option<State>,
}

/// What a fit has found, for boosted trees and forests.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct State {
    /// Absent in a model restored without them.
    pub(super) x: Option<TreeRows>,
    pub(super) labels: Vec<f64>,
    /// Features of each row.
    pub(super) columns: usize,
    pub(super) centre: Centre,
    /// Their mean is the prediction.
    pub(super) members: Vec<Ensemble>,
    pub(super) noise: Noise,
    pub(super) domain: Domain,
    pub(super) hyper: TreeHyper,
    pub(super) report: FitReport,
}

/// Labels are learnt as `(y - mean) / scale`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Centre {
    pub(super) mean: f64,
    pub(super) scale: f64,
    /// Whether the labels differ.
    pub(super) spread: bool,
}

impl Centre {
    pub(super) fn new(labels: &[f64]) -> Self {
        let n = labels.len() as f64;
        let mean = labels.iter().map(|y| y / n).sum::<f64>();
        let largest = labels.iter().map(|y| (y - mean).abs()).fold(0.0, f64::max);
        let size = labels.iter().map(|y| y.abs()).fold(0.0, f64::max);
        // Below, the differences are rounding, or their squares vanish.
        if labels.len() < 2 || largest <= 1e-12 * size || largest < 1e-100 {
            let scale = if mean.abs() < 1e-100 { 1.0 } else { mean.abs() };
            return Self { mean, scale, spread: false };
        }
        let square = labels.iter().map(|y| ((y - mean) / largest).powi(2)).sum::<f64>() / n;
        Self { mean, scale: largest * square.sqrt(), spread: true }
    }

    pub(super) fn apply(&self, labels: &[f64]) -> Vec<f64> {
        labels.iter().map(|y| (y - self.mean) / self.scale).collect()
    }
}

impl BoostedTrees {
    /// A model that has learnt nothing yet. Settings out of range are refused by
    /// [`Surrogate::fit`].
    pub fn new(settings: TreeModelSettings) -> Self {
        Self { settings, state: None }
    }

    /// The hyper-parameters found; `None` before the first fit.
    pub fn hyper(&self) -> Option<TreeHyper> {
        self.state.as_ref().map(|state| state.hyper)
    }

    /// The five models, of labels from which [`FitReport::mean`] is taken and
    /// which are divided by [`BoostedTrees::scale`]; none before the first fit.
    pub fn members(&self) -> &[Ensemble] {
        self.state.as_ref().map_or(&[], |state| &state.members)
    }

    /// What predictions of [`BoostedTrees::members`] are multiplied by, in the
    /// unit of the labels.
    pub fn scale(&self) -> Option<f64> {
        self.state.as_ref().map(|state| state.centre.scale)
    }
}

impl Surrogate for BoostedTrees {
    type Input = TreeRows;

    fn fit(&mut self, x: &TreeRows, y: &[f64]) -> Result<FitReport, LearnError> {
        let state = learn(x.clone(), y, &self.settings, None)?;
        Ok(self.state.insert(state).report.clone())
    }

    fn extend(&mut self, x: &TreeRows, y: &[f64]) -> Result<FitReport, LearnError> {
        check_labels(x.len(), y)?;
        let state = self.state.as_ref().ok_or(LearnError::NotFitted)?;
        let (rows, labels) = state.extended(x, y)?;
        // The first fit of labels that do not differ has found none.
        let hyper = state.centre.spread.then_some(state.hyper);
        let state = learn(rows, &labels, &self.settings, hyper)?;
        Ok(self.state.insert(state).report.clone())
    }

    fn predict(&self, x: &TreeRows) -> Result<Predictions, LearnError> {
        self.state.as_ref().ok_or(LearnError::NotFitted)?.predict(x)
    }
}

fn learn(
    x: TreeRows,
    y: &[f64],
    settings: &TreeModelSettings,
    hyper: Option<TreeHyper>,
) -> Result<State, LearnError> {
    check_labels(x.len(), y)?;
    settings.check()?;
    if x.is_empty() {
        return Err(LearnError::NoData);
    }
    let centre = Centre::new(y);
    if !centre.spread {
        return State::without_spread(x, y, centre, hyper.unwrap_or(cross::DEFAULT), settings);
    }
    let labels = centre.apply(y);
    let table = Binned::new(x.rows())?;
    let (hyper, searched) = match hyper {
        Some(hyper) => (hyper, 0),
        None => cross::search(&table, &labels, Loss::Squared, settings)?,
    };
    let crossed = cross::cross(x.rows(), &table, &labels, Loss::Squared, settings, hyper)?;
    let Crossed { members, left_out, hyper, grown } = crossed;
    let errors: Vec<f64> = labels.iter().zip(&left_out).map(|(y, seen)| y - seen).collect();
    // Errors are often larger for larger labels.
    let rows = x.rows().with_column(&single(&left_out))?;
    let seen = (rows, (0..y.len()).collect(), errors);
    State::judged(x, y, centre, members, seen, hyper, searched + grown, settings)
}

impl State {
    /// Labels that do not differ: their mean, and their size as uncertainty.
    pub(super) fn without_spread(
        x: TreeRows,
        y: &[f64],
        centre: Centre,
        hyper: TreeHyper,
        settings: &TreeModelSettings,
    ) -> Result<Self, LearnError> {
        let variance = centre.scale * centre.scale / y.len() as f64;
        let report =
            FitReport { labels: y.len(), mean: centre.mean, signal_variance: variance, ..FitReport::empty() };
        let domain = Domain::new(x.rows(), &[], settings.domain_quantile, settings.seed)?;
        let log = -0.5 * (y.len() as f64).ln();
        let noise = Noise { members: Vec::new(), range: (log, log), calibration: 1.0 };
        let report = FitReport { domain_threshold: domain.threshold, ..report };
        let (columns, labels) = (x.columns(), y.to_vec());
        Ok(Self { x: Some(x), labels, columns, centre, members: Vec::new(), noise, domain, hyper, report })
    }

    /// Judges members by their errors on labels left out: the features that
    /// sizes of errors are learnt from, which labels they are of, and the errors
    /// in units of the scale.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn judged(
        x: TreeRows,
        y: &[f64],
        centre: Centre,
        members: Vec<Ensemble>,
        (rows, known, errors): (Rows, Vec<usize>, Vec<f64>),
        hyper: TreeHyper,
        evaluations: usize,
        settings: &TreeModelSettings,
    ) -> Result<Self, LearnError> {
        let labels: Vec<f64> = known.iter().map(|&i| y[i]).collect();
        let (noise, summary, sizes) = Noise::fit(&rows, &centre.apply(&labels), &errors, settings.seed)?;
        let domain = Domain::new(x.rows(), &members, settings.domain_quantile, settings.seed)?;
        let density = errors.iter().zip(&sizes).map(|(e, s)| {
            let sd = s * centre.scale;
            -0.5 * ((e / s).powi(2) + (std::f64::consts::TAU * sd * sd).ln())
        });
        let noise_share = summary.rmse * summary.rmse;
        let square = centre.scale * centre.scale;
        let report = FitReport {
            labels: y.len(),
            mean: centre.mean,
            signal_variance: square * (1.0 - noise_share).max(0.0),
            noise_variance: square * noise_share,
            log_marginal_likelihood: density.sum(),
            scale: ScaleSource::CrossValidation,
            evaluations,
            at_bound: None,
            calibration: noise.calibration,
            domain_threshold: domain.threshold,
            leave_one_out: Some(LeaveOneOut {
                rmse: summary.rmse * centre.scale,
                mae: summary.mae * centre.scale,
                ..summary
            }),
        };
        let (columns, labels) = (x.columns(), y.to_vec());
        Ok(Self { x: Some(x), labels, columns, centre, members, noise, domain, hyper, report })
    }

    /// All rows and labels, with more of them.
    pub(super) fn extended(&self, x: &TreeRows, y: &[f64]) -> Result<(TreeRows, Vec<f64>), LearnError> {
        let mut rows = self.x.clone().ok_or(LearnError::NoTrainingRows)?;
        rows.append(x)?;
        Ok((rows, self.labels.iter().chain(y).copied().collect()))
    }

    pub(super) fn check(&self, x: &TreeRows) -> Result<(), LearnError> {
        let (expected, found) = (self.columns, x.columns());
        if expected == found { Ok(()) } else { Err(LearnError::ColumnMismatch { expected, found }) }
    }

    pub(super) fn predict(&self, x: &TreeRows) -> Result<Predictions, LearnError> {
        self.check(x)?;
        let Centre { mean, scale, .. } = self.centre;
        let (means, spreads) = cross::spread(&self.members, x.rows())?;
        let sd = match self.members.is_empty() {
            true => self.noise.predict(x.rows())?,
            false => self.noise.predict(&x.rows().with_column(&single(&means))?)?,
        };
        let sd: Vec<f64> = sd.iter().map(|sd| sd * scale).collect();
        let latent = spreads.iter().zip(&sd);
        let nearest = self.domain.nearest(x.rows())?;
        Ok(Predictions {
            mean: means.iter().map(|m| mean + scale * m).collect(),
            sd_latent: latent.map(|(s, sd)| (s * scale * self.noise.calibration).min(*sd)).collect(),
            sd,
            in_domain: nearest.iter().map(|&s| s >= self.domain.threshold).collect(),
            nearest,
        })
    }
}

/// Predictions as a feature.
fn single(values: &[f64]) -> Vec<f32> {
    values.iter().map(|&v| v.clamp(-1e30, 1e30) as f32).collect()
}
