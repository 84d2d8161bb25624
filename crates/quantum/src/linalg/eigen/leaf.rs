//! Implicit QL for the small tridiagonal matrices at the leaves of divide and conquer.
//!
//! Golub, Van Loan, Matrix Computations, 4th ed., section 8.3.5; shifts of Wilkinson.

use super::super::simd::Simd;

/// The largest leaf.
pub(super) const LEAF: usize = 16;

/// Sweeps allowed for one eigenvalue; two or three are usual.
const SWEEPS: usize = 60;

/// Numbers below this are taken for zero, in units of the matrix: their squares would not be normal numbers.
const NOTHING: f64 = 1e-140;

/// Eigenvectors of a leaf as columns of `LEAF` rows.
pub(super) type Vectors = [[f64; LEAF]; LEAF];

/// Replaces the diagonal by the eigenvalues, in no order, and destroys `off`, which has as many elements as
/// `diagonal` (the last is of no meaning). Columns of `z` are rotated along.
///
/// Returns whether it converged.
#[inline(always)]
pub(super) fn solve<S: Simd>(simd: S, d: &mut [f64], e: &mut [f64], z: &mut Vectors) -> bool {
    let n = d.len().min(LEAF);
    let (d, e) = (&mut d[..n], &mut e[..n]);
    e[n - 1] = 0.0;
    for low in 0..n {
        let mut sweeps = 0;
        loop {
            let high = (low..n - 1).find(|&m| e[m].abs() <= negligible(d[m], d[m + 1])).unwrap_or(n - 1);
            if high == low {
                break;
            }
            sweeps += 1;
            if sweeps > SWEEPS {
                return false;
            }
            sweep(simd, d, e, z, low, high);
        }
    }
    true
}

/// An off-diagonal element this small between these two changes nothing.
#[inline(always)]
fn negligible(a: f64, b: f64) -> f64 {
    0.5 * f64::EPSILON * (a.abs() + b.abs()) + NOTHING
}

/// One sweep of rotations from `high` up to `low`.
#[inline(always)]
fn sweep<S: Simd>(simd: S, d: &mut [f64], e: &mut [f64], z: &mut Vectors, low: usize, high: usize) {
    let half = (d[low + 1] - d[low]) / (2.0 * e[low]);
    let root = (half * half + 1.0).sqrt().copysign(half);
    let mut g = d[high] - d[low] + e[low] / (half + root);
    let (mut sine, mut cosine, mut p) = (1.0, 1.0, 0.0);
    for i in (low..high).rev() {
        let f = sine * e[i];
        let b = cosine * e[i];
        let r = (f * f + g * g).sqrt();
        e[i + 1] = r;
        if r < NOTHING {
            // The matrix has come apart here.
            d[i + 1] -= p;
            e[i + 1] = 0.0;
            e[high] = 0.0;
            return;
        }
        let inverse = 1.0 / r;
        sine = f * inverse;
        cosine = g * inverse;
        g = d[i + 1] - p;
        let t = (d[i] - g) * sine + 2.0 * cosine * b;
        p = sine * t;
        d[i + 1] = g + p;
        g = cosine * t - b;
        let (s, c) = (simd.splat(sine), simd.splat(cosine));
        let (left, right) = z.split_at_mut(i + 1);
        let (left, right) = (&mut left[i], &mut right[0]);
        for k in (0..LEAF).step_by(S::LANES) {
            let (x, y) = (simd.get(left, k), simd.get(right, k));
            simd.put(right, k, simd.fma(s, x, simd.mul(c, y)));
            simd.put(left, k, simd.fnma(s, y, simd.mul(c, x)));
        }
    }
    d[low] -= p;
    e[low] = g;
    e[high] = 0.0;
}
