use crate::goal::VALUE_LIMIT;
use crate::{DecideError, Gaussian, Goal, Leaders};
use matter::StructureId;
use matter::units::Joules;
use serde::Serialize;
use std::cmp::Ordering;

/// What is known when the next step is chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// What makes a value good.
    pub goal: Goal,
    /// The best utilities so far, of which the worst is to be improved on.
    pub leaders: Leaders,
    /// Number of the decision, counted from 0.
    pub round: u64,
    /// Seed of the campaign.
    pub seed: u64,
}

/// Something that could be done next: compute the property of one structure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    id: StructureId,
    belief: Gaussian,
    cost: Joules,
}

impl Step {
    /// A step from the structure, what the surrogate predicts for it and what
    /// it is predicted to cost (the expected cost, not the upper bound that is
    /// reserved).
    ///
    /// # Errors
    /// [`DecideError::BadStep`] if the mean or the standard deviation is not
    /// finite or above 1e100 in size, the latter is negative, or the cost is
    /// not a positive finite number.
    pub fn new(id: StructureId, belief: Gaussian, cost: Joules) -> Result<Step, DecideError> {
        let bad =
            |field, found, expected| Err(DecideError::BadStep { id: id.to_string(), field, found, expected });
        // NaN lies in no range.
        if !(-VALUE_LIMIT..=VALUE_LIMIT).contains(&belief.mean) {
            return bad("predicted mean", belief.mean, "a finite number of at most 1e100 in size");
        }
        if !(0.0..=VALUE_LIMIT).contains(&belief.sd) {
            return bad("predicted standard deviation", belief.sd, "a number from 0 to 1e100");
        }
        if !(cost.value() > 0.0 && cost.value().is_finite()) {
            return bad("predicted cost in joules", cost.value(), "a positive finite number");
        }
        Ok(Step { id, belief, cost })
    }

    /// The structure.
    pub fn id(&self) -> StructureId {
        self.id
    }

    /// What the surrogate predicts.
    pub fn belief(&self) -> Gaussian {
        self.belief
    }

    /// The predicted cost.
    pub fn cost(&self) -> Joules {
        self.cost
    }
}

/// What an acquisition says a step is worth: higher is better, minus infinity
/// is "not worth doing", never NaN. What the number means is told by
/// [`Acquisition::scale`](crate::Acquisition::scale).
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct StepValue(pub f64);

/// The order in which steps are taken: higher value, then lower structure id,
/// then lower cost, so that it never depends on the order of the list.
/// `Less` comes first.
pub(crate) fn precedence(a: (StepValue, &Step), b: (StepValue, &Step)) -> Ordering {
    // Values are numbers or minus infinity; NaN would be a bug of an
    // acquisition, and total_cmp keeps even that deterministic.
    b.0.0
        .total_cmp(&a.0.0)
        .then_with(|| a.1.id.cmp(&b.1.id))
        .then_with(|| a.1.cost.value().total_cmp(&b.1.cost.value()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::test_id;

    #[test]
    fn numbers_that_cannot_be_computed_with_are_refused() {
        for (mean, sd, cost, needle) in [
            (f64::NAN, 1.0, 1.0, "mean is NaN"),
            (0.0, -1.0, 1.0, "standard deviation is -1"),
            (0.0, f64::INFINITY, 1.0, "standard deviation is inf"),
            (0.0, 1.0, 0.0, "joules is 0"),
            (0.0, 1.0, f64::NAN, "joules is NaN"),
        ] {
            let error = Step::new(test_id(1), Gaussian { mean, sd }, Joules(cost)).unwrap_err().to_string();
            assert!(error.contains(needle), "{error}");
        }
    }
}
