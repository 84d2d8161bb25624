//! The charge-independent part of the Hamiltonian (GFN2, eqs. 12 to 17).
//!
//! Between shells `i` on atom A and `j` on atom B,
//! `H_ij = S_ij K_ij Pi_ij (e_i + e_j) / 2`, with
//! `K_ij = k_ll' (2 sqrt(z_i z_j) / (z_i + z_j))^(1/2) (1 + 0.02 (EN_A - EN_B)^2)`,
//! `Pi_ij = (1 + p_i x)(1 + p_j x)`, `x = sqrt(R_AB / (r_A + r_B))`, and levels that follow the coordination number,
//! `e_i = e_i^0 - k_i CN_A`. On one atom only the levels remain, since the shells there are orthogonal.

use crate::basis::Basis;
use crate::integrals::Integrals;
use crate::interaction::Moments;
use crate::parameters::{ANGSTROM, EV, element};
use crate::tables::elements::ATOMIC_RADII;

/// Weight of the squared difference of electronegativities (GFN2, eq. 13).
const EN_SCALE: f64 = 0.02;

/// Scaling constants `k_ll'` (GFN2, Table 2).
const fn shell_scale(l: usize, m: usize) -> f64 {
    match (l, m) {
        (0, 0) => 1.85,
        (0, 1) | (1, 0) => 0.5 * (1.85 + 2.23),
        (1, 1) | (2, 2) => 2.23,
        _ => 2.0,
    }
}

/// What a shell brings to its matrix elements.
#[derive(Clone, Copy, Debug)]
struct Level {
    /// Level without neighbours, hartree.
    energy: f64,
    /// Shift per coordination number, hartree.
    by_cn: f64,
    /// Polynomial factor p.
    polynomial: f64,
    /// Atomic radius, bohr.
    radius: f64,
    /// Index of (element, shell) among those that occur.
    kind: usize,
}

/// Levels and matrix of the charge-independent Hamiltonian.
#[derive(Clone, Debug)]
pub(crate) struct CoreHamiltonian {
    levels: Vec<Level>,
    kinds: usize,
    /// `K_ij` by kind of both shells.
    scale: Vec<f64>,
    /// Levels at the present coordination numbers, hartree, shape `[n_shells]`.
    energies: Vec<f64>,
    /// Full symmetric matrix in hartree, `n * n`.
    pub matrix: Vec<f64>,
}

/// The scalar that multiplies the overlap between two shells, with what its derivatives need.
struct Factor {
    /// `K Pi (e_i + e_j) / 2`, hartree.
    value: f64,
    /// `K Pi / 2`: derivative with respect to each level.
    by_level: f64,
    /// Derivative with respect to the distance, divided by the distance, hartree/bohr^2.
    by_distance: f64,
}

impl CoreHamiltonian {
    /// Gathers the parameters of all shells.
    pub fn new(numbers: &[u8], basis: &Basis) -> CoreHamiltonian {
        let mut known: Vec<(u8, usize)> = Vec::new();
        let mut levels = Vec::with_capacity(basis.shells.len());
        for shell in &basis.shells {
            let number = numbers[shell.atom];
            let Some(parameters) = element(number) else { continue };
            let p = parameters.shells[shell.index];
            let key = (number, shell.index);
            let kind = known.iter().position(|&k| k == key).unwrap_or_else(|| {
                known.push(key);
                known.len() - 1
            });
            levels.push(Level {
                energy: p.level * EV,
                by_cn: p.level_by_cn * EV,
                polynomial: p.polynomial,
                radius: ATOMIC_RADII[usize::from(number) - 1] * ANGSTROM,
                kind,
            });
        }
        let kinds = known.len();
        let mut scale = vec![0.0; kinds * kinds];
        for (a, &(na, ia)) in known.iter().enumerate() {
            for (b, &(nb, ib)) in known.iter().enumerate() {
                let (Some(ea), Some(eb)) = (element(na), element(nb)) else { continue };
                let (pa, pb) = (ea.shells[ia], eb.shells[ib]);
                let spread = 2.0 * (pa.slater * pb.slater).sqrt() / (pa.slater + pb.slater);
                let en = ea.electronegativity - eb.electronegativity;
                scale[a * kinds + b] = shell_scale(usize::from(pa.l), usize::from(pb.l))
                    * spread.sqrt()
                    * (1.0 + EN_SCALE * en * en);
            }
        }
        let (n, shells) = (basis.orbitals(), basis.shells.len());
        CoreHamiltonian { levels, kinds, scale, energies: vec![0.0; shells], matrix: vec![0.0; n * n] }
    }

