//! Where the hyper-parameters come from.

use super::climb::{Bounds, Point, climb};
use super::evidence::{Evidence, Prior};
use super::frame::Frame;
use super::ladder::{Ladder, Layout};
use super::rungs::Rungs;
use super::settings::{CoKrigingHyper, CoKrigingSettings, RungMean};
use crate::report::ScaleSource;
use crate::{FitReport, Kernel, KernelGp, KernelGpSettings, LearnError, Mean, Surrogate, Table};
use std::collections::HashMap;

/// Labels of the first look, and what is tried: length scales over the typical
/// one, noise over signal.
const FEW: usize = 240;
const LENGTHS: [f64; 3] = [0.5, 2.0, 8.0];
const RATIOS: [f64; 2] = [1e-4, 1e-2];

/// Structures taken of a rung that has few of its own.
const LEAST_STRUCTURES: usize = 4;

/// Points of the first look from which the search climbs.
const STARTS: usize = 3;
const ITERATIONS: (usize, usize) = (100, 60);
const SLOPES: (f64, f64) = (1e-2, 0.05);

/// Ranges, relative to the typical length, the spread of labels and its square.
const LENGTH_RANGE: (f64, f64) = (1e-3, 1e3);
const SIGNAL_RANGE: (f64, f64) = (1e-8, 1e12);
const NOISE_RANGE: (f64, f64) = (1e-10, 1e2);
const RHO_RANGE: (f64, f64) = (-50.0, 50.0);

/// Priors: standard deviations of logarithms, as for a single rung
/// ([`KernelGp`](crate::KernelGp)), and of the factor from rung to rung.
const LENGTH_LN_SD: f64 = 3.0;
const SIGNAL_LN_SD: f64 = 8.0;
const NOISE: Prior = Prior { middle: -4.605, sd: 4.0 };
const RHO_SAME_UNIT_SD: f64 = 0.5;
const RHO_ANY_SD: f64 = 2.0;

/// The signal variance expected of the difference to the rung below.
const DIFFERENCE: f64 = 0.1;

/// Hyper-parameters in units of the frame.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) ladder: Ladder,
    pub(super) source: ScaleSource,
    pub(super) evaluations: usize,
    pub(super) labels: usize,
}

/// Decides all hyper-parameters for labels `y` in units of `frame`. With `cut`,
/// that rung is nothing to the one above it.
pub(super) fn search<K: Kernel>(
    kernel: &K,
    settings: &CoKrigingSettings,
    frame: &Frame,
    x: &Rungs<K::Input>,
    y: &[f64],
    cut: Option<usize>,
) -> Result<Found, LearnError> {
    let layout = Layout::new(settings.rungs, settings.mean);
    if let CoKrigingHyper::Given { rungs, rho } = &settings.hyper_parameters {
        let units: Vec<f64> = frame.scales.iter().map(|s| 1.0 / s).collect();
        let mut ladder = Ladder { rungs: rungs.clone(), rho: rho.clone() };
        if let Some(highest) = ladder.rungs.last_mut() {
            highest.nugget_variance = 0.0;
        }
        let ladder = ladder.scaled(&units);
        return Ok(Found { ladder, source: ScaleSource::Given, evaluations: 0, labels: 0 });
    }
    let few = part(kernel, x, FEW);
    let many = part(kernel, x, settings.search_limit);
    let pick = |rows: &[usize]| rows.iter().map(|&i| y[i]).collect::<Vec<f64>>();
    let mut first = Evidence::new(kernel, &x.select(&few), pick(&few), settings.mean, layout);
    let hashes = kernel.hashes(&x.features);
    let slopes: Vec<Option<(f64, f64)>> =
        (1..settings.rungs).map(|m| slope(&hashes, &x.rung, y, m)).collect();
    let lengths = first.typical_lengths();
    let sizes = first.sizes(&lengths);
    let atoms = first.element_sizes();
    let (mut priors, mut bounds) = priors(settings, layout, frame, &lengths, &sizes, &atoms);

    if let Some(cut) = cut {
        let place = layout.rho(cut);
        (bounds.low[place], bounds.high[place]) = (0.0, 0.0);
        // A constant: likelihoods with and without it can be compared.
        priors[place].middle = 0.0;
    }
    first.priors = priors.clone();
    let mut evaluations = 0;
    let middle: Vec<f64> = priors.iter().map(|p| p.middle).collect();
    let mut tries = Vec::new();
    let rho_of = |m: usize| match slopes[m - 1] {
        _ if cut == Some(m - 1) => 0.0,
        Some((rho, _)) => rho,
        None => middle[layout.rho(m - 1)],
    };
    // Rung by rung, as if nothing came from above.
    let mut at = middle.clone();
    let mut below = None;
    for m in 0..settings.rungs {
        let rho = if m > 0 { rho_of(m) } else { 0.0 };
        let (alone, report) = one_rung(kernel, settings, &x.select(&few), &pick(&few), m, rho, below.take())?;
        evaluations += report.evaluations;
        let length = alone.details().map_or(lengths[m], |details| details.length_scale);
        set(layout, &mut at, m, length, report.signal_variance, report.noise_variance);
        if m > 0 {
            at[layout.rho(m - 1)] = rho;
        }
        below = Some(alone);
    }
    tries.push(at);
    for length in LENGTHS {
        for ratio in RATIOS {
            let mut at = middle.clone();
            for m in 0..settings.rungs {
                let rest = match m.checked_sub(1).map(|below| slopes[below]) {
                    None => 1.0,
                    Some(_) if cut == m.checked_sub(1) => 1.0,
                    Some(Some((_, rest))) => rest.max(1e-4),
                    Some(None) => DIFFERENCE,
                };
                set(layout, &mut at, m, lengths[m] * length, rest / sizes[m], rest * ratio);
                if m > 0 {
                    at[layout.rho(m - 1)] = rho_of(m);
                }
            }
            tries.push(at);
        }
    }
    let mut looks: Vec<Point> = Vec::new();
    for at in tries {
        evaluations += 1;
        looks.extend(first.at(&bounds.clamp(&at), false));
    }
    looks.sort_by(|a, b| b.value.total_cmp(&a.value));
    let mut best: Option<Point> = None;
    for look in looks.iter().take(STARTS) {
        let mut count = |at: &[f64]| {
            evaluations += 1;
            first.at(at, true)
        };
        if let Some(start) = count(&look.at) {
            let top = climb(start, &bounds, SLOPES.0, ITERATIONS.0, count);
            if best.as_ref().is_none_or(|best| top.value > best.value) {
                best = Some(top);
            }
        }
    }
    if many.len() > few.len()
        && let Some(start) = &best
    {
        let mut second = Evidence::new(kernel, &x.select(&many), pick(&many), settings.mean, layout);
        second.priors = priors;
        let mut count = |at: &[f64]| {
            evaluations += 1;
            second.at(at, true)
        };
        if let Some(start) = count(&start.at) {
            best = Some(climb(start, &bounds, SLOPES.1, ITERATIONS.1, count));
        }
    }
    let best =
        best.ok_or(LearnError::Internal { what: "no covariance of the rungs was positive definite" })?;
    let ladder = layout.ladder(&best.at);
    Ok(Found { ladder, source: ScaleSource::Likelihood, evaluations, labels: many.len() })
}

