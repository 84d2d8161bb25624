//! How an energy was found.

use method::CostSource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Where the joules of a charge come from, best first. The tier is part of the number.
///
/// It speaks of the energy alone: where the core-seconds come from is said by [`CostSource`]. Processor time
/// read from the kernel and multiplied by a stated power per core is therefore of tier [`Tier::Model`]: the
/// time is measured, the power is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Read from an energy counter of the hardware (RAPL through powercap).
    Counter,
    /// Booked by a scheduler or a meter for the whole job or node (Slurm's ConsumedEnergy).
    Accounting,
    /// Core-seconds multiplied by a stated power per core.
    Model,
}

impl Tier {
    /// All tiers, best first.
    pub const ALL: [Tier; 3] = [Tier::Counter, Tier::Accounting, Tier::Model];

    /// The tier as written in JSON and in the archive.
    pub fn as_str(self) -> &'static str {
        match self {
            Tier::Counter => "counter",
            Tier::Accounting => "accounting",
            Tier::Model => "model",
        }
    }

    /// The less certain of two: the tier of their sum.
    pub fn weaker(self, other: Tier) -> Tier {
        self.max(other)
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is none of a fixed list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is no {what}: expected {expected}")]
pub struct UnknownWord {
    /// What the list is of.
    pub what: &'static str,
    /// What was found.
    pub found: String,
    /// The words that exist.
    pub expected: &'static str,
}

impl FromStr for Tier {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Tier, UnknownWord> {
        Tier::ALL.into_iter().find(|tier| tier.as_str() == text).ok_or_else(|| UnknownWord {
            what: "tier of measurement",
            found: text.to_owned(),
            expected: "counter, accounting or model",
        })
    }
}

/// The source of core-seconds as written in JSON and in the archive.
pub fn source_name(source: CostSource) -> &'static str {
    match source {
        CostSource::Accounting => "accounting",
        CostSource::Replayed => "replayed",
        CostSource::Predicted => "predicted",
    }
}

/// The source of core-seconds from its name.
pub fn source_from_str(text: &str) -> Result<CostSource, UnknownWord> {
    [CostSource::Accounting, CostSource::Replayed, CostSource::Predicted]
        .into_iter()
        .find(|source| source_name(*source) == text)
        .ok_or_else(|| UnknownWord {
            what: "source of core-seconds",
            found: text.to_owned(),
            expected: "accounting, replayed or predicted",
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back_and_the_weaker_tier_wins() {
        for tier in Tier::ALL {
            assert_eq!(tier.as_str().parse(), Ok(tier));
            assert_eq!(serde_json::to_string(&tier).unwrap(), format!("\"{tier}\""));
        }
        assert_eq!(Tier::Counter.weaker(Tier::Model), Tier::Model);
        assert_eq!(
            "measured".parse::<Tier>().unwrap_err().to_string(),
            "`measured` is no tier of measurement: expected counter, accounting or model"
        );
        for source in [CostSource::Accounting, CostSource::Replayed, CostSource::Predicted] {
            assert_eq!(source_from_str(source_name(source)), Ok(source));
            assert_eq!(serde_json::to_string(&source).unwrap(), format!("\"{}\"", source_name(source)));
        }
    }
}
