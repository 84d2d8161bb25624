//! A hard cap, kept by reservations.

use crate::budget::{Budget, Quantity};
use crate::charge::Charge;
use crate::error::LedgerError;
use matter::units::Seconds;
use std::collections::BTreeMap;

/// Fractions of a base unit (J, g, core-second, EUR, s) that an account counts in. Whole numbers of them add up
/// exactly, which sums of floating-point numbers do not.
const GRAINS: f64 = 1e9;

/// Guards a budget: work starts only after its upper cost has been reserved.
///
/// As long as no piece of work costs more than was reserved for it,
/// `spent + reserved <= cap` holds exactly at every moment: costs and reservations are rounded up, the cap is
/// rounded down, to 1e-9 of the base unit. Where work does cost more, [`Settlement::overrun`] says by how much;
/// it is spent all the same.
///
/// A budget of elapsed time is special, since calculations that run side by side take the same time: a
/// reservation then holds the time from now to the latest moment at which the work may end, reservations overlap
/// instead of adding up, and only [`Account::observe_elapsed`] moves what is spent.
///
/// For one thread; share it behind a mutex.
#[derive(Debug)]
pub struct Account {
    budget: Budget,
    cap: u128,
    spent: u128,
    /// Open reservations; of elapsed time the moment at which the work ends at the latest.
    open: BTreeMap<u64, u128>,
    next: u64,
}

/// An amount set aside in an [`Account`]. Settle it, also when the work failed: what is never settled stays
/// reserved.
#[must_use = "a reservation that is not settled stays reserved"]
#[derive(Debug)]
pub struct Reservation {
    number: u64,
    upper: f64,
}

impl Reservation {
    /// What was set aside, in the unit of the budget.
    pub fn upper(&self) -> f64 {
        self.upper
    }
}

/// The budget does not allow a piece of work any more.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "{needed:.6} {unit} needed, but of {budget} {spent:.6} {unit} are spent and {reserved:.6} {unit} reserved: \
     raise the budget to go on"
)]
pub struct Exhausted {
    /// The budget as written.
    pub budget: String,
    /// Its unit, that of the numbers here.
    pub unit: &'static str,
    /// What was asked for.
    pub needed: f64,
    /// What is spent.
    pub spent: f64,
    /// What others have reserved.
    pub reserved: f64,
}

/// Work that cost more than was reserved for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overrun {
    /// By how much, in the unit of the budget.
    pub beyond_reservation: f64,
    /// By how much spent and reserved now pass the cap, in the unit of the budget; 0 if they do not.
    pub beyond_cap: f64,
}

/// What settling a reservation came to.
#[must_use = "an overrun has to be reported"]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settlement {
    /// What the work cost, in the unit of the budget.
    pub actual: f64,
    /// Set if that was more than was reserved.
    pub overrun: Option<Overrun>,
}

fn grains_up(base: f64) -> u128 {
    // The cast saturates: infinite costs become the largest number there is.
    (base * GRAINS).ceil() as u128
}

impl Account {
    /// An account of which nothing is spent. Check a budget of money against its conversion first
    /// ([`Budget::check`]).
    pub fn new(budget: Budget) -> Account {
        let cap = (budget.amount() * budget.base_per_unit() * GRAINS).floor() as u128;
        Account { budget, cap, spent: 0, open: BTreeMap::new(), next: 0 }
    }

    /// An account of which `total` was spent before, for a campaign that goes on. For a budget of elapsed time
    /// `total.wall` must be the time that the earlier runs took, not the sum over their calculations.
    ///
    /// # Errors
    /// [`LedgerError::BadCharge`] if a number of `total` is negative or not finite.
    pub fn resume(budget: Budget, total: &Charge) -> Result<Account, LedgerError> {
        let mut account = Account::new(budget);
        account.spent = account.grains(total)?;
        Ok(account)
    }

    /// The budget it guards.
    pub fn budget(&self) -> Budget {
        self.budget
    }

    /// What is spent, in the unit of the budget.
    pub fn spent(&self) -> f64 {
        self.shown(self.spent)
    }

    /// What is reserved on top, in the unit of the budget.
    pub fn reserved(&self) -> f64 {
        self.shown(self.held())
    }

    /// What can still be reserved, in the unit of the budget.
    pub fn available(&self) -> f64 {
        self.shown(self.cap.saturating_sub(self.spent.saturating_add(self.held())))
    }

