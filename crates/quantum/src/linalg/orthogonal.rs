//! From the basis functions to orthonormal ones and back, by the Cholesky factor of the overlap.

use super::gemm::{multiply, multiply_transposed};
use crate::error::QuantumError;

/// Pivots of the factorisation below this are taken for zero: the overlap has a unit diagonal.
const PIVOT: f64 = 1e-13;

/// Inverse `L^-1` of the Cholesky factor of the overlap, `S = L L^T`.
pub(crate) struct Orthogonaliser {
    n: usize,
    /// `L^-1`, lower triangle, zero above.
    inverse: Vec<f64>,
    /// `L^-T`.
    transposed: Vec<f64>,
    scratch: Vec<f64>,
}

impl Orthogonaliser {
    /// Memory for `n` basis functions.
    pub fn new(n: usize) -> Orthogonaliser {
        Orthogonaliser {
            n,
            inverse: vec![0.0; n * n],
            transposed: vec![0.0; n * n],
            scratch: vec![0.0; n * n],
        }
    }

    /// Factorises the overlap and inverts the factor.
    ///
    /// # Errors
    /// `LinearDependence` where the overlap is not positive definite.
    pub fn factor(&mut self, overlap: &[f64]) -> Result<(), QuantumError> {
        let n = self.n;
        let l = &mut self.scratch;
        l.copy_from_slice(&overlap[..n * n]);
        for k in 0..n {
            let pivot = l[k * n + k];
            if pivot.is_nan() || pivot <= PIVOT {
                return Err(QuantumError::LinearDependence);
            }
            let inverse = 1.0 / pivot.sqrt();
            let (done, rest) = l.split_at_mut((k + 1) * n);
            let column = &mut done[k * n..];
            column[k..].iter_mut().for_each(|x| *x *= inverse);
            for (j, target) in (k + 1..n).zip(rest.chunks_exact_mut(n)) {
                let factor = column[j];
                target[j..].iter_mut().zip(&column[j..]).for_each(|(t, c)| *t -= factor * c);
            }
        }
        self.inverse.fill(0.0);
        for j in 0..n {
            let x = &mut self.inverse[j * n..(j + 1) * n];
            x[j] = 1.0;
            for k in j..n {
                let (head, tail) = x.split_at_mut(k + 1);
                head[k] /= l[k * n + k];
                let factor = head[k];
                tail.iter_mut().zip(&l[k * n + k + 1..(k + 1) * n]).for_each(|(t, c)| *t -= factor * c);
            }
            for (i, &value) in x.iter().enumerate() {
                self.transposed[i * n + j] = value;
            }
        }
        Ok(())
    }

    /// `out = L^-1 H L^-T`.
    pub fn transform(&mut self, h: &[f64], out: &mut [f64]) {
        let n = self.n;
        multiply(h, &self.transposed, &mut self.scratch, n, n, n);
        multiply(&self.inverse, &self.scratch, out, n, n, n);
    }

    /// `Y <- L^-T Y` for the first `columns` columns.
    pub fn back(&mut self, y: &mut [f64], columns: usize) {
        let n = self.n;
        self.scratch[..n * columns].copy_from_slice(&y[..n * columns]);
        multiply_transposed(&self.inverse, &self.scratch, y, n, n, columns);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, difference, product};
    use super::*;

    #[test]
    fn transformed_overlap_is_the_unit_matrix() {
        for n in [1, 2, 3, 7, 8, 9, 16, 30, 42, 71] {
            let s = Random::new(n as u64).overlap(n);
            let mut o = Orthogonaliser::new(n);
            o.factor(&s).unwrap();
            let mut out = vec![0.0; n * n];
            o.transform(&s, &mut out);
            let unit: Vec<f64> = (0..n * n).map(|k| f64::from(u8::from(k % (n + 1) == 0))).collect();
            assert!(difference(&out, &unit) < 1e-12, "{n}");
            let mut c = unit.clone();
            o.back(&mut c, n);
            let sc = product(&s, false, &c, n);
            assert!(difference(&product(&c, true, &sc, n), &unit) < 1e-12, "{n}");
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
