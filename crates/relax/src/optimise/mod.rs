//! Geometry optimisation that needs few gradients.
//!
//! Quasi-Newton in redundant internal coordinates: a model Hessian (`coordinates::model`), BFGS updates of it
//! (`memory`), steps within a trust region along curved paths (`step`).

mod frame;
mod memory;
mod options;
mod step;
mod walk;

pub use options::{Connectivity, OptimiseOptions, Path, Step};

use crate::coordinates::bonds;
use crate::error::RelaxError;
use crate::vector::Vec3;
use frame::closest;
use matter::Element;
use method::{Failure, Surface};
use walk::{End, Walk};

/// Atoms closer than this (bohr) are refused.
const COINCIDENT: f64 = 0.19;

/// Relaxes the atoms from `start` (bohr) to the nearest minimum of `surface`. After each gradient `stop` hears of
/// it and may end the work; the surface asks it also in the middle of a calculation, with no step.
///
/// The molecule must be free: motions of the whole molecule are taken out of the gradient. Converged means that
/// the gradient norm is below the level's threshold and that the energy expected to be left in the next step is
/// below the level's threshold of energy.
///
/// A start of high symmetry keeps it, so that the end may be a saddle point: see
/// [`Vibrations::stationary`](crate::harmonic::Vibrations::stationary).
///
/// # Errors
/// Arguments that do not fit, a surface that fails, no convergence: with what was reached before.
pub fn optimise(
    surface: &mut dyn Surface,
    elements: &[Element],
    start: &[[f64; 3]],
    options: &OptimiseOptions,
    stop: &mut dyn FnMut(Option<&Step>) -> Result<(), Failure>,
) -> Result<Path, RelaxError> {
    check(surface, elements, start)?;
    let mut walk = Walk::new(surface, elements, stop);
    let outcome = walk.run(start, options);
    let mut path = walk.into_path();
    if let Some(last) = path.last() {
        path.connectivity = compare(elements, start, &last.positions);
    }
    match outcome {
        Ok(()) => Ok(path),
        Err(end) => Err(with_path(end, path)),
    }
}

fn check(surface: &dyn Surface, elements: &[Element], start: &[Vec3]) -> Result<(), RelaxError> {
    let n = surface.atoms();
    let wrong = |what, found: String, expected: String| Err(RelaxError::Input { what, found, expected });
    let one_per_atom = || format!("{n} (one per atom of the surface)");
    if n == 0 {
        return wrong("number of atoms", "0".to_owned(), "at least one".to_owned());
    }
    if elements.len() != n {
        return wrong("number of elements", elements.len().to_string(), one_per_atom());
    }
    if start.len() != n {
        return wrong("number of positions", start.len().to_string(), one_per_atom());
    }
    if let Some(atom) = start.iter().position(|p| p.iter().any(|x| !x.is_finite())) {
        let found = format!("atom {} at {:?}", atom + 1, start[atom]);
        return wrong("starting positions", found, "finite numbers of bohr".to_owned());
    }
    match closest(start) {
        Some((i, j, distance)) if distance < COINCIDENT => {
            Err(RelaxError::Coincident { first: i + 1, second: j + 1, distance })
        }
        _ => Ok(()),
    }
}

fn compare(elements: &[Element], first: &[Vec3], last: &[Vec3]) -> Connectivity {
    let (before, after) = (bonds(elements, first), bonds(elements, last));
    let only = |a: &[(usize, usize)], b: &[(usize, usize)]| {
        a.iter().filter(|pair| b.binary_search(pair).is_err()).copied().collect()
    };
    Connectivity { broken: only(&before, &after), formed: only(&after, &before) }
}

fn with_path(end: End, path: Path) -> RelaxError {
    let path = Box::new(path);
    match end {
        End::Surface(failure) => {
            RelaxError::Surface { failure, step: path.gradients.saturating_sub(1), path }
        }
        End::Stopped(failure) => RelaxError::Stopped { failure, path },
        End::NotConverged { gradient_norm, threshold } => {
            RelaxError::NotConverged { gradient_norm, threshold, path }
        }
        End::Stuck { gradient_norm } => RelaxError::Stuck { gradient_norm, path },
        End::Internal(what) => RelaxError::Internal { what },
    }
}
