//! How good probabilities of a class are.

use serde::{Deserialize, Serialize};

/// How well the probabilities of a class (a constraint that holds or not) fit
/// labels that had no part in making them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ClassReport {
    /// Share of the labels that are 1.
    pub share: f64,
    /// Mean negative logarithm of the probability of the right class.
    pub log_loss: f64,
    /// Mean squared difference of label and probability (Brier, Mon. Weather
    /// Rev. 78, 1, 1950).
    pub brier: f64,
    /// Share of labels whose class is the more probable one.
    pub accuracy: f64,
    /// Mean of that share in each of the two classes; absent with one class.
    #[serde(default)]
    pub balanced_accuracy: Option<f64>,
    /// Area under the receiver operating characteristic: the probability that
    /// of two labels of different class that of class 1 has the larger
    /// probability; absent with one class.
    pub area: Option<f64>,
    /// Expected calibration error: the mean distance of the two axes of
    /// [`ClassReport::reliability`], weighted by labels (Naeini, Cooper and
    /// Hauskrecht, AAAI 2015, eq. 3, for the probability of class 1).
    #[serde(default)]
    pub calibration_error: f64,
    /// Probabilities against frequencies, in ten ranges of the probability;
    /// those without labels are left out.
    #[serde(default)]
    pub reliability: Vec<Reliability>,
}

/// One point of a reliability curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reliability {
    /// Labels with a probability in the range.
    pub labels: usize,
    /// Their mean probability of class 1.
    pub probability: f64,
    /// The share of them that is 1.
    pub frequency: f64,
}

/// Ranges of a reliability curve.
const RANGES: usize = 10;
/// A probability of zero of what happened has no logarithm.
const LEAST: f64 = f64::MIN_POSITIVE;

impl ClassReport {
    /// Of probabilities of class 1 and labels 0 or 1, one for each.
    pub fn new(probabilities: &[f64], labels: &[f64]) -> Self {
        let n = labels.len().max(1) as f64;
        let pairs = || probabilities.iter().copied().zip(labels.iter().copied());
        let right = |p: f64, y: f64| if y == 1.0 { p } else { 1.0 - p };
        let share = labels.iter().sum::<f64>() / n;
        let within = |class: f64| {
            let of: Vec<f64> = pairs().filter(|pair| pair.1 == class).map(|(p, y)| right(p, y)).collect();
            (!of.is_empty()).then(|| of.iter().filter(|p| **p > 0.5).count() as f64 / of.len() as f64)
        };
        let reliability = reliability(probabilities, labels);
        Self {
            share,
            log_loss: pairs().map(|(p, y)| -right(p, y).max(LEAST).ln() / n).sum(),
            brier: pairs().map(|(p, y)| (p - y) * (p - y) / n).sum(),
            accuracy: pairs().filter(|(p, y)| right(*p, *y) > 0.5).count() as f64 / n,
            balanced_accuracy: within(0.0).zip(within(1.0)).map(|(no, yes)| 0.5 * (no + yes)),
            area: area(probabilities, labels),
            calibration_error: reliability
                .iter()
                .map(|r| r.labels as f64 / n * (r.probability - r.frequency).abs())
                .sum(),
            reliability,
        }
    }
}

fn reliability(probabilities: &[f64], labels: &[f64]) -> Vec<Reliability> {
    let mut sums = [(0_usize, 0.0, 0.0); RANGES];
    for (p, y) in probabilities.iter().zip(labels) {
        let sum = &mut sums[((p * RANGES as f64) as usize).min(RANGES - 1)];
        *sum = (sum.0 + 1, sum.1 + p, sum.2 + y);
    }
    let point = |&(labels, p, y): &(usize, f64, f64)| {
        let n = labels as f64;
        (labels > 0).then(|| Reliability { labels, probability: p / n, frequency: y / n })
    };
    sums.iter().filter_map(point).collect()
}

/// The share of pairs of different class in the right order; ties are half.
fn area(seen: &[f64], labels: &[f64]) -> Option<f64> {
    let mut order: Vec<(f64, f64)> = seen.iter().copied().zip(labels.iter().copied()).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut sum) = (0.0, 0.0);
    for tied in order.chunk_by(|a, b| a.0 == b.0) {
        let ones: f64 = tied.iter().map(|pair| pair.1).sum();
        let zeros = tied.len() as f64 - ones;
        sum += ones * (below + 0.5 * zeros);
        below += zeros;
    }
    let pairs = below * (labels.len() as f64 - below);
    (pairs > 0.0).then(|| sum / pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three labels of 1 and two of 0, by hand.
    #[test]
    fn a_small_case_by_hand() {
        let (p, y) = ([0.9, 0.6, 0.4, 0.4, 0.1], [1.0, 1.0, 1.0, 0.0, 0.0]);
        let report = ClassReport::new(&p, &y);
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        close(report.share, 0.6);
        close(report.log_loss, -(0.9_f64 * 0.6 * 0.4 * 0.6 * 0.9).ln() / 5.0);
        close(report.brier, (0.01 + 0.16 + 0.36 + 0.16 + 0.01) / 5.0);
        close(report.accuracy, 0.8);
        close(report.balanced_accuracy.unwrap(), 0.5 * (1.0 + 2.0 / 3.0));
        // Of six pairs five are in order and one is tied.
        close(report.area.unwrap(), 5.5 / 6.0);
        // 0.1: 0 of 1; 0.4 twice: 1 of 2; 0.6: 1 of 1; 0.9: 1 of 1.
        close(report.calibration_error, (0.1 + 2.0 * 0.1 + 0.4 + 0.1) / 5.0);
        assert_eq!(report.reliability.iter().map(|r| r.labels).collect::<Vec<_>>(), [1, 2, 1, 1]);
        let one = ClassReport::new(&[1.0, 0.5], &[1.0, 1.0]);
        assert_eq!((one.area, one.balanced_accuracy, one.accuracy), (None, None, 0.5));
    }
}
