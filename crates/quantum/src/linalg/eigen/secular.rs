//! Roots of the secular equation `1/rho + sum_i z_i^2/(d_i - x) = 0`, one root per lane.
//!
//! Interpolation by the "middle way" of R.-C. Li, LAPACK Working Note 89 (1994), inside brackets; stopping
//! criterion of M. Gu, S. C. Eisenstat, SIAM J. Matrix Anal. Appl. 1995, 16, 172.

use super::super::simd::Simd;

/// Steps allowed; four are usual.
const STEPS: usize = 100;

/// After this many steps every third one halves the bracket.
const PATIENCE: usize = 12;

/// The equation. Slices have room for one register more than there are poles.
pub(super) struct Secular<'a> {
    /// Number of poles.
    pub count: usize,
    /// Poles, ascending, all different. What follows the last is overwritten.
    pub poles: &'a mut [f64],
    /// `z_i^2`. What follows the last is overwritten.
    pub squares: &'a mut [f64],
    /// Factor of the rank-one update, positive.
    pub rho: f64,
    /// The pole that root `j` is nearest to.
    pub origin: &'a mut [f64],
    /// Root `j` minus that pole.
    pub offset: &'a mut [f64],
}

/// The equation's sums over the poles up to the lane's own and over those after it, and their derivatives.
struct Sums<S: Simd> {
    below: S::V,
    slope_below: S::V,
    above: S::V,
    slope_above: S::V,
}

impl Secular<'_> {
    /// The sums at `origin + offset` for the roots from `first` on.
    #[inline(always)]
    fn sums<S: Simd>(&self, simd: S, first: usize, index: S::V, origin: S::V, offset: S::V) -> Sums<S> {
        let zero = simd.splat(0.0);
        let (mut below, mut slope_below, mut above, mut slope_above) = (zero, zero, zero, zero);
        let poles = &self.poles[..self.count];
        let squares = &self.squares[..self.count];
        let last = (first + S::LANES).min(self.count);
        for i in 0..first + 1 {
            let (inverse, value) = term(simd, poles[i], squares[i], origin, offset);
            below = simd.add(below, value);
            slope_below = simd.fma(value, inverse, slope_below);
        }
        for i in first + 1..last {
            let (inverse, value) = term(simd, poles[i], squares[i], origin, offset);
            let slope = simd.mul(value, inverse);
            let mine = simd.less(simd.splat(i as f64 - 0.5), index);
            below = simd.add(below, simd.select(mine, value, zero));
            slope_below = simd.add(slope_below, simd.select(mine, slope, zero));
            above = simd.add(above, simd.select(mine, zero, value));
            slope_above = simd.add(slope_above, simd.select(mine, zero, slope));
        }
        for i in last..self.count {
            let (inverse, value) = term(simd, poles[i], squares[i], origin, offset);
            above = simd.add(above, value);
            slope_above = simd.fma(value, inverse, slope_above);
        }
        Sums { below, slope_below, above, slope_above }
    }

    /// All roots. Returns whether every one converged.
    #[inline(always)]
    pub fn solve<S: Simd>(&mut self, simd: S) -> bool {
        let count = self.count;
        let norm: f64 = self.squares[..count].iter().sum();
        // A pole without weight where the last root's interval ends, and more of them for the lanes beyond.
        let end = self.poles[count - 1] + self.rho * norm;
        for k in 0..=S::LANES {
            self.poles[count + k] = end + k as f64;
            self.squares[count + k] = 0.0;
        }
        (0..count).step_by(S::LANES).all(|first| self.register(simd, first))
    }

    /// A register of roots from `first` on.
    #[inline(always)]
    fn register<S: Simd>(&mut self, simd: S, first: usize) -> bool {
        let (zero, half, two) = (simd.splat(0.0), simd.splat(0.5), simd.splat(2.0));
        let ramp = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
        let index = simd.add(simd.get(&ramp, 0), simd.splat(first as f64));
        let is_last = simd.less(simd.splat(self.count as f64 - 1.5), index);
        let mut done = simd.less(simd.splat(self.count as f64 - 0.5), index);
        let inverse_rho = simd.splat(1.0 / self.rho);
        let (left, right) = (simd.get(self.poles, first), simd.get(self.poles, first + 1));
        let (weight, next) = (simd.get(self.squares, first), simd.get(self.squares, first + 1));
        let gap = simd.sub(right, left);
        let middle = simd.mul(gap, half);

        // The sign half-way tells the nearer pole.
        let sums = self.sums(simd, first, index, left, middle);
        let value = simd.add(inverse_rho, simd.add(sums.below, sums.above));
        let positive = simd.less(zero, value);
        let at_left = simd.either(positive, is_last);
        let origin = simd.select(at_left, left, right);
        let mut low = simd.select(positive, zero, simd.select(is_last, middle, simd.sub(zero, middle)));
        let mut high = simd.select(positive, middle, simd.select(is_last, gap, zero));

        // First guess: the two poles next to it, everything else as it is half-way.
        let rest = simd.sub(value, simd.div(simd.sub(next, weight), middle));
        let both = simd.add(weight, next);
        let reach = simd.mul(rest, gap);
        let a = simd.add(both, simd.select(at_left, reach, simd.sub(zero, reach)));
        let b = simd.select(at_left, simd.mul(weight, gap), simd.sub(zero, simd.mul(next, gap)));
        let guess = root(simd, a, b, rest);
        let guess = simd.select(is_last, simd.div(weight, rest), guess);
        let mut offset = inside(simd, guess, low, high);

        let near = simd.sub(left, origin);
        let far = simd.sub(right, origin);
        let noise = simd.splat(f64::EPSILON * (2.0 + 0.25 * self.count as f64));
        for step in 0..STEPS {
            let sums = self.sums(simd, first, index, origin, offset);
            let value = simd.add(inverse_rho, simd.add(sums.below, sums.above));
            let size = simd.add(inverse_rho, simd.sub(sums.above, sums.below));
            done = simd.either(done, simd.less(simd.abs(value), simd.mul(noise, size)));
            if simd.all(done) {
                break;
            }
            let below_root = simd.less(value, zero);
            low = simd.select(below_root, offset, low);
            high = simd.select(below_root, high, offset);
            let (near, far) = (simd.sub(near, offset), simd.sub(far, offset));
            let c_last = simd.fnma(near, sums.slope_below, value);
            let c = simd.fnma(far, sums.slope_above, c_last);
            let product = simd.mul(near, far);
            let slope = simd.add(sums.slope_below, sums.slope_above);
            let a = simd.fnma(product, slope, simd.mul(simd.add(near, far), value));
            let change = root(simd, a, simd.mul(product, value), c);
            let change = simd.select(is_last, simd.div(simd.mul(near, value), c_last), change);
            let mut next = inside(simd, simd.add(offset, change), low, high);
            if step > PATIENCE && step % 3 == 0 {
                next = simd.mul(half, simd.add(low, high));
            }
            // Nothing left between the ends of the bracket, or a step below rounding.
            let moved = simd.abs(simd.sub(next, offset));
            let still = simd.less(moved, simd.mul(simd.abs(next), simd.mul(two, simd.splat(f64::EPSILON))));
            offset = simd.select(done, offset, next);
            done = simd.either(done, still);
            if simd.all(done) {
                break;
            }
        }
        simd.put(self.origin, first, origin);
        simd.put(self.offset, first, offset);
        simd.all(done)
    }
}

