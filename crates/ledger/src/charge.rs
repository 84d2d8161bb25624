//! What a piece of work cost, in every unit a budget can have.

use crate::tier::Tier;
use matter::units::{CoreSeconds, Euro, GramsCo2e, Joules, Seconds};
use method::{Cost, CostSource};
use serde::{Deserialize, Serialize};
use std::iter::Sum;
use std::ops::{Add, AddAssign};

/// One entry of the ledger, or a sum of entries.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Charge {
    /// Processor time.
    pub core_seconds: CoreSeconds,
    /// Elapsed time. The sum over calculations that ran side by side is longer than the time that passed.
    pub wall: Seconds,
    /// Energy, the share of the data centre (PUE) included.
    pub joules: Joules,
    /// Emission of the electricity.
    pub gco2e: GramsCo2e,
    /// Money; `None` where the conversion has no price.
    pub euro: Option<Euro>,
    /// How the joules were found; of a sum the weakest.
    pub tier: Tier,
    /// Where the core-seconds come from; of a sum the weakest.
    pub source: CostSource,
}

impl Charge {
    /// Nothing spent: the neutral element of the sum.
    pub const ZERO: Charge = Charge {
        core_seconds: CoreSeconds::ZERO,
        wall: Seconds::ZERO,
        joules: Joules::ZERO,
        gco2e: GramsCo2e::ZERO,
        euro: Some(Euro::ZERO),
        tier: Tier::Counter,
        source: CostSource::Accounting,
    };

    /// The first number in it that is negative or not finite, by the name of its field.
    pub fn flaw(&self) -> Option<(&'static str, f64)> {
        [
            ("core_seconds", self.core_seconds.value()),
            ("wall", self.wall.value()),
            ("joules", self.joules.value()),
            ("gco2e", self.gco2e.value()),
            ("euro", self.euro.map_or(0.0, Euro::value)),
        ]
        .into_iter()
        .find(|(_, value)| !(value.is_finite() && *value >= 0.0))
    }
}

impl Add for Charge {
    type Output = Charge;

    /// Field by field; the weaker tier and source win, and a price that is unknown once is unknown in the sum.
    fn add(self, other: Charge) -> Charge {
        let cost = |charge: Charge| Cost { source: charge.source, ..Cost::ZERO };
        Charge {
            core_seconds: self.core_seconds + other.core_seconds,
            wall: self.wall + other.wall,
            joules: self.joules + other.joules,
            gco2e: self.gco2e + other.gco2e,
            euro: self.euro.zip(other.euro).map(|(a, b)| a + b),
            tier: self.tier.weaker(other.tier),
            source: (cost(self) + cost(other)).source,
        }
    }
}

impl AddAssign for Charge {
    fn add_assign(&mut self, other: Charge) {
        *self = *self + other;
    }
}

impl Sum for Charge {
    fn sum<I: Iterator<Item = Charge>>(charges: I) -> Charge {
        charges.fold(Charge::ZERO, |a, b| a + b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversion::Conversion;

    #[test]
    fn a_sum_is_no_surer_than_its_weakest_part() {
        let modelled = Conversion::default().predict(CoreSeconds(10.0));
        let counted = Charge {
            joules: Joules(5.0),
            tier: Tier::Counter,
            source: CostSource::Accounting,
            euro: Some(Euro(1.0)),
            ..Charge::ZERO
        };
        let total: Charge = [counted, modelled].into_iter().sum();
        assert_eq!(total.tier, Tier::Model);
        assert_eq!(total.source, CostSource::Predicted);
        assert_eq!(total.euro, None);
        assert_eq!(total.joules, modelled.joules + Joules(5.0));
        assert_eq!(counted + Charge::ZERO, counted);
    }

    #[test]
    fn numbers_that_cannot_be_are_named() {
        let charge = Charge { gco2e: GramsCo2e(f64::NAN), ..Charge::ZERO };
        assert_eq!(charge.flaw().unwrap().0, "gco2e");
        assert_eq!(Charge { wall: Seconds(-1.0), ..Charge::ZERO }.flaw(), Some(("wall", -1.0)));
        assert_eq!(Charge::ZERO.flaw(), None);
    }
}
