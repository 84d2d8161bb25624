//! Named quantities with units.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Name of a property, e.g. `homo_lumo_gap`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PropertyName(String);

impl PropertyName {
    /// A name.
    pub fn new(name: impl Into<String>) -> PropertyName {
        PropertyName(name.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PropertyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A named quantity with its unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property {
    /// Its name.
    pub name: PropertyName,
    /// Symbol of its unit; empty for a bare number.
    pub unit: String,
}

impl Property {
    /// A property from its name and unit.
    pub fn new(name: &str, unit: &str) -> Property {
        Property { name: PropertyName::new(name), unit: unit.to_owned() }
    }
}

/// The properties that Joulery itself names, with the units it always gives them in.
pub mod catalogue {
    use super::Property;

    /// Total energy, hartree.
    pub fn energy() -> Property {
        Property::new("energy", "hartree")
    }
    /// Derivative of the total energy by the positions, hartree/bohr.
    pub fn gradient() -> Property {
        Property::new("gradient", "hartree/bohr")
    }
    /// Atomic partial charges, e.
    pub fn charges() -> Property {
        Property::new("charges", "e")
    }
    /// Dipole moment: as a vector e bohr (input frame); as a recipe its length in debye.
    pub fn dipole() -> Property {
        Property::new("dipole", "D")
    }
    /// Gap between highest occupied and lowest unoccupied orbital, eV.
    pub fn homo_lumo_gap() -> Property {
        Property::new("homo_lumo_gap", "eV")
    }
    /// E(QH2) - E(Q) - E(H2) of relaxed molecules, eV.
    pub fn reduction_energy() -> Property {
        Property::new("reduction_energy", "eV")
    }
}
