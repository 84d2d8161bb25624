//! Potential energy surfaces: energy and gradient as a function of the positions.

use crate::calculation::Outcome;
use crate::failure::Failure;
use matter::Molecule;
use matter::units::Hartree;

/// Energy and gradient of one molecule at any positions of its atoms. May keep what helps the next call (the
/// density of the last geometry), so it is called with `&mut` and belongs to one thread.
pub trait Surface: Send {
    /// Number of atoms.
    fn atoms(&self) -> usize;

    /// Energy in hartree at `positions` (bohr, shape `[n_atoms][3]`); writes the gradient (hartree/bohr, same
    /// shape, same order and frame). `allowed` is asked often whether the work may go on.
    ///
    /// # Errors
    /// What kept the method from a number, or what `allowed` said.
    fn evaluate(
        &mut self,
        positions: &[[f64; 3]],
        gradient: &mut [[f64; 3]],
        allowed: &mut dyn FnMut() -> Result<(), Failure>,
    ) -> Result<Hartree, Failure>;

    /// Deterministic measure of the work of all calls so far (see [`Cost::work`](crate::Cost)).
    fn work(&self) -> f64 {
        0.0
    }

    /// What the last call knows beside energy and gradient (charges, dipole, orbital energies).
    fn outcome(&self) -> Outcome {
        Outcome::default()
    }

    /// An independent copy for another thread, with what this one knows.
    fn fork(&self) -> Box<dyn Surface>;
}

/// A method whose energies have gradients.
pub trait GradientMethod: Send + Sync {
    /// The surface of a molecule (elements, charge, unpaired electrons; its geometry is only a first guess).
    ///
    /// # Errors
    /// A molecule that the method cannot treat.
    fn surface(&self, molecule: &Molecule) -> Result<Box<dyn Surface>, Failure>;
}
