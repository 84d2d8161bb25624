//! What was asked, and what it could cost.

use matter::units::Joules;
use serde::{Deserialize, Serialize};

/// What was asked of the campaign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The question in words, one sentence.
    pub words: String,
    /// Name of the property, as an axis title would have it: `reduction energy`.
    pub property: String,
    /// Unit of the property: `eV`; empty for a pure number.
    pub unit: String,
    /// What makes a value good.
    pub goal: Goal,
    /// What must hold of a candidate, each in words: `SA score at most 4.5`.
    pub constraints: Vec<String>,
    /// What one candidate is called, singular: `quinone`, `molecule`.
    pub candidate: String,
    /// And plural: `quinones`.
    pub candidates: String,
}

/// What makes a value of the property good. Numbers are in [`Question::unit`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// The larger the better.
    Maximise,
    /// The smaller the better.
    Minimise,
    /// The nearer to this value the better.
    Target(f64),
    /// Best anywhere between the two, worse the farther outside.
    Range(f64, f64),
}

impl Goal {
    /// Distance from perfection: the smaller the better. For [`Goal::Maximise`] it is minus the value.
    pub fn loss(self, value: f64) -> f64 {
        match self {
            Goal::Maximise => -value,
            Goal::Minimise => value,
            Goal::Target(target) => (value - target).abs(),
            Goal::Range(low, high) => (low - value).max(value - high).max(0.0),
        }
    }
}

/// The budget of a campaign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    /// The cap, in [`Budget::unit`].
    pub cap: f64,
    /// Unit in which the cap was stated: `kJ`, `core-h`, `gCO2e`, `EUR`.
    pub unit: String,
    /// What was spent, in [`Budget::unit`].
    pub spent: f64,
    /// The cap as energy, if the conversion is known.
    pub cap_joules: Option<Joules>,
}

impl Budget {
    /// Share of the cap that was spent, 0 to 1; `None` without a positive cap.
    pub fn share(&self) -> Option<f64> {
        (self.cap > 0.0 && self.spent.is_finite()).then(|| self.spent / self.cap)
    }
}

/// One conclusion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether it is a finding or a warning.
    pub kind: VerdictKind,
    /// The sentence.
    pub text: String,
}

/// What a [`Verdict`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictKind {
    /// Something the campaign established.
    Finding,
    /// Something the reader must bear in mind.
    Caution,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loss_is_smallest_where_the_goal_is_met() {
        assert!(Goal::Maximise.loss(2.0) < Goal::Maximise.loss(1.0));
        assert!(Goal::Minimise.loss(1.0) < Goal::Minimise.loss(2.0));
        assert_eq!(Goal::Target(1.5).loss(1.0), 0.5);
        assert_eq!(Goal::Range(1.0, 2.0).loss(1.2), 0.0);
        assert_eq!(Goal::Range(1.0, 2.0).loss(2.5), 0.5);
        assert_eq!(Goal::Range(1.0, 2.0).loss(0.5), 0.5);
    }

    #[test]
    fn a_budget_without_cap_has_no_share() {
        let budget = Budget { cap: 0.0, unit: "kJ".into(), spent: 1.0, cap_joules: None };
        assert_eq!(budget.share(), None);
        assert_eq!(Budget { cap: 4.0, ..budget }.share(), Some(0.25));
    }
}
