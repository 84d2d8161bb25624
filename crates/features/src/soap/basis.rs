//! Radial functions.

use super::SoapSettings;
use crate::FeatureError;
use crate::numeric::exp_in_place;
use std::f64::consts::PI;

/// The value that defines how far a primitive function reaches.
const DECAYED: f64 = 1e-3;

/// Expansion coefficients of a Gaussian atom at a distance, per degree.
///
/// The primitive functions are r^l exp(-alpha r^2), with alpha such that they
/// have decayed to a thousandth at distances spread evenly from 1 angstrom to
/// the cutoff; the radial functions are orthonormal combinations beta of them
/// (Loewdin). The overlap of a primitive function with a Gaussian is analytic:
/// a Gaussian of the distance again.
#[derive(Debug, Clone)]
pub(super) struct RadialBasis {
    n_max: usize,
    /// `n_max` rounded up: rows of coefficients have this many numbers.
    pub(super) stride: usize,
    /// Exponents by degree and primitive function, per angstrom^2.
    exponents: Vec<f64>,
    /// By degree, primitive function and radial function (`stride` of them).
    mixing: Vec<f64>,
}

impl RadialBasis {
    pub(super) fn new(settings: &SoapSettings) -> Result<Self, FeatureError> {
        let SoapSettings { r_cut, n_max, l_max, sigma } = *settings;
        let refused = || FeatureError::Setting {
            name: "n_max",
            value: n_max.to_string(),
            expected: "at least 1 and so few that the radial functions stay independent; lower it or raise r_cut",
        };
        if !(1..=60).contains(&n_max) {
            return Err(refused());
        }
        let stride = n_max.next_multiple_of(4);
        let (mut exponents, mut mixing) = (Vec::new(), Vec::new());
        for l in 0..=l_max {
            let reach = |k: usize| match n_max {
                1 => 1.0,
                _ => 1.0 + (r_cut - 1.0) * k as f64 / (n_max - 1) as f64,
            };
            let alpha = |k: usize| -(DECAYED / reach(k).powi(l as i32)).ln() / reach(k).powi(2);
            let alphas: Vec<f64> = (0..n_max).map(alpha).collect();
            let power = l as f64 + 1.5;
            let mut overlap = vec![0.0; n_max * n_max];
            for (i, a) in alphas.iter().enumerate() {
                for (j, b) in alphas.iter().enumerate() {
                    overlap[i * n_max + j] = 0.5 * half_gamma(l + 1) * (a + b).powf(-power);
                }
            }
            let betas = inverse_root(overlap, n_max).ok_or_else(refused)?;
            // Of the integral over angles and radius, of the harmonics'
            // normalisation and of the power spectrum.
            let constant = PI.powf(1.5) * (2.0 * sigma * sigma).powf(1.5);
            let spectrum = (PI * (8.0 / (2.0 * l as f64 + 1.0)).sqrt()).sqrt();
            for (k, alpha) in alphas.iter().enumerate() {
                let shrunk = 1.0 / (1.0 + 2.0 * sigma * sigma * alpha);
                exponents.push(-alpha * shrunk);
                let factor = constant * spectrum * shrunk.powf(power);
                let row = (0..stride).map(|n| if n < n_max { factor * betas[n * n_max + k] } else { 0.0 });
                mixing.extend(row);
            }
        }
        Ok(Self { n_max, stride, exponents, mixing })
    }

    /// How many numbers [`RadialBasis::sample`] needs beside its result.
    pub(super) fn scratch(&self) -> usize {
        self.exponents.len()
    }

    /// Writes the coefficients of a Gaussian at a squared distance, to be
    /// multiplied by r^l Y_lm: `stride` numbers for each degree.
    pub(super) fn sample(&self, square: f64, scratch: &mut [f64], values: &mut [f64]) {
        scratch.iter_mut().zip(&self.exponents).for_each(|(value, exponent)| *value = exponent * square);
        exp_in_place(scratch);
        let degrees = values.chunks_exact_mut(self.stride).zip(scratch.chunks_exact(self.n_max));
        let mixing = self.mixing.chunks_exact(self.n_max * self.stride);
        for ((values, primitives), mixing) in degrees.zip(mixing) {
            values.fill(0.0);
            for (primitive, row) in primitives.iter().zip(mixing.chunks_exact(self.stride)) {
                add_scaled(values, *primitive, row);
            }
        }
    }

