//! Whether lower levels pay, and which labels to buy next: learning curves of what
//! each level adds to the highest.

use super::LadderSet;
use super::card::PilotCard;
use super::work::Work;
use crate::ModelError;
use crate::evaluate::{Split, predict_unseen};
use crate::fitted::Prepared;
use learn::{CurvePoint, Pilot, PilotSettings, PlanRung, PlanSettings, Table, shuffled};
use std::collections::BTreeMap;

/// Structures with labels of two levels below which nothing can be said.
pub(super) const PAIRS: usize = 20;
/// Labels that a pilot is judged on, and the most of a learning curve.
const PILOT: usize = 1000;
const MOST: usize = 4000;
/// Share of the labels that judges a learning curve.
const ASIDE: usize = 5;

/// What is needed to fit models of single levels.
pub(super) struct Levels<'a> {
    pub(super) data: &'a LadderSet,
    pub(super) work: &'a Work,
    /// Factor of each level in the one above.
    pub(super) rho: &'a [f64],
}

/// Structures, and a number of each.
type Part = (Vec<usize>, Vec<f64>);

impl Levels<'_> {
    /// Labels of a level, by structure.
    fn of(&self, level: usize) -> BTreeMap<usize, f64> {
        let Work { rows, labels, .. } = self.work;
        let rows = rows.structure.iter().zip(&rows.rung).zip(labels);
        rows.filter(|((_, rung), _)| **rung == level).map(|((i, _), y)| (*i, *y)).collect()
    }

    /// How much of a level is in the highest.
    fn share(&self, level: usize) -> f64 {
        self.rho[level..].iter().product()
    }

    /// Structures with labels of a level and of the one below it: both labels of each.
    fn pairs(&self, upper: usize) -> Vec<(usize, f64, f64)> {
        let below = self.of(upper - 1);
        let all = self.of(upper).into_iter();
        all.filter_map(|(i, y)| Some((i, y, *below.get(&i)?))).collect()
    }

    /// What a level adds: its labels, less what the level below says.
    fn added(&self, level: usize) -> Part {
        if level == 0 {
            return self.of(0).into_iter().unzip();
        }
        let rho = self.rho[level - 1];
        self.pairs(level).into_iter().map(|(i, y, below)| (i, y - rho * below)).unzip()
    }

    fn prepared(&self, structures: &[usize]) -> Prepared {
        Prepared {
            table: self.work.table.select(structures),
            composition: self.work.composition.as_ref().map(|c| c.select(structures)),
            low: None,
            known: None,
            monotone: Vec::new(),
        }
    }

    /// Errors of labels not seen, each predicted from four fifths of the others.
    fn errors(&self, structures: &[usize], values: &[f64]) -> Result<Vec<f64>, ModelError> {
        let order: Vec<usize> = (0..values.len()).collect();
        let split = Split::new(&order, true);
        let x = self.prepared(structures);
        Ok(predict_unseen(self.work.alone, &mut None, &x, values, &split, &mut || Ok(()))?.errors())
    }

    /// Whether `upper - 1` pays for `upper`; nothing without costs or with too few pairs.
    pub(super) fn pilot(&self, upper: usize) -> Result<Option<PilotCard>, ModelError> {
        let costs = self.costs();
        let (Some(lower_cost), Some(upper_cost)) = (costs[upper - 1], costs[upper]) else { return Ok(None) };
        let all = self.pairs(upper);
        if all.len() < PAIRS {
            return Ok(None);
        }
        let mut order = shuffled(all.len(), self.work.seed);
        order.truncate(PILOT);
        let structures: Vec<usize> = order.iter().map(|&k| all[k].0).collect();
        let rho = self.rho[upper - 1];
        let value = |f: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
            order.iter().map(|&k| f(all[k].1, all[k].2)).collect()
        };
        let direct = self.errors(&structures, &value(&|y, _| y))?;
        let difference = self.errors(&structures, &value(&|y, below| y - rho * below))?;
        let lower = self.errors(&structures, &value(&|_, below| rho * below))?;
        let settings = PilotSettings { seed: self.work.seed, ..PilotSettings::new(upper_cost, lower_cost) };
        let names = self.data.names();
        // An element that only a part left out has leaves fewer errors.
        if [direct.len(), difference.len(), lower.len()] != [structures.len(); 3] {
            return Ok(None);
        }
        let pilot = Pilot::of_errors(&direct, &difference, &lower, &settings)?;
        Ok(Some(PilotCard::new(&names[upper - 1], &names[upper], &pilot)))
    }

    fn costs(&self) -> Vec<Option<f64>> {
        self.data.lower.iter().map(|rung| rung.cost).chain([self.data.cost]).collect()
    }

    /// The learning curve of what a level adds to the highest.
    fn curve(&self, level: usize) -> Result<Vec<CurvePoint>, ModelError> {
        let (structures, values) = self.added(level);
        let share = self.share(level).abs();
        let mut order = shuffled(values.len(), self.work.seed);
        order.truncate(MOST);
        let (held, learnt) = order.split_at(order.len().div_ceil(ASIDE));
        let x = self.prepared(&structures);
        let mut points = Vec::new();
        for part in [8, 4, 2, 1] {
            let size = learnt.len() / part;
            if size < PAIRS / 4 {
                continue;
            }
            let parts = vec![(learnt[..size].to_vec(), held.to_vec())];
            let split = Split { how: String::new(), parts };
            let seen = predict_unseen(self.work.alone, &mut None, &x, &values, &split, &mut || Ok(()))?;
            points.push(CurvePoint { labels: size, error: share * seen.mae() });
        }
        Ok(points)
    }

    /// The cheapest way to a target error, or why there is none to be told.
    pub(super) fn plan(&self, target: f64) -> Result<Result<learn::Plan, String>, ModelError> {
        let (names, costs) = (self.data.names(), self.costs());
        let mut rungs = Vec::with_capacity(names.len());
        for (level, name) in names.iter().enumerate() {
            let Some(cost) = costs[level] else {
                let say =
                    if level + 1 == names.len() { "--cost C".into() } else { format!("--rung {name}=C") };
                return Ok(Err(format!("nothing says what a label of `{name}` costs: say {say}")));
            };
            let labels = self.added(level).0.len();
            if labels < PAIRS {
                let below = level.checked_sub(1).map_or(String::new(), |b| format!(" and of `{}`", names[b]));
                return Ok(Err(format!(
                    "{labels} structures have a label of `{name}`{below}: {PAIRS} are needed to tell what more would \
                     bring"
                )));
            }
            let curve = self.curve(level)?;
            // A rung that is not used has nothing to add.
            rungs.push(PlanRung { cost, labels: self.of(level).len(), available: None, curve });
        }
        Ok(learn::Plan::new(&rungs, &PlanSettings::new(target)).map_err(|error| error.to_string()))
    }
}
