//! The best noise ratio: a maximisation in one variable.
//!
//! At a given noise ratio the best signal variance is known in closed form,
//! `a = (y^T Q y + w v) / (c + w)`, where `w` labels' worth of a prior variance
//! `v` may be mixed in. What remains is a function of `ln r` alone, whose
//! derivative is analytic: a scan brackets the best maximum (there may be
//! several), and the root of the derivative in the bracket is found by the
//! Illinois variant of regula falsi.

use super::likelihood::{Evidence, Sums};
use crate::LearnError;
use crate::report::Bound;
use serde::{Deserialize, Serialize};

/// Range of the noise ratio `r`. Below, the covariance of duplicates is
/// singular in double precision; above, the features explain nothing.
pub(crate) const LEAST_RATIO: f64 = 1e-6;
pub(crate) const MOST_RATIO: f64 = 1e2;

/// Points of the scan: steps of a factor 1.4 in the ratio.
const SCAN: usize = 56;

/// A log-normal prior of the ratio of noise to signal variance.
///
/// It decides only where the labels do not, which is with the first few.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NoisePrior {
    /// Median of the ratio.
    pub median: f64,
    /// Standard deviation of its natural logarithm.
    pub ln_sd: f64,
}

impl Default for NoisePrior {
    /// Median 0.05, a factor of 20 either way.
    fn default() -> Self {
        Self { median: 0.05, ln_sd: 3.0 }
    }
}

/// Prior knowledge of the scale of the signal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ScalePrior {
    /// Variance believed before any label.
    pub(crate) variance: f64,
    /// How many labels that belief is worth.
    pub(crate) worth: f64,
}

pub(crate) const NO_SCALE_PRIOR: ScalePrior = ScalePrior { variance: 0.0, worth: 0.0 };

/// The objective at one noise ratio, with the signal variance at its best.
pub(crate) struct Objective<'a, E> {
    pub(crate) evidence: &'a E,
    pub(crate) noise: Option<NoisePrior>,
    pub(crate) scale: ScalePrior,
}

/// The maximum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Maximum {
    pub(crate) ratio: f64,
    pub(crate) signal: f64,
    pub(crate) bound: Option<Bound>,
    pub(crate) evaluations: usize,
}

#[derive(Debug, Clone, Copy)]
struct Point {
    ln_ratio: f64,
    value: f64,
    slope: f64,
    signal: f64,
}

