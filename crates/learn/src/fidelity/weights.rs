//! The vectors behind a fit: with covariance `C` of the labels `y` and a mean
//! for each rung of flat prior, `H_im = 1` if label `i` is on rung `m`
//! (Rasmussen and Williams 2006, section 2.7),
//!
//! ```text
//! B = C^-1 H,  P = H^T B,  mean = P^-1 B^T y,  alpha = C^-1 (y - H mean) = Q y,
//! Q = C^-1 - B P^-1 B^T
//! ```

use crate::gp::factor::{Factor, dot};

/// Without means, everything about them is empty.
#[derive(Debug, Clone)]
pub(super) struct Weights {
    /// The mean of each rung.
    pub(super) means: Vec<f64>,
    pub(super) alpha: Vec<f64>,
    /// The columns of `B`.
    pub(super) basis: Vec<Vec<f64>>,
    /// The columns of `B P^-1/2`, so that `Q = C^-1 - R R^T`.
    pub(super) roots: Vec<Vec<f64>>,
    /// The inverse of the Cholesky factor of `P` (lower).
    pub(super) inverse: Vec<Vec<f64>>,
    pub(super) log_det_means: f64,
}

impl Weights {
    /// `None` if the precision of the means is not positive definite.
    pub(super) fn new(factor: &Factor, labels: &[f64], rung: &[usize], means: usize) -> Option<Self> {
        let indicator =
            |m: usize| -> Vec<f64> { rung.iter().map(|&r| f64::from(u8::from(r == m))).collect() };
        let basis: Vec<Vec<f64>> = (0..means).map(|m| factor.solve(&indicator(m))).collect();
        let sum = |column: &[f64], m: usize| -> f64 {
            column.iter().zip(rung).filter(|(_, r)| **r == m).map(|(b, _)| b).sum()
        };
        // Cholesky factor of P, and its inverse.
        let mut lower = vec![vec![0.0; means]; means];
        for i in 0..means {
            for j in 0..=i {
                let rest: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
                let value = sum(&basis[j], i) - rest;
                lower[i][j] = if i == j { value.sqrt() } else { value / lower[j][j] };
            }
            if !(lower[i][i] > 0.0 && lower[i][i].is_finite()) {
                return None;
            }
        }
        let mut inverse = vec![vec![0.0; means]; means];
        for (i, row) in lower.iter().enumerate() {
            let (done, rest) = inverse.split_at_mut(i);
            for (j, value) in rest[0].iter_mut().enumerate().take(i + 1) {
                let taken: f64 = done.iter().zip(row).map(|(above, l)| l * above[j]).sum();
                *value = (f64::from(u8::from(i == j)) - taken) / row[i];
            }
        }
        let n = labels.len();
        let roots: Vec<Vec<f64>> = inverse
            .iter()
            .map(|row| (0..n).map(|i| row.iter().zip(&basis).map(|(w, b)| w * b[i]).sum()).collect())
            .collect();
        let along: Vec<f64> = roots.iter().map(|root| dot(root, labels)).collect();
        let estimates: Vec<f64> =
            (0..means).map(|m| inverse.iter().zip(&along).map(|(row, a)| row[m] * a).sum()).collect();
        let rest: Vec<f64> =
            labels.iter().zip(rung).map(|(y, &r)| y - estimates.get(r).copied().unwrap_or(0.0)).collect();
        let log_det_means = 2.0 * (0..means).map(|i| lower[i][i].ln()).sum::<f64>();
        Some(Self { means: estimates, alpha: factor.solve(&rest), basis, roots, inverse, log_det_means })
    }

    /// The log marginal likelihood, with all constants.
    pub(super) fn likelihood(&self, factor: &Factor, labels: &[f64]) -> f64 {
        let freedom = (labels.len() - self.means.len()) as f64;
        let constant = freedom * (2.0 * std::f64::consts::PI).ln();
        -0.5 * (dot(labels, &self.alpha) + factor.log_det() + self.log_det_means + constant)
    }

    /// The diagonal of `Q` from that of `C^-1`.
    pub(super) fn projected_diagonal(&self, inverse_diagonal: &[f64]) -> Vec<f64> {
        let mut out = inverse_diagonal.to_vec();
        for root in &self.roots {
            out.iter_mut().zip(root).for_each(|(q, r)| *q -= r * r);
        }
        out
    }
}