    /// Sets the upper cost of a piece of work aside.
    ///
    /// # Errors
    /// [`Exhausted`] if it does not fit under the cap; nothing is reserved then, and a smaller piece may still
    /// fit. A charge with a negative number or NaN in it never fits.
    pub fn reserve(&mut self, upper: &Charge) -> Result<Reservation, Exhausted> {
        let wanted = self.grains(upper).unwrap_or(u128::MAX);
        let (held, level) = if self.overlaps() {
            // The latest moment at which this work ends; others end independently of it.
            (0, self.spent.saturating_add(wanted))
        } else {
            (self.held(), wanted)
        };
        if self.spent.saturating_add(held).saturating_add(wanted) > self.cap {
            return Err(Exhausted {
                budget: self.budget.to_string(),
                unit: self.budget.unit(),
                needed: self.budget.spent(upper),
                spent: self.spent(),
                reserved: self.reserved(),
            });
        }
        let number = self.next;
        self.next += 1;
        self.open.insert(number, level);
        Ok(Reservation { number, upper: self.budget.spent(upper) })
    }

    /// Replaces a reservation by what the work did cost; nothing spent gives everything back.
    ///
    /// # Errors
    /// [`LedgerError::NotReserved`] if it belongs to another account; [`LedgerError::BadCharge`] if a number of
    /// `actual` is negative or not finite. The reservation then stays.
    pub fn settle(&mut self, reservation: Reservation, actual: &Charge) -> Result<Settlement, LedgerError> {
        let cost = self.grains(actual)?;
        let Some(level) = self.open.remove(&reservation.number) else {
            return Err(LedgerError::NotReserved { number: reservation.number });
        };
        let beyond = if self.overlaps() {
            // The clock decides: what matters is whether the work ended after the moment it was granted.
            self.spent.saturating_sub(level)
        } else {
            self.spent = self.spent.saturating_add(cost);
            cost.saturating_sub(level)
        };
        Ok(self.settlement(actual, beyond))
    }

    /// Spends without a reservation what could not be foreseen, e.g. work lost in a crash of an earlier run.
    ///
    /// # Errors
    /// [`LedgerError::BadCharge`] if a number of `actual` is negative or not finite.
    pub fn spend(&mut self, actual: &Charge) -> Result<Settlement, LedgerError> {
        let cost = self.grains(actual)?;
        if self.overlaps() {
            return Ok(self.settlement(actual, 0));
        }
        let free = self.cap.saturating_sub(self.spent.saturating_add(self.held()));
        self.spent = self.spent.saturating_add(cost);
        Ok(self.settlement(actual, cost.saturating_sub(free)))
    }

    /// Tells a budget of elapsed time how long the campaign has taken so far, earlier runs included. No effect on
    /// other budgets, and time never runs backwards.
    pub fn observe_elapsed(&mut self, elapsed: Seconds) {
        if self.overlaps() {
            self.spent = self.spent.max(grains_up(elapsed.value()));
        }
    }

    fn overlaps(&self) -> bool {
        self.budget.quantity() == Quantity::ElapsedTime
    }

    fn held(&self) -> u128 {
        if self.overlaps() {
            self.open.values().max().map_or(0, |end| end.saturating_sub(self.spent))
        } else {
            self.open.values().fold(0, |sum, upper| sum.saturating_add(*upper))
        }
    }

    fn settlement(&self, actual: &Charge, beyond: u128) -> Settlement {
        let overrun = (beyond > 0).then(|| Overrun {
            beyond_reservation: self.shown(beyond),
            beyond_cap: self.shown(self.spent.saturating_add(self.held()).saturating_sub(self.cap)),
        });
        Settlement { actual: self.budget.spent(actual), overrun }
    }

    fn grains(&self, charge: &Charge) -> Result<u128, LedgerError> {
        match charge.flaw() {
            Some((field, found)) => Err(LedgerError::BadCharge { field, found }),
            None => Ok(grains_up(self.budget.base(charge))),
        }
    }

    fn shown(&self, grains: u128) -> f64 {
        grains as f64 / GRAINS / self.budget.base_per_unit()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use matter::units::Joules;
    use proptest::prelude::*;

    fn joules(amount: f64) -> Charge {
        Charge { joules: Joules(amount), ..Charge::ZERO }
    }

    fn seconds(amount: f64) -> Charge {
        Charge { wall: Seconds(amount), ..Charge::ZERO }
    }

    fn account(budget: &str) -> Account {
        Account::new(budget.parse().unwrap())
    }

    #[test]
    fn nothing_starts_that_could_pass_the_cap() {
        let mut account = account("100 J");
        let first = account.reserve(&joules(60.0)).unwrap();
        let refused = account.reserve(&joules(40.1)).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "40.100000 J needed, but of 100 J 0.000000 J are spent and 60.000000 J reserved: raise the budget to \
             go on"
        );
        let second = account.reserve(&joules(40.0)).unwrap();
        assert_eq!(account.available(), 0.0);
        assert_eq!(account.settle(first, &joules(10.0)).unwrap().overrun, None);
        assert_eq!((account.spent(), account.reserved(), account.available()), (10.0, 40.0, 50.0));
        assert_eq!(account.settle(second, &joules(40.0)).unwrap().overrun, None);
        assert_eq!(account.spent(), 50.0);
    }

