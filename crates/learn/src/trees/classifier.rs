use super::TreeRows;
use super::boosted::{Centre, State};
use super::cross::{self, Crossed};
use super::domain::Domain;
use super::noise::Noise;
use super::settings::{TreeHyper, TreeModelSettings};
use crate::report::LeaveOneOut;
use crate::surrogate::check_labels;
use crate::{ClassReport, FitReport, LearnError, Predictions, ScaleSource, Surrogate, Table};
use ::trees::{Binned, Ensemble, Loss, TreeError};
use serde::{Deserialize, Serialize};

/// The probability of a class (a constraint that holds or not) by
/// gradient-boosted trees.
///
/// Made as [`BoostedTrees`](crate::BoostedTrees), with log loss and the mean of
/// log odds. Probabilities are calibrated on labels left out by a logistic
/// curve of the log odds (Platt 1999).
///
/// As a [`Surrogate`] it learns labels 0 and 1: [`Predictions::mean`] is the
/// probability `p` of 1, [`Predictions::sd`] is `sqrt(p (1 - p))`, and
/// [`Predictions::sd_latent`] the spread of the five models' probabilities.
#[derive(Debug, Clone)]
pub struct BoostedClassifier {
    pub(super) settings: TreeModelSettings,
    pub(super) state: Option<ClassState>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct ClassState {
    pub(super) state: State,
    pub(super) curve: Curve,
    pub(super) class: ClassReport,
}

/// Log odds `slope * z + shift`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Curve {
    pub(super) slope: f64,
    pub(super) shift: f64,
}

impl Curve {
    fn probability(&self, z: f64) -> f64 {
        1.0 / (1.0 + (-(self.slope * z + self.shift)).exp())
    }

    /// The most probable curve for labels left out, by Newton's method; the
    /// prior of normal slope and shift around 1 and 0, with variance 1, keeps
    /// it near what the models say when labels are few.
    fn fit(odds: &[f64], labels: &[f64]) -> Self {
        let mut curve = Self { slope: 1.0, shift: 0.0 };
        for _ in 0..50 {
            let (mut g, mut h) = ([curve.slope - 1.0, curve.shift], [1.0, 0.0, 1.0]);
            for (&z, y) in odds.iter().zip(labels) {
                let p = curve.probability(z);
                let (d, w) = (p - y, p * (1.0 - p));
                g = [g[0] + d * z, g[1] + d];
                h = [h[0] + w * z * z, h[1] + w * z, h[2] + w];
            }
            let determinant = h[0] * h[2] - h[1] * h[1];
            let step = [(h[2] * g[0] - h[1] * g[1]) / determinant, (h[0] * g[1] - h[1] * g[0]) / determinant];
            // The loss is convex; a bounded step keeps far starts from overshooting.
            let size = (step[0].abs().max(step[1].abs())).max(1.0);
            curve.slope -= step[0] / size;
            curve.shift -= step[1] / size;
            if step[0].abs() + step[1].abs() < 1e-10 {
                break;
            }
        }
        if curve.slope < 0.0 {
            // Odds that run against the labels tell nothing: the share of the labels is left.
            let (n, ones) = (labels.len() as f64, labels.iter().sum::<f64>());
            return Self { slope: 0.0, shift: ((ones + 1.0) / (n - ones + 1.0)).ln() };
        }
        curve
    }
}

impl BoostedClassifier {
    /// A model that has learnt nothing yet. Settings out of range are refused by
    /// the fit.
    pub fn new(settings: TreeModelSettings) -> Self {
        Self { settings, state: None }
    }

    /// The probability that the label is 1, for each row.
    ///
    /// # Errors
    /// As [`Surrogate::predict`].
    pub fn probabilities(&self, x: &TreeRows) -> Result<Vec<f64>, LearnError> {
        let state = self.state.as_ref().ok_or(LearnError::NotFitted)?;
        state.state.check(x)?;
        let (odds, _) = cross::spread(&state.state.members, x.rows())?;
        Ok(odds.into_iter().map(|z| state.curve.probability(z)).collect())
    }

    /// How well labels left out are predicted; `None` before the first fit.
    pub fn details(&self) -> Option<&ClassReport> {
        self.state.as_ref().map(|state| &state.class)
    }

    /// The hyper-parameters found; `None` before the first fit.
    pub fn hyper(&self) -> Option<TreeHyper> {
        self.state.as_ref().map(|state| state.state.hyper)
    }

    /// The five models of log odds; none before the first fit.
    pub fn members(&self) -> &[Ensemble] {
        self.state.as_ref().map_or(&[], |state| &state.state.members)
    }

