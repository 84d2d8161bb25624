//! Properties of one relaxed molecule.

use super::{Recipe, Workbench};
use crate::calculation::{Calculation, Outcome};
use crate::failure::{Failure, FailureKind};
use crate::property::{Property, catalogue};
use matter::Molecule;
use matter::units::{E_BOHR_IN_DEBYE, ElectronVolt};

fn missing(what: &str, molecule: &Molecule) -> Failure {
    Failure::new(FailureKind::Unsupported, format!("the method gives no {what} for {}", molecule.label()))
}

fn of_relaxed(
    property: Property,
    molecule: &Molecule,
    bench: &Workbench,
    read: impl Fn(&Outcome) -> Option<f64>,
) -> Calculation {
    let result = bench.relax(molecule).and_then(|outcome| {
        let value = read(&outcome).ok_or_else(|| missing(property.name.as_str(), molecule))?;
        let mut outcome = outcome;
        outcome.values.insert(property.name.clone(), value);
        Ok(outcome)
    });
    bench.finish(result)
}

/// Total energy of the relaxed molecule, hartree.
pub(super) struct Energy;

impl Recipe for Energy {
    fn property(&self) -> Property {
        catalogue::energy()
    }

    fn describe(&self) -> &'static str {
        "total energy of the relaxed molecule"
    }

    fn evaluate(&self, molecule: &Molecule, bench: &Workbench) -> Calculation {
        of_relaxed(self.property(), molecule, bench, |o| o.energy.map(|e| e.value()))
    }
}

/// E(LUMO) - E(HOMO) of the relaxed molecule, eV.
pub(super) struct HomoLumoGap;

impl Recipe for HomoLumoGap {
    fn property(&self) -> Property {
        catalogue::homo_lumo_gap()
    }

    fn describe(&self) -> &'static str {
        "orbital gap of the relaxed molecule"
    }

    fn evaluate(&self, molecule: &Molecule, bench: &Workbench) -> Calculation {
        of_relaxed(self.property(), molecule, bench, |o| Some(ElectronVolt::from(o.lumo? - o.homo?).value()))
    }
}

/// Length of the dipole moment of the relaxed molecule, debye.
pub(super) struct Dipole;

impl Recipe for Dipole {
    fn property(&self) -> Property {
        catalogue::dipole()
    }

    fn describe(&self) -> &'static str {
        "length of the dipole moment of the relaxed molecule (an ion's is relative to its first geometry's origin)"
    }

    fn evaluate(&self, molecule: &Molecule, bench: &Workbench) -> Calculation {
        of_relaxed(self.property(), molecule, bench, |o| {
            let [x, y, z] = o.dipole?;
            Some((x * x + y * y + z * z).sqrt() * E_BOHR_IN_DEBYE)
        })
    }
}
