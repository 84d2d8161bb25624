//! The Mills ratio and what follows from it.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// From here on the continued fraction is used; below, `1 - x M(x)` loses no
/// more than two digits to cancellation.
const FRACTION_FROM: f64 = 3.0;

/// Enough terms of the continued fraction at [`FRACTION_FROM`]: its relative
/// error falls as `exp(-2 x sqrt(2 n))`.
const TERMS: u32 = 48;

/// `ln phi(x)`, the logarithm of the density of the standard normal
/// distribution.
pub(crate) fn ln_density(x: f64) -> f64 {
    -0.5 * x * x - 0.5 * (2.0 * PI).ln()
}

/// The Mills ratio `M(x) = Phi(-x) / phi(x)` for `x >= 0`, without underflow.
///
/// Laplace's continued fraction `M = 1/(x + 1/(x + 2/(x + 3/(x + ...))))`
/// (Abramowitz and Stegun 26.2.14) in the tail, the complementary error
/// function elsewhere.
pub(crate) fn mills(x: f64) -> f64 {
    if x < FRACTION_FROM {
        (0.5 * PI).sqrt() * (0.5 * x * x).exp() * libm::erfc(x * FRAC_1_SQRT_2)
    } else {
        1.0 / (x + fraction(x))
    }
}

/// `G(x) = 1 - x M(x)` for `x >= 0`: the scaled first moment above `x`,
/// `E max(0, Z - x) = phi(x) G(x)`.
///
/// With `M = 1/(x + K)` it is `K M`, free of cancellation: `G` falls as
/// `1/x^2`, so that the difference itself has no correct digit from x = 1e8 on.
pub(crate) fn scaled_first_moment(x: f64) -> f64 {
    if x < FRACTION_FROM {
        1.0 - x * mills(x)
    } else {
        let k = fraction(x);
        k / (x + k)
    }
}

/// `K = 1/(x + 2/(x + 3/(x + ...)))`.
fn fraction(x: f64) -> f64 {
    let mut denominator = x;
    for n in (2..=TERMS).rev() {
        denominator = x + f64::from(n) / denominator;
    }
    1.0 / denominator
}

/// `ln E max(0, Z + z) = ln(z Phi(z) + phi(z))` of a standard normal `Z`, for
/// any `z` (what LogEI needs of Ament et al., NeurIPS 36, 2023).
pub(crate) fn ln_first_moment_above(z: f64) -> f64 {
    if z < 0.0 {
        ln_density(z) + scaled_first_moment(-z).ln()
    } else {
        // E max(0, Z + z) - E max(0, -Z - z) = z.
        (z + ln_density(z).exp() * scaled_first_moment(z)).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_ways_meet() {
        let x = FRACTION_FROM;
        let by_erfc = (0.5 * PI).sqrt() * (0.5 * x * x).exp() * libm::erfc(x * FRAC_1_SQRT_2);
        assert!((by_erfc / mills(x) - 1.0).abs() < 1e-14);
        assert!(((1.0 - x * by_erfc) / scaled_first_moment(x) - 1.0).abs() < 1e-13);
    }

    #[test]
    fn far_tails_follow_their_asymptotic_series() {
        for x in [1e3, 1e6, 1e9, 1e100] {
            let x2 = x * x;
            assert!((mills(x) * x / (1.0 - 1.0 / x2) - 1.0).abs() < 1e-11);
            assert!((scaled_first_moment(x) * x2 / (1.0 - 3.0 / x2) - 1.0).abs() < 1e-10);
        }
        assert_eq!(mills(f64::INFINITY), 0.0);
        assert_eq!(scaled_first_moment(f64::INFINITY), 0.0);
    }
}
