//! One line of the bulk path's output. Its shape is stable: programs read it.

use ledger::{Charge, Conversion, Tier};
use matter::Geometry;
use method::{Calculation, Failure};
use serde::Serialize;
use std::collections::BTreeMap;

/// Whether a structure has its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It has.
    Ok,
    /// It has not; `error` says why.
    Failed,
}

/// What a structure cost.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct BulkCost {
    /// Processor time in core-seconds.
    pub core_seconds: f64,
    /// Energy in joule.
    pub joules: f64,
    /// How the energy was found.
    pub tier: Tier,
}

/// Why a structure has no numbers.
#[derive(Clone, Debug, Serialize)]
pub struct BulkError {
    /// Kind of the failure, e.g. `not_converged`; `invalid_input` for a record that cannot be read.
    pub kind: String,
    /// What happened.
    pub message: String,
}

/// The atoms that the numbers belong to.
#[derive(Clone, Debug, Serialize)]
pub struct BulkGeometry {
    /// Element symbols.
    pub symbols: Vec<&'static str>,
    /// Positions in angstrom, shape `[n_atoms][3]`.
    pub positions: Vec<[f64; 3]>,
}

impl From<&Geometry> for BulkGeometry {
    fn from(geometry: &Geometry) -> BulkGeometry {
        BulkGeometry {
            symbols: geometry.elements().iter().map(|e| e.symbol()).collect(),
            positions: geometry.positions().to_vec(),
        }
    }
}

/// One structure's result. Fields that were not asked for are left out.
#[derive(Clone, Debug, Serialize)]
pub struct BulkLine {
    /// Number of the structure in the input, from 0.
    pub index: usize,
    /// Whether it has its numbers.
    pub status: Status,
    /// Its name in the input, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Canonical SMILES, if its bonds are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smiles: Option<String>,
    /// Total energy in hartree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub energy: Option<f64>,
    /// Gradient in hartree/bohr, shape `[n_atoms][3]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gradient: Option<Vec<[f64; 3]>>,
    /// Atomic partial charges in e.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charges: Option<Vec<f64>>,
    /// Dipole moment in e bohr, input frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dipole: Option<[f64; 3]>,
    /// Energy of the highest occupied orbital in hartree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub homo: Option<f64>,
    /// Energy of the lowest unoccupied orbital in hartree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lumo: Option<f64>,
    /// Further scalars by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, f64>,
    /// The geometry used, where it is not the input's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geometry: Option<BulkGeometry>,
    /// What it cost.
    pub cost: BulkCost,
    /// Why there are no numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<BulkError>,
}

impl BulkLine {
    fn empty(index: usize, charge: &Charge) -> BulkLine {
        BulkLine {
            index,
            status: Status::Ok,
            name: None,
            smiles: None,
            energy: None,
            gradient: None,
            charges: None,
            dipole: None,
            homo: None,
            lumo: None,
            properties: BTreeMap::new(),
            geometry: None,
            cost: BulkCost {
                core_seconds: charge.core_seconds.value(),
                joules: charge.joules.value(),
                tier: charge.tier,
            },
            error: None,
        }
    }

    pub(super) fn of(index: usize, calculation: Calculation, conversion: &Conversion) -> BulkLine {
        let mut line = BulkLine::empty(index, &conversion.charge(&calculation.cost));
        match calculation.outcome {
            Ok(outcome) => {
                line.energy = outcome.energy.map(|e| e.value());
                line.gradient = outcome.gradient;
                line.charges = outcome.charges;
                line.dipole = outcome.dipole;
                line.homo = outcome.homo.map(|e| e.value());
                line.lumo = outcome.lumo.map(|e| e.value());
                line.properties =
                    outcome.values.into_iter().map(|(name, v)| (name.as_str().to_owned(), v)).collect();
            }
            Err(Failure { kind, message }) => line.fail(kind.as_str(), message),
        }
        line
    }

    pub(super) fn invalid(index: usize, message: String, conversion: &Conversion) -> BulkLine {
        let mut line = BulkLine::empty(index, &conversion.charge(&method::Cost::ZERO));
        line.fail("invalid_input", message);
        line
    }

    fn fail(&mut self, kind: &str, message: String) {
        self.status = Status::Failed;
        self.error = Some(BulkError { kind: kind.to_owned(), message });
    }
}
