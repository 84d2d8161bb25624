use super::{Acquisition, Scale};
use crate::{State, Step, StepValue, noise};

pub(super) const NAME: &str = "random";

/// Chance: a hash of seed, round and structure, in (0, 1). The candidates of the
/// highest values are a sample of all, each as likely as any other.
#[derive(Debug, Clone, Copy, Default)]
pub struct Random;

impl Acquisition for Random {
    fn name(&self) -> &'static str {
        NAME
    }

    fn scale(&self) -> Scale {
        Scale::Order
    }

    fn value(&self, state: &State, steps: &[Step]) -> Vec<StepValue> {
        steps.iter().map(|step| StepValue(noise::uniform(state.seed, state.round, step.id()))).collect()
    }
}
