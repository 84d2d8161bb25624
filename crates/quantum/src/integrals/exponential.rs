//! Exponential function in a form that compilers turn into vector instructions.

/// 1.5 * 2^52: adding it rounds to an integer, which then stands in the low bits.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// ln 2 in two parts: the first has few enough bits that its small multiples are exact.
const LN2_HIGH: f64 = 6.931_471_803_691_238_2e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// exp(x) for -700 < x <= 0, relative error below 4e-16.
///
/// `x = n ln 2 + r` with |r| <= ln 2 / 2, the Taylor series of exp(r) to the 13th power, and n into the exponent's bits.
#[inline(always)]
pub(super) fn exp(x: f64) -> f64 {
    let shifted = x * std::f64::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = (x - n * LN2_HIGH) - n * LN2_LOW;
    let r2 = r * r;
    let r4 = r2 * r2;
    let c01 = 1.0 + r;
    let c23 = 1.0 / 2.0 + r * (1.0 / 6.0);
    let c45 = 1.0 / 24.0 + r * (1.0 / 120.0);
    let c67 = 1.0 / 720.0 + r * (1.0 / 5_040.0);
    let c89 = 1.0 / 40_320.0 + r * (1.0 / 362_880.0);
    let cab = 1.0 / 3_628_800.0 + r * (1.0 / 39_916_800.0);
    let ccd = 1.0 / 479_001_600.0 + r * (1.0 / 6_227_020_800.0);
    let low = c01 + r2 * c23;
    let middle = c45 + r2 * c67;
    let high = c89 + r2 * cab + r4 * ccd;
    let series = low + r4 * (middle + r4 * high);
    series * f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52)
}

#[cfg(test)]
mod tests {
    #[test]
    fn agrees_with_the_library() {
        for i in 0..=700_000 {
            let x = -f64::from(i) * 1e-3 * 0.999;
            let (own, library) = (super::exp(x), x.exp());
            assert!((own - library).abs() <= 4e-16 * library, "exp({x}) = {own:e}, not {library:e}");
        }
    }
}
