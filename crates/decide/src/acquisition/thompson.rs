use super::{Acquisition, Scale};
use crate::{State, Step, StepValue, noise};

pub(super) const NAME: &str = "thompson";

/// The utility of one draw from the prediction of each candidate, for each
/// round anew (Thompson, Biometrika 25, 285, 1933). Draws of different
/// candidates are independent: correlations between them are not used.
#[derive(Debug, Clone, Copy, Default)]
pub struct Thompson;

impl Acquisition for Thompson {
    fn name(&self) -> &'static str {
        NAME
    }

    fn scale(&self) -> Scale {
        Scale::Utility
    }

    fn value(&self, state: &State, steps: &[Step]) -> Vec<StepValue> {
        steps
            .iter()
            .map(|step| {
                let draw = noise::normal(state.seed, state.round, step.id());
                let y = step.belief().mean + step.belief().sd * draw;
                StepValue(state.goal.utility(y).value())
            })
            .collect()
    }
}
