use super::random::quantile;
use crate::LearnError;
use serde::{Deserialize, Serialize};

/// One point of a learning curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Labels learnt from.
    pub labels: usize,
    /// Root mean squared error on structures not seen, above zero.
    pub error: f64,
}

/// A power law with an offset,
///
/// ```text
/// error(n) = c + A n^-t
/// ```
///
/// found from the points of a learning curve, with what else they allow.
///
/// On a grid of `t` from 0.05 to 1.5 and of `c` from 0 to 98 % of the least
/// error, `A` is found by iterated reweighting for residuals of `ln error` that
/// follow Student's distribution with four degrees of freedom, which a single
/// bad point does not move much. Weights of the grid are likelihoods times the
/// priors `t ~ N(0.5, 0.3)` and an exponential one for `c` with a mean of half
/// the least error. The width of the residuals comes from the best fit, drawn
/// towards 10 % where points are few. There is no random number in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LearningCurve {
    /// The most probable curve.
    pub best: PowerLaw,
    /// Typical relative scatter of the points about it.
    pub scatter: f64,
    /// Other curves, with weights that add up to 1.
    #[serde(skip)]
    draws: Vec<(f64, PowerLaw)>,
    most: usize,
}

/// `c + A n^-t`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PowerLaw {
    /// `c`: what no number of labels removes.
    pub offset: f64,
    /// `A`: error at one label, above the offset.
    pub scale: f64,
    /// `t`, above zero.
    pub exponent: f64,
}

impl PowerLaw {
    /// The error at `labels`.
    pub fn at(&self, labels: f64) -> f64 {
        self.offset + self.scale * labels.powf(-self.exponent)
    }
}

const EXPONENTS: usize = 30;
const OFFSETS: usize = 25;
const EXPONENT_RANGE: (f64, f64) = (0.05, 1.5);
const MOST_OFFSET: f64 = 0.98;
const EXPONENT_PRIOR: (f64, f64) = (0.5, 0.3);
const OFFSET_PRIOR: f64 = 0.5;
/// Student's degrees of freedom.
const FREEDOM: f64 = 4.0;
/// The belief about the scatter: its size, and the points it is worth.
const SCATTER: (f64, f64) = (0.1, 2.0);
/// Standard deviation of a normal over the median of its size.
const NORMAL_MEDIAN: f64 = 1.4826;
/// Curves whose logarithm of weight is this far below the best are dropped.
const FAINT: f64 = 16.0;

impl LearningCurve {
    /// From at least two points with different numbers of labels.
    ///
    /// # Errors
    /// [`LearnError::TooFewLabels`] or [`LearnError::BadCurvePoint`].
    pub fn fit(points: &[CurvePoint]) -> Result<Self, LearnError> {
        for (point, CurvePoint { labels, error }) in points.iter().enumerate() {
            if *labels == 0 || !(*error > 0.0 && *error < 1e100) {
                return Err(LearnError::BadCurvePoint { point, labels: *labels, error: *error });
            }
        }
        let most = points.iter().map(|p| p.labels).max().unwrap_or(0);
        if points.iter().all(|p| p.labels == most) {
            let what = "a learning curve (points with different numbers of labels)";
            return Err(LearnError::TooFewLabels { labels: points.len(), needed: 2, what });
        }
        let least = points.iter().map(|p| p.error).fold(f64::INFINITY, f64::min);
        let grid: Vec<PowerLaw> = (0..EXPONENTS)
            .flat_map(|i| (0..OFFSETS).map(move |k| (i as f64, k as f64)))
            .map(|(i, k)| {
                let (low, high) = EXPONENT_RANGE;
                let exponent = low + (high - low) * i / (EXPONENTS - 1) as f64;
                PowerLaw { offset: MOST_OFFSET * least * k / (OFFSETS - 1) as f64, scale: 1.0, exponent }
            })
            .collect();
        // First with the width believed beforehand, then with the one found.
        let fit = |width: f64| -> Vec<(f64, PowerLaw)> {
            grid.iter().map(|law| scaled(points, *law, width, least)).collect()
        };
        let best_of = |all: &[(f64, PowerLaw)]| all.iter().copied().max_by(|a, b| a.0.total_cmp(&b.0));
        let internal = LearnError::Internal { what: "a learning curve without a grid" };
        let first = best_of(&fit(SCATTER.0)).ok_or(internal.clone())?;
        let mut sizes: Vec<f64> = residuals(points, &first.1).map(f64::abs).collect();
        sizes.sort_unstable_by(f64::total_cmp);
        // The median does not follow a bad point.
        let typical = NORMAL_MEDIAN * sizes[sizes.len() / 2];
        let free = (points.len() as f64 - 3.0).max(0.0);
        let squares = SCATTER.1 * SCATTER.0.powi(2) + free * typical.powi(2);
        let scatter = (squares / (SCATTER.1 + free)).sqrt();
        let all = fit(scatter);
        let (top, best) = best_of(&all).ok_or(internal)?;
        let kept: Vec<(f64, PowerLaw)> =
            all.into_iter().filter(|(w, _)| top - w < FAINT).map(|(w, law)| ((w - top).exp(), law)).collect();
        // The scale's own uncertainty, by the three nodes of Gauss and Hermite.
        let width = 3.0_f64.sqrt() * scatter / (points.len() as f64).sqrt();
        let nodes = [(1.0 / 6.0, -width), (2.0 / 3.0, 0.0), (1.0 / 6.0, width)];
        let total: f64 = kept.iter().map(|(w, _)| w).sum();
        let spread = |(weight, law): (f64, PowerLaw)| {
            nodes.map(|(share, shift)| {
                (weight * share / total, PowerLaw { scale: law.scale * shift.exp(), ..law })
            })
        };
        Ok(Self { best, scatter, draws: kept.into_iter().flat_map(spread).collect(), most })
    }

