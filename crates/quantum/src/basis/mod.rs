//! Contracted Gaussian basis functions on atoms.

mod slater;

use std::ops::Range;

/// One shell: `2 l + 1` functions with a common radial part.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shell {
    /// Atom it stands on.
    pub atom: usize,
    /// Angular momentum, 0 to 2.
    pub l: usize,
    /// Index among the shells of its element (`parameters::Element::shells`).
    pub index: usize,
    /// Its functions. Order: p is y, z, x; d is xy, yz, z2, xz, x2-y2 (m from -l to l).
    pub orbitals: Range<usize>,
    /// Its primitives in `Basis::exponents` and `Basis::coefficients`.
    pub primitives: Range<usize>,
}

/// All shells of a system, in the order of the atoms.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Basis {
    /// Shells, atom by atom.
    pub shells: Vec<Shell>,
    /// Exponents of all primitives, bohr^-2.
    pub exponents: Vec<f64>,
    /// Contraction coefficients, normalisation of primitives and contraction included.
    pub coefficients: Vec<f64>,
    /// Shells of each atom, shape `[n_atoms]`.
    pub atom_shells: Vec<Range<usize>>,
    /// Functions of each atom, shape `[n_atoms]`.
    pub atom_orbitals: Vec<Range<usize>>,
    /// Atom of each function, shape `[n_orbitals]`.
    pub orbital_atom: Vec<usize>,
    /// Shell of each function, shape `[n_orbitals]`.
    pub orbital_shell: Vec<usize>,
}

impl Basis {
    /// Number of functions.
    pub fn orbitals(&self) -> usize {
        self.orbital_atom.len()
    }
}
