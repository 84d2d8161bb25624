//! What was computed, what had been predicted, and what chance would have found.

use matter::units::Joules;
use serde::{Deserialize, Serialize};

/// A prediction: a mean with a standard deviation, both in [`super::Question::unit`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
}

/// One candidate whose property was computed. Values are in [`super::Question::unit`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// What the campaign had spent in all (engine included) when this value was known.
    pub spent: Joules,
    /// The computed value.
    pub value: f64,
    /// The best value known so far, this one included; `None` while no candidate meets the constraints.
    pub best: Option<f64>,
    /// Whether the candidate belongs to the random sample that starts a campaign.
    pub initial: bool,
    /// What was predicted before the calculation, without knowledge of its result.
    pub predicted: Option<Estimate>,
}

/// What random choice would have found for the same joules: an estimate, never a measurement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShadowBaseline {
    /// How it was estimated, one sentence in plain words.
    pub how: String,
    /// The estimate on a grid of rising energy.
    pub points: Vec<ShadowPoint>,
}

/// Distribution of the best value that random choice would have found after some energy.
/// Values are in [`super::Question::unit`], `low <= median <= high`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShadowPoint {
    /// Energy spent.
    pub spent: Joules,
    /// 10 % quantile.
    pub low: f64,
    /// 50 % quantile.
    pub median: f64,
    /// 90 % quantile.
    pub high: f64,
}

/// How the predictions made before computing compare with the results.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Pairs of prediction and result.
    pub n: u64,
    /// Share of results inside the central 90 % interval of their prediction, 0 to 1; 0.9 is ideal.
    pub coverage_90: f64,
    /// Root mean square error, in [`super::Question::unit`].
    pub rmse: f64,
    /// Mean absolute error, in [`super::Question::unit`].
    pub mae: f64,
    /// Coefficient of determination; `None` when all results are equal. Low for a campaign that picks only good
    /// candidates, since these differ little.
    pub r2: Option<f64>,
}

/// Half width of the central 90 % interval of a normal distribution, in standard deviations.
const HALF_WIDTH_90: f64 = 1.644_853_626_951_472_2;

impl Calibration {
    /// Calibration of normal predictions over the evaluations that had one; `None` if none had.
    pub fn of(evaluations: &[Evaluation]) -> Option<Calibration> {
        let pairs: Vec<(Estimate, f64)> =
            evaluations.iter().filter_map(|e| Some((e.predicted?, e.value))).collect();
        if pairs.is_empty() {
            return None;
        }
        let n = pairs.len() as f64;
        let mean_of = |f: &dyn Fn(&(Estimate, f64)) -> f64| pairs.iter().map(f).sum::<f64>() / n;
        let mse = mean_of(&|(p, y)| (y - p.mean).powi(2));
        let mean = mean_of(&|(_, y)| *y);
        let variance = mean_of(&|(_, y)| (y - mean).powi(2));
        Some(Calibration {
            n: pairs.len() as u64,
            coverage_90: mean_of(&|(p, y)| f64::from((y - p.mean).abs() <= HALF_WIDTH_90 * p.sd)),
            rmse: mse.sqrt(),
            mae: mean_of(&|(p, y)| (y - p.mean).abs()),
            r2: (variance > 0.0).then(|| 1.0 - mse / variance),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluation(value: f64, predicted: Option<Estimate>) -> Evaluation {
        Evaluation { spent: Joules(1.0), value, best: Some(value), initial: predicted.is_none(), predicted }
    }

    #[test]
    fn calibration_of_three_known_pairs() {
        let at = |mean| Some(Estimate { mean, sd: 1.0 });
        let evaluations = [
            evaluation(9.0, None),
            evaluation(1.0, at(1.0)),
            evaluation(2.0, at(3.0)),
            evaluation(3.0, at(1.0)),
        ];
        let calibration = Calibration::of(&evaluations).unwrap();
        assert_eq!(calibration.n, 3);
        assert!((calibration.coverage_90 - 2.0 / 3.0).abs() < 1e-12);
        assert!((calibration.mae - 1.0).abs() < 1e-12);
        assert!((calibration.rmse - (5.0f64 / 3.0).sqrt()).abs() < 1e-12);
        // 1 - (5/3) / (2/3)
        assert!((calibration.r2.unwrap() + 1.5).abs() < 1e-12);
        assert_eq!(Calibration::of(&evaluations[..1]), None);
    }
}
