//! Tests that every method must pass, to be called from the tests of each implementation.

use crate::calculation::Outcome;
use crate::contract::{Method, Request, Task};
use crate::cost::CostSource;
use matter::units::{BOHR_IN_ANGSTROM, CoreSeconds};
use matter::{Geometry, Molecule, rotate};
use std::sync::atomic::AtomicBool;

/// How exact the numbers of a method are.
#[derive(Clone, Copy, Debug)]
pub struct Tolerances {
    /// Energy, hartree.
    pub energy: f64,
    /// Gradient, hartree/bohr.
    pub gradient: f64,
    /// Step of the finite differences, bohr.
    pub step: f64,
}

fn run(method: &dyn Method, molecule: &Molecule, task: Task) -> Result<Outcome, String> {
    let cancel = AtomicBool::new(false);
    let calculation = method.evaluate(molecule, &Request { task, limit: None, cancel: &cancel });
    if calculation.cost.core_seconds < CoreSeconds::ZERO {
        return Err(format!("negative cost for {}", molecule.label()));
    }
    calculation.outcome.map_err(|f| f.to_string())
}

fn moved(molecule: &Molecule, geometry: Geometry) -> Molecule {
    molecule.clone().with_geometry(geometry)
}

fn geometry(molecule: &Molecule) -> Result<&Geometry, String> {
    molecule.geometry().ok_or_else(|| "conformance tests need a geometry".to_owned())
}

fn close(what: &str, a: f64, b: f64, tolerance: f64) -> Result<(), String> {
    if (a - b).abs() <= tolerance {
        Ok(())
    } else {
        Err(format!("{what}: {a} against {b}, off by {:e}, allowed {tolerance:e}", (a - b).abs()))
    }
}

/// The analytic gradient equals central finite differences of the energy, on the given coordinates
/// (`(atom, axis)`).
pub fn gradient_equals_finite_difference(
    method: &dyn Method,
    molecule: &Molecule,
    coordinates: &[(usize, usize)],
    tolerances: Tolerances,
) -> Result<(), String> {
    let start = geometry(molecule)?;
    let gradient =
        run(method, molecule, Task::Gradient)?.gradient.ok_or_else(|| "no gradient given".to_owned())?;
    for &(atom, axis) in coordinates {
        let energy = |shift: f64| -> Result<f64, String> {
            let mut positions = start.positions().to_vec();
            positions[atom][axis] += shift * BOHR_IN_ANGSTROM;
            let shifted = start.with_positions(positions).map_err(|e| e.to_string())?;
            let outcome = run(method, &moved(molecule, shifted), Task::SinglePoint)?;
            Ok(outcome.energy.ok_or_else(|| "no energy given".to_owned())?.value())
        };
        let h = tolerances.step;
        // Fourth-order central difference: the error is of order h^4.
        let slope = (8.0 * (energy(h)? - energy(-h)?) - (energy(2.0 * h)? - energy(-2.0 * h)?)) / (12.0 * h);
        close(
            &format!("gradient of atom {atom} axis {axis}"),
            gradient[atom][axis],
            slope,
            tolerances.gradient,
        )?;
    }
    Ok(())
}

/// Energy does not change under rotation, translation and reordering; gradient and dipole turn with the
/// molecule. For charged molecules the dipole is not compared (it depends on the origin).
pub fn invariant_under_motion(
    method: &dyn Method,
    molecule: &Molecule,
    tolerances: Tolerances,
) -> Result<(), String> {
    let start = geometry(molecule)?;
    let reference = run(method, molecule, Task::Gradient)?;
    let e0 = reference.energy.ok_or("no energy given")?.value();
    let g0 = reference.gradient.ok_or("no gradient given")?;

    let (c, s) = (0.8, 0.6);
    let turn = [[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]];
    let turned = start.rotated(&turn);
    let shifted: Vec<[f64; 3]> =
        turned.positions().iter().map(|p| [p[0] + 1.3, p[1] - 0.7, p[2] + 2.1]).collect();
    let shifted = turned.with_positions(shifted).map_err(|e| e.to_string())?;
    let outcome = run(method, &moved(molecule, shifted), Task::Gradient)?;
    close("energy after motion", outcome.energy.ok_or("no energy")?.value(), e0, tolerances.energy)?;
    let g = outcome.gradient.ok_or("no gradient")?;
    for (i, g0) in g0.iter().enumerate() {
        let expected = rotate(&turn, *g0);
        for k in 0..3 {
            close("gradient after motion", g[i][k], expected[k], tolerances.gradient)?;
        }
    }
    if let (0, Some(d0), Some(d)) = (molecule.charge(), reference.dipole, outcome.dipole) {
        let expected = rotate(&turn, d0);
        for k in 0..3 {
            close("dipole after motion", d[k], expected[k], 1e-4)?;
        }
    }

    let n = start.len();
    let order: Vec<usize> = (0..n).rev().collect();
    let elements = order.iter().map(|&i| start.elements()[i]).collect();
    let positions = order.iter().map(|&i| start.positions()[i]).collect();
    let reordered = Geometry::new(elements, positions).map_err(|e| e.to_string())?;
    let outcome = run(method, &moved(molecule, reordered), Task::Gradient)?;
    close("energy after reordering", outcome.energy.ok_or("no energy")?.value(), e0, tolerances.energy)?;
    let g = outcome.gradient.ok_or("no gradient")?;
    for (new, &old) in order.iter().enumerate() {
        for k in 0..3 {
            close("gradient after reordering", g[new][k], g0[old][k], tolerances.gradient)?;
        }
    }
    Ok(())
}

/// The same molecule gives the same outcome, to the last bit.
pub fn repeatable(method: &dyn Method, molecule: &Molecule, task: Task) -> Result<(), String> {
    let (first, second) = (run(method, molecule, task)?, run(method, molecule, task)?);
    if first == second { Ok(()) } else { Err(format!("two runs differ: {first:?} and {second:?}")) }
}

/// A failure is an error value, has a message, and is charged (unless it is a replay).
pub fn failure_is_charged(method: &dyn Method, impossible: &Molecule, task: Task) -> Result<(), String> {
    let cancel = AtomicBool::new(false);
    let calculation = method.evaluate(impossible, &Request { task, limit: None, cancel: &cancel });
    let Err(failure) = &calculation.outcome else {
        return Err(format!("{} was expected to fail", impossible.label()));
    };
    if failure.message.is_empty() {
        return Err("the failure has no message".into());
    }
    let charged = calculation.cost.core_seconds > CoreSeconds::ZERO;
    if charged || calculation.cost.source == CostSource::Replayed {
        Ok(())
    } else {
        Err("the failure was not charged".into())
    }
}
