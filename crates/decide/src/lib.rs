//! What to do next: objectives and constraints, acquisition, batches, stopping.
//!
//! A campaign asks this crate, in order:
//!
//! 1. which candidates are admissible at all ([`Constraints`], [`Filter`]);
//! 2. what a value is worth ([`Objective`], [`Goal`], [`Utility`]) and what a
//!    prediction may still bring ([`Goal::expected_improvement`]);
//! 3. what each next step is worth ([`Acquisition`], one implementation a file,
//!    by name through [`acquisition::by_name`]);
//! 4. which steps to take together ([`pick_batch`]);
//! 5. whether to go on ([`StopRules`]).
//!
//! Afterwards it answers what random choice would have found for the same
//! joules: [`shadow`] estimates it from a surrogate, [`random_search`] where
//! all values are known. Everything is deterministic: the same seed and data
//! give the same result for any number of threads and any order of candidates.

pub mod acquisition;
mod batch;
pub mod conformance;
mod constraints;
mod error;
mod filter;
mod gaussian;
mod goal;
mod improvement;
pub mod metrics;
mod noise;
mod objective;
mod posterior;
pub mod random_search;
pub mod shadow;
mod step;
mod stopping;
pub mod suggest;

pub use acquisition::{Acquisition, Scale};
pub use batch::{Pick, pick_batch, shortlist};
pub use constraints::{Bounds, Constraints};
pub use error::DecideError;
pub use filter::{Filter, Reason, Rule, Tally, Verdict};
pub use gaussian::Gaussian;
pub use goal::{Goal, Utility};
pub use objective::Objective;
pub use posterior::{Independent, JointPosterior, SimilarityPenalty};
pub use step::{State, Step, StepValue};
pub use stopping::{Progress, StopReason, StopRules, best_gain};
