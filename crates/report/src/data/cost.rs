//! What was spent, and on what.

use super::repeat::KindCount;
use matter::units::{CoreSeconds, Euro, GramsCo2e, Joules, Seconds};
use serde::{Deserialize, Serialize};

/// Energy and processor time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Energy.
    pub joules: Joules,
    /// Processor time, user and system.
    pub core_seconds: CoreSeconds,
}

/// Sums over a campaign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// Candidates whose property was computed in this campaign.
    pub evaluated: u64,
    /// Candidates whose property the archive already had: used, not paid again.
    pub reused: u64,
    /// Candidates that failed, by kind of failure.
    pub failed: Vec<KindCount>,
    /// Energy and processor time of everything, the engine and lost work included.
    pub cost: Cost,
    /// Interval of the energy that the tier of measurement allows, lower and upper bound.
    pub joules_interval: Option<(Joules, Joules)>,
    /// Greenhouse gases.
    pub co2e: GramsCo2e,
    /// Money, if a price was stated.
    pub money: Option<Euro>,
    /// Elapsed time while the campaign ran, pauses left out.
    pub wall: Seconds,
    /// How the energy was measured.
    pub tier: Tier,
    /// How processor time became energy, CO2e and money.
    pub conversion: Conversion,
}

impl Totals {
    /// Candidates that failed, of all kinds.
    pub fn failures(&self) -> u64 {
        self.failed.iter().map(|f| f.count).sum()
    }
}

/// Tier of measurement of energy, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Hardware counters.
    Counter,
    /// Processor time measured by the kernel or scheduler, times a stated power per core.
    Accounting,
    /// Predicted by a model.
    Model,
    /// Some of it measured one way, some another.
    Mixed,
}

/// Factors of conversion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conversion {
    /// Power of a busy core in W; `None` when counters measured the energy.
    pub watts_per_core: Option<f64>,
    /// Power usage effectiveness: energy of the building over energy of the machine, at least 1.
    pub pue: f64,
    /// Intensity of the grid in gCO2e/kWh.
    pub grid_gco2e_per_kwh: f64,
    /// Price of electricity in EUR/kWh, if stated.
    pub euro_per_kwh: Option<f64>,
    /// Where the factors come from: `campaign file`, `Green Algorithms v3.0`.
    pub source: String,
}

/// What something was spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CostKind {
    /// Quantum-mechanical calculations that gave a result.
    Calculation,
    /// Quantum-mechanical calculations that failed.
    FailedCalculation,
    /// Building 3-D geometries.
    Geometry,
    /// Enumerating, reading and filtering the space.
    Space,
    /// Computing features.
    Features,
    /// Training surrogates.
    Fit,
    /// Predicting all candidates and choosing the next.
    Decide,
    /// Reading and writing the archive.
    Archive,
    /// Work started and never finished, because the campaign was killed.
    Lost,
    /// Anything else of the engine.
    Other,
}

/// The three things a reader tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostGroup {
    /// Calculations on candidates: what the money is for.
    Chemistry,
    /// Everything Joulery itself does.
    Engine,
    /// Paid for nothing.
    Lost,
}

impl CostKind {
    /// The group this kind belongs to; failed calculations are chemistry, for they teach what fails.
    pub fn group(self) -> CostGroup {
        match self {
            CostKind::Calculation | CostKind::FailedCalculation | CostKind::Geometry => CostGroup::Chemistry,
            CostKind::Lost => CostGroup::Lost,
            _ => CostGroup::Engine,
        }
    }
}

/// What one kind of work cost.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct KindCost {
    /// The kind.
    pub kind: CostKind,
    /// How often it was done.
    pub count: u64,
    /// What it cost in all.
    pub cost: Cost,
}

/// What one round of the campaign cost: one decision and the calculations it led to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoundCost {
    /// Number of the round; 0 is the random sample that starts a campaign.
    pub round: u32,
    /// Candidates computed.
    pub evaluated: u64,
    /// Candidates that failed.
    pub failed: u64,
    /// Cost of the chemistry: calculations (failed ones too) and geometries.
    pub chemistry: Cost,
    /// Cost of the engine.
    pub engine: Cost,
    /// Best value known at its end, in [`super::Question::unit`].
    pub best: Option<f64>,
}
