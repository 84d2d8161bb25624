use super::{Acquisition, ExpectedImprovement, Random, Scale};
use crate::{State, Step, StepValue};

pub(super) const NAME: &str = "ei_per_joule";

/// The logarithm of the expected improvement over the predicted cost in joules
/// (Snoek, Larochelle and Adams, NeurIPS 25, 2012, section 3.2).
///
/// Without an incumbent there is nothing to improve on and every step is as
/// good as any other: the values are those of [`Random`], so that a first
/// sample is not one of small molecules only.
#[derive(Debug, Clone, Copy, Default)]
pub struct ExpectedImprovementPerJoule;

impl Acquisition for ExpectedImprovementPerJoule {
    fn name(&self) -> &'static str {
        NAME
    }

    fn scale(&self) -> Scale {
        Scale::LnGainPerJoule
    }

    fn value(&self, state: &State, steps: &[Step]) -> Vec<StepValue> {
        if state.leaders.incumbent().is_none() {
            return Random.value(state, steps);
        }
        let gains = ExpectedImprovement.value(state, steps);
        gains
            .into_iter()
            .zip(steps)
            .map(|(gain, step)| StepValue(gain.0 - step.cost().value().ln()))
            .collect()
    }
}
