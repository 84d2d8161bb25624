//! From eigenvectors of the tridiagonal matrix to those of the matrix it was made from.

use super::super::gemm::Product;
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
    /// The eigenvectors as columns without gaps.
    pub vectors: &'a mut [f64],
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
            let (a, b) = ((q.as_ptr(), stride), (v.as_ptr(), 1, stride));
            let product = Product::of((wanted, length, size), a, b, (y.as_mut_ptr(), stride));
            // SAFETY: the slices above are what the product touches, in three different buffers.
            unsafe { product.call(simd) };
            for k in 0..size {
                let tau = self.tau[from + k];
                let mut dots = [0.0; BLOCK];
                let end = (from + k).next_multiple_of(S::LANES);
                let column = |k: usize| &self.reflectors[(from + k) * stride..][..end];
                let b = column(k);
                for j in (0..k).step_by(4) {
                    // Where there are fewer than four columns before this one the rest is of no meaning.
                    let a =
                        [column(j), column((j + 1).min(k)), column((j + 2).min(k)), column((j + 3).min(k))];
                    let mut sums = [simd.splat(0.0); 4];
                    for i in (0..end).step_by(S::LANES) {
                        let b = simd.get(b, i);
                        for (sum, a) in sums.iter_mut().zip(a) {
                            *sum = simd.fma(simd.get(a, i), b, *sum);
                        }
                    }
                    dots[j..j + 4].copy_from_slice(&simd.sum4(sums).map(|x| -x));
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
            let (a, b) = ((y.as_ptr(), stride), (v.as_ptr(), stride, 1));
            let product = Product::of((wanted, size, length), a, b, (q.as_mut_ptr(), stride));
            let product = Product { subtract: true, ..product };
            // SAFETY: as above.
            unsafe { product.call(simd) };
            from += size;
        }
        let (q, vectors) = (&self.q[..n * stride], &mut self.vectors[..n * wanted]);
        for r in (0..n).step_by(S::LANES) {
            for k in (0..wanted).step_by(S::LANES) {
                let (rows, columns) = ((n - r).min(S::LANES), (wanted - k).min(S::LANES));
                // SAFETY: rows and columns are cut to what is there.
                unsafe {
                    let to = vectors.as_mut_ptr().add(k * n + r);
                    simd.transpose((q.as_ptr().add(r * stride + k), stride), (to, n), rows, columns);
                }
            }
        }
    }
}
