//! Statements about computing that are far from what computers draw.
//!
//! The norms come from the tables of Green Algorithms 2024 (152 processors) and from physical bounds; each
//! [`Finding`] says which norm was left and what the usual cause is. A finding is a question to the author of the
//! statement, not an error.

use crate::conversion::Conversion;
use crate::green_algorithms::{Computer, MEMORY_WATTS_PER_GB};
use matter::units::{CoreSeconds, GramsCo2e, Seconds};
use std::fmt;

/// Power per core in W: from the smallest to the largest of the 152 processors (1.46 to 24.4), with a tenth to
/// spare.
const WATTS_PER_CORE: [f64; 2] = [1.3, 27.0];
/// Memory per core in use in GB: nodes for quantum chemistry have 2 to 16.
const MEMORY_PER_CORE: [f64; 2] = [0.0, 20.0];
/// Share of memory in the power of a computer.
const MEMORY_SHARE: [f64; 2] = [0.0, 0.6];
/// Power usage effectiveness: 1 is a building that draws nothing itself, 3 is worse than any data centre surveyed.
const PUE: [f64; 2] = [1.0, 3.0];
/// Intensity of electricity in gCO2e/kWh: 1 for hydropower alone, 1200 for lignite alone.
const GRID: [f64; 2] = [1.0, 1200.0];
/// Emission per hour of a graphics processor in kg: from 50 W of hydropower to 1.5 kW (card and its share of the
/// host) of lignite power at PUE 1.6.
const KG_PER_GPU_HOUR: [f64; 2] = [5e-5, 2.9];
/// Stated core-hours over those that follow from cores and hours.
const CORE_HOURS: [f64; 2] = [0.95, 1.05];

/// A number that is far from the norm.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What the number is.
    pub what: &'static str,
    /// The number.
    pub found: f64,
    /// Its unit; empty for a bare number.
    pub unit: &'static str,
    /// From where to where it is usual.
    pub norm: [f64; 2],
    /// What the cause often is.
    pub hint: &'static str,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [low, high] = self.norm;
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        write!(f, "{} is {:.4}{unit}, usual is {low} to {high}: {}", self.what, self.found, self.hint)
    }
}

fn check(
    findings: &mut Vec<Finding>,
    what: &'static str,
    found: f64,
    unit: &'static str,
    norm: [f64; 2],
    hint: &'static str,
) {
    if !(norm[0]..=norm[1]).contains(&found) {
        findings.push(Finding { what, found, unit, norm, hint });
    }
}

const WATTS_HINT: &str = "is the number of cores that of the processor whose power is stated?";
const MEMORY_HINT: &str = "is it the memory of the whole node while few of its cores are counted?";
const PUE_HINT: &str = "building over computers, 1.56 on average";
const GRID_HINT: &str = "gCO2e per kWh, the world's mean is 475; is it per MWh or in kg?";

/// A computation that somebody states the cost of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Statement {
    /// The computer.
    pub computer: Computer,
    /// How long it worked.
    pub time: Seconds,
    /// Intensity of its electricity in gCO2e/kWh.
    pub grid: f64,
    /// The processor time stated for the whole, if it is.
    pub core_time: Option<CoreSeconds>,
}

/// What is unusual about a computation on processors.
///
/// ```
/// use ledger::green_algorithms::Computer;
/// use ledger::plausibility::{Statement, of_processors};
/// use matter::units::Seconds;
///
/// // 225 W is the power of a processor of 64 cores, not of 4.
/// let computer = Computer { cores: 4.0, model_cores: 4.0, tdp: 225.0, usage: 1.0, memory_gb: 32.0, pue: 1.12 };
/// let statement = Statement { computer, time: Seconds(3600.0), grid: 333.77, core_time: None };
/// let findings = of_processors(&statement);
/// assert_eq!(findings.len(), 1);
/// assert!(findings[0].to_string().starts_with("power per core is 56.2500 W, usual is 1.3 to 27"));
/// ```
pub fn of_processors(statement: &Statement) -> Vec<Finding> {
    let Computer { cores, model_cores, tdp, usage, memory_gb, pue } = statement.computer;
    let mut findings = Vec::new();
    let f = &mut findings;
    check(f, "power per core", tdp / model_cores, "W", WATTS_PER_CORE, WATTS_HINT);
    check(f, "memory per core", memory_gb / cores, "GB", MEMORY_PER_CORE, MEMORY_HINT);
    let memory = MEMORY_WATTS_PER_GB * memory_gb;
    let share = memory / (memory + cores / model_cores * tdp * usage);
    check(f, "share of memory in the power", share, "", MEMORY_SHARE, MEMORY_HINT);
    check(f, "PUE", pue, "", PUE, PUE_HINT);
    check(f, "intensity of the electricity", statement.grid, "gCO2e/kWh", GRID, GRID_HINT);
    if let Some(stated) = statement.core_time {
        let ratio = stated.value() / (cores * statement.time.value());
        let hint = "do cores, hours and the number of repetitions belong to the same computation?";
        check(f, "stated processor time over cores times hours", ratio, "", CORE_HOURS, hint);
    }
    findings
}

