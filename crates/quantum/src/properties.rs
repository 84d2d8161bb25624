//! Moments of the molecule and bond orders.

use crate::basis::Basis;
use crate::interaction::Moments;

/// Dipole moment about the origin from charges and atomic dipoles, e bohr.
pub(crate) fn dipole(positions: &[[f64; 3]], moments: &Moments) -> [f64; 3] {
    let mut total = [0.0; 3];
    for ((r, q), d) in positions.iter().zip(&moments.atom).zip(&moments.dipole) {
        for k in 0..3 {
            total[k] += q * r[k] + d[k];
        }
    }
    total
}

/// Traceless quadrupole moment about the origin, e bohr^2: atomic quadrupoles, and dipoles and charges shifted to
/// the origin.
pub(crate) fn quadrupole(positions: &[[f64; 3]], moments: &Moments) -> [f64; 6] {
    const AXES: [(usize, usize); 6] = [(0, 0), (0, 1), (1, 1), (0, 2), (1, 2), (2, 2)];
    let mut total = [0.0; 6];
    for (atom, r) in positions.iter().enumerate() {
        let (q, d) = (moments.atom[atom], moments.dipole[atom]);
        let square: f64 = r.iter().map(|x| x * x).sum();
        let along: f64 = r.iter().zip(d).map(|(x, d)| x * d).sum();
        for (c, &(k, l)) in AXES.iter().enumerate() {
            let trace = if k == l { 0.5 * q * square + along } else { 0.0 };
            total[c] +=
                moments.quadrupole[atom][c] + 1.5 * (q * r[k] * r[l] + d[k] * r[l] + d[l] * r[k]) - trace;
        }
    }
    total
}

/// Bond orders `sum (PS)_mn (PS)_nm` over the functions of two atoms, shape `[n_atoms * n_atoms]`, zero diagonal.
/// With unpaired electrons the total is the sum for the density and for the spin density (Mayer, Chem. Phys. Lett.
/// 1983, 97, 270; 1985, 117, 396).
pub(crate) fn bond_orders(basis: &Basis, overlap: &[f64], density: &[f64]) -> Vec<f64> {
    let n = basis.orbitals();
    let atoms = basis.atom_shells.len();
    let mut product = vec![0.0; n * n];
    crate::linalg::multiply(density, overlap, &mut product, n, n, n);
    let mut orders = vec![0.0; atoms * atoms];
    for nu in 0..n {
        for mu in 0..n {
            let (a, b) = (basis.orbital_atom[mu], basis.orbital_atom[nu]);
            if a != b {
                orders[a + atoms * b] += product[mu + n * nu] * product[nu + n * mu];
            }
        }
    }
    orders
}
