use super::curve::{CurvePoint, LearningCurve, PowerLaw};
use super::random::{SplitMix, quantile};
use crate::LearnError;
use serde::Serialize;

/// What is known of one rung before more labels are bought.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanRung {
    /// Cost of a label.
    pub cost: f64,
    /// Labels there are.
    pub labels: usize,
    /// The most labels there can be; `None` without a limit.
    pub available: Option<usize>,
    /// Its learning curve: the error that this rung's model adds to the highest
    /// rung, in the unit of the highest. For the lowest rung that is the error of
    /// its labels times their factor in the highest; for the others that of the
    /// difference to the rung below.
    pub curve: Vec<CurvePoint>,
}

/// Settings of a [`Plan`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlanSettings {
    /// The root mean squared error wanted on the highest rung.
    pub target: f64,
    /// Share of possible costs that the interval holds. Default 0.9.
    pub level: f64,
    /// The next purchase at most multiplies a rung's labels by this, since curves
    /// are not to be trusted further. Default 2.
    pub growth: f64,
}

impl PlanSettings {
    /// For a target error.
    pub fn new(target: f64) -> Self {
        Self { target, level: 0.9, growth: 2.0 }
    }
}

/// How it stands with a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outlook {
    /// The labels there are should do.
    Reached,
    /// By the labels planned.
    Reachable,
    /// The offsets of the curves, or the labels available, leave a larger error.
    NotReachable,
}

/// Labels to buy on one rung.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Purchase {
    /// The rung, 0 the lowest.
    pub rung: usize,
    /// How many labels.
    pub labels: usize,
    /// Their cost.
    pub cost: f64,
}

/// How many labels of which rung next.
///
/// Errors of the rungs add up in squares, `E^2 = sum_m e_m(n_m)^2`, each with a
/// [`LearningCurve`] of its own. The plan has the least cost `sum_m c_m n_m` of
/// all with `E` at the target: at it, every rung not at a limit gains equally for
/// its cost, `-d e_m^2 / d n_m = l c_m` (Lagrange), and `l` is found by bisection.
/// The interval of the cost comes from 201 combinations of curves that the points
/// allow, paired as in a Latin hypercube. There is no random number in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// How it stands.
    pub outlook: Outlook,
    /// The labels that each rung should have in the end; those there are, or of
    /// least error, if the target is out of reach.
    pub labels: Vec<usize>,
    /// Cost of those that are missing; infinite if the target is out of reach.
    pub cost: f64,
    /// The interval of that cost; ends are infinite where the target is out of
    /// reach.
    pub cost_interval: (f64, f64),
    /// The probability that the target can be reached at all.
    pub reachable: f64,
    /// What to buy now: the rung whose next labels lower the error most for their
    /// cost, of those planned. `None` when the target is reached, or out of reach
    /// with nothing left to gain.
    pub next: Option<Purchase>,
    /// Expected error with the labels there are.
    pub error: f64,
    /// Expected error with all labels there can be.
    pub floor: f64,
    /// The curve of each rung.
    pub curves: Vec<LearningCurve>,
}

/// Labels beyond which a rung is never planned.
const MOST: f64 = 1e12;
const SAMPLES: usize = 201;

impl Plan {
    /// Plans for rungs, lowest first.
    ///
    /// # Errors
    /// [`LearnError::NoData`] without rungs; [`LearnError::BadSetting`] for costs,
    /// target, level or growth out of range; and those of
    /// [`LearningCurve::fit`], about the rung's points.
    pub fn new(rungs: &[PlanRung], settings: &PlanSettings) -> Result<Self, LearnError> {
        check(rungs, settings)?;
        let curves: Vec<LearningCurve> =
            rungs.iter().map(|rung| LearningCurve::fit(&rung.curve)).collect::<Result<_, _>>()?;
        let best: Vec<PowerLaw> = curves.iter().map(|curve| curve.best).collect();
        let now: Vec<f64> = rungs.iter().map(|rung| rung.labels.max(1) as f64).collect();
        let most: Vec<f64> = rungs.iter().map(PlanRung::most).collect();
        let (error, floor) = (total(&best, &now), total(&best, &most));
        let planned = cheapest(rungs, &best, settings.target);
        let outlook = match &planned {
            _ if error <= settings.target && rungs.iter().all(|r| r.labels > 0) => Outlook::Reached,
            Some(_) => Outlook::Reachable,
            None => Outlook::NotReachable,
        };
        let cost = |labels: &[f64]| -> f64 {
            let each = labels.iter().zip(rungs);
            each.map(|(n, rung)| rung.cost * (n.ceil() - rung.labels as f64).max(0.0)).sum()
        };
        // Curves of different rungs are paired in different orders.
        let samples: Vec<Vec<PowerLaw>> = curves.iter().map(|curve| curve.sample(SAMPLES)).collect();
        let orders: Vec<Vec<usize>> =
            (0..rungs.len()).map(|m| SplitMix(m as u64 + 1).order(SAMPLES)).collect();
        let mut costs: Vec<f64> = (0..SAMPLES)
            .map(|i| {
                let laws: Vec<PowerLaw> = samples.iter().zip(&orders).map(|(s, o)| s[o[i]]).collect();
                cheapest(rungs, &laws, settings.target).map_or(f64::INFINITY, |n| cost(&n))
            })
            .collect();
        costs.sort_unstable_by(f64::total_cmp);
        let tail = 0.5 * (1.0 - settings.level);
        let reachable = costs.iter().filter(|c| c.is_finite()).count() as f64 / SAMPLES as f64;
        let aim = match (&planned, outlook) {
            (_, Outlook::Reached) => now.clone(),
            (Some(labels), _) => labels.clone(),
            // As near as it gets: nothing says where to stop but the limits.
            (None, _) => {
                cheapest(rungs, &best, floor + 0.1 * (error - floor).max(0.0)).unwrap_or(now.clone())
            }
        };
        let next = if outlook == Outlook::Reached { None } else { purchase(rungs, &best, &aim, settings) };
        let labels = aim.iter().zip(rungs).map(|(n, rung)| (n.ceil().min(MOST) as usize).max(rung.labels));
        Ok(Self {
            outlook,
            labels: labels.collect(),
            cost: if outlook == Outlook::NotReachable { f64::INFINITY } else { cost(&aim) },
            cost_interval: (quantile(&costs, tail), quantile(&costs, 1.0 - tail)),
            reachable,
            next,
            error,
            floor,
            curves,
        })
    }
}

