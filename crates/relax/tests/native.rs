//! The optimiser around native GFN2-xTB: the conformance of both together.

use matter::units::CoreSeconds;
use matter::{Element, EmbedOptions, Geometry, Molecule};
use method::conformance::{self, Tolerances};
use method::{Calculation, FailureKind, Method, OptimisationLevel, Request, Task};
use quantum::{Gfn2Method, Options};
use relax::Relaxing;
use std::sync::atomic::{AtomicBool, Ordering};

const TOLERANCES: Tolerances = Tolerances { energy: 1e-8, gradient: 1e-7, step: 0.01 };
const OPTIMISE: Task = Task::Optimise(OptimisationLevel::Normal);

fn gfn2() -> Relaxing<Gfn2Method> {
    Relaxing::new(Gfn2Method::new(Options::default()))
}

fn tight() -> Relaxing<Gfn2Method> {
    Relaxing::new(Gfn2Method::new(Options { accuracy: 0.01, ..Options::default() }))
}

fn embedded(smiles: &str) -> Molecule {
    let molecule = Molecule::from_smiles(smiles).unwrap();
    let geometry = molecule.geometry_or_embed(&EmbedOptions::default()).unwrap();
    molecule.with_geometry(geometry)
}

fn atoms(list: &[(u32, [f64; 3])], charge: i32, unpaired: u32) -> Molecule {
    let elements = list.iter().map(|(z, _)| Element::from_number(*z).unwrap()).collect();
    let geometry = Geometry::new(elements, list.iter().map(|(_, p)| *p).collect()).unwrap();
    Molecule::from_geometry(geometry, charge, unpaired).unwrap()
}

fn run(molecule: &Molecule, task: Task, limit: Option<CoreSeconds>, cancelled: bool) -> Calculation {
    let cancel = AtomicBool::new(false);
    cancel.store(cancelled, Ordering::Relaxed);
    gfn2().evaluate(molecule, &Request { task, limit, cancel: &cancel })
}

#[test]
fn conformance_of_native_gfn2() {
    let method = tight();
    let quinone = embedded("O=C1C=CC(=O)C(F)=C1");
    conformance::gradient_equals_finite_difference(&method, &quinone, &[(0, 0), (5, 2)], TOLERANCES).unwrap();
    conformance::invariant_under_motion(&method, &quinone, TOLERANCES).unwrap();
    for task in [Task::SinglePoint, Task::Gradient, OPTIMISE] {
        conformance::repeatable(&method, &quinone, task).unwrap();
    }
    let impossible = atoms(&[(1, [0.0; 3]), (1, [0.0, 0.0, 0.74])], -6, 0);
    for task in [Task::SinglePoint, OPTIMISE] {
        conformance::failure_is_charged(&method, &impossible, task).unwrap();
    }
}

#[test]
fn a_relaxed_geometry_has_no_gradient_and_a_lower_energy() {
    let acid = embedded("CC(N)C(=O)O");
    let before = run(&acid, Task::SinglePoint, None, false).outcome.unwrap();
    let relaxed = run(&acid, OPTIMISE, None, false);
    assert!(relaxed.cost.work > 0.0 && relaxed.cost.core_seconds > CoreSeconds::ZERO);
    let relaxed = relaxed.outcome.unwrap();
    assert!(relaxed.energy.unwrap().value() < before.energy.unwrap().value());
    let there = acid.with_geometry(relaxed.geometry.clone().unwrap());
    let check = run(&there, Task::Gradient, None, false).outcome.unwrap();
    let norm = check.gradient.unwrap().iter().flatten().map(|g| g * g).sum::<f64>().sqrt();
    assert!(norm < OptimisationLevel::Normal.gradient_threshold(), "{norm}");
    assert!((check.energy.unwrap().value() - relaxed.energy.unwrap().value()).abs() < 1e-7);
    for (a, b) in check.charges.unwrap().iter().zip(relaxed.charges.unwrap()) {
        assert!((a - b).abs() < 1e-5);
    }
}

#[test]
fn single_atoms_and_diatomics_relax() {
    let argon = run(&atoms(&[(18, [0.0; 3])], 0, 0), OPTIMISE, None, false).outcome.unwrap();
    assert!(argon.geometry.is_some());
    let hydrogen = run(&atoms(&[(1, [0.0; 3]), (1, [0.0, 0.0, 0.9])], 0, 0), OPTIMISE, None, false);
    let positions = hydrogen.outcome.unwrap().geometry.unwrap().positions().to_vec();
    let length = (positions[1][2] - positions[0][2]).abs();
    assert!((length - 0.777).abs() < 0.005, "{length}");
}

#[test]
fn limits_and_cancellation_reach_into_the_calculation() {
    let molecule = embedded("CCOC(=O)c1ccccc1N");
    for task in [Task::SinglePoint, OPTIMISE] {
        let limited = run(&molecule, task, Some(CoreSeconds(1e-6)), false);
        assert_eq!(limited.outcome.unwrap_err().kind, FailureKind::LimitReached);
        assert!(limited.cost.core_seconds < CoreSeconds(0.05), "{:?}", limited.cost);
        let cancelled = run(&molecule, task, None, true);
        assert_eq!(cancelled.outcome.unwrap_err().kind, FailureKind::Cancelled);
    }
}

#[test]
fn bad_molecules_are_errors_that_name_them() {
    // Six unpaired electrons do not fit into two orbitals.
    let hydrogen = atoms(&[(1, [0.0; 3]), (1, [0.0, 0.0, 0.9])], -4, 6);
    for task in [Task::SinglePoint, OPTIMISE] {
        let failed = run(&hydrogen, task, None, false).outcome.unwrap_err();
        assert_eq!(failed.kind, FailureKind::Unsupported);
        assert!(failed.message.contains("6 unpaired electrons do not fit"), "{}", failed.message);
    }
    let graph_only = Molecule::from_smiles("CCO").unwrap();
    let failed = run(&graph_only, OPTIMISE, None, false).outcome.unwrap_err();
    assert!(failed.message.contains("no 3-D geometry"), "{}", failed.message);
}
