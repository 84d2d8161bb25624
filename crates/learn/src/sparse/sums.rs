//! Everything that the labels say, summed over blocks of structures.
//!
//! With weights `D^-1` (FITC) or 1 (variational, where the factor `1/r` comes
//! later, so that the sums serve every noise ratio),
//!
//! ```text
//! W = V D^-1 V^T,   V D^-1 y,   V D^-1 1,   y D^-1 y,   y D^-1 1,   1 D^-1 1
//! B = I + W,   (Q + D)^-1 = D^-1 - D^-1 V^T B^-1 V D^-1,   |Q + D| = |B| |D|
//! ```

use crate::gp::factor::{Factor, dot};
use crate::gp::likelihood::MeanPrior;
use crate::{Kernel, Table};
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatMut, MatRef, Par};
use rayon::prelude::*;
use std::ops::Range;

/// Structures summed up together, and those of one task.
const BLOCK: usize = 512;
const TASK: usize = 64;

/// Columns of `W` of one task.
const TILE: usize = 256;

/// The inducing points, ready to be compared with.
pub(super) struct Base<'a, K: Kernel> {
    pub(super) kernel: &'a K,
    pub(super) prepared: &'a K::Prepared,
    pub(super) factor: &'a Factor,
    pub(super) length: f64,
}

#[derive(Debug, Clone)]
pub(crate) struct Sums {
    /// Lower triangle.
    pub(super) w: Mat<f64>,
    pub(super) vy: Vec<f64>,
    pub(super) v1: Vec<f64>,
    pub(super) yy: f64,
    pub(super) y1: f64,
    pub(super) ones: f64,
    /// Of the logarithms of `D`; zero where weights are 1.
    pub(super) log: f64,
    /// Of `k(x, x)`, of what is left of it, and the largest share left.
    pub(super) size: f64,
    pub(super) left: f64,
    pub(super) worst: f64,
    pub(super) labels: usize,
}

impl<K: Kernel> Base<'_, K> {
    /// `L^-1 k` of rows `range`, column after column, and what the inducing
    /// points leave of each row's variance.
    pub(super) fn solved(&self, x: &K::Input, range: Range<usize>, out: &mut [f64]) -> Vec<(f64, f64)> {
        let m = self.factor.dim();
        let tasks = out.par_chunks_mut(m * TASK).enumerate().map(|(number, part)| {
            let from = range.start + number * TASK;
            let rows = from..(from + TASK).min(range.end);
            let own = self.kernel.diagonal(x, rows.clone(), self.length);
            self.kernel.cross(self.prepared, x, rows, self.length, part);
            self.factor.forward(MatMut::from_column_major_slice_mut(part, m, own.len()));
            let columns = part.chunks_exact(m).zip(own);
            columns.map(|(v, own)| (own, (own - dot(v, v)).max(0.0))).collect::<Vec<_>>()
        });
        tasks.collect::<Vec<_>>().concat()
    }
}

impl Sums {
    pub(super) fn new(m: usize) -> Self {
        Self {
            w: Mat::zeros(m, m),
            vy: vec![0.0; m],
            v1: vec![0.0; m],
            yy: 0.0,
            y1: 0.0,
            ones: 0.0,
            log: 0.0,
            size: 0.0,
            left: 0.0,
            worst: 0.0,
            labels: 0,
        }
    }

