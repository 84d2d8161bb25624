use super::distance::{Rows, manhattan, norms, squared};
use super::{BLOCK, Kernel, Shape, hash, positive_median, write_columns};
use crate::{DenseRows, LearnError, Table};
use faer::Mat;
use rayon::prelude::*;
use std::ops::Range;

/// Rows compared together: a block of distances stays in the cache.
const HEIGHT: usize = 256;

/// Entries of a [`Metric`]: 256 MiB.
const MOST_ENTRIES: usize = 1 << 25;

/// A [`Shape`] of the distance between dense rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DenseKernel {
    /// How similarity falls with distance.
    pub shape: Shape,
}

/// Rows with their means subtracted: distances stay, cancellation shrinks.
#[derive(Debug, Clone)]
pub struct Prepared {
    values: Vec<f64>,
    norms: Vec<f64>,
    centre: Vec<f64>,
}

impl Prepared {
    fn rows(&self) -> Rows<'_> {
        Rows { values: &self.values, norms: &self.norms, columns: self.centre.len() }
    }
}

/// Metric values: for each block of columns the rows from its first column on.
#[derive(Debug)]
pub struct Metric {
    blocks: Vec<Vec<f64>>,
    rows: usize,
}

impl DenseKernel {
    /// Metric values of columns from `first` on, [`BLOCK`] at most, and rows
    /// from `first` on.
    fn block(self, rows: Rows<'_>, first: usize) -> Vec<f64> {
        let n = rows.norms.len();
        let right = rows.range(first, (first + BLOCK).min(n));
        let (height, width) = (n - first, right.norms.len());
        let mut out = vec![0.0; height * width];
        let mut part = vec![0.0; HEIGHT * width];
        for start in (0..height).step_by(HEIGHT) {
            let end = (start + HEIGHT).min(height);
            let part = &mut part[..(end - start) * width];
            self.compare(rows.range(first + start, first + end), right, part);
            for (j, column) in part.chunks_exact(end - start).enumerate() {
                out[j * height + start..j * height + end].copy_from_slice(column);
            }
        }
        for j in 0..width {
            out[j * height + j] = 0.0;
        }
        out
    }

    fn compare(self, a: Rows<'_>, b: Rows<'_>, out: &mut [f64]) {
        if self.shape.manhattan() { manhattan(a, b, out) } else { squared(a, b, out) }
    }

    fn lower(self, n: usize, block: impl Fn(usize) -> Vec<f64> + Sync) -> Mat<f64> {
        let mut matrix = Mat::zeros(n, n);
        matrix.as_mut().par_col_chunks_mut(BLOCK).enumerate().for_each(|(number, columns)| {
            write_columns(columns, number * BLOCK, &block(number));
        });
        matrix
    }
}

impl Kernel for DenseKernel {
    type Input = DenseRows;
    type Prepared = Prepared;
    type Metric = Metric;

    fn describe(&self) -> serde_json::Value {
        serde_json::json!({"kernel": "dense", "shape": self.shape})
    }

    fn prepare(&self, x: &DenseRows) -> Prepared {
        let (n, columns) = (x.len() as f64, x.columns());
        let mut centre = vec![0.0; columns];
        for row in x.values().chunks_exact(columns) {
            centre.iter_mut().zip(row).for_each(|(sum, value)| *sum += value / n);
        }
        let values = centred(x.values(), &centre);
        Prepared { norms: norms(&values, columns), values, centre }
    }

    fn check(&self, prepared: &Prepared, x: &DenseRows) -> Result<(), LearnError> {
        let (expected, found) = (prepared.centre.len(), x.columns());
        if expected == found { Ok(()) } else { Err(LearnError::ColumnMismatch { expected, found }) }
    }

    fn metric(&self, prepared: &Prepared) -> Metric {
        let rows = prepared.norms.len();
        let blocks = (0..rows.div_ceil(BLOCK))
            .into_par_iter()
            .map(|number| self.block(prepared.rows(), number * BLOCK))
            .collect();
        Metric { blocks, rows }
    }

    fn affordable(&self, _: &DenseRows, rows: usize) -> usize {
        rows.min(((2 * MOST_ENTRIES) as f64).sqrt() as usize)
    }

    fn typical_length(&self, metric: &Metric) -> f64 {
        let values = metric.blocks.iter().flatten().copied();
        positive_median(values).map_or(1.0, |middle| self.shape.distance(middle))
    }

    fn gram(&self, metric: &Metric, length: f64) -> Mat<f64> {
        self.lower(metric.rows, |number| {
            let mut values = metric.blocks[number].clone();
            self.shape.values(length, &mut values);
            values
        })
    }

