//! Potential energy surfaces: energy and gradient as a function of the positions.

use crate::failure::Failure;
use matter::Molecule;
use matter::units::Hartree;

/// Energy and gradient of one molecule at any positions of its atoms. May keep what helps the next call (the
/// density of the last geometry), so it is called with `&mut` and belongs to one thread.
pub trait Surface: Send {
    /// Number of atoms.
    fn atoms(&self) -> usize;

    /// Energy in hartree at `positions` (bohr, shape `[n_atoms][3]`); writes the gradient (hartree/bohr, same
    /// shape, same order and frame).
    ///
    /// # Errors
    /// What kept the method from a number, the limits of the caller included.
    fn evaluate(&mut self, positions: &[[f64; 3]], gradient: &mut [[f64; 3]]) -> Result<Hartree, Failure>;

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
