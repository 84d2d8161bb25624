//! What was spent, on what, measured how: meters, conversions, budgets, forecasts of cost.
//!
//! A [`Conversion`] turns the processor time of a calculation into energy, emission and money and gives a
//! [`Charge`]; a [`Budget`] caps one of these, and an [`Account`] guards the cap by reservations. A
//! [`CostModel`] forecasts what a calculation will take. [`powercap`] reads the energy counters of the
//! processor, and [`plausibility`] finds statements that are far from what computers draw.
//!
//! ```
//! use ledger::{Account, Budget, Conversion};
//! use matter::units::CoreSeconds;
//!
//! let conversion = Conversion::default();
//! let budget: Budget = "0.5 Wh".parse()?;
//! budget.check(&conversion)?;
//! let mut account = Account::new(budget);
//!
//! // 100 core-seconds at most: they are set aside before the calculation starts.
//! let reservation = account.reserve(&conversion.predict(CoreSeconds(100.0)))?;
//! // It took 80; the rest is free again.
//! let settlement = account.settle(reservation, &conversion.predict(CoreSeconds(80.0)))?;
//! assert_eq!(settlement.overrun, None);
//! assert!(account.spent() < 0.5 && account.reserved() == 0.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod account;
mod attribution;
mod budget;
mod charge;
mod conversion;
mod cost_model;
mod error;
pub mod green_algorithms;
pub mod plausibility;
pub mod powercap;
mod student;
mod tier;

pub use account::{Account, Exhausted, Overrun, Reservation, Settlement};
pub use attribution::attribute;
pub use budget::{Budget, BudgetError, Quantity};
pub use charge::Charge;
pub use conversion::{Conversion, Tables};
pub use cost_model::{CostForecast, CostModel, CostPrior, FittedCostModel};
pub use error::LedgerError;
pub use tier::{Tier, UnknownWord, source_from_str, source_name};
