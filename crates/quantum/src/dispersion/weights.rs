//! Weights of the reference systems: Gaussians of the coordination number times a scaling with the charge.

use super::reference::Reference;

/// Largest scaling exponent and its steepness with the charge, and the exponent of the Gaussians.
const GA: f64 = 3.0;
pub(super) const GC: f64 = 2.0;
const WF: f64 = 6.0;

/// Normalised Gaussian weights of an atom's reference systems and their derivatives by its D4 coordination
/// number (J. Chem. Phys. 2019, 150, 154122), passed to `store` with the index of the reference
/// system.
///
/// All exponents are taken relative to the smallest, so that a coordination number far from every reference
/// picks the nearest one instead of dividing zero by zero.
pub(super) fn gaussian(cn: f64, references: &[Reference], mut store: impl FnMut(usize, f64, f64)) {
    let nearest = references.iter().map(|r| (cn - r.cn).powi(2)).fold(f64::INFINITY, f64::min);
    let value = |r: &Reference| {
        let distance = cn - r.cn;
        let square = distance * distance;
        // Gaussians with 1, 2, 3 times the exponent: a geometric series in the narrowest one's ratio.
        let scaled = (-WF * (square - nearest)).exp();
        let slope = -2.0 * WF * distance * scaled;
        if r.gaussians == 1 {
            return (scaled, slope);
        }
        let y = (-WF * square).exp();
        let (mut sum, mut by, mut power) = (1.0, 1.0, 1.0);
        for k in 2..=r.gaussians {
            power *= y;
            sum += power;
            by += f64::from(k) * power;
        }
        (scaled * sum, slope * by)
    };
    let (mut norm, mut norm_slope) = (0.0, 0.0);
    for r in references {
        let (weight, slope) = value(r);
        norm += weight;
        norm_slope += slope;
    }
    for (index, r) in references.iter().enumerate() {
        let (weight, slope) = value(r);
        store(index, weight / norm, (slope - weight * norm_slope / norm) / norm);
    }
}

/// Scaling of a polarisability from the charge of the reference system to that of the atom, and its
/// derivative by the latter (J. Chem. Phys. 2019, 150, 154122). `nuclear` is the effective nuclear
/// charge, `steepness` [`GC`] times the hardness.
pub(super) fn zeta(nuclear: f64, steepness: f64, reference: f64, charge: f64) -> (f64, f64) {
    let electrons = nuclear + charge;
    if electrons <= 0.0 {
        return (GA.exp(), 0.0);
    }
    let ratio = (nuclear + reference) / electrons;
    let inner = (steepness * (1.0 - ratio)).exp();
    let scaling = (GA * (1.0 - inner)).exp();
    (scaling, -GA * steepness * inner * scaling * ratio / electrons)
}
