//! Products of small dense matrices.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

/// `C = A B` with `A` of shape `rows x inner`, `B` of `inner x columns`, all column-major.
pub(crate) fn multiply(a: &[f64], b: &[f64], c: &mut [f64], rows: usize, inner: usize, columns: usize) {
    let a = MatRef::from_column_major_slice(&a[..rows * inner], rows, inner);
    let b = MatRef::from_column_major_slice(&b[..inner * columns], inner, columns);
    let c = MatMut::from_column_major_slice_mut(&mut c[..rows * columns], rows, columns);
    matmul(c, Accum::Replace, a, b, 1.0, Par::Seq);
}

/// `C = A^T B` with `A` of shape `inner x rows`, `B` of `inner x columns`, all column-major.
pub(crate) fn multiply_transposed(
    a: &[f64],
    b: &[f64],
    c: &mut [f64],
    rows: usize,
    inner: usize,
    columns: usize,
) {
    let a = MatRef::from_column_major_slice(&a[..rows * inner], inner, rows);
    let b = MatRef::from_column_major_slice(&b[..inner * columns], inner, columns);
    let c = MatMut::from_column_major_slice_mut(&mut c[..rows * columns], rows, columns);
    matmul(c, Accum::Replace, a.transpose(), b, 1.0, Par::Seq);
}