/// Sets length scale, signal and noise of one rung; the noise may as well be of
/// the structures.
fn set(layout: Layout, at: &mut [f64], rung: usize, length: f64, signal: f64, noise: f64) {
    let basic = layout.basic(rung).start;
    at[basic] = length.ln();
    at[basic + 1] = signal.ln();
    let nugget = layout.nugget(rung);
    let half = if nugget.is_some() { 0.5 } else { 1.0 };
    at[basic + 2] = (half * noise).ln();
    if let Some(place) = nugget {
        at[place] = (half * noise).ln();
    }
}

/// A Gaussian process of one rung's labels less `rho` times those of the same
/// structures on the rung below or, where there are none, of what `below` says.
fn one_rung<K: Kernel>(
    kernel: &K,
    settings: &CoKrigingSettings,
    x: &Rungs<K::Input>,
    y: &[f64],
    rung: usize,
    rho: f64,
    below: Option<KernelGp<K>>,
) -> Result<(KernelGp<K>, FitReport), LearnError> {
    let rows: Vec<usize> = (0..x.len()).filter(|&i| x.rung[i] == rung).collect();
    let part = x.features.select(&rows);
    let mut labels: Vec<f64> = rows.iter().map(|&i| y[i]).collect();
    if let Some(below) = below
        && rho != 0.0
    {
        let hashes = kernel.hashes(&x.features);
        let known: HashMap<u64, f64> =
            (0..x.len()).filter(|&i| x.rung[i] + 1 == rung).map(|i| (hashes[i], y[i])).collect();
        let said = below.predict(&part)?.mean;
        for ((label, said), row) in labels.iter_mut().zip(said).zip(&rows) {
            *label -= rho * known.get(&hashes[*row]).copied().unwrap_or(said);
        }
    }
    let mean = if settings.mean == RungMean::Constant { Mean::Estimated } else { Mean::Known(0.0) };
    let mut model = KernelGp::new(kernel.clone(), KernelGpSettings { mean, ..KernelGpSettings::default() });
    let report = model.fit(&part, &labels)?;
    Ok((model, report))
}

