use crate::step::precedence;
use crate::{DecideError, State, Step, StepValue};
use matter::units::Joules;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// When to stop before the budget is spent. What is left out never stops a
/// campaign.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StopRules {
    /// Stop after this many evaluations, failed ones included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_evaluations: Option<u64>,
    /// Stop when the expected improvement of the best next step, in the unit of
    /// the property, falls below this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_gain: Option<f64>,
}

/// Where a campaign stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Evaluations finished, failed ones included.
    pub evaluations: u64,
    /// Candidates neither evaluated nor given up.
    pub candidates_left: u64,
    /// What is left of the budget, reservations deducted.
    pub budget_left: Joules,
    /// What the cheapest next step would have to reserve, if there is one.
    pub cheapest: Option<Joules>,
    /// [`best_gain`] of the next steps, in the unit of the property; `None`
    /// while it is not known.
    pub best_gain: Option<f64>,
    /// Whether as many values as wanted are as good as can be
    /// ([`Leaders::reached`](crate::Leaders::reached)).
    pub goal_reached: bool,
}

/// Why a campaign stopped. `Display` tells people.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
#[non_exhaustive]
pub enum StopReason {
    /// Nothing is left of the budget.
    BudgetExhausted,
    /// Something is left, but less than any step may cost.
    NothingAffordable {
        /// What is left.
        left: Joules,
        /// What the cheapest step would have to reserve.
        cheapest: Joules,
    },
    /// Every candidate was evaluated.
    SpaceExhausted {
        /// Evaluations, failed ones included.
        evaluations: u64,
    },
    /// The number of evaluations asked for is reached.
    MaxEvaluations {
        /// Evaluations, failed ones included.
        evaluations: u64,
    },
    /// As many values as wanted are as good as can be.
    GoalReached,
    /// The best next step promises less than `min_gain`.
    GainTooSmall {
        /// Its expected improvement, in the unit of the property.
        gain: f64,
        /// The least that is wanted.
        min_gain: f64,
    },
}

impl StopRules {
    /// Refuses a `min_gain` that is negative or no number, and 0 evaluations.
    ///
    /// # Errors
    /// [`DecideError::BadSetting`].
    pub fn check(&self) -> Result<(), DecideError> {
        if self.max_evaluations == Some(0) {
            return Err(DecideError::BadSetting {
                field: "stop.max_evaluations",
                found: 0.0,
                expected: "at least 1; leave it out for no limit",
            });
        }
        match self.min_gain {
            Some(found) if !(found >= 0.0 && found.is_finite()) => Err(DecideError::BadSetting {
                field: "stop.min_gain",
                found,
                expected: "a finite number that is not negative, in the unit of the property",
            }),
            _ => Ok(()),
        }
    }

    /// The first reason to stop, if there is one.
    pub fn reason(&self, progress: &Progress) -> Option<StopReason> {
        let Progress { evaluations, budget_left, .. } = *progress;
        if progress.candidates_left == 0 {
            return Some(StopReason::SpaceExhausted { evaluations });
        }
        if self.max_evaluations.is_some_and(|most| evaluations >= most) {
            return Some(StopReason::MaxEvaluations { evaluations });
        }
        if progress.goal_reached {
            return Some(StopReason::GoalReached);
        }
        if budget_left <= Joules::ZERO {
            return Some(StopReason::BudgetExhausted);
        }
        if let Some(cheapest) = progress.cheapest
            && cheapest > budget_left
        {
            return Some(StopReason::NothingAffordable { left: budget_left, cheapest });
        }
        match (progress.best_gain, self.min_gain) {
            (Some(gain), Some(min_gain)) if gain < min_gain => {
                Some(StopReason::GainTooSmall { gain, min_gain })
            }
            _ => None,
        }
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StopReason::BudgetExhausted => f.write_str("the budget is spent"),
            StopReason::NothingAffordable { left, cheapest } => write!(
                f,
                "{left:.1} of the budget are left, but the cheapest step may cost {cheapest:.1}: \
                 raise the budget to go on"
            ),
            StopReason::SpaceExhausted { evaluations } => {
                write!(f, "no candidate is left after {evaluations} evaluations: the space is explored")
            }
            StopReason::MaxEvaluations { evaluations } => {
                write!(f, "{evaluations} evaluations are done, as many as `stop.max_evaluations` asks for")
            }
            StopReason::GoalReached => {
                f.write_str("as many values as wanted meet the goal exactly: no other can be better")
            }
            StopReason::GainTooSmall { gain, min_gain } => write!(
                f,
                "the best next step promises a gain of {gain:.3e}, less than `stop.min_gain` = {min_gain}"
            ),
        }
    }
}

