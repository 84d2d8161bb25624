//! Implicit solvation by the analytical linearised Poisson-Boltzmann model, ALPB.
//!
//! Method: S. Ehlert, M. Stahn, S. Spicher, S. Grimme, J. Chem. Theory Comput. 2021, 17, 4250
//! (doi:10.1021/acs.jctc.1c00471), with the parameters for GFN2-xTB. The free energy of solvation refers to 1 mol/L
//! of ideal gas and 1 mol/L of solution, which is what tblite calls `gsolv`, its default:
//!
//! | term | energy |
//! |---|---|
//! | polarisation | `kappa/2 sum_ij q_i q_j (1/f_ij + alpha beta / A)` |
//! | hydrogen bonds | `sum_i h_i q_i^2 A_i` |
//! | cavity and dispersion | `sum_i gamma_i A_i` |
//! | shift | a constant |
//!
//! `kappa = (1/eps - 1) / (1 + alpha beta)`, `beta = 1/eps`; `f_ij` the kernel P16 of distance and [`born`] radii;
//! `A` the electrostatic size ([`shape`]); `A_i` the solvent-accessible areas ([`surface`]).

mod born;
mod grid;
mod shape;
mod solvent;
mod surface;
#[cfg(test)]
mod tests;

use std::f64::consts::PI;

use crate::interaction::{Interaction, Moments, Placement};
use crate::parameters::ANGSTROM;
use crate::tables::alpb::VDW_RADII;
use born::BornRadii;
use shape::Shape;
pub(crate) use solvent::SolventParameters;
pub use solvent::{SolutionState, Solvent};
use surface::Surface;

/// One kcal/mol in hartree (CODATA 2018).
const KCAL: f64 = 4.184 / 2_625.499_639_479_9;

/// The constant alpha of the model (G. Sigalov, P. Scheffel, A. Onufriev, J. Chem. Phys. 2005, 122, 094511).
const ALPHA: f64 = 0.571_412;

/// The constant zeta of the kernel P16, over its power (A. W. Lange, J. M. Herbert, J. Chem. Theory Comput. 2012,
/// 8, 1999).
const ZETA_16: f64 = 1.028 / 16.0;

/// Free energy of solvation of the charges of atoms. Charges relax in it: it is a term of the SCC loop.
#[derive(Clone, Debug)]
pub(crate) struct Alpb {
    /// Prefactor kappa of the polarisation energy.
    kappa: f64,
    /// Product of alpha and beta.
    alpha_beta: f64,
    /// Constant shift per atom, hartree.
    shift: f64,
    /// Surface tension of each atom, hartree/bohr^2.
    tension: Vec<f64>,
    /// Strength of the hydrogen bonds of each atom, hartree/(e bohr)^2.
    hydrogen_bond: Vec<f64>,
    born: BornRadii,
    /// Roots of the Born radii, bohr^(1/2).
    roots: Vec<f64>,
    shape: Shape,
    surface: Surface,
    /// The energy is `1/2 q M q` plus what does not depend on charges: M in hartree/e^2, shape `[n_atoms^2]`.
    matrix: Vec<f64>,
    /// Potential of the charges, hartree/e.
    potential: Vec<f64>,
}

impl Alpb {
    /// Looks up the parameters.
    pub fn new(numbers: &[u8], solvent: Solvent) -> Alpb {
        let parameters = solvent.parameters();
        let n = numbers.len();
        let of = |table: &[f64; 86]| -> Vec<f64> {
            let entry = |z: &u8| table.get(usize::from(*z).wrapping_sub(1)).copied().unwrap_or(0.0);
            numbers.iter().map(entry).collect()
        };
        let vdw: Vec<f64> = of(&VDW_RADII).iter().map(|r| r * ANGSTROM).collect();
        let descreening = of(&parameters.descreening).iter().zip(&vdw).map(|(s, r)| s * r).collect();
        let spheres: Vec<f64> = vdw.iter().map(|r| r + parameters.probe_radius * ANGSTROM).collect();
        let roots_of_strength = of(&parameters.hydrogen_bond);
        let hydrogen_bond =
            roots_of_strength.iter().zip(&spheres).map(|(h, r)| -KCAL * h * h / (4.0 * PI * r * r));
        let alpha_beta = ALPHA / parameters.dielectric_constant;
        Alpb {
            kappa: (1.0 / parameters.dielectric_constant - 1.0) / (1.0 + alpha_beta),
            alpha_beta,
            shift: parameters.shift * KCAL / n as f64,
            tension: of(&parameters.surface_tension).iter().map(|t| t * 1e-5).collect(),
            hydrogen_bond: hydrogen_bond.collect(),
            shape: Shape::new(&vdw),
            born: BornRadii::new(
                vdw,
                descreening,
                parameters.born_scale,
                0.1 * ANGSTROM * parameters.born_offset,
            ),
            roots: vec![0.0; n],
            surface: Surface::new(spheres),
            matrix: vec![0.0; n * n],
            potential: vec![0.0; n],
        }
    }