fn priors(
    settings: &CoKrigingSettings,
    layout: Layout,
    frame: &Frame,
    lengths: &[f64],
    sizes: &[f64],
    atoms: &[f64],
) -> (Vec<Prior>, Bounds) {
    let mut priors = vec![NOISE; layout.len()];
    let mut low = vec![NOISE_RANGE.0.ln(); layout.len()];
    let mut high = vec![NOISE_RANGE.1.ln(); layout.len()];
    for m in 0..settings.rungs {
        let basic = layout.basic(m).start;
        let signal: f64 = if m == 0 { 1.0 } else { DIFFERENCE };
        let mut set = |k: usize, prior: Prior, range: (f64, f64), unit: f64| {
            priors[k] = prior;
            (low[k], high[k]) = ((range.0 * unit).ln(), (range.1 * unit).ln());
        };
        set(basic, Prior { middle: lengths[m].ln(), sd: LENGTH_LN_SD }, LENGTH_RANGE, lengths[m]);
        let signal_prior = |unit: f64| Prior { middle: (signal / unit).ln(), sd: SIGNAL_LN_SD };
        set(basic + 1, signal_prior(sizes[m]), SIGNAL_RANGE, 1.0 / sizes[m]);
        if let Some(place) = layout.element(m) {
            set(place, signal_prior(atoms[m]), SIGNAL_RANGE, 1.0 / atoms[m]);
        }
        if m > 0 {
            let place = layout.rho(m - 1);
            let unit = frame.scales[m - 1] / frame.scales[m];
            priors[place] = if settings.same_unit {
                Prior { middle: unit, sd: RHO_SAME_UNIT_SD * unit }
            } else {
                Prior { middle: 0.0, sd: RHO_ANY_SD }
            };
            let reach = unit.max(1.0);
            (low[place], high[place]) = (RHO_RANGE.0 * reach, RHO_RANGE.1 * reach);
        }
    }
    (priors, Bounds { low, high })
}

/// Slope of labels on rung `m` against those of the same structures on the
/// rung below, and the mean square that is left; `None` for too few pairs.
fn slope(hashes: &[u64], rung: &[usize], y: &[f64], m: usize) -> Option<(f64, f64)> {
    let below: HashMap<u64, f64> =
        (0..y.len()).filter(|&i| rung[i] + 1 == m).map(|i| (hashes[i], y[i])).collect();
    let pairs: Vec<(f64, f64)> = (0..y.len())
        .filter(|&i| rung[i] == m)
        .filter_map(|i| below.get(&hashes[i]).map(|&low| (low, y[i])))
        .collect();
    let n = pairs.len() as f64;
    if pairs.len() < 4 {
        return None;
    }
    let (a, b) = (pairs.iter().map(|p| p.0).sum::<f64>() / n, pairs.iter().map(|p| p.1).sum::<f64>() / n);
    let squares: f64 = pairs.iter().map(|p| (p.0 - a).powi(2)).sum();
    let products: f64 = pairs.iter().map(|p| (p.0 - a) * (p.1 - b)).sum();
    let rho = if squares > 0.0 { products / squares } else { return None };
    let rest: f64 = pairs.iter().map(|p| (p.1 - b - rho * (p.0 - a)).powi(2)).sum();
    Some((rho, rest / n))
}

/// Rows of evenly spaced structures with all their labels, about `limit` of
/// them: structures whose highest rung is high come first, up to an even share
/// for each rung.
fn part<K: Kernel>(kernel: &K, x: &Rungs<K::Input>, limit: usize) -> Vec<usize> {
    let n = x.len();
    let limit = kernel.affordable(&x.features, limit.min(n)).max(2);
    if n <= limit {
        return (0..n).collect();
    }
    let hashes = kernel.hashes(&x.features);
    let mut structures: HashMap<u64, (usize, Vec<usize>)> = HashMap::new();
    let mut order = Vec::new();
    for (row, &hash) in hashes.iter().enumerate() {
        let entry = structures.entry(hash).or_insert_with(|| {
            order.push(hash);
            (0, Vec::new())
        });
        entry.0 = entry.0.max(x.rung[row]);
        entry.1.push(row);
    }
    let rungs = x.rung.iter().max().map_or(1, |r| r + 1);
    let mut chosen = Vec::new();
    for rung in (0..rungs).rev() {
        let class: Vec<&Vec<usize>> =
            order.iter().filter_map(|h| structures.get(h)).filter(|s| s.0 == rung).map(|s| &s.1).collect();
        let labels: usize = class.iter().map(|rows| rows.len()).sum();
        let room = (limit.saturating_sub(chosen.len())) / (rung + 1);
        let take = if labels <= room { class.len() } else { class.len() * room / labels.max(1) };
        let take = take.max(usize::from(!class.is_empty()));
        chosen.extend((0..take).flat_map(|i| class[i * class.len() / take].iter().copied()));
    }
    // A rung all of whose structures have labels above may have been missed.
    for rung in 0..rungs {
        if !chosen.iter().any(|&row| x.rung[row] == rung) {
            let lists = order.iter().filter_map(|h| structures.get(h)).map(|s| &s.1);
            let with = lists.filter(|rows| rows.iter().any(|&row| x.rung[row] == rung));
            chosen.extend(with.take(LEAST_STRUCTURES).flatten());
        }
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}