    #[test]
    fn an_overrun_is_reported_and_spent() {
        let mut account = account("100 J");
        let first = account.reserve(&joules(50.0)).unwrap();
        let second = account.reserve(&joules(50.0)).unwrap();
        let settlement = account.settle(first, &joules(70.0)).unwrap();
        assert_eq!(settlement.overrun, Some(Overrun { beyond_reservation: 20.0, beyond_cap: 20.0 }));
        assert_eq!(account.spent(), 70.0);
        assert!(account.reserve(&joules(1e-6)).is_err());
        assert_eq!(account.settle(second, &joules(0.0)).unwrap().overrun, None);
        assert_eq!(account.available(), 30.0);
        assert_eq!(account.spend(&joules(31.0)).unwrap().overrun.unwrap().beyond_cap, 1.0);
    }

    #[test]
    fn elapsed_time_passes_once_for_all() {
        let mut account = account("1 min");
        let first = account.reserve(&seconds(40.0)).unwrap();
        let second = account.reserve(&seconds(50.0)).unwrap();
        assert!((account.reserved() - 50.0 / 60.0).abs() < 1e-12);
        account.observe_elapsed(Seconds(30.0));
        assert_eq!(account.settle(first, &seconds(30.0)).unwrap().overrun, None);
        assert!(account.reserve(&seconds(31.0)).is_err());
        let third = account.reserve(&seconds(30.0)).unwrap();
        account.observe_elapsed(Seconds(51.0));
        let late = account.settle(second, &seconds(51.0)).unwrap().overrun.unwrap();
        assert!((late.beyond_reservation * 60.0 - 1.0).abs() < 1e-9);
        assert_eq!(late.beyond_cap, 0.0);
        assert_eq!(account.settle(third, &seconds(21.0)).unwrap().overrun, None);
    }

    #[test]
    fn a_resumed_account_remembers() {
        let mut account = Account::resume("1 kJ".parse().unwrap(), &joules(900.0)).unwrap();
        assert!(account.reserve(&joules(101.0)).is_err());
        assert!(account.reserve(&joules(f64::NAN)).is_err());
        let reservation = account.reserve(&joules(100.0)).unwrap();
        assert_eq!(reservation.upper(), 0.1);
        let error = account.settle(reservation, &joules(-1.0)).unwrap_err();
        assert_eq!(error.to_string(), "joules of a charge is -1: expected a finite number, 0 or more");
        let mut other = super::Account::new("1 kJ".parse().unwrap());
        let foreign = Reservation { number: 7, upper: 0.0 };
        assert!(matches!(other.settle(foreign, &joules(1.0)), Err(LedgerError::NotReserved { number: 7 })));
    }

    proptest! {
        /// Any interleaving of reservations and settlements keeps the invariant, to the last grain, as long as
        /// no work costs more than was reserved for it.
        #[test]
        fn spent_and_reserved_never_pass_the_cap(
            cap in 1e-3f64..1e4,
            steps in prop::collection::vec((0.0f64..500.0, 0.0f64..=1.0, any::<bool>(), 0usize..8), 1..80),
        ) {
            let budget: Budget = format!("{cap} J").parse().unwrap();
            let mut account = Account::new(budget);
            let mut open: Vec<(Reservation, f64)> = Vec::new();
            let mut ledger = 0.0;
            for (upper, share, settle, which) in steps {
                if settle && !open.is_empty() {
                    let (reservation, upper) = open.remove(which % open.len());
                    let actual = upper * share;
                    ledger += actual;
                    prop_assert_eq!(account.settle(reservation, &joules(actual)).unwrap().overrun, None);
                } else if let Ok(reservation) = account.reserve(&joules(upper)) {
                    open.push((reservation, upper));
                }
                prop_assert!(account.spent + account.held() <= account.cap);
                prop_assert!(ledger <= cap * (1.0 + 1e-12));
                prop_assert!(account.spent() >= ledger * (1.0 - 1e-12));
            }
        }

        /// Reservations of elapsed time never reach beyond the cap.
        #[test]
        fn elapsed_time_is_never_granted_beyond_the_cap(
            steps in prop::collection::vec((0.0f64..40.0, 0.0f64..5.0), 1..40),
        ) {
            let mut account = account("100 s");
            let mut clock = 0.0;
            for (upper, passed) in steps {
                clock += passed;
                account.observe_elapsed(Seconds(clock));
                match account.reserve(&seconds(upper)) {
                    Ok(reservation) => {
                        prop_assert!(clock + upper <= 100.0 + 1e-8);
                        std::mem::drop(reservation);
                    }
                    Err(_) => prop_assert!(clock + upper > 100.0 - 1e-8),
                }
            }
        }
    }
}
