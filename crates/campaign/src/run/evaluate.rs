//! Evaluating candidates on several threads.

use super::observe::{Observer, Standing};
use super::plan::own_work;
use crate::books::Desk;
use crate::error::CampaignError;
use crate::history::{Evaluated, Paid, Planned};
use crate::session::Session;
use archive::{ChargeKind, EventKind, NewResult};
use ledger::Reservation;
use matter::units::{CoreSeconds, Seconds};
use method::recipe::Workbench;
use method::{Cost, CostSource, FailureKind};
use serde_json::json;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Duration;

/// One candidate to be evaluated, with what is reserved for it.
pub(crate) struct Task {
    /// Its position in the pool.
    pub(crate) index: usize,
    pub(crate) planned: Planned,
    /// Processor time it may take.
    pub(crate) limit: CoreSeconds,
    /// What the acquisition said it is worth.
    pub(crate) worth: Option<f64>,
    pub(crate) reservation: Reservation,
}

/// Evaluates all tasks; results in the order in which they came. On an error of the world the other threads finish
/// what they have begun.
pub(crate) fn all(
    session: &Session,
    tasks: Vec<Task>,
    kind: ChargeKind,
    round: u64,
    cancel: &AtomicBool,
    observer: &mut dyn Observer,
) -> Result<Vec<Evaluated>, CampaignError> {
    let threads = session.loaded.threads().min(tasks.len()).max(1);
    let queue = Mutex::new(VecDeque::from(tasks));
    let give_up = AtomicBool::new(false);
    let (over, done_with) = (AtomicBool::new(false), AtomicBool::new(false));
    let timed = session.books.time_left().is_some();
    let user_cancel = cancel;
    let cancel = if timed { &over } else { user_cancel };
    let (sender, receiver) = mpsc::channel();
    let goal = session.loaded.spec.objective.goal;
    let before = session.history.evaluated.iter().filter_map(|e| e.outcome.as_ref().ok().copied());
    let mut best = goal.best_value(before);
    let mut count = session.history.evaluated.len();
    std::thread::scope(|scope| {
        if timed {
            scope.spawn(|| watch_the_clock(session, user_cancel, &over, &done_with));
        }
        for _ in 0..threads {
            let sender = sender.clone();
            let (queue, give_up) = (&queue, &give_up);
            scope.spawn(move || {
                loop {
                    let task = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                    let Some(task) = task else { return };
                    let stop = cancel.load(Ordering::Relaxed) || give_up.load(Ordering::Relaxed);
                    let index = task.index;
                    let result = if stop {
                        session.books.release(task.reservation).map(|()| None)
                    } else {
                        one(session, task, kind, round, cancel)
                    };
                    if result.is_err() {
                        give_up.store(true, Ordering::Relaxed);
                    }
                    if sender.send((index, result)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut done = Vec::new();
        let mut trouble = None;
        for (index, result) in receiver {
            match result {
                Ok(Some(evaluated)) => {
                    count += 1;
                    if let Ok(value) = evaluated.outcome {
                        best = goal.best_value(best.into_iter().chain([value]));
                    }
                    let total = session.books.total();
                    let budget = session.loaded.budget;
                    let standing = Standing {
                        spent: session.books.standing().0,
                        cap: budget.amount(),
                        unit: budget.unit(),
                        joules: total.joules,
                        core_seconds: total.core_seconds,
                        best,
                        evaluated: count,
                    };
                    let outcome = evaluated.outcome.as_ref().map(|v| *v);
                    observer.evaluated(&session.pool.molecules[index].label(), outcome, &standing);
                    done.push(evaluated);
                }
                Ok(None) => {}
                Err(error) => {
                    trouble.get_or_insert(error);
                }
            }
        }
        done_with.store(true, Ordering::Relaxed);
        match trouble {
            Some(error) => Err(error),
            None => Ok(done),
        }
    })
}

/// How often the clock is looked at.
const TICK: Duration = Duration::from_millis(5);

/// Processor time of the longest piece of work that nothing can stop: making a 3-D geometry. A calculation asks every
/// few milliseconds whether it may go on.
const LONGEST_PIECE: CoreSeconds = CoreSeconds(0.1);

/// Stops everything (`over`) before a budget of elapsed time is passed, or when the user wants to stop. Limits of
/// processor time do not see to it: on a machine that is busy with other things a second of it takes longer. So does
/// what is left to do after the stop, which is why it is counted at the pace of this process so far.
fn watch_the_clock(session: &Session, cancel: &AtomicBool, over: &AtomicBool, done_with: &AtomicBool) {
    let needed = own_work(session) + LONGEST_PIECE;
    while !done_with.load(Ordering::Relaxed) {
        let needed = Seconds(needed.value() * session.books.pace(session.loaded.threads()));
        if cancel.load(Ordering::Relaxed) || session.books.time_left().is_some_and(|left| left <= needed) {
            over.store(true, Ordering::Relaxed);
        }
        std::thread::sleep(TICK);
    }
}

/// Evaluates one candidate; `None` if the user stopped it.
fn one(
    session: &Session,
    task: Task,
    kind: ChargeKind,
    round: u64,
    cancel: &AtomicBool,
) -> Result<Option<Evaluated>, CampaignError> {
    let books = &session.books;
    let structure = task.planned.structure;
    let molecule = &session.pool.molecules[task.index];
    let started = json!({ "structure": structure.to_string(), "round": round,
        "forecast": task.planned.forecast.value() });
    books.event(EventKind::Started, &started)?;
    let desk = Desk::new(books, kind, round);
    // What takes nothing is granted nothing, and needs no limit.
    let limit = (!session.is_free()).then_some(task.limit);
    let bench = Workbench::new(&*session.method, session.loaded.recipe_settings(), limit, cancel, &desk);
    let calculation = session.route.evaluate(molecule, &bench);
    let building = bench.building();
    if building > CoreSeconds::ZERO {
        let cost = Cost { core_seconds: building, source: CostSource::Accounting, ..Cost::ZERO };
        books.book(ChargeKind::Building, &cost)?;
    }
    let price = bench.price();
    if let Some(trouble) = desk.trouble() {
        books.release(task.reservation)?;
        return Err(trouble);
    }
    let outcome = session.route.value(&calculation);
    if let Err(failure) = &outcome
        && failure.kind.stops_everything()
    {
        // What it took is charged; the candidate is as open as it was.
        let dropped = json!({ "what": "dropped", "structure": structure.to_string(), "round": round });
        books.event(EventKind::Charged, &dropped)?;
        books.release(task.reservation)?;
        return match failure.kind {
            FailureKind::Cancelled => Ok(None),
            _ => Err(CampaignError::World(failure.clone())),
        };
    }
    let charge = books.meter.charge(&price);
    let newly = bench.spent();
    let paid = Paid {
        core_seconds: newly.core_seconds,
        joules: books.meter.charge(&newly).joules,
        work: newly.work,
    };
    let spent = books.total().joules;
    let mut payload = json!({ "structure": structure.to_string(), "round": round, "spent": spent.value(),
        "core_seconds": price.core_seconds.value(), "joules": charge.joules.value(),
        "paid_core_seconds": paid.core_seconds.value(), "paid_joules": paid.joules.value(),
        "paid_work": paid.work, "elapsed": books.elapsed().value() });
    let event = match &outcome {
        Ok(value) => {
            payload["value"] = json!(value);
            EventKind::Finished
        }
        Err(failure) => {
            payload["kind"] = json!(failure.kind.as_str());
            payload["message"] = json!(failure.message);
            EventKind::Failed
        }
    };
    let property = session.route.property().name;
    let recipe = session.route.identity(&session.loaded, &*session.method);
    let result = NewResult {
        molecule,
        property: &property,
        recipe: &recipe,
        outcome: outcome.as_ref().map(|v| *v),
        core_seconds: price.core_seconds,
        joules: charge.joules,
        work: price.work,
    };
    books.archive.write(|w| {
        w.result(books.campaign, &result)?;
        w.event(books.campaign, event, &payload)
    })?;
    books.release(task.reservation)?;
    Ok(Some(Evaluated {
        structure,
        round,
        outcome,
        spent,
        core_seconds: price.core_seconds,
        joules: charge.joules,
        work: price.work,
        paid,
    }))
}
