//! Expectations of piecewise linear, non-negative functions.
//!
//! The closed forms are differences of nearly equal numbers where a piece is
//! narrow or far away, so every piece is integrated on its own, with the
//! density at its heavier end taken out: nothing is ever subtracted that is not
//! well apart, and the logarithm is exact where the number itself underflows.

use super::mills::scaled_first_moment;
use super::{ln_density, ln_sum_exp, mills};

/// Where the exponent varies by less than this over a piece, Gauss-Legendre
/// quadrature with 16 points is exact to rounding, and the differences of the
/// closed form start to lose digits.
const NARROW: f64 = 2.0;

/// Positive nodes of Gauss-Legendre quadrature with 16 points on [-1, 1], with
/// their weights (Abramowitz and Stegun, table 25.4).
const NODES: [(f64, f64); 8] = [
    (0.095_012_509_837_637_44, 0.189_450_610_455_068_5),
    (0.281_603_550_779_258_9, 0.182_603_415_044_923_58),
    (0.458_016_777_657_227_4, 0.169_156_519_395_002_53),
    (0.617_876_244_402_643_8, 0.149_595_988_816_576_73),
    (0.755_404_408_355_003_1, 0.124_628_971_255_533_87),
    (0.865_631_202_387_831_8, 0.095_158_511_682_492_78),
    (0.944_575_023_073_232_6, 0.062_253_523_938_647_89),
    (0.989_400_934_991_649_9, 0.027_152_459_411_754_095),
];

/// `(J0, J1)`: the integrals of `exp(-beta v - v^2/2)` and of `v` times it over
/// `v` from 0 to `width`, for `beta >= 0`. These are the moments of a normal
/// tail that starts at `beta`, over the density at `beta`:
///
/// ```text
/// J0 = M(beta) - E M(beta + w),   J1 = G(beta) - E [G(beta + w) + w M(beta + w)],
/// E  = exp(-w (beta + w/2))
/// ```
fn scaled_moments(beta: f64, width: f64) -> (f64, f64) {
    let exponent = width * (beta + 0.5 * width);
    if exponent <= NARROW {
        let (mut j0, mut j1) = (0.0, 0.0);
        for (node, weight) in NODES {
            for t in [0.5 * (1.0 - node), 0.5 * (1.0 + node)] {
                let v = t * width;
                let density = 0.5 * weight * (-v * (beta + 0.5 * v)).exp();
                j0 += density;
                j1 += density * t;
            }
        }
        return (j0 * width, j1 * width * width);
    }
    let (end, decay) = (beta + width, (-exponent).exp());
    if decay == 0.0 {
        return (mills(beta), scaled_first_moment(beta));
    }
    let above = mills(end);
    (
        mills(beta) - decay * above,
        scaled_first_moment(beta) - decay * (scaled_first_moment(end) + width * above),
    )
}

/// `ln P(start < Z < end)` of a standard normal `Z`, where `width` is
/// `end - start`, given apart since it may be known better than the difference.
pub(crate) fn ln_interval(start: f64, end: f64, width: f64) -> f64 {
    if start >= 0.0 {
        ln_density(start) + scaled_moments(start, width).0.ln()
    } else if end <= 0.0 {
        ln_density(end) + scaled_moments(-end, width).0.ln()
    } else {
        ln_density(0.0) + (scaled_moments(0.0, -start).0 + scaled_moments(0.0, end).0).ln()
    }
}

/// `ln` of the integral of `(x - start) phi(x)` over `x` from `start` to `end`:
/// a ramp that rises from 0 to `width`.
fn ln_ramp(start: f64, end: f64, width: f64) -> f64 {
    if start >= 0.0 {
        ln_density(start) + scaled_moments(start, width).1.ln()
    } else if end <= 0.0 {
        let (j0, j1) = scaled_moments(-end, width);
        ln_density(end) + (width * j0 - j1).ln()
    } else {
        let (left0, left1) = scaled_moments(0.0, -start);
        let (right0, right1) = scaled_moments(0.0, end);
        ln_density(0.0) + ((-start * left0 - left1) + (-start * right0 + right1)).ln()
    }
}

/// `ln E f(Z)` of a standard normal `Z` and a trapezoid `f`: 0 up to
/// `low - height`, rising with slope 1 to `height` at `low`, level up to `high`,
/// falling with slope -1 to 0 at `high + height`. A tent where `low = high`.
/// `level` is `high - low`.
pub(crate) fn ln_trapezoid(low: f64, high: f64, level: f64, height: f64) -> f64 {
    ln_sum_exp(&[
        ln_ramp(low - height, low, height),
        height.ln() + ln_interval(low, high, level),
        ln_ramp(-high - height, -high, height),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_form_and_quadrature_meet() {
        for beta in [0.0f64, 0.3, 1.0, 4.0, 20.0, 1e3, 1e6] {
            // The width at which the exponent is NARROW.
            let width = 2.0 * NARROW / (beta + (beta * beta + 2.0 * NARROW).sqrt());
            let (a, b) =
                (scaled_moments(beta, width * (1.0 - 1e-9)), scaled_moments(beta, width * (1.0 + 1e-9)));
            assert!((a.0 / b.0 - 1.0).abs() < 1e-8, "{beta}: {a:?} {b:?}");
            assert!((a.1 / b.1 - 1.0).abs() < 1e-8, "{beta}: {a:?} {b:?}");
        }
    }

    #[test]
    fn quadrature_weights_add_up() {
        assert!((NODES.iter().map(|n| n.1).sum::<f64>() - 1.0).abs() < 1e-15);
        let fourth: f64 = NODES.iter().map(|n| n.1 * n.0.powi(30)).sum();
        assert!((fourth - 1.0 / 31.0).abs() < 1e-14);
    }
}
