//! Reduction energy of a quinone.

use super::{Recipe, Workbench};
use crate::calculation::{Calculation, Outcome};
use crate::failure::{Failure, FailureKind};
use crate::property::{Property, catalogue};
use matter::units::{ElectronVolt, Hartree};
use matter::{Element, Geometry, Molecule};

/// `E(QH2) - E(Q) - E(H2)`, relaxed molecules, eV.
///
/// Two electrons and two protons are added; all three species are closed-shell. The hydroquinone is made by a
/// graph edit of the quinone. More negative means easier to reduce (a higher potential): with the entropy and
/// solvation terms nearly constant along a family, the potential against the hydrogen electrode is close to
/// -E/2 per electron up to a constant (Er et al., Chem. Sci. 2015, 6, 885, screen quinones this way).
pub(super) struct ReductionEnergy;

/// Starting bond length of H2 in angstrom.
const H2_BOND: f64 = 0.74;

fn hydrogen() -> Result<Molecule, Failure> {
    let internal = |e: String| Failure::new(FailureKind::Unsupported, format!("H2 cannot be set up: {e}"));
    let geometry = Geometry::new(vec![Element::H; 2], vec![[0.0; 3], [0.0, 0.0, H2_BOND]])
        .map_err(|e| internal(e.to_string()))?;
    Molecule::from_geometry(geometry, 0, 0).map_err(|e| internal(e.to_string()))
}

fn energy(outcome: &Outcome, molecule: &Molecule) -> Result<Hartree, Failure> {
    outcome.energy.ok_or_else(|| {
        Failure::new(FailureKind::Unsupported, format!("the method gives no energy for {}", molecule.label()))
    })
}

fn reduction_energy(quinone: &Molecule, bench: &Workbench) -> Result<Outcome, Failure> {
    let unsupported = |e: String| Failure::new(FailureKind::Unsupported, e);
    let graph = quinone.graph().ok_or_else(|| {
        unsupported(format!(
            "reduction_energy of {} needs its bonds: give it as SMILES or SDF",
            quinone.label()
        ))
    })?;
    let reduced = graph.hydroquinone().map_err(|e| unsupported(e.to_string()))?;
    let reduced = Molecule::from_graph(reduced).map_err(|e| unsupported(e.to_string()))?;
    let gas = hydrogen()?;
    let e_h2 = energy(&bench.reference(&gas)?, &gas)?;
    let oxidised_outcome = bench.relax(quinone)?;
    let e_quinone = energy(&oxidised_outcome, quinone)?;
    let e_reduced = energy(&bench.relax(&reduced)?, &reduced)?;
    let value = ElectronVolt::from(e_reduced - e_quinone - e_h2).value();
    let mut outcome = oxidised_outcome;
    outcome.values.insert(catalogue::reduction_energy().name, value);
    Ok(outcome)
}

impl Recipe for ReductionEnergy {
    fn property(&self) -> Property {
        catalogue::reduction_energy()
    }

    fn describe(&self) -> &'static str {
        "E(QH2) - E(Q) - E(H2) of relaxed molecules: two electrons and two protons, all closed-shell"
    }

    fn prepare(&self, bench: &Workbench) -> Result<(), Failure> {
        bench.reference(&hydrogen()?).map(|_| ())
    }

    fn evaluate(&self, molecule: &Molecule, bench: &Workbench) -> Calculation {
        bench.finish(reduction_energy(molecule, bench))
    }
}
