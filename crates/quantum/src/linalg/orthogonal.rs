//! From the basis functions to orthonormal ones and back, by the Cholesky factor of the overlap.

use super::buffer::Buffer;
use super::density::mirror;
use super::gemm::{Left, Product, Right};
use super::simd::{Kernel, Level, Simd};
use crate::error::QuantumError;

/// Pivots of the factorisation below this are taken for zero: the overlap has a unit diagonal.
const PIVOT: f64 = 1e-13;

/// Columns that are factorised, and rows that are inverted, at once.
const BLOCK: usize = 8;

/// Inverse `L^-1` of the Cholesky factor of the overlap, `S = L L^T`.
pub(crate) struct Orthogonaliser {
    n: usize,
    /// Distance between columns of the matrices here.
    stride: usize,
    level: Level,
    /// `L`; what is above its diagonal is of no meaning.
    factor: Buffer,
    /// `L^-1`, zero above the diagonal.
    inverse: Buffer,
    /// `L^-T`.
    transposed: Buffer,
}

impl Orthogonaliser {
    /// Memory for `n` basis functions.
    pub fn new(n: usize) -> Orthogonaliser {
        let stride = Buffer::stride(n);
        let square = || Buffer::new(stride * stride);
        let (factor, inverse, transposed) = (square(), square(), square());
        Orthogonaliser { n, stride, level: Level::best(), factor, inverse, transposed }
    }

    /// Factorises the overlap and inverts the factor.
    ///
    /// # Errors
    /// `LinearDependence` where the overlap is not positive definite.
    pub fn factor(&mut self, overlap: &[f64]) -> Result<(), QuantumError> {
        let n = self.n;
        for (from, to) in
            overlap.chunks_exact(n.max(1)).zip(self.factor.chunks_exact_mut(self.stride.max(1))).take(n)
        {
            to[..n].copy_from_slice(from);
        }
        let (level, stride) = (self.level, self.stride);
        if !level.run(Cholesky { n, stride, l: &mut self.factor }) {
            return Err(QuantumError::LinearDependence);
        }
        level.run(Invert {
            n,
            stride,
            l: &self.factor,
            inverse: &mut self.inverse,
            transposed: &mut self.transposed,
        });
        Ok(())
    }

    /// `out = L^-1 H L^-T`, exactly symmetric.
    pub fn transform(&mut self, h: &[f64], out: &mut [f64]) {
        let (n, stride) = (self.n, self.stride);
        let (h, out) = (&h[..n * n], &mut out[..n * n]);
        self.level.run(Transform { n, stride, inverse: &self.inverse, h, out });
    }

    /// `Y <- L^-T Y` for the first `columns` columns.
    pub fn back(&self, y: &mut [f64], columns: usize) {
        let (n, stride) = (self.n, self.stride);
        let y = &mut y[..n * columns];
        let (b, c) = ((y.as_ptr(), 1, n), (y.as_mut_ptr(), n));
        let product = Product::of((n, n, columns), (self.transposed.as_ptr(), stride), b, c);
        self.level.run(Product { left: Left::Upper, ..product });
    }
}

/// `L^-1 H L^-T`: the first product whole, of the second one triangle.
struct Transform<'a> {
    n: usize,
    stride: usize,
    inverse: &'a [f64],
    h: &'a [f64],
    out: &'a mut [f64],
}

impl Kernel for Transform<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let (n, stride) = (self.n, self.stride);
        let (inverse, out, shape) = (self.inverse.as_ptr(), self.out.as_mut_ptr(), (n, n, n));
        let half = Product::of(shape, (self.h.as_ptr(), n), (inverse, stride, 1), (out, n));
        let whole = Product::of(shape, (inverse, stride), (out, 1, n), (out, n));
        // SAFETY: the shapes are those of the slices; the second product goes from the bottom up, where what it
        // reads has not been written, and only to the right of the diagonal, where that holds as well.
        unsafe {
            Product { right: Right::Upper, ..half }.call(simd);
            Product { left: Left::Lower, only_upper: true, ..whole }.call(simd);
        }
        mirror(simd, self.out, n);
    }
}

/// `S = L L^T` in place, by blocks of columns; `S` below and on the diagonal.
struct Cholesky<'a> {
    n: usize,
    stride: usize,
    l: &'a mut [f64],
}

impl Kernel for Cholesky<'_> {
    /// Whether the matrix is positive definite.
    type Output = bool;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> bool {
        let (n, stride, l) = (self.n, self.stride, self.l);
        for from in (0..n).step_by(BLOCK) {
            let width = (n - from).min(BLOCK);
            let row = l[from..].as_mut_ptr();
            let shape = (n - from, from, width);
            let (a, b) = ((row.cast_const(), stride), (row.cast_const(), stride, 1));
            let columns = l[from * stride + from..].as_mut_ptr();
            // SAFETY: rows from `from` on of the columns before it, times their transpose; the result is after them.
            unsafe { Product { subtract: true, ..Product::of(shape, a, b, (columns, stride)) }.call(simd) };
            for k in 0..width {
                let (this, others) = l[(from + k) * stride..].split_at_mut(stride);
                let pivot = this[from + k];
                if pivot.is_nan() || pivot <= PIVOT {
                    return false;
                }
                let scale = simd.splat(1.0 / pivot.sqrt());
                for i in (from..n).step_by(S::LANES) {
                    simd.put(this, i, simd.mul(simd.get(this, i), scale));
                }
                for (j, other) in others.chunks_mut(stride).enumerate().take(width - k - 1) {
                    let factor = simd.splat(this[from + k + 1 + j]);
                    for i in (from..n).step_by(S::LANES) {
                        simd.put(other, i, simd.fnma(factor, simd.get(this, i), simd.get(other, i)));
                    }
                }
            }
        }
        true
    }
}