    fn factor(&self, i: usize, j: usize, square: f64) -> Factor {
        let (a, b) = (&self.levels[i], &self.levels[j]);
        let distance = square.sqrt();
        let x = (distance / (a.radius + b.radius)).sqrt();
        let (pa, pb) = (1.0 + a.polynomial * x, 1.0 + b.polynomial * x);
        let half = 0.5 * self.scale[a.kind * self.kinds + b.kind];
        let level = self.energies[i] + self.energies[j];
        // dx/dR = x / (2 R).
        let slope = (a.polynomial * pb + b.polynomial * pa) * 0.5 * x / square;
        Factor { value: half * pa * pb * level, by_level: half * pa * pb, by_distance: half * level * slope }
    }

    /// Fills the matrix for these positions (bohr), coordination numbers and integrals.
    pub fn build(&mut self, basis: &Basis, positions: &[[f64; 3]], cn: &[f64], integrals: &Integrals) {
        for ((energy, level), shell) in self.energies.iter_mut().zip(&self.levels).zip(&basis.shells) {
            *energy = level.energy - level.by_cn * cn[shell.atom];
        }
        let n = integrals.n;
        let mut matrix = std::mem::take(&mut self.matrix);
        matrix.fill(0.0);
        for &(i, j) in &integrals.pairs {
            let (a, b) = (&basis.shells[i], &basis.shells[j]);
            if a.atom == b.atom {
                if i == j {
                    for mu in a.orbitals.clone() {
                        matrix[mu + n * mu] = self.energies[i];
                    }
                }
                continue;
            }
            let factor = self.factor(i, j, square(positions, a.atom, b.atom)).value;
            for nu in b.orbitals.clone() {
                for mu in a.orbitals.clone() {
                    let element = factor * integrals.overlap[mu + n * nu];
                    matrix[mu + n * nu] = element;
                    matrix[nu + n * mu] = element;
                }
            }
        }
        self.matrix = matrix;
    }

    /// Adds the derivative of `Tr P H` and of everything else that depends on the integrals: `-Tr W S` and the
    /// moments in the potential. `density` and `weighted` are full matrices, `potential.shell` holds the sum of
    /// shell and atom potentials. Gradient in hartree/bohr; derivatives by coordination number in hartree.
    #[allow(clippy::too_many_arguments)] // All of it is the state of one converged calculation.
    pub fn add_gradient(
        &self,
        basis: &Basis,
        positions: &[[f64; 3]],
        integrals: &Integrals,
        density: &[f64],
        weighted: &[f64],
        potential: &Moments,
        gradient: &mut [[f64; 3]],
        by_cn: &mut [f64],
    ) {
        let n = integrals.n;
        let mut weights = crate::integrals::PairWeights::default();
        for &(i, j) in &integrals.pairs {
            let (a, b) = (&basis.shells[i], &basis.shells[j]);
            if a.atom == b.atom {
                if i == j {
                    let held: f64 = a.orbitals.clone().map(|mu| density[mu + n * mu]).sum();
                    by_cn[a.atom] -= held * self.levels[i].by_cn;
                }
                continue;
            }
            let square = square(positions, a.atom, b.atom);
            let factor = self.factor(i, j, square);
            let scalar = 2.0 * factor.value - potential.shell[i] - potential.shell[j];
            weights.dipole = [potential.dipole[a.atom], potential.dipole[b.atom]];
            weights.quadrupole = [potential.quadrupole[a.atom], potential.quadrupole[b.atom]];
            let mut bond = 0.0;
            for (col, nu) in b.orbitals.clone().enumerate() {
                for (row, mu) in a.orbitals.clone().enumerate() {
                    let p = density[mu + n * nu];
                    bond += p * integrals.overlap[mu + n * nu];
                    weights.overlap[row][col] = p * scalar - 2.0 * weighted[mu + n * nu];
                    weights.density[row][col] = -p;
                }
            }
            let mut force = crate::integrals::pair_gradient(basis, a, b, positions, &weights);
            let (x, y) = (positions[a.atom], positions[b.atom]);
            for k in 0..3 {
                force[k] += 2.0 * bond * factor.by_distance * (x[k] - y[k]);
                gradient[a.atom][k] += force[k];
                gradient[b.atom][k] -= force[k];
            }
            let by_level = 2.0 * bond * factor.by_level;
            by_cn[a.atom] -= by_level * self.levels[i].by_cn;
            by_cn[b.atom] -= by_level * self.levels[j].by_cn;
        }
    }
}

fn square(positions: &[[f64; 3]], i: usize, j: usize) -> f64 {
    (0..3).map(|k| (positions[i][k] - positions[j][k]).powi(2)).sum()
}
