//! Labels of several levels of theory, up to the experiment, learnt together by
//! co-kriging.

mod card;
mod data;
mod judge;
mod outlook;
mod rows;
mod train;
mod work;

pub use card::{Alone, Given, LadderCard, PilotCard, PlanCard, PlannedRung, RungCard};
pub use data::{LadderSet, Rung, RungRow};
pub(crate) use rows::{Rows, on_rungs};
pub use train::train_ladder;
