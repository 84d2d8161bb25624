//! Dense symmetric matrices, in one thread so that results do not depend on the number of threads.

use crate::error::RelaxError;
use crate::vector::{axpy, dot};
use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor::{cholesky_in_place, cholesky_in_place_scratch};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::{Mat, MatMut, MatRef, Par};

/// A symmetric matrix, column-major; only the lower triangle is kept up to date.
#[derive(Clone, Debug)]
pub(crate) struct Symmetric {
    pub(crate) n: usize,
    pub(crate) data: Vec<f64>,
}

impl Symmetric {
    pub(crate) fn zeros(n: usize) -> Symmetric {
        Symmetric { n, data: vec![0.0; n * n] }
    }

    /// Adds `value` to the diagonal.
    pub(crate) fn shift(&mut self, value: f64) {
        for i in 0..self.n {
            self.data[i * self.n + i] += value;
        }
    }

    /// Adds `factor v v^T`.
    pub(crate) fn rank_one(&mut self, factor: f64, v: &[f64]) {
        let n = self.n;
        for j in 0..n {
            let by = factor * v[j];
            if by != 0.0 {
                let column = &mut self.data[j * n + j..(j + 1) * n];
                for (target, x) in column.iter_mut().zip(&v[j..]) {
                    *target += by * x;
                }
            }
        }
    }

    /// Lower Cholesky factor, if the matrix is positive definite.
    pub(crate) fn cholesky(&self) -> Option<Cholesky> {
        let n = self.n;
        let mut lower = self.data.clone();
        let mut memory = MemBuffer::new(cholesky_in_place_scratch::<f64>(n, Par::Seq, Default::default()));
        let matrix = MatMut::from_column_major_slice_mut(&mut lower, n, n);
        cholesky_in_place(
            matrix,
            Default::default(),
            Par::Seq,
            MemStack::new(&mut memory),
            Default::default(),
        )
        .ok()?;
        // NaN passes for a positive pivot.
        (0..n).all(|i| lower[i * n + i].is_finite()).then_some(Cholesky { n, lower })
    }
}

/// `L` with `L L^T = A`, column-major; what stands above the diagonal has no meaning.
pub(crate) struct Cholesky {
    n: usize,
    lower: Vec<f64>,
}

impl Cholesky {
    /// `A^-1 b`.
    pub(crate) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let n = self.n;
        let mut x = b.to_vec();
        for j in 0..n {
            let column = &self.lower[j * n..(j + 1) * n];
            x[j] /= column[j];
            let by = x[j];
            axpy(&mut x[j + 1..], -by, &column[j + 1..]);
        }
        for j in (0..n).rev() {
            let column = &self.lower[j * n..(j + 1) * n];
            x[j] = (x[j] - dot(&x[j + 1..], &column[j + 1..])) / column[j];
        }
        x
    }
}

/// Eigenvalues in rising order and eigenvectors as columns (column-major) of a full symmetric matrix.
pub(crate) fn eigen(matrix: &[f64], n: usize) -> Result<(Vec<f64>, Vec<f64>), RelaxError> {
    let mut values = Diag::zeros(n);
    let mut vectors = Mat::zeros(n, n);
    let scratch = self_adjoint_evd_scratch::<f64>(n, ComputeEigenvectors::Yes, Par::Seq, Default::default());
    self_adjoint_evd(
        MatRef::from_column_major_slice(matrix, n, n),
        values.as_mut(),
        Some(vectors.as_mut()),
        Par::Seq,
        MemStack::new(&mut MemBuffer::new(scratch)),
        Default::default(),
    )
    .map_err(|_| RelaxError::Internal { what: "the eigenvalues of a symmetric matrix" })?;
    let columns = (0..n).flat_map(|k| vectors.col(k).iter().copied().collect::<Vec<_>>()).collect();
    Ok((values.column_vector().iter().copied().collect(), columns))
}
