//! Sums of derivatives as whole numbers: exact, so that they do not depend on
//! the order of rows, nor on the number of threads, and a difference of
//! histograms is what summing would have given.

/// A first derivative in the upper bits and a second one in the lower, added
/// at once. The bits are shared out so that the sum over all rows fits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    /// Bits of the second derivative.
    shift: u32,
    /// Units of the two; powers of two.
    first: f64,
    second: f64,
}

/// Bits of a sum that are not its sign, nor a reserve for rounding.
const BITS: u32 = 62;
/// More bits of one derivative than these say nothing.
const PRECISION: u32 = 30;

/// The power of two not below `x`.
fn exponent(x: f64) -> i32 {
    if x > 0.0 && x.is_finite() { x.log2().ceil() as i32 } else { 0 }
}

impl Scale {
    /// For derivatives of which these are the largest in size, over so many
    /// rows. With `whole`, second derivatives are whole numbers, kept exactly.
    pub(crate) fn new(first: f64, second: f64, rows: usize, whole: bool) -> Self {
        let row_bits = (rows.max(1) as u64).next_power_of_two().trailing_zeros() + 1;
        let (top, low) = (exponent(first), exponent(second));
        let second_bits = if whole { low.max(0) as u32 } else { (BITS / 2).saturating_sub(row_bits).max(1) };
        let shift = row_bits + second_bits;
        let first_bits = BITS.saturating_sub(shift + row_bits).clamp(1, PRECISION);
        Self {
            shift,
            first: 2.0_f64.powi(top - first_bits as i32),
            second: if whole { 1.0 } else { 2.0_f64.powi(low - second_bits as i32) },
        }
    }

    /// Both derivatives of one row. The second is never 0, so that no cell with
    /// a row is.
    #[inline]
    pub(crate) fn pack(&self, first: f64, second: f64) -> i64 {
        let high = (first / self.first).round() as i64;
        let low = ((second / self.second).round() as i64).max(1);
        (high << self.shift) + low
    }

    /// The sums of both.
    #[inline]
    pub(crate) fn unpack(&self, cell: i64) -> (f64, f64) {
        let low = cell & ((1 << self.shift) - 1);
        ((cell >> self.shift) as f64 * self.first, low as f64 * self.second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_come_back_for_any_signs_and_sizes() {
        for (rows, largest, second, whole) in [
            (2, 1e-9, 1.0, true),
            (100_000, 3e5, 7.0, true),
            (70_000, 1.0, 0.25, false),
            ((1 << 24) - 1, 1.0, 1.0, true),
        ] {
            let scale = Scale::new(largest, second, rows, whole);
            let one = scale.pack(-largest, second);
            let (first, low) = scale.unpack(one.wrapping_mul(rows as i64));
            let close = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-3;
            assert!(close(first, -largest * rows as f64), "{first}");
            assert!(close(low, second * rows as f64), "{low}");
            assert_eq!(scale.unpack(one + scale.pack(largest, second)).0, 0.0);
        }
    }
}
