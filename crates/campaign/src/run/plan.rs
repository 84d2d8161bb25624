//! What to do next, and whether it can be afforded.

use super::evaluate::Task;
use super::{LIMIT_SLACK, Observer};
use crate::error::CampaignError;
use crate::history::{Phase, Planned};
use crate::session::Session;
use archive::EventKind;
use decide::{
    Acquisition, Gaussian, Independent, JointPosterior, Leaders, Progress, State, Step, acquisition,
    best_gain, pick_batch, shortlist,
};
use learn::{GpSettings, Surrogate, TanimotoGp};
use ledger::{CostForecast, Exhausted, FittedCostModel, Reservation};
use matter::units::{CoreSeconds, Joules};

/// Candidates over which a batch is chosen jointly.
const JOINT: usize = 2000;
/// Probability with which a calculation stays within its reservation.
const WITHIN: f64 = 0.95;
/// While there is enough, a calculation is granted this many times its upper forecast: one in twenty takes longer
/// than that forecast, and stopping it would waste what it took. Near the end of the budget the forecast is all.
const GENEROUS: f64 = 4.0;
/// Share of what is left that a generous grant may take.
const GENEROUS_SHARE: f64 = 0.1;
/// Below this many finished calculations the forecast is mostly belief: a calculation then may take up to this share of
/// what is left, so that a small budget begins with few calculations that come to their end rather than many that are
/// stopped.
const COLD: usize = 5;
const COLD_SHARE: f64 = 0.5;
/// Least power a step is taken to cost, so that value per joule stays finite where replayed values are free.
const LEAST_COST: Joules = Joules(1e-9);

/// The next round.
pub(crate) struct Plan {
    pub(crate) round: u64,
    pub(crate) phase: Phase,
    pub(crate) tasks: Vec<Task>,
    /// Why there is no next round.
    pub(crate) stop: Option<String>,
}

/// Plans the next round.
pub(crate) fn next(session: &Session, observer: &mut dyn Observer) -> Result<Plan, CampaignError> {
    let spec = &session.loaded.spec;
    let evaluated = session.history.evaluated.len();
    let labels = session.history.evaluated.iter().filter(|e| e.outcome.is_ok()).count();
    let most = spec.stop.max_evaluations.map_or(usize::MAX, |m| (m as usize).saturating_sub(evaluated));
    let random_left = (spec.search.initial as usize).saturating_sub(evaluated);
    if random_left > 0 || labels < 2 {
        let want = (spec.search.batch as usize).min(random_left.max(1)).min(most.max(1));
        let mut plan = random(session, want)?;
        plan.stop = stop_reason(session, &plan.tasks, None)?;
        observer.decided(plan.round, plan.tasks.len(), None);
        return Ok(plan);
    }
    let want = (spec.search.batch as usize).min(most.max(1));
    search(session, want, observer)
}

/// A round of candidates as chance has it. The order of chance is fixed by the seed alone, so that a pilot before it
/// takes nothing away.
pub(crate) fn random(session: &Session, want: usize) -> Result<Plan, CampaignError> {
    let costs = Costs::new(session);
    let open = open_candidates(session);
    let unknown = Gaussian { mean: 0.0, sd: 1.0 };
    let steps = steps(session, &open, &costs, |_| unknown)?;
    let goal = session.loaded.spec.objective.goal;
    let state = State { goal, leaders: Leaders::new(1), round: 0, seed: session.loaded.spec.seed };
    let mut posterior = Independent(vec![unknown; steps.len()]);
    let chosen = choose(session, &acquisition::Random, &state, &steps, &mut posterior, want, &open, &costs)?;
    let tasks = chosen.into_iter().map(|(task, _)| task).collect();
    Ok(Plan { round: session.history.next_round(), phase: Phase::Initial, tasks, stop: None })
}

