//! The marginal likelihood of a Gaussian process and its gradient.
//!
//! Labels `y` (n of them) have covariance `K = a (T + r I)` with the matrix of
//! similarities `T`, signal variance `a` and noise ratio `r`; the noise
//! variance is `s = a r`. With `K~ = T + r I` and a known mean, `Q = K~^-1`.
//! With a constant mean of flat prior (Rasmussen and Williams 2006, section
//! 2.7), the mean is integrated out and
//!
//! ```text
//! Q = K~^-1 - K~^-1 1 1^T K~^-1 / (1^T K~^-1 1)
//! ```
//!
//! Then, by R&W eq. 2.30 (known mean, c = n, D = ln|K~|) and eq. 2.45
//! (integrated mean, c = n - 1, D = ln|K~| + ln 1^T K~^-1 1),
//!
//! ```text
//! ln p(y) = -1/2 [ y^T Q y / a + D + c ln(2 pi a) ]
//! ```
//!
//! and by R&W eq. 5.9, with `dK~/dr = I`,
//!
//! ```text
//! d ln p / d ln s |_a = r/2 [ |Q y|^2 / a - tr Q ]
//! d ln p / d ln a |_s = 1/2 [ y^T Q y / a - c ] - d ln p / d ln s |_a
//! ```
//!
//! Everything is a function of four sums, [`Sums`]. One eigendecomposition of
//! `T` gives them for any `r` in O(n) ([`Spectrum`]); without it each `r` costs
//! a Cholesky factor and a triangular inverse ([`Dense`]).

use super::factor::{Factor, dot};
use crate::LearnError;
use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::{Mat, MatRef, Par};
use std::f64::consts::PI;

/// What the likelihood needs to know of the labels at one noise ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sums {
    /// `y^T Q y`.
    pub(crate) quadratic: f64,
    /// `|Q y|^2`.
    pub(crate) weights: f64,
    /// `tr Q`.
    pub(crate) trace: f64,
    /// `D`: log determinants.
    pub(crate) log_det: f64,
    /// `c`: labels, less one if the mean is integrated out.
    pub(crate) freedom: f64,
}

/// A value and its derivatives by the logarithms of signal and noise variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Likelihood {
    pub(crate) value: f64,
    pub(crate) by_ln_signal: f64,
    pub(crate) by_ln_noise: f64,
}

impl Sums {
    /// The log marginal likelihood at signal variance `signal` and noise
    /// variance `signal * ratio`, where these sums were taken at `ratio`.
    pub(crate) fn likelihood(&self, signal: f64, ratio: f64) -> Likelihood {
        let value = -0.5 * (self.quadratic / signal + self.log_det + self.freedom * (2.0 * PI * signal).ln());
        let by_ln_noise = 0.5 * ratio * (self.weights / signal - self.trace);
        let by_ln_signal = 0.5 * (self.quadratic / signal - self.freedom) - by_ln_noise;
        Likelihood { value, by_ln_signal, by_ln_noise }
    }
}

/// Whether the mean is integrated out (flat prior) or known, in which case the
/// labels have it subtracted already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MeanPrior {
    Flat,
    Known,
}

/// Gives [`Sums`] for any noise ratio.
pub(crate) trait Evidence {
    /// The sums at noise ratio `ratio` > 0.
    fn at(&self, ratio: f64) -> Result<Sums, LearnError>;
}

/// Labels in the eigenbasis of the similarities.
pub(crate) struct Spectrum {
    eigenvalues: Vec<f64>,
    labels: Vec<f64>,
    ones: Vec<f64>,
    mean: MeanPrior,
}

