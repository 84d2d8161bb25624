//! Electrostatics of charges, dipoles and quadrupoles of atoms, and the on-site anisotropic exchange-correlation.

use super::lanes::Lanes;
use crate::interaction::{Interaction, Moments, Placement};
use crate::parameters::element;

/// Atoms treated at once: what fits into a vector register, so that the ten sums of the potential stay in
/// registers. Results do not depend on it, since each atom sums over the others in the same order.
const BLOCK: usize = if cfg!(target_feature = "avx") { 4 } else { 2 };

type Block = Lanes<BLOCK>;

/// Factor of the damping function, `f = 1 / (1 + 6 (R0 / R)^a)` (GFN2, eq. 28).
const DAMPING: f64 = 6.0;
/// Steepness of the radius' dependence on the coordination number (GFN2, eq. 29).
const RADIUS_STEEPNESS: f64 = 4.0;
/// Coordination number beyond the valence at which half the radius' growth is reached (GFN2, eq. 29).
const RADIUS_SHIFT: f64 = 1.2;
/// Largest radius, bohr (GFN2, eq. 29).
const RADIUS_LIMIT: f64 = 5.0;
/// No two atoms are that close (square, bohr^2): keeps an atom's pair with itself finite.
const NEVER: f64 = 1e-4;
/// How often each quadrupole component stands in the 3 x 3 matrix.
const MULTIPLICITY: [f64; 6] = [1.0, 2.0, 1.0, 2.0, 2.0, 1.0];

/// Parameters of one atom and what follows from its coordination number.
#[derive(Clone, Copy, Debug, Default)]
struct Site {
    /// Kernel of the on-site dipole term, hartree.
    dipole_kernel: f64,
    /// Kernel of the on-site quadrupole term, hartree.
    quadrupole_kernel: f64,
    /// Radius of the free atom, bohr.
    free_radius: f64,
    /// Valence coordination number.
    valence: f64,
    /// Position, bohr.
    position: [f64; 3],
    /// Damping radius, bohr.
    radius: f64,
    /// Derivative of the damping radius by the coordination number, bohr.
    radius_by_cn: f64,
}

/// Damped powers of the distance between the atoms of a block and one other atom.
#[derive(Clone, Copy, Debug)]
struct Pair {
    /// `f_3 / R^3 = 1 / (R^3 + 6 R0^3)`, bohr^-3.
    cubic: Block,
    /// `f_5 / R^5 = 1 / (R (R^4 + 6 R0^4))`, bohr^-5; zero for an atom with itself.
    quintic: Block,
}

/// Interaction of charges q with dipoles mu and (traceless) quadrupoles Theta, and of dipoles with each other
/// (GFN2, eqs. 24 to 27). For a pair of atoms with `R = r_i - r_j`:
///
/// `E = f_3/R^3 (q_i mu_j - q_j mu_i) R + f_5/R^5 (R^2 mu_i mu_j - 3 (mu_i R)(mu_j R) + R (q_i Theta_j + q_j Theta_i) R)`
///
/// Both dipole terms and quadrupole share `f_5`; `f_3` and `f_5` damp with `(R0/R)^3` and `(R0/R)^4`, `R0` the
/// average of radii that grow with the coordination number (GFN2, eqs. 28 and 29). On top comes each atom's
/// `k_mu mu^2 + k_Theta Theta^2` (GFN2, eq. 31).
#[derive(Clone, Debug)]
pub(crate) struct Anisotropic {
    sites: Vec<Site>,
    /// Positions by blocks of atoms, bohr. Lanes beyond the last atom stand at the origin; no result of theirs
    /// is used.
    positions: Vec<[Block; 3]>,
    /// Element `b * n_atoms + j` holds the pairs of the atoms of block `b` with atom `j`.
    pairs: Vec<Pair>,
}

