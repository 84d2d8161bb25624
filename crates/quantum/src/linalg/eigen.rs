//! The symmetric eigenproblem.

use crate::error::QuantumError;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::{
    ComputeEigenvectors, SelfAdjointEvdParams, self_adjoint_evd, self_adjoint_evd_scratch,
};
use faer::{Auto, ColMut, MatMut, MatRef, Par, Spec};

/// Solver for matrices of one size.
pub(crate) struct Eigensolver {
    n: usize,
    memory: MemBuffer,
}

impl Eigensolver {
    /// Memory for matrices of `n` rows.
    pub fn new(n: usize) -> Eigensolver {
        let spec = Spec::new(<SelfAdjointEvdParams as Auto<f64>>::auto());
        let request = self_adjoint_evd_scratch::<f64>(n.max(1), ComputeEigenvectors::Yes, Par::Seq, spec);
        Eigensolver { n, memory: MemBuffer::new(request) }
    }

    /// All eigenvalues, ascending, and orthonormal eigenvectors as columns. Reads both triangles of `a` as one
    /// symmetric matrix and destroys it.
    ///
    /// # Errors
    /// `Internal` where a number is not finite or the iteration fails.
    pub fn solve(
        &mut self,
        a: &mut [f64],
        values: &mut [f64],
        vectors: &mut [f64],
    ) -> Result<(), QuantumError> {
        self.solve_lowest(a, values, vectors, self.n)
    }

    /// All eigenvalues, ascending, but only the eigenvectors of the `wanted` lowest; what the other columns of
    /// `vectors` hold afterwards is not defined.
    ///
    /// # Errors
    /// As `solve`.
    pub fn solve_lowest(
        &mut self,
        a: &mut [f64],
        values: &mut [f64],
        vectors: &mut [f64],
        wanted: usize,
    ) -> Result<(), QuantumError> {
        let n = self.n;
        debug_assert!(wanted <= n);
        if !a[..n * n].iter().all(|x| x.is_finite()) {
            return Err(QuantumError::Internal { what: "matrix not finite" });
        }
        self_adjoint_evd(
            MatRef::from_column_major_slice(&a[..n * n], n, n),
            ColMut::from_slice_mut(&mut values[..n]).as_diagonal_mut(),
            Some(MatMut::from_column_major_slice_mut(&mut vectors[..n * n], n, n)),
            Par::Seq,
            MemStack::new(&mut self.memory),
            Spec::new(<SelfAdjointEvdParams as Auto<f64>>::auto()),
        )
        .map_err(|_| QuantumError::Internal { what: "no convergence" })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, check_eigen, reference_matrices};
    use super::*;

    fn check(a: &[f64], n: usize) {
        let mut solver = Eigensolver::new(n);
        for wanted in [n, n / 2, 1, 0] {
            let (mut values, mut vectors) = (vec![0.0; n], vec![0.0; n * n]);
            solver.solve_lowest(&mut a.to_vec(), &mut values, &mut vectors, wanted).unwrap();
            check_eigen(a, &values, &vectors, n, wanted);
        }
        let (mut first, mut again) = (vec![0.0; n * n], vec![0.0; n * n]);
        let mut values = vec![0.0; n];
        solver.solve(&mut a.to_vec(), &mut values, &mut first).unwrap();
        Eigensolver::new(n).solve(&mut a.to_vec(), &mut values, &mut again).unwrap();
        assert_eq!(first, again);
    }

    const SIZES: [usize; 19] = [1, 2, 3, 4, 5, 7, 8, 9, 10, 15, 16, 17, 23, 33, 42, 53, 71, 100, 131];

    #[test]
    fn random() {
        for n in SIZES {
            check(&Random::new(n as u64).symmetric(n), n);
        }
    }

    #[test]
    fn diagonal_and_zero() {
        for n in SIZES {
            let mut a = vec![0.0; n * n];
            check(&a, n);
            for i in 0..n {
                a[i * n + i] = ((i * 7) % 5) as f64 - 2.0;
            }
            check(&a, n);
        }
    }

    #[test]
    fn degenerate_and_clustered() {
        for n in SIZES {
            let mut random = Random::new(n as u64);
            check(&random.with_values(&(0..n).map(|k| (k % 3) as f64).collect::<Vec<_>>()), n);
            check(
                &random.with_values(&(0..n).map(|k| (k / 4) as f64 + 1e-14 * k as f64).collect::<Vec<_>>()),
                n,
            );
            check(&random.with_values(&(0..n).map(|k| 1.0 + 1e-9 * k as f64).collect::<Vec<_>>()), n);
            check(&random.with_values(&(0..n).map(|k| 10f64.powi(-(k as i32 % 20))).collect::<Vec<_>>()), n);
            check(&random.with_values(&vec![-3.0; n]), n);
        }
    }

    #[test]
    fn structured() {
        for n in SIZES {
            let chain = |k: usize| match (k % n).abs_diff(k / n) {
                0 => 2.0,
                1 => -1.0,
                _ => 0.0,
            };
            check(&(0..n * n).map(chain).collect::<Vec<_>>(), n);
            // Wilkinson's matrix: pairs of eigenvalues agree to the last digit.
            let wilkinson = |k: usize| match (k % n).abs_diff(k / n) {
                0 => ((k % n) as f64 - (n / 2) as f64).abs(),
                1 => 1.0,
                _ => 0.0,
            };
            check(&(0..n * n).map(wilkinson).collect::<Vec<_>>(), n);
            // Equal blocks that do not touch: every eigenvalue several times.
            let blocks = |k: usize| {
                if k % n / 4 == k / n / 4 { 1.0 / (1 + k % n % 4 + k / n % 4) as f64 } else { 0.0 }
            };
            check(&(0..n * n).map(blocks).collect::<Vec<_>>(), n);
            check(&(0..n * n).map(|k| 1.0 / (1 + k % n + k / n) as f64).collect::<Vec<_>>(), n);
        }
    }

    #[test]
    fn scaled() {
        for n in [5, 20, 42] {
            let a = Random::new(3).symmetric(n);
            for factor in [1e-160, 1e-30, 1e30, 1e150] {
                let scaled: Vec<f64> = a.iter().map(|x| x * factor).collect();
                let (mut values, mut vectors) = (vec![0.0; n], vec![0.0; n * n]);
                Eigensolver::new(n).solve(&mut scaled.clone(), &mut values, &mut vectors).unwrap();
                values.iter_mut().for_each(|x| *x /= factor);
                check_eigen(&a, &values, &vectors, n, n);
            }
        }
    }

    #[test]
    fn molecules() {
        for m in reference_matrices() {
            check(&m.hamiltonian, m.n);
            check(&m.overlap, m.n);
        }
    }

    #[test]
    fn not_a_number_is_an_error() {
        let n = 6;
        let mut a = Random::new(1).symmetric(n);
        a[8] = f64::NAN;
        let (mut values, mut vectors) = (vec![0.0; n], vec![0.0; n * n]);
        assert!(Eigensolver::new(n).solve(&mut a, &mut values, &mut vectors).is_err());
    }
}