impl Spectrum {
    /// Decomposes the similarities `gram` (n by n, columns one after another).
    pub(crate) fn new(gram: &[f64], labels: &[f64], mean: MeanPrior) -> Result<Self, LearnError> {
        let n = labels.len();
        let mut values = Diag::zeros(n);
        let mut vectors = Mat::zeros(n, n);
        let scratch =
            self_adjoint_evd_scratch::<f64>(n, ComputeEigenvectors::Yes, Par::Seq, Default::default());
        let mut memory = MemBuffer::new(scratch);
        self_adjoint_evd(
            MatRef::from_column_major_slice(gram, n, n),
            values.as_mut(),
            Some(vectors.as_mut()),
            Par::Seq,
            MemStack::new(&mut memory),
            Default::default(),
        )
        .map_err(|_| LearnError::Internal { what: "eigenvalues of the similarities did not converge" })?;
        let project = |y: &[f64]| -> Vec<f64> {
            (0..n).map(|k| vectors.col(k).iter().zip(y).map(|(u, y)| u * y).sum()).collect()
        };
        Ok(Self {
            // The similarities are positive semidefinite: what is below zero is rounding.
            eigenvalues: values.column_vector().iter().map(|v| v.max(0.0)).collect(),
            labels: project(labels),
            ones: project(&vec![1.0; n]),
            mean,
        })
    }
}

impl Evidence for Spectrum {
    fn at(&self, ratio: f64) -> Result<Sums, LearnError> {
        let inverse: Vec<f64> = self.eigenvalues.iter().map(|v| 1.0 / (v + ratio)).collect();
        let product = |x: &[f64], y: &[f64], power: i32| -> f64 {
            inverse.iter().zip(x.iter().zip(y)).map(|(d, (x, y))| d.powi(power) * x * y).sum()
        };
        let n = inverse.len() as f64;
        let log_det: f64 = -inverse.iter().map(|d| d.ln()).sum::<f64>();
        let trace: f64 = inverse.iter().sum();
        Ok(match self.mean {
            MeanPrior::Known => Sums {
                quadratic: product(&self.labels, &self.labels, 1),
                weights: product(&self.labels, &self.labels, 2),
                trace,
                log_det,
                freedom: n,
            },
            MeanPrior::Flat => {
                let precision = product(&self.ones, &self.ones, 1);
                let mean = product(&self.ones, &self.labels, 1) / precision;
                let rest: Vec<f64> =
                    self.labels.iter().zip(&self.ones).map(|(y, one)| y - mean * one).collect();
                Sums {
                    quadratic: product(&rest, &rest, 1),
                    weights: product(&rest, &rest, 2),
                    trace: trace - product(&self.ones, &self.ones, 2) / precision,
                    log_det: log_det + precision.ln(),
                    freedom: n - 1.0,
                }
            }
        })
    }
}

/// Similarities that are factored anew for each noise ratio.
pub(crate) struct Dense<'a> {
    pub(crate) gram: &'a [f64],
    pub(crate) labels: &'a [f64],
    pub(crate) mean: MeanPrior,
}

impl Evidence for Dense<'_> {
    fn at(&self, ratio: f64) -> Result<Sums, LearnError> {
        let n = self.labels.len();
        let factor = Factor::of_gram(self.gram, n, ratio)
            .map_err(|_| LearnError::Internal { what: "the similarities are not positive semidefinite" })?;
        let inverse_diagonal = factor.inverse_diagonal();
        Ok(Weights::new(&factor, self.labels, self.mean).sums(self.labels, &factor, &inverse_diagonal))
    }
}

/// The vectors behind a fit at one noise ratio.
#[derive(Debug, Clone)]
pub(crate) struct Weights {
    /// The estimate of the mean (generalised least squares, R&W eq. 2.42 in
    /// the flat limit); zero if it is known.
    pub(crate) mean: f64,
    /// `alpha = K~^-1 (y - mean) = Q y`.
    pub(crate) alpha: Vec<f64>,
    /// `beta = K~^-1 1`; empty if the mean is known.
    pub(crate) beta: Vec<f64>,
    /// `1^T K~^-1 1`; infinite if the mean is known, since nothing is to be
    /// learnt about it.
    pub(crate) precision: f64,
}

