//! The criteria of the hyper-parameters, with analytic gradients.
//!
//! Labels `y_p` of property `p` have covariance `a_p C`, `C = K + r I`, with
//! one kernel matrix `K` and one noise ratio `r` for all properties, which so
//! share one factorisation, and a signal variance `a_p` each. With `Q = C^-1`
//! (or its projection, if the mean is integrated out; see
//! [`likelihood`](crate::gp::likelihood)), `alpha_p = Q y_p` and the best signal
//! variance `a_p = y_p^T Q y_p / c`, the log marginal likelihood is
//!
//! ```text
//! L = -1/2 sum_p [ c ln a_p + D ] + constant
//! ```
//!
//! and the leave-one-out criterion, with errors `e_i = alpha_i / Q_ii`
//! (Rasmussen and Williams 2006, eq. 5.12),
//!
//! ```text
//! L = -n/2 sum_p ln sum_i e_pi^2
//! ```
//!
//! Because `dQ = -Q dC Q`, both have derivatives `dL = sum_ij W_ij dC_ij`:
//!
//! ```text
//! likelihood     W = 1/2 sum_p alpha_p alpha_p^T / a_p - P/2 Q
//! leave-one-out  W = -sym[(Q g_p) alpha_p^T] - Q diag(h) Q,
//!                g = dL/d alpha = -n/S e_i / Q_ii,  h = dL/d Q_ii = n/S e_i^2 / Q_ii
//! ```

use super::bfgs::Point;
use super::settings::{Criterion, LENGTH_LN_SD, NOISE_PRIOR};
use crate::Kernel;
use crate::gp::factor::{Factor, dot};
use crate::gp::likelihood::{MeanPrior, Weights};
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, Par};

/// What the criterion is a function of, besides the hyper-parameters.
pub(crate) struct Evidence<'a, K: Kernel> {
    pub(crate) kernel: &'a K,
    pub(crate) metric: K::Metric,
    /// Labels of each property, centred, of size about 1.
    pub(crate) labels: Vec<Vec<f64>>,
    pub(crate) mean: MeanPrior,
    pub(crate) criterion: Criterion,
    pub(crate) priors: bool,
    /// The typical length: the middle of the prior.
    pub(crate) length: f64,
    /// The size of the kernel: what the noise ratio is relative to.
    pub(crate) size: f64,
}

impl<K: Kernel> Evidence<'_, K> {
    /// The criterion at `[ln l, ln (r / size)]`; `None` where the covariance
    /// is singular. Without `slopes`, the gradient is zero.
    pub(crate) fn at(&self, at: [f64; 2], slopes: bool) -> Option<Point> {
        let (length, ratio) = (at[0].exp(), at[1].exp() * self.size);
        let mut covariance = self.kernel.gram(&self.metric, length);
        let n = covariance.nrows();
        for i in 0..n {
            covariance[(i, i)] += ratio;
        }
        let factor = Factor::new(covariance).ok()?;
        let weights: Vec<Weights> =
            self.labels.iter().map(|labels| Weights::new(&factor, labels, self.mean)).collect();
        let (value, sensitivity) = match self.criterion {
            Criterion::MarginalLikelihood => self.likelihood(&factor, &weights, slopes),
            Criterion::LeaveOneOut => leave_one_out(&factor, &weights, slopes),
        };
        let mut point = Point { at, value, gradient: [0.0; 2] };
        if let Some(w) = sensitivity {
            let trace: f64 = (0..n).map(|i| w[(i, i)]).sum();
            point.gradient = [self.kernel.contract(&self.metric, length, &w), ratio * trace];
        }
        if self.priors {
            let widths = [(self.length.ln(), LENGTH_LN_SD), (NOISE_PRIOR.median.ln(), NOISE_PRIOR.ln_sd)];
            for (k, (middle, sd)) in widths.into_iter().enumerate() {
                let z = (at[k] - middle) / sd;
                point.value -= 0.5 * z * z;
                point.gradient[k] -= z / sd;
            }
        }
        point.value.is_finite().then_some(point)
    }

    fn likelihood(&self, factor: &Factor, weights: &[Weights], slopes: bool) -> (f64, Option<Mat<f64>>) {
        let (n, count) = (factor.dim(), weights.len() as f64);
        let flat = self.mean == MeanPrior::Flat;
        let freedom = n as f64 - if flat { 1.0 } else { 0.0 };
        let log_det =
            factor.log_det() + if flat { weights.first().map_or(0.0, |w| w.precision.ln()) } else { 0.0 };
        let signals: Vec<f64> =
            self.labels.iter().zip(weights).map(|(y, w)| dot(y, &w.alpha) / freedom).collect();
        let value = -0.5 * signals.iter().map(|a| freedom * a.ln() + log_det).sum::<f64>();
        let sensitivity = slopes.then(|| {
            let mut w = projected_inverse(factor, weights);
            for j in 0..n {
                w.col_mut(j).iter_mut().for_each(|q| *q *= -0.5 * count);
                for (weights, signal) in weights.iter().zip(&signals) {
                    let share = 0.5 * weights.alpha[j] / signal;
                    let pairs = w.col_mut(j).iter_mut().zip(&weights.alpha);
                    pairs.for_each(|(w, alpha)| *w += share * alpha);
                }
            }
            w
        });
        (value, sensitivity)
    }
}

