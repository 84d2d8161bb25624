//! Distances between many rows at once.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use pulp::{Arch, Simd, WithSimd};

/// Squared distances below this share of the squared norms are computed again
/// from the differences: copies must be at distance zero exactly.
const CANCELLED: f64 = 1e-11;

/// Features taken together by [`manhattan`]: a panel of rows stays in the cache.
const PANEL: usize = 1024;

/// Rows of equal length one after another, with their squared norms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) values: &'a [f64],
    pub(crate) norms: &'a [f64],
    pub(crate) columns: usize,
}

impl<'a> Rows<'a> {
    /// Rows `start..end`.
    pub(crate) fn range(self, start: usize, end: usize) -> Self {
        Self {
            values: &self.values[start * self.columns..end * self.columns],
            norms: &self.norms[start..end],
            columns: self.columns,
        }
    }

    fn matrix(self) -> MatRef<'a, f64> {
        MatRef::from_row_major_slice(self.values, self.norms.len(), self.columns)
    }

    fn row(self, index: usize) -> &'a [f64] {
        &self.values[index * self.columns..(index + 1) * self.columns]
    }
}

/// Squared norms of rows of length `columns`.
pub(crate) fn norms(values: &[f64], columns: usize) -> Vec<f64> {
    values.chunks_exact(columns).map(|row| crate::gp::factor::dot(row, row)).collect()
}

/// Writes `|a_i|^2 + |b_j|^2 - 2 a_i b_j` into entry `j * a.len() + i` of `out`:
/// one matrix product. The norms may hold what is common to all pairs of one
/// row, such as features that the other side does not have.
pub(crate) fn squared(a: Rows<'_>, b: Rows<'_>, out: &mut [f64]) {
    let (m, n) = (a.norms.len(), b.norms.len());
    if m == 0 || n == 0 {
        return;
    }
    if a.columns == 0 {
        out.fill(0.0);
    } else {
        let target = MatMut::from_column_major_slice_mut(&mut *out, m, n);
        matmul(target, Accum::Replace, a.matrix(), b.matrix().transpose(), -2.0, Par::Seq);
    }
    let smallest = Arch::new().dispatch(
        #[inline(always)]
        || {
            let mut smallest = [f64::INFINITY; 8];
            for (column, &norm) in out.chunks_exact_mut(m).zip(b.norms) {
                let (blocks, tail) = column.as_chunks_mut::<8>();
                let (norm_blocks, norm_tail) = a.norms.as_chunks::<8>();
                for (values, norms) in blocks.iter_mut().zip(norm_blocks) {
                    for lane in 0..8 {
                        let sum = norms[lane] + norm;
                        values[lane] = (values[lane] + sum).max(0.0);
                        smallest[lane] = smallest[lane].min(values[lane] - CANCELLED * sum);
                    }
                }
                for (value, other) in tail.iter_mut().zip(norm_tail) {
                    let sum = other + norm;
                    *value = (*value + sum).max(0.0);
                    smallest[0] = smallest[0].min(*value - CANCELLED * sum);
                }
            }
            smallest.into_iter().fold(f64::INFINITY, f64::min)
        },
    );
    if smallest <= 0.0 {
        repair(a, b, out);
    }
}

/// Distances that were lost to cancellation, from the differences.
fn repair(a: Rows<'_>, b: Rows<'_>, out: &mut [f64]) {
    for (j, column) in out.chunks_exact_mut(a.norms.len()).enumerate() {
        for (i, value) in column.iter_mut().enumerate() {
            if *value <= CANCELLED * (a.norms[i] + b.norms[j]) {
                *value = a.row(i).iter().zip(b.row(j)).map(|(x, y)| (x - y) * (x - y)).sum();
            }
        }
    }
}

/// Writes `sum |a_i - b_j|` into entry `j * a.len() + i` of `out`. Rows of `a`
/// are compared eight at a time, side by side in vector registers.
pub(crate) fn manhattan(a: Rows<'_>, b: Rows<'_>, out: &mut [f64]) {
    out.fill(0.0);
    if !a.norms.is_empty() {
        Arch::new().dispatch(Manhattan { a, b, out });
    }
}

