//! Exponential function in a form that compilers turn into vector instructions.

/// 1.5 * 2^52: adding it rounds to an integer, which then stands in the low bits.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// ln 2 in two parts: the first has few enough bits that its small multiples are exact.
const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// Polynomial of degree 10 that equals exp(r) at the eleven Chebyshev nodes of |r| <= ln 2 / 2; error 2e-16.
const SERIES: [f64; 11] = [
    1.0,
    1.0000000000000067,
    0.5000000000000006,
    0.16666666666554314,
    0.041666666666573066,
    0.008333333385699212,
    0.001388888893251478,
    0.00019841170230570286,
    2.480150431378554e-05,
    2.764019739169484e-06,
    2.762637106569636e-07,
];

/// exp(x) for x <= 0, relative error below 6e-16; at -700 (1e-304) it stays.
///
/// `x = n ln 2 + r` with |r| <= ln 2 / 2, a polynomial for exp(r), and n into the bits of the exponent.
#[inline(always)]
pub(super) fn exp(x: f64) -> f64 {
    let x = if x < -700.0 { -700.0 } else { x };
    let shifted = x * std::f64::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = (x - n * LN2_HIGH) - n * LN2_LOW;
    let r2 = r * r;
    let r4 = r2 * r2;
    let c = SERIES;
    let low = (c[0] + r * c[1]) + r2 * (c[2] + r * c[3]);
    let middle = (c[4] + r * c[5]) + r2 * (c[6] + r * c[7]);
    let high = (c[8] + r * c[9]) + r2 * c[10];
    let value = low + r4 * (middle + r4 * high);
    value * f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52)
}

#[cfg(test)]
mod tests {
    #[test]
    fn agrees_with_the_library() {
        for i in 0..=700_000 {
            let x = -f64::from(i) * 1e-3 * 0.999;
            let (own, library) = (super::exp(x), x.exp());
            assert!((own - library).abs() <= 6e-16 * library, "exp({x}) = {own:e}, not {library:e}");
        }
    }
}
