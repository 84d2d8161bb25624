//! The loop: decide, reserve, compute, learn.

mod evaluate;
mod observe;
mod plan;

pub use observe::{Observer, Silent, Standing};

use crate::error::CampaignError;
use crate::history::{Phase, Planned};
use crate::session::{Opened, Session, terms};
use crate::spec::Loaded;
use crate::summary;
use archive::{ChargeKind, EventKind};
use decide::StopReason;
use evaluate::Task;
use matter::units::CoreSeconds;
use plan::Plan;
use report::Report;
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering};

/// How a run ended.
#[derive(Clone, Debug)]
pub enum RunEnd {
    /// The campaign came to an end.
    Stopped {
        /// Why.
        reason: String,
        /// What it found.
        report: Box<Report>,
    },
    /// It had come to an end before, and nothing was done; why then.
    AlreadyStopped(String),
    /// The user asked to stop. It goes on with the next run.
    Interrupted,
}

/// Runs the campaign to its end, or on from where it was.
///
/// # Errors
/// [`CampaignError`]; whatever was finished before is safe, and the next run goes on.
pub fn run(
    loaded: Loaded,
    cancel: &AtomicBool,
    observer: &mut dyn Observer,
) -> Result<RunEnd, CampaignError> {
    let mut session = match Session::open(loaded, false)? {
        Opened::Ended(reason) => return Ok(RunEnd::AlreadyStopped(reason)),
        Opened::Session(session) => *session,
    };
    observer.opened(&session.loaded.spec.name, session.pool.len(), session.history.evaluated.len());
    session.prepare(cancel)?;
    if let Some((round, left)) = session.history.unfinished() {
        let kind = if round.phase == Phase::Pilot { ChargeKind::Pilot } else { ChargeKind::Calculation };
        let Ok(headroom) = plan::headroom(&session) else {
            return end(session, StopReason::BudgetExhausted.to_string());
        };
        let tasks = plan::again(&session, left)?;
        execute(&mut session, tasks, kind, round.number, cancel, observer)?;
        session.books.release(headroom)?;
    }
    loop {
        if cancel.load(Ordering::Relaxed) {
            session.books.charge_engine("interrupted", session.history.next_round())?;
            return Ok(RunEnd::Interrupted);
        }
        let Ok(headroom) = plan::headroom(&session) else {
            return end(session, StopReason::BudgetExhausted.to_string());
        };
        let Plan { round, phase, tasks, stop } = plan::next(&session, observer)?;
        if let Some(reason) = stop {
            session.books.release(headroom)?;
            return end(session, reason);
        }
        log_decision(&session, round, phase, &tasks)?;
        execute(&mut session, tasks, ChargeKind::Calculation, round, cancel, observer)?;
        session.books.release(headroom)?;
    }
}

/// Computes the first few candidates of the random sample, so that costs are known.
pub(crate) fn pilot(
    session: &mut Session,
    size: usize,
    cancel: &AtomicBool,
    observer: &mut dyn Observer,
) -> Result<(), CampaignError> {
    session.prepare(cancel)?;
    let missing = size.saturating_sub(session.history.evaluated.len());
    if missing > 0 {
        let headroom = plan::headroom(session).map_err(|e| CampaignError::TooSmall(e.to_string()))?;
        let Plan { round, tasks, .. } = plan::random(session, missing)?;
        log_decision(session, round, Phase::Pilot, &tasks)?;
        execute(session, tasks, ChargeKind::Pilot, round, cancel, observer)?;
        session.books.release(headroom)?;
    }
    Ok(())
}

fn log_decision(session: &Session, round: u64, phase: Phase, tasks: &[Task]) -> Result<(), CampaignError> {
    let picks: Vec<serde_json::Value> = tasks
        .iter()
        .map(|t| {
            let Planned { structure, predicted, forecast } = &t.planned;
            json!({
                "structure": structure.to_string(),
                "smiles": session.pool.molecules[t.index].label(),
                "mean": predicted.map(|p| p.mean),
                "sd": predicted.map(|p| p.sd),
                "value": t.worth,
                "forecast": forecast.value(),
                "reserved": t.limit.value(),
            })
        })
        .collect();
    let acquisition = &session.loaded.spec.search.acquisition;
    let payload = json!({ "round": round, "phase": phase.as_str(), "acquisition": acquisition, "picks": picks,
        "elapsed": session.books.elapsed().value() });
    session.books.event(EventKind::Decided, &payload)
}

fn execute(
    session: &mut Session,
    tasks: Vec<Task>,
    kind: ChargeKind,
    round: u64,
    cancel: &AtomicBool,
    observer: &mut dyn Observer,
) -> Result<(), CampaignError> {
    let picks: Vec<Planned> = tasks.iter().map(|t| t.planned.clone()).collect();
    let known = session.history.rounds.iter().any(|r| r.number == round);
    if !known {
        let phase = match kind {
            ChargeKind::Pilot => Phase::Pilot,
            _ if picks.iter().all(|p| p.predicted.is_none()) => Phase::Initial,
            _ => Phase::Search,
        };
        session.history.rounds.push(crate::history::Round { number: round, phase, picks });
    }
    let done = evaluate::all(session, tasks, kind, round, cancel, observer);
    let engine = session.books.charge_engine("round", round)?;
    session.history.engine.push(crate::history::EngineCharge {
        what: "round".into(),
        round,
        core_seconds: engine.core_seconds,
        joules: engine.joules,
    });
    let done = done?;
    for evaluated in done {
        session.history.done.insert(evaluated.structure);
        session.history.evaluated.push(evaluated);
    }
    Ok(())
}

/// Ends the campaign. What the report takes is charged before the end is announced.
fn end(session: Session, reason: String) -> Result<RunEnd, CampaignError> {
    let Session { loaded, pool, books, history, .. } = session;
    let (pool, outlook) = summary::look_ahead(&loaded, pool)?;
    books.charge_engine("report", history.next_round())?;
    let payload = json!({ "message": reason, "terms": terms(&loaded), "elapsed": books.elapsed().value() });
    books.event(EventKind::Stopped, &payload)?;
    let report = Box::new(summary::finish(&loaded, pool, outlook)?);
    Ok(RunEnd::Stopped { reason, report })
}

/// Slack on top of a limit: how far a calculation may run past it before it is stopped.
pub(crate) const LIMIT_SLACK: CoreSeconds = CoreSeconds(0.2);
