//! Second-order electrostatics of shell charges.

use super::lanes::Lanes;
use crate::basis::Basis;
use crate::interaction::{Interaction, Moments, Placement};
use crate::parameters::element;

/// Shells treated at once.
const BLOCK: usize = 8;

type Block = Lanes<BLOCK>;

/// `E = 1/2 sum_st gamma_st q_s q_t` over all pairs of shells, a shell with itself included (GFN2, eq. 19).
///
/// `gamma_st = 1 / sqrt(R^2 + eta_st^-2)` (GFN2, eq. 20), `eta_st` the arithmetic average of the two shells'
/// hardnesses and a shell's hardness that of its element times the shell's factor (GFN2, eq. 21).
#[derive(Clone, Debug)]
pub(crate) struct Isotropic {
    /// Atom of each shell.
    atoms: Vec<usize>,
    /// Hardness of each shell, hartree.
    hardness: Vec<f64>,
    /// Hardness by blocks of shells.
    block_hardness: Vec<Block>,
    /// Positions of the shells, bohr.
    positions: Vec<[f64; 3]>,
    /// Positions by blocks of shells.
    block_positions: Vec<[Block; 3]>,
    /// The symmetric matrix gamma, hartree. Element `b * n_shells + t` holds `gamma_st` for all shells `s` of
    /// block `b`, so that it is read from front to back in a product with a vector. What the last block holds
    /// beyond the last shell is never used.
    gamma: Vec<Block>,
}

impl Isotropic {
    /// Looks up the parameters.
    pub fn new(numbers: &[u8], basis: &Basis) -> Isotropic {
        let atoms: Vec<usize> = basis.shells.iter().map(|s| s.atom).collect();
        let of_shell = |s: &crate::basis::Shell| {
            let element = element(numbers[s.atom])?;
            Some(element.hardness * element.shells.get(s.index)?.hardness)
        };
        let hardness: Vec<f64> = basis.shells.iter().map(|s| of_shell(s).unwrap_or(0.0)).collect();
        let (n, blocks) = (atoms.len(), atoms.len().div_ceil(BLOCK));
        Isotropic {
            block_hardness: (0..blocks).map(|b| Block::gather(b * BLOCK, n, |s| hardness[s])).collect(),
            positions: vec![[0.0; 3]; n],
            block_positions: vec![[Block::ZERO; 3]; blocks],
            gamma: vec![Block::ZERO; blocks * n],
            atoms,
            hardness,
        }
    }
}

impl Interaction for Isotropic {
    fn place(&mut self, placement: Placement) {
        let n = self.atoms.len();
        for (position, &atom) in self.positions.iter_mut().zip(&self.atoms) {
            *position = placement.positions[atom];
        }
        let positions = &self.positions;
        for (b, block) in self.block_positions.iter_mut().enumerate() {
            *block = std::array::from_fn(|axis| Block::gather(b * BLOCK, n, |s| positions[s][axis]));
        }
        let blocks = self.block_positions.iter().zip(&self.block_hardness);
        for ((at, &hardness), row) in blocks.zip(self.gamma.chunks_exact_mut(n)) {
            for ((gamma, from), &other) in row.iter_mut().zip(positions).zip(&self.hardness) {
                let [x, y, z] = [at[0] - from[0], at[1] - from[1], at[2] - from[2]];
                let eta = (hardness + other) * 0.5;
                *gamma = eta / ((x * x + y * y + z * z) * (eta * eta) + Lanes([1.0; BLOCK])).sqrt();
            }
        }
    }

    fn add_potential(&mut self, moments: &Moments, potential: &mut Moments) {
        let n = self.atoms.len();
        for (v, row) in potential.shell.chunks_mut(BLOCK).zip(self.gamma.chunks_exact(n)) {
            let sum = product(row, &moments.shell);
            v.iter_mut().zip(sum.0).for_each(|(v, sum)| *v += sum);
        }
    }

    fn add_energy(&mut self, moments: &Moments, energy: &mut [f64]) {
        let n = self.atoms.len();
        let blocks = moments.shell.chunks(BLOCK).zip(self.atoms.chunks(BLOCK));
        for ((charges, atoms), row) in blocks.zip(self.gamma.chunks_exact(n)) {
            let sum = product(row, &moments.shell);
            for ((q, &atom), v) in charges.iter().zip(atoms).zip(sum.0) {
                energy[atom] += 0.5 * q * v;
            }
        }
    }

    /// With `d gamma / d R = -R gamma^3`.
    fn add_gradient(&mut self, _: Placement, moments: &Moments, gradient: &mut [[f64; 3]], _: &mut [f64]) {
        let n = self.atoms.len();
        let blocks = moments.shell.chunks(BLOCK).zip(self.atoms.chunks(BLOCK)).zip(&self.block_positions);
        for (((charges, atoms), at), row) in blocks.zip(self.gamma.chunks_exact(n)) {
            let mut sum = [Block::ZERO; 3];
            for ((&gamma, from), &q) in row.iter().zip(&self.positions).zip(&moments.shell) {
                let strength = gamma * gamma * gamma * q;
                for axis in 0..3 {
                    sum[axis] += strength * (at[axis] - from[axis]);
                }
            }
            for (lane, (q, &atom)) in charges.iter().zip(atoms).enumerate() {
                for axis in 0..3 {
                    gradient[atom][axis] -= q * sum[axis].0[lane];
                }
            }
        }
    }
}

/// Product of one block of rows of gamma with the charges.
#[inline(always)]
fn product(row: &[Block], charges: &[f64]) -> Block {
    let mut sum = Block::ZERO;
    for (&gamma, &q) in row.iter().zip(charges) {
        sum += gamma * q;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coulomb::tests::{Sample, check_gradient, check_invariance, check_potential};

    #[test]
    fn potential_is_the_derivative_of_the_energy() {
        for sample in Sample::all() {
            check_potential(&mut Isotropic::new(&sample.numbers, &sample.basis), &sample);
        }
    }

    #[test]
    fn gradient_is_the_derivative_of_the_energy() {
        for sample in Sample::all() {
            check_gradient(&mut Isotropic::new(&sample.numbers, &sample.basis), &sample);
        }
    }

    #[test]
    fn energy_does_not_change_on_rotation() {
        for sample in Sample::all() {
            check_invariance(&mut Isotropic::new(&sample.numbers, &sample.basis), &sample);
        }
    }

    /// GFN2, eq. 20, for R = 0 and for large R.
    #[test]
    fn gamma_ends_in_the_hardness_and_in_coulombs_law() {
        let mut sample = Sample::new(&[1, 8], 1);
        sample.positions = vec![[0.0; 3], [0.0, 0.0, 1000.0]];
        let mut term = Isotropic::new(&sample.numbers, &sample.basis);
        term.place(sample.placement());
        let oxygen = element(8).unwrap();
        let [s, p] = [0, 1].map(|i| oxygen.hardness * oxygen.shells[i].hardness);
        // shells: H 1s, O 2s, O 2p
        let gamma = |s: usize, t: usize| term.gamma[t].0[s];
        assert_eq!(gamma(0, 0), element(1).unwrap().hardness);
        assert_eq!(gamma(1, 2), 0.5 * (s + p));
        assert_eq!(gamma(2, 1), 0.5 * (s + p));
        assert!((gamma(0, 2) - 1e-3).abs() < 1e-7);
    }
}