    /// [`RadialBasis::sample`], and the derivatives with respect to the squared
    /// distance.
    pub(super) fn sample_with_slopes(
        &self,
        square: f64,
        scratch: &mut [f64],
        values: &mut [f64],
        slopes: &mut [f64],
    ) {
        self.sample(square, scratch, values);
        scratch.iter_mut().zip(&self.exponents).for_each(|(value, exponent)| *value *= exponent);
        let degrees = slopes.chunks_exact_mut(self.stride).zip(scratch.chunks_exact(self.n_max));
        let mixing = self.mixing.chunks_exact(self.n_max * self.stride);
        for ((slopes, primitives), mixing) in degrees.zip(mixing) {
            slopes.fill(0.0);
            for (primitive, row) in primitives.iter().zip(mixing.chunks_exact(self.stride)) {
                add_scaled(slopes, *primitive, row);
            }
        }
    }
}

/// Adds a multiple of numbers, four at a time; their count is a multiple of 4.
#[inline(always)]
pub(super) fn add_scaled(to: &mut [f64], factor: f64, from: &[f64]) {
    for (to, from) in to.as_chunks_mut::<4>().0.iter_mut().zip(from.as_chunks::<4>().0) {
        *to = [0, 1, 2, 3].map(|i| to[i] + factor * from[i]);
    }
}

/// The gamma function at n + 1/2.
fn half_gamma(n: usize) -> f64 {
    (0..n).fold(PI.sqrt(), |value, k| value * (k as f64 + 0.5))
}

/// The inverse square root of a symmetric positive definite matrix; `None` if
/// rounding leaves nothing of it.
fn inverse_root(overlap: Vec<f64>, n: usize) -> Option<Vec<f64>> {
    let (values, vectors) = jacobi(overlap, n);
    let largest = values.iter().copied().fold(0.0, f64::max);
    if values.iter().any(|&value| value.is_nan() || value <= 1e-15 * largest) {
        return None;
    }
    let mut root = vec![0.0; n * n];
    for (k, value) in values.iter().enumerate() {
        for i in 0..n {
            for j in 0..n {
                root[i * n + j] += vectors[i * n + k] * vectors[j * n + k] / value.sqrt();
            }
        }
    }
    Some(root)
}

/// Eigenvalues and eigenvectors (columns) of a symmetric matrix by Jacobi's
/// rotations (Golub and Van Loan, Matrix Computations, 4th ed., section 8.5),
/// which find small eigenvalues of matrices like overlaps more exactly than
/// the faster methods do.
fn jacobi(mut a: Vec<f64>, n: usize) -> (Vec<f64>, Vec<f64>) {
    let mut vectors = vec![0.0; n * n];
    (0..n).for_each(|i| vectors[i * n + i] = 1.0);
    for _sweep in 0..60 {
        let mut rotated = false;
        for p in 0..n {
            for q in p + 1..n {
                let (app, aqq, apq) = (a[p * n + p], a[q * n + q], a[p * n + q]);
                if apq.abs() <= 1e-17 * (app.abs() * aqq.abs()).sqrt() {
                    continue;
                }
                rotated = true;
                let tau = (aqq - app) / (2.0 * apq);
                let t = 1.0_f64.copysign(tau) / (tau.abs() + tau.hypot(1.0));
                let c = 1.0 / t.hypot(1.0);
                let s = t * c;
                for k in 0..n {
                    let (x, y) = (a[k * n + p], a[k * n + q]);
                    (a[k * n + p], a[k * n + q]) = (c * x - s * y, s * x + c * y);
                }
                for k in 0..n {
                    let (x, y) = (a[p * n + k], a[q * n + k]);
                    (a[p * n + k], a[q * n + k]) = (c * x - s * y, s * x + c * y);
                }
                for k in 0..n {
                    let (x, y) = (vectors[k * n + p], vectors[k * n + q]);
                    (vectors[k * n + p], vectors[k * n + q]) = (c * x - s * y, s * x + c * y);
                }
            }
        }
        if !rotated {
            break;
        }
    }
    ((0..n).map(|i| a[i * n + i]).collect(), vectors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gamma_at_half_integers() {
        assert!((half_gamma(1) - 0.5 * PI.sqrt()).abs() < 1e-15);
        assert!((half_gamma(3) - 15.0 / 8.0 * PI.sqrt()).abs() < 1e-14);
    }

    #[test]
    fn the_inverse_root_of_an_overlap_undoes_it() {
        let n = 5;
        let overlap: Vec<f64> = (0..n * n).map(|k| 1.0 / (1.0 + (k / n) as f64 + (k % n) as f64)).collect();
        let root = inverse_root(overlap.clone(), n).unwrap();
        let product = |a: &[f64], b: &[f64]| -> Vec<f64> {
            (0..n * n).map(|k| (0..n).map(|j| a[k / n * n + j] * b[j * n + k % n]).sum()).collect()
        };
        let one = product(&product(&root, &overlap), &root);
        for (k, value) in one.iter().enumerate() {
            assert!((value - f64::from(u8::from(k / n == k % n))).abs() < 1e-9, "{k} {value}");
        }
    }
}
