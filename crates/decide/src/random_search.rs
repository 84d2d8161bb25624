//! What random search finds for its joules where all values are known: the
//! yardstick of benchmarks.
//!
//! By number of evaluations the answers are closed forms
//! ([`expected_best`], and `n/N` for the share of any set found). By joules, with
//! costs that differ, they are averages over random orders ([`simulate`]), given
//! with their standard errors.

use crate::metrics::TopSet;
use crate::{DecideError, Utility};
use matter::StructureId;
use matter::units::Joules;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::Serialize;

/// One row of a table of known values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// The structure.
    pub id: StructureId,
    /// Its utility; `None` if its calculation fails.
    pub utility: Option<Utility>,
    /// What its calculation costs.
    pub cost: Joules,
}

/// What random search finds on average, one entry for each number of joules.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RandomSearch {
    /// Joules spent.
    pub joules: Vec<Joules>,
    /// Mean best utility so far and its standard error; `None` where some
    /// orders have no value yet.
    pub best: Vec<Option<(f64, f64)>>,
    /// Mean share of the top set found, in [0, 1], and its standard error.
    pub share: Vec<(f64, f64)>,
    /// Mean number of calculations finished.
    pub evaluations: Vec<f64>,
    /// Random orders averaged over.
    pub orders: usize,
}

/// Expected best of `n` values drawn without replacement; `None` for no draw,
/// and for more draws than values.
///
/// With the values in ascending order, the i-th of N is the best with
/// probability `C(i-1, n-1) / C(N, n)`.
pub fn expected_best(utilities: &[Utility], n: usize) -> Option<f64> {
    let total = utilities.len();
    if n == 0 || n > total {
        return None;
    }
    let mut ascending = utilities.to_vec();
    ascending.sort_by(|a, b| a.order(*b));
    let mut probability = n as f64 / total as f64;
    let mut sum = 0.0;
    for i in (n..=total).rev() {
        sum += probability * ascending[i - 1].value();
        // C(i-2, n-1) / C(i-1, n-1)
        probability *= (i - n) as f64 / (i - 1).max(1) as f64;
    }
    Some(sum)
}

/// Averages `orders` random orders of the table. A calculation counts when it is
/// finished: at `x` joules those count whose costs, added up in order, are at
/// most `x`. `grid` ascends.
///
/// # Errors
/// [`DecideError::BadSetting`] for a cost that is not positive, a grid that does
/// not ascend, or less than 2 orders.
pub fn simulate(
    table: &[Known],
    top: &TopSet,
    grid: &[Joules],
    orders: usize,
    seed: u64,
) -> Result<RandomSearch, DecideError> {
    if orders < 2 {
        return Err(DecideError::BadSetting {
            field: "random orders",
            found: orders as f64,
            expected: "at least 2",
        });
    }
    // By structure, so that the order of the table does not matter.
    let mut table = table.to_vec();
    table.sort_by_key(|row| row.id);
    let costs: Vec<f64> = table.iter().map(|row| row.cost.value()).collect();
    let walks = Walks::new(&costs, grid)?;
    let in_top: Vec<bool> = table.iter().map(|row| top.contains(&row.id)).collect();
    let size = top.len().max(1) as f64;

    let runs: Vec<Vec<(f64, f64, f64)>> = (0..orders)
        .into_par_iter()
        .map(|order| {
            let mut now = (f64::NEG_INFINITY, 0.0, 0.0);
            walks.run(&mut generator(seed, order), now, |_, i| {
                if let Some(utility) = table[i].utility {
                    now.0 = utility.value().max(now.0);
                }
                now.1 += f64::from(u8::from(in_top[i])) / size;
                now.2 += 1.0;
                now
            })
        })
        .collect();

    let column = |pick: fn(&(f64, f64, f64)) -> f64, at: usize| -> (f64, f64) {
        let values: Vec<f64> = runs.iter().map(|run| pick(&run[at])).collect();
        mean_and_error(&values)
    };
    let points = 0..grid.len();
    Ok(RandomSearch {
        joules: grid.to_vec(),
        best: points.clone().map(|at| Some(column(|p| p.0, at)).filter(|best| best.0.is_finite())).collect(),
        share: points.clone().map(|at| column(|p| p.1, at)).collect(),
        evaluations: points.map(|at| column(|p| p.2, at).0).collect(),
        orders,
    })
}

/// Mean and standard error of the mean.
fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    (mean, (squares / (n - 1.0) / n).sqrt())
}

/// The random numbers of one order: a stream of its own, so that orders can be
/// walked by any thread.
pub(crate) fn generator(seed: u64, order: usize) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(order as u64);
    generator
}

/// Random orders of candidates with costs, seen on a grid of joules.
pub(crate) struct Walks<'a> {
    costs: &'a [f64],
    grid: &'a [Joules],
}

impl<'a> Walks<'a> {
    /// Refuses costs and grids that cannot be walked.
    pub(crate) fn new(costs: &'a [f64], grid: &'a [Joules]) -> Result<Self, DecideError> {
        if let Some(&found) = costs.iter().find(|cost| !(**cost > 0.0 && cost.is_finite())) {
            let field = "cost of a candidate in joules";
            return Err(DecideError::BadSetting { field, found, expected: "a positive finite number" });
        }
        let nan = grid.iter().find(|x| x.value().is_nan());
        let descends = grid.windows(2).find(|pair| pair[0] > pair[1]).map(|pair| &pair[1]);
        match nan.or(descends).map(|x| x.value()) {
            Some(found) => Err(DecideError::BadSetting {
                field: "grid of joules",
                found,
                expected: "numbers that ascend",
            }),
            None => Ok(Self { costs, grid }),
        }
    }