impl Anisotropic {
    /// Looks up the parameters.
    pub fn new(numbers: &[u8]) -> Anisotropic {
        let site = |&number: &u8| {
            element(number).map_or(Site::default(), |e| Site {
                dipole_kernel: e.dipole_kernel,
                quadrupole_kernel: e.quadrupole_kernel,
                free_radius: e.multipole_radius,
                valence: e.multipole_valence,
                ..Site::default()
            })
        };
        let blocks = numbers.len().div_ceil(BLOCK);
        let none = Pair { cubic: Block::ZERO, quintic: Block::ZERO };
        Anisotropic {
            sites: numbers.iter().map(site).collect(),
            positions: vec![[Block::ZERO; 3]; blocks],
            pairs: vec![none; blocks * numbers.len()],
        }
    }

    /// The values of one block of atoms.
    #[inline(always)]
    fn gather(&self, block: usize, value: impl Fn(usize) -> f64) -> Block {
        Block::gather(block * BLOCK, self.sites.len(), value)
    }

    /// Sum over all pairs of each atom, shape `[n_blocks]`, and the pairs and indices it needs.
    #[inline(always)]
    fn pairs_of(&self, block: usize) -> impl Iterator<Item = (&Pair, &Site)> {
        let n = self.sites.len();
        self.pairs[block * n..(block + 1) * n].iter().zip(&self.sites)
    }
}

impl Interaction for Anisotropic {
    fn place(&mut self, placement: Placement) {
        let n = self.sites.len();
        let now = placement.positions.iter().zip(placement.cn);
        for (site, (&position, &cn)) in self.sites.iter_mut().zip(now) {
            site.position = position;
            let decay = (-RADIUS_STEEPNESS * (cn - site.valence - RADIUS_SHIFT)).exp();
            let growth = (RADIUS_LIMIT - site.free_radius) / (1.0 + decay);
            site.radius = site.free_radius + growth;
            // decay / (1 + decay) in a form that holds for infinite decay
            site.radius_by_cn = RADIUS_STEEPNESS * growth * (1.0 - 1.0 / (1.0 + decay));
        }
        for block in 0..self.positions.len() {
            let at = [0, 1, 2].map(|axis| self.gather(block, |i| self.sites[i].position[axis]));
            let radius = self.gather(block, |i| self.sites[i].radius);
            self.positions[block] = at;
            let row = &mut self.pairs[block * n..(block + 1) * n];
            for (pair, site) in row.iter_mut().zip(&self.sites) {
                let [x, y, z] = [0, 1, 2].map(|axis| at[axis] - site.position[axis]);
                let r2 = (x * x + y * y + z * z).at_least(NEVER);
                let r = r2.sqrt();
                let r0 = (radius + site.radius) * 0.5;
                let r02 = r0 * r0;
                // one division instead of two: both denominators' product first
                let cubic = r2 * r + r02 * r0 * DAMPING;
                let quintic = r * (r2 * r2 + r02 * r02 * DAMPING);
                let inverse = Lanes([1.0; BLOCK]) / (cubic * quintic);
                *pair = Pair { cubic: inverse * quintic, quintic: inverse * cubic };
            }
            for (lane, pair) in row[block * BLOCK..].iter_mut().take(BLOCK).enumerate() {
                pair.quintic.0[lane] = 0.0;
            }
        }
    }

    fn add_potential(&mut self, moments: &Moments, potential: &mut Moments) {
        for (block, at) in self.positions.iter().enumerate() {
            let mut charge = Block::ZERO;
            let mut dipole = [Block::ZERO; 3];
            let mut quadrupole = [Block::ZERO; 6];
            let others = moments.atom.iter().zip(&moments.dipole).zip(&moments.quadrupole);
            for ((pair, site), ((&q, mu), theta)) in self.pairs_of(block).zip(others) {
                let [x, y, z] = [0, 1, 2].map(|axis| at[axis] - site.position[axis]);
                let squares = squares(x, y, z);
                let r2 = squares[0] + squares[2] + squares[5];
                let along = x * mu[0] + y * mu[1] + z * mu[2];
                charge += pair.cubic * along + pair.quintic * contract(&squares, theta);
                let radial = pair.cubic * q + pair.quintic * along * 3.0;
                let level = pair.quintic * r2;
                dipole[0] += level * mu[0] - radial * x;
                dipole[1] += level * mu[1] - radial * y;
                dipole[2] += level * mu[2] - radial * z;
                let weight = pair.quintic * q;
                for (sum, square) in quadrupole.iter_mut().zip(squares) {
                    *sum += weight * square;
                }
            }
            let last = self.sites.len().min((block + 1) * BLOCK);
            for (lane, i) in (block * BLOCK..last).enumerate() {
                let site = &self.sites[i];
                potential.atom[i] += charge.0[lane];
                for axis in 0..3 {
                    potential.dipole[i][axis] +=
                        dipole[axis].0[lane] + 2.0 * site.dipole_kernel * moments.dipole[i][axis];
                }
                for c in 0..6 {
                    let kernel = 2.0 * MULTIPLICITY[c] * site.quadrupole_kernel;
                    potential.quadrupole[i][c] += quadrupole[c].0[lane] + kernel * moments.quadrupole[i][c];
                }
            }
        }
    }