    /// Adds rows and their centred labels; for FITC with the noise ratio.
    pub(super) fn add<K: Kernel>(&mut self, base: &Base<'_, K>, x: &K::Input, y: &[f64], fitc: Option<f64>) {
        let (m, n) = (self.vy.len(), x.len());
        let mut block = vec![0.0; m * BLOCK.min(n)];
        for from in (0..n).step_by(BLOCK) {
            let to = (from + BLOCK).min(n);
            let block = &mut block[..m * (to - from)];
            let variances = base.solved(x, from..to, block);
            for ((column, (own, left)), y) in block.chunks_exact_mut(m).zip(variances).zip(&y[from..to]) {
                let noise = fitc.map_or(1.0, |ratio| left + ratio);
                for (k, v) in column.iter_mut().enumerate() {
                    self.vy[k] += *v * y / noise;
                    self.v1[k] += *v / noise;
                    *v /= noise.sqrt();
                }
                self.yy += y * y / noise;
                self.y1 += y / noise;
                self.ones += 1.0 / noise;
                self.log += noise.ln();
                self.size += own;
                self.left += left;
                self.worst = self.worst.max(if own > 0.0 { left / own } else { 0.0 });
            }
            let all = MatRef::from_column_major_slice(block, m, to - from);
            self.w.as_mut().par_col_chunks_mut(TILE).enumerate().for_each(|(number, columns)| {
                let (first, width) = (number * TILE, columns.ncols());
                let right = all.subrows(first, width);
                let target = columns.subrows_mut(first, m - first);
                let left = all.subrows(first, m - first);
                matmul(target, Accum::Add, left, right.transpose(), 1.0, Par::Seq);
            });
        }
        self.labels += n;
    }
}

/// The weights at one noise ratio.
#[derive(Debug, Clone)]
pub(crate) struct Solved {
    /// Factor of `B`.
    pub(super) factor: Factor,
    pub(super) mean: f64,
    /// What inducing points count for: `mean = k_m u`.
    pub(super) u: Vec<f64>,
    /// The same for a label of one everywhere; empty if the mean is known.
    pub(super) ones: Vec<f64>,
    /// `1^T (Q + D)^-1 1`; infinite if the mean is known.
    pub(super) precision: f64,
    pub(super) quadratic: f64,
    pub(super) log_det: f64,
    pub(super) freedom: f64,
}

impl Sums {
    /// Solves at noise ratio `ratio`, which weights hold already for FITC;
    /// `lower` is the factor of the inducing points.
    pub(super) fn solve(&self, lower: &Factor, mean: MeanPrior, ratio: f64, fitc: bool) -> Option<Solved> {
        let (m, n) = (self.vy.len(), self.labels as f64);
        let (scale, log) = if fitc { (1.0, self.log) } else { (1.0 / ratio, n * ratio.ln()) };
        let mut b = self.w.clone();
        for j in 0..m {
            b.col_mut(j).iter_mut().for_each(|value| *value *= scale);
            b[(j, j)] += 1.0;
        }
        let factor = Factor::new(b).ok()?;
        let forward = |list: &[f64]| -> Vec<f64> {
            let mut out: Vec<f64> = list.iter().map(|v| v * scale).collect();
            factor.forward(MatMut::from_column_major_slice_mut(&mut out, m, 1));
            out
        };
        let (cy, c1) = (forward(&self.vy), forward(&self.v1));
        let back = |mut list: Vec<f64>| {
            factor.backward(&mut list);
            lower.backward(&mut list);
            list
        };
        let quadratic = scale * self.yy - dot(&cy, &cy);
        let log_det = factor.log_det() + log;
        Some(match mean {
            MeanPrior::Known => Solved {
                u: back(cy),
                ones: Vec::new(),
                precision: f64::INFINITY,
                mean: 0.0,
                quadratic,
                log_det,
                freedom: n,
                factor,
            },
            MeanPrior::Flat => {
                let precision = scale * self.ones - dot(&c1, &c1);
                let mixed = scale * self.y1 - dot(&cy, &c1);
                let mean = mixed / precision;
                let rest = cy.iter().zip(&c1).map(|(y, one)| y - mean * one).collect();
                let (u, ones) = (back(rest), back(c1));
                Solved {
                    u,
                    ones,
                    precision,
                    mean,
                    quadratic: quadratic - mixed * mean,
                    log_det: log_det + precision.ln(),
                    freedom: n - 1.0,
                    factor,
                }
            }
        })
    }
}
