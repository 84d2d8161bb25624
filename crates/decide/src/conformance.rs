//! The test every acquisition must pass; call [`check`] in its tests.

use crate::{Acquisition, Gaussian, Goal, Leaders, Scale, State, Step, StepValue, Utility};
use matter::StructureId;
use matter::units::Joules;
use std::f64::consts::LN_2;

/// An acquisition broke a rule of [`Acquisition`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("acquisition `{acquisition}`: {rule} is broken: {detail}")]
pub struct Violation {
    /// Which acquisition.
    pub acquisition: &'static str,
    /// Which rule.
    pub rule: &'static str,
    /// What was seen.
    pub detail: String,
}

/// Checks, for every goal, with and without an incumbent: one value for each
/// step; none NaN or plus infinity; the same bits when asked again, alone, in
/// another order and by any number of threads; values per joule halve when the
/// cost doubles, other values ignore the cost; a higher mean is never worth less
/// to who maximises, unless only the order of the values means something.
///
/// # Errors
/// The first [`Violation`] found.
pub fn check(acquisition: &dyn Acquisition) -> Result<(), Violation> {
    let steps = steps(acquisition)?;
    for goal in [Goal::Maximise, Goal::Minimise, Goal::Target(0.3), Goal::Range { low: -0.2, high: 0.4 }] {
        for incumbent in [None, Some(-0.5), Some(0.0), Some(-30.0)] {
            let mut leaders = Leaders::new(1);
            incumbent.map(Utility).into_iter().for_each(|utility| leaders.insert(utility));
            let state = State { goal, leaders, round: 7, seed: 11 };
            let examiner = Examiner { acquisition, state, steps: &steps };
            let values = examiner.numbers()?;
            examiner.repeatable(&values)?;
            examiner.order_of_steps(&values)?;
            examiner.cost(&values)?;
            examiner.monotone(&values)?;
        }
    }
    Ok(())
}

struct Examiner<'a> {
    acquisition: &'a dyn Acquisition,
    state: State,
    steps: &'a [Step],
}

/// Steps near and far, known and unknown, cheap and dear.
fn steps(acquisition: &dyn Acquisition) -> Result<Vec<Step>, Violation> {
    let mut steps = Vec::new();
    for mean in [-40.0, -1.0, 0.0, 0.3, 0.35, 2.0, 1e6] {
        for sd in [0.0, 1e-200, 1e-9, 1e-2, 1.0, 1e6] {
            let n = steps.len() as u64;
            // Spread over the bytes, so that ids do not come in order.
            let id = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let step = StructureId::from_hex(&format!("{id:016x}").repeat(4)).and_then(|id| {
                let cost = Joules(10f64.powi(steps.len() as i32 % 9 - 2));
                Step::new(id, Gaussian { mean, sd }, cost).ok()
            });
            let broken = || violation(acquisition, "the list of test steps", format!("step {n} is invalid"));
            steps.push(step.ok_or_else(broken)?);
        }
    }
    Ok(steps)
}

fn violation(acquisition: &dyn Acquisition, rule: &'static str, detail: String) -> Violation {
    Violation { acquisition: acquisition.name(), rule, detail }
}

