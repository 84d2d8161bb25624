use super::{Acquisition, Scale};
use crate::{Goal, State, Step, StepValue};

pub(super) const NAME: &str = "ucb";

/// The upper confidence bound: the best utility that a value within some
/// standard deviations of the mean can have (Srinivas, Krause, Kakade and
/// Seeger, ICML 2010; for a target or range the same bound of the
/// utility).
#[derive(Debug, Clone, Copy)]
pub struct UpperConfidenceBound {
    standard_deviations: f64,
}

impl Default for UpperConfidenceBound {
    fn default() -> Self {
        Self { standard_deviations: 2.0 }
    }
}

impl Acquisition for UpperConfidenceBound {
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
                let (mean, reach) = (step.belief().mean, self.standard_deviations * step.belief().sd);
                let (low, high) = (mean - reach, mean + reach);
                // The value within reach that is best.
                let best = match state.goal {
                    Goal::Maximise => high,
                    Goal::Minimise => low,
                    Goal::Target(target) => target.clamp(low, high),
                    Goal::Range { low: from, high: to } => mean.clamp(from, to).clamp(low, high),
                };
                StepValue(state.goal.utility(best).value())
            })
            .collect()
    }
}
