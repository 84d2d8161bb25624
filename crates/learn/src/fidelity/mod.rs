//! Several levels of theory together, up to the experiment.

mod climb;
mod cokriging;
mod combine;
mod curve;
mod design;
mod evidence;
mod frame;
mod ladder;
mod pilot;
mod plan;
mod predict;
mod random;
mod report;
mod rungs;
mod search;
mod settings;
mod state;
mod stored;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_planning;
mod weights;

pub use cokriging::CoKriging;
pub use combine::{Coefficients, Combination, CombinationReport, CombinationSettings, Member};
pub use curve::{CurvePoint, LearningCurve, PowerLaw};
pub use pilot::{Pilot, PilotSettings, Verdict};
pub use plan::{Outlook, Plan, PlanRung, PlanSettings, Purchase};
pub use report::{RungPredictions, RungReport};
pub use rungs::{RUNG_LIMIT, Rungs};
pub use settings::{CoKrigingHyper, CoKrigingSettings, RungHyper, RungMean};
