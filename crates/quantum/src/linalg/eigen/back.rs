//! From eigenvectors of the tridiagonal matrix to those of the matrix it was made from.

use super::super::gemm::{Left, Product};
use super::super::simd::{Kernel, Simd};

/// Reflections applied at once.
pub(super) const BLOCK: usize = 8;

/// Applies `H_{n-1} ... H_2` to eigenvectors kept transposed, by blocks `1 - V T V^T` (R. Schreiber, C. Van Loan,
/// SIAM J. Sci. Stat. Comput. 1989, 10, 53; `T^-1` holds the products of the vectors above its diagonal and
/// `1/tau` on it).
pub(super) struct Back<'a> {
    /// Elements of an eigenvector.
    pub n: usize,
    /// Number of eigenvectors.
    pub wanted: usize,
    /// Distance between columns of `reflectors` and of `q`.
    pub stride: usize,
    pub reflectors: &'a [f64],
    pub tau: &'a [f64],
    /// Transposed eigenvectors.
    pub q: &'a mut [f64],
    /// `stride * BLOCK` numbers.
    pub y: &'a mut [f64],
}

impl Kernel for Back<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let (n, stride, wanted) = (self.n, self.stride, self.wanted);
        if wanted == 0 {
            return;
        }
        let mut from = 2;
        while from < n {
            let size = (n - from).min(BLOCK);
            let length = from + size - 1;
            let v = &self.reflectors[from * stride..][..(size - 1) * stride + length];
            let q = &mut self.q[..(length - 1) * stride + wanted];
            let y = &mut self.y[..(size - 1) * stride + wanted.next_multiple_of(S::LANES)];
            let product = Product {
                rows: wanted,
                inner: length,
                columns: size,
                a: (q.as_ptr(), stride),
                b: (v.as_ptr(), 1, stride),
                c: (y.as_mut_ptr(), stride),
                left: Left::Full,
                right_upper: false,
                only_upper: false,
                subtract: false,
            };
            // SAFETY: the slices above are what the product touches, in three different buffers.
            unsafe { product.call(simd) };
            for k in 0..size {
                let tau = self.tau[from + k];
                let mut dots = [0.0; BLOCK];
                let end = (from + k).next_multiple_of(S::LANES);
                for (j, dot) in dots.iter_mut().enumerate().take(k) {
                    let (a, b) = (&self.reflectors[(from + j) * stride..], &self.reflectors[(from + k) * stride..]);
                    let (a, b) = (&a[..end], &b[..end]);
                    let mut sum = simd.splat(0.0);
                    for i in (0..end).step_by(S::LANES) {
                        sum = simd.fma(simd.get(a, i), simd.get(b, i), sum);
                    }
                    *dot = -simd.sum(sum);
                }
                let (done, this) = y.split_at_mut(k * stride);
                for i in (0..wanted).step_by(S::LANES) {
                    let mut x = simd.get(this, i);
                    for (j, &dot) in dots.iter().enumerate().take(k) {
                        x = simd.fma(simd.get(&done[j * stride..], i), simd.splat(dot), x);
                    }
                    simd.put(this, i, simd.mul(x, simd.splat(tau)));
                }
            }
            let product = Product {
                rows: wanted,
                inner: size,
                columns: length,
                a: (y.as_ptr(), stride),
                b: (v.as_ptr(), stride, 1),
                c: (q.as_mut_ptr(), stride),
                subtract: true,
                ..product
            };
            // SAFETY: as above.
            unsafe { product.call(simd) };
            from += size;
        }
    }
}
