use super::{Acquisition, Scale};
use crate::{State, Step, StepValue};

pub(super) const NAME: &str = "greedy";

/// The expected utility: nothing is done to learn, everything to find.
#[derive(Debug, Clone, Copy, Default)]
pub struct Greedy;

impl Acquisition for Greedy {
    fn name(&self) -> &'static str {
        NAME
    }

    fn scale(&self) -> Scale {
        Scale::Utility
    }

    fn value(&self, state: &State, steps: &[Step]) -> Vec<StepValue> {
        steps.iter().map(|step| StepValue(state.goal.expected_utility(step.belief()).value())).collect()
    }
}