    /// Walks one random order up to the end of the grid. `visit` gets the
    /// generator and the number of each candidate finished, and returns what is
    /// to be seen from then on; `start` is seen before. One entry for each point
    /// of the grid.
    pub(crate) fn run<T: Copy>(
        &self,
        generator: &mut ChaCha8Rng,
        start: T,
        mut visit: impl FnMut(&mut ChaCha8Rng, usize) -> T,
    ) -> Vec<T> {
        let end = self.grid.last().map_or(f64::NEG_INFINITY, |x| x.value());
        let mut seen = Vec::with_capacity(self.grid.len());
        let mut order: Vec<u32> = (0..self.costs.len() as u32).collect();
        let (mut spent, mut now) = (0.0, start);
        for position in 0..order.len() {
            // Fisher and Yates, no further than is walked.
            let chosen = generator.random_range(position..order.len());
            order.swap(position, chosen);
            let candidate = order[position] as usize;
            spent += self.costs[candidate];
            while seen.len() < self.grid.len() && self.grid[seen.len()].value() < spent {
                seen.push(now);
            }
            if spent > end {
                break;
            }
            now = visit(generator, candidate);
        }
        seen.resize(self.grid.len(), now);
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::top_set;
    use crate::noise::test_id;

    #[test]
    fn expected_best_equals_the_mean_over_all_subsets() {
        let values = [3.0, -1.0, 0.5, 7.0, 2.0, 2.0];
        let utilities = values.map(Utility);
        for n in 1..=6u32 {
            let (mut sum, mut count) = (0.0, 0.0);
            for subset in (0u32..64).filter(|s| s.count_ones() == n) {
                sum += (0..6).filter(|i| subset >> i & 1 == 1).map(|i| values[i]).fold(f64::MIN, f64::max);
                count += 1.0;
            }
            assert!((expected_best(&utilities, n as usize).unwrap() - sum / count).abs() < 1e-12);
        }
        assert_eq!(expected_best(&utilities, 0), None);
        assert_eq!(expected_best(&utilities, 7), None);
    }

    fn table(n: u64, cost: fn(u64) -> f64) -> Vec<Known> {
        (0..n)
            .map(|i| Known { id: test_id(i), utility: Some(Utility(i as f64)), cost: Joules(cost(i)) })
            .collect()
    }

    #[test]
    fn simulation_agrees_with_the_closed_form_for_equal_costs() {
        let table = table(200, |_| 2.0);
        let top =
            top_set(&table.iter().map(|r| (r.id, r.utility.unwrap())).collect::<Vec<_>>(), 0.05).unwrap();
        let grid: Vec<Joules> = [0.0, 1.9, 2.0, 21.0, 100.0, 400.0].map(Joules).to_vec();
        let found = simulate(&table, &top, &grid, 4000, 5).unwrap();
        let utilities: Vec<Utility> = table.iter().map(|r| r.utility.unwrap()).collect();
        assert_eq!(found.best[..2], [None, None]);
        for (at, n) in [(2, 1), (3, 10), (4, 50), (5, 200)] {
            assert_eq!(found.evaluations[at], n as f64);
            let (mean, error) = found.best[at].unwrap();
            assert!(
                (mean - expected_best(&utilities, n).unwrap()).abs() <= 4.0 * error + 1e-9,
                "{n}: {mean}"
            );
            let (share, error) = found.share[at];
            assert!((share - n as f64 / 200.0).abs() <= 4.0 * error + 1e-9, "{n}: {share}");
        }
    }

    #[test]
    fn neither_threads_nor_the_order_of_the_table_matter() {
        let mut table = table(50, |i| 1.0 + (i % 7) as f64);
        let top =
            top_set(&table.iter().map(|r| (r.id, r.utility.unwrap())).collect::<Vec<_>>(), 0.1).unwrap();
        let grid = [10.0, 50.0].map(Joules);
        let first = simulate(&table, &top, &grid, 64, 1).unwrap();
        table.reverse();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert_eq!(pool.install(|| simulate(&table, &top, &grid, 64, 1)).unwrap(), first);
        assert_ne!(simulate(&table, &top, &grid, 64, 2).unwrap(), first);
    }

    #[test]
    fn what_cannot_be_walked_is_refused() {
        let table = table(3, |i| i as f64);
        let top = top_set(&[(test_id(0), Utility(0.0))], 1.0).unwrap();
        let error = simulate(&table, &top, &[Joules(1.0)], 9, 1).unwrap_err().to_string();
        assert!(error.contains("is 0: expected a positive"), "{error}");
        let error = simulate(&[], &top, &[Joules(2.0), Joules(1.0)], 9, 1).unwrap_err().to_string();
        assert!(error.contains("ascend"), "{error}");
        assert!(simulate(&[], &top, &[Joules(f64::NAN)], 9, 1).is_err());
        assert!(simulate(&[], &top, &[Joules(1.0), Joules(f64::NAN)], 9, 1).is_err());
        assert!(simulate(&[], &top, &[], 1, 1).is_err());
    }
}
