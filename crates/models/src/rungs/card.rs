//! What a model of several levels says of itself.

use crate::Calibration;
use learn::{Outlook, Pilot, RungHyper, Verdict};
use serde::{Deserialize, Serialize};

/// One level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RungCard {
    /// Its column; of the highest the property.
    pub name: String,
    /// What a label costs, if it was said.
    pub cost: Option<f64>,
    /// Labels.
    pub labels: usize,
    /// Those of structures that the level below has a label of, too.
    pub paired: usize,
    /// How much of the level below is in this one; absent for the lowest, and
    /// where the model does not use the lower levels.
    pub rho: Option<f64>,
    /// Hyper-parameters of what the level below does not tell.
    pub hyper_parameters: Option<RungHyper>,
}

/// Errors of a model of the highest level's labels alone, on the same labels not seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Alone {
    /// Mean absolute error.
    pub mae: f64,
    /// Root mean squared error.
    pub rmse: f64,
}

/// Predictions where lower levels' values of the structure asked for are known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// Labels predicted: of structures with a label of some lower level.
    pub labels: usize,
    /// Mean absolute error.
    pub mae: f64,
    /// Root mean squared error.
    pub rmse: f64,
    /// Factor of the standard deviation that makes an interval of level 0.9.
    pub factor_90: Option<f64>,
    /// Coverage of such intervals.
    pub coverage_90: Option<Calibration>,
}

/// Whether a level pays for the one above it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PilotCard {
    /// The lower level.
    pub lower: String,
    /// The upper level.
    pub upper: String,
    /// Structures with labels of both that it was judged on.
    pub pairs: usize,
    /// The judgement: `pays`, `does_not_pay`, `undecided`.
    pub verdict: String,
    /// Cost of the upper level alone over that of both, at equal error.
    pub saving: f64,
    /// Its 90 % interval.
    pub saving_interval: (f64, f64),
    /// Lower labels for each upper one at the optimum.
    pub lower_per_upper: f64,
}

impl PilotCard {
    pub(super) fn new(lower: &str, upper: &str, pilot: &Pilot) -> PilotCard {
        let verdict = match pilot.verdict {
            Verdict::Pays => "pays",
            Verdict::DoesNotPay => "does_not_pay",
            Verdict::Undecided => "undecided",
        };
        PilotCard {
            lower: lower.to_owned(),
            upper: upper.to_owned(),
            pairs: pilot.pairs,
            verdict: verdict.to_owned(),
            saving: pilot.saving,
            saving_interval: pilot.saving_interval,
            lower_per_upper: pilot.lower_per_upper,
        }
    }
}

/// What a plan says of one level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedRung {
    /// The level.
    pub name: String,
    /// Labels there are.
    pub labels: usize,
    /// Labels that it should have in the end.
    pub planned: usize,
}

/// The cheapest way to a target error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanCard {
    /// The mean absolute error wanted.
    pub target: f64,
    /// `reached`, `reachable`, `not_reachable`.
    pub outlook: String,
    /// Each level.
    pub rungs: Vec<PlannedRung>,
    /// Cost of the labels that are missing; absent if the target is out of reach.
    pub cost: Option<f64>,
    /// Its 90 % interval; ends are absent where the target may be out of reach.
    pub cost_interval: (Option<f64>, Option<f64>),
    /// The probability that the target can be reached at all.
    pub reachable: f64,
    /// The level to buy labels of now, and how many.
    pub next: Option<(String, usize)>,
    /// The error that the curves say there is now.
    pub expected_error: f64,
}

impl PlanCard {
    pub(super) fn new(target: f64, names: &[String], labels: &[usize], plan: &learn::Plan) -> PlanCard {
        let outlook = match plan.outlook {
            Outlook::Reached => "reached",
            Outlook::Reachable => "reachable",
            Outlook::NotReachable => "not_reachable",
        };
        let finite = |value: f64| value.is_finite().then_some(value);
        let rungs = names.iter().zip(labels).zip(&plan.labels);
        PlanCard {
            target,
            outlook: outlook.to_owned(),
            rungs: rungs
                .map(|((name, &labels), &planned)| PlannedRung { name: name.clone(), labels, planned })
                .collect(),
            cost: finite(plan.cost),
            cost_interval: (finite(plan.cost_interval.0), finite(plan.cost_interval.1)),
            reachable: plan.reachable,
            next: plan.next.as_ref().map(|next| (names[next.rung].clone(), next.labels)),
            expected_error: plan.error,
        }
    }
}

/// The levels of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LadderCard {
    /// Cheapest first; the last is the one predicted.
    pub rungs: Vec<RungCard>,
    /// Whether the model uses the lower levels: not, if the highest alone
    /// predicts labels not seen better.
    pub used: bool,
    /// The highest level alone.
    pub alone: Alone,
    /// All levels together, in the same way; nothing known of the structure.
    pub together: Alone,
    /// The same where lower levels' values are known; absent if too few structures
    /// have them.
    pub given: Option<Given>,
    /// Whether each level pays for the one above; only where costs were said and
    /// enough structures have labels of both.
    pub pilots: Vec<PilotCard>,
    /// The way to the target error; only with a target, with costs, and with
    /// enough structures that have labels of two levels.
    pub plan: Option<PlanCard>,
    /// Why there is no plan although there is a target.
    pub no_plan: Option<String>,
}