struct Manhattan<'a, 'o> {
    a: Rows<'a>,
    b: Rows<'a>,
    out: &'o mut [f64],
}

/// Rows of the left side that lie side by side.
const SIDE: usize = 8;

/// Rows of the right side compared with them together: as many sums, none of
/// which waits for another.
const TILE: usize = 8;

impl WithSimd for Manhattan<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { a, b, out } = self;
        let (m, n) = (a.norms.len(), b.norms.len());
        let mut panel = vec![0.0; PANEL.min(a.columns) * SIDE];
        for from in (0..a.columns).step_by(PANEL) {
            let to = (from + PANEL).min(a.columns);
            let panel = &mut panel[..(to - from) * SIDE];
            for first in (0..m).step_by(SIDE) {
                let rows = SIDE.min(m - first);
                for side in 0..rows {
                    let row = &a.row(first + side)[from..to];
                    panel.chunks_exact_mut(SIDE).zip(row).for_each(|(place, value)| place[side] = *value);
                }
                let mut j = 0;
                while j < n {
                    // The last rows are repeated to fill the tile.
                    let others: [&[f64]; TILE] =
                        std::array::from_fn(|k| &b.row((j + k).min(n - 1))[from..to]);
                    let sums = tile(simd, panel, others);
                    for (k, sums) in sums.iter().enumerate().take(n - j) {
                        let start = (j + k) * m + first;
                        let target = &mut out[start..start + rows];
                        target.iter_mut().zip(sums).for_each(|(target, sum)| *target += sum);
                    }
                    j += TILE;
                }
            }
        }
    }
}

/// Sums of absolute differences of [`SIDE`] rows side by side and others.
#[inline(always)]
fn tile<S: Simd>(simd: S, panel: &[f64], rows: [&[f64]; TILE]) -> [[f64; SIDE]; TILE] {
    let mut out = [[0.0; SIDE]; TILE];
    let (vectors, _) = S::as_simd_f64s(panel);
    // Vectors for one feature of all rows side by side.
    let stride = SIDE / S::F64_LANES;
    let rows = rows.map(|row| &row[..panel.len() / SIDE]);
    for part in 0..stride {
        let mut sums = [simd.splat_f64s(0.0); TILE];
        for (c, vector) in vectors[part..].iter().step_by(stride).enumerate() {
            for k in 0..TILE {
                let difference = simd.sub_f64s(*vector, simd.splat_f64s(rows[k][c]));
                sums[k] = simd.add_f64s(sums[k], simd.abs_f64s(difference));
            }
        }
        for (sum, out) in sums.into_iter().zip(&mut out) {
            let (places, _) = S::as_mut_simd_f64s(out.as_mut_slice());
            places[part] = sum;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_equal_direct_sums() {
        let number = |i: usize| ((i * 7919 % 1013) as f64 / 1013.0 - 0.5) * 3.0;
        for (m, n, columns) in [(1, 1, 1), (13, 9, 37), (40, 30, 1100)] {
            let mut a: Vec<f64> = (0..m * columns).map(number).collect();
            let b: Vec<f64> = (0..n * columns).map(|i| number(i + 77)).collect();
            a[..columns].copy_from_slice(&b[..columns]);
            let (a_norms, b_norms) = (norms(&a, columns), norms(&b, columns));
            let left = Rows { values: &a, norms: &a_norms, columns };
            let right = Rows { values: &b, norms: &b_norms, columns };
            let (mut squares, mut sums) = (vec![0.0; m * n], vec![0.0; m * n]);
            squared(left, right, &mut squares);
            manhattan(left, right, &mut sums);
            assert_eq!((squares[0], sums[0]), (0.0, 0.0));
            for j in 0..n {
                for i in 0..m {
                    let pairs = || left.row(i).iter().zip(right.row(j));
                    let square: f64 = pairs().map(|(x, y)| (x - y) * (x - y)).sum();
                    let sum: f64 = pairs().map(|(x, y)| (x - y).abs()).sum();
                    assert!((squares[j * m + i] - square).abs() <= 1e-12 * (1.0 + square));
                    assert!((sums[j * m + i] - sum).abs() <= 1e-12 * (1.0 + sum));
                }
            }
        }
    }
}
