//! Quantities with the prefix that suits their size.

use super::number::{fixed, significant};
use matter::units::{CoreSeconds, Euro, GramsCo2e, Joules, KWH_IN_JOULES, Seconds};

/// Digits of a quantity in running text.
const DIGITS: usize = 3;

/// No-break space between number and unit.
const SPACE: char = '\u{a0}';

/// A number with its unit; a pure number has none.
pub(crate) fn with_unit(number: &str, unit: &str) -> String {
    if unit.is_empty() { number.into() } else { format!("{number}{SPACE}{unit}") }
}

/// The unit of the largest step not above `size`, with how much of the base unit it is.
fn step(size: f64, steps: &[(f64, &'static str)]) -> (f64, &'static str) {
    // What rounds up to the next step is shown in it: 999.9 J is 1.00 kJ.
    let size = size.abs() * 1.000_5;
    steps.iter().rev().find(|(factor, _)| size >= *factor).copied().unwrap_or(steps[0])
}

fn scaled(value: f64, base: &str, steps: &[(f64, &'static str)]) -> String {
    if value == 0.0 || !value.is_finite() {
        return with_unit(&fixed(value, 0), base);
    }
    let (factor, unit) = step(value, steps);
    with_unit(&significant(value / factor, DIGITS), unit)
}

const ENERGY: [(f64, &str); 6] =
    [(1e-3, "mJ"), (1.0, "J"), (1e3, "kJ"), (1e6, "MJ"), (1e9, "GJ"), (1e12, "TJ")];
const ENERGY_WH: [(f64, &str); 5] = [(1e-3, "mWh"), (1.0, "Wh"), (1e3, "kWh"), (1e6, "MWh"), (1e9, "GWh")];
const MASS: [(f64, &str); 5] =
    [(1e-6, "µgCO₂e"), (1e-3, "mgCO₂e"), (1.0, "gCO₂e"), (1e3, "kgCO₂e"), (1e6, "tCO₂e")];
const TIME: [(f64, &str); 5] = [(1e-3, "ms"), (1.0, "s"), (60.0, "min"), (3600.0, "h"), (86_400.0, "d")];

/// `12.3 kJ`.
pub(crate) fn energy(joules: Joules) -> String {
    scaled(joules.value(), "J", &ENERGY)
}

/// `3.42 Wh`.
pub(crate) fn energy_wh(joules: Joules) -> String {
    scaled(joules.value() / KWH_IN_JOULES * 1e3, "Wh", &ENERGY_WH)
}

/// `415 mgCO₂e`.
pub(crate) fn co2e(grams: GramsCo2e) -> String {
    scaled(grams.value(), "gCO₂e", &MASS)
}

/// `5.20 min`; the larger unit from two of it on, for 90 s reads better than 1.50 min.
pub(crate) fn time(seconds: Seconds) -> String {
    let value = seconds.value();
    let large = TIME.iter().rev().find(|(factor, _)| *factor >= 60.0 && value >= 2.0 * factor);
    match large {
        Some((factor, unit)) => with_unit(&significant(value / factor, DIGITS), unit),
        None => scaled(value, "s", &TIME[..2]),
    }
}

/// `320 core-s`, `5.20 core-h`.
pub(crate) fn processor_time(time: CoreSeconds) -> String {
    let seconds = time.value();
    if seconds.abs() < 7200.0 {
        with_unit(&significant(seconds, DIGITS), "core-s")
    } else {
        with_unit(&significant(seconds / 3600.0, DIGITS), "core-h")
    }
}

/// `1.23 ct`, `4.56 €`.
pub(crate) fn money(euro: Euro) -> String {
    if euro.value().abs() < 1.0 {
        with_unit(&significant(euro.value() * 100.0, 2), "ct")
    } else {
        with_unit(&fixed(euro.value(), 2), "€")
    }
}

/// `212.2 g/mol`.
pub(crate) fn grams_per_mol(weight: f64) -> String {
    with_unit(&fixed(weight, 1), "g/mol")
}

/// One unit of energy for a whole axis or table column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct EnergyScale {
    factor: f64,
    /// Symbol of the unit.
    pub unit: &'static str,
}

impl EnergyScale {
    /// The unit that suits the largest of the values shown.
    pub fn for_largest(joules: Joules) -> EnergyScale {
        let size = if joules.value().is_finite() && joules.value() != 0.0 { joules.value() } else { 1.0 };
        let (factor, unit) = step(size, &ENERGY);
        EnergyScale { factor, unit }
    }

    /// The bare number in this unit.
    pub fn number(self, joules: Joules) -> f64 {
        joules.value() / self.factor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_follow_the_size() {
        for (joules, expected) in [
            (0.0, "0\u{a0}J"),
            (0.0123, "12.3\u{a0}mJ"),
            (950.0, "950\u{a0}J"),
            (999.9, "1.00\u{a0}kJ"),
            (12_345.0, "12.3\u{a0}kJ"),
            (3.6e6, "3.60\u{a0}MJ"),
            (-2.0e3, "−2.00\u{a0}kJ"),
            (f64::NAN, "–\u{a0}J"),
        ] {
            assert_eq!(energy(Joules(joules)), expected, "{joules}");
        }
        assert_eq!(energy_wh(Joules(12_345.0)), "3.43\u{a0}Wh");
        assert_eq!(energy_wh(Joules(1800.0)), "500\u{a0}mWh");
        assert_eq!(energy_wh(Joules(7.2e6)), "2.00\u{a0}kWh");
    }

    #[test]
    fn greenhouse_gases_time_and_money() {
        assert_eq!(co2e(GramsCo2e(0.415)), "415\u{a0}mgCO₂e");
        assert_eq!(co2e(GramsCo2e(41.5)), "41.5\u{a0}gCO₂e");
        assert_eq!(co2e(GramsCo2e(2345.0)), "2.35\u{a0}kgCO₂e");
        assert_eq!(time(Seconds(90.0)), "90.0\u{a0}s");
        assert_eq!(time(Seconds(312.0)), "5.20\u{a0}min");
        assert_eq!(time(Seconds(10_800.0)), "3.00\u{a0}h");
        assert_eq!(processor_time(CoreSeconds(612.4)), "612\u{a0}core-s");
        assert_eq!(processor_time(CoreSeconds(36_000.0)), "10.0\u{a0}core-h");
        assert_eq!(money(Euro(0.0123)), "1.2\u{a0}ct");
        assert_eq!(money(Euro(4.5)), "4.50\u{a0}€");
    }

    #[test]
    fn one_unit_for_an_axis() {
        let scale = EnergyScale::for_largest(Joules(54_000.0));
        assert_eq!(scale.unit, "kJ");
        assert_eq!(scale.number(Joules(2700.0)), 2.7);
        assert_eq!(EnergyScale::for_largest(Joules(0.0)).unit, "J");
    }
}
