//! The Cholesky factor of a covariance matrix, in one thread: the results do
//! not depend on how many threads the caller runs.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor::{LltError, cholesky_in_place, cholesky_in_place_scratch};
use faer::linalg::matmul::matmul;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::linalg::triangular_inverse::invert_lower_triangular;
use faer::linalg::triangular_solve::{solve_lower_triangular_in_place, solve_upper_triangular_in_place};
use faer::{Accum, Mat, MatMut, Par};

/// Lower-triangular `L` with `L L^T = A`; the strict upper triangle is zero.
#[derive(Debug, Clone)]
pub(crate) struct Factor {
    lower: Mat<f64>,
}

/// The first row at which the matrix is not positive definite.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NotPositive {
    pub(crate) row: usize,
}

impl Factor {
    /// Factors the symmetric matrix of which `matrix` is the lower triangle.
    pub(crate) fn new(mut matrix: Mat<f64>) -> Result<Self, NotPositive> {
        let n = matrix.nrows();
        let mut memory = MemBuffer::new(cholesky_in_place_scratch::<f64>(n, Par::Seq, Default::default()));
        let stack = MemStack::new(&mut memory);
        cholesky_in_place(matrix.as_mut(), Default::default(), Par::Seq, stack, Default::default())
            .map_err(|LltError::NonPositivePivot { index }| NotPositive { row: index })?;
        for column in 1..n {
            matrix.col_mut(column).subrows_mut(0, column).fill(0.0);
        }
        // NaN passes for a positive pivot.
        match (0..n).find(|&i| !matrix[(i, i)].is_finite()) {
            Some(row) => Err(NotPositive { row }),
            None => Ok(Self { lower: matrix }),
        }
    }

    /// Factors `T + ratio I`, where `gram` holds the columns of `T`.
    pub(crate) fn of_gram(gram: &[f64], n: usize, ratio: f64) -> Result<Self, NotPositive> {
        Self::new(Mat::from_fn(n, n, |i, j| gram[j * n + i] + if i == j { ratio } else { 0.0 }))
    }

    /// The lower triangle, column after column.
    pub(crate) fn packed(&self) -> Vec<f64> {
        let n = self.dim();
        (0..n).flat_map(|j| self.lower.col(j).subrows(j, n - j).iter().copied()).collect()
    }

    /// The factor of order `n` that [`Factor::packed`] gave; `None` for numbers
    /// of another count, or a diagonal that no factor has.
    pub(crate) fn from_packed(packed: &[f64], n: usize) -> Option<Self> {
        if packed.len() != packed_len(n) {
            return None;
        }
        let (mut lower, mut rest) = (Mat::zeros(n, n), packed);
        for j in 0..n {
            let (column, tail) = rest.split_at(n - j);
            lower.col_mut(j).subrows_mut(j, n - j).iter_mut().zip(column).for_each(|(to, from)| *to = *from);
            rest = tail;
        }
        (0..n).all(|i| lower[(i, i)] > 0.0).then_some(Self { lower })
    }

    /// The diagonal of `L L^T`.
    pub(crate) fn diagonal(&self) -> Vec<f64> {
        let n = self.dim();
        let mut sums = vec![0.0; n];
        for j in 0..n {
            let column = self.lower.col(j).subrows(j, n - j);
            sums[j..].iter_mut().zip(column.iter()).for_each(|(sum, value)| *sum += value * value);
        }
        sums
    }

    /// The order of the matrix.
    pub(crate) fn dim(&self) -> usize {
        self.lower.nrows()
    }

    /// `ln det A`.
    pub(crate) fn log_det(&self) -> f64 {
        2.0 * (0..self.dim()).map(|i| self.lower[(i, i)].ln()).sum::<f64>()
    }

    /// Replaces the columns of `b` by those of `L^-1 b`.
    pub(crate) fn forward(&self, b: MatMut<'_, f64>) {
        solve_lower_triangular_in_place(self.lower.as_ref(), b, Par::Seq);
    }

    /// Replaces `b` by `L^-T b`.
    pub(crate) fn backward(&self, b: &mut [f64]) {
        let columns = MatMut::from_column_major_slice_mut(b, self.dim(), 1);
        solve_upper_triangular_in_place(self.lower.transpose(), columns, Par::Seq);
    }

