//! Learning curves: how the error falls with the labels.

use serde::{Deserialize, Serialize};

/// One fit of a learning curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Labels learnt from.
    pub labels: usize,
    /// Mean absolute error on labels not learnt from.
    pub mae: f64,
    /// Processor time of the fit and the predictions, in core-seconds.
    pub core_seconds: f64,
}

/// A learning curve and what it foretells.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Curve {
    /// By number of labels.
    pub points: Vec<CurvePoint>,
    /// The error asked for.
    pub target: Option<f64>,
    /// Whether it was reached.
    pub reached: Option<bool>,
    /// Labels that the target is expected to take in all, if the error goes on
    /// falling as a power of the labels; absent if it does not fall.
    pub labels_needed: Option<f64>,
}

impl Curve {
    /// The error foretold for `labels`, `a N^-b` fitted to the last points
    /// (Cortes et al., Advances in Neural Information Processing Systems 6,
    /// 1994); `None` with fewer than two points.
    pub fn power_law(&self) -> Option<(f64, f64)> {
        let last = &self.points[self.points.len().saturating_sub(3)..];
        if last.len() < 2 || last.iter().any(|p| p.mae <= 0.0) {
            return None;
        }
        let n = last.len() as f64;
        let x: Vec<f64> = last.iter().map(|p| (p.labels as f64).ln()).collect();
        let y: Vec<f64> = last.iter().map(|p| p.mae.ln()).collect();
        let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
        let xx: f64 = x.iter().map(|v| (v - mx).powi(2)).sum();
        let xy: f64 = x.iter().zip(&y).map(|(a, b)| (a - mx) * (b - my)).sum();
        let slope = xy / xx;
        Some(((my - slope * mx).exp(), -slope))
    }

    /// Fills in what the points say about a target.
    pub(crate) fn aim(&mut self, target: Option<f64>) {
        self.target = target;
        let Some(target) = target else { return };
        self.reached = self.points.last().map(|point| point.mae <= target);
        self.labels_needed = match self.points.iter().find(|p| p.mae <= target) {
            Some(point) => Some(point.labels as f64),
            None => self.power_law().and_then(|(a, b)| (b > 1e-3).then(|| (a / target).powf(1.0 / b))),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_law_foretells_the_labels_needed() {
        let point =
            |labels: usize| CurvePoint { labels, mae: 40.0 / (labels as f64).sqrt(), core_seconds: 0.0 };
        let mut curve = Curve { points: [100, 200, 400].map(point).to_vec(), ..Curve::default() };
        curve.aim(Some(1.0));
        assert_eq!(curve.reached, Some(false));
        assert!((curve.labels_needed.unwrap() - 1600.0).abs() < 1e-6);
        curve.aim(Some(3.0));
        assert_eq!(curve.labels_needed, Some(200.0));
        let mut flat = Curve {
            points: [100, 200].map(|labels| CurvePoint { labels, mae: 1.0, core_seconds: 0.0 }).to_vec(),
            ..Curve::default()
        };
        flat.aim(Some(0.5));
        assert_eq!(flat.labels_needed, None);
    }
}
