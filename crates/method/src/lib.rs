//! The contract of a method: calculation, failure, cost; recipes that compose calculations.
//!
//! A [`Method`] turns a molecule into properties at a cost. A [`Recipe`] turns several calculations of one
//! method into one property a chemist asks for. Both always say what they spent, also when they fail.

mod calculation;
pub mod conformance;
mod contract;
mod cost;
mod failure;
mod identity;
pub mod meter;
mod property;
pub mod recipe;
mod surface;

pub use calculation::{Calculation, Outcome};
pub use contract::{Method, OptimisationLevel, Request, Task};
pub use cost::{Cost, CostSource};
pub use failure::{Failure, FailureKind};
pub use identity::{CalculationId, MethodId};
pub use property::{Property, PropertyName, catalogue};
pub use recipe::{Recipe, Workbench};
pub use surface::{GradientMethod, Surface};
