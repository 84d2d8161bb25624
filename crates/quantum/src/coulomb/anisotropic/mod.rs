//! Electrostatics of charges, dipoles and quadrupoles of atoms, and the on-site anisotropic exchange-correlation.

mod cycle;
mod gradient;
mod place;

use super::lanes::{Lanes, Simd, WIDEST, run};
use crate::interaction::{Interaction, Moments, Placement};
use crate::parameters::element;

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

/// Parameters of one atom.
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
}

/// Interaction of charges q with dipoles mu and (traceless) quadrupoles Theta, and of dipoles with each other
/// (GFN2, eqs. 24 to 27). For a pair of atoms with `R = r_i - r_j`:
///
/// `E = f_3/R^3 (q_i mu_j - q_j mu_i) R + f_5/R^5 (R^2 mu_i mu_j - 3 (mu_i R)(mu_j R) + R (q_i Theta_j + q_j Theta_i) R)`
///
/// `f_3` and `f_5` damp with `(R0/R)^3` and `(R0/R)^4`, `R0` the average of the atoms' radii, which grow with the
/// coordination number (GFN2, eqs. 28 and 29). On top comes each atom's `k_mu mu^2 + k_Theta Theta^2` (GFN2,
/// eq. 31).
#[derive(Clone, Debug)]
pub(crate) struct Anisotropic {
    sites: Vec<Site>,
    /// Positions, bohr.
    positions: Vec<[f64; 3]>,
    /// Damping radii, bohr.
    radii: Vec<f64>,
    /// Derivatives of the damping radii by the coordination numbers, bohr.
    radii_by_cn: Vec<f64>,
    /// `f_3 / R^3 = 1 / (R^3 + 6 R0^3)`, bohr^-3, with as many atoms to a block as a vector has lanes: for each
    /// block and each atom `j` the vector of its pairs with all atoms of the block. What the last block holds
    /// beyond the last atom is never used.
    cubic: Vec<f64>,
    /// `f_5 / R^5 = 1 / (R (R^4 + 6 R0^4))`, bohr^-5, in the same order; zero for an atom with itself.
    quintic: Vec<f64>,
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
            })
        };
        let n = numbers.len();
        let pairs = n.next_multiple_of(WIDEST) * n;
        Anisotropic {
            sites: numbers.iter().map(site).collect(),
            positions: vec![[0.0; 3]; n],
            radii: vec![0.0; n],
            radii_by_cn: vec![0.0; n],
            cubic: vec![0.0; pairs],
            quintic: vec![0.0; pairs],
        }
    }

    /// The damped powers of each block of atoms, in order.
    #[inline(always)]
    fn blocks<S: Simd>(&self) -> impl Iterator<Item = (&[f64], &[f64])> {
        let length = self.sites.len().max(1) * S::F64_LANES;
        self.cubic.chunks_exact(length).zip(self.quintic.chunks_exact(length))
    }

    /// `f_3 / R^3`, `f_5 / R^5` and R of the pairs of a block, whose atoms stand at `at`, with each atom.
    #[inline(always)]
    fn pairs<S: Simd>(
        &self,
        simd: S,
        at: [Lanes<S>; 3],
        (cubic, quintic): (&[f64], &[f64]),
    ) -> impl Iterator<Item = (Lanes<S>, Lanes<S>, [Lanes<S>; 3])> {
        let powers = Lanes::load(simd, cubic).zip(Lanes::load(simd, quintic));
        powers.zip(&self.positions).map(move |((cubic, quintic), from)| {
            (cubic, quintic, [at[0] - from[0], at[1] - from[1], at[2] - from[2]])
        })
    }
}

impl Interaction for Anisotropic {
    fn place(&mut self, placement: Placement) {
        self.positions.copy_from_slice(placement.positions);
        let radii = self.radii.iter_mut().zip(&mut self.radii_by_cn);
        for ((radius, site), &cn) in radii.zip(&self.sites).zip(placement.cn) {
            (*radius.0, *radius.1) = site.radius(cn);
        }
        run(place::Place(self));
    }

    fn add_potential(&mut self, moments: &Moments, potential: &mut Moments) {
        run(cycle::Potential { term: self, moments, potential });
    }

    /// The energy of a charge with a multipole goes to the atom with the multipole, that of two dipoles to
    /// both in equal parts.
    fn add_energy(&mut self, moments: &Moments, energy: &mut [f64]) {
        run(cycle::Energy { term: self, moments, energy });
    }

    fn add_gradient(
        &mut self,
        _: Placement,
        moments: &Moments,
        gradient: &mut [[f64; 3]],
        by_cn: &mut [f64],
    ) {
        run(gradient::Gradient { term: self, moments, gradient, by_cn });
    }
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
