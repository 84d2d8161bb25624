//! The real xtb program behind the contract.

use engines::{Xtb, XtbOptions};
use matter::units::CoreSeconds;
use matter::{Element, EmbedOptions, Geometry, Molecule};
use method::conformance::{self, Tolerances};
use method::{FailureKind, Method, OptimisationLevel, Request, Task};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

fn tight() -> Xtb {
    Xtb::new(XtbOptions { accuracy: 0.01, ..XtbOptions::default() }).expect("xtb is installed")
}

fn embedded(smiles: &str) -> Molecule {
    let molecule = Molecule::from_smiles(smiles).unwrap();
    let geometry = molecule.geometry_or_embed(&EmbedOptions::default()).unwrap();
    molecule.with_geometry(geometry)
}

/// Water with one O-H exactly along x: the case in which xtb 6.5.1 alone gives a wrong gradient.
fn axis_aligned_water() -> Molecule {
    let geometry = Geometry::new(
        vec![Element::O, Element::H, Element::H],
        vec![[0.0, 0.0, 0.0], [0.98, 0.0, 0.0], [-0.25, 0.93, 0.0]],
    )
    .unwrap();
    Molecule::from_geometry(geometry, 0, 0).unwrap()
}

const TOLERANCES: Tolerances = Tolerances { energy: 1e-7, gradient: 1e-6, step: 0.01 };

#[test]
fn gradient_of_axis_aligned_atoms_equals_finite_differences() {
    let coordinates = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2)];
    conformance::gradient_equals_finite_difference(&tight(), &axis_aligned_water(), &coordinates, TOLERANCES)
        .unwrap();
}

#[test]
fn conformance_of_xtb() {
    let xtb = tight();
    let quinone = embedded("O=C1C=CC(=O)C(F)=C1");
    conformance::gradient_equals_finite_difference(&xtb, &quinone, &[(0, 0), (5, 2)], TOLERANCES).unwrap();
    conformance::invariant_under_motion(&xtb, &quinone, TOLERANCES).unwrap();
    conformance::repeatable(&xtb, &quinone, Task::Optimise(OptimisationLevel::Normal)).unwrap();
    // Eight electrons do not fit into the two orbitals of H2.
    let geometry = Geometry::new(vec![Element::H; 2], vec![[0.0; 3], [0.0, 0.0, 0.101]]).unwrap();
    let impossible = Molecule::from_geometry(geometry, -6, 0).unwrap();
    conformance::failure_is_charged(&xtb, &impossible, Task::SinglePoint).unwrap();
}

/// Reference: tblite 0.8.0 on this geometry (see the script).
#[test]
fn numbers_agree_with_an_independent_code() {
    let reference: Vec<Reference> =
        serde_json::from_str(include_str!("data/tblite_reference.json")).expect("fixture");
    let xtb = tight();
    for r in reference {
        let elements = r.numbers.iter().map(|&n| Element::from_number(n).unwrap()).collect();
        let geometry = Geometry::new(elements, r.positions_angstrom).unwrap();
        let molecule = Molecule::from_geometry(geometry, r.charge, r.uhf).unwrap();
        let cancel = AtomicBool::new(false);
        let request = Request { task: Task::Gradient, limit: None, cancel: &cancel };
        let outcome = xtb.evaluate(&molecule, &request).outcome.unwrap();
        let close = |what: &str, a: f64, b: f64, tolerance: f64| {
            assert!((a - b).abs() < tolerance, "{} {what}: {a} {b}", r.id);
        };
        close("energy", outcome.energy.unwrap().value(), r.energy, 1e-6);
        for (a, b) in outcome.gradient.unwrap().iter().flatten().zip(r.gradient.iter().flatten()) {
            close("gradient", *a, *b, 1e-5);
        }
        for (a, b) in outcome.charges.unwrap().iter().zip(&r.charges) {
            close("charge", *a, *b, 1e-4);
        }
        for (a, b) in outcome.dipole.unwrap().iter().zip(&r.dipole) {
            close("dipole", *a, *b, 1e-3);
        }
        if let (Some(homo), Some(lumo)) = (r.homo, r.lumo) {
            close("homo", outcome.homo.unwrap().value(), homo, 1e-4);
            close("lumo", outcome.lumo.unwrap().value(), lumo, 1e-4);
        }
    }
}

