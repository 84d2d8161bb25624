//! The gradient against finite differences of the own energy, and how energy and gradient behave under motions that
//! change nothing.

mod common;

use common::{Random, Reference};
use quantum::{Gfn2, Options, QuantumError, Solvent, System};
use rayon::prelude::*;

/// Step of the finite differences, bohr: their error is of fourth order in it.
const STEP: f64 = 0.01;

/// Systems that go over to another self-consistent solution within a step, and a shorter step for each. In SeO2,
/// which is nearly linear here, one electron pair is spread over three levels. tblite goes over at the same places.
const SHORT_STEP: &[(&str, f64)] = &[("349 O=[Se]=O", 5e-4)];

/// Step in a solvent: points of the solvent's surface appear and vanish within a fraction of a bohr.
const STEP_IN_SOLVENT: f64 = 2e-3;

/// Finite differences need energies with less noise than the default thresholds leave.
fn options() -> Options {
    Options { accuracy: 1e-4, ..Options::default() }
}

/// The same in a solvent.
fn dissolved(solvent: &str) -> Options {
    Options { solvent: Some(Solvent::parse(solvent).expect("the model has this solvent")), ..options() }
}

/// Energy and gradient of a system.
fn solved(system: &System) -> Result<(f64, Vec<[f64; 3]>), QuantumError> {
    solved_with(system, &options())
}

fn solved_with(system: &System, options: &Options) -> Result<(f64, Vec<[f64; 3]>), QuantumError> {
    let mut gfn2 = Gfn2::new(system, options)?;
    let energy = gfn2.solve(&system.positions)?;
    let mut gradient = vec![[0.0; 3]; system.numbers.len()];
    gfn2.gradient(&mut gradient);
    Ok((energy, gradient))
}

fn dot(a: &[[f64; 3]], b: &[[f64; 3]]) -> f64 {
    a.as_flattened().iter().zip(b.as_flattened()).map(|(x, y)| x * y).sum()
}

/// Largest difference between gradient and finite differences: along two random directions in the space of all
/// coordinates, along the coordinate of the largest gradient and along one random coordinate.
fn difference(reference: &Reference, options: &Options, seed: u64) -> Result<f64, QuantumError> {
    let system = &reference.system;
    let atoms = system.numbers.len();
    let (_, gradient) = solved_with(system, options)?;
    let mut random = Random::new(seed);
    let mut directions = vec![random.direction(atoms), random.direction(atoms)];
    let steepest = (0..3 * atoms)
        .max_by(|&a, &b| gradient.as_flattened()[a].abs().total_cmp(&gradient.as_flattened()[b].abs()));
    let other = ((random.next() + 1.0) * 1.5 * atoms as f64) as usize;
    for coordinate in [steepest.unwrap_or(0), other.min(3 * atoms - 1)] {
        let mut direction = vec![[0.0; 3]; atoms];
        direction[coordinate / 3][coordinate % 3] = 1.0;
        directions.push(direction);
    }
    let usual = if options.solvent.is_some() { STEP_IN_SOLVENT } else { STEP };
    let step = SHORT_STEP.iter().find(|(name, _)| *name == reference.name).map_or(usual, |s| s.1);
    let mut start = Gfn2::new(system, options)?;
    start.solve(&system.positions)?;
    let mut largest = 0.0_f64;
    for direction in directions {
        let energy = |shift: f64| {
            let moved = system.positions.iter().zip(&direction);
            let moved: Vec<[f64; 3]> = moved.map(|(p, d)| [0, 1, 2].map(|k| p[k] + shift * d[k])).collect();
            start.fork().solve(&moved)
        };
        let near = energy(step)? - energy(-step)?;
        let far = energy(2.0 * step)? - energy(-2.0 * step)?;
        let slope = (8.0 * near - far) / (12.0 * step);
        let off = (slope - dot(&gradient, &direction)).abs();
        // A NaN must not get lost in `max`.
        largest = if off <= largest { largest } else { off };
    }
    Ok(largest)
}

#[test]
fn gradients_are_the_finite_differences_of_the_energy() {
    // Of the full set every third organic molecule, and everything else.
    let references: Vec<Reference> = common::full_set()
        .unwrap_or_else(common::fixture)
        .into_iter()
        .enumerate()
        .filter(|(k, r)| r.category != "organic" || k % 3 == 0)
        .map(|(_, r)| r)
        .collect();
    let metals = references.iter().filter(|r| r.category == "metal").count();
    println!("{} systems, of which {metals} with metals, 4 directions each", references.len());
    let results = references.par_iter().enumerate();
    check(results.map(|(k, r)| (&*r.name, difference(r, &options(), k as u64 + 1))).collect());
}

#[test]
fn gradients_in_solvents_are_the_finite_differences_of_the_energy() {
    let solvents = ["water", "acetonitrile", "dmso", "methanol", "toluene", "hexane"];
    let references = common::fixture();
    let results = references.par_iter().enumerate();
    check(
        results.map(|(k, r)| (&*r.name, difference(r, &dissolved(solvents[k % 6]), k as u64 + 1))).collect(),
    );
}