    /// `A^-1 b`.
    pub(crate) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        let mut columns = MatMut::from_column_major_slice_mut(&mut x, b.len(), 1);
        solve_lower_triangular_in_place(self.lower.as_ref(), columns.as_mut(), Par::Seq);
        solve_upper_triangular_in_place(self.lower.transpose(), columns, Par::Seq);
        x
    }

    /// The diagonal of `A^-1`: squared norms of the columns of `L^-1`, a block
    /// of columns at a time. Nothing of the size of the matrix is allocated.
    pub(crate) fn inverse_diagonal(&self) -> Vec<f64> {
        const BLOCK: usize = 128;
        let n = self.dim();
        let mut diagonal = Vec::with_capacity(n);
        for first in (0..n).step_by(BLOCK) {
            // Rows above the block's are zero.
            let (height, width) = (n - first, BLOCK.min(n - first));
            let mut columns = Mat::from_fn(height, width, |i, j| f64::from(u8::from(i == j)));
            let lower = self.lower.as_ref().submatrix(first, first, height, height);
            solve_lower_triangular_in_place(lower, columns.as_mut(), Par::Seq);
            diagonal.extend((0..width).map(|j| columns.col(j).iter().map(|x| x * x).sum::<f64>()));
        }
        diagonal
    }

    /// `A^-1`, in full.
    pub(crate) fn inverse(&self) -> Mat<f64> {
        let n = self.dim();
        let (mut lower, mut inverse) = (Mat::zeros(n, n), Mat::zeros(n, n));
        invert_lower_triangular(lower.as_mut(), self.lower.as_ref(), Par::Seq);
        triangular::matmul(
            inverse.as_mut(),
            BlockStructure::TriangularLower,
            Accum::Replace,
            lower.transpose(),
            BlockStructure::TriangularUpper,
            lower.as_ref(),
            BlockStructure::TriangularLower,
            1.0,
            Par::Seq,
        );
        for j in 1..n {
            for i in 0..j {
                inverse[(i, j)] = inverse[(j, i)];
            }
        }
        inverse
    }

    /// The factor of `[[A, cross], [cross^T, corner]]`, where this is the
    /// factor of `A` (n by n), `cross` is n by k and `corner` k by k. Costs
    /// O(n^2 k) instead of O((n + k)^3).
    pub(crate) fn extend(&self, mut cross: Mat<f64>, mut corner: Mat<f64>) -> Result<Self, NotPositive> {
        let (n, k) = (self.dim(), corner.nrows());
        self.forward(cross.as_mut());
        matmul(corner.as_mut(), Accum::Add, cross.transpose(), cross.as_ref(), -1.0, Par::Seq);
        let corner = Factor::new(corner).map_err(|e| NotPositive { row: n + e.row })?;
        let mut lower = Mat::zeros(n + k, n + k);
        lower.as_mut().submatrix_mut(0, 0, n, n).copy_from(&self.lower);
        lower.as_mut().submatrix_mut(n, 0, k, n).copy_from(cross.transpose());
        lower.as_mut().submatrix_mut(n, n, k, k).copy_from(&corner.lower);
        Ok(Self { lower })
    }

    /// The diagonal of `A^-1` after [`Factor::extend`] by the last `k` rows,
    /// from the diagonal before. The last `k` rows of `L^-1` are all that is
    /// new, so that O(n^2 k) is enough.
    pub(crate) fn extended_inverse_diagonal(&self, before: &[f64]) -> Vec<f64> {
        let (n, k) = (self.dim(), self.dim() - before.len());
        let mut rows = Mat::from_fn(n, k, |i, j| f64::from(u8::from(i == before.len() + j)));
        solve_upper_triangular_in_place(self.lower.transpose(), rows.as_mut(), Par::Seq);
        let mut diagonal = before.to_vec();
        diagonal.resize(n, 0.0);
        for j in 0..k {
            for (sum, x) in diagonal.iter_mut().zip(rows.col(j).iter()) {
                *sum += x * x;
            }
        }
        diagonal
    }
}

/// Numbers in the lower triangle of a matrix of order `n`.
pub(crate) fn packed_len(n: usize) -> usize {
    n * (n + 1) / 2
}

/// The inner product, in eight interleaved partial sums: fixed order, so that
/// the result is the same everywhere, and no chain of dependent additions.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a_blocks, b_blocks) = (a.chunks_exact(8), b.chunks_exact(8));
    let tail: f64 = a_blocks.remainder().iter().zip(b_blocks.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a_blocks.zip(b_blocks) {
        for lane in 0..8 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    sums.iter().sum::<f64>() + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(n: usize) -> Mat<f64> {
        Mat::from_fn(n, n, |i, j| {
            (-((i as f64 - j as f64) / 3.0).powi(2)).exp() + f64::from(u8::from(i == j))
        })
    }

    #[test]
    fn extending_equals_factoring_anew() {
        let (n, k) = (37, 6);
        let whole = matrix(n + k);
        let full = Factor::new(whole.clone()).unwrap();
        let part = Factor::new(whole.submatrix(0, 0, n, n).to_owned()).unwrap();
        let grown = part
            .extend(whole.submatrix(0, n, n, k).to_owned(), whole.submatrix(n, n, k, k).to_owned())
            .unwrap();
        assert!((full.log_det() - grown.log_det()).abs() < 1e-12);
        let diagonal = grown.extended_inverse_diagonal(&part.inverse_diagonal());
        for (a, b) in diagonal.iter().zip(full.inverse_diagonal()) {
            assert!((a - b).abs() < 1e-12, "{a} {b}");
        }
    }

    #[test]
    fn solving_undoes_multiplying() {
        let n = 20;
        let (a, x): (_, Vec<f64>) = (matrix(n), (0..n).map(|i| (i as f64).sin()).collect());
        let b: Vec<f64> = (0..n).map(|i| (0..n).map(|j| a[(i, j)] * x[j]).sum()).collect();
        let factor = Factor::new(a).unwrap();
        for (solved, x) in factor.solve(&b).iter().zip(&x) {
            assert!((solved - x).abs() < 1e-12);
        }
        let (inverse, diagonal) = (factor.inverse(), factor.inverse_diagonal());
        for i in 0..n {
            let product: f64 = (0..n).map(|j| inverse[(i, j)] * b[j]).sum();
            assert!((product - x[i]).abs() < 1e-12 && (inverse[(i, i)] - diagonal[i]).abs() < 1e-12);
        }
    }

    #[test]
    fn an_indefinite_matrix_is_refused_at_its_row() {
        let error = Factor::new(Mat::from_fn(3, 3, |i, j| f64::from(u8::from(i == j && i < 2)))).unwrap_err();
        assert_eq!(error.row, 2);
    }

    #[test]
    fn dot_handles_every_length() {
        for n in 0..20 {
            let a: Vec<f64> = (0..n).map(f64::from).collect();
            assert_eq!(dot(&a, &a), (0..n).map(|i| f64::from(i * i)).sum::<f64>());
        }
    }
}
