//! What a model is worth on structures that it has not seen.

use crate::fitted::{Fitted, Prepared};
use crate::learner::{Design, Hyper};
use crate::{ClassEvaluation, ModelError};
use learn::{LearnError, Predictions};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Up to this many labels every one is predicted by a model that has not seen
/// it (cross-validation); of more, a part is set aside.
const CROSS_LIMIT: usize = 3000;
const FOLDS: usize = 5;
/// Share set aside beyond that, and its bounds.
const ASIDE: f64 = 0.15;
const MOST_ASIDE: usize = 3000;
/// Fewer labels held out say little.
pub(crate) const FEW: usize = 100;

/// Levels of the calibration curve.
const LEVELS: [f64; 7] = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98];
/// The level of the intervals given with predictions.
pub(crate) const LEVEL: f64 = 0.9;

/// One point of a calibration curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Share of labels that intervals are to hold.
    pub level: f64,
    /// Share that they hold, judged on labels that had no part in making them.
    pub held: f64,
    /// Their mean width, in the unit of the labels.
    pub width: f64,
}

/// Errors and calibration, on labels that the model had not seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// How the unseen labels were come by.
    pub how: String,
    /// Labels predicted.
    pub labels: usize,
    /// Mean absolute error.
    pub mae: f64,
    /// Root mean squared error.
    pub rmse: f64,
    /// Largest error.
    pub largest: f64,
    /// Coefficient of determination; absent where the labels are all the same.
    pub r2: Option<f64>,
    /// Mean absolute error of the mean label: what to beat.
    pub mae_of_mean: f64,
    /// Factor of the standard deviation that makes an interval of level 0.9
    /// (conformal; absent with too few labels).
    pub factor_90: Option<f64>,
    /// Coverage of conformal intervals of several levels, each half of the
    /// labels judged with factors from the other half.
    pub calibration: Vec<Calibration>,
    /// Coverage and mean width of the plain interval, 1.645 standard
    /// deviations either way, for comparison.
    pub plain_90: Calibration,
    /// Share of the labels within the model's domain, and the mean absolute
    /// error inside and outside.
    pub in_domain: f64,
    /// Mean absolute error inside the domain.
    pub mae_in_domain: Option<f64>,
    /// Mean absolute error outside it.
    pub mae_out_of_domain: Option<f64>,
    /// What probabilities of classes are worth; errors are then those of the
    /// probabilities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ClassEvaluation>,
}

impl Evaluation {
    /// Of the 0.9 intervals, if there are any.
    pub fn coverage_90(&self) -> Option<Calibration> {
        self.calibration.iter().find(|c| c.level == LEVEL).copied()
    }
}

/// Predictions of labels not seen.
pub(crate) struct Unseen {
    how: String,
    pub(crate) labels: Vec<f64>,
    pub(crate) seen: Predictions,
}

/// Which labels are learnt and which predicted, one pair for each fit.
pub(crate) struct Split {
    pub(crate) how: String,
    pub(crate) parts: Vec<(Vec<usize>, Vec<usize>)>,
}

impl Split {
    /// For labels in the order `order`. Without `cross`, for models that
    /// cross-validate within themselves, a part is always held out.
    pub(crate) fn new(order: &[usize], cross: bool) -> Split {
        let n = order.len();
        if n <= CROSS_LIMIT && (cross || n < 2 * FEW) {
            return Split::crossed(order);
        }
        let aside = ((ASIDE * n as f64) as usize).clamp(FEW, MOST_ASIDE);
        let (held, learnt) = order.split_at(aside);
        Split { how: format!("{aside} labels held out"), parts: vec![(learnt.to_vec(), held.to_vec())] }
    }

    /// Every label is predicted once.
    pub(crate) fn crossed(order: &[usize]) -> Split {
        let n = order.len();
        let folds = FOLDS.min(n);
        let part = |k: usize| {
            let (from, to) = (k * n / folds, (k + 1) * n / folds);
            ([&order[..from], &order[to..]].concat(), order[from..to].to_vec())
        };
        let how = format!("{folds}-fold cross-validation");
        Split { how, parts: (0..folds).map(part).collect() }
    }
}

/// Fits and predicts each part of a split. Hyper-parameters are those given, or
/// else found by the first fit for all.
pub(crate) fn predict_unseen(
    design: Design,
    hyper: &mut Option<Hyper>,
    x: &Prepared,
    labels: &[f64],
    split: &Split,
    after: &mut dyn FnMut() -> Result<(), ModelError>,
) -> Result<Unseen, ModelError> {
    let mut unseen = Unseen::new(&split.how);
    for (learnt, held) in &split.parts {
        let pick = |set: &[usize]| set.iter().map(|&i| labels[i]).collect::<Vec<f64>>();
        let fitted = Fitted::fit(design, hyper.clone(), &x.select(learnt), &pick(learnt))?;
        *hyper = hyper.take().or(fitted.hyper.clone());
        // An element that only the held-out part has is no fault of the data:
        // those structures are predicted one by one, as a user would find.
        let (known, seen) = match fitted.predict(&x.select(held)) {
            Ok(seen) => (held.clone(), seen),
            Err(ModelError::Learn(LearnError::UnknownElement { .. })) => {
                let fits = |i: &usize| fitted.predict(&x.select(&[*i])).is_ok();
                let known: Vec<usize> = held.iter().copied().filter(fits).collect();
                let seen = fitted.predict(&x.select(&known))?;
                (known, seen)
            }
            Err(other) => return Err(other),
        };
        unseen.add(&pick(&known), &seen);
        after()?;
    }
    Ok(unseen)
}

