//! One method applied to one structure.

use crate::cost::Cost;
use crate::failure::Failure;
use crate::property::PropertyName;
use matter::Geometry;
use matter::units::Hartree;
use std::collections::BTreeMap;

/// Outcome or failure of a calculation, always with its cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Calculation {
    /// What came out.
    pub outcome: Result<Outcome, Failure>,
    /// What it took.
    pub cost: Cost,
}

impl Calculation {
    /// A success.
    pub fn done(outcome: Outcome, cost: Cost) -> Calculation {
        Calculation { outcome: Ok(outcome), cost }
    }

    /// A failure, charged all the same.
    pub fn failed(failure: Failure, cost: Cost) -> Calculation {
        Calculation { outcome: Err(failure), cost }
    }
}

/// What a successful calculation knows. A field is `None` where the method or the task does not give it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Total energy of the last geometry.
    pub energy: Option<Hartree>,
    /// Gradient of the energy in hartree/bohr, shape `[n_atoms][3]`, **input** frame and atom order.
    pub gradient: Option<Vec<[f64; 3]>>,
    /// Atomic partial charges in e, shape `[n_atoms]`.
    pub charges: Option<Vec<f64>>,
    /// Dipole moment in e bohr, **input** frame (for ions relative to the input origin).
    pub dipole: Option<[f64; 3]>,
    /// Energy of the highest occupied orbital.
    pub homo: Option<Hartree>,
    /// Energy of the lowest unoccupied orbital.
    pub lumo: Option<Hartree>,
    /// Geometry after an optimisation, **input** frame and atom order.
    pub geometry: Option<Geometry>,
    /// Scalars by name, in the units that the method or recipe declares.
    pub values: BTreeMap<PropertyName, f64>,
}

impl Outcome {
    /// An outcome that is one named value.
    pub fn value(name: PropertyName, value: f64) -> Outcome {
        Outcome { values: BTreeMap::from([(name, value)]), ..Outcome::default() }
    }
}