/// What is unusual about an emission stated for a time of graphics processors.
pub fn of_graphics_processors(gpu_hours: f64, emission: GramsCo2e) -> Vec<Finding> {
    let kg_per_hour = emission.value() / 1e3 / gpu_hours;
    let kilograms_read_as_tonnes = (KG_PER_GPU_HOUR[0]..=KG_PER_GPU_HOUR[1]).contains(&(kg_per_hour / 1e3))
        && kg_per_hour > KG_PER_GPU_HOUR[1];
    let hint = if kilograms_read_as_tonnes {
        "a thousandth of it would be usual: are kilograms given as tonnes?"
    } else {
        "a card draws 50 W to 1 kW; do hours and emission belong to the same work?"
    };
    let mut findings = Vec::new();
    check(&mut findings, "emission per GPU-hour", kg_per_hour, "kg CO2e", KG_PER_GPU_HOUR, hint);
    findings
}

/// What is unusual about the settings of a campaign.
pub fn of_conversion(conversion: &Conversion) -> Vec<Finding> {
    let mut findings = Vec::new();
    let f = &mut findings;
    check(f, "watts_per_core", conversion.watts_per_core, "W", WATTS_PER_CORE, WATTS_HINT);
    check(f, "memory_gb_per_core", conversion.memory_gb_per_core, "GB", MEMORY_PER_CORE, MEMORY_HINT);
    check(f, "pue", conversion.pue, "", PUE, PUE_HINT);
    check(f, "grid_gco2e_per_kwh", conversion.grid_gco2e_per_kwh, "gCO2e/kWh", GRID, GRID_HINT);
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn processors(
        cores: f64,
        model_cores: f64,
        tdp: f64,
        memory_gb: f64,
        pue: f64,
        grid: f64,
    ) -> Vec<&'static str> {
        let computer = Computer { cores, model_cores, tdp, usage: 1.0, memory_gb, pue };
        let statement = Statement { computer, time: Seconds(3600.0), grid, core_time: None };
        of_processors(&statement).iter().map(|f| f.what).collect()
    }

    /// Entries of the carbon table in the companion repository `lmedranos/susML` (MIT).
    #[test]
    fn published_entries_that_are_wrong_are_found() {
        // GEMS: the power of a 64-core processor stated for 4 cores.
        assert_eq!(processors(4., 4., 225., 32., 1.12, 333.77), ["power per core"]);
        // Materials Project: 64 GB for each single core, three quarters of the footprint.
        assert_eq!(
            processors(1., 26.907_894_74, 200.717_105_3, 64., 1.56, 400.2),
            ["memory per core", "share of memory in the power"]
        );
        // Olmo 3, 32B and 7B: 1.12 million and 246,500 GPU-hours, "502,871 tons" and "104,701 tons".
        for (hours, tonnes) in [(1.12e6, 502_871.0), (246_500.0, 104_701.0)] {
            let found = of_graphics_processors(hours, GramsCo2e(tonnes * 1e6));
            assert_eq!(found.len(), 1);
            assert!(found[0].hint.contains("kilograms given as tonnes"), "{}", found[0]);
            assert!(of_graphics_processors(hours, GramsCo2e(tonnes * 1e3)).is_empty());
        }
        // MAD-1.5: 72 cores for 200,000 hours, twice, against 40 million core-hours in the table.
        let computer =
            Computer { cores: 72., model_cores: 40., tdp: 300., usage: 0.95, memory_gb: 256., pue: 1.25 };
        let time = Seconds(2.0 * 200_000.0 * 3600.0);
        let statement =
            Statement { computer, time, grid: 333.77, core_time: Some(CoreSeconds(40e6 * 3600.0)) };
        let found = of_processors(&statement);
        assert_eq!(found.len(), 1);
        assert!(found[0].what.starts_with("stated processor time"), "{}", found[0]);
    }

    #[test]
    fn published_entries_that_are_right_pass() {
        for (cores, model_cores, tdp, memory, pue, grid) in [
            (64., 64., 215., 192., 1.56, 400.2),
            (68., 68., 215., 96., 1.56, 400.2),
            (64., 64., 225., 256., 1.56, 400.2),
            (72., 40., 300., 256., 1.25, 40.76),
            (32., 52., 350., 405., 1.56, 333.77),
            (64., 52., 350., 405., 1.56, 333.77),
        ] {
            assert!(processors(cores, model_cores, tdp, memory, pue, grid).is_empty());
        }
        // GPU-hours and kg: MACE-OFF23(L), MACE-MP-0, PET-MAD-XS, ENINet, Llama 3.1-405B.
        for (hours, kg) in [(336., 28.34), (2600., 236.6), (143., 5.), (6.5, 1.27), (30.84e6, 8.93e6)] {
            assert!(of_graphics_processors(hours, GramsCo2e(kg * 1e3)).is_empty());
        }
        assert!(of_conversion(&Conversion::default()).is_empty());
    }

    #[test]
    fn settings_far_from_the_norm_are_questioned() {
        let odd = Conversion { watts_per_core: 120.0, grid_gco2e_per_kwh: 475e3, ..Conversion::default() };
        let found: Vec<&str> = of_conversion(&odd).iter().map(|f| f.what).collect();
        assert_eq!(found, ["watts_per_core", "grid_gco2e_per_kwh"]);
        assert!(of_graphics_processors(0.0, GramsCo2e(1.0)).len() == 1);
    }
}
