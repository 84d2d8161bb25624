//! Roots of the secular equation `1/rho + sum_i z_i^2/(d_i - x) = 0`, one root per lane.
//!
//! Interpolation of value, slope and curvature by the two poles next to the root and a constant (W. B. Gragg's
//! scheme; R.-C. Li, LAPACK Working Note 89, 1994), inside brackets; it converges cubically. Stopping criterion of
//! M. Gu, S. C. Eisenstat, SIAM J. Matrix Anal. Appl. 1995, 16, 172.

use super::super::simd::Simd;

/// Steps allowed; four are usual, and this many halve any bracket down to rounding.
const STEPS: usize = 400;

/// After this many steps every third one halves the bracket.
const PATIENCE: usize = 12;

/// After a step this small, relative to the distance from the pole, the next would be below rounding.
const SMALL_STEP: f64 = 1e-6;

/// Registers of roots that are iterated together: one alone would wait for its divisions.
const TOGETHER: usize = 2;

/// Numbers that must be there after the last pole.
pub(super) const BEYOND: usize = 8 * TOGETHER + 1;

/// The equation. Slices have room for `BEYOND` numbers more than there are poles.
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

/// The sums over the poles up to the lane's own and over those after it, and the slope and half the curvature of all.
struct Sums<S: Simd, const W: usize> {
    below: [S::V; W],
    above: [S::V; W],
    slope: [S::V; W],
    bend: [S::V; W],
}

/// Registers of roots and what is known of them.
struct State<S: Simd, const W: usize> {
    /// The pole they are measured from.
    origin: [S::V; W],
    /// The two poles of the interpolation, from there.
    near: [S::V; W],
    far: [S::V; W],
    is_last: [S::M; W],
    offset: [S::V; W],
    low: [S::V; W],
    high: [S::V; W],
    done: [S::M; W],
}