impl Unseen {
    pub(crate) fn new(how: &str) -> Unseen {
        Unseen { how: how.to_owned(), labels: Vec::new(), seen: Predictions::default() }
    }

    pub(crate) fn add(&mut self, labels: &[f64], seen: &Predictions) {
        self.labels.extend_from_slice(labels);
        self.seen.mean.extend_from_slice(&seen.mean);
        self.seen.sd.extend_from_slice(&seen.sd);
        self.seen.in_domain.extend_from_slice(&seen.in_domain);
    }

    pub(crate) fn mae(&self) -> f64 {
        mean(&self.errors().iter().map(|e| e.abs()).collect::<Vec<f64>>())
    }

    pub(crate) fn errors(&self) -> Vec<f64> {
        self.seen.mean.iter().zip(&self.labels).map(|(m, y)| m - y).collect()
    }

    pub(crate) fn judge(&self) -> Evaluation {
        let (errors, n) = (self.errors(), self.labels.len());
        let sizes: Vec<f64> = errors.iter().map(|e| e.abs()).collect();
        let sd: Vec<f64> = self.seen.sd.iter().map(|sd| sd.max(f64::MIN_POSITIVE)).collect();
        let scores: Vec<f64> = sizes.iter().zip(&sd).map(|(e, sd)| e / sd).collect();
        let centre = mean(&self.labels);
        let spread: f64 = self.labels.iter().map(|y| (y - centre).powi(2)).sum();
        let squares: f64 = errors.iter().map(|e| e * e).sum();
        let halves: [Vec<usize>; 2] = [0, 1].map(|k| (0..n).filter(|i| i % 2 == k).collect());
        let curve = |level: &f64| {
            let (mut held, mut width) = (0, 0.0);
            for (from, to) in [(0, 1), (1, 0)] {
                let known: Vec<f64> = halves[from].iter().map(|&i| scores[i]).collect();
                let factor = quantile(known, *level)?;
                held += halves[to].iter().filter(|&&i| scores[i] <= factor).count();
                width += halves[to].iter().map(|&i| 2.0 * factor * sd[i]).sum::<f64>();
            }
            Some(Calibration { level: *level, held: held as f64 / n as f64, width: width / n as f64 })
        };
        let inside = |wanted: bool| -> Option<f64> {
            let part = sizes.iter().zip(&self.seen.in_domain).filter(|(_, inside)| **inside == wanted);
            let part: Vec<f64> = part.map(|(e, _)| *e).collect();
            (!part.is_empty()).then(|| mean(&part))
        };
        let share = |count: usize| count as f64 / n.max(1) as f64;
        Evaluation {
            how: self.how.clone(),
            labels: n,
            mae: mean(&sizes),
            rmse: (squares / n.max(1) as f64).sqrt(),
            largest: sizes.iter().fold(0.0, |a, b| a.max(*b)),
            r2: (spread > 0.0).then(|| 1.0 - squares / spread),
            mae_of_mean: mean(&self.labels.iter().map(|y| (y - centre).abs()).collect::<Vec<f64>>()),
            factor_90: quantile(scores.clone(), LEVEL),
            calibration: LEVELS.iter().filter_map(curve).collect(),
            plain_90: Calibration {
                level: LEVEL,
                held: share(scores.iter().filter(|s| **s <= PLAIN).count()),
                width: 2.0 * PLAIN * mean(&sd),
            },
            in_domain: share(self.seen.in_domain.iter().filter(|inside| **inside).count()),
            mae_in_domain: inside(true),
            mae_out_of_domain: inside(false),
            class: None,
        }
    }
}

/// 0.95 quantile of the normal distribution.
pub(crate) const PLAIN: f64 = 1.644_853_626_951_472_2;

/// The conformal quantile of scores: the `ceil(level (n + 1))`-th smallest
/// (Vovk, Gammerman and Shafer 2005); `None` if there are too few for it.
fn quantile(mut scores: Vec<f64>, level: f64) -> Option<f64> {
    let rank = (level * (scores.len() + 1) as f64 - 1e-9).ceil().max(1.0) as usize;
    if rank > scores.len() {
        return None;
    }
    Some(*scores.select_nth_unstable_by(rank - 1, f64::total_cmp).1)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// How often each atomic number is met, as structures with it.
pub(crate) fn element_counts(numbers: &[Vec<u8>]) -> BTreeMap<u8, usize> {
    let mut counts = BTreeMap::new();
    for atoms in numbers {
        let kinds: std::collections::BTreeSet<u8> = atoms.iter().copied().collect();
        kinds.into_iter().for_each(|z| *counts.entry(z).or_default() += 1);
    }
    counts
}