/// The position of the step with the largest expected improvement and that
/// improvement, in the unit of the property. `None` without steps or incumbent.
pub fn best_gain(state: &State, steps: &[Step]) -> Option<(usize, f64)> {
    let incumbent = state.leaders.incumbent()?;
    let value = |step: &Step| StepValue(state.goal.ln_expected_improvement(step.belief(), incumbent));
    let (index, (gain, _)) = steps
        .iter()
        .map(|step| (value(step), step))
        .enumerate()
        .min_by(|(_, a), (_, b)| precedence(*a, *b))?;
    Some((index, gain.0.exp()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::test_id;
    use crate::{Gaussian, Goal, Leaders};

    fn progress() -> Progress {
        Progress {
            evaluations: 10,
            candidates_left: 5,
            budget_left: Joules(100.0),
            cheapest: Some(Joules(20.0)),
            best_gain: Some(0.01),
            goal_reached: false,
        }
    }

    #[test]
    fn every_reason_is_found_and_explained() {
        let none = StopRules::default();
        let rules = StopRules { max_evaluations: Some(10), min_gain: None };
        let gain = StopRules { max_evaluations: None, min_gain: Some(0.02) };
        assert_eq!(none.reason(&progress()), None);
        for (rules, progress, needle) in [
            (none, Progress { budget_left: Joules(0.0), ..progress() }, "the budget is spent"),
            (none, Progress { budget_left: Joules(19.0), ..progress() }, "may cost 20.0 J"),
            (none, Progress { candidates_left: 0, ..progress() }, "after 10 evaluations"),
            (none, Progress { goal_reached: true, ..progress() }, "exactly"),
            (rules, progress(), "stop.max_evaluations"),
            (gain, progress(), "1.000e-2, less than `stop.min_gain` = 0.02"),
        ] {
            let reason = rules.reason(&progress).unwrap();
            assert!(reason.to_string().contains(needle), "{reason}");
        }
        assert_eq!(gain.reason(&Progress { best_gain: None, ..progress() }), None);
    }

    #[test]
    fn reasons_can_be_stored_and_read_again() {
        let reason = StopReason::NothingAffordable { left: Joules(1.0), cheapest: Joules(2.0) };
        let text = serde_json::to_string(&reason).unwrap();
        assert_eq!(text, r#"{"reason":"nothing_affordable","left":1.0,"cheapest":2.0}"#);
        assert_eq!(serde_json::from_str::<StopReason>(&text).unwrap(), reason);
    }

    #[test]
    fn rules_without_meaning_are_refused() {
        for (text, needle) in [
            ("min_gain = -1", "stop.min_gain"),
            ("min_gain = nan", "NaN"),
            ("max_evaluations = 0", "at least 1"),
        ] {
            let error = toml::from_str::<StopRules>(text).unwrap().check().unwrap_err().to_string();
            assert!(error.contains(needle), "{error}");
        }
    }

    #[test]
    fn the_best_gain_is_the_largest_expected_improvement() {
        let step = |n, mean| Step::new(test_id(n), Gaussian { mean, sd: 1.0 }, Joules(1.0)).unwrap();
        let state = State {
            goal: Goal::Minimise,
            leaders: Leaders::of(&Goal::Minimise, 1, [0.0]),
            round: 0,
            seed: 0,
        };
        let steps = [step(1, 3.0), step(2, 0.0), step(3, 1.0)];
        let (index, gain) = best_gain(&state, &steps).unwrap();
        assert_eq!(index, 1);
        // phi(0)
        assert!((gain - 0.398_942_280_401_432_7).abs() < 1e-15);
        assert_eq!(best_gain(&State { leaders: Leaders::new(1), ..state.clone() }, &steps), None);
        assert_eq!(best_gain(&state, &[]), None);
    }
}