impl Secular<'_> {
    /// The sums at `origin + offset` for registers of roots, the first of them with root `first`.
    #[inline(always)]
    fn sums<S: Simd, const W: usize>(
        &self,
        simd: S,
        first: usize,
        index: [S::V; W],
        origin: [S::V; W],
        offset: [S::V; W],
    ) -> Sums<S, W> {
        let (zero, one) = (simd.splat(0.0), simd.splat(1.0));
        let (mut below, mut above, mut slope, mut bend) = ([zero; W], [zero; W], [zero; W], [zero; W]);
        let poles = &self.poles[..self.count];
        let squares = &self.squares[..self.count];
        let last = (first + W * S::LANES).min(self.count);
        for (&pole, &square) in poles[..first + 1].iter().zip(squares) {
            let (pole, square) = (simd.splat(pole), simd.splat(square));
            for w in 0..W {
                let inverse = simd.div(one, simd.sub(simd.sub(pole, origin[w]), offset[w]));
                let value = simd.mul(square, inverse);
                let by_slope = simd.mul(value, inverse);
                below[w] = simd.add(below[w], value);
                slope[w] = simd.add(slope[w], by_slope);
                bend[w] = simd.fma(by_slope, inverse, bend[w]);
            }
        }
        for i in first + 1..last {
            let (pole, square, at) =
                (simd.splat(poles[i]), simd.splat(squares[i]), simd.splat(i as f64 - 0.5));
            for w in 0..W {
                let inverse = simd.div(one, simd.sub(simd.sub(pole, origin[w]), offset[w]));
                let value = simd.mul(square, inverse);
                let by_slope = simd.mul(value, inverse);
                let mine = simd.less(at, index[w]);
                below[w] = simd.add(below[w], simd.select(mine, value, zero));
                above[w] = simd.add(above[w], simd.select(mine, zero, value));
                slope[w] = simd.add(slope[w], by_slope);
                bend[w] = simd.fma(by_slope, inverse, bend[w]);
            }
        }
        for (&pole, &square) in poles[last..].iter().zip(&squares[last..]) {
            let (pole, square) = (simd.splat(pole), simd.splat(square));
            for w in 0..W {
                let inverse = simd.div(one, simd.sub(simd.sub(pole, origin[w]), offset[w]));
                let value = simd.mul(square, inverse);
                let by_slope = simd.mul(value, inverse);
                above[w] = simd.add(above[w], value);
                slope[w] = simd.add(slope[w], by_slope);
                bend[w] = simd.fma(by_slope, inverse, bend[w]);
            }
        }
        Sums { below, above, slope, bend }
    }

    /// All roots. Returns whether every one converged.
    #[inline(always)]
    pub fn solve<S: Simd>(&mut self, simd: S) -> bool {
        let count = self.count;
        if count == 1 {
            self.origin[0] = self.poles[0];
            self.offset[0] = self.rho * self.squares[0];
            return true;
        }
        let norm: f64 = self.squares[..count].iter().sum();
        // A pole without weight where the last root's interval ends, and more of them for the lanes beyond.
        let end = self.poles[count - 1] + self.rho * norm;
        for k in 0..BEYOND {
            self.poles[count + k] = end + k as f64;
            self.squares[count + k] = 0.0;
        }
        let mut first = 0;
        while first < count {
            let (good, width) = if count - first > S::LANES {
                (self.registers::<S, TOGETHER>(simd, first), TOGETHER)
            } else {
                (self.registers::<S, 1>(simd, first), 1)
            };
            if !good {
                return false;
            }
            first += width * S::LANES;
        }
        true
    }

    /// Brackets and first guesses of the roots from `first` on, from the sums half-way between the poles.
    #[inline(always)]
    fn start<S: Simd, const W: usize>(&self, simd: S, first: usize, index: [S::V; W]) -> State<S, W> {
        let (zero, half) = (simd.splat(0.0), simd.splat(0.5));
        let (zeros, no) = ([zero; W], [simd.less(zero, zero); W]);
        let mut state = State {
            origin: zeros,
            near: zeros,
            far: zeros,
            is_last: no,
            offset: zeros,
            low: zeros,
            high: zeros,
            done: no,
        };
        let (mut left, mut middle) = (zeros, zeros);
        for w in 0..W {
            let at = first + w * S::LANES;
            left[w] = simd.get(self.poles, at);
            middle[w] = simd.mul(half, simd.sub(simd.get(self.poles, at + 1), left[w]));
        }
        let sums = self.sums::<S, W>(simd, first, index, left, middle);
        for w in 0..W {
            let at = first + w * S::LANES;
            let (right, left, middle) = (simd.get(self.poles, at + 1), left[w], middle[w]);
            let (weight, next) = (simd.get(self.squares, at), simd.get(self.squares, at + 1));
            let value = simd.add(simd.splat(1.0 / self.rho), simd.add(sums.below[w], sums.above[w]));
            let is_last = simd.less(simd.splat(self.count as f64 - 1.5), index[w]);
            let gap = simd.sub(right, left);
            // The sign half-way tells the nearer pole.
            let positive = simd.less(zero, value);
            let at_left = simd.either(positive, is_last);
            let origin = simd.select(at_left, left, right);
            state.low[w] = simd.select(positive, zero, simd.select(is_last, middle, simd.sub(zero, middle)));
            state.high[w] = simd.select(positive, middle, simd.select(is_last, gap, zero));
            // First guess: the two poles next to it, everything else as it is half-way.
            let rest = simd.sub(value, simd.div(simd.sub(next, weight), middle));
            let reach = simd.mul(rest, gap);
            let a = simd.add(simd.add(weight, next), simd.select(at_left, reach, simd.sub(zero, reach)));
            let b = simd.select(at_left, simd.mul(weight, gap), simd.sub(zero, simd.mul(next, gap)));
            let guess = simd.select(is_last, simd.div(weight, rest), root(simd, a, b, rest));
            state.offset[w] = inside(simd, guess, state.low[w], state.high[w]).0;
            // The last root is to the right of both its poles.
            let before = simd.splat(self.poles[self.count - 2]);
            state.near[w] = simd.sub(left, origin);
            state.far[w] = simd.sub(simd.select(is_last, before, right), origin);
            state.origin[w] = origin;
            state.is_last[w] = is_last;
            state.done[w] = simd.less(simd.splat(self.count as f64 - 0.5), index[w]);
        }
        state
    }

    /// Registers of roots from `first` on.
    #[inline(always)]
    fn registers<S: Simd, const W: usize>(&mut self, simd: S, first: usize) -> bool {
        let (zero, half) = (simd.splat(0.0), simd.splat(0.5));
        let ramp = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
        let mut index = [zero; W];
        for (w, index) in index.iter_mut().enumerate() {
            *index = simd.add(simd.get(&ramp, 0), simd.splat((first + w * S::LANES) as f64));
        }
        let mut s = self.start::<S, W>(simd, first, index);
        let inverse_rho = simd.splat(1.0 / self.rho);
        let noise = simd.splat(f64::EPSILON * (2.0 + 0.25 * self.count as f64));
        let rounding = simd.splat(2.0 * f64::EPSILON);
        let mut finished = false;
        for step in 0..STEPS {
            let sums = self.sums::<S, W>(simd, first, index, s.origin, s.offset);
            finished = true;
            for w in 0..W {
                let offset = s.offset[w];
                let value = simd.add(inverse_rho, simd.add(sums.below[w], sums.above[w]));
                let size = simd.add(inverse_rho, simd.sub(sums.above[w], sums.below[w]));
                let mut done = simd.either(s.done[w], simd.less(simd.abs(value), simd.mul(noise, size)));
                let below_root = simd.less(value, zero);
                s.low[w] = simd.select(below_root, offset, s.low[w]);
                s.high[w] = simd.select(below_root, s.high[w], offset);
                let (near, far) = (simd.sub(s.near[w], offset), simd.sub(s.far[w], offset));
                let (sum, product) = (simd.add(near, far), simd.mul(near, far));
                let c = simd.fma(product, sums.bend[w], simd.fnma(sum, sums.slope[w], value));
                let a = simd.fnma(product, sums.slope[w], simd.mul(sum, value));
                // To the right of both poles it is the other root of the two: that of the mirror image.
                let a = simd.select(s.is_last[w], simd.sub(zero, a), a);
                let change = root(simd, a, simd.mul(product, value), c);
                let change = simd.select(s.is_last[w], simd.sub(zero, change), change);
                let (mut next, interpolated) = inside(simd, simd.add(offset, change), s.low[w], s.high[w]);
                let mut enough = simd.select(interpolated, simd.splat(SMALL_STEP), rounding);
                if step > PATIENCE {
                    // Slower than it should be: then nothing but a step below rounding counts.
                    enough = rounding;
                    if step % 3 == 0 {
                        next = simd.mul(half, simd.add(s.low[w], s.high[w]));
                    }
                }
                let moved = simd.abs(simd.sub(next, offset));
                s.offset[w] = simd.select(done, offset, next);
                done = simd.either(done, simd.less(moved, simd.mul(simd.abs(next), enough)));
                s.done[w] = done;
                finished &= simd.all(done);
            }
            if finished {
                break;
            }
        }
        for w in 0..W {
            simd.put(self.origin, first + w * S::LANES, s.origin[w]);
            simd.put(self.offset, first + w * S::LANES, s.offset[w]);
        }
        finished
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

/// `x` where it is inside the bracket, otherwise the middle of the bracket; and whether it was.
#[inline(always)]
fn inside<S: Simd>(simd: S, x: S::V, low: S::V, high: S::V) -> (S::V, S::M) {
    let good = simd.both(simd.less(low, x), simd.less(x, high));
    (simd.select(good, x, simd.mul(simd.splat(0.5), simd.add(low, high))), good)
}
