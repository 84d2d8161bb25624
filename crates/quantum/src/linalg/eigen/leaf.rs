//! QL for the small tridiagonal matrices at the leaves of divide and conquer, one matrix per lane.
//!
//! A rotation waits for a square root and a division; with a matrix in each lane a register of them waits once. The
//! shift is explicit, so that a matrix that has come apart, or is smaller than its neighbours, needs no care:
//! Bowdler, Martin, Reinsch, Wilkinson, Numer. Math. 1968, 11, 293, with shifts of Wilkinson.

use super::super::simd::Simd;

/// The largest leaf.
pub(super) const LEAF: usize = 13;

/// The largest leaf while there are lanes left.
const SMALL: usize = 6;

/// Sweeps allowed for one eigenvalue; two or three are usual.
const SWEEPS: usize = 60;

/// Numbers below this are taken for zero, in units of the matrix: their squares would not be normal numbers.
const NOTHING: f64 = 1e-140;

/// Eigenvectors of the leaves: vector, row, lane.
pub(super) type Vectors = [[[f64; 8]; LEAF]; LEAF];

/// Matrices from the diagonal and off-diagonal of a larger one, as many as there are lanes.
struct Batch<'a, S: Simd> {
    d: [S::V; LEAF],
    e: [S::V; LEAF],
    z: &'a mut Vectors,
}

/// Into how many leaves `n` rows are best divided, a power of two. Up to the number of lanes small leaves cost
/// nothing but the joins; beyond it, a second batch.
#[inline(always)]
pub(super) fn leaves<S: Simd>(n: usize) -> usize {
    let mut count = 1;
    while n.div_ceil(count) > if count < S::LANES { SMALL } else { LEAF } {
        count *= 2;
    }
    count
}

/// The places of the leaves: leaf `k` of `count` begins at `edge(n, count, k)` and ends where the next begins.
#[inline(always)]
pub(super) fn edge(n: usize, count: usize, k: usize) -> usize {
    k * n / count
}

/// Solves the leaves from `from` on that fill the lanes. The diagonal becomes the eigenvalues, ascending in each
/// leaf; element `r` of vector `j` goes to `[r * stride + j]` of `q`.
///
/// Returns whether all converged.
#[inline(always)]
pub(super) fn solve<S: Simd>(
    simd: S,
    (count, from): (usize, usize),
    d: &mut [f64],
    e: &[f64],
    (q, stride): (&mut [f64], usize),
    z: &mut Vectors,
) -> bool {
    let n = d.len();
    let lanes = (count - from).min(S::LANES);
    let zero = simd.splat(0.0);
    let mut size = 1;
    // What a lane lacks to the size of the others is a zero of its own on the diagonal.
    let (mut ds, mut es) = ([[0.0; 8]; LEAF], [[0.0; 8]; LEAF]);
    for lane in 0..lanes {
        let (low, high) = (edge(n, count, from + lane), edge(n, count, from + lane + 1));
        size = size.max(high - low);
        for k in 0..(high - low).min(LEAF) {
            ds[k][lane] = d[low + k];
            es[k][lane] = if low + k + 1 < high { e[low + k] } else { 0.0 };
        }
    }
    let size = size.min(LEAF);
    let mut batch = Batch::<S> { d: [zero; LEAF], e: [zero; LEAF], z };
    for k in 0..size {
        batch.d[k] = simd.get(&ds[k], 0);
        batch.e[k] = simd.get(&es[k], 0);
        for r in 0..size {
            batch.z[k][r] = [if k == r { 1.0 } else { 0.0 }; 8];
        }
    }
    for low in 0..size - 1 {
        let mut sweeps = 0;
        loop {
            let near = simd.add(simd.abs(batch.d[low]), simd.abs(batch.d[low + 1]));
            let negligible = simd.fma(near, simd.splat(0.5 * f64::EPSILON), simd.splat(NOTHING));
            let active = simd.less(negligible, simd.abs(batch.e[low]));
            if !simd.any(active) {
                break;
            }
            sweeps += 1;
            if sweeps > SWEEPS {
                return false;
            }
            batch.sweep(simd, active, low, size);
        }
    }
    for k in 0..size {
        simd.put(&mut ds[k], 0, batch.d[k]);
    }
    for lane in 0..lanes {
        let (low, high) = (edge(n, count, from + lane), edge(n, count, from + lane + 1));
        let mut order: [usize; LEAF] = std::array::from_fn(|k| k);
        let d = &mut d[low..high];
        for k in 0..d.len().min(LEAF) {
            let value = ds[k][lane];
            let mut at = k;
            while at > 0 && d[at - 1] > value {
                d[at] = d[at - 1];
                order[at] = order[at - 1];
                at -= 1;
            }
            d[at] = value;
            order[at] = k;
        }
        for r in 0..d.len().min(LEAF) {
            let row = &mut q[(low + r) * stride + low..][..d.len()];
            for (x, &k) in row.iter_mut().zip(&order) {
                *x = z[k][r][lane];
            }
        }
    }
    true
}

impl<S: Simd> Batch<'_, S> {
    /// One sweep of rotations from the last row up to `low`, in the lanes that are active.
    #[inline(always)]
    fn sweep(&mut self, simd: S, active: S::M, low: usize, size: usize) {
        let (zero, one) = (simd.splat(0.0), simd.splat(1.0));
        // The eigenvalue of the leading two rows that is nearer to the first.
        let (d, e) = (self.d[low], self.e[low]);
        let half = simd.div(simd.sub(self.d[low + 1], d), simd.add(e, e));
        let root = simd.sqrt(simd.fma(half, half, one));
        let root = simd.select(simd.less(half, zero), simd.sub(zero, root), root);
        let shift = simd.sub(d, simd.div(e, simd.add(half, root)));
        let mut p = simd.sub(self.d[size - 1], shift);
        let (mut sine, mut cosine) = (zero, one);
        for i in (low..size - 1).rev() {
            let (d, e) = (simd.sub(self.d[i], shift), self.e[i]);
            let (g, h) = (simd.mul(cosine, e), simd.mul(cosine, p));
            let r = simd.sqrt(simd.fma(p, p, simd.mul(e, e)));
            self.e[i + 1] = simd.select(active, simd.mul(sine, r), self.e[i + 1]);
            let inverse = simd.div(one, r);
            // Both zero: the matrix comes apart here. And nothing turns in the lanes that are done.
            let turns = simd.both(active, simd.less(simd.splat(NOTHING), r));
            sine = simd.select(turns, simd.mul(e, inverse), zero);
            cosine = simd.select(turns, simd.mul(p, inverse), one);
            let next = simd.fma(sine, simd.fma(cosine, g, simd.mul(sine, d)), h);
            self.d[i + 1] = simd.select(active, simd.add(next, shift), self.d[i + 1]);
            p = simd.fnma(sine, g, simd.mul(cosine, d));
            let (left, right) = self.z.split_at_mut(i + 1);
            let (left, right) = (&mut left[i], &mut right[0]);
            for k in 0..size {
                let (x, y) = (simd.get(&left[k], 0), simd.get(&right[k], 0));
                simd.put(&mut right[k], 0, simd.fma(sine, x, simd.mul(cosine, y)));
                simd.put(&mut left[k], 0, simd.fnma(sine, y, simd.mul(cosine, x)));
            }
        }
        self.d[low] = simd.select(active, simd.fma(cosine, p, shift), self.d[low]);
        self.e[low] = simd.select(active, simd.mul(sine, p), self.e[low]);
    }
}
