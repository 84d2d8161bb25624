//! What each cycle needs: potential and energy.

use super::{Anisotropic, MULTIPLICITY};
use crate::coulomb::lanes::{Lanes, Operand, Simd, WithSimd, add_columns, columns, dot};
use crate::interaction::Moments;

/// Adds the derivative of the energy by every moment.
pub(super) struct Potential<'a> {
    pub term: &'a Anisotropic,
    pub moments: &'a Moments,
    pub potential: &'a mut Moments,
}

impl WithSimd for Potential<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Potential { term, moments, potential } = self;
        for (block, powers) in term.blocks::<S>().enumerate() {
            let at = columns(simd, block, &term.positions);
            let mut charge = Lanes::all(simd, 0.0);
            let mut dipole = [charge; 3];
            let mut quadrupole = [charge; 6];
            let others = moments.atom.iter().zip(&moments.dipole).zip(&moments.quadrupole);
            for ((cubic, quintic, r), ((&q, mu), theta)) in term.pairs(simd, at, powers).zip(others) {
                let squares = squares(r);
                let r2 = squares[0] + squares[2] + squares[5];
                let along = dot(r, *mu);
                charge = charge.plus(cubic, along).plus(quintic, contract(&squares, theta));
                let radial = (cubic * q).plus(quintic * along, 3.0);
                let level = quintic * r2;
                for axis in 0..3 {
                    dipole[axis] = dipole[axis].plus(level, mu[axis]).minus(radial, r[axis]);
                }
                let weight = quintic * q;
                for (sum, square) in quadrupole.iter_mut().zip(squares) {
                    *sum = sum.plus(weight, square);
                }
            }
            add_columns(&[charge], block, potential.atom.as_chunks_mut().0);
            add_columns(&dipole, block, &mut potential.dipole);
            add_columns(&quadrupole, block, &mut potential.quadrupole);
        }
        let own = moments.dipole.iter().zip(&moments.quadrupole).zip(&term.sites);
        let potential = potential.dipole.iter_mut().zip(&mut potential.quadrupole);
        for ((v_mu, v_theta), ((mu, theta), site)) in potential.zip(own) {
            for axis in 0..3 {
                v_mu[axis] += 2.0 * site.dipole_kernel * mu[axis];
            }
            for c in 0..6 {
                v_theta[c] += 2.0 * MULTIPLICITY[c] * site.quadrupole_kernel * theta[c];
            }
        }
    }
}

/// Adds the energy.
pub(super) struct Energy<'a> {
    pub term: &'a Anisotropic,
    pub moments: &'a Moments,
    pub energy: &'a mut [f64],
}

impl WithSimd for Energy<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Energy { term, moments, energy } = self;
        for (block, powers) in term.blocks::<S>().enumerate() {
            let at = columns(simd, block, &term.positions);
            let own_mu = columns(simd, block, &moments.dipole);
            let own_theta = columns(simd, block, &moments.quadrupole);
            // two sums, since an addition has to wait for the one before it
            let mut sums = [Lanes::all(simd, 0.0); 2];
            let others = moments.atom.iter().zip(&moments.dipole);
            for ((cubic, quintic, r), (&q, mu)) in term.pairs(simd, at, powers).zip(others) {
                let squares = squares(r);
                let r2 = squares[0] + squares[2] + squares[5];
                let own_along = dot(own_mu, r);
                let along = dot(r, *mu);
                let dipoles = (r2 * dot(own_mu, *mu)).minus(own_along * along, 3.0);
                let fifth = (contract(&squares, &own_theta) * q).plus(dipoles, 0.5);
                sums[0] = sums[0].plus(quintic, fifth);
                sums[1] = sums[1].minus(cubic, own_along * q);
            }
            add_columns(&[sums[0] + sums[1]], block, energy.as_chunks_mut().0);
        }
        let own = moments.dipole.iter().zip(&moments.quadrupole).zip(&term.sites);
        for (energy, ((mu, theta), site)) in energy.iter_mut().zip(own) {
            let mu2: f64 = mu.iter().map(|x| x * x).sum();
            let theta2: f64 = theta.iter().zip(MULTIPLICITY).map(|(x, m)| m * x * x).sum();
            *energy += site.dipole_kernel * mu2 + site.quadrupole_kernel * theta2;
        }
    }
}

/// Products of the components, off-diagonal ones twice; order xx, xy, yy, xz, yz, zz.
#[inline(always)]
fn squares<S: Simd>([x, y, z]: [Lanes<S>; 3]) -> [Lanes<S>; 6] {
    let (x2, y2) = (x + x, y + y);
    [x * x, x2 * y, y * y, x2 * z, y2 * z, z * z]
}

/// `R Theta R` from the products of `squares`.
#[inline(always)]
fn contract<S: Simd, X: Operand<S>>(squares: &[Lanes<S>; 6], theta: &[X; 6]) -> Lanes<S> {
    let [xx, xy, yy, xz, yz, zz] = *squares;
    dot([xx, xy, yy], [theta[0], theta[1], theta[2]]) + dot([xz, yz, zz], [theta[3], theta[4], theta[5]])
}
