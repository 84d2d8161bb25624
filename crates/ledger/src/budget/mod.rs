//! Caps on what a campaign may spend.

mod parse;
mod unit;

pub use parse::BudgetError;
pub use unit::Quantity;

use crate::charge::Charge;
use crate::conversion::Conversion;
use crate::error::LedgerError;
use matter::units::Euro;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use unit::Unit;

/// A cap: an amount above 0 of energy, emission, processor time, money or elapsed time, in the unit it was
/// written in.
///
/// ```
/// let budget: ledger::Budget = "0.5 kWh".parse()?;
/// assert_eq!(budget.amount(), 0.5);
/// assert_eq!(budget.unit(), "kWh");
/// assert_eq!(budget.to_string(), "0.5 kWh");
/// let error = "0.5 kwh".parse::<ledger::Budget>().unwrap_err();
/// assert!(error.to_string().contains("did you mean `kWh`?"));
/// # Ok::<(), ledger::BudgetError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Budget {
    amount: f64,
    unit: &'static Unit,
}

impl Budget {
    /// What is capped.
    pub fn quantity(&self) -> Quantity {
        self.unit.quantity
    }

    /// Symbol of the unit it was written in; [`Budget::spent`] and all other numbers are in it.
    pub fn unit(&self) -> &'static str {
        self.unit.symbol()
    }

    /// The cap, in [`Budget::unit`].
    pub fn amount(&self) -> f64 {
        self.amount
    }

    /// The part of a charge that counts against this budget, in [`Budget::unit`].
    ///
    /// Of a budget of elapsed time it is `wall`, which of a sum over calculations that ran side by side is longer
    /// than the time that passed: for such a budget see [`Account::observe_elapsed`](crate::Account). Without a
    /// price the cost in money is unknown and counts as infinite, so that nothing slips under a cap in money.
    pub fn spent(&self, total: &Charge) -> f64 {
        self.base(total) / self.unit.base
    }

    /// What is left after a charge, in [`Budget::unit`]; negative if it is overdrawn.
    pub fn remaining(&self, total: &Charge) -> f64 {
        self.amount - self.spent(total)
    }

    /// Whether a further charge on top of a total would pass the cap.
    pub fn would_exceed(&self, total: &Charge, further: &Charge) -> bool {
        self.spent(&(*total + *further)) > self.amount
    }

    /// Whether amounts of this budget can be computed with a conversion.
    ///
    /// # Errors
    /// [`LedgerError::NoPrice`] for a budget of money with a conversion that has no price.
    pub fn check(&self, conversion: &Conversion) -> Result<(), LedgerError> {
        if self.quantity() == Quantity::Money && !conversion.has_price() {
            return Err(LedgerError::NoPrice { budget: self.to_string() });
        }
        Ok(())
    }

    /// The part of a charge that counts, in the base unit of its quantity (J, g, core-second, EUR, s).
    pub(crate) fn base(&self, charge: &Charge) -> f64 {
        match self.quantity() {
            Quantity::Energy => charge.joules.value(),
            Quantity::Emission => charge.gco2e.value(),
            Quantity::ProcessorTime => charge.core_seconds.value(),
            Quantity::Money => charge.euro.map_or(f64::INFINITY, Euro::value),
            Quantity::ElapsedTime => charge.wall.value(),
        }
    }

    /// One of [`Budget::unit`] in base units.
    pub(crate) fn base_per_unit(&self) -> f64 {
        self.unit.base
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.unit())
    }
}

impl TryFrom<String> for Budget {
    type Error = BudgetError;

    fn try_from(text: String) -> Result<Budget, BudgetError> {
        text.parse()
    }
}

impl From<Budget> for String {
    fn from(budget: Budget) -> String {
        budget.to_string()
    }
}

impl JsonSchema for Budget {
    fn schema_name() -> Cow<'static, str> {
        "Budget".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": format!("A cap: a number above 0 and a unit, one of {}.", unit::all_symbols()),
            "examples": ["0.5 kWh", "200 gCO2e", "2 core-hours", "5 EUR", "30 min"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use matter::units::{CoreSeconds, GramsCo2e, Joules, Seconds};

    fn total() -> Charge {
        Charge {
            core_seconds: CoreSeconds(1800.0),
            wall: Seconds(900.0),
            joules: Joules(18_000.0),
            gco2e: GramsCo2e(2.5),
            euro: Some(Euro(0.01)),
            ..Charge::ZERO
        }
    }

    #[test]
    fn each_quantity_is_counted_in_its_own_unit() {
        let cases = [
            ("0.5 kWh", 0.005),
            ("900 J", 18_000.0),
            ("1.2 Wh", 5.0),
            ("200 gCO2e", 2.5),
            ("2 core-hours", 0.5),
            ("90 core-seconds", 1800.0),
            ("5 EUR", 0.01),
            ("30 min", 15.0),
            ("2 h", 0.25),
        ];
        for (text, spent) in cases {
            let budget: Budget = text.parse().unwrap();
            assert!((budget.spent(&total()) - spent).abs() < 1e-12, "{text}");
            assert_eq!(budget.remaining(&total()), budget.amount() - budget.spent(&total()));
        }
    }

    #[test]
    fn exceeding_is_foreseen() {
        let budget: Budget = "10 Wh".parse().unwrap();
        assert!(!budget.would_exceed(&total(), &total()));
        assert!(budget.would_exceed(&(total() + total()), &Charge { joules: Joules(1.0), ..Charge::ZERO }));
    }

    #[test]
    fn money_needs_a_price() {
        let budget: Budget = "5 EUR".parse().unwrap();
        let free = Conversion::default();
        assert!(budget.check(&free).unwrap_err().to_string().contains("set `euro_per_kwh`"));
        assert_eq!(budget.spent(&free.predict(CoreSeconds(1.0))), f64::INFINITY);
        let priced = Conversion { euro_per_core_hour: Some(0.05), ..free };
        assert!(budget.check(&priced).is_ok());
    }

    #[test]
    fn a_budget_is_a_string_in_json() {
        let budget: Budget = serde_json::from_str("\"90 core-seconds\"").unwrap();
        assert_eq!(serde_json::to_string(&budget).unwrap(), "\"90 core-seconds\"");
        let error = serde_json::from_str::<Budget>("\"-1 J\"").unwrap_err().to_string();
        assert!(error.contains("`-1`"), "{error}");
    }
}
