//! Native GFN2-xTB: energies, gradients, charges, multipoles, orbitals, bond orders, implicit solvation.
//!
//! Method: C. Bannwarth, S. Ehlert, S. Grimme, J. Chem. Theory Comput. 2019, 15, 1652
//! (doi:10.1021/acs.jctc.8b01176), below "GFN2". Atomic units throughout: bohr, hartree, e.

// Loops over an index shared by several arrays follow the equations.
#![allow(clippy::needless_range_loop)]

mod basis;
mod calculator;
mod coordination;
mod coulomb;
mod dispersion;
mod error;
mod hamiltonian;
mod integrals;
mod interaction;
mod linalg;
mod method;
mod parameters;
mod properties;
mod repulsion;
mod scc;
mod solvation;
mod system;
mod tables;

pub use self::method::Gfn2Method;
pub use calculator::{Gfn2, Options};
pub use error::QuantumError;
pub use solvation::{SolutionState, Solvent};
pub use system::System;
