//! Telling someone how a run goes.

use matter::units::{CoreSeconds, Joules};
use method::Failure;

/// Where a run stands, for progress displays.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// What is spent, in the unit of the budget.
    pub spent: f64,
    /// The cap, in the unit of the budget.
    pub cap: f64,
    /// Its unit.
    pub unit: &'static str,
    /// Energy spent.
    pub joules: Joules,
    /// Processor time spent.
    pub core_seconds: CoreSeconds,
    /// Best value so far.
    pub best: Option<f64>,
    /// Candidates evaluated, failed ones included.
    pub evaluated: usize,
}

/// Hears how a run goes. All methods may do nothing.
pub trait Observer: Send {
    /// A campaign was opened: its name, its candidates, and how many of them were evaluated before.
    fn opened(&mut self, _name: &str, _candidates: usize, _evaluated: usize) {}

    /// Candidates were chosen; `gain` is what the best of them is expected to improve, in the unit of the
    /// property.
    fn decided(&mut self, _round: u64, _picks: usize, _gain: Option<f64>) {}

    /// A candidate was evaluated.
    fn evaluated(&mut self, _smiles: &str, _outcome: Result<f64, &Failure>, _standing: &Standing) {}
}

/// Hears nothing.
pub struct Silent;

impl Observer for Silent {}
