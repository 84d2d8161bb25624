//! What can go wrong, with what can be done about it.

use crate::optimise::Path;
use method::Failure;

/// Why there is no relaxed geometry, no Hessian or no thermochemistry.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RelaxError {
    /// The arguments do not describe one molecule.
    #[error("{what}: {found} where {expected} was expected")]
    Input {
        /// The argument.
        what: &'static str,
        /// What it held.
        found: String,
        /// What it must hold.
        expected: String,
    },
    /// Two atoms at (almost) one place have no chemical bond that could be relaxed.
    #[error(
        "atoms {first} and {second} are {distance:.4} bohr apart: separate them before relaxing, no method is \
         meaningful there"
    )]
    Coincident {
        /// Index of the first atom, from 1.
        first: usize,
        /// Index of the second atom, from 1.
        second: usize,
        /// Their distance in bohr.
        distance: f64,
    },
    /// The method gave no number at the first geometry, or none near the last good one.
    #[error("no energy and gradient at step {step}: {failure}; repair the geometry or loosen the method")]
    Surface {
        /// What the method said.
        failure: Failure,
        /// Number of the step (0 is the starting geometry).
        step: usize,
        /// What was reached before.
        path: Box<Path>,
    },
    /// The caller's function, or the limits of the caller in the method, ended the work.
    #[error("stopped after {} gradients: {failure}", .path.gradients)]
    Stopped {
        /// What the caller or the method said.
        failure: Failure,
        /// What was reached before.
        path: Box<Path>,
    },
    /// The thresholds were not reached in the steps granted.
    #[error(
        "not converged after {} gradients: gradient norm {gradient_norm:.2e} hartree/bohr (to be below {threshold:.0e}); \
         start again from the last geometry, allow more steps, or choose a looser level", .path.gradients
    )]
    NotConverged {
        /// Gradient norm of the best geometry, hartree/bohr.
        gradient_norm: f64,
        /// The level's threshold of it.
        threshold: f64,
        /// All that was done; the best geometry is [`Path::last`].
        path: Box<Path>,
    },
    /// Energy and gradient contradict each other: no step along the gradient lowers the energy.
    #[error(
        "no step lowers the energy although the gradient norm is {gradient_norm:.2e} hartree/bohr: energy and \
         gradient disagree; tighten the accuracy of the method or choose a looser level"
    )]
    Stuck {
        /// Gradient norm of the best geometry, hartree/bohr.
        gradient_norm: f64,
        /// All that was done.
        path: Box<Path>,
    },
    /// The method gave no gradient where the Hessian needs one.
    #[error(
        "no gradient for the Hessian at {what}: {failure}; relax the geometry first or loosen the method"
    )]
    Displaced {
        /// What the method said.
        failure: Failure,
        /// Which displacement.
        what: String,
    },
    /// A matrix that must have eigenvalues had none.
    #[error("internal error in {what}: please report it with the molecule")]
    Internal {
        /// Where.
        what: &'static str,
    },
}

impl RelaxError {
    /// What was computed before the work ended, if it had begun.
    pub fn path(&self) -> Option<&Path> {
        match self {
            RelaxError::Surface { path, .. }
            | RelaxError::Stopped { path, .. }
            | RelaxError::NotConverged { path, .. }
            | RelaxError::Stuck { path, .. } => Some(path),
            _ => None,
        }
    }
}