    /// The interval of the error at `labels` that holds share `level`.
    pub fn interval(&self, labels: f64, level: f64) -> (f64, f64) {
        let laws = self.sample(200);
        let mut errors: Vec<f64> = laws.iter().map(|law| law.at(labels)).collect();
        errors.sort_unstable_by(f64::total_cmp);
        let tail = 0.5 * (1.0 - level);
        (quantile(&errors, tail), quantile(&errors, 1.0 - tail))
    }

    /// `count` curves that stand for all, each as probable as the others, in the
    /// order of their errors at a hundred times the labels seen.
    pub(super) fn sample(&self, count: usize) -> Vec<PowerLaw> {
        let far = 100.0 * self.most as f64;
        let mut draws = self.draws.clone();
        draws.sort_by(|a, b| a.1.at(far).total_cmp(&b.1.at(far)));
        let (mut sum, mut next) = (0.0, 0);
        let mut out = Vec::with_capacity(count);
        for (weight, law) in draws {
            sum += weight;
            while next < count && (next as f64 + 0.5) / count as f64 <= sum {
                out.push(law);
                next += 1;
            }
        }
        out.resize(count, self.best);
        out
    }
}

fn residuals<'a>(points: &'a [CurvePoint], law: &'a PowerLaw) -> impl Iterator<Item = f64> + 'a {
    points.iter().map(|p| (p.error / law.at(p.labels as f64)).ln())
}

/// The law with its best scale, and the logarithm of its weight.
fn scaled(points: &[CurvePoint], mut law: PowerLaw, width: f64, least: f64) -> (f64, PowerLaw) {
    // Start: the median of the scales of single points.
    let mut each: Vec<f64> =
        points.iter().map(|p| (p.error - law.offset) * (p.labels as f64).powf(law.exponent)).collect();
    each.sort_unstable_by(f64::total_cmp);
    law.scale = each[each.len() / 2];
    for _ in 0..30 {
        let (mut top, mut bottom) = (0.0, 0.0);
        for p in points {
            let error = law.at(p.labels as f64);
            let residual = (p.error / error).ln();
            // d ln error / d ln A.
            let slope = (error - law.offset) / error;
            let weight = 1.0 / (FREEDOM + (residual / width).powi(2));
            top += weight * slope * residual;
            bottom += weight * slope * slope;
        }
        let step = (top / bottom.max(f64::MIN_POSITIVE)).clamp(-1.0, 1.0);
        law.scale *= step.exp();
        if step.abs() < 1e-10 {
            break;
        }
    }
    let student = residuals(points, &law)
        .map(|r| -0.5 * (FREEDOM + 1.0) * ((r / width).powi(2) / FREEDOM).ln_1p())
        .sum::<f64>();
    let z = (law.exponent - EXPONENT_PRIOR.0) / EXPONENT_PRIOR.1;
    (student - 0.5 * z * z - law.offset / (OFFSET_PRIOR * least), law)
}
