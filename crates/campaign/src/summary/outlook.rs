//! What the surrogate says at the end: promising candidates, and what chance would have found.

use super::Sources;
use crate::error::CampaignError;
use decide::shadow::{self, Candidate, Worth};
use decide::{Gaussian, Goal, Utility};
use learn::{GpSettings, Surrogate, TanimotoGp};
use ledger::{CostModel, CostPrior};
use matter::units::{CoreSeconds, Joules};
use report::data;

/// Random orders simulated for the shadow baseline.
const ORDERS: usize = 400;
/// Points of its curve.
const GRID: usize = 60;
/// Promising candidates listed.
const PROMISING: usize = 6;

pub(crate) struct Outlook {
    pub(super) promising: Vec<data::PromisingEntry>,
    pub(super) shadow: Option<data::ShadowBaseline>,
    /// For a goal that is a value or a range: how near to it chance would have come in the end (10, 50, 90 %).
    pub(super) distances: Option<[f64; 3]>,
}

impl Outlook {
    /// Empty while there are too few values for a surrogate.
    pub(super) fn of(sources: &Sources) -> Result<Outlook, CampaignError> {
        let mut labelled: Vec<(usize, f64)> = sources
            .valued()
            .filter_map(|(e, value)| Some((*sources.pool.index.get(&e.structure)?, value)))
            .collect();
        labelled.sort_by_key(|(index, _)| *index);
        if labelled.len() < 2 {
            return Ok(Outlook { promising: Vec::new(), shadow: None, distances: None });
        }
        let (rows, y): (Vec<usize>, Vec<f64>) = labelled.into_iter().unzip();
        let mut gp = TanimotoGp::new(GpSettings::default());
        gp.fit(&sources.pool.features.select(&rows), &y)?;
        let predictions = gp.predict(&sources.pool.features)?;
        let belief = |i: usize| Gaussian { mean: predictions.mean[i], sd: predictions.sd[i] };
        let costs = forecasts(sources);
        let promising = promising(sources, &belief, &costs);
        let baseline = baseline(sources, &belief, &costs)?;
        let (shadow, distances) = match sources.goal() {
            Goal::Maximise | Goal::Minimise => (baseline, None),
            _ => (None, baseline.and_then(|b| b.points.last().map(|p| [p.low, p.median, p.high]))),
        };
        Ok(Outlook { promising, shadow, distances })
    }
}

fn forecasts(sources: &Sources) -> Vec<CoreSeconds> {
    let mut model = CostModel::new(CostPrior::default());
    for e in &sources.history.evaluated {
        if let Some(&i) = sources.pool.index.get(&e.structure) {
            model.observe(sources.pool.electrons[i], &e.cost_to_learn());
        }
    }
    let fitted = model.fit(0.95);
    sources.pool.electrons.iter().map(|&size| fitted.forecast(size).mean).collect()
}

fn promising(
    sources: &Sources,
    belief: &dyn Fn(usize) -> Gaussian,
    costs: &[CoreSeconds],
) -> Vec<data::PromisingEntry> {
    let goal = sources.goal();
    let mut open: Vec<usize> =
        (0..sources.pool.len()).filter(|&i| !sources.history.done.contains(&sources.pool.ids[i])).collect();
    let worth = |i: usize| goal.expected_utility(belief(i));
    open.sort_by(|&a, &b| worth(b).order(worth(a)).then(sources.pool.ids[a].cmp(&sources.pool.ids[b])));
    let watts = sources.loaded.spec.energy.watts();
    let entry = |i: usize| {
        let graph = sources.pool.molecules[i].graph()?;
        let g = belief(i);
        Some(data::PromisingEntry {
            smiles: graph.canonical_smiles().to_owned(),
            formula: graph.formula().ok()?.to_string(),
            sa_score: synthesis::sa_score(graph).ok().map(|s| s.value()),
            predicted: data::Estimate { mean: g.mean, sd: g.sd },
            predicted_cost: Some(data::Cost {
                joules: Joules(costs[i].value() * watts),
                core_seconds: costs[i],
            }),
        })
    };
    open.into_iter().take(PROMISING).filter_map(entry).collect()
}

fn baseline(
    sources: &Sources,
    belief: &dyn Fn(usize) -> Gaussian,
    costs: &[CoreSeconds],
) -> Result<Option<data::ShadowBaseline>, CampaignError> {
    let goal = sources.goal();
    let watts = sources.loaded.spec.energy.watts();
    let mut candidates: Vec<Candidate> = (0..sources.pool.len())
        .map(|i| Candidate {
            id: sources.pool.ids[i],
            worth: Worth::Predicted(belief(i)),
            cost: Joules(costs[i].value() * watts).max(Joules(1e-9)),
        })
        .collect();
    for e in &sources.history.evaluated {
        if let Some(&i) = sources.pool.index.get(&e.structure) {
            candidates[i].worth = match e.outcome {
                Ok(value) => Worth::Known(goal.utility(value)),
                Err(_) => Worth::Failed,
            };
            candidates[i].cost = e.joules.max(Joules(1e-9));
        }
    }
    let total = sources.total.joules.value();
    if total <= 0.0 {
        return Ok(None);
    }
    let grid: Vec<Joules> = (1..=GRID).map(|k| Joules(total * k as f64 / GRID as f64)).collect();
    let estimate = shadow::estimate(&goal, &candidates, &grid, ORDERS, sources.loaded.spec.seed)?;
    let mut points = Vec::new();
    for (k, joules) in estimate.joules.iter().enumerate() {
        let (Some(low), Some(median), Some(high)) = (estimate.low[k], estimate.median[k], estimate.high[k])
        else {
            continue;
        };
        let mut of = [low, median, high].map(|u: Utility| goal.readable(u));
        of.sort_by(f64::total_cmp);
        points.push(data::ShadowPoint { spent: *joules, low: of[0], median: of[1], high: of[2] });
    }
    let how = format!(
        "values and costs that were not computed are drawn from the surrogate's predictions, each on its own, in {} \
         random orders; it is as good as these predictions",
        estimate.orders
    );
    Ok((!points.is_empty()).then_some(data::ShadowBaseline { how, points }))
}
