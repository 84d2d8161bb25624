//! The default engine of `gfn2` behind the contract: what the kit for methods asks, with relaxations.

use ladder::{EngineOptions, resolve};
use matter::units::CoreSeconds;
use matter::{Element, EmbedOptions, Geometry, Molecule};
use method::conformance::{self, Tolerances};
use method::{FailureKind, Method, OptimisationLevel, Outcome, Request, Task};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

const TOLERANCES: Tolerances = Tolerances { energy: 1e-8, gradient: 1e-6, step: 0.01 };

fn gfn2(solvent: Option<&str>) -> Arc<dyn Method> {
    let options = EngineOptions { solvent: solvent.map(str::to_owned), ..EngineOptions::default() };
    resolve("gfn2", &options).unwrap()
}

fn embedded(smiles: &str) -> Molecule {
    let molecule = Molecule::from_smiles(smiles).unwrap();
    let geometry = molecule.geometry_or_embed(&EmbedOptions::default()).unwrap();
    molecule.with_geometry(geometry)
}

fn relax(method: &dyn Method, molecule: &Molecule, level: OptimisationLevel) -> Outcome {
    let cancel = AtomicBool::new(false);
    let request = Request { task: Task::Optimise(level), limit: None, cancel: &cancel };
    method.evaluate(molecule, &request).outcome.unwrap()
}

#[test]
fn conformance_of_the_native_engine() {
    let quinone = embedded("O=C1C=CC(=O)C(F)=C1");
    let radical = embedded("C[S]");
    for solvent in [None, Some("water")] {
        let method = gfn2(solvent);
        for molecule in [&quinone, &radical] {
            conformance::gradient_equals_finite_difference(&*method, molecule, &[(0, 0), (1, 2)], TOLERANCES)
                .unwrap();
            conformance::repeatable(&*method, molecule, Task::Optimise(OptimisationLevel::Normal)).unwrap();
            conformance::repeatable(&*method, molecule, Task::Gradient).unwrap();
        }
    }
    conformance::invariant_under_motion(&*gfn2(None), &quinone, TOLERANCES).unwrap();
}

#[test]
fn what_cannot_be_computed_is_a_failure_with_its_cost() {
    let method = gfn2(None);
    // Eight electrons do not fit into the two orbitals of H2.
    let geometry = Geometry::new(vec![Element::H; 2], vec![[0.0; 3], [0.0, 0.0, 0.741]]).unwrap();
    let impossible = Molecule::from_geometry(geometry, -6, 0).unwrap();
    for task in [Task::SinglePoint, Task::Gradient, Task::Optimise(OptimisationLevel::Normal)] {
        conformance::failure_is_charged(&*method, &impossible, task).unwrap();
    }
}

#[test]
fn relaxing_lowers_the_energy_and_keeps_atoms_and_frame() {
    let method = gfn2(None);
    let molecule = embedded("CS(=O)(=O)N");
    let cancel = AtomicBool::new(false);
    let request = Request { task: Task::SinglePoint, limit: None, cancel: &cancel };
    let start = method.evaluate(&molecule, &request).outcome.unwrap();
    let end = relax(&*method, &molecule, OptimisationLevel::Tight);
    let (relaxed, first) = (end.geometry.unwrap(), molecule.geometry().unwrap());
    assert!(end.energy.unwrap() < start.energy.unwrap());
    assert_eq!(relaxed.elements(), first.elements());
    assert_eq!(relaxed.bonded_pairs(), first.bonded_pairs());
    // What comes with the energy belongs to the relaxed geometry.
    let there = molecule.clone().with_geometry(relaxed);
    let again = method.evaluate(&there, &request).outcome.unwrap();
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-5, "{a} {b}");
    close(end.energy.unwrap().value(), again.energy.unwrap().value());
    close(end.homo.unwrap().value(), again.homo.unwrap().value());
    for (a, b) in end.charges.unwrap().iter().zip(&again.charges.unwrap()) {
        close(*a, *b);
    }
    for (a, b) in end.dipole.unwrap().iter().zip(&again.dipole.unwrap()) {
        close(*a, *b);
    }
}

#[test]
fn one_atom_has_nothing_to_relax() {
    let geometry = Geometry::new(vec![Element::from_symbol("Ne").unwrap()], vec![[0.1, 0.2, 0.3]]).unwrap();
    let atom = Molecule::from_geometry(geometry.clone(), 0, 0).unwrap();
    let end = relax(&*gfn2(None), &atom, OptimisationLevel::Extreme);
    assert_eq!(end.geometry, Some(geometry));
}

#[test]
fn limits_and_the_wish_to_stop_reach_into_a_relaxation() {
    let method = gfn2(None);
    let molecule = embedded("O=C1c2ccccc2C(=O)c2ccccc12");
    let evaluate = |limit: Option<CoreSeconds>, cancelled: bool| {
        let cancel = AtomicBool::new(cancelled);
        let request = Request { task: Task::Optimise(OptimisationLevel::Extreme), limit, cancel: &cancel };
        let calculation = method.evaluate(&molecule, &request);
        (calculation.outcome, calculation.cost.core_seconds)
    };
    assert_eq!(evaluate(None, true).0.unwrap_err().kind, FailureKind::Cancelled);
    // A part of what the whole takes on this machine, however fast it is.
    let (whole, needed) = evaluate(None, false);
    assert!(whole.is_ok());
    let limit = CoreSeconds(needed.0 / 3.0);
    let (outcome, spent) = evaluate(Some(limit), false);
    let failure = outcome.unwrap_err();
    assert_eq!(failure.kind, FailureKind::LimitReached);
    assert!(failure.message.contains("core-seconds"), "{failure}");
    assert!(spent > limit && spent < CoreSeconds(0.5), "{spent:?}");
}

#[test]
fn work_is_counted_the_same_each_time() {
    let method = gfn2(None);
    let molecule = embedded("O=C1C=CC(=O)C=C1");
    let cancel = AtomicBool::new(false);
    let work = |task: Task| {
        let calculation = method.evaluate(&molecule, &Request { task, limit: None, cancel: &cancel });
        assert!(calculation.outcome.is_ok());
        calculation.cost.work
    };
    let relaxing = Task::Optimise(OptimisationLevel::Normal);
    let (once, again) = (work(relaxing), work(relaxing));
    assert_eq!(once, again);
    assert!(work(Task::Gradient) > 0.0 && once > work(Task::Gradient));
}