    /// Computes `self.potential` for these charges.
    fn multiply(&mut self, charges: &[f64]) {
        self.potential.fill(0.0);
        for (column, q) in self.matrix.chunks_exact(charges.len()).zip(charges) {
            for (v, m) in self.potential.iter_mut().zip(column) {
                *v += m * q;
            }
        }
    }

    /// Adds the gradient of the kernel at fixed Born radii, and the derivatives with respect to the radii, to
    /// `self.potential` as a buffer.
    fn add_kernel_gradient(&mut self, positions: &[[f64; 3]], charges: &[f64], gradient: &mut [[f64; 3]]) {
        let by_radius = &mut self.potential;
        by_radius.fill(0.0);
        for i in 0..positions.len() {
            let (q, radius) = (charges[i], self.born.radii[i]);
            by_radius[i] -= 0.5 * self.kappa * q * q / (radius * radius);
            for j in 0..i {
                let r = distance(&positions[i], &positions[j]);
                let g = self.roots[i] * self.roots[j];
                let (x, x16) = damping(r, g);
                let inverse = 1.0 / (r + g * x16);
                let by_f = -self.kappa * q * charges[j] * inverse * inverse;
                // df/dR = 1 - zeta x^17, df/dg = x^16 (17 - 16 x)
                let by_r = by_f * (1.0 - 16.0 * ZETA_16 * x16 * x) / r;
                let by_g = by_f * x16 * (17.0 - 16.0 * x) * 0.5 * g;
                by_radius[i] += by_g / radius;
                by_radius[j] += by_g / self.born.radii[j];
                for axis in 0..3 {
                    let force = by_r * (positions[i][axis] - positions[j][axis]);
                    gradient[i][axis] += force;
                    gradient[j][axis] -= force;
                }
            }
        }
    }
}

impl Interaction for Alpb {
    fn place(&mut self, placement: Placement) {
        let positions = placement.positions;
        let n = positions.len();
        self.born.place(positions);
        self.shape.place(positions);
        self.surface.place(positions);
        for (root, radius) in self.roots.iter_mut().zip(&self.born.radii) {
            *root = radius.sqrt();
        }
        let common = self.kappa * self.alpha_beta / self.shape.size;
        for i in 0..n {
            for j in 0..i {
                let r = distance(&positions[i], &positions[j]);
                let g = self.roots[i] * self.roots[j];
                let element = self.kappa / (r + g * damping(r, g).1) + common;
                self.matrix[i * n + j] = element;
                self.matrix[j * n + i] = element;
            }
            let own = 2.0 * self.hydrogen_bond[i] * self.surface.areas[i];
            self.matrix[i * n + i] = self.kappa / self.born.radii[i] + common + own;
        }
    }

    fn add_potential(&mut self, moments: &Moments, potential: &mut Moments) {
        self.multiply(&moments.atom);
        for (total, v) in potential.atom.iter_mut().zip(&self.potential) {
            *total += v;
        }
    }

    fn add_energy(&mut self, moments: &Moments, energy: &mut [f64]) {
        self.multiply(&moments.atom);
        for (i, e) in energy.iter_mut().enumerate() {
            let charge = 0.5 * moments.atom[i] * self.potential[i];
            *e += charge + self.tension[i] * self.surface.areas[i] + self.shift;
        }
    }

    fn add_gradient(
        &mut self,
        placement: Placement,
        moments: &Moments,
        gradient: &mut [[f64; 3]],
        _: &mut [f64],
    ) {
        let (positions, charges) = (placement.positions, &moments.atom);
        self.add_kernel_gradient(positions, charges, gradient);
        self.born.add_gradient(positions, &self.potential, gradient);
        let total: f64 = charges.iter().sum();
        let size = self.shape.size;
        let by_size = -0.5 * self.kappa * self.alpha_beta * total * total / (size * size);
        self.shape.add_gradient(positions, by_size, gradient);
        let by_area = |i: usize| self.tension[i] + self.hydrogen_bond[i] * charges[i] * charges[i];
        self.surface.add_gradient(by_area, gradient);
    }
}

/// Of the kernel `f = R + g x^16`, `x = g / (g + zeta R / 16)`, `g` the geometric mean of two Born radii: x and its
/// power. (Published as `g / (1 + zeta R / (16 g))^16`.)
#[inline]
fn damping(r: f64, g: f64) -> (f64, f64) {
    let x = g / (g + ZETA_16 * r);
    let x2 = x * x;
    let x4 = x2 * x2;
    let x8 = x4 * x4;
    (x, x8 * x8)
}

#[inline]
fn distance(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    let [x, y, z] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    (x * x + y * y + z * z).sqrt()
}
