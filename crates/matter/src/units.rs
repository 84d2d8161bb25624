//! Quantities with units, as newtypes at crate borders.
//!
//! Inside a crate plain `f64` is fine where the doc comment names the unit; what crosses a border carries it
//! in its type.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// One bohr in angstrom (CODATA 2018).
pub const BOHR_IN_ANGSTROM: f64 = 0.529_177_210_903;
/// One hartree in electronvolt (CODATA 2018).
pub const HARTREE_IN_EV: f64 = 27.211_386_245_988;
/// One e·bohr in debye (CODATA 2018).
pub const E_BOHR_IN_DEBYE: f64 = 2.541_746_473;
/// One kilowatt-hour in joules.
pub const KWH_IN_JOULES: f64 = 3.6e6;

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $unit:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub f64);

        impl $name {
            /// Nothing of it.
            pub const ZERO: $name = $name(0.0);
            /// Symbol of the unit.
            pub const UNIT: &'static str = $unit;

            /// The bare number, in this type's unit.
            pub fn value(self) -> f64 {
                self.0
            }

            /// The larger of two.
            pub fn max(self, other: Self) -> Self {
                $name(self.0.max(other.0))
            }

            /// The smaller of two.
            pub fn min(self, other: Self) -> Self {
                $name(self.0.min(other.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{} {}", self.0, $unit)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)?;
                write!(f, " {}", $unit)
            }
        }

        impl Add for $name {
            type Output = $name;
            fn add(self, other: $name) -> $name {
                $name(self.0 + other.0)
            }
        }

        impl Sub for $name {
            type Output = $name;
            fn sub(self, other: $name) -> $name {
                $name(self.0 - other.0)
            }
        }

        impl Neg for $name {
            type Output = $name;
            fn neg(self) -> $name {
                $name(-self.0)
            }
        }

        impl AddAssign for $name {
            fn add_assign(&mut self, other: $name) {
                self.0 += other.0;
            }
        }

        impl SubAssign for $name {
            fn sub_assign(&mut self, other: $name) {
                self.0 -= other.0;
            }
        }

        impl Mul<f64> for $name {
            type Output = $name;
            fn mul(self, factor: f64) -> $name {
                $name(self.0 * factor)
            }
        }

        impl Div<f64> for $name {
            type Output = $name;
            fn div(self, divisor: f64) -> $name {
                $name(self.0 / divisor)
            }
        }

        impl Div for $name {
            type Output = f64;
            fn div(self, other: $name) -> f64 {
                self.0 / other.0
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = $name>>(iter: I) -> $name {
                $name(iter.map(|q| q.0).sum())
            }
        }
    };
}

quantity!(
    /// Energy of a molecule in hartree.
    Hartree,
    "hartree"
);
quantity!(
    /// Energy in electronvolt.
    ElectronVolt,
    "eV"
);
quantity!(
    /// Energy spent by a machine, in joule.
    Joules,
    "J"
);
quantity!(
    /// Processor time, in core-seconds (user + system).
    CoreSeconds,
    "core-s"
);
quantity!(
    /// Elapsed time in seconds.
    Seconds,
    "s"
);
quantity!(
    /// Mass of carbon dioxide equivalent, in gram.
    GramsCo2e,
    "gCO2e"
);
quantity!(
    /// Money in euro.
    Euro,
    "EUR"
);

impl From<Hartree> for ElectronVolt {
    fn from(energy: Hartree) -> ElectronVolt {
        ElectronVolt(energy.0 * HARTREE_IN_EV)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_keeps_the_unit() {
        let spent = Joules(2.0) + Joules(1.5) * 2.0 - Joules(1.0);
        assert_eq!(spent, Joules(4.0));
        assert_eq!(format!("{spent:.1}"), "4.0 J");
        assert_eq!(Joules(4.0) / Joules(8.0), 0.5);
        assert_eq!([Joules(1.0), Joules(2.0)].into_iter().sum::<Joules>(), Joules(3.0));
    }
}
