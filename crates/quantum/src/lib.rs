//! Native GFN2-xTB: energies, gradients, charges, multipoles, orbitals, bond orders, implicit solvation.
//!
//! Method: C. Bannwarth, S. Ehlert, S. Grimme, J. Chem. Theory Comput. 2019, 15, 1652
//! (doi:10.1021/acs.jctc.8b01176), below "GFN2". Atomic units throughout: bohr, hartree, e.

mod basis;
mod coordination;
mod coulomb;
mod dispersion;
mod error;
mod integrals;
mod interaction;
mod linalg;
mod parameters;
mod repulsion;
mod scc;
mod solvation;
mod system;
mod tables;

pub use error::QuantumError;
pub use system::System;
