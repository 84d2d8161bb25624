//! Second derivatives by finite differences of gradients.

use crate::error::RelaxError;
use matter::units::Hartree;
use method::{Failure, FailureKind, Surface};
use rayon::prelude::*;
use std::ops::Range;

/// How to differentiate.
#[derive(Clone, Copy, Debug)]
pub struct HessianOptions {
    /// Displacement of each coordinate in both directions, bohr.
    pub step: f64,
    /// Threads; 0 takes those of the current rayon pool. The result does not depend on it.
    pub threads: usize,
}

impl Default for HessianOptions {
    fn default() -> HessianOptions {
        HessianOptions { step: 0.005, threads: 0 }
    }
}

/// Says whether the work may go on.
pub type Allowed<'a> = dyn Fn() -> Result<(), Failure> + Sync + 'a;

/// Second derivatives of the energy at one geometry.
#[derive(Clone, Debug, PartialEq)]
pub struct Hessian {
    /// `d2 E / dx_i dx_j`, hartree/bohr^2, shape `[3 n][3 n]`, symmetric; coordinates are x, y, z of each atom.
    pub matrix: Vec<f64>,
    /// Energy at the geometry.
    pub energy: Hartree,
    /// Norm of the gradient there, hartree/bohr: frequencies mean something only where it is small.
    pub gradient_norm: f64,
    /// Largest difference of `H_ij` and `H_ji` before they were averaged, hartree/bohr^2: how exact the matrix is.
    pub asymmetry: f64,
}

/// The Hessian at `positions` (bohr) by central differences, two gradients for each coordinate, in parallel. Each
/// of them starts from what the surface knows at `positions`, so that the order of the work changes nothing.
/// `allowed` is asked often, from several threads, whether the work may go on.
///
/// # Errors
/// Arguments that do not fit; the failure of the surface at the geometry or at one of the displaced ones, or what
/// `allowed` said.
pub fn hessian(
    surface: &mut dyn Surface,
    positions: &[[f64; 3]],
    options: &HessianOptions,
    allowed: &Allowed<'_>,
) -> Result<Hessian, RelaxError> {
    let n = positions.len();
    if n != surface.atoms() || n == 0 {
        let expected = format!("{} (one per atom of the surface)", surface.atoms().max(1));
        return Err(RelaxError::Input { what: "number of positions", found: n.to_string(), expected });
    }
    if !(options.step > 0.0 && options.step.is_finite()) {
        let expected = "a positive number of bohr, about 0.005".to_owned();
        return Err(RelaxError::Input {
            what: "finite-difference step",
            found: options.step.to_string(),
            expected,
        });
    }
    let mut gradient = vec![[0.0; 3]; n];
    let energy = evaluate(surface, positions, &mut gradient, allowed)
        .map_err(|failure| RelaxError::Displaced { failure, what: "the geometry itself".to_owned() })?;
    let gradient_norm = gradient.iter().flatten().map(|g| g * g).sum::<f64>().sqrt();

    let threads = if options.threads == 0 { rayon::current_num_threads() } else { options.threads };
    let workers: Vec<Box<dyn Surface>> = (0..threads.clamp(1, 3 * n)).map(|_| surface.fork()).collect();
    let share = (3 * n).div_ceil(workers.len());
    let work = || -> Result<Vec<Vec<f64>>, RelaxError> {
        workers
            .into_par_iter()
            .enumerate()
            .map(|(k, worker)| {
                let range = k * share..((k + 1) * share).min(3 * n);
                columns(worker.as_ref(), positions, options.step, range, allowed)
            })
            .collect()
    };
    let columns = if options.threads == 0 {
        work()?
    } else {
        rayon::ThreadPoolBuilder::new()
            .num_threads(options.threads)
            .build()
            .map_err(|_| RelaxError::Internal { what: "starting threads" })?
            .install(work)?
    };
    let mut matrix: Vec<f64> = columns.concat();
    let asymmetry = symmetrise(&mut matrix, 3 * n);
    Ok(Hessian { matrix, energy, gradient_norm, asymmetry })
}

/// Columns of the Hessian, one after the other. The worker itself stays as it is: each column has its own copy.
fn columns(
    worker: &dyn Surface,
    positions: &[[f64; 3]],
    step: f64,
    range: Range<usize>,
    allowed: &Allowed<'_>,
) -> Result<Vec<f64>, RelaxError> {
    let mut columns = Vec::with_capacity(range.len() * 3 * positions.len());
    let (mut up, mut down) = (vec![[0.0; 3]; positions.len()], vec![[0.0; 3]; positions.len()]);
    for coordinate in range {
        let (atom, axis) = (coordinate / 3, coordinate % 3);
        let mut surface = worker.fork();
        let mut x = positions.to_vec();
        for (sign, gradient) in [(1.0, &mut up), (-1.0, &mut down)] {
            x[atom][axis] = positions[atom][axis] + sign * step;
            evaluate(surface.as_mut(), &x, gradient, allowed).map_err(|failure| RelaxError::Displaced {
                failure,
                what: format!("atom {} displaced along {}", atom + 1, ["x", "y", "z"][axis]),
            })?;
        }
        let both = up.iter().flatten().zip(down.iter().flatten());
        columns.extend(both.map(|(up, down)| (up - down) / (2.0 * step)));
    }
    Ok(columns)
}

fn evaluate(
    surface: &mut dyn Surface,
    x: &[[f64; 3]],
    gradient: &mut [[f64; 3]],
    allowed: &Allowed<'_>,
) -> Result<Hartree, Failure> {
    let energy = surface.evaluate(x, gradient, &mut || allowed())?;
    if energy.0.is_finite() && gradient.iter().flatten().all(|g| g.is_finite()) {
        Ok(energy)
    } else {
        Err(Failure::new(FailureKind::BadOutput, "the energy or its gradient is not a finite number"))
    }
}

/// Averages the matrix with its transpose; the largest difference there was.
fn symmetrise(matrix: &mut [f64], n: usize) -> f64 {
    let mut largest: f64 = 0.0;
    for j in 0..n {
        for i in 0..j {
            let (a, b) = (matrix[j * n + i], matrix[i * n + j]);
            largest = largest.max((a - b).abs());
            matrix[j * n + i] = 0.5 * (a + b);
            matrix[i * n + j] = 0.5 * (a + b);
        }
    }
    largest
}
