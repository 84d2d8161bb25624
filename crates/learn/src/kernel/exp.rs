//! Exponentials of many numbers at once.

const LOG2_E: f64 = std::f64::consts::LOG2_E;
/// `ln 2` in two parts; products of the first with whole numbers below 2^20
/// are exact (Cody and Waite 1980).
const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// Adding this leaves a whole number in the last bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
/// Below, the result is zero instead of a subnormal number.
const LEAST: f64 = -708.0;
/// `1 / k!` from k = 13 down to 2: the remainder is below 5e-18 for arguments
/// up to `ln 2 / 2`.
const TAYLOR: [f64; 12] = [
    1.0 / 6_227_020_800.0,
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    1.0 / 2.0,
];

/// `exp(x)` for `x` up to 700, to two units in the last place, without branches
/// or calls, so that a loop over it is compiled to vector instructions. The
/// same bits on every machine.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    let bounded = x.max(LEAST);
    let rounded = bounded * LOG2_E + ROUNDER;
    let whole = rounded - ROUNDER;
    let rest = (bounded - whole * LN2_HIGH) - whole * LN2_LOW;
    let mut sum = TAYLOR[0];
    for &term in &TAYLOR[1..] {
        sum = sum * rest + term;
    }
    sum = (sum * rest + 1.0) * rest + 1.0;
    let power = f64::from_bits((rounded.to_bits() << 52).wrapping_add(1.0_f64.to_bits()));
    if x < LEAST { 0.0 } else { sum * power }
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_is_the_exponential() {
        for i in 0..200_000 {
            let x = 2.0 - f64::from(i) * 0.003_54;
            let (found, expected) = (super::exp(x), x.exp());
            assert!((found - expected).abs() <= 5e-16 * expected, "exp({x}) = {found}, not {expected}");
        }
        assert_eq!((super::exp(0.0), super::exp(-1e300), super::exp(-709.0)), (1.0, 0.0, 0.0));
    }
}
