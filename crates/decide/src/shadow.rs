//! The shadow baseline: what random search would have bought for the same
//! joules, estimated while most values are not known.

use crate::random_search::{Walks, generator};
use crate::{DecideError, Gaussian, Goal, Utility, noise};
use matter::StructureId;
use matter::units::Joules;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::Serialize;

/// What every report of a [`ShadowBaseline`] must say.
pub const NOTE: &str = "The random baseline is an estimate, not a measurement: where a value was not computed, it is \
drawn from the prediction of the surrogate, each on its own, and its cost is the predicted one. The baseline is as good \
as these predictions.";

/// What is known of a candidate's value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Worth {
    /// It was computed.
    Known(Utility),
    /// Its calculation failed: random search would have paid and got nothing.
    Failed,
    /// It is predicted.
    Predicted(Gaussian),
}

/// A candidate that random search could have chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The structure.
    pub id: StructureId,
    /// Its value.
    pub worth: Worth,
    /// What it did cost, or is predicted to.
    pub cost: Joules,
}

/// The best utility so far of random search, one entry for each number of
/// joules; `None` while that part of the orders has no value.
///
/// **An estimate from the surrogate**, see [`NOTE`]: predictions of candidates
/// that were not computed stand in for their values. Draws of different
/// candidates are independent, which makes the best of many come out a little high.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShadowBaseline {
    /// Joules spent.
    pub joules: Vec<Joules>,
    /// 10 % of the orders are not better than this.
    pub low: Vec<Option<Utility>>,
    /// Half of the orders are not better than this.
    pub median: Vec<Option<Utility>>,
    /// 90 % of the orders are not better than this.
    pub high: Vec<Option<Utility>>,
    /// Random orders simulated.
    pub orders: usize,
    /// The share of the candidates whose value is predicted, in [0, 1].
    pub predicted_share: f64,
    /// What a reader must know: [`NOTE`].
    pub note: &'static str,
}

/// Simulates `orders` random orders of all candidates. A calculation counts
/// when it is finished: at `x` joules those count whose costs, added up in
/// order, are at most `x`. `grid` ascends.
///
/// # Errors
/// [`DecideError::BadSetting`] for a cost that is not positive, a grid that does
/// not ascend, or no orders.
pub fn estimate(
    goal: &Goal,
    candidates: &[Candidate],
    grid: &[Joules],
    orders: usize,
    seed: u64,
) -> Result<ShadowBaseline, DecideError> {
    if orders == 0 {
        return Err(DecideError::BadSetting { field: "random orders", found: 0.0, expected: "at least 1" });
    }
    // By structure, so that the order of the list does not matter.
    let mut candidates = candidates.to_vec();
    candidates.sort_by_key(|candidate| candidate.id);
    let costs: Vec<f64> = candidates.iter().map(|candidate| candidate.cost.value()).collect();
    let walks = Walks::new(&costs, grid)?;
    let runs: Vec<Vec<f64>> = (0..orders)
        .into_par_iter()
        .map(|order| {
            let mut best = f64::NEG_INFINITY;
            walks.run(&mut generator(seed, order), best, |generator, i| {
                best = draw(goal, candidates[i].worth, generator).max(best);
                best
            })
        })
        .collect();

    let mut baseline = ShadowBaseline {
        joules: grid.to_vec(),
        low: Vec::with_capacity(grid.len()),
        median: Vec::with_capacity(grid.len()),
        high: Vec::with_capacity(grid.len()),
        orders,
        predicted_share: predicted_share(&candidates),
        note: NOTE,
    };
    for at in 0..grid.len() {
        let mut column: Vec<f64> = runs.iter().map(|run| run[at]).collect();
        column.sort_by(f64::total_cmp);
        baseline.low.push(quantile(&column, 0.1));
        baseline.median.push(quantile(&column, 0.5));
        baseline.high.push(quantile(&column, 0.9));
    }
    Ok(baseline)
}

fn predicted_share(candidates: &[Candidate]) -> f64 {
    let predicted = candidates.iter().filter(|c| matches!(c.worth, Worth::Predicted(_))).count();
    predicted as f64 / candidates.len().max(1) as f64
}