/// Inverse of a lower triangle, and its transpose, by blocks of rows.
struct Invert<'a> {
    n: usize,
    stride: usize,
    l: &'a [f64],
    /// Zero above the squares on the diagonal.
    inverse: &'a mut [f64],
    /// Zero below the squares on the diagonal.
    transposed: &'a mut [f64],
}

impl Kernel for Invert<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let (n, stride) = (self.n, self.stride);
        for from in (0..n).step_by(BLOCK) {
            let height = (n - from).min(BLOCK);
            // The square on the diagonal, column by column.
            let mut square = [0.0; BLOCK * BLOCK];
            for j in 0..height {
                let x = &mut square[j * BLOCK..(j + 1) * BLOCK];
                x[j] = 1.0;
                for k in j..height {
                    let column = &self.l[(from + k) * stride + from..][..height];
                    x[k] /= column[k];
                    for i in k + 1..height {
                        x[i] -= column[i] * x[k];
                    }
                }
                self.inverse[(from + j) * stride + from..][..height].copy_from_slice(&x[..height]);
            }
            square.iter_mut().for_each(|x| *x = -*x);
            // To the left of it minus the square times the row of L times what is done.
            let l = self.l[from..].as_ptr();
            let (above, row) = (self.inverse.as_ptr(), self.inverse[from..].as_mut_ptr());
            let inner = Product::of((height, from, from), (l, stride), (above, 1, stride), (row, stride));
            let outer = (square.as_ptr(), BLOCK);
            let outer = Product::of((height, height, from), outer, (row, 1, stride), (row, stride));
            // SAFETY: rows from `from` on of columns before `from`, and the triangle above them; the square is one
            // strip of rows, all of which is read before it is written.
            unsafe {
                Product { right: Right::Lower, ..inner }.call(simd);
                outer.call(simd);
            }
        }
        for i in (0..n).step_by(S::LANES) {
            for j in (0..i + S::LANES).step_by(S::LANES) {
                let (rows, columns) = ((n - j).min(S::LANES), (n - i).min(S::LANES));
                // SAFETY: rows and columns are cut to what is there.
                unsafe {
                    let from = self.inverse.as_ptr().add(j * stride + i);
                    let to = self.transposed.as_mut_ptr().add(i * stride + j);
                    simd.transpose((from, stride), (to, stride), rows, columns);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, difference, product};
    use super::*;

    impl Orthogonaliser {
        /// Without the gaps between the columns.
        fn gathered(&self, a: &Buffer) -> Vec<f64> {
            a.chunks_exact(self.stride).take(self.n).flat_map(|column| &column[..self.n]).copied().collect()
        }
    }

    #[test]
    fn transformed_overlap_is_the_unit_matrix() {
        for n in [1, 2, 3, 7, 8, 9, 16, 17, 30, 42, 71, 131] {
            let s = Random::new(n as u64).overlap(n);
            let unit: Vec<f64> = (0..n * n).map(|k| f64::from(u8::from(k % (n + 1) == 0))).collect();
            for level in Level::every() {
                let mut o = Orthogonaliser { level, ..Orthogonaliser::new(n) };
                o.factor(&Random::new(99).overlap(n)).unwrap();
                o.factor(&s).unwrap();
                let mut out = vec![0.0; n * n];
                o.transform(&s, &mut out);
                assert!(difference(&out, &unit) < 1e-12, "{n}");
                let h = Random::new(7).symmetric(n);
                o.transform(&h, &mut out);
                let half = product(&h, false, &o.gathered(&o.transposed), n);
                assert!(difference(&out, &product(&o.gathered(&o.inverse), false, &half, n)) < 1e-11, "{n}");
                let mut c = unit.clone();
                o.back(&mut c, n);
                let sc = product(&s, false, &c, n);
                assert!(difference(&product(&c, true, &sc, n), &unit) < 1e-12, "{n}");
            }
        }
    }

    #[test]
    fn back_leaves_the_other_columns_alone() {
        let n = 11;
        let mut o = Orthogonaliser::new(n);
        o.factor(&Random::new(5).overlap(n)).unwrap();
        let y = Random::new(6).general(n);
        let mut c = y.clone();
        o.back(&mut c, 4);
        assert_eq!(c[4 * n..], y[4 * n..]);
        let mut all = y.clone();
        o.back(&mut all, n);
        assert!(difference(&c[..4 * n], &all[..4 * n]) < 1e-14);
    }

    #[test]
    fn dependent_functions_are_refused() {
        let n = 5;
        let mut s = Random::new(1).overlap(n);
        for i in 0..n {
            s[n + i] = s[i];
        }
        for i in 0..n {
            s[i * n + 1] = s[i * n];
        }
        assert_eq!(Orthogonaliser::new(n).factor(&s), Err(QuantumError::LinearDependence));
        assert_eq!(Orthogonaliser::new(1).factor(&[f64::NAN]), Err(QuantumError::LinearDependence));
    }
}