/// `make validate`: the whole shared reference set, 73 elements, ions and radicals.
#[test]
#[ignore = "slow: 484 systems; run by make validate"]
fn energies_and_gradients_of_the_whole_reference_set() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/gfn2_reference/gfn2_reference.json.gz");
    let Ok(file) = std::fs::File::open(&path) else {
        eprintln!("skipped: {} is not there", path.display());
        return;
    };
    let set: serde_json::Value =
        serde_json::from_reader(flate2::read::GzDecoder::new(file)).expect("the reference set is JSON");
    let xtb = tight();
    let cancel = AtomicBool::new(false);
    let (mut worst_energy, mut worst_gradient) = (0.0f64, 0.0f64);
    let molecules = set["molecules"].as_array().unwrap();
    assert_eq!(molecules.len(), 484);
    for m in molecules {
        let read =
            |value: &serde_json::Value| -> Vec<[f64; 3]> { serde_json::from_value(value.clone()).unwrap() };
        let numbers: Vec<u32> = serde_json::from_value(m["numbers"].clone()).unwrap();
        let elements = numbers.iter().map(|&n| Element::from_number(n).unwrap()).collect();
        let geometry = Geometry::new(elements, read(&m["positions_angstrom"])).unwrap();
        let charge = m["charge"].as_i64().unwrap() as i32;
        let uhf = m["uhf"].as_u64().unwrap() as u32;
        let molecule = Molecule::from_geometry(geometry, charge, uhf).unwrap();
        let outcome = xtb
            .evaluate(&molecule, &Request { task: Task::Gradient, limit: None, cancel: &cancel })
            .outcome
            .unwrap_or_else(|e| panic!("{}: {e}", m["id"]));
        let energy = outcome.energy.unwrap().value() - m["gfn2"]["energy"].as_f64().unwrap();
        worst_energy = worst_energy.max(energy.abs());
        let reference = read(&m["gfn2"]["gradient"]);
        for (a, b) in outcome.gradient.unwrap().iter().flatten().zip(reference.iter().flatten()) {
            worst_gradient = worst_gradient.max((a - b).abs());
        }
    }
    eprintln!("worst energy {worst_energy:e} hartree, worst gradient {worst_gradient:e} hartree/bohr");
    assert!(worst_energy < 1e-6 && worst_gradient < 1e-5);
}

#[derive(serde::Deserialize)]
struct Reference {
    id: u32,
    charge: i32,
    uhf: u32,
    numbers: Vec<u32>,
    positions_angstrom: Vec<[f64; 3]>,
    energy: f64,
    gradient: Vec<[f64; 3]>,
    charges: Vec<f64>,
    dipole: [f64; 3],
    homo: Option<f64>,
    lumo: Option<f64>,
}

#[test]
fn optimised_dipole_is_that_of_the_optimised_geometry() {
    let xtb = tight();
    let cancel = AtomicBool::new(false);
    let run = |molecule: &Molecule, task| {
        xtb.evaluate(molecule, &Request { task, limit: None, cancel: &cancel }).outcome.unwrap()
    };
    let start = axis_aligned_water();
    let relaxed = run(&start, Task::Optimise(OptimisationLevel::Tight));
    let there = start.with_geometry(relaxed.geometry.clone().unwrap());
    let again = run(&there, Task::SinglePoint);
    for k in 0..3 {
        let (a, b) = (relaxed.dipole.unwrap()[k], again.dipole.unwrap()[k]);
        assert!((a - b).abs() < 1e-4, "axis {k}: {a} {b}");
    }
    assert!((relaxed.energy.unwrap() - again.energy.unwrap()).value().abs() < 1e-6);
}

#[test]
fn single_atoms_need_no_optimisation() {
    let atom = Geometry::new(vec![Element::from_symbol("Ne").unwrap()], vec![[1.0, 2.0, 3.0]]).unwrap();
    let atom = Molecule::from_geometry(atom, 0, 0).unwrap();
    let cancel = AtomicBool::new(false);
    let task = Task::Optimise(OptimisationLevel::Normal);
    let outcome = tight().evaluate(&atom, &Request { task, limit: None, cancel: &cancel }).outcome.unwrap();
    assert_eq!(outcome.geometry.as_ref(), atom.geometry());
}

/// A script that behaves like xtb except on fluorine, where it does `misbehaviour`.
fn misbehaving(folder: &Path, misbehaviour: &str) -> PathBuf {
    let path = folder.join("xtb-with-a-fault");
    let script =
        format!("#!/bin/sh\nif grep -q '^F ' in.xyz 2>/dev/null; then {misbehaviour}; fi\nexec xtb \"$@\"\n");
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn fail_with(misbehaviour: &str, timeout: Duration, limit: Option<CoreSeconds>) -> method::Calculation {
    let folder = tempfile::tempdir().unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let xtb = Xtb::new(XtbOptions {
        program: misbehaving(folder.path(), misbehaviour),
        timeout,
        scratch: Some(scratch.path().to_owned()),
        ..XtbOptions::default()
    })
    .unwrap();
    let cancel = AtomicBool::new(false);
    let request = Request { task: Task::SinglePoint, limit, cancel: &cancel };
    let good = xtb.evaluate(&embedded("CO"), &Request { limit: None, ..request });
    assert!(good.outcome.is_ok(), "other molecules are unharmed: {:?}", good.outcome);
    let bad = xtb.evaluate(&embedded("CF"), &request);
    assert!(bad.cost.core_seconds > CoreSeconds::ZERO, "failures are charged");
    assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0, "scratch folders are cleaned up");
    bad
}

#[test]
fn crash_hang_overrun_and_nonsense_are_failures_with_a_cost() {
    let ample = Duration::from_secs(60);
    let kind = |c: method::Calculation| c.outcome.unwrap_err().kind;
    assert_eq!(kind(fail_with("kill -SEGV $$", ample, None)), FailureKind::Crashed);
    assert_eq!(kind(fail_with("exit 1", ample, None)), FailureKind::Crashed);
    assert_eq!(kind(fail_with("exec sleep 60", Duration::from_secs(2), None)), FailureKind::TimedOut);
    let burn = "while :; do :; done";
    assert_eq!(kind(fail_with(burn, ample, Some(CoreSeconds(0.3)))), FailureKind::LimitReached);
    assert_eq!(kind(fail_with("exit 0", ample, None)), FailureKind::BadOutput);
    let truncated = "xtb \"$@\" | head -n 40; exit 0";
    assert_eq!(kind(fail_with(truncated, ample, None)), FailureKind::BadOutput);
}
