//! Molecules in solution: the gradient against finite differences of the own energy, charges relaxing.

mod common;

use common::{Random, Reference};
use quantum::{Gfn2, Options, QuantumError, Solvent};
use rayon::prelude::*;

/// Step of the finite differences, bohr. Short, for the second derivative of the energy is not continuous where a
/// point of a surface enters the shell of another sphere.
const STEP: f64 = 5e-4;

/// Gradient minus finite difference along a random direction.
fn difference(reference: &Reference, solvent: Solvent, seed: u64) -> Result<f64, QuantumError> {
    let system = &reference.system;
    let atoms = system.numbers.len();
    let options = Options { accuracy: 1e-3, solvent: Some(solvent), ..Options::default() };
    let mut gfn2 = Gfn2::new(system, &options)?;
    gfn2.solve(&system.positions)?;
    let mut gradient = vec![[0.0; 3]; atoms];
    gfn2.gradient(&mut gradient);
    let direction = Random::new(seed).direction(atoms);
    let mut energy = |shift: f64| {
        let moved = system.positions.iter().zip(&direction);
        let moved: Vec<[f64; 3]> = moved.map(|(p, d)| [0, 1, 2].map(|k| p[k] + shift * d[k])).collect();
        gfn2.solve(&moved)
    };
    let near = energy(STEP)? - energy(-STEP)?;
    let far = energy(2.0 * STEP)? - energy(-2.0 * STEP)?;
    let slope: f64 = gradient.as_flattened().iter().zip(direction.as_flattened()).map(|(g, d)| g * d).sum();
    Ok(slope - (8.0 * near - far) / (12.0 * STEP))
}

#[test]
fn gradients_in_solution_are_the_finite_differences_of_the_energy() {
    let references = common::full_set().unwrap_or_else(common::fixture);
    let solvents: Vec<Solvent> = Solvent::all().collect();
    let results: Vec<_> = references
        .par_iter()
        .enumerate()
        .filter(|(k, r)| r.category != "organic" || k % 3 == 0)
        .map(|(k, r)| (r, difference(r, solvents[k % solvents.len()], k as u64 + 1)))
        .collect();
    let mut worst: Vec<(f64, String)> = Vec::new();
    for (reference, result) in results {
        match result {
            Ok(off) => worst.push((off.abs(), reference.name.clone())),
            Err(error) => worst.push((f64::INFINITY, format!("{}: {error}", reference.name))),
        }
    }
    worst.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("{} systems; worst {:?}", worst.len(), &worst[..5]);
    assert!(worst[0].0 < 1e-7, "{:?}", worst[0]);
}
