//! From the density matrix to charges and moments, and from their potential to the Hamiltonian.

use crate::basis::Basis;
use crate::integrals::Integrals;
use crate::interaction::Moments;

/// Mulliken charges and moments of a density matrix (GFN2, eqs. 20, 24 and 25).
///
/// `q = n0 - sum P S` per shell; atomic dipoles and quadrupoles are the electrons' about their nucleus.
pub(crate) fn mulliken(
    basis: &Basis,
    integrals: &Integrals,
    density: &[f64],
    occupation: &[f64],
    moments: &mut Moments,
) {
    let n = integrals.n;
    moments.clear();
    moments.shell.copy_from_slice(occupation);
    for nu in 0..n {
        let column = nu * n..nu * n + n;
        let p = &density[column.clone()];
        let (atom, shell) = (basis.orbital_atom[nu], basis.orbital_shell[nu]);
        moments.shell[shell] -= dot(p, &integrals.overlap[column.clone()]);
        for (k, matrix) in integrals.dipole.iter().enumerate() {
            moments.dipole[atom][k] -= dot(p, &matrix[column.clone()]);
        }
        for (k, matrix) in integrals.quadrupole.iter().enumerate() {
            moments.quadrupole[atom][k] -= dot(p, &matrix[column.clone()]);
        }
    }
    for (atom, shells) in basis.atom_shells.iter().enumerate() {
        moments.atom[atom] = moments.shell[shells.clone()].iter().sum();
    }
}

/// Adds the potential's part to the Hamiltonian: `H = H0 - (T + T^T) / 2` with
/// `T_mn = S_mn V_n + D_mn . v_n + Q_mn : w_n`. `potential.shell` holds the sum of shell and atom potentials.
pub(crate) fn hamiltonian(
    basis: &Basis,
    integrals: &Integrals,
    core: &[f64],
    potential: &Moments,
    half: &mut [f64],
    out: &mut [f64],
) {
    let n = integrals.n;
    for nu in 0..n {
        let column = nu * n..nu * n + n;
        let atom = basis.orbital_atom[nu];
        let v = potential.shell[basis.orbital_shell[nu]];
        let (d, q) = (potential.dipole[atom], potential.quadrupole[atom]);
        let t = &mut half[column.clone()];
        let s = &integrals.overlap[column.clone()];
        let [dx, dy, dz] = [0, 1, 2].map(|k| &integrals.dipole[k][column.clone()]);
        let [xx, xy, yy, xz, yz, zz] = [0, 1, 2, 3, 4, 5].map(|k| &integrals.quadrupole[k][column.clone()]);
        for mu in 0..n {
            let charge = s[mu] * v;
            let dipole = dx[mu] * d[0] + dy[mu] * d[1] + dz[mu] * d[2];
            let quadrupole = (xx[mu] * q[0] + xy[mu] * q[1] + yy[mu] * q[2])
                + (xz[mu] * q[3] + yz[mu] * q[4] + zz[mu] * q[5]);
            t[mu] = 0.5 * (charge + dipole + quadrupole);
        }
    }
    // Blocks keep the transposed reads in cache.
    const BLOCK: usize = 16;
    for first in (0..n).step_by(BLOCK) {
        for second in (0..=first).step_by(BLOCK) {
            for nu in first..(first + BLOCK).min(n) {
                for mu in second..(second + BLOCK).min(nu + 1) {
                    let (up, low) = (mu + n * nu, nu + n * mu);
                    let h = core[up] - half[up] - half[low];
                    out[up] = h;
                    out[low] = h;
                }
            }
        }
    }
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    // Four running sums let the compiler use vector registers.
    let mut sums = [0.0; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = a8.remainder().iter().zip(b8.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a8.zip(b8) {
        for k in 0..8 {
            sums[k] += x[k] * y[k];
        }
    }
    rest + sums.iter().sum::<f64>()
}
