//! Householder reduction of a symmetric matrix to tridiagonal form.
//!
//! Columns are reduced from the last to the first, so that what remains is always the leading block: it begins at
//! a cache line. The rank-two update of one step and the product of the matrix with the vector of the next are one
//! pass over the upper triangle (squares of one register on the diagonal are kept whole, so that no register is
//! ever cut). Algorithm: Golub, Van Loan, Matrix Computations, 4th ed., section 8.3.1.

use super::super::buffer::LINE;
use super::super::simd::{Kernel, Simd};

/// Columns of the matrix that are passed at once.
const GROUP: usize = 4;

/// A column shorter than this is taken for zero: its square would not be a normal number. The largest element of
/// the matrix is of the order of one, see [`Load`].
const NOTHING: f64 = 1e-140;

/// Copies a matrix to where columns begin at cache lines, times a power of two where its elements are so large or
/// small that their squares are not normal numbers.
pub(super) struct Load<'a> {
    /// Rows.
    pub n: usize,
    /// The matrix, without gaps.
    pub from: &'a [f64],
    /// Where it goes; what is between the columns is left alone.
    pub to: &'a mut [f64],
    /// Distance between columns there.
    pub stride: usize,
}

impl Kernel for Load<'_> {
    /// The factor; nothing where an element is infinite.
    type Output = Option<f64>;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Option<f64> {
        let n = self.n;
        let whole = n - n % S::LANES;
        let head = simd.head(n - whole);
        let (mut largest, mut largest_head) = (simd.splat(0.0), simd.splat(0.0));
        for (from, to) in self.from[..n * n].chunks_exact(n).zip(self.to.chunks_exact_mut(self.stride)) {
            for i in (0..whole).step_by(S::LANES) {
                let x = simd.get(from, i);
                largest = simd.max(simd.abs(x), largest);
                simd.put(to, i, x);
            }
            if whole < n {
                // SAFETY: these lanes are there.
                let x = unsafe { simd.load_head(from[whole..].as_ptr(), head) };
                largest_head = simd.max(simd.abs(x), largest_head);
                simd.put(to, whole, x);
            }
        }
        let mut lanes = [0.0; LINE];
        simd.put(&mut lanes, 0, simd.max(largest, largest_head));
        let largest = lanes.iter().fold(0.0f64, |m, &x| m.max(x));
        if largest == 0.0 || (1e-60..1e60).contains(&largest) {
            return Some(1.0);
        }
        if largest.is_infinite() {
            return None;
        }
        // Two factors: the reciprocal of the smallest numbers is beyond the largest.
        let factor = power_of_two(-(largest.log2().floor() as i32 / 2));
        for x in self.to.iter_mut() {
            *x *= factor;
            *x *= factor;
        }
        Some(factor * factor)
    }
}

/// `2^k` for `k` between -1022 and 1023.
pub(super) fn power_of_two(k: i32) -> f64 {
    f64::from_bits(((1023 + k.clamp(-1022, 1023)) as u64) << 52)
}

/// `A = Q T Q^T` with `Q = H_{n-1} ... H_2` and `H_k = 1 - tau_k v_k v_k^T`, where `v_k` ends at row `k - 1`.
pub(super) struct Tridiagonalise<'a> {
    /// Rows of the matrix, at least 2.
    pub n: usize,
    /// Distance between columns of `a` and `reflectors`, a multiple of 8.
    pub stride: usize,
    /// The matrix, upper triangle and the squares on the diagonal; destroyed. `stride * stride` numbers.
    pub a: &'a mut [f64],
    /// Column `k` becomes `v_k`; rows from `k` on must be zero and stay so. `stride * n` numbers.
    pub reflectors: &'a mut [f64],
    /// `tau_k`.
    pub tau: &'a mut [f64],
    /// Diagonal of `T`.
    pub diagonal: &'a mut [f64],
    /// Off-diagonal of `T`: element `k` couples `k` and `k + 1`.
    pub off: &'a mut [f64],
    /// The second vector of the pending update. `stride` numbers.
    pub w: &'a mut [f64],
    /// Product of matrix and vector. `stride` numbers.
    pub y: &'a mut [f64],
}

