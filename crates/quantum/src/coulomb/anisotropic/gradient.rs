//! Derivatives by positions and coordination numbers.

use super::{Anisotropic, DAMPING, NEVER};
use crate::coulomb::lanes::{Lanes, Simd, WithSimd, add_columns, column, columns, dot};
use crate::interaction::Moments;

/// Adds the gradient at fixed coordination numbers and the derivative by them.
pub(super) struct Gradient<'a> {
    pub term: &'a Anisotropic,
    pub moments: &'a Moments,
    pub gradient: &'a mut [[f64; 3]],
    pub by_cn: &'a mut [f64],
}

impl WithSimd for Gradient<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Gradient { term, moments, gradient, by_cn } = self;
        let one = Lanes::all(simd, 1.0);
        for (block, powers) in term.blocks::<S>().enumerate() {
            let at = columns(simd, block, &term.positions);
            let own_q = column(simd, block, &moments.atom);
            let own_mu = columns(simd, block, &moments.dipole);
            let own_theta = columns(simd, block, &moments.quadrupole);
            let own_radius = column(simd, block, &term.radii);
            let mut slope = [Lanes::all(simd, 0.0); 3];
            let mut by_radius = Lanes::all(simd, 0.0);
            let others = moments.atom.iter().zip(&moments.dipole).zip(&moments.quadrupole);
            let pairs = term.pairs(simd, at, powers).zip(&term.radii);
            for (((cubic, quintic, r), &radius), ((&q, mu), theta)) in pairs.zip(others) {
                let r2 = dot(r, r).at_least(NEVER);
                let distance = r2.sqrt();
                let r0 = (own_radius + radius) * 0.5;
                // the parts of the pair energy without their powers of the distance
                let crossed: [Lanes<S>; 3] = std::array::from_fn(|k| (own_q * mu[k]).minus(own_mu[k], q));
                let charge_dipole = dot(crossed, r);
                let dipoles = dot(own_mu, *mu);
                let own_along = dot(own_mu, r);
                let along = dot(r, *mu);
                let t: [Lanes<S>; 6] = std::array::from_fn(|c| (own_q * theta[c]).plus(own_theta[c], q));
                let turned =
                    [dot([t[0], t[1], t[3]], r), dot([t[1], t[2], t[4]], r), dot([t[3], t[4], t[5]], r)];
                let tensors = dot(turned, r).minus(own_along * along, 3.0);
                // derivatives of the three powers by R, divided by R; quartic is 1 / (R^4 + 6 R0^4)
                let quartic = quintic * distance;
                let bend = quartic * r2 * 4.0;
                let cubic2 = cubic * cubic * 3.0;
                let radial = quintic * (dipoles * one.minus(bend, r2)).minus(tensors, one / r2 + bend);
                let radial = radial.minus(cubic2, distance * charge_dipole);
                for axis in 0..3 {
                    let direct =
                        (turned[axis] * 2.0).minus((own_along * mu[axis]).plus(own_mu[axis], along), 3.0);
                    let sum = slope[axis].plus(cubic, crossed[axis]);
                    slope[axis] = sum.plus(quintic, direct).plus(radial, r[axis]);
                }
                // derivative by R0, without its factor -6
                let fifth = quintic * tensors.plus(r2, dipoles);
                by_radius = by_radius.plus(r0 * r0, (cubic2 * charge_dipole).plus(quartic * r0 * fifth, 4.0));
            }
            add_columns(&slope, block, gradient);
            let own = term.radii_by_cn.iter().zip(by_cn.iter_mut()).skip(block * S::F64_LANES);
            for ((radius_by_cn, by_cn), by_radius) in own.take(S::F64_LANES).zip(by_radius.numbers()) {
                // half of R0 is this atom's radius
                *by_cn -= 0.5 * DAMPING * by_radius * radius_by_cn;
            }
        }
    }
}