    fn learn(&self, x: TreeRows, y: &[f64], hyper: Option<TreeHyper>) -> Result<ClassState, LearnError> {
        check_labels(x.len(), y)?;
        self.settings.check()?;
        if let Some(index) = y.iter().position(|&v| v != 0.0 && v != 1.0) {
            return Err(TreeError::BadLabel { index, value: y[index], expected: "0 or 1" }.into());
        }
        if x.is_empty() {
            return Err(LearnError::NoData);
        }
        let n = y.len() as f64;
        let share = y.iter().sum::<f64>() / n;
        let settings = &self.settings;
        let (members, odds, hyper, evaluations, curve) = if share == 0.0 || share == 1.0 {
            // One of each class more, as if seen before (Laplace).
            let odds = ((share * n + 1.0) / ((1.0 - share) * n + 1.0)).ln();
            let curve = Curve { slope: 1.0, shift: odds };
            (Vec::new(), vec![0.0; y.len()], hyper.unwrap_or(cross::DEFAULT), 0, curve)
        } else {
            let table = Binned::new(x.rows())?;
            let (hyper, searched) = match hyper {
                Some(hyper) => (hyper, 0),
                None => cross::search(&table, y, Loss::Logistic, settings)?,
            };
            let crossed = cross::cross(x.rows(), &table, y, Loss::Logistic, settings, hyper)?;
            let Crossed { members, left_out, hyper, grown } = crossed;
            let curve = Curve::fit(&left_out, y);
            (members, left_out, hyper, searched + grown, curve)
        };
        let seen: Vec<f64> = odds.iter().map(|&z| curve.probability(z)).collect();
        let class = ClassReport::new(&seen, y);
        let domain = Domain::new(x.rows(), &members, settings.domain_quantile, settings.seed)?;
        let inside = seen.iter().zip(y).filter(|(p, y)| (*y - *p).abs() <= 1.645 * (*p * (1.0 - *p)).sqrt());
        let report = FitReport {
            labels: y.len(),
            mean: share,
            signal_variance: (share * (1.0 - share) - class.brier).max(0.0),
            noise_variance: class.brier,
            log_marginal_likelihood: -class.log_loss * n,
            scale: ScaleSource::CrossValidation,
            evaluations,
            at_bound: None,
            calibration: curve.slope,
            domain_threshold: domain.threshold,
            leave_one_out: (y.len() > 1).then(|| LeaveOneOut {
                rmse: class.brier.sqrt(),
                mae: seen.iter().zip(y).map(|(p, y)| (p - y).abs() / n).sum(),
                r2: (class.area.is_some()).then(|| 1.0 - class.brier / (share * (1.0 - share))),
                coverage_90_raw: inside.count() as f64 / n,
                coverage_90: None,
            }),
        };
        let state = State {
            columns: x.columns(),
            x: Some(x),
            labels: y.to_vec(),
            centre: Centre { mean: 0.0, scale: 1.0, spread: share != 0.0 && share != 1.0 },
            members,
            noise: Noise { members: Vec::new(), range: (0.0, 0.0), calibration: 1.0 },
            domain,
            hyper,
            report,
        };
        Ok(ClassState { state, curve, class })
    }
}

impl Surrogate for BoostedClassifier {
    type Input = TreeRows;

    /// Labels are 0 or 1; others are refused.
    fn fit(&mut self, x: &TreeRows, y: &[f64]) -> Result<FitReport, LearnError> {
        let state = self.learn(x.clone(), y, None)?;
        Ok(self.state.insert(state).state.report.clone())
    }

    fn extend(&mut self, x: &TreeRows, y: &[f64]) -> Result<FitReport, LearnError> {
        check_labels(x.len(), y)?;
        let old = &self.state.as_ref().ok_or(LearnError::NotFitted)?.state;
        let (rows, labels) = old.extended(x, y)?;
        let state = self.learn(rows, &labels, old.centre.spread.then_some(old.hyper))?;
        Ok(self.state.insert(state).state.report.clone())
    }

    fn predict(&self, x: &TreeRows) -> Result<Predictions, LearnError> {
        let ClassState { state, curve, .. } = self.state.as_ref().ok_or(LearnError::NotFitted)?;
        state.check(x)?;
        let (odds, spreads) = cross::spread(&state.members, x.rows())?;
        let mean: Vec<f64> = odds.iter().map(|&z| curve.probability(z)).collect();
        let nearest = state.domain.nearest(x.rows())?;
        let sd: Vec<f64> = mean.iter().map(|p| (p * (1.0 - p)).sqrt()).collect();
        let latent = mean.iter().zip(&spreads).zip(&sd);
        Ok(Predictions {
            // The spread of log odds times the slope of the curve.
            sd_latent: latent.map(|((p, s), sd)| (p * (1.0 - p) * curve.slope.abs() * s).min(*sd)).collect(),
            sd,
            in_domain: nearest.iter().map(|&s| s >= state.domain.threshold).collect(),
            nearest,
            mean,
        })
    }
}
