//! What depends on geometry alone: damping radii and damped powers of the distances.

use super::{Anisotropic, DAMPING, NEVER, RADIUS_LIMIT, RADIUS_SHIFT, RADIUS_STEEPNESS, Site};
use crate::coulomb::lanes::{Lanes, Simd, WithSimd, column, columns, dot, places};

impl Site {
    /// Damping radius for a coordination number, and its derivative by it, bohr (GFN2, eq. 29).
    pub fn radius(&self, cn: f64) -> (f64, f64) {
        let decay = (-RADIUS_STEEPNESS * (cn - self.valence - RADIUS_SHIFT)).exp();
        let grown = 1.0 / (1.0 + decay);
        let growth = (RADIUS_LIMIT - self.free_radius) * grown;
        (self.free_radius + growth, RADIUS_STEEPNESS * growth * (1.0 - grown))
    }
}

/// Fills the damped powers.
pub(super) struct Place<'a>(pub &'a mut Anisotropic);

impl WithSimd for Place<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Anisotropic { positions, radii, cubic, quintic, .. } = self.0;
        let n = positions.len();
        let row = n.max(1);
        let rows = places::<S>(cubic).chunks_exact_mut(row).zip(places::<S>(quintic).chunks_exact_mut(row));
        for (block, (cubics, quintics)) in rows.enumerate() {
            let at = columns(simd, block, positions);
            let radius = column(simd, block, radii);
            let others = positions.iter().zip(&*radii);
            for ((cubic, quintic), (from, &other)) in cubics.iter_mut().zip(quintics).zip(others) {
                let r = [at[0] - from[0], at[1] - from[1], at[2] - from[2]];
                let r2 = dot(r, r).at_least(NEVER);
                let distance = r2.sqrt();
                let r0 = (radius + other) * 0.5;
                let r02 = r0 * r0;
                let cube = (r2 * distance).plus(r02 * r0, DAMPING);
                let fifth = distance * (r2 * r2).plus(r02 * r02, DAMPING);
                // one division for both
                let inverse = Lanes::all(simd, 1.0) / (cube * fifth);
                (inverse * fifth).store(cubic);
                (inverse * cube).store(quintic);
            }
        }
        for i in 0..n {
            let (block, lane) = (i / S::F64_LANES, i % S::F64_LANES);
            quintic[(block * n + i) * S::F64_LANES + lane] = 0.0;
        }
    }
}
