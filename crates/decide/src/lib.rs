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
//!
//! ```
//! use decide::{Gaussian, Goal, Independent, Leaders, State, Step, acquisition, pick_batch};
//! use matter::{Molecule, units::Joules};
//!
//! let step = |smiles, mean, sd, cost| -> Result<Step, Box<dyn std::error::Error>> {
//!     Ok(Step::new(Molecule::from_smiles(smiles)?.id(), Gaussian { mean, sd }, Joules(cost))?)
//! };
//! let steps = [step("CCO", -0.10, 0.10, 40.0)?, step("CCCCCCO", -0.05, 0.10, 160.0)?];
//! let state = State { goal: Goal::Maximise, leaders: Leaders::of(&Goal::Maximise, 1, [0.0]), round: 0, seed: 1 };
//!
//! let mut posterior = Independent(steps.iter().map(Step::belief).collect());
//! let rule = acquisition::by_name("ei_per_joule")?;
//! let batch = pick_batch(rule.as_ref(), &state, &steps, &mut posterior, 1, &mut |_| true)?;
//! assert_eq!(batch[0].index, 0); // less expected, but for a quarter of the price
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod acquisition;
mod batch;
pub mod conformance;
mod constraints;
mod error;
mod filter;
mod gaussian;
mod goal;
mod improvement;
mod leaders;
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
pub use leaders::Leaders;
pub use objective::Objective;
pub use posterior::{Independent, JointPosterior, SimilarityPenalty};
pub use step::{State, Step, StepValue};
pub use stopping::{Progress, StopReason, StopRules, best_gain};
