//! Predictions for many candidates, block after block.

use super::state::State;
use crate::gp::factor::dot;
use crate::{Kernel, Predictions, Table};
use faer::MatMut;
use rayon::prelude::*;

/// As in the Gaussian process on counts: blocks start at multiples of this
/// whatever the number of threads.
const BLOCK: usize = 64;

/// A block of candidates.
struct Raw {
    /// Mean of each property (outer) of each candidate (inner), and variance in
    /// units of the property's signal variance.
    means: Vec<Vec<f64>>,
    variances: Vec<f64>,
    nearest: Vec<f64>,
}

impl<K: Kernel> State<K> {
    pub(crate) fn predict(&self, kernel: &K, x: &K::Input) -> Vec<Predictions> {
        let (n, m) = (self.x.len(), x.len());
        let raw: Vec<Raw> = (0..m.div_ceil(BLOCK))
            .into_par_iter()
            .map_init(
                || vec![0.0; n * BLOCK],
                |solved, number| {
                    let (from, to) = (number * BLOCK, (number * BLOCK + BLOCK).min(m));
                    self.block(kernel, x, from..to, &mut solved[..n * (to - from)])
                },
            )
            .collect();
        let nearest: Vec<f64> = raw.iter().flat_map(|raw| &raw.nearest).copied().collect();
        (self.properties.iter().enumerate())
            .map(|(number, property)| {
                let report = &property.report;
                let sd = |variance: f64| report.calibration * (property.signal * variance).sqrt();
                let variances = || raw.iter().flat_map(|raw| &raw.variances).copied();
                Predictions {
                    mean: raw.iter().flat_map(|raw| &raw.means[number]).copied().collect(),
                    sd: variances().map(|v| sd(v + self.found.ratio)).collect(),
                    sd_latent: variances().map(sd).collect(),
                    in_domain: nearest.iter().map(|&s| s >= report.domain_threshold).collect(),
                    nearest: nearest.clone(),
                }
            })
            .collect()
    }

    fn block(&self, kernel: &K, x: &K::Input, range: std::ops::Range<usize>, solved: &mut [f64]) -> Raw {
        let (n, count) = (self.x.len(), range.len());
        let diagonal = kernel.diagonal(x, range.clone(), self.found.length);
        kernel.cross(&self.prepared, x, range, self.found.length, solved);
        let means = self
            .properties
            .iter()
            .map(|p| {
                let constant = p.offset + p.weights.mean;
                solved.chunks_exact(n).map(|column| constant + dot(column, &p.weights.alpha)).collect()
            })
            .collect();
        // All properties have the same `K~^-1 1`.
        let first = self.properties.first().map(|p| &p.weights);
        let rest = |column: &[f64]| match first {
            Some(w) if !w.beta.is_empty() => (1.0 - dot(column, &w.beta)).powi(2) / w.precision,
            _ => 0.0,
        };
        let mut variances: Vec<f64> = solved.chunks_exact(n).map(rest).collect();
        let nearest = solved
            .chunks_exact(n)
            .zip(&diagonal)
            .map(|(column, own)| {
                let similarities = column.iter().zip(&self.roots).map(|(k, root)| k / root);
                // A structure without atoms is like nothing.
                if *own > 0.0 { (similarities.fold(0.0, f64::max) / own.sqrt()).min(1.0) } else { 0.0 }
            })
            .collect();
        self.factor.forward(MatMut::from_column_major_slice_mut(solved, n, count));
        for ((variance, column), own) in variances.iter_mut().zip(solved.chunks_exact(n)).zip(&diagonal) {
            // Rounding may take the variance at a training structure below zero.
            *variance = (own - dot(column, column) + *variance).max(0.0);
        }
        Raw { means, variances, nearest }
    }
}