impl<E: Evidence> Objective<'_, E> {
    fn at(&self, ln_ratio: f64) -> Result<Point, LearnError> {
        let ratio = ln_ratio.exp();
        let Sums { quadratic, weights, trace, log_det, freedom } = self.evidence.at(ratio)?;
        let count = freedom + self.scale.worth;
        let signal = (quadratic + self.scale.worth * self.scale.variance) / count;
        let mut value = -0.5 * (log_det + count * (signal.ln() + 1.0));
        let mut slope = 0.5 * ratio * (weights / signal - trace);
        if let Some(NoisePrior { median, ln_sd }) = self.noise {
            let z = (ln_ratio - median.ln()) / ln_sd;
            value -= 0.5 * z * z;
            slope -= z / ln_sd;
        }
        Ok(Point { ln_ratio, value, slope, signal })
    }

    /// The highest maximum over the whole range; many cheap evaluations.
    pub(crate) fn global(&self) -> Result<Maximum, LearnError> {
        let (low, high) = (LEAST_RATIO.ln(), MOST_RATIO.ln());
        let step = (high - low) / (SCAN - 1) as f64;
        let points: Vec<Point> =
            (0..SCAN).map(|i| self.at(low + step * i as f64)).collect::<Result<_, _>>()?;
        let mut best = 0;
        for (i, point) in points.iter().enumerate() {
            if point.value > points[best].value {
                best = i;
            }
        }
        let other = if points[best].slope > 0.0 { best + 1 } else { best.wrapping_sub(1) };
        match points.get(other) {
            Some(&other) => self.refine(points[best], other, 1e-9, SCAN),
            None => Ok(edge(points[best], SCAN)),
        }
    }

    /// A maximum near `start`; few evaluations.
    pub(crate) fn local(&self, start: f64) -> Result<Maximum, LearnError> {
        let (low, high) = (LEAST_RATIO.ln(), MOST_RATIO.ln());
        let mut here = self.at(start.ln().clamp(low, high))?;
        let (mut evaluations, mut step) = (1, 0.25_f64);
        loop {
            let next = (here.ln_ratio + step.copysign(here.slope)).clamp(low, high);
            if next == here.ln_ratio {
                return Ok(edge(here, evaluations));
            }
            let ahead = self.at(next)?;
            evaluations += 1;
            if ahead.slope * here.slope <= 0.0 {
                return self.refine(here, ahead, 1e-4, evaluations);
            }
            here = ahead;
            step *= 2.0;
        }
    }

    /// The root of the slope between two points, to `tolerance` in `ln r`.
    fn refine(&self, a: Point, b: Point, tolerance: f64, spent: usize) -> Result<Maximum, LearnError> {
        let (mut low, mut high) = if a.ln_ratio < b.ln_ratio { (a, b) } else { (b, a) };
        let mut evaluations = spent;
        let mut best = if a.value >= b.value { a } else { b };
        // A maximum lies between only if the slope changes sign from above to
        // below; else the scan stepped over a narrow one and its best point stays.
        if low.slope > 0.0 && high.slope < 0.0 {
            let (mut left, mut right) = (low.slope, high.slope);
            let mut last_moved_low = None;
            for _ in 0..100 {
                let guess = (low.ln_ratio * right - high.ln_ratio * left) / (right - left);
                let inside = guess > low.ln_ratio && guess < high.ln_ratio;
                let middle = self.at(if inside { guess } else { 0.5 * (low.ln_ratio + high.ln_ratio) })?;
                evaluations += 1;
                let moved = (middle.ln_ratio - best.ln_ratio).abs();
                best = middle;
                if middle.slope == 0.0 || moved <= tolerance {
                    break;
                }
                // An end that stays twice is given half its weight: plain
                // regula falsi would creep towards it.
                if middle.slope > 0.0 {
                    (low, left) = (middle, middle.slope);
                    right *= if last_moved_low == Some(true) { 0.5 } else { 1.0 };
                } else {
                    (high, right) = (middle, middle.slope);
                    left *= if last_moved_low == Some(false) { 0.5 } else { 1.0 };
                }
                last_moved_low = Some(middle.slope > 0.0);
            }
        }
        Ok(Maximum { ratio: best.ln_ratio.exp(), signal: best.signal, bound: None, evaluations })
    }
}

fn edge(point: Point, evaluations: usize) -> Maximum {
    let bound = if point.slope > 0.0 { Bound::MostNoise } else { Bound::LeastNoise };
    Maximum { ratio: point.ln_ratio.exp(), signal: point.signal, bound: Some(bound), evaluations }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gp::likelihood::{Dense, MeanPrior, Spectrum};
    use crate::index::TanimotoIndex;
    use crate::testing::{additive_labels, random_counts};

    #[test]
    fn both_searches_end_where_the_gradient_vanishes() {
        let rows = random_counts(80, 5);
        let labels = additive_labels(&rows, 2.0, 6);
        let gram = TanimotoIndex::new(&rows).columns(&rows);
        let spectrum = Spectrum::new(&gram, &labels, MeanPrior::Flat).unwrap();
        let dense = Dense { gram: &gram, labels: &labels, mean: MeanPrior::Flat };
        let far = Objective { evidence: &spectrum, noise: None, scale: NO_SCALE_PRIOR }.global().unwrap();
        let near = Objective { evidence: &dense, noise: None, scale: NO_SCALE_PRIOR }
            .local(far.ratio * 3.0)
            .unwrap();
        assert_eq!(far.bound, None);
        let gradient = spectrum.at(far.ratio).unwrap().likelihood(far.signal, far.ratio);
        assert!(gradient.by_ln_noise.abs() < 1e-7 && gradient.by_ln_signal.abs() < 1e-7, "{gradient:?}");
        assert!((near.ratio / far.ratio).ln().abs() < 1e-5, "{near:?} {far:?}");
        assert!(near.evaluations < 15, "{near:?}");
    }
}
