//! Where length scale and noise ratio come from.

use super::bfgs::{Bounds, Inverse, Point, climb};
use super::evidence::Evidence;
use super::settings::{KernelGpSettings, KernelHyper, NOISE_PRIOR};
use crate::gp::likelihood::MeanPrior;
use crate::report::{Bound, ScaleSource};
use crate::{Criterion, Kernel, Table};
use serde::{Deserialize, Serialize};

/// Length scales over the typical one and noise ratios of the first look.
const LENGTHS: [f64; 6] = [0.1, 0.3, 1.0, 3.0, 10.0, 30.0];
const RATIOS: [f64; 4] = [1e-8, 1e-5, 1e-3, 1e-1];

/// Points of the first look from which the search climbs.
const STARTS: usize = 3;

/// Labels of the first look.
const FEW: usize = 300;

/// The slope, in nats per factor e of a hyper-parameter, at which a search on
/// many labels ends: what is left to gain is below a thousandth of a nat.
const LAST_SLOPE: f64 = 0.05;

/// Range of the length scale over the typical one, and of the noise ratio over
/// the size of the kernel. Below, covariances are singular in double precision.
const LENGTH_RANGE: (f64, f64) = (1e-3, 1e3);
const RATIO_RANGE: (f64, f64) = (1e-10, 1e2);

/// Labels whose spread is below this share of their size are all the same: the
/// difference is rounding.
const ROUNDING: f64 = 1e-12;
const LEAST_SPREAD: f64 = 1e-100;

/// The hyper-parameters that all properties share.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Found {
    pub(crate) length: f64,
    /// Noise over signal variance.
    pub(crate) ratio: f64,
    pub(crate) source: ScaleSource,
    pub(crate) bound: Option<Bound>,
    pub(crate) evaluations: usize,
    /// Labels that they were found from.
    pub(crate) labels: usize,
    /// Mean of `k(x, x)` at the typical length scale.
    pub(crate) size: f64,
}

/// Whether labels, centred, say anything about a scale.
pub(crate) fn has_spread(raw: &[f64], centred: &[f64]) -> bool {
    let largest = |values: &[f64]| values.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
    let spread = largest(centred);
    spread > ROUNDING * largest(raw) && spread >= LEAST_SPREAD
}

/// Decides length scale and noise ratio for the labels (of each property,
/// centred) that have a spread.
pub(crate) fn search<K: Kernel>(
    kernel: &K,
    settings: &KernelGpSettings,
    x: &K::Input,
    labels: &[Vec<f64>],
    mean: MeanPrior,
) -> Found {
    let (criterion, priors) = match settings.hyper_parameters {
        KernelHyper::Given { length_scale, signal_variance, noise_variance } => {
            return Found {
                length: length_scale,
                ratio: noise_variance / signal_variance,
                source: ScaleSource::Given,
                bound: None,
                evaluations: 0,
                labels: 0,
                size: 1.0,
            };
        }
        // Nothing can be left out of one label, and two leave one.
        KernelHyper::Estimated { criterion: Criterion::LeaveOneOut, .. } if x.len() < 3 => {
            (Criterion::MarginalLikelihood, true)
        }
        KernelHyper::Estimated { criterion, priors } => (criterion, priors),
    };
    let few = kernel.affordable(x, x.len().min(FEW)).max(1);
    let many = kernel.affordable(x, x.len().min(settings.search_limit)).max(few);
    let mut first = evidence(kernel, x, labels, few, mean, criterion, priors);
    let (mut evaluations, size) = (0, first.size);
    let mut nothing = Found {
        length: first.length,
        ratio: NOISE_PRIOR.median * size,
        source: ScaleSource::LabelSize,
        bound: None,
        evaluations,
        labels: few,
        size,
    };
    if labels.is_empty() || (mean == MeanPrior::Flat && x.len() < 2) {
        return nothing;
    }
    let bounds = Bounds {
        low: [(first.length * LENGTH_RANGE.0).ln(), RATIO_RANGE.0.ln()],
        high: [(first.length * LENGTH_RANGE.1).ln(), RATIO_RANGE.1.ln()],
    };
    let mut looks: Vec<Point> = Vec::new();
    let lengths: &[f64] = if kernel.has_length() { &LENGTHS } else { &[1.0] };
    for &length in lengths {
        for ratio in RATIOS {
            evaluations += 1;
            looks.extend(first.at([(first.length * length).ln(), f64::ln(ratio)], false));
        }
    }
    looks.sort_by(|a, b| b.value.total_cmp(&a.value));
    let mut count = |evidence: &Evidence<'_, K>, at: [f64; 2]| {
        evaluations += 1;
        evidence.at(at, true)
    };
    let mut best: Option<Point> = None;
    let mut curvature: Option<Inverse> = None;
    for look in looks.iter().take(STARTS) {
        if let Some(start) = count(&first, look.at) {
            let tolerance = if many > few { 1e-2 } else { 1e-6 };
            let (top, inverse) = climb(start, bounds, tolerance, None, |at| count(&first, at));
            if best.is_none_or(|best| top.value > best.value) {
                (best, curvature) = (Some(top), inverse);
            }
        }
    }
    if many > few {
        let (length, size) = (first.length, first.size);
        first = evidence(kernel, x, labels, many, mean, criterion, priors);
        // The same prior and range as before.
        (first.length, first.size) = (length, size);
        let start = best.and_then(|best| count(&first, best.at));
        // The criterion grows with the labels, and its curvature too.
        let share = few as f64 / many as f64;
        let curvature = curvature.map(|inverse| inverse.map(|row| row.map(|value| value * share)));
        let climbed =
            start.map(|start| climb(start, bounds, LAST_SLOPE, curvature, |at| count(&first, at)).0);
        best = climbed.or(best);
    }
    let Some(best) = best else {
        nothing.evaluations = evaluations;
        return nothing;
    };
    let bound = if best.at[1] <= bounds.low[1] {
        Some(Bound::LeastNoise)
    } else if best.at[1] >= bounds.high[1] {
        Some(Bound::MostNoise)
    } else {
        None
    };
    Found {
        length: best.at[0].exp(),
        ratio: best.at[1].exp() * size,
        source: ScaleSource::Likelihood,
        bound,
        evaluations,
        labels: many,
        size,
    }
}

/// Evenly spaced rows, `count` of them, with labels of size 1.
fn evidence<'a, K: Kernel>(
    kernel: &'a K,
    x: &K::Input,
    labels: &[Vec<f64>],
    count: usize,
    mean: MeanPrior,
    criterion: Criterion,
    priors: bool,
) -> Evidence<'a, K> {
    let n = x.len();
    let taken: Vec<usize> = (0..count).map(|i| i * n / count).collect();
    let part = x.select(&taken);
    let metric = kernel.metric(&kernel.prepare(&part));
    let length = kernel.typical_length(&metric);
    let diagonal = kernel.diagonal(&part, 0..count, length);
    let size = diagonal.iter().sum::<f64>() / count as f64;
    let labels = labels
        .iter()
        .map(|labels| {
            let scale = (labels.iter().map(|y| y * y).sum::<f64>() / n as f64).sqrt();
            taken.iter().map(|&i| labels[i] / scale).collect()
        })
        .collect();
    let size = if size > 0.0 { size } else { 1.0 };
    Evidence { kernel, metric, labels, mean, criterion, priors, length, size }
}