fn search(session: &Session, want: usize, observer: &mut dyn Observer) -> Result<Plan, CampaignError> {
    let spec = &session.loaded.spec;
    let costs = Costs::new(session);
    let open = open_candidates(session);
    let round = session.history.next_round();
    let gp = fit(session)?;
    if let Some(report) = gp.report() {
        session
            .books
            .event(EventKind::Fitted, &serde_json::json!({ "round": round, "surrogate": report }))?;
    }
    let predictions = gp.predict(&session.pool.features.select(&open))?;
    let belief = |i: usize| Gaussian { mean: predictions.mean[i], sd: predictions.sd[i] };
    let all = steps(session, &open, &costs, belief)?;
    let values = session.history.evaluated.iter().filter_map(|e| e.outcome.as_ref().ok().copied());
    let goal = spec.objective.goal;
    let leaders = Leaders::of(&goal, spec.search.shortlist as usize, values);
    let state = State { goal, leaders, round, seed: spec.seed };
    let rule = acquisition::by_name(&spec.search.acquisition)?;
    let best = shortlist(&rule.value(&state, &all), &all, JOINT);
    let near: Vec<usize> = best.iter().map(|&i| open[i]).collect();
    let steps: Vec<Step> = best.iter().map(|&i| all[i]).collect();
    let features = session.pool.features.select(&near);
    let mut posterior = gp.posterior(&features)?;
    let gain = best_gain(&state, &all).map(|(_, gain)| gain);
    let reached = state.leaders.reached(&goal);
    let mut tasks = Vec::new();
    for (mut task, position) in choose(session, &*rule, &state, &steps, &mut posterior, want, &near, &costs)?
    {
        // What was predicted before this batch, not what it became while the batch was put together.
        task.planned.predicted = Some(steps[position].belief());
        tasks.push(task);
    }
    let stop = stop_reason(session, &tasks, Some((gain, reached)))?;
    observer.decided(round, tasks.len(), gain);
    Ok(Plan { round, phase: Phase::Search, tasks, stop })
}

/// The surrogate, fitted to all values so far, in the order of the pool: the same whatever order they came in.
pub(crate) fn fit(session: &Session) -> Result<TanimotoGp, CampaignError> {
    let (rows, y) = training(session);
    let mut gp = TanimotoGp::new(GpSettings::default());
    gp.fit(&session.pool.features.select(&rows), &y)?;
    Ok(gp)
}

fn training(session: &Session) -> (Vec<usize>, Vec<f64>) {
    let mut labelled: Vec<(usize, f64)> = session
        .history
        .evaluated
        .iter()
        .filter_map(|e| Some((*session.pool.index.get(&e.structure)?, *e.outcome.as_ref().ok()?)))
        .collect();
    labelled.sort_by_key(|(index, _)| *index);
    labelled.into_iter().unzip()
}

/// Tasks for picks that an earlier run had decided on.
pub(crate) fn again(session: &Session, left: Vec<Planned>) -> Result<Vec<Task>, CampaignError> {
    let costs = Costs::new(session);
    let mut tasks = Vec::new();
    for planned in left {
        let index = *session.pool.index.get(&planned.structure).ok_or_else(|| CampaignError::Log {
            name: session.loaded.spec.name.clone(),
            detail: format!("structure {} was decided on but is not in the space", planned.structure),
        })?;
        let limit = costs.limit(session, index);
        // What no longer fits is left for a larger budget.
        if let Ok(reservation) = session.books.reserve(limit + costs.slack()) {
            tasks.push(Task { index, planned, limit, worth: None, reservation });
        }
    }
    Ok(tasks)
}

/// Positions in the pool that have no result yet.
pub(crate) fn open_candidates(session: &Session) -> Vec<usize> {
    (0..session.pool.len()).filter(|&i| !session.history.done.contains(&session.pool.ids[i])).collect()
}

/// Forecasts of cost.
pub(crate) struct Costs {
    fitted: FittedCostModel,
    observations: usize,
    /// Replayed values without a cost column take nothing.
    free: bool,
    watts: f64,
    real: bool,
}

impl Costs {
    pub(crate) fn new(session: &Session) -> Costs {
        let model = session.cost_model();
        let replayed = !session.method.needs_geometry();
        Costs {
            observations: model.observations(),
            fitted: model.fit(WITHIN),
            free: session.is_free(),
            watts: session.books.meter.conversion().watts(),
            real: !replayed,
        }
    }

    pub(crate) fn forecast(&self, session: &Session, index: usize) -> CostForecast {
        if self.free {
            return CostForecast { work: 0.0, mean: CoreSeconds::ZERO, upper: CoreSeconds::ZERO };
        }
        self.fitted.forecast(session.pool.electrons[index])
    }

    fn joules(&self, session: &Session, index: usize) -> Joules {
        Joules(self.forecast(session, index).mean.value() * self.watts).max(LEAST_COST)
    }