/// The root `(a - sqrt(a^2 - 4 b c))/(2 c)` of `c x^2 - a x + b = 0`, without cancellation: of the two the one between
/// the poles.
#[inline(always)]
fn root<S: Simd>(simd: S, a: S::V, b: S::V, c: S::V) -> S::V {
    let two = simd.splat(2.0);
    let discriminant = simd.fnma(simd.mul(simd.splat(4.0), b), c, simd.mul(a, a));
    let root = simd.sqrt(simd.abs(discriminant));
    let negative = simd.less(a, simd.splat(0.0));
    let above = simd.select(negative, simd.sub(a, root), simd.mul(two, b));
    let below = simd.select(negative, simd.mul(two, c), simd.add(a, root));
    simd.div(above, below)
}

/// `1/(pole - x)` and `z^2/(pole - x)` at `x = origin + offset`.
#[inline(always)]
fn term<S: Simd>(simd: S, pole: f64, square: f64, origin: S::V, offset: S::V) -> (S::V, S::V) {
    let inverse = simd.reciprocal(simd.sub(simd.sub(simd.splat(pole), origin), offset));
    (inverse, simd.mul(simd.splat(square), inverse))
}

/// `x` where it is inside the bracket, otherwise the middle of the bracket.
#[inline(always)]
fn inside<S: Simd>(simd: S, x: S::V, low: S::V, high: S::V) -> S::V {
    let good = simd.both(simd.less(low, x), simd.less(x, high));
    simd.select(good, x, simd.mul(simd.splat(0.5), simd.add(low, high)))
}
