//! What a calculation took.

use matter::units::{CoreSeconds, Seconds};
use serde::{Deserialize, Serialize};
use std::ops::{Add, AddAssign};

/// Where the processor time of a [`Cost`] comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CostSource {
    /// The kernel's accounting of the very processes and threads that worked.
    Accounting,
    /// A recorded cost, replayed from a table; nothing was spent now.
    Replayed,
    /// No measurement: a prediction stands in (work lost in a crash).
    Predicted,
}

/// What was spent on a piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Processor time, user and system, all processes and threads.
    pub core_seconds: CoreSeconds,
    /// Elapsed time.
    pub wall: Seconds,
    /// A deterministic measure of the work done (same input, same number), proportional to processor time on
    /// average; 0 if the engine counts none. Forecasts learn from it so that decisions can be repeated.
    pub work: f64,
    /// Largest resident memory of a process, in bytes; 0 if unknown.
    pub peak_memory: u64,
    /// Where `core_seconds` comes from.
    pub source: CostSource,
}

impl Cost {
    /// Nothing spent.
    pub const ZERO: Cost = Cost {
        core_seconds: CoreSeconds::ZERO,
        wall: Seconds::ZERO,
        work: 0.0,
        peak_memory: 0,
        source: CostSource::Accounting,
    };
}

impl Add for Cost {
    type Output = Cost;

    /// Costs of consecutive work; the weaker source wins.
    fn add(self, other: Cost) -> Cost {
        let source = match (self.source, other.source) {
            (CostSource::Predicted, _) | (_, CostSource::Predicted) => CostSource::Predicted,
            (CostSource::Replayed, _) | (_, CostSource::Replayed) => CostSource::Replayed,
            _ => CostSource::Accounting,
        };
        Cost {
            core_seconds: self.core_seconds + other.core_seconds,
            wall: self.wall + other.wall,
            work: self.work + other.work,
            peak_memory: self.peak_memory.max(other.peak_memory),
            source,
        }
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Cost) {
        *self = *self + other;
    }
}
