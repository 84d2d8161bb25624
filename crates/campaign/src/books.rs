//! The books of a running campaign: archive, account and meter in one place, so that no charge is made past them.

use crate::error::CampaignError;
use crate::meter::{Meter, processor_time};
use archive::{Archive, ArchiveError, CampaignId, ChargeKind, EventKind, NewCharge, Recorded, Recording};
use ledger::{Account, Charge, Exhausted, Quantity, Reservation};
use matter::Molecule;
use matter::units::{CoreSeconds, Seconds};
use method::recipe::Memo;
use method::{Calculation, CalculationId, Cost, CostSource, Method, Task};
use serde_json::{Value, json};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

pub(crate) struct Books {
    pub(crate) archive: Archive,
    pub(crate) campaign: CampaignId,
    pub(crate) meter: Meter,
    state: Mutex<State>,
}

struct State {
    account: Account,
    total: Charge,
    /// Processor time that was measured and charged since the engine was last charged.
    charged: CoreSeconds,
    /// Processor time of all processes when the engine was last charged.
    mark: CoreSeconds,
    earlier: Seconds,
    begun: Instant,
}

/// A machine slower than this has slept: no pace to plan with.
const SLOWEST: f64 = 20.0;

impl Books {
    /// Books that go on from what the archive says. `mark` is the processor time from which on the engine's own
    /// work is to be charged.
    pub(crate) fn open(
        archive: Archive,
        campaign: CampaignId,
        meter: Meter,
        budget: ledger::Budget,
        earlier: Seconds,
        mark: CoreSeconds,
    ) -> Result<Books, CampaignError> {
        let total = archive.totals(campaign)?;
        let elapsed = Charge { wall: earlier, ..total };
        let account = Account::resume(budget, &elapsed)?;
        let begun = Instant::now();
        let state = State { account, total, charged: CoreSeconds::ZERO, mark, earlier, begun };
        Ok(Books { archive, campaign, meter, state: Mutex::new(state) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let elapsed = state.earlier + Seconds(state.begun.elapsed().as_secs_f64());
        state.account.observe_elapsed(elapsed);
        state
    }

    /// Elapsed time of the campaign, earlier runs included.
    pub(crate) fn elapsed(&self) -> Seconds {
        let state = self.state();
        state.earlier + Seconds(state.begun.elapsed().as_secs_f64())
    }

    pub(crate) fn total(&self) -> Charge {
        self.state().total
    }

    /// What is spent and what can still be reserved, in the unit of the budget.
    pub(crate) fn standing(&self) -> (f64, f64) {
        let state = self.state();
        (state.account.spent(), state.account.available())
    }

    /// What can still be reserved, as processor time.
    pub(crate) fn available(&self) -> CoreSeconds {
        let one = self.meter.upper(CoreSeconds(1.0));
        let state = self.state();
        let unit = state.account.budget().spent(&one);
        if unit > 0.0 { CoreSeconds(state.account.available() / unit) } else { CoreSeconds(f64::INFINITY) }
    }

    pub(crate) fn reserve(&self, upper: CoreSeconds) -> Result<Reservation, Exhausted> {
        let upper = self.meter.upper(upper);
        self.state().account.reserve(&upper)
    }

    /// Whether the cap covers what the engine itself has used since it was last charged, and `more` on top.
    ///
    /// # Errors
    /// [`CampaignError::TooSmall`] if it does not.
    pub(crate) fn covers_own_work(&self, more: CoreSeconds) -> Result<(), CampaignError> {
        let used = {
            let state = self.state();
            match state.account.budget().quantity() {
                // The clock has run all the while.
                Quantity::ElapsedTime => CoreSeconds::ZERO,
                _ => (processor_time() - state.mark - state.charged).max(CoreSeconds::ZERO),
            }
        };
        match self.reserve(used + more) {
            Ok(reservation) => self.release(reservation),
            Err(exhausted) => Err(CampaignError::TooSmall(format!("looking through the space: {exhausted}"))),
        }
    }

    /// What is left of a budget of elapsed time; `None` for other budgets.
    pub(crate) fn time_left(&self) -> Option<Seconds> {
        let state = self.state();
        let budget = state.account.budget();
        let second = budget.spent(&Charge { wall: Seconds(1.0), ..Charge::ZERO });
        (budget.quantity() == Quantity::ElapsedTime)
            .then(|| Seconds((budget.amount() - state.account.spent()) / second))
    }

    /// Elapsed seconds that a second of processor time has taken in this process so far, if its work could use
    /// `threads` threads: 1 on an idle machine, more on a busy one.
    pub(crate) fn pace(&self, threads: usize) -> f64 {
        let state = self.state();
        let spent = (processor_time() - state.mark).value();
        let elapsed = state.begun.elapsed().as_secs_f64();
        if spent > 0.0 { (elapsed * threads as f64 / spent).clamp(1.0, SLOWEST) } else { 1.0 }
    }

    /// Ends a reservation. The work it stood for has been charged piece by piece while it was done.
    pub(crate) fn release(&self, reservation: Reservation) -> Result<(), CampaignError> {
        let nothing = self.meter.conversion().predict(CoreSeconds::ZERO);
        // Nothing is settled here beyond what was charged, so there can be no overrun.
        let _settled = self.state().account.settle(reservation, &nothing)?;
        Ok(())
    }

    /// Books a charge that belongs to no archived calculation.
    pub(crate) fn book(&self, kind: ChargeKind, cost: &Cost) -> Result<Charge, CampaignError> {
        let charge = self.meter.charge(cost);
        let conversion = self.meter.conversion();
        self.archive
            .write(|w| w.charge(self.campaign, &NewCharge { kind, calculation: None, charge, conversion }))?;
        self.count(cost, &charge)?;
        Ok(charge)
    }

    fn count(&self, cost: &Cost, charge: &Charge) -> Result<(), CampaignError> {
        let mut state = self.state();
        if cost.source == CostSource::Accounting {
            state.charged += cost.core_seconds;
        }
        state.total += *charge;
        // The account is told in the same breath, so that what is open plus what is spent never shrinks.
        let _overrun_is_seen_in_the_total = state.account.spend(charge)?;
        Ok(())
    }

    /// Counts a charge for lost work that is in the archive already.
    pub(crate) fn count_lost(&self, charge: &Charge) -> Result<(), CampaignError> {
        self.count(&Cost { source: CostSource::Predicted, ..Cost::ZERO }, charge)
    }

    /// Charges the engine's own work since the last call: all processor time of the process and its children
    /// that was not charged as a calculation.
    pub(crate) fn charge_engine(&self, what: &str, round: u64) -> Result<Charge, CampaignError> {
        let (core_seconds, now) = {
            let state = self.state();
            let now = processor_time();
            ((now - state.mark - state.charged).max(CoreSeconds::ZERO), now)
        };
        let cost = Cost { core_seconds, wall: Seconds(core_seconds.value()), ..Cost::ZERO };
        let charge = self.meter.charge(&cost);
        let payload = json!({
            "what": what, "round": round, "core_seconds": core_seconds.value(), "joules": charge.joules.value(),
            "elapsed": self.elapsed().value(),
        });
        self.archive.write(|w| {
            let conversion = self.meter.conversion();
            w.charge(
                self.campaign,
                &NewCharge { kind: ChargeKind::Engine, calculation: None, charge, conversion },
            )?;
            w.event(self.campaign, EventKind::Charged, &payload)
        })?;
        self.count(&cost, &charge)?;
        let mut state = self.state();
        state.mark = now;
        state.charged = CoreSeconds::ZERO;
        Ok(charge)
    }

    pub(crate) fn event(&self, kind: EventKind, payload: &Value) -> Result<(), CampaignError> {
        Ok(self.archive.write(|w| w.event(self.campaign, kind, payload))?)
    }
}

/// Recalls from the archive and records into it, on behalf of one evaluation.
pub(crate) struct Desk<'a> {
    pub(crate) books: &'a Books,
    pub(crate) kind: ChargeKind,
    pub(crate) round: u64,
    /// An error of the archive, which the recipe sees only as a message.
    pub(crate) trouble: Mutex<Option<CampaignError>>,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(books: &'a Books, kind: ChargeKind, round: u64) -> Desk<'a> {
        Desk { books, kind, round, trouble: Mutex::new(None) }
    }

    pub(crate) fn trouble(&self) -> Option<CampaignError> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn note<T>(&self, result: Result<T, CampaignError>) -> Result<T, String> {
        result.map_err(|error| {
            let message = error.to_string();
            self.trouble.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
            message
        })
    }

    fn record(
        &self,
        id: CalculationId,
        molecule: &Molecule,
        method: &dyn Method,
        task: Task,
        calculation: &Calculation,
    ) -> Result<(), CampaignError> {
        let charge = self.books.meter.charge(&calculation.cost);
        let payload = json!({ "calculation": id.to_string(), "task": task.to_string(), "round": self.round });
        let recording = Recording {
            campaign: self.books.campaign,
            id,
            molecule,
            method: method.id(),
            task: &task.to_string(),
            calculation,
            kind: self.kind,
            charge,
            conversion: self.books.meter.conversion(),
            payload: &payload,
        };
        self.books.archive.write(|w| -> Result<(), ArchiveError> {
            w.structure(molecule)?;
            let recorded = w.record(&recording)?;
            if recorded == Recorded::AlreadyStored {
                // Two threads did the same calculation at the same time: the work was done, so it is paid.
                let kind = self.kind;
                let conversion = self.books.meter.conversion();
                w.charge(self.books.campaign, &NewCharge { kind, calculation: None, charge, conversion })?;
            }
            Ok(())
        })?;
        self.books.count(&calculation.cost, &charge)
    }
}

impl Memo for Desk<'_> {
    fn recall(&self, id: CalculationId) -> Option<Calculation> {
        self.note(self.books.archive.recall(id).map_err(CampaignError::from)).ok().flatten()
    }

    fn keep(
        &self,
        id: CalculationId,
        molecule: &Molecule,
        method: &dyn Method,
        task: Task,
        calculation: &Calculation,
    ) -> Result<(), String> {
        self.note(self.record(id, molecule, method, task, calculation))
    }
}
