//! Leave-one-out errors in closed form, and what they say about the model's
//! standard deviations and about its domain.

use crate::report::LeaveOneOut;

/// The 95 % quantile of the standard normal: 90 % of it lies within this of 0.
pub(crate) const NORMAL_90: f64 = 1.644_853_626_951_472_7;

/// Labels below which the coverage after calibration is not reported: each
/// half would have fewer than ten.
const LEAST_FOR_COVERAGE: usize = 20;

/// How many labels the belief "the factor is 1" is worth.
const PRIOR_LABELS: f64 = 10.0;

/// Range of the raw factor. A perfect or absurd fit of a few labels must not
/// make all standard deviations vanish or explode.
const RAW_RANGE: (f64, f64) = (0.1, 10.0);

/// Errors of predicting each label from the others.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Residuals {
    /// Label minus prediction.
    pub(crate) errors: Vec<f64>,
    /// The errors over their predicted standard deviations.
    pub(crate) scores: Vec<f64>,
}

impl Residuals {
    /// Rasmussen and Williams 2006, eq. 5.12: with `q = diag Q`, the error is
    /// `alpha_i / q_i` and its variance `a / q_i`. With the mean integrated
    /// out, `Q` is the projected inverse and the mean is estimated anew
    /// without each label (Dubrule, Math. Geol. 15, 687, 1983).
    ///
    /// Absent for one label whose mean is estimated: nothing predicts it.
    pub(crate) fn new(alpha: &[f64], projected_diagonal: &[f64], signal: f64) -> Option<Self> {
        if projected_diagonal.iter().any(|&q| q <= 1e-12) {
            return None;
        }
        let pairs = || alpha.iter().zip(projected_diagonal);
        Some(Self {
            errors: pairs().map(|(a, q)| a / q).collect(),
            scores: pairs().map(|(a, q)| a / (signal * q).sqrt()).collect(),
        })
    }

    /// The factor for standard deviations; see [`factor`].
    pub(crate) fn factor(&self) -> f64 {
        factor(self.scores.iter().copied())
    }

    /// The summary for people.
    pub(crate) fn summary(&self, labels: &[f64]) -> LeaveOneOut {
        let n = labels.len() as f64;
        let squares: f64 = self.errors.iter().map(|e| e * e).sum();
        let mean = labels.iter().sum::<f64>() / n;
        let spread: f64 = labels.iter().map(|y| (y - mean) * (y - mean)).sum();
        // Of labels that are all the same the mean is rounded, and a spread remains.
        let rounding: f64 = labels.iter().map(|y| (1e-12 * y) * (1e-12 * y)).sum();
        LeaveOneOut {
            rmse: (squares / n).sqrt(),
            mae: self.errors.iter().map(|e| e.abs()).sum::<f64>() / n,
            r2: (spread > rounding).then(|| 1.0 - squares / spread),
            coverage_90_raw: inside(self.scores.iter().copied(), 1.0) / n,
            coverage_90: (labels.len() >= LEAST_FOR_COVERAGE).then(|| {
                let half = |odd: usize| self.scores.iter().copied().skip(odd).step_by(2);
                (inside(half(0), factor(half(1))) + inside(half(1), factor(half(0)))) / n
            }),
        }
    }
}

fn inside(scores: impl Iterator<Item = f64>, factor: f64) -> f64 {
    scores.filter(|z| z.abs() <= NORMAL_90 * factor).count() as f64
}

/// The factor by which standard deviations must be multiplied so that 90 % of
/// the labels lie in the nominal 90 % interval.
///
/// It is the `ceil(0.9 (n + 1))`-th smallest `|z|` (the split-conformal
/// quantile; Vovk, Gammerman and Shafer 2005) over the normal quantile. A
/// quantile, unlike the mean square, does not follow a few outliers. With few
/// labels it is drawn towards 1: its logarithm is multiplied by n / (n + 10).
fn factor(scores: impl Iterator<Item = f64>) -> f64 {
    let mut sizes: Vec<f64> = scores.map(f64::abs).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    let n = sizes.len();
    let rank = ((0.9 * (n + 1) as f64).ceil() as usize).clamp(1, n.max(1));
    let Some(&quantile) = sizes.get(rank - 1) else { return 1.0 };
    let raw = (quantile / NORMAL_90).clamp(RAW_RANGE.0, RAW_RANGE.1);
    (raw.ln() * n as f64 / (n as f64 + PRIOR_LABELS)).exp()
}

/// The similarity below which a structure is out of domain when the training
/// structures are too few to say.
const FALLBACK_THRESHOLD: f64 = 0.3;

/// Training structures below which the fallback bounds the threshold.
const FEW: usize = 10;

/// The similarity to the nearest training structure below which a structure is
/// out of domain: the lower quantile of how near the training structures are
/// to each other. `nearest` holds that for each, or a negative number for one
/// that has only copies of itself.
pub(crate) fn domain_threshold(nearest: &[f64], quantile: f64) -> f64 {
    let mut known: Vec<f64> = nearest.iter().copied().filter(|&s| s >= 0.0).collect();
    known.sort_unstable_by(f64::total_cmp);
    let rank = (quantile * known.len() as f64) as usize;
    match known.get(rank.min(known.len().saturating_sub(1))) {
        Some(&threshold) if known.len() >= FEW => threshold,
        Some(&threshold) => threshold.min(FALLBACK_THRESHOLD),
        None => FALLBACK_THRESHOLD,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factor_corrects_overconfidence_and_ignores_an_outlier() {
        // Scores of a normal with standard deviation 2, at its quantiles.
        let scores: Vec<f64> = (0..1000).map(|i| 2.0 * normal_quantile((i as f64 + 0.5) / 1000.0)).collect();
        let plain = factor(scores.iter().copied());
        let spoilt = factor(scores.iter().copied().chain([1e9]));
        assert!((plain - 2.0).abs() < 0.05, "{plain}");
        assert!((spoilt - plain).abs() < 0.05, "{spoilt}");
    }

    #[test]
    fn few_labels_keep_the_factor_near_one() {
        assert_eq!(factor(std::iter::empty()), 1.0);
        assert!((factor([0.0].into_iter()) - 0.1_f64.powf(1.0 / 11.0)).abs() < 1e-12);
    }

    #[test]
    fn copies_do_not_make_everything_else_out_of_domain() {
        assert_eq!(domain_threshold(&[-1.0; 30], 0.05), FALLBACK_THRESHOLD);
        assert_eq!(domain_threshold(&[0.9, 0.8], 0.05), FALLBACK_THRESHOLD);
        let nearest: Vec<f64> = (0..100).map(|i| f64::from(i) / 100.0).collect();
        assert_eq!(domain_threshold(&nearest, 0.05), 0.05);
    }

    /// By bisection of the logistic-like series of the error function; enough for a test.
    fn normal_quantile(p: f64) -> f64 {
        let cdf = |x: f64| {
            let (mut sum, mut term) = (x, x);
            for k in 1..200 {
                term *= x * x / (2.0 * f64::from(k) + 1.0);
                sum += term;
            }
            0.5 + sum * (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt()
        };
        let (mut low, mut high) = (-6.0, 6.0);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if cdf(middle) < p { low = middle } else { high = middle }
        }
        low
    }
}