impl Weights {
    pub(crate) fn new(factor: &Factor, labels: &[f64], mean: MeanPrior) -> Self {
        match mean {
            MeanPrior::Known => {
                Self { mean: 0.0, alpha: factor.solve(labels), beta: Vec::new(), precision: f64::INFINITY }
            }
            MeanPrior::Flat => {
                let beta = factor.solve(&vec![1.0; labels.len()]);
                let precision: f64 = beta.iter().sum();
                let mean = dot(&beta, labels) / precision;
                let rest: Vec<f64> = labels.iter().map(|y| y - mean).collect();
                Self { mean, alpha: factor.solve(&rest), beta, precision }
            }
        }
    }

    /// The diagonal of `Q` from that of `K~^-1`.
    pub(crate) fn projected_diagonal(&self, inverse_diagonal: &[f64]) -> Vec<f64> {
        if self.beta.is_empty() {
            return inverse_diagonal.to_vec();
        }
        inverse_diagonal.iter().zip(&self.beta).map(|(q, beta)| q - beta * beta / self.precision).collect()
    }

    pub(crate) fn sums(&self, labels: &[f64], factor: &Factor, inverse_diagonal: &[f64]) -> Sums {
        let flat = !self.beta.is_empty();
        Sums {
            quadratic: dot(labels, &self.alpha),
            weights: dot(&self.alpha, &self.alpha),
            trace: self.projected_diagonal(inverse_diagonal).iter().sum(),
            log_det: factor.log_det() + if flat { self.precision.ln() } else { 0.0 },
            freedom: labels.len() as f64 - if flat { 1.0 } else { 0.0 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::TanimotoIndex;
    use crate::testing::random_counts;

    fn data(n: usize) -> (Vec<f64>, Vec<f64>) {
        let rows = random_counts(n, 11);
        let labels = (0..n).map(|i| (i as f64 * 0.7).sin() + 0.1 * i as f64).collect();
        (TanimotoIndex::new(&rows).columns(&rows), labels)
    }

    #[test]
    fn the_gradient_equals_finite_differences() {
        let (gram, labels) = data(30);
        for mean in [MeanPrior::Flat, MeanPrior::Known] {
            let evidence = Dense { gram: &gram, labels: &labels, mean };
            let value = |ln_signal: f64, ln_noise: f64| {
                let ratio = (ln_noise - ln_signal).exp();
                evidence.at(ratio).unwrap().likelihood(ln_signal.exp(), ratio)
            };
            for (signal, noise) in [(0.3_f64, -1.2_f64), (1.5, -4.0), (-1.0, 0.5)] {
                let h = 1e-4;
                let analytic = value(signal, noise);
                let by_signal = (value(signal + h, noise).value - value(signal - h, noise).value) / (2.0 * h);
                let by_noise = (value(signal, noise + h).value - value(signal, noise - h).value) / (2.0 * h);
                let scale = 1.0 + analytic.value.abs();
                assert!((analytic.by_ln_signal - by_signal).abs() < 1e-7 * scale, "{analytic:?} {by_signal}");
                assert!((analytic.by_ln_noise - by_noise).abs() < 1e-7 * scale, "{analytic:?} {by_noise}");
            }
        }
    }

    #[test]
    fn the_spectrum_and_the_factor_agree() {
        let (gram, labels) = data(50);
        for mean in [MeanPrior::Flat, MeanPrior::Known] {
            let spectrum = Spectrum::new(&gram, &labels, mean).unwrap();
            let dense = Dense { gram: &gram, labels: &labels, mean };
            for ratio in [1e-3, 0.1, 3.0] {
                let (a, b) = (spectrum.at(ratio).unwrap(), dense.at(ratio).unwrap());
                for (a, b) in [
                    (a.quadratic, b.quadratic),
                    (a.weights, b.weights),
                    (a.trace, b.trace),
                    (a.log_det, b.log_det),
                    (a.freedom, b.freedom),
                ] {
                    assert!((a - b).abs() < 1e-9 * (1.0 + b.abs()), "{a} {b}");
                }
            }
        }
    }
}