impl Examiner<'_> {
    fn fail(&self, rule: &'static str, detail: String) -> Result<(), Violation> {
        Err(violation(self.acquisition, rule, format!("{detail} with {:?}", self.state)))
    }

    fn ask(&self, steps: &[Step]) -> Vec<StepValue> {
        self.acquisition.value(&self.state, steps)
    }

    /// Compares bit for bit.
    fn same(&self, rule: &'static str, got: &[StepValue], expected: &[StepValue]) -> Result<(), Violation> {
        let bits = |values: &[StepValue]| values.iter().map(|v| v.0.to_bits()).collect::<Vec<_>>();
        if bits(got) == bits(expected) {
            return Ok(());
        }
        self.fail(rule, format!("{got:?} instead of {expected:?}"))
    }

    fn numbers(&self) -> Result<Vec<StepValue>, Violation> {
        let values = self.ask(self.steps);
        if values.len() != self.steps.len() {
            self.fail("one value for each step", format!("{} for {}", values.len(), self.steps.len()))?;
        }
        if let Some(i) = values.iter().position(|v| v.0.is_nan() || v.0 == f64::INFINITY) {
            self.fail(
                "no value is NaN or plus infinity",
                format!("{:?} for {:?}", values[i], self.steps[i]),
            )?;
        }
        Ok(values)
    }

    fn repeatable(&self, values: &[StepValue]) -> Result<(), Violation> {
        self.same("the same values when asked again", &self.ask(self.steps), values)?;
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|error| {
                violation(self.acquisition, "threads for the test can be started", error.to_string())
            })?;
            let again = pool.install(|| self.ask(self.steps));
            self.same("the same values for any number of threads", &again, values)?;
        }
        Ok(())
    }

    fn order_of_steps(&self, values: &[StepValue]) -> Result<(), Violation> {
        let reversed: Vec<Step> = self.steps.iter().rev().copied().collect();
        let mut again = self.ask(&reversed);
        again.reverse();
        self.same("the same values in another order", &again, values)?;
        for (step, value) in self.steps.iter().zip(values) {
            self.same("the same value alone", &self.ask(&[*step]), &[*value])?;
        }
        Ok(())
    }

    fn cost(&self, values: &[StepValue]) -> Result<(), Violation> {
        let dearer = self.changed(|step| Step::new(step.id(), step.belief(), step.cost() * 2.0))?;
        let dearer = self.ask(&dearer);
        if self.acquisition.scale() != Scale::LnGainPerJoule || self.state.leaders.incumbent().is_none() {
            return self.same("the cost does not matter", &dearer, values);
        }
        for (before, after) in values.iter().zip(&dearer) {
            let halved = before.0 == after.0 && before.0 == f64::NEG_INFINITY
                || (before.0 - after.0 - LN_2).abs() <= 1e-12 * (1.0 + before.0.abs());
            if !halved {
                self.fail(
                    "the value per joule halves when the cost doubles",
                    format!("ln of it went from {} to {}", before.0, after.0),
                )?;
            }
        }
        Ok(())
    }

    fn monotone(&self, values: &[StepValue]) -> Result<(), Violation> {
        // Without an incumbent some fall back on chance.
        let ordered_only =
            self.acquisition.scale() == Scale::Order || self.state.leaders.incumbent().is_none();
        if ordered_only || self.state.goal != Goal::Maximise {
            return Ok(());
        }
        let better = self.changed(|step| {
            let belief = Gaussian { mean: step.belief().mean + 0.5, ..step.belief() };
            Step::new(step.id(), belief, step.cost())
        })?;
        for ((before, after), step) in values.iter().zip(self.ask(&better)).zip(self.steps) {
            if after.0 < before.0 {
                let detail = format!("{} fell to {} for {step:?}", before.0, after.0);
                self.fail("a higher mean is never worth less to who maximises", detail)?;
            }
        }
        Ok(())
    }

    fn changed(
        &self,
        change: impl Fn(&Step) -> Result<Step, crate::DecideError>,
    ) -> Result<Vec<Step>, Violation> {
        self.steps
            .iter()
            .map(change)
            .collect::<Result<_, _>>()
            .map_err(|error| violation(self.acquisition, "the list of test steps", error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Broken {
        scale: Scale,
        value: fn(usize, &Step) -> f64,
    }

    impl Acquisition for Broken {
        fn name(&self) -> &'static str {
            "broken"
        }

        fn scale(&self) -> Scale {
            self.scale
        }

        fn value(&self, _state: &State, steps: &[Step]) -> Vec<StepValue> {
            steps.iter().enumerate().map(|(i, step)| StepValue((self.value)(i, step))).collect()
        }
    }

    #[test]
    fn each_rule_can_be_broken() {
        type Rule = fn(usize, &Step) -> f64;
        let broken: [(Scale, Rule, &str); 5] = [
            (Scale::Utility, |_, step| step.belief().mean / step.belief().sd, "NaN or plus infinity"),
            (Scale::Utility, |i, _| i as f64, "another order"),
            (Scale::Utility, |_, step| -step.cost().value(), "cost does not matter"),
            (Scale::LnGainPerJoule, |_, _| 1.0, "halves"),
            (Scale::Utility, |_, step| -step.belief().mean, "higher mean"),
        ];
        for (scale, value, rule) in broken {
            let error = check(&Broken { scale, value }).unwrap_err().to_string();
            assert!(error.contains(rule), "{error}");
        }
    }
}