fn leave_one_out(factor: &Factor, weights: &[Weights], slopes: bool) -> (f64, Option<Mat<f64>>) {
    let n = factor.dim();
    let diagonal = match weights.first() {
        Some(first) => first.projected_diagonal(&factor.inverse_diagonal()),
        None => return (0.0, None),
    };
    let errors = |w: &Weights| -> Vec<f64> { w.alpha.iter().zip(&diagonal).map(|(a, q)| a / q).collect() };
    let sums: Vec<f64> = weights.iter().map(|w| errors(w).iter().map(|e| e * e).sum()).collect();
    let value = -0.5 * n as f64 * sums.iter().map(|s| s.ln()).sum::<f64>();
    let sensitivity = slopes.then(|| {
        let q = projected_inverse(factor, weights);
        let mut h = vec![0.0; n];
        let mut directions = Vec::new();
        for (weights, sum) in weights.iter().zip(&sums) {
            let errors = errors(weights);
            let share = n as f64 / sum;
            let g: Vec<f64> = errors.iter().zip(&diagonal).map(|(e, q)| -share * e / q).collect();
            for ((h, e), q) in h.iter_mut().zip(&errors).zip(&diagonal) {
                *h += share * e * e / q;
            }
            let direction: Vec<f64> =
                (0..n).map(|i| q.col(i).iter().zip(&g).map(|(q, g)| q * g).sum()).collect();
            directions.push(direction);
        }
        let scaled = Mat::from_fn(n, n, |i, j| h[i] * q[(i, j)]);
        let mut w = Mat::zeros(n, n);
        matmul(w.as_mut(), Accum::Replace, q.as_ref(), scaled.as_ref(), -1.0, Par::Seq);
        for (weights, direction) in weights.iter().zip(&directions) {
            let alpha = &weights.alpha;
            for j in 0..n {
                let pairs = w.col_mut(j).iter_mut().zip(direction.iter().zip(alpha));
                pairs.for_each(|(w, (d, a))| *w -= 0.5 * (d * alpha[j] + direction[j] * a));
            }
        }
        w
    });
    (value, sensitivity)
}

/// `Q` in full.
fn projected_inverse(factor: &Factor, weights: &[Weights]) -> Mat<f64> {
    let mut inverse = factor.inverse();
    if let Some(first) = weights.first()
        && !first.beta.is_empty()
    {
        for j in 0..first.beta.len() {
            let share = first.beta[j] / first.precision;
            inverse.col_mut(j).iter_mut().zip(&first.beta).for_each(|(q, b)| *q -= share * b);
        }
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{random_atoms, random_rows, smooth_labels};
    use crate::{DenseKernel, LocalKernel, Shape};

    fn check<K: Kernel>(kernel: &K, x: &K::Input, labels: &[Vec<f64>]) {
        for criterion in [Criterion::MarginalLikelihood, Criterion::LeaveOneOut] {
            for (mean, priors) in [(MeanPrior::Flat, true), (MeanPrior::Known, false)] {
                let metric = kernel.metric(&kernel.prepare(x));
                let labels = labels.to_vec();
                let evidence =
                    Evidence { kernel, metric, labels, mean, criterion, priors, length: 2.0, size: 1.5 };
                for at in [[0.3, -3.0], [-0.4, -1.0], [1.2, -5.0]] {
                    let point = evidence.at(at, true).unwrap();
                    for k in 0..2 {
                        let h = 1e-4;
                        let value = |sign: f64| {
                            let mut moved = at;
                            moved[k] += sign * h;
                            evidence.at(moved, false).unwrap().value
                        };
                        let expected = (value(1.0) - value(-1.0)) / (2.0 * h);
                        let error = (point.gradient[k] - expected).abs();
                        assert!(
                            error < 2e-6 * (1.0 + expected.abs()),
                            "{criterion:?} {mean:?} {k} {point:?} {expected}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn gradients_equal_finite_differences() {
        let x = random_rows(35, 4, 1);
        let labels =
            vec![smooth_labels(&x, 0.1, 2), smooth_labels(&x, 0.5, 3).iter().map(|y| y * y).collect()];
        for shape in [Shape::Gaussian, Shape::Laplacian, Shape::Matern52] {
            check(&DenseKernel { shape }, &x, &labels);
        }
        let atoms = random_atoms(35, 4, 4);
        check(&LocalKernel { shape: Shape::Gaussian }, &atoms, &labels[..1]);
    }
}
