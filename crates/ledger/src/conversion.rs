//! From processor time to energy, emission and money.

use crate::charge::Charge;
use crate::error::LedgerError;
use crate::green_algorithms::{
    MEAN_WATTS_PER_CORE, MEMORY_WATTS_PER_GB, WATTS_PER_CORE_RANGE, WORLD_GRID, emission,
};
use crate::tier::Tier;
use matter::units::{CoreSeconds, Euro, Joules, KWH_IN_JOULES, Seconds};
use method::{Cost, CostSource};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Version of the tables that the defaults of a [`Conversion`] come from. A campaign file that states its
/// version keeps its numbers when a later one becomes the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Tables {
    /// Green Algorithms, data of 2024 (CC BY 4.0): 7.459 W per core, 0.3725 W/GB, world grid 475 gCO2e/kWh.
    #[default]
    #[serde(rename = "green-algorithms-2024")]
    GreenAlgorithms2024,
}

/// How core-seconds become joules, grams of CO2 equivalent and euro.
///
/// `P = PUE x (W/core x usage + 0.3725 W/GB x GB/core)` for each busy core and `E = P t` (Green Algorithms:
/// Lannelongue, Grealey and Inouye, Adv. Sci. 2021, 8, 2100707). Every default is an assumption; state what
/// you know about your machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Conversion {
    /// Power of one busy core in W. Default 7.459, the mean of the 152 processors in the tables of Green
    /// Algorithms 2024. For your own processor: thermal design power divided by the number of cores.
    pub watts_per_core: f64,
    /// Lower and upper bound of the power of one core in W, for the interval of every energy. If neither this
    /// nor `watts_per_core` is stated, it is [3.516, 20.625], the 5th and 95th percentile of the same tables;
    /// if only `watts_per_core` is stated, there is no interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watts_per_core_range: Option<[f64; 2]>,
    /// Share of a core's power that is drawn while it works, above 0 and at most 1. Default 1.
    pub usage: f64,
    /// Memory that each busy core has powered, in GB. Default 4, usual for servers. Memory draws 0.3725 W/GB.
    pub memory_gb_per_core: f64,
    /// Power usage effectiveness: what the building draws for each watt that reaches the computer. Default 1, a
    /// workstation; the mean of data centres is 1.56 (Uptime Institute 2024).
    pub pue: f64,
    /// Intensity of the electricity in gCO2e/kWh. Default 475, the world's mean in Green Algorithms 2024.
    pub grid_gco2e_per_kwh: f64,
    /// Price of electricity in euro per kWh. Default none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub euro_per_kwh: Option<f64>,
    /// Price of processor time in euro per core-hour. Default none. Where both prices are stated, they add up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub euro_per_core_hour: Option<f64>,
    /// Version of the tables that the defaults come from.
    pub tables: Tables,
}

impl Default for Conversion {
    fn default() -> Conversion {
        Conversion {
            watts_per_core: MEAN_WATTS_PER_CORE,
            watts_per_core_range: None,
            usage: 1.0,
            memory_gb_per_core: 4.0,
            pue: 1.0,
            grid_gco2e_per_kwh: WORLD_GRID,
            euro_per_kwh: None,
            euro_per_core_hour: None,
            tables: Tables::default(),
        }
    }
}

impl Conversion {
    /// Checks every field.
    ///
    /// # Errors
    /// [`LedgerError::BadConversion`] with the name of the field, what was found and what is expected.
    pub fn validate(&self) -> Result<(), LedgerError> {
        let bad = |field, found, expected| Err(LedgerError::BadConversion { field, found, expected });
        let positive = |x: f64| x.is_finite() && x > 0.0;
        let not_negative = |x: f64| x.is_finite() && x >= 0.0;
        if !positive(self.watts_per_core) {
            return bad("watts_per_core", self.watts_per_core, "a number of watts above 0");
        }
        if let Some([low, high]) = self.watts_per_core_range {
            if !(positive(low) && low <= self.watts_per_core) {
                return bad("watts_per_core_range", low, "a lower bound above 0 and at most watts_per_core");
            }
            if !(high.is_finite() && high >= self.watts_per_core) {
                return bad("watts_per_core_range", high, "an upper bound of at least watts_per_core");
            }
        }
        if !(positive(self.usage) && self.usage <= 1.0) {
            return bad("usage", self.usage, "a share above 0 and at most 1");
        }
        if !not_negative(self.memory_gb_per_core) {
            return bad("memory_gb_per_core", self.memory_gb_per_core, "a number of GB, 0 or more");
        }
        if !(self.pue.is_finite() && self.pue >= 1.0) {
            return bad("pue", self.pue, "1 or more: a building cannot draw less than its computers");
        }
        if !not_negative(self.grid_gco2e_per_kwh) {
            return bad("grid_gco2e_per_kwh", self.grid_gco2e_per_kwh, "gCO2e per kWh, 0 or more");
        }
        for (field, price) in
            [("euro_per_kwh", self.euro_per_kwh), ("euro_per_core_hour", self.euro_per_core_hour)]
        {
            if let Some(price) = price
                && !not_negative(price)
            {
                return bad(field, price, "a price in euro, 0 or more");
            }
        }
        Ok(())
    }

    /// Power of one busy core with its memory and its share of the building, in W: joules per core-second.
    pub fn watts(&self) -> f64 {
        self.watts_at(self.watts_per_core)
    }

    fn watts_at(&self, watts_per_core: f64) -> f64 {
        self.pue * (watts_per_core * self.usage + MEMORY_WATTS_PER_GB * self.memory_gb_per_core)
    }

