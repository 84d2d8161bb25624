//! What can go wrong in the ledger.

use crate::budget::BudgetError;
use std::path::PathBuf;

/// What can go wrong in the ledger.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// Your input: a field of the conversion cannot be right.
    #[error("{field} is {found}: expected {expected}")]
    BadConversion {
        /// Name of the field.
        field: &'static str,
        /// What was found.
        found: f64,
        /// What is possible.
        expected: &'static str,
    },
    /// Your input: a budget cannot be read.
    #[error(transparent)]
    Budget(#[from] BudgetError),
    /// Your input: money is capped, but nothing has a price.
    #[error(
        "the budget of {budget} is money, but nothing has a price: set `euro_per_kwh` or `euro_per_core_hour` \
         in [energy], or give the budget as energy, emission, core-hours or time"
    )]
    NoPrice {
        /// The budget as written.
        budget: String,
    },
    /// Our bug or the caller's: a charge that no work can have.
    #[error("{field} of a charge is {found}: expected a finite number, 0 or more")]
    BadCharge {
        /// Name of the field.
        field: &'static str,
        /// What was found.
        found: f64,
    },
    /// The caller's bug: a reservation of another account, or one that is already settled.
    #[error("reservation {number} is not open in this account: settle a reservation once, where it was made")]
    NotReserved {
        /// Number of the reservation.
        number: u64,
    },
    /// The world: this machine has no energy counters.
    #[error(
        "no energy counters of the processor under {}: energies stay of tier `model` (virtual machines and \
         containers often hide the counters)",
        root.display()
    )]
    NoCounters {
        /// Where they were looked for.
        root: PathBuf,
    },
    /// The world: the energy counters are there but not for this user.
    #[error(
        "{} may not be read by this user: have the administrator allow it, or go on with energies of tier `model`",
        path.display()
    )]
    CounterDenied {
        /// The file.
        path: PathBuf,
    },
    /// The world: an energy counter gave something that is no reading.
    #[error("{}: found {found}, expected {expected}", path.display())]
    BadCounter {
        /// The file.
        path: PathBuf,
        /// What was found.
        found: String,
        /// What a counter gives.
        expected: &'static str,
    },
}
