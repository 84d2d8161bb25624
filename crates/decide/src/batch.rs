use crate::step::precedence;
use crate::{Acquisition, DecideError, JointPosterior, State, Step, StepValue};
use matter::StructureId;
use std::collections::HashSet;

/// One step of a batch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pick {
    /// Its position in the list of steps.
    pub index: usize,
    /// Its structure.
    pub id: StructureId,
    /// What it was worth when it was picked, given the picks before it.
    pub value: StepValue,
}

/// Chooses up to `size` steps to be taken together.
///
/// Sequential greedy choice: the best step first; then the predictions of the
/// others are conditioned on its result being as expected, and the best is
/// chosen again, so that a batch does not ask the same question twice (the
/// kriging believer of Ginsbourger, Le Riche and Carraro 2010; the
/// hallucinated observations of GP-BUCB, Desautels, Krause and Burdick, J. Mach.
/// Learn. Res. 15, 3873, 2014). The leaders take in the expected utility of
/// what was picked.
///
/// `affordable` is asked about the best step that is left, by its position;
/// `true` means that it is taken, so that the caller may reserve its cost there and
/// then, `false` that it is left out of this batch. It is never asked twice about
/// the same step. A structure is picked at most once, a step of value minus infinity
/// never; the batch is shorter than `size` when nothing else is left. `size` 1 is the
/// plain best step, and does not use `posterior`.
///
/// The order of `steps` does not matter. Costs one valuation of all steps for each pick.
///
/// # Errors
/// [`DecideError::LengthMismatch`] if `posterior` has another number of
/// candidates than there are steps; what [`JointPosterior::condition_on`] and
/// [`Step::new`] refuse.
pub fn pick_batch(
    acquisition: &dyn Acquisition,
    state: &State,
    steps: &[Step],
    posterior: &mut dyn JointPosterior,
    size: usize,
    affordable: &mut dyn FnMut(usize) -> bool,
) -> Result<Vec<Pick>, DecideError> {
    let mut state = state.clone();
    let mut steps = steps.to_vec();
    let mut open = vec![true; steps.len()];
    let mut taken: HashSet<StructureId> = HashSet::new();
    let mut picks = Vec::new();
    while picks.len() < size {
        let values = values(acquisition, &state, &steps)?;
        let Some(index) = take_best(&values, &steps, &mut open, &taken, affordable) else {
            break;
        };
        let step = steps[index];
        taken.insert(step.id());
        picks.push(Pick { index, id: step.id(), value: values[index] });
        if picks.len() < size {
            believe(&mut state, &mut steps, posterior, index)?;
        }
    }
    Ok(picks)
}

/// The positions of the `size` best steps, best first: for a joint posterior
/// over the candidates that matter where one over all would be too large.
pub fn shortlist(values: &[StepValue], steps: &[Step], size: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..steps.len().min(values.len())).collect();
    let precede = |&a: &usize, &b: &usize| precedence((values[a], &steps[a]), (values[b], &steps[b]));
    if size < order.len() {
        order.select_nth_unstable_by(size, precede);
        order.truncate(size);
    }
    order.sort_by(precede);
    order
}

fn values(
    acquisition: &dyn Acquisition,
    state: &State,
    steps: &[Step],
) -> Result<Vec<StepValue>, DecideError> {
    let values = acquisition.value(state, steps);
    if values.len() == steps.len() {
        return Ok(values);
    }
    Err(DecideError::LengthMismatch {
        what: "values that the acquisition gave for the steps",
        found: values.len(),
        expected: steps.len(),
    })
}

/// The best open step that is affordable; closes what it asks about.
fn take_best(
    values: &[StepValue],
    steps: &[Step],
    open: &mut [bool],
    taken: &HashSet<StructureId>,
    affordable: &mut dyn FnMut(usize) -> bool,
) -> Option<usize> {
    loop {
        let best = (0..steps.len())
            .filter(|&i| open[i] && values[i].0 > f64::NEG_INFINITY && !taken.contains(&steps[i].id()))
            .min_by(|&a, &b| precedence((values[a], &steps[a]), (values[b], &steps[b])))?;
        open[best] = false;
        if affordable(best) {
            return Some(best);
        }
    }
}

/// Takes step `index` as done, with the result that is expected.
fn believe(
    state: &mut State,
    steps: &mut [Step],
    posterior: &mut dyn JointPosterior,
    index: usize,
) -> Result<(), DecideError> {
    // The expected utility, not the utility of the expected value: a mean that
    // hits a target exactly would leave nothing to improve on.
    let expected = state.goal.expected_utility(steps[index].belief());
    state.leaders.insert(expected);
    posterior.condition_on(index)?;
    let beliefs = posterior.beliefs();
    if beliefs.len() != steps.len() {
        return Err(DecideError::LengthMismatch {
            what: "candidates of the joint posterior for the steps",
            found: beliefs.len(),
            expected: steps.len(),
        });
    }
    for (step, belief) in steps.iter_mut().zip(beliefs) {
        *step = Step::new(step.id(), belief, step.cost())?;
    }
    Ok(())
}