fn draw(goal: &Goal, worth: Worth, generator: &mut ChaCha8Rng) -> f64 {
    match worth {
        Worth::Known(utility) => utility.value(),
        Worth::Failed => f64::NEG_INFINITY,
        Worth::Predicted(y) => {
            // 1 - [0, 1) is never 0, of which there is no logarithm.
            let z = noise::box_muller(1.0 - generator.random::<f64>(), generator.random());
            goal.utility(y.mean + y.sd * z).value()
        }
    }
}

/// The smallest entry that at least this share of the entries do not exceed (no
/// interpolation: some entries may be minus infinity, which is `None`).
fn quantile(ascending: &[f64], share: f64) -> Option<Utility> {
    let rank = (share * ascending.len() as f64).ceil() as usize;
    let value = *ascending.get(rank.max(1) - 1)?;
    (value > f64::NEG_INFINITY).then_some(Utility(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::test_id;

    fn pool(n: u64, worth: fn(u64) -> Worth) -> Vec<Candidate> {
        (0..n).map(|i| Candidate { id: test_id(i), worth: worth(i), cost: Joules(1.0) }).collect()
    }

    /// Of n independent draws from the uniform ladder 0..N without replacement
    /// the best is below k with probability C(k, n) / C(N, n).
    fn exact_quantile(total: u64, n: u64, share: f64) -> f64 {
        let below = |k: u64| (0..n).map(|i| k.saturating_sub(i) as f64 / (total - i) as f64).product::<f64>();
        (0..total).find(|&k| below(k + 1) >= share).unwrap() as f64
    }

    #[test]
    fn known_values_give_the_quantiles_of_order_statistics() {
        let pool = pool(1000, |i| Worth::Known(Utility(i as f64)));
        let grid = [0.5, 10.0, 100.0].map(Joules);
        let baseline = estimate(&Goal::Maximise, &pool, &grid, 4000, 3).unwrap();
        assert_eq!(baseline.median[0], None);
        assert_eq!(baseline.predicted_share, 0.0);
        for (at, n) in [(1, 10), (2, 100)] {
            for (column, share) in [(&baseline.low, 0.1), (&baseline.median, 0.5), (&baseline.high, 0.9)] {
                let (got, expected) = (column[at].unwrap().value(), exact_quantile(1000, n, share));
                // The spread of the best of n is about N/n; 4000 orders fix a quantile to a few per cent of it.
                assert!((got - expected).abs() < 0.1 * 1000.0 / n as f64, "{n} {share}: {got} {expected}");
            }
        }
    }

    #[test]
    fn predicted_values_give_the_quantiles_of_the_normal_maximum() {
        let pool = pool(500, |_| Worth::Predicted(Gaussian { mean: 2.0, sd: 3.0 }));
        let baseline = estimate(&Goal::Minimise, &pool, &[Joules(20.0)], 4000, 3).unwrap();
        // P(best of 20 <= x) = Phi(x)^20 = 1/2 at x = 1.8241 (Phi^-1 of 0.5^(1/20)).
        let expected = -2.0 + 3.0 * 1.8241;
        assert!((baseline.median[0].unwrap().value() - expected).abs() < 0.1);
        assert_eq!(baseline.predicted_share, 1.0);
        assert!(baseline.note.contains("estimate"));
    }

    #[test]
    fn failures_cost_and_bring_nothing() {
        let pool = pool(100, |i| if i < 95 { Worth::Failed } else { Worth::Known(Utility(1.0)) });
        let grid = [10.0, 100.0].map(Joules);
        let baseline = estimate(&Goal::Maximise, &pool, &grid, 500, 3).unwrap();
        // Ten of a hundred miss all five with probability 0.58.
        assert_eq!((baseline.low[0], baseline.median[0], baseline.high[0]), (None, None, Some(Utility(1.0))));
        assert_eq!(baseline.low[1], Some(Utility(1.0)));
    }

    #[test]
    fn neither_threads_nor_the_order_of_the_list_matter() {
        let mut pool = pool(60, |i| match i % 3 {
            0 => Worth::Failed,
            1 => Worth::Known(Utility(-(i as f64))),
            _ => Worth::Predicted(Gaussian { mean: i as f64, sd: 2.0 }),
        });
        let grid = [5.0, 30.0].map(Joules);
        let first = estimate(&Goal::Target(4.0), &pool, &grid, 50, 1).unwrap();
        pool.rotate_left(17);
        let threads = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let again = threads.install(|| estimate(&Goal::Target(4.0), &pool, &grid, 50, 1)).unwrap();
        assert_eq!(first, again);
    }
}
