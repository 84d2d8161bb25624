//! What a campaign would cost, before it is begun.

use crate::error::CampaignError;
use crate::run::{self, Observer};
use crate::session::{Opened, Session};
use crate::spec::Loaded;
use ledger::Charge;
use matter::units::CoreSeconds;
use serde::Serialize;
use std::sync::atomic::AtomicBool;

/// A number with its 90 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Forecast {
    /// Lower end.
    pub low: f64,
    /// Expected.
    pub expected: f64,
    /// Upper end.
    pub high: f64,
}

impl Forecast {
    fn scaled(self, factor: f64) -> Forecast {
        Forecast { low: self.low * factor, expected: self.expected * factor, high: self.high * factor }
    }
}

/// What a campaign would cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quote {
    /// Name of the campaign.
    pub campaign: String,
    /// Candidates in the space.
    pub candidates: usize,
    /// Candidates computed to find out.
    pub pilot: usize,
    /// How many of them failed.
    pub pilot_failed: usize,
    /// What finding out has cost so far, in joules; it is charged to the campaign.
    pub pilot_joules: f64,
    /// The budget, as written.
    pub budget: String,
    /// Processor time of one evaluation, in core-seconds, mean over the space.
    pub core_seconds_each: Forecast,
    /// Energy of one evaluation in joules.
    pub joules_each: Forecast,
    /// Evaluations that what is left of the budget buys (those of the pilot not counted).
    pub evaluations: Forecast,
    /// Share of the space they are.
    pub share_of_space: Forecast,
    /// Elapsed minutes until the budget is spent, on this many threads.
    pub minutes: Forecast,
    /// The threads.
    pub threads: usize,
    /// Energy of computing the whole space in joules.
    pub whole_space_joules: Forecast,
    /// CO2e of spending the whole budget, in gram; `None` if the budget is a time.
    pub budget_gco2e: Option<f64>,
}

/// Candidates of the pilot.
pub const PILOT: usize = 6;
/// Half width of a 90 % interval in standard deviations.
const Z90: f64 = 1.645;

/// Computes a pilot (the first of the random sample that the campaign will begin with, so that nothing is wasted)
/// and forecasts from it and whatever else is known.
///
/// The interval of the mean cost holds the uncertainty of the mean over the pilot and a drift of timings by 15 %.
///
/// # Errors
/// [`CampaignError`].
pub fn quote(
    loaded: Loaded,
    size: usize,
    cancel: &AtomicBool,
    observer: &mut dyn Observer,
) -> Result<Quote, CampaignError> {
    let mut session = match Session::open(loaded, true)? {
        Opened::Session(session) => *session,
        Opened::Ended(reason) => {
            return Err(CampaignError::TooSmall(format!(
                "the campaign has ended ({reason}); raise it to go on"
            )));
        }
    };
    observer.opened(&session.loaded.spec.name, session.pool.len(), session.history.evaluated.len());
    run::pilot(&mut session, size, cancel, observer)?;
    session.books.charge_engine("quote", session.history.next_round())?;
    Ok(forecast(&session))
}

fn forecast(session: &Session) -> Quote {
    let model = session.cost_model();
    let fitted = model.fit(0.95);
    let n = model.observations().max(1) as f64;
    const TIMING: f64 = 0.15;
    let ln_sd = (fitted.scatter().powi(2) / n + TIMING * TIMING).sqrt();
    let around = |expected: f64| Forecast {
        low: expected * (-Z90 * ln_sd).exp(),
        expected,
        high: expected * (Z90 * ln_sd).exp(),
    };
    let candidates = session.pool.len();
    let all: CoreSeconds = session.pool.electrons.iter().map(|&size| fitted.forecast(size).mean).sum();
    // What the engine adds to each evaluation, as far as it has been seen.
    let rounds = session.history.engine.iter().filter(|e| e.what == "round");
    let engine: CoreSeconds = rounds.map(|e| e.core_seconds).sum();
    let evaluated = session.history.evaluated.len();
    let engine_each = engine / evaluated.max(1) as f64;
    let each = around((all / candidates as f64 + engine_each).value());
    let conversion = session.books.meter.conversion();
    let one: Charge = conversion.predict(CoreSeconds(1.0));
    let budget = session.loaded.budget;
    let threads = session.loaded.threads();
    let elapsed = budget.quantity() == ledger::Quantity::ElapsedTime;
    let parallel = if elapsed { threads as f64 } else { 1.0 };
    let left = session.books.available().value() * parallel;
    let bought =
        |each: f64| if each > 0.0 { (left / each).floor().min(candidates as f64) } else { candidates as f64 };
    let evaluations =
        Forecast { low: bought(each.high), expected: bought(each.expected), high: bought(each.low) };
    let unit = budget.spent(&one);
    let full = if unit > 0.0 { budget.amount() / unit } else { 0.0 };
    Quote {
        campaign: session.loaded.spec.name.clone(),
        candidates,
        pilot: evaluated,
        pilot_failed: session.history.evaluated.iter().filter(|e| e.outcome.is_err()).count(),
        pilot_joules: session.books.total().joules.value(),
        budget: session.loaded.spec.budget.clone(),
        core_seconds_each: each,
        joules_each: each.scaled(conversion.watts()),
        evaluations,
        share_of_space: evaluations.scaled(1.0 / candidates as f64),
        minutes: Forecast {
            low: evaluations.low * each.low / threads as f64 / 60.0,
            expected: evaluations.expected * each.expected / threads as f64 / 60.0,
            high: evaluations.high * each.high / threads as f64 / 60.0,
        },
        threads,
        whole_space_joules: around(all.value() * conversion.watts()),
        budget_gco2e: (!elapsed).then(|| one.gco2e.value() * full),
    }
}