impl PlanRung {
    fn most(&self) -> f64 {
        self.available.map_or(MOST, |n| n as f64).max(self.labels.max(1) as f64)
    }
}

fn check(rungs: &[PlanRung], settings: &PlanSettings) -> Result<(), LearnError> {
    let bad = |setting, found, expected| Err(LearnError::BadSetting { setting, found, expected });
    if rungs.is_empty() {
        return Err(LearnError::NoData);
    }
    if let Some(rung) = rungs.iter().find(|rung| !(rung.cost > 0.0 && rung.cost.is_finite())) {
        return bad("cost", rung.cost, "a finite number above zero");
    }
    if !(settings.target > 0.0 && settings.target.is_finite()) {
        return bad("target", settings.target, "a finite number above zero");
    }
    if !(settings.level > 0.0 && settings.level < 1.0) {
        return bad("level", settings.level, "a number between 0 and 1");
    }
    if !(settings.growth > 1.0 && settings.growth.is_finite()) {
        return bad("growth", settings.growth, "a finite number above 1");
    }
    Ok(())
}

fn total(laws: &[PowerLaw], labels: &[f64]) -> f64 {
    laws.iter().zip(labels).map(|(law, n)| law.at(*n).powi(2)).sum::<f64>().sqrt()
}

/// `-d e^2 / d n`.
fn slope(law: &PowerLaw, labels: f64) -> f64 {
    let part = law.scale * labels.powf(-law.exponent);
    2.0 * (law.offset + part) * law.exponent * part / labels
}

/// The labels at which a rung gains `price` for one of its labels, in its range.
fn labels_at(rung: &PlanRung, law: &PowerLaw, price: f64) -> f64 {
    let (mut low, mut high) = ((rung.labels.max(1) as f64).ln(), rung.most().ln());
    if slope(law, low.exp()) <= price {
        return low.exp();
    }
    if slope(law, high.exp()) >= price {
        return high.exp();
    }
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if slope(law, middle.exp()) > price { low = middle } else { high = middle }
    }
    high.exp()
}

/// The cheapest labels of each rung with the target error.
fn cheapest(rungs: &[PlanRung], laws: &[PowerLaw], target: f64) -> Option<Vec<f64>> {
    let at = |price: f64| -> Vec<f64> {
        rungs.iter().zip(laws).map(|(rung, law)| labels_at(rung, law, price * rung.cost)).collect()
    };
    let most: Vec<f64> = rungs.iter().map(PlanRung::most).collect();
    if total(laws, &most) > target {
        return None;
    }
    let (mut low, mut high) = (-300.0_f64, 300.0_f64);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if total(laws, &at(middle.exp())) <= target { low = middle } else { high = middle }
    }
    Some(at(low.exp()))
}

/// The planned rung with the most gain for its cost.
fn purchase(rungs: &[PlanRung], laws: &[PowerLaw], aim: &[f64], settings: &PlanSettings) -> Option<Purchase> {
    let missing = |m: usize| (aim[m].ceil() - rungs[m].labels as f64).max(0.0);
    let gain = |m: usize| slope(&laws[m], rungs[m].labels.max(1) as f64) / rungs[m].cost;
    let rung =
        (0..rungs.len()).filter(|&m| missing(m) >= 1.0).max_by(|&a, &b| gain(a).total_cmp(&gain(b)))?;
    let most = ((settings.growth - 1.0) * rungs[rung].labels.max(1) as f64).ceil();
    let labels = missing(rung).min(most).max(1.0);
    Some(Purchase { rung, labels: labels as usize, cost: labels * rungs[rung].cost })
}
