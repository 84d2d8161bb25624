//! The energy model of Green Algorithms and the defaults that come from its tables.
//!
//! `P = PUE x (cores / model cores x TDP x usage + 0.3725 W/GB x memory)`, `E = P t`, `CO2e = E x grid`
//! (Lannelongue, Grealey and Inouye, Adv. Sci. 2021, 8, 2100707, equations 1 and 2; tables of 2024,
//! CC BY 4.0).

use matter::units::{GramsCo2e, Joules, KWH_IN_JOULES, Seconds};

/// Power of memory in W/GB.
pub const MEMORY_WATTS_PER_GB: f64 = 0.3725;
/// Mean power per core of the 152 processors in the table of 2024: 200.717 W over 26.9079 cores.
pub const MEAN_WATTS_PER_CORE: f64 = 7.459;
/// 5th and 95th percentile of the power per core of the same processors, in W.
pub const WATTS_PER_CORE_RANGE: [f64; 2] = [3.516, 20.625];
/// Mean intensity of the world's electricity in gCO2e/kWh.
pub const WORLD_GRID: f64 = 475.0;
/// Mean power usage effectiveness of data centres (Uptime Institute 2024).
pub const DATA_CENTRE_PUE: f64 = 1.56;

/// A computer at work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Computer {
    /// Cores, or graphics processors, in use.
    pub cores: f64,
    /// Cores of the processor that `tdp` is stated for (1 for a graphics processor).
    pub model_cores: f64,
    /// Thermal design power of the whole processor in W.
    pub tdp: f64,
    /// Share of the power that is drawn, 0 to 1.
    pub usage: f64,
    /// Memory in GB.
    pub memory_gb: f64,
    /// Power usage effectiveness of the place where it stands.
    pub pue: f64,
}

impl Computer {
    /// Power in W.
    pub fn watts(&self) -> f64 {
        self.pue
            * (self.cores / self.model_cores * self.tdp * self.usage + MEMORY_WATTS_PER_GB * self.memory_gb)
    }

    /// Energy drawn in a time.
    pub fn energy(&self, time: Seconds) -> Joules {
        Joules(self.watts() * time.value())
    }
}

/// Emission of an energy from a grid of given intensity in gCO2e/kWh.
pub fn emission(energy: Joules, grid: f64) -> GramsCo2e {
    GramsCo2e(energy.value() / KWH_IN_JOULES * grid)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cores, model cores, TDP, GB, hours, PUE, gCO2e/kWh, usage, multiplier; kWh and gCO2e as printed.
    type Row = (&'static str, [f64; 9], &'static str, &'static str);

    /// The calculations that the companion repository `lmedranos/susML` (MIT) of a published comparison of
    /// data sets and models exports from Green Algorithms 3.1. Graphics processors count as one-core
    /// processors with the memory of the node.
    const ROWS: [Row; 12] = [
        ("QM7-X", [64., 64., 215., 192., 51_093., 1.56, 400.2, 1., 1.], "22837.0995", "9139407.23"),
        ("ANI", [68., 68., 215., 96., 205_882., 1.56, 400.2, 1., 1.], "80538.0737", "32231337.09"),
        ("GEMS", [4., 4., 225., 32., 144e6, 1.12, 333.77, 1., 1.], "38210457.6", "12753504433"),
        ("OMol25", [64., 64., 225., 256., 103.125e6, 1.56, 400.2, 1., 1.], "51537915", "20625473583"),
        (
            "Materials Project",
            [1., 26.907_894_74, 200.717_105_3, 64., 965e6, 1.56, 400.2, 1., 1.],
            "47118136.6",
            "18856678282",
        ),
        ("OMat24", [64., 64., 225., 256., 6.25e6, 1.56, 400.2, 1., 1.], "3123510", "1250028702"),
        ("MAD-1.5 (DE)", [72., 40., 300., 256., 2e5, 1.25, 333.77, 0.95, 2.], "304180", "101526158.6"),
        ("MAD-1.5 (CH)", [72., 40., 300., 256., 2e5, 1.25, 40.76, 0.95, 2.], "304180", "12398376.8"),
        ("QUED-D_QM", [32., 52., 350., 405., 28. / 60., 1.56, 333.77, 1., 1.], "0.2666279", "88.99239"),
        ("QUED-SOAP", [64., 52., 350., 405., 111.8, 1.56, 333.77, 1., 1.], "101.441227", "33858.0383"),
        ("GRACE-1L", [8., 1., 350., 80., 50., 1.56, 333.77, 1., 1.], "220.7244", "73671.183"),
        ("MACE-MP-0", [60., 1., 350., 80., 44., 1.56, 163.92, 1., 1.], "1443.48547", "236616.139"),
    ];

    fn assert_printed(name: &str, value: f64, printed: &str) {
        let decimals = printed.split_once('.').map_or(0, |(_, d)| d.len());
        assert_eq!(format!("{value:.decimals$}"), printed, "{name}");
    }

    #[test]
    fn published_rows_reproduce_to_the_printed_digits() {
        for (name, [cores, model_cores, tdp, memory_gb, hours, pue, grid, usage, multiplier], kwh, grams) in
            ROWS
        {
            let computer = Computer { cores, model_cores, tdp, usage, memory_gb, pue };
            let energy = computer.energy(Seconds(hours * 3600.0 * multiplier));
            assert_printed(name, energy.value() / KWH_IN_JOULES, kwh);
            assert_printed(name, emission(energy, grid).value(), grams);
        }
    }

    #[test]
    fn the_default_power_per_core_is_the_mean_of_the_table() {
        assert!((200.717_105_3_f64 / 26.907_894_74 - MEAN_WATTS_PER_CORE).abs() < 5e-4);
    }
}