    /// The energy of a charge with a multipole goes to the atom with the multipole, that of two dipoles to
    /// both in equal parts.
    fn add_energy(&mut self, moments: &Moments, energy: &mut [f64]) {
        for (block, at) in self.positions.iter().enumerate() {
            let own_mu = [0, 1, 2].map(|axis| self.gather(block, |i| moments.dipole[i][axis]));
            let own_theta = [0, 1, 2, 3, 4, 5].map(|c| self.gather(block, |i| moments.quadrupole[i][c]));
            let mut sum = Block::ZERO;
            let others = moments.atom.iter().zip(&moments.dipole);
            for ((pair, site), (&q, mu)) in self.pairs_of(block).zip(others) {
                let [x, y, z] = [0, 1, 2].map(|axis| at[axis] - site.position[axis]);
                let squares = squares(x, y, z);
                let r2 = squares[0] + squares[2] + squares[5];
                let own_along = own_mu[0] * x + own_mu[1] * y + own_mu[2] * z;
                let along = x * mu[0] + y * mu[1] + z * mu[2];
                let dipoles = own_mu[0] * mu[0] + own_mu[1] * mu[1] + own_mu[2] * mu[2];
                let dipoles = (r2 * dipoles - own_along * along * 3.0) * 0.5;
                sum += pair.quintic * (contract_lanes(&squares, &own_theta) * q + dipoles)
                    - pair.cubic * own_along * q;
            }
            let last = self.sites.len().min((block + 1) * BLOCK);
            for (lane, i) in (block * BLOCK..last).enumerate() {
                let (site, mu, theta) = (&self.sites[i], &moments.dipole[i], &moments.quadrupole[i]);
                let mu2: f64 = mu.iter().map(|x| x * x).sum();
                let theta2: f64 = theta.iter().zip(MULTIPLICITY).map(|(x, m)| m * x * x).sum();
                energy[i] += sum.0[lane] + site.dipole_kernel * mu2 + site.quadrupole_kernel * theta2;
            }
        }
    }

