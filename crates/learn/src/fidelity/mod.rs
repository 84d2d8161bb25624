//! Several levels of theory together, up to the experiment.

mod climb;
mod cokriging;
mod design;
mod evidence;
mod frame;
mod ladder;
mod predict;
mod report;
mod rungs;
mod search;
mod settings;
mod state;
#[cfg(test)]
mod tests;
mod weights;

pub use cokriging::CoKriging;
pub use report::{RungPredictions, RungReport};
pub use rungs::{RUNG_LIMIT, Rungs};
pub use settings::{CoKrigingHyper, CoKrigingSettings, RungHyper, RungMean};