    /// Lower and upper bound of [`Conversion::watts`] from the bounds of the power per core, if these are known.
    pub fn watts_interval(&self) -> Option<[f64; 2]> {
        let untouched = self.watts_per_core == MEAN_WATTS_PER_CORE;
        let range = self.watts_per_core_range.or(untouched.then_some(WATTS_PER_CORE_RANGE))?;
        Some(range.map(|watts| self.watts_at(watts)))
    }

    /// Whether money can be computed.
    pub fn has_price(&self) -> bool {
        self.euro_per_kwh.is_some() || self.euro_per_core_hour.is_some()
    }

    /// What a piece of work cost by the model: tier [`Tier::Model`].
    pub fn charge(&self, cost: &Cost) -> Charge {
        self.complete(cost, Joules(self.watts() * cost.core_seconds.value()), Tier::Model)
    }

    /// What a piece of work cost by an energy that was measured for it.
    ///
    /// The PUE applies to `measured`; nothing is added for memory, which a counter of processor packages
    /// does not see and a meter of the node has already seen.
    pub fn charge_measured(&self, cost: &Cost, measured: Joules, tier: Tier) -> Charge {
        self.complete(cost, measured * self.pue, tier)
    }

    /// What work of this processor time on one core would cost: for reservations and for work whose
    /// measurement was lost.
    pub fn predict(&self, core_seconds: CoreSeconds) -> Charge {
        let wall = Seconds(core_seconds.value());
        self.charge(&Cost { core_seconds, wall, source: CostSource::Predicted, ..Cost::ZERO })
    }

    fn complete(&self, cost: &Cost, joules: Joules, tier: Tier) -> Charge {
        let electricity = self.euro_per_kwh.map(|price| joules.value() / KWH_IN_JOULES * price);
        let time = self.euro_per_core_hour.map(|price| cost.core_seconds.value() / 3600.0 * price);
        let euro = self.has_price().then(|| Euro(electricity.unwrap_or(0.0) + time.unwrap_or(0.0)));
        Charge {
            core_seconds: cost.core_seconds,
            wall: cost.wall,
            joules,
            gco2e: emission(joules, self.grid_gco2e_per_kwh),
            euro,
            tier,
            source: cost.source,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formula_by_hand() {
        let conversion = Conversion {
            watts_per_core: 10.0,
            usage: 0.5,
            memory_gb_per_core: 2.0,
            pue: 1.5,
            grid_gco2e_per_kwh: 360.0,
            euro_per_kwh: Some(0.3),
            euro_per_core_hour: Some(0.02),
            ..Conversion::default()
        };
        conversion.validate().unwrap();
        let cost = Cost { core_seconds: CoreSeconds(7200.0), wall: Seconds(3600.0), ..Cost::ZERO };
        let charge = conversion.charge(&cost);
        // 1.5 x (5 + 0.745) = 8.6175 W for two core-hours.
        assert!((charge.joules.value() - 8.6175 * 7200.0).abs() < 1e-9);
        assert!((charge.gco2e.value() - 0.017_235 * 360.0).abs() < 1e-12);
        assert!((charge.euro.unwrap().value() - (0.017_235 * 0.3 + 0.04)).abs() < 1e-12);
        assert_eq!((charge.tier, charge.source), (Tier::Model, CostSource::Accounting));

        let counted = conversion.charge_measured(&cost, Joules(100.0), Tier::Counter);
        assert_eq!((counted.joules, counted.tier), (Joules(150.0), Tier::Counter));
    }

    #[test]
    fn the_interval_follows_what_is_stated() {
        let default = Conversion::default();
        let [low, high] = default.watts_interval().unwrap();
        assert!(low < default.watts() && default.watts() < high);
        let stated = Conversion { watts_per_core: 5.0, ..default.clone() };
        assert_eq!(stated.watts_interval(), None);
        let both = Conversion {
            watts_per_core: 5.0,
            watts_per_core_range: Some([4.0, 6.0]),
            memory_gb_per_core: 0.0,
            ..default
        };
        assert_eq!(both.watts_interval(), Some([4.0, 6.0]));
    }

    #[test]
    fn impossible_fields_are_named() {
        let cases: [(Conversion, &str); 5] = [
            (Conversion { watts_per_core: -3.0, ..Default::default() }, "watts_per_core is -3"),
            (Conversion { usage: 1.5, ..Default::default() }, "usage is 1.5"),
            (Conversion { pue: 0.9, ..Default::default() }, "pue is 0.9"),
            (Conversion { euro_per_kwh: Some(f64::NAN), ..Default::default() }, "euro_per_kwh is NaN"),
            (
                Conversion { watts_per_core_range: Some([1.0, 2.0]), ..Default::default() },
                "watts_per_core_range is 2",
            ),
        ];
        for (conversion, start) in cases {
            let message = conversion.validate().unwrap_err().to_string();
            assert!(message.starts_with(start), "{message}");
        }
    }

    #[test]
    fn json_knows_every_field_and_no_other() {
        let schema = serde_json::to_value(schemars::schema_for!(Conversion)).unwrap();
        for (name, field) in schema["properties"].as_object().unwrap() {
            assert!(field["description"].is_string(), "{name} is not described");
        }
        assert_eq!(schema["additionalProperties"], false);
        let read: Conversion = serde_json::from_str(r#"{"pue": 1.2}"#).unwrap();
        assert_eq!(read, Conversion { pue: 1.2, ..Conversion::default() });
        assert!(serde_json::from_str::<Conversion>(r#"{"pew": 1.2}"#).is_err());
        let text = serde_json::to_string(&read).unwrap();
        assert_eq!(serde_json::from_str::<Conversion>(&text).unwrap(), read);
    }
}
