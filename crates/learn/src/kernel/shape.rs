//! How similarity falls with distance.

use super::exp::exp;
use pulp::Arch;
use serde::{Deserialize, Serialize};

/// A kernel as a function of the distance `d` between two rows and a length
/// scale `l`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Shape {
    /// `exp(-d^2 / (2 l^2))`, Euclidean distance (Rasmussen and Williams 2006,
    /// eq. 4.9).
    Gaussian,
    /// `exp(-d / l)`, Manhattan distance.
    Laplacian,
    /// `(1 + s + s^2/3) exp(-s)` with `s = sqrt(5) d / l`, Euclidean distance
    /// (Matern kernel of order 5/2; R&W eq. 4.17).
    Matern52,
}

impl Shape {
    /// Whether distances are sums of absolute differences; squared Euclidean
    /// distances otherwise. Either is called a metric value here.
    pub(crate) fn manhattan(self) -> bool {
        self == Self::Laplacian
    }

    /// The distance of a metric value.
    pub(crate) fn distance(self, metric: f64) -> f64 {
        if self.manhattan() { metric } else { metric.sqrt() }
    }

    /// Replaces metric values by kernel values.
    pub(crate) fn values(self, length: f64, metric: &mut [f64]) {
        Arch::new().dispatch(
            #[inline(always)]
            || match self {
                Self::Gaussian => {
                    let factor = -0.5 / (length * length);
                    metric.iter_mut().for_each(|m| *m = exp(factor * *m));
                }
                Self::Laplacian => {
                    let factor = -1.0 / length;
                    metric.iter_mut().for_each(|m| *m = exp(factor * *m));
                }
                Self::Matern52 => {
                    let factor = 5.0_f64.sqrt() / length;
                    for m in metric.iter_mut() {
                        let s = factor * m.sqrt();
                        *m = (1.0 + s + s * s / 3.0) * exp(-s);
                    }
                }
            },
        );
    }

    /// Replaces metric values by derivatives of the kernel by `ln l`:
    ///
    /// ```text
    /// Gaussian   k d^2 / l^2
    /// Laplacian  k d / l
    /// Matern     s^2 (1 + s) / 3 exp(-s)
    /// ```
    pub(crate) fn slopes(self, length: f64, metric: &mut [f64]) {
        Arch::new().dispatch(
            #[inline(always)]
            || match self {
                Self::Gaussian => {
                    let factor = 1.0 / (length * length);
                    for m in metric.iter_mut() {
                        let square = factor * *m;
                        *m = square * exp(-0.5 * square);
                    }
                }
                Self::Laplacian => {
                    let factor = 1.0 / length;
                    for m in metric.iter_mut() {
                        let ratio = factor * *m;
                        *m = ratio * exp(-ratio);
                    }
                }
                Self::Matern52 => {
                    let factor = 5.0_f64.sqrt() / length;
                    for m in metric.iter_mut() {
                        let s = factor * m.sqrt();
                        *m = s * s * (1.0 + s) / 3.0 * exp(-s);
                    }
                }
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_equal_finite_differences_and_values_the_formulas() {
        let metric = [0.0, 1e-9, 0.3, 2.0, 17.0];
        for shape in [Shape::Gaussian, Shape::Laplacian, Shape::Matern52] {
            let at = |length: f64| {
                let mut values = metric;
                shape.values(length, &mut values);
                values
            };
            let (length, h) = (1.3_f64, 1e-5_f64);
            let (up, down) = (at(length * h.exp()), at(length * (-h).exp()));
            let mut slopes = metric;
            shape.slopes(length, &mut slopes);
            for i in 0..metric.len() {
                assert!((slopes[i] - (up[i] - down[i]) / (2.0 * h)).abs() < 1e-9, "{shape:?} {i}");
                let d = shape.distance(metric[i]) / length;
                let s = 5.0_f64.sqrt() * d;
                let expected = match shape {
                    Shape::Gaussian => (-0.5 * d * d).exp(),
                    Shape::Laplacian => (-d).exp(),
                    Shape::Matern52 => (1.0 + s + s * s / 3.0) * (-s).exp(),
                };
                assert!((at(length)[i] - expected).abs() < 1e-15, "{shape:?} {i}");
            }
        }
    }
}