    /// The least processor time that a calculation must be granted: its upper forecast, or its expected one while that is
    /// mostly belief.
    fn least(&self, session: &Session, index: usize) -> CoreSeconds {
        let forecast = self.forecast(session, index);
        if self.is_cold() { forecast.mean } else { forecast.upper }
    }

    /// Processor time that a calculation is granted, and stopped at.
    fn limit(&self, session: &Session, index: usize) -> CoreSeconds {
        let least = self.least(session, index);
        if self.free {
            return least;
        }
        let share = if self.is_cold() { COLD_SHARE } else { GENEROUS_SHARE };
        let generous = self.forecast(session, index).upper * GENEROUS;
        generous.min(session.books.available() * share).max(least)
    }

    fn is_cold(&self) -> bool {
        self.observations < COLD
    }

    fn slack(&self) -> CoreSeconds {
        if self.real { LIMIT_SLACK } else { CoreSeconds::ZERO }
    }
}

fn steps(
    session: &Session,
    open: &[usize],
    costs: &Costs,
    belief: impl Fn(usize) -> Gaussian,
) -> Result<Vec<Step>, CampaignError> {
    open.iter()
        .enumerate()
        .map(|(i, &index)| Ok(Step::new(session.pool.ids[index], belief(i), costs.joules(session, index))?))
        .collect()
}

/// Chooses and reserves; each task with its position in `steps`.
#[allow(clippy::too_many_arguments)]
fn choose(
    session: &Session,
    rule: &dyn Acquisition,
    state: &State,
    steps: &[Step],
    posterior: &mut dyn JointPosterior,
    want: usize,
    positions: &[usize],
    costs: &Costs,
) -> Result<Vec<(Task, usize)>, CampaignError> {
    let mut reserved = std::collections::HashMap::new();
    let mut affordable = |i: usize| {
        let limit = costs.limit(session, positions[i]);
        match session.books.reserve(limit + costs.slack()) {
            Ok(reservation) => {
                reserved.insert(i, (reservation, limit));
                true
            }
            Err(_) => false,
        }
    };
    let picks = pick_batch(rule, state, steps, posterior, want, &mut affordable)?;
    let mut chosen = Vec::new();
    for pick in picks {
        let Some((reservation, limit)) = reserved.remove(&pick.index) else { continue };
        let index = positions[pick.index];
        let forecast = costs.forecast(session, index).mean;
        let planned = Planned { structure: session.pool.ids[index], predicted: None, forecast };
        let worth = pick.value.0.is_finite().then_some(pick.value.0);
        chosen.push((Task { index, planned, limit, worth, reservation }, pick.index));
    }
    Ok(chosen)
}

/// Sets aside what the engine itself will take until the next decision, and the report at the end. Where the budget
/// does not cover that any more, nothing may be started: it would pass the cap.
pub(crate) fn headroom(session: &Session) -> Result<Reservation, Exhausted> {
    session.books.reserve(own_work(session))
}

/// The most that the engine itself will take until the next decision, and for the report at the end.
pub(crate) fn own_work(session: &Session) -> CoreSeconds {
    let rounds = session.history.engine.iter().filter(|e| e.what == "round");
    let dearest = rounds.map(|e| e.core_seconds).fold(CoreSeconds(0.05), CoreSeconds::max);
    dearest * 3.0 + CoreSeconds(0.2)
}

fn stop_reason(
    session: &Session,
    tasks: &[Task],
    outlook: Option<(Option<f64>, bool)>,
) -> Result<Option<String>, CampaignError> {
    let costs = Costs::new(session);
    let left = open_candidates(session);
    let reserved: CoreSeconds = tasks.iter().map(|t| t.limit + costs.slack()).sum();
    let available = session.books.available() + reserved;
    let cheapest = left.iter().map(|&i| costs.least(session, i)).reduce(CoreSeconds::min);
    let progress = Progress {
        evaluations: session.history.evaluated.len() as u64,
        candidates_left: left.len() as u64,
        budget_left: Joules(available.value().min(1e300) * costs.watts),
        cheapest: cheapest.map(|c| Joules((c + costs.slack()).value() * costs.watts)),
        best_gain: outlook.and_then(|(gain, _)| gain),
        goal_reached: outlook.is_some_and(|(_, reached)| reached),
    };
    let reason = session.loaded.spec.stop.reason(&progress).map(|r| r.to_string());
    Ok(reason.or_else(|| {
        tasks
            .is_empty()
            .then(|| "no candidate that is worth computing fits into what is left of the budget".to_owned())
    }))
}