    fn contract(&self, metric: &Metric, length: f64, weights: &Mat<f64>) -> f64 {
        let sums: Vec<f64> = (0..metric.blocks.len())
            .into_par_iter()
            .map(|number| {
                let mut slopes = metric.blocks[number].clone();
                self.shape.slopes(length, &mut slopes);
                let first = number * BLOCK;
                let columns = slopes.chunks_exact(metric.rows - first).enumerate();
                // The diagonal does not depend on the length scale.
                columns
                    .map(|(j, column)| {
                        let weights = weights.col(first + j).subrows(first, column.len());
                        weights.iter().zip(column).skip(j + 1).map(|(w, s)| 2.0 * w * s).sum::<f64>()
                    })
                    .sum()
            })
            .collect();
        sums.iter().sum()
    }

    fn matrix(&self, prepared: &Prepared, length: f64) -> Mat<f64> {
        self.lower(prepared.norms.len(), |number| {
            let mut values = self.block(prepared.rows(), number * BLOCK);
            self.shape.values(length, &mut values);
            values
        })
    }

    fn cross(&self, prepared: &Prepared, z: &DenseRows, range: Range<usize>, length: f64, out: &mut [f64]) {
        let columns = prepared.centre.len();
        let values = centred(&z.values()[range.start * columns..range.end * columns], &prepared.centre);
        let norms = norms(&values, columns);
        self.compare(prepared.rows(), Rows { values: &values, norms: &norms, columns }, out);
        self.shape.values(length, out);
    }

    fn diagonal(&self, _: &DenseRows, range: Range<usize>, _: f64) -> Vec<f64> {
        vec![1.0; range.len()]
    }

    fn hashes(&self, x: &DenseRows) -> Vec<u64> {
        x.values().chunks_exact(x.columns()).map(|row| hash(0, row)).collect()
    }
}

fn centred(values: &[f64], centre: &[f64]) -> Vec<f64> {
    let rows = values.chunks_exact(centre.len());
    rows.flat_map(|row| row.iter().zip(centre).map(|(value, mean)| value - mean)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::random_rows;

    #[test]
    fn all_ways_to_the_matrix_agree() {
        let (x, length) = (random_rows(300, 17, 1), 2.5);
        for shape in [Shape::Gaussian, Shape::Laplacian, Shape::Matern52] {
            let kernel = DenseKernel { shape };
            let prepared = kernel.prepare(&x);
            let metric = kernel.metric(&prepared);
            let (one, two) = (kernel.gram(&metric, length), kernel.matrix(&prepared, length));
            let mut cross = vec![0.0; 300 * 20];
            kernel.cross(&prepared, &x, 280..300, length, &mut cross);
            for j in 0..300 {
                for i in j..300 {
                    assert_eq!(one[(i, j)], two[(i, j)]);
                    let pairs = || x.row(i).iter().zip(x.row(j)).map(|(a, b)| a - b);
                    let mut value = [if shape.manhattan() {
                        pairs().map(f64::abs).sum::<f64>()
                    } else {
                        pairs().map(|d| d * d).sum()
                    }];
                    shape.values(length, &mut value);
                    assert!((one[(i, j)] - value[0]).abs() < 1e-13);
                    if j >= 280 {
                        assert!((cross[(j - 280) * 300 + i] - value[0]).abs() < 1e-13);
                    }
                }
            }
        }
    }

    #[test]
    fn the_contraction_equals_finite_differences() {
        let x = random_rows(150, 5, 2);
        let weights = Mat::from_fn(150, 150, |i, j| ((i * j) as f64).sin() + ((i + j) as f64).cos());
        for shape in [Shape::Gaussian, Shape::Laplacian, Shape::Matern52] {
            let kernel = DenseKernel { shape };
            let metric = kernel.metric(&kernel.prepare(&x));
            let sum = |length: f64| -> f64 {
                let gram = kernel.gram(&metric, length);
                let term = |i: usize, j: usize| gram[(i.max(j), i.min(j))] * weights[(i.max(j), i.min(j))];
                (0..150).flat_map(|j| (0..150).map(move |i| term(i, j))).sum()
            };
            let h = 1e-4_f64;
            let expected = (sum(1.7 * h.exp()) - sum(1.7 * (-h).exp())) / (2.0 * h);
            let found = kernel.contract(&metric, 1.7, &weights);
            assert!((found - expected).abs() < 1e-5 * (1.0 + expected.abs()), "{found} {expected}");
        }
    }

    #[test]
    fn copies_are_exactly_alike() {
        let mut x = random_rows(10, 40, 3);
        let lifted: Vec<f64> = x.values().iter().map(|v| v * 1e-3 + 1e6).collect();
        x = DenseRows::new(lifted, 40).unwrap();
        x.append(&x.clone()).unwrap();
        let kernel = DenseKernel { shape: Shape::Matern52 };
        let matrix = kernel.matrix(&kernel.prepare(&x), 1e-4);
        assert!((0..10).all(|i| matrix[(i + 10, i)] == 1.0));
        let hashes = kernel.hashes(&x);
        assert_eq!(hashes[..10], hashes[10..]);
    }
}
