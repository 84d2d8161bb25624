//! Elementary functions of many numbers at once.

/// Replaces every number by its exponential, to within 2 units in the last
/// place; below -708 to about 3e-308. Without branches or calls, so that the
/// compiler makes vector instructions of it.
pub(crate) fn exp_in_place(values: &mut [f64]) {
    for value in values {
        *value = exp(*value);
    }
}

/// Adding this rounds a number below 2^51 to an integer, which is then in the
/// lowest bits of the sum; taking it away again leaves the integer. (The
/// library's rounding is a call on processors of the oldest kind.)
const ROUND: f64 = 6_755_399_441_055_744.0;
/// ln 2 as a number with few bits, and the rest (Cody and Waite's reduction).
const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;

#[inline(always)]
fn exp(x: f64) -> f64 {
    let x = x.clamp(-708.0, 709.0);
    let rounded = x * std::f64::consts::LOG2_E + ROUND;
    let n = rounded - ROUND;
    let r = (x - n * LN2_HIGH) - n * LN2_LOW;
    // Taylor's series of exp(r) - 1 - r; |r| <= ln(2)/2, so that the first
    // term left out is below 2^-57.
    let r2 = r * r;
    let a = 1.0 / 2.0 + r * (1.0 / 6.0);
    let b = 1.0 / 24.0 + r * (1.0 / 120.0);
    let c = 1.0 / 720.0 + r * (1.0 / 5040.0);
    let d = 1.0 / 40_320.0 + r * (1.0 / 362_880.0);
    let e = 1.0 / 3_628_800.0 + r * (1.0 / 39_916_800.0);
    let f = 1.0 / 479_001_600.0 + r * (1.0 / 6_227_020_800.0);
    let r4 = r2 * r2;
    let tail = r2 * ((a + r2 * b) + r4 * ((c + r2 * d) + r4 * (e + r2 * f)));
    let scale = f64::from_bits(rounded.to_bits().wrapping_add(1023) << 52);
    (1.0 + (r + tail)) * scale
}

/// Gaussians exp(-eta (x - centre)^2) on a uniform grid of x.
///
/// With m the distance from the grid point nearest the centre in steps h and d
/// the centre's distance from it, the exponent is -eta d^2 + 2 eta h d m -
/// eta h^2 m^2: a number, a power of a number, and a table. Two exponentials
/// do for the whole grid.
#[derive(Debug, Clone)]
pub(crate) struct GridGaussian {
    eta: f64,
    start: f64,
    step: f64,
    steps_per_unit: f64,
    points: usize,
    /// How far m goes from the peak to both sides.
    reach: usize,
    /// exp(-eta h^2 m^2) for all m as far as it matters, negative ones first,
    /// and three zeros: points are made four at a time.
    table: Vec<f64>,
}

/// Where a Gaussian is cut, as the negative logarithm of its smallest value:
/// what is below 2e-18 of the peak changes no sum with it.
const CUT: f64 = 41.0;

impl GridGaussian {
    /// The grid start, start + step, ... of `points` points.
    pub(crate) fn new(eta: f64, start: f64, step: f64, points: usize) -> Self {
        let reach = ((CUT / eta).sqrt() / step + 0.5).ceil().min(2.0 * points as f64) as usize;
        let from_peak = |place: usize| (place as f64 - reach as f64) * step;
        let used = (0..=2 * reach).map(|place| (-eta * from_peak(place).powi(2)).exp());
        let table = used.chain([0.0; 3]).collect();
        Self { eta, start, step, steps_per_unit: 1.0 / step, points, reach, table }
    }

    /// The most numbers that are written for a Gaussian: its points, and up to
    /// three numbers without meaning.
    pub(crate) fn width(&self) -> usize {
        self.points.min(2 * self.reach + 1).next_multiple_of(4)
    }

    /// Writes the Gaussian about `centre`, which is at most the length of the
    /// grid away from it, to the beginning of `out`, and returns the index of
    /// the first grid point and the number of points.
    #[inline]
    pub(crate) fn sample(&self, centre: f64, out: &mut [f64]) -> (usize, usize) {
        let reach = self.reach as f64;
        let nearest = (centre - self.start) * self.steps_per_unit + ROUND - ROUND;
        let low = (nearest - reach).max(0.0);
        let high = (nearest + reach).min(self.points as f64 - 1.0);
        if low > high {
            return (0, 0);
        }
        let d = centre - (self.start + nearest * self.step);
        let slope = 2.0 * self.eta * self.step * d;
        let first = low - nearest;
        let [ratio, begin] = [slope, slope * first - self.eta * d * d].map(exp);
        let count = (high - low) as usize + 1;
        let table = &self.table[(first + reach) as usize..];
        // Four powers side by side: each waits only for the one four before.
        let two = ratio * ratio;
        let four = two * two;
        let mut powers = [begin, begin * ratio, begin * two, begin * two * ratio];
        let (blocks, _) = out[..count.next_multiple_of(4)].as_chunks_mut::<4>();
        for (block, table) in blocks.iter_mut().zip(table.as_chunks::<4>().0) {
            *block = [0, 1, 2, 3].map(|i| powers[i] * table[i]);
            powers = powers.map(|power| power * four);
        }
        (low as usize, count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponentials_are_those_of_the_library() {
        let mut values: Vec<f64> = (-7000..7000).map(|i| f64::from(i) * 0.100_37).collect();
        let exact: Vec<f64> = values.iter().map(|x| x.exp()).collect();
        exp_in_place(&mut values);
        for (value, exact) in values.iter().zip(exact) {
            assert!((value / exact - 1.0).abs() < 5e-16, "{value:e} {exact:e}");
        }
        let mut extremes = [-1e300, -750.0, 0.0];
        exp_in_place(&mut extremes);
        assert!(extremes[0] < 1e-300 && extremes[1] < 1e-300 && extremes[2] == 1.0);
    }

    #[test]
    fn gaussians_on_a_grid_are_gaussians() {
        for (eta, start, step, points) in
            [(200.0, 0.1, 0.0301, 157), (2.7, 0.4, 0.4, 20), (0.01, -1.0, 0.5, 30)]
        {
            let grid = GridGaussian::new(eta, start, step, points);
            for centre in (-30..200).map(|i| f64::from(i) * 0.0517) {
                let mut out = vec![f64::NAN; grid.width()];
                let (first, count) = grid.sample(centre, &mut out);
                for point in 0..points {
                    let exact = (-eta * (start + point as f64 * step - centre).powi(2)).exp();
                    if (first..first + count).contains(&point) {
                        assert!((out[point - first] / exact - 1.0).abs() < 1e-12);
                    } else {
                        assert!(exact < 1e-17, "{exact:e}");
                    }
                }
            }
        }
    }
}
