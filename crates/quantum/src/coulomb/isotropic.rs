//! Second-order electrostatics of shell charges.

use super::lanes::{Lanes, Simd, WIDEST, WithSimd, column, columns, dot, places, run};
use crate::basis::{Basis, Shell};
use crate::interaction::{Interaction, Moments, Placement};
use crate::parameters::element;

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
    /// Position of each shell, bohr.
    positions: Vec<[f64; 3]>,
    /// The symmetric matrix gamma, hartree, with as many shells to a block as a vector has lanes: for each block
    /// `b` and each shell `t` the vector of `gamma_st` for all shells `s` of the block. So it is read from front
    /// to back in a product with charges. What the last block holds beyond the last shell is never used.
    gamma: Vec<f64>,
}

impl Isotropic {
    /// Looks up the parameters.
    pub fn new(numbers: &[u8], basis: &Basis) -> Isotropic {
        let hardness = |shell: &Shell| {
            let element = element(numbers[shell.atom])?;
            Some(element.hardness * element.shells.get(shell.index)?.hardness)
        };
        let n = basis.shells.len();
        Isotropic {
            atoms: basis.shells.iter().map(|s| s.atom).collect(),
            hardness: basis.shells.iter().map(|s| hardness(s).unwrap_or(0.0)).collect(),
            positions: vec![[0.0; 3]; n],
            gamma: vec![0.0; n.next_multiple_of(WIDEST) * n],
        }
    }
}

impl Interaction for Isotropic {
    fn place(&mut self, placement: Placement) {
        for (position, &atom) in self.positions.iter_mut().zip(&self.atoms) {
            *position = placement.positions[atom];
        }
        run(Place(self));
    }

    fn add_potential(&mut self, moments: &Moments, potential: &mut Moments) {
        let charges = &moments.shell;
        run(Products { term: self, charges, each: |shell, product| potential.shell[shell] += product });
    }

    fn add_energy(&mut self, moments: &Moments, energy: &mut [f64]) {
        let charges = &moments.shell;
        let each = |shell: usize, product| energy[self.atoms[shell]] += 0.5 * charges[shell] * product;
        run(Products { term: self, charges, each });
    }

    fn add_gradient(&mut self, _: Placement, moments: &Moments, gradient: &mut [[f64; 3]], _: &mut [f64]) {
        run(Gradient { term: self, charges: &moments.shell, gradient });
    }
}

/// Fills gamma.
struct Place<'a>(&'a mut Isotropic);

impl WithSimd for Place<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Isotropic { hardness, positions, gamma, .. } = self.0;
        for (block, row) in places::<S>(gamma).chunks_exact_mut(hardness.len().max(1)).enumerate() {
            let at = columns(simd, block, positions);
            let own = column(simd, block, hardness);
            for ((place, from), &other) in row.iter_mut().zip(&*positions).zip(&*hardness) {
                let r = [at[0] - from[0], at[1] - from[1], at[2] - from[2]];
                let eta = (own + other) * 0.5;
                (eta / Lanes::all(simd, 1.0).plus(dot(r, r), eta * eta).sqrt()).store(place);
            }
        }
    }
}

/// Product of gamma with the charges; `each` gets every shell and its element of the product.
struct Products<'a, F> {
    term: &'a Isotropic,
    charges: &'a [f64],
    each: F,
}

impl<F: FnMut(usize, f64)> WithSimd for Products<'_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let n = self.charges.len().max(1);
        for (block, row) in self.term.gamma.chunks_exact(n * S::F64_LANES).enumerate() {
            // four sums, since an addition has to wait for the one before it
            let mut sums = [Lanes::all(simd, 0.0); 4];
            let quads = row.chunks_exact(4 * S::F64_LANES);
            let (rest, rest_charges) = (quads.remainder(), self.charges.chunks_exact(4).remainder());
            for (gammas, charges) in quads.zip(self.charges.chunks_exact(4)) {
                for ((sum, gamma), &q) in sums.iter_mut().zip(Lanes::load(simd, gammas)).zip(charges) {
                    *sum = sum.plus(gamma, q);
                }
            }
            for (gamma, &q) in Lanes::load(simd, rest).zip(rest_charges) {
                sums[0] = sums[0].plus(gamma, q);
            }
            let sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
            let first = block * S::F64_LANES;
            for (shell, x) in (first..n.min(first + S::F64_LANES)).zip(sum.numbers()) {
                (self.each)(shell, x);
            }
        }
    }
}

/// Adds the gradient, with `d gamma / d R = -R gamma^3`.
struct Gradient<'a> {
    term: &'a Isotropic,
    charges: &'a [f64],
    gradient: &'a mut [[f64; 3]],
}

impl WithSimd for Gradient<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Isotropic { atoms, positions, gamma, .. } = self.term;
        for (block, row) in gamma.chunks_exact(atoms.len().max(1) * S::F64_LANES).enumerate() {
            let at = columns(simd, block, positions);
            let mut sum = [Lanes::all(simd, 0.0); 3];
            for ((gamma, from), &q) in Lanes::load(simd, row).zip(positions).zip(self.charges) {
                let strength = gamma * gamma * (gamma * q);
                for axis in 0..3 {
                    sum[axis] = sum[axis].plus(strength, at[axis] - from[axis]);
                }
            }
            let [x, y, z] = [sum[0].numbers(), sum[1].numbers(), sum[2].numbers()];
            let shells = atoms.iter().zip(self.charges).skip(block * S::F64_LANES).take(S::F64_LANES);
            for (lane, (&atom, q)) in shells.enumerate() {
                for (gradient, sum) in self.gradient[atom].iter_mut().zip([x[lane], y[lane], z[lane]]) {
                    *gradient -= q * sum;
                }
            }
        }
    }
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
        // shells: H 1s, O 2s, O 2p; the potential of one unit charge is a column of gamma
        let mut column = |t: usize| {
            let (mut unit, mut potential) = (Moments::zero(3, 2), Moments::zero(3, 2));
            unit.shell[t] = 1.0;
            term.add_potential(&unit, &mut potential);
            potential.shell
        };
        let gamma = [0, 1, 2].map(&mut column);
        assert_eq!(gamma[0][0], element(1).unwrap().hardness);
        assert_eq!([gamma[1][1], gamma[2][2]], [s, p]);
        assert_eq!([gamma[1][2], gamma[2][1]], [0.5 * (s + p); 2]);
        assert!((gamma[0][2] - 1e-3).abs() < 1e-7);
    }
}