/// Prints the worst, and fails for those beyond 1e-7 hartree/bohr.
fn check(mut results: Vec<(&str, Result<f64, QuantumError>)>) {
    let size = |result: &Result<f64, QuantumError>| *result.as_ref().unwrap_or(&f64::INFINITY);
    results.sort_by(|a, b| size(&b.1).total_cmp(&size(&a.1)));
    for (name, result) in results.iter().take(5) {
        println!("{name}: {:.1e}", size(result));
    }
    // NaN is beyond, too.
    let beyond = results.iter().filter(|(_, r)| size(r).is_nan() || size(r) > 1e-7);
    let problems: Vec<String> = beyond.map(|(name, result)| format!("{name}: {result:?}")).collect();
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn a_second_geometry_gives_what_a_new_calculator_gives() {
    common::fixture().par_iter().enumerate().for_each(|(k, reference)| {
        let system = &reference.system;
        let shift = Random::new(k as u64 + 7).direction(system.numbers.len());
        let mut moved = system.clone();
        for (p, d) in moved.positions.as_flattened_mut().iter_mut().zip(shift.as_flattened()) {
            *p += 0.05 * d;
        }
        let (fresh, expected) = solved(&moved).expect("the fixture converges nearby");
        let mut gfn2 = Gfn2::new(system, &options()).expect("a good system");
        gfn2.solve(&system.positions).expect("the fixture converges");
        let energy = gfn2.solve(&moved.positions).expect("the fixture converges nearby");
        let mut gradient = vec![[0.0; 3]; system.numbers.len()];
        gfn2.gradient(&mut gradient);
        assert!((energy - fresh).abs() < 1e-8, "{}: {energy} and {fresh}", reference.name);
        for (a, b) in gradient.as_flattened().iter().zip(expected.as_flattened()) {
            assert!((a - b).abs() < 1e-6, "{}: {a} and {b}", reference.name);
        }
    });
}

#[test]
fn motion_and_order_of_the_atoms_change_nothing() {
    // A rotation about (1, 2, 3), and one that moves nothing to an axis.
    let turn = rotation([1.0, 2.0, 3.0], 0.7);
    common::fixture().par_iter().for_each(|reference| {
        let system = &reference.system;
        let (energy, gradient) = solved(system).expect("the fixture converges");
        let mut moved = system.clone();
        moved.positions.iter_mut().for_each(|p| *p = rotated(&turn, p).map(|x| x + 1.7));
        moved.positions.reverse();
        moved.numbers.reverse();
        let (other, turned) = solved(&moved).expect("the fixture converges anywhere");
        assert!((energy - other).abs() < 1e-8, "{}: {energy} and {other}", reference.name);
        for (a, b) in gradient.iter().zip(turned.iter().rev()) {
            for (x, y) in rotated(&turn, a).iter().zip(b) {
                assert!((x - y).abs() < 1e-7, "{}: {a:?} and {b:?}", reference.name);
            }
        }
    });
}

#[test]
fn gradients_of_a_free_molecule_neither_push_nor_turn_it() {
    common::fixture().par_iter().for_each(|reference| {
        let (_, gradient) = solved(&reference.system).expect("the fixture converges");
        let (mut force, mut torque) = ([0.0; 3], [0.0; 3]);
        for (p, g) in reference.system.positions.iter().zip(&gradient) {
            for k in 0..3 {
                let (i, j) = ((k + 1) % 3, (k + 2) % 3);
                force[k] += g[k];
                torque[k] += p[i] * g[j] - p[j] * g[i];
            }
        }
        for (f, t) in force.iter().zip(&torque) {
            assert!(f.abs() < 1e-9 && t.abs() < 1e-6, "{}: {force:?}, {torque:?}", reference.name);
        }
    });
}

#[test]
fn two_runs_give_the_same_bits() {
    common::fixture().par_iter().for_each(|reference| {
        let (first, second) = (solved(&reference.system), solved(&reference.system));
        assert_eq!(first, second, "{}", reference.name);
    });
}

#[test]
fn distant_molecules_do_not_see_each_other() {
    let water = System {
        numbers: vec![8, 1, 1],
        positions: vec![[0.0, 0.0, 0.0], [0.0, 1.43, 1.11], [0.0, -1.43, 1.11]],
        charge: 0,
        unpaired: 0,
    };
    let mut pair = water.clone();
    pair.numbers.extend(&water.numbers);
    pair.positions.extend(water.positions.iter().map(|p| [p[0] + 1e4, p[1], p[2]]));
    let (one, _) = solved(&water).expect("water converges");
    let (two, _) = solved(&pair).expect("two waters converge");
    assert!((two - 2.0 * one).abs() < 1e-8, "{two} is not twice {one}");
}

/// Rotation matrix about an axis by an angle in radians (Rodrigues).
fn rotation(axis: [f64; 3], angle: f64) -> [[f64; 3]; 3] {
    let norm = axis.iter().map(|x| x * x).sum::<f64>().sqrt();
    let [x, y, z] = axis.map(|a| a / norm);
    let (s, c) = angle.sin_cos();
    let t = 1.0 - c;
    [
        [t * x * x + c, t * x * y - s * z, t * x * z + s * y],
        [t * x * y + s * z, t * y * y + c, t * y * z - s * x],
        [t * x * z - s * y, t * y * z + s * x, t * z * z + c],
    ]
}

fn rotated(matrix: &[[f64; 3]; 3], vector: &[f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(m, v)| m * v).sum())
}
