//! Batches: what must hold for any candidates, and what diversity brings with a
//! real surrogate.

use decide::{
    Acquisition, Gaussian, Goal, Independent, JointPosterior, Leaders, SimilarityPenalty, State, Step,
    acquisition, pick_batch, shortlist,
};
use features::{Features, MorganCounts};
use learn::{GpSettings, Surrogate, TanimotoGp};
use matter::units::Joules;
use matter::{Graph, Molecule, StructureId};
use proptest::prelude::*;
use std::collections::HashSet;

fn id(n: usize) -> StructureId {
    let word = (n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    StructureId::from_hex(&format!("{word:016x}").repeat(4)).unwrap()
}

fn step(n: usize, mean: f64, sd: f64, cost: f64) -> Step {
    Step::new(id(n), Gaussian { mean, sd }, Joules(cost)).unwrap()
}

fn leaders(incumbent: f64) -> Leaders {
    Leaders::of(&Goal::Maximise, 1, [incumbent])
}

fn state(goal: Goal) -> State {
    State { goal, leaders: leaders(-0.5), round: 3, seed: 9 }
}

/// Similarity that falls with the distance of two places on a line.
fn similarity(places: &[f64]) -> impl Fn(usize, usize) -> f64 + '_ {
    |i, j| (-(places[i] - places[j]).abs()).exp()
}

fn pick(
    name: &str,
    state: &State,
    steps: &[Step],
    places: &[f64],
    size: usize,
    budget: f64,
) -> Vec<StructureId> {
    let beliefs = steps.iter().map(Step::belief).collect();
    let mut posterior = SimilarityPenalty::new(beliefs, similarity(places));
    let mut left = budget;
    let mut affordable = |i: usize| {
        let fits = steps[i].cost().value() <= left;
        left -= if fits { steps[i].cost().value() } else { 0.0 };
        fits
    };
    let acquisition = acquisition::by_name(name).unwrap();
    pick_batch(acquisition.as_ref(), state, steps, &mut posterior, size, &mut affordable)
        .unwrap()
        .into_iter()
        .map(|pick| {
            assert_eq!(steps[pick.index].id(), pick.id);
            pick.id
        })
        .collect()
}

fn candidates() -> impl Strategy<Value = Vec<(f64, f64, f64, f64)>> {
    // Few different numbers, so that there are ties.
    let number = || (0..6).prop_map(|n| f64::from(n) / 2.0 - 1.0);
    proptest::collection::vec((number(), 0.0..1.0, (1..5).prop_map(f64::from), number()), 1..25)
}

proptest! {
    #[test]
    fn a_batch_is_affordable_without_repeats_and_blind_to_order(
        candidates in candidates(),
        size in 0usize..8,
        budget in 0.0..20.0,
        rotation in 0usize..25,
        which in 0usize..6,
    ) {
        let name = acquisition::names().nth(which).unwrap();
        let steps: Vec<Step> =
            candidates.iter().enumerate().map(|(n, c)| step(n, c.0, c.1, c.2)).collect();
        let places: Vec<f64> = candidates.iter().map(|c| c.3).collect();
        let state = state(Goal::Range { low: 0.0, high: 0.25 });
        let picked = pick(name, &state, &steps, &places, size, budget);
        prop_assert!(picked.len() <= size);
        prop_assert_eq!(picked.iter().collect::<HashSet<_>>().len(), picked.len());
        let spent: f64 = steps.iter().filter(|s| picked.contains(&s.id())).map(|s| s.cost().value()).sum();
        prop_assert!(spent <= budget);

        let (mut turned, mut turned_places) = (steps.clone(), places.clone());
        turned.rotate_left(rotation % steps.len());
        turned_places.rotate_left(rotation % steps.len());
        prop_assert_eq!(&pick(name, &state, &turned, &turned_places, size, budget), &picked);

        // One alone is the plain best.
        let one = pick(name, &state, &steps, &places, 1, f64::INFINITY);
        let values = acquisition::by_name(name).unwrap().value(&state, &steps);
        let best = shortlist(&values, &steps, 1)[0];
        if values[best].0 > f64::NEG_INFINITY {
            prop_assert_eq!(one, [steps[best].id()]);
        } else {
            prop_assert!(one.is_empty());
        }
    }

    #[test]
    fn a_shortlist_is_the_head_of_the_ranking(candidates in candidates(), size in 0usize..30) {
        let steps: Vec<Step> = candidates.iter().enumerate().map(|(n, c)| step(n, c.0, c.1, c.2)).collect();
        let values = acquisition::Greedy.value(&state(Goal::Maximise), &steps);
        let all = shortlist(&values, &steps, steps.len());
        prop_assert!(all.windows(2).all(|pair| values[pair[0]] >= values[pair[1]]));
        prop_assert_eq!(&shortlist(&values, &steps, size)[..], &all[..size.min(all.len())]);
    }
}