impl Tridiagonalise<'_> {
    /// Subtracts `v w^T + w v^T` from the leading block of order `k`, and puts the product of what results with the
    /// vector `u` into `y` (rows from `k` on are of no meaning).
    #[inline(always)]
    fn pass<S: Simd>(&mut self, simd: S, k: usize, pending: bool) {
        let stride = self.stride;
        let top = k.next_multiple_of(S::LANES);
        let (a, y, w) = (&mut self.a[..top * stride], &mut self.y[..top], &self.w[..top]);
        let u = &self.reflectors[k * stride..][..top];
        // Before the first step nothing is pending: the vector is that of the step itself and `w` is zero.
        let v = &self.reflectors[(if pending { k + 1 } else { k }) * stride..][..top];
        let (pv, pw, pu, py) = (v.as_ptr(), w.as_ptr(), u.as_ptr(), y.as_mut_ptr());
        for i in (0..top).step_by(S::LANES) {
            simd.put(y, i, simd.splat(0.0));
        }
        let mut column = 0;
        while column < k {
            let square = column - column % S::LANES;
            let (vj, wj, uj) =
                (group(simd, &v[column..]), group(simd, &w[column..]), group(simd, &u[column..]));
            let mut sums = [simd.splat(0.0); GROUP];
            let pa = a[column * stride..(column + GROUP) * stride].as_mut_ptr();
            // SAFETY: rows run to `square + LANES <= top`, for which all five have been sliced.
            unsafe {
                for i in (0..square).step_by(S::LANES) {
                    let (vi, wi, ui) = (simd.load(pv.add(i)), simd.load(pw.add(i)), simd.load(pu.add(i)));
                    let mut rows = [simd.splat(0.0); 2];
                    for c in 0..GROUP {
                        let p = pa.add(c * stride + i);
                        let x = simd.fnma(wi, vj[c], simd.fnma(vi, wj[c], simd.load(p)));
                        simd.store(p, x);
                        rows[c % 2] = simd.fma(x, uj[c], rows[c % 2]);
                        sums[c] = simd.fma(x, ui, sums[c]);
                    }
                    // Only one addition between the load and the store that the next group waits for.
                    let rows = simd.add(rows[0], rows[1]);
                    simd.store(py.add(i), simd.add(simd.load(py.add(i)), rows));
                }
                let (vi, wi) = (simd.load(pv.add(square)), simd.load(pw.add(square)));
                let mut rows = [simd.splat(0.0); 2];
                for c in 0..GROUP {
                    let p = pa.add(c * stride + square);
                    let x = simd.fnma(wi, vj[c], simd.fnma(vi, wj[c], simd.load(p)));
                    simd.store(p, x);
                    rows[c % 2] = simd.fma(x, uj[c], rows[c % 2]);
                }
                let rows = simd.add(rows[0], rows[1]);
                simd.store(py.add(square), simd.add(simd.load(py.add(square)), rows));
            }
            let sums = simd.sum4(sums);
            for (y, s) in y[column..column + GROUP].iter_mut().zip(sums) {
                *y += s;
            }
            column += GROUP;
        }
    }

    /// Column `k` above the diagonal with the pending update, the vector that is to be reflected, goes to the
    /// reflectors. Returns its last element, and the sum of the squares of the others.
    #[inline(always)]
    fn column<S: Simd>(&mut self, simd: S, k: usize, pending: bool) -> (f64, f64) {
        let stride = self.stride;
        let (before, after) = self.reflectors.split_at_mut((k + 1) * stride);
        let x = &mut before[k * stride..];
        let a = &self.a[k * stride..][..stride];
        // Without a pending update `w` is zero, and any vector will do.
        let v = if pending { &after[..stride] } else { a };
        let w = &self.w[..stride];
        let (vk, wk) = (v[k], w[k]);
        self.diagonal[k] = a[k] - 2.0 * vk * wk;
        let (vk, wk) = (simd.splat(vk), simd.splat(wk));
        let last = (k - 1) - (k - 1) % S::LANES;
        let mut squares = simd.splat(0.0);
        for i in (0..last).step_by(S::LANES) {
            let element = simd.fnma(simd.get(w, i), vk, simd.fnma(simd.get(v, i), wk, simd.get(a, i)));
            squares = simd.fma(element, element, squares);
            simd.put(x, i, element);
        }
        let element = simd.fnma(simd.get(w, last), vk, simd.fnma(simd.get(v, last), wk, simd.get(a, last)));
        simd.put(x, last, simd.keep(element, simd.head(k - last)));
        let others = simd.keep(element, simd.head(k - 1 - last));
        // The last element to the last bit as it is in the vector: where the column is but rounding errors of a
        // singular matrix, another order of operations gives another number.
        (x[k - 1], simd.sum(simd.fma(others, others, squares)))
    }

    /// The reflection of the vector `x` in column `k` of the reflectors, with `A x` in `y`: replaces `x` by the vector
    /// of the reflection, `v = (x - beta e)/(alpha - beta)`, and sets `w = tau (A v - tau/2 (v.A v) v)`, zero from row
    /// `k` on. The product with `x` instead of `v` does not wait for the norm of `x`.
    #[inline(always)]
    fn reflect<S: Simd>(&mut self, simd: S, k: usize, alpha: f64, squares: f64) {
        let top = k.next_multiple_of(S::LANES);
        let x = &mut self.reflectors[k * self.stride..][..top];
        let (y, w) = (&mut self.y[..top], &mut self.w[..top]);
        if squares <= NOTHING * NOTHING {
            self.tau[k] = 0.0;
            self.off[k - 1] = alpha;
            x.fill(0.0);
            w.fill(0.0);
            return;
        }
        let beta = -(alpha * alpha + squares).sqrt().copysign(alpha);
        let tau = (beta - alpha) / beta;
        self.tau[k] = tau;
        self.off[k - 1] = beta;
        let (scale, by) = (simd.splat(1.0 / (alpha - beta)), simd.splat(beta));
        let a = &self.a[(k - 1) * self.stride..][..top];
        let last = top - S::LANES;
        let mut dot = simd.splat(0.0);
        for i in (0..top).step_by(S::LANES) {
            let product = simd.mul(simd.fnma(by, simd.get(a, i), simd.get(y, i)), scale);
            let mut v = simd.mul(simd.get(x, i), scale);
            if i == last {
                // The element at the end is one.
                let (inside, before) = (simd.head(k - last), simd.head(k - 1 - last));
                let one = simd.splat(1.0);
                v = simd.add(simd.keep(v, before), simd.sub(simd.keep(one, inside), simd.keep(one, before)));
            }
            simd.put(x, i, v);
            simd.put(y, i, product);
            dot = simd.fma(v, product, dot);
        }
        let factor = simd.splat(-0.5 * tau * tau * simd.sum(dot));
        let tau = simd.splat(tau);
        for i in (0..top).step_by(S::LANES) {
            let value = simd.fma(simd.get(x, i), factor, simd.mul(simd.get(y, i), tau));
            simd.put(w, i, if i == last { simd.keep(value, simd.head(k - last)) } else { value });
        }
    }
}

impl Kernel for Tridiagonalise<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        let (n, stride) = (self.n, self.stride);
        self.w.fill(0.0);
        for k in (2..n).rev() {
            let pending = k + 1 < n;
            let (alpha, squares) = self.column(simd, k, pending);
            self.pass(simd, k, pending);
            self.reflect(simd, k, alpha, squares);
        }
        // The leading two rows; after at least one step the reflector of row 2 is pending.
        let (v, w) = (if n > 2 { &self.reflectors[2 * stride..] } else { &self.a[..] }, &self.w[..]);
        let (v, w, a) = ([v[0], v[1]], [w[0], w[1]], &self.a[..]);
        self.diagonal[0] = a[0] - 2.0 * v[0] * w[0];
        self.diagonal[1] = a[stride + 1] - 2.0 * v[1] * w[1];
        self.off[0] = a[stride] - v[0] * w[1] - w[0] * v[1];
        self.tau[1] = 0.0;
    }
}

/// A register of each of the first numbers.
#[inline(always)]
fn group<S: Simd>(simd: S, x: &[f64]) -> [S::V; GROUP] {
    let x = &x[..GROUP];
    [simd.splat(x[0]), simd.splat(x[1]), simd.splat(x[2]), simd.splat(x[3])]
}