    fn add_gradient(
        &mut self,
        _: Placement,
        moments: &Moments,
        gradient: &mut [[f64; 3]],
        by_cn: &mut [f64],
    ) {
        for (block, at) in self.positions.iter().enumerate() {
            let own_q = self.gather(block, |i| moments.atom[i]);
            let own_mu = [0, 1, 2].map(|axis| self.gather(block, |i| moments.dipole[i][axis]));
            let own_theta = [0, 1, 2, 3, 4, 5].map(|c| self.gather(block, |i| moments.quadrupole[i][c]));
            let own_radius = self.gather(block, |i| self.sites[i].radius);
            let mut force = [Block::ZERO; 3];
            let mut by_radius = Block::ZERO;
            let others = moments.atom.iter().zip(&moments.dipole).zip(&moments.quadrupole);
            for ((pair, site), ((&q, mu), theta)) in self.pairs_of(block).zip(others) {
                let r = [0, 1, 2].map(|axis| at[axis] - site.position[axis]);
                let r2 = (r[0] * r[0] + r[1] * r[1] + r[2] * r[2]).at_least(NEVER);
                let distance = r2.sqrt();
                let r0 = (own_radius + site.radius) * 0.5;
                let r02 = r0 * r0;
                // the three parts of the pair energy without their powers of the distance
                let crossed = [0, 1, 2].map(|axis| own_q * mu[axis] - own_mu[axis] * q);
                let charge_dipole = crossed[0] * r[0] + crossed[1] * r[1] + crossed[2] * r[2];
                let dipoles = own_mu[0] * mu[0] + own_mu[1] * mu[1] + own_mu[2] * mu[2];
                let own_along = own_mu[0] * r[0] + own_mu[1] * r[1] + own_mu[2] * r[2];
                let along = r[0] * mu[0] + r[1] * mu[1] + r[2] * mu[2];
                let t: [Block; 6] = std::array::from_fn(|c| own_q * theta[c] + own_theta[c] * q);
                let turned = [
                    t[0] * r[0] + t[1] * r[1] + t[3] * r[2],
                    t[1] * r[0] + t[2] * r[1] + t[4] * r[2],
                    t[3] * r[0] + t[4] * r[1] + t[5] * r[2],
                ];
                let tensors =
                    turned[0] * r[0] + turned[1] * r[1] + turned[2] * r[2] - own_along * along * 3.0;
                // 1 / (R^4 + 6 R0^4), and the derivatives by R, divided by R, of the three powers
                let quartic = pair.quintic * distance;
                let cubic2 = pair.cubic * pair.cubic;
                let bend = quartic * r2 * 4.0;
                let one = Lanes([1.0; BLOCK]);
                let radial = pair.quintic * ((one - bend * r2) * dipoles - (one / r2 + bend) * tensors)
                    - cubic2 * distance * charge_dipole * 3.0;
                for axis in 0..3 {
                    let direct = turned[axis] * 2.0 - (own_mu[axis] * along + own_along * mu[axis]) * 3.0;
                    force[axis] += pair.cubic * crossed[axis] + pair.quintic * direct + radial * r[axis];
                }
                // d/dR0 of the pair; half of it belongs to each atom's radius
                let fifth = pair.quintic * (r2 * dipoles + tensors);
                by_radius -= (cubic2 * charge_dipole * 3.0 + quartic * r0 * fifth * 4.0) * r02;
            }
            let last = self.sites.len().min((block + 1) * BLOCK);
            for (lane, i) in (block * BLOCK..last).enumerate() {
                for axis in 0..3 {
                    gradient[i][axis] += force[axis].0[lane];
                }
                by_cn[i] += 0.5 * DAMPING * by_radius.0[lane] * self.sites[i].radius_by_cn;
            }
        }
    }
}

/// Products of the components, off-diagonal ones twice; order xx, xy, yy, xz, yz, zz.
#[inline(always)]
fn squares(x: Block, y: Block, z: Block) -> [Block; 6] {
    let (x2, y2) = (x + x, y + y);
    [x * x, x2 * y, y * y, x2 * z, y2 * z, z * z]
}

/// `R Theta R` from the products of `squares`, for one quadrupole.
#[inline(always)]
fn contract(squares: &[Block; 6], theta: &[f64; 6]) -> Block {
    let [xx, xy, yy, xz, yz, zz] = squares;
    (*xx * theta[0] + *xy * theta[1]) + (*yy * theta[2] + *xz * theta[3]) + (*yz * theta[4] + *zz * theta[5])
}

/// `R Theta R` from the products of `squares`, each lane with its own quadrupole.
#[inline(always)]
fn contract_lanes(squares: &[Block; 6], theta: &[Block; 6]) -> Block {
    let [xx, xy, yy, xz, yz, zz] = squares;
    (*xx * theta[0] + *xy * theta[1]) + (*yy * theta[2] + *xz * theta[3]) + (*yz * theta[4] + *zz * theta[5])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coulomb::tests::{Sample, check_gradient, check_invariance, check_potential};

    #[test]
    fn potential_is_the_derivative_of_the_energy() {
        for sample in Sample::all() {
            check_potential(&mut Anisotropic::new(&sample.numbers), &sample);
        }
    }

    #[test]
    fn gradient_is_the_derivative_of_the_energy() {
        for sample in Sample::all() {
            check_gradient(&mut Anisotropic::new(&sample.numbers), &sample);
        }
    }

    #[test]
    fn energy_does_not_change_on_rotation() {
        for sample in Sample::all() {
            check_invariance(&mut Anisotropic::new(&sample.numbers), &sample);
        }
    }
}