#[test]
fn the_same_structure_is_not_taken_twice() {
    let steps = [step(1, 0.0, 1.0, 1.0), step(1, 0.0, 1.0, 2.0), step(2, -3.0, 1.0, 1.0)];
    let picked = pick("ei", &state(Goal::Maximise), &steps, &[0.0, 0.0, 9.0], 3, 100.0);
    assert_eq!(picked, [id(1), id(2)]);
}

#[test]
fn nobody_is_asked_twice_about_a_step() {
    let steps: Vec<Step> = (0..10).map(|n| step(n, n as f64, 1.0, 1.0)).collect();
    let mut asked = Vec::new();
    let mut posterior = Independent(steps.iter().map(Step::belief).collect());
    let picked =
        pick_batch(&acquisition::Greedy, &state(Goal::Maximise), &steps, &mut posterior, 3, &mut |i| {
            asked.push(i);
            i % 4 == 0
        })
        .unwrap();
    assert_eq!(asked, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    assert_eq!(picked.iter().map(|p| p.index).collect::<Vec<_>>(), [8, 4, 0]);
}

#[test]
fn a_posterior_of_other_candidates_is_refused() {
    let steps = [step(1, 0.0, 1.0, 1.0), step(2, 0.0, 1.0, 1.0)];
    let mut posterior = Independent(vec![Gaussian { mean: 0.0, sd: 1.0 }]);
    let error =
        pick_batch(&acquisition::Greedy, &state(Goal::Maximise), &steps, &mut posterior, 2, &mut |_| true)
            .unwrap_err()
            .to_string();
    assert!(error.contains("found 1, expected 2"), "{error}");
}

/// With the Gaussian process of `learn`: of three near-identical promising
/// molecules one is enough, the rest of the batch goes elsewhere.
#[test]
fn a_batch_does_not_ask_the_same_question_twice() {
    let graphs =
        |smiles: &[&str]| -> Vec<Graph> { smiles.iter().map(|s| Graph::from_smiles(s).unwrap()).collect() };
    let features = MorganCounts::default();
    let known = graphs(&["CCCCCC", "OCCCCO", "OCCO", "c1ccccc1", "CC(=O)O", "CCN", "Nc1ccccc1", "FCCl"]);
    let mut surrogate = TanimotoGp::new(GpSettings::default());
    surrogate.fit(&features.compute(&known).unwrap(), &[0.0, 2.1, 1.9, 0.2, 0.8, 0.6, 0.1, 0.5]).unwrap();

    let smiles = ["OCCCCCCCCCCO", "OCCCCCCCCCCCO", "OCCCCCCCCCCCCO", "Oc1ccncc1", "NC1CC1", "FC(F)Cl"];
    let candidates = graphs(&smiles);
    let matrix = features.compute(&candidates).unwrap();
    let mut posterior = surrogate.posterior(&matrix).unwrap();
    let steps: Vec<Step> = candidates
        .iter()
        .zip(posterior.beliefs())
        .map(|(graph, belief)| {
            let id = Molecule::from_smiles(graph.canonical_smiles()).unwrap().id();
            Step::new(id, belief, Joules(1.0)).unwrap()
        })
        .collect();
    let state = State { goal: Goal::Maximise, leaders: leaders(2.1), round: 0, seed: 0 };

    let chains = |posterior: &mut dyn JointPosterior| {
        let acquisition = &acquisition::ExpectedImprovement;
        let batch = pick_batch(acquisition, &state, &steps, posterior, 3, &mut |_| true).unwrap();
        batch.iter().filter(|pick| pick.index < 3).count()
    };
    let before = posterior.beliefs();
    // Where picks say nothing about each other, the three best are much the same.
    assert_eq!(chains(&mut Independent(before.clone())), 3);
    assert_eq!(chains(&mut posterior), 1);
    let after = posterior.beliefs();
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before.mean, after.mean);
        assert!(after.sd <= before.sd);
    }
}

#[test]
fn a_batch_goes_on_until_enough_are_believed_to_be_in_the_range() {
    let goal = Goal::Range { low: 0.0, high: 1.0 };
    // Surely in the range, one more than are wanted, and some outside.
    let steps: Vec<Step> = (0..7).map(|n| step(n, if n < 4 { 0.5 } else { 1.1 }, 1e-3, 1.0)).collect();
    for wanted in 1..4 {
        let state = State { goal, leaders: Leaders::of(&goal, wanted, [2.0; 5]), round: 0, seed: 0 };
        let mut posterior = Independent(steps.iter().map(Step::belief).collect());
        let rule = &acquisition::ExpectedImprovement;
        let batch = pick_batch(rule, &state, &steps, &mut posterior, 7, &mut |_| true).unwrap();
        assert_eq!(batch.len(), wanted);
        assert!(batch.iter().all(|pick| pick.index < 4));
    }
}
