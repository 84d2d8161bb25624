use super::{Acquisition, Random, Scale};
use crate::{State, Step, StepValue};

pub(super) const NAME: &str = "ei";

/// The logarithm of the expected improvement
/// ([`Goal::ln_expected_improvement`](crate::Goal::ln_expected_improvement)).
///
/// Without an incumbent there is nothing to improve on and every step is as
/// good as any other: the values are those of [`Random`].
#[derive(Debug, Clone, Copy, Default)]
pub struct ExpectedImprovement;

impl Acquisition for ExpectedImprovement {
    fn name(&self) -> &'static str {
        NAME
    }

    fn scale(&self) -> Scale {
        Scale::LnGain
    }

    fn value(&self, state: &State, steps: &[Step]) -> Vec<StepValue> {
        let Some(incumbent) = state.leaders.incumbent() else {
            return Random.value(state, steps);
        };
        steps
            .iter()
            .map(|step| StepValue(state.goal.ln_expected_improvement(step.belief(), incumbent)))
            .collect()
    }
}
