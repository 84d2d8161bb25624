//! Units that a budget can be written in.

use std::fmt;

/// What a budget caps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// Energy; base unit joule.
    Energy,
    /// Emission of greenhouse gases; base unit gram of CO2 equivalent.
    Emission,
    /// Processor time; base unit core-second.
    ProcessorTime,
    /// Money; base unit euro.
    Money,
    /// Elapsed time; base unit second.
    ElapsedTime,
}

impl Quantity {
    const ALL: [Quantity; 5] = [
        Quantity::Energy,
        Quantity::Emission,
        Quantity::ProcessorTime,
        Quantity::Money,
        Quantity::ElapsedTime,
    ];
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Quantity::Energy => "energy",
            Quantity::Emission => "emission",
            Quantity::ProcessorTime => "processor time",
            Quantity::Money => "money",
            Quantity::ElapsedTime => "elapsed time",
        })
    }
}

/// One unit.
#[derive(Debug, PartialEq)]
pub(super) struct Unit {
    /// What it measures.
    pub quantity: Quantity,
    /// How many base units it is.
    pub base: f64,
    /// How it may be written; the first is how it is shown.
    names: &'static [&'static str],
}

impl Unit {
    pub fn symbol(&self) -> &'static str {
        self.names[0]
    }
}

const fn unit(quantity: Quantity, base: f64, names: &'static [&'static str]) -> Unit {
    Unit { quantity, base, names }
}

const UNITS: [Unit; 18] = [
    unit(Quantity::Energy, 1.0, &["J", "joule", "joules"]),
    unit(Quantity::Energy, 1e3, &["kJ"]),
    unit(Quantity::Energy, 1e6, &["MJ"]),
    unit(Quantity::Energy, 3.6e3, &["Wh"]),
    unit(Quantity::Energy, 3.6e6, &["kWh"]),
    unit(Quantity::Energy, 3.6e9, &["MWh"]),
    unit(Quantity::Emission, 1.0, &["gCO2e", "g CO2e"]),
    unit(Quantity::Emission, 1e3, &["kgCO2e", "kg CO2e"]),
    unit(Quantity::Emission, 1e6, &["tCO2e", "t CO2e"]),
    unit(Quantity::ProcessorTime, 1.0, &["core-seconds", "core-second", "core-s"]),
    unit(Quantity::ProcessorTime, 60.0, &["core-minutes", "core-minute", "core-min"]),
    unit(Quantity::ProcessorTime, 3600.0, &["core-hours", "core-hour", "core-h"]),
    unit(Quantity::Money, 1.0, &["EUR", "€", "euro"]),
    unit(Quantity::Money, 0.01, &["ct", "cent", "cents"]),
    unit(Quantity::ElapsedTime, 1.0, &["s", "second", "seconds"]),
    unit(Quantity::ElapsedTime, 60.0, &["min", "minute", "minutes"]),
    unit(Quantity::ElapsedTime, 3600.0, &["h", "hour", "hours"]),
    unit(Quantity::ElapsedTime, 86_400.0, &["d", "day", "days"]),
];

/// The unit of this name, letter case included (`MJ` is not `mJ`).
pub(super) fn find(name: &str) -> Option<&'static Unit> {
    static TABLE: [Unit; 18] = UNITS;
    TABLE.iter().find(|unit| unit.names.contains(&name))
}

/// Every symbol, grouped by quantity, for messages.
pub(super) fn all_symbols() -> String {
    let group = |quantity: Quantity| {
        let symbols: Vec<&str> = UNITS.iter().filter(|u| u.quantity == quantity).map(Unit::symbol).collect();
        format!("{} ({quantity})", symbols.join(" "))
    };
    Quantity::ALL.map(group).join(", ")
}

/// The name that is nearest to what was written, if one is near: at most a third of its letters differ.
pub(super) fn nearest(written: &str) -> Option<&'static str> {
    let plain = |text: &str| text.to_lowercase().replace([' ', '-', '_', '/'], "");
    let wanted = plain(written);
    UNITS
        .iter()
        .flat_map(|unit| unit.names.iter().map(|name| (edits(&wanted, &plain(name)), *name)))
        .filter(|(distance, name)| 3 * distance <= name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Levenshtein distance: insertions, deletions and substitutions between two words.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_recognised() {
        let cases = [
            ("kwh", "kWh"),
            ("KWH", "kWh"),
            ("gco2", "gCO2e"),
            ("corehours", "core-hours"),
            ("core_hours", "core-hours"),
            ("cpu-hours", "core-hours"),
            ("eur", "EUR"),
            ("mins", "min"),
        ];
        for (written, expected) in cases {
            assert_eq!(nearest(written), Some(expected), "{written}");
        }
        assert_eq!(nearest("bananas"), None);
        assert_eq!((edits("kitten", "sitting"), edits("", "abc")), (3, 3));
    }
}
