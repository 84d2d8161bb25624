//! What a Gaussian process with inducing points knows after a fit.

use super::predict::Raw;
use super::select::pivots;
use super::settings::{Approximation, Comparison, SparseReport, SparseSettings};
use super::sums::{Base, Solved, Sums};
use crate::gp::calibrate::{Residuals, domain_threshold};
use crate::gp::factor::Factor;
use crate::gp::likelihood::{MeanPrior, Sums as Likelihood};
use crate::gp::stored::prior;
use crate::kernel_gp::search::{Found, has_spread, search};
use crate::kernel_gp::settings::NOISE_PRIOR;
use crate::report::{FitReport, ScaleSource};
use crate::{Kernel, KernelGp, KernelGpSettings, KernelHyper, LearnError, Mean, Surrogate, Table};

/// Similarities from here on are those of copies.
pub(super) const COPY: f64 = 1.0 - 1e-12;

/// Added to the variance of inducing points, in units of the largest: rounding.
const JITTER: f64 = 1e-11;

/// Noise ratios looked at, over that of the exact model, and the number of
/// steps between the best one's neighbours.
const LOOKS: std::ops::RangeInclusive<i32> = -6..=12;
const LOOK: f64 = 2.5;
const STEPS: usize = 16;

/// The least labels of a comparison with the exact model.
const COMPARED: usize = 30;

#[derive(Debug, Clone)]
pub(crate) struct State<K: Kernel> {
    /// Rows of all those learnt that are inducing points.
    pub(super) chosen: Vec<usize>,
    pub(super) prepared: K::Prepared,
    /// Square roots of `k(x, x)` of inducing points.
    pub(super) roots: Vec<f64>,
    /// Factor of their kernel matrix.
    pub(super) factor: Factor,
    /// As searched, but with the noise ratio in use.
    pub(super) found: Found,
    pub(super) mean: MeanPrior,
    /// Subtracted before anything is computed.
    pub(super) offset: f64,
    pub(super) sums: Sums,
    pub(super) solved: Solved,
    pub(super) signal: f64,
    pub(super) source: ScaleSource,
    pub(super) judged: Judged<K>,
    pub(super) scores: Vec<f64>,
    pub(super) report: FitReport,
    pub(super) details: SparseReport,
}

/// Labels that errors are taken of.
#[derive(Debug, Clone)]
pub(crate) struct Judged<K: Kernel> {
    /// Their rows among all learnt.
    pub(super) rows: Vec<usize>,
    pub(super) x: K::Input,
    pub(super) labels: Vec<f64>,
}

impl<K: Kernel> State<K> {
    /// Learns from at least one label; settings and labels are checked.
    pub(super) fn fit(
        kernel: &K,
        settings: &SparseSettings,
        x: &K::Input,
        y: &[f64],
    ) -> Result<Self, LearnError> {
        let centred = minus(y, offset(settings.gp.mean, y));
        let telling = if has_spread(y, &centred) { vec![centred] } else { Vec::new() };
        let found = search(kernel, &settings.gp, x, &telling, prior(settings.gp.mean));
        drop(telling);
        let chosen = pivots(kernel, x, found.length, settings.inducing, settings.pool);
        let inducing = x.select(&chosen);
        let comparison = compare(kernel, settings, x, y, &inducing, found)?;
        let mut state = Self::build(kernel, settings, x, y, &inducing, found)?;
        state.chosen = chosen;
        state.details.comparison = comparison;
        Ok(state)
    }

    /// Learns with inducing points and exact hyper-parameters given.
    fn build(
        kernel: &K,
        settings: &SparseSettings,
        x: &K::Input,
        y: &[f64],
        inducing: &K::Input,
        mut found: Found,
    ) -> Result<Self, LearnError> {
        let (mean, offset) = (prior(settings.gp.mean), offset(settings.gp.mean, y));
        let centred = minus(y, offset);
        let (prepared, roots, factor) = inducing_points(kernel, inducing, found)?;
        let mut sums = Sums::new(factor.dim());
        let base = Base { kernel, prepared: &prepared, factor: &factor, length: found.length };
        let fitc = settings.approximation == Approximation::Fitc;
        sums.add(&base, x, &centred, fitc.then_some(found.ratio));
        let exact = found.ratio;
        let given = match settings.gp.hyper_parameters {
            KernelHyper::Given { signal_variance, .. } => Some(signal_variance),
            KernelHyper::Estimated { .. } => None,
        };
        let spread = has_spread(y, &centred);
        if given.is_none() && spread && !fitc {
            found.ratio = bound(&sums, &factor, mean, found).unwrap_or(found.ratio);
        }
        let solved = sums.solve(&factor, mean, found.ratio, fitc).ok_or_else(|| singular(y.len(), found))?;
        let (signal, source) = match given {
            Some(signal) => (signal, ScaleSource::Given),
            None if spread && solved.freedom > 0.0 && solved.quadratic > 0.0 => {
                (solved.quadratic / solved.freedom, ScaleSource::Likelihood)
            }
            None => {
                let size = (y.iter().sum::<f64>() / y.len() as f64).abs();
                let size = if size < 1e-100 { 1.0 } else { size };
                (size * size / (y.len() as f64 * found.size), ScaleSource::LabelSize)
            }
        };
        let count = settings.judged.min(y.len());
        let rows: Vec<usize> = (0..count).map(|i| i * y.len() / count).collect();
        let judged = Judged { x: x.select(&rows), labels: rows.iter().map(|&row| y[row]).collect(), rows };
        let mut state = Self {
            chosen: Vec::new(),
            prepared,
            roots,
            factor,
            found,
            mean,
            offset,
            sums,
            solved,
            signal,
            source,
            judged,
            scores: Vec::new(),
            report: FitReport::empty(),
            details: SparseReport { exact_noise_ratio: exact, ..Default::default() },
        };
        state.judge(kernel, settings);
        Ok(state)
    }

    /// Adds at least one label at the same inducing points and
    /// hyper-parameters. Nothing changes on an error.
    pub(super) fn extend(
        &mut self,
        kernel: &K,
        settings: &SparseSettings,
        x: &K::Input,
        y: &[f64],
    ) -> Result<(), LearnError> {
        kernel.check(&self.prepared, x)?;
        let fitc = settings.approximation == Approximation::Fitc;
        let mut sums = self.sums.clone();
        sums.add(&self.base(kernel), x, &minus(y, self.offset), fitc.then_some(self.found.ratio));
        let solved = sums
            .solve(&self.factor, self.mean, self.found.ratio, fitc)
            .ok_or_else(|| singular(sums.labels, self.found))?;
        let (before, room) = (self.sums.labels, settings.judged.saturating_sub(self.judged.rows.len()));
        let fresh: Vec<usize> = (0..room.min(y.len())).collect();
        self.judged.x.append(&x.select(&fresh))?;
        self.judged.rows.extend(fresh.iter().map(|row| before + row));
        self.judged.labels.extend(fresh.iter().map(|&row| y[row]));
        (self.sums, self.solved) = (sums, solved);
        self.judge(kernel, settings);
        Ok(())
    }

    /// Reports what the judged labels say about the model.
    pub(super) fn judge(&mut self, kernel: &K, settings: &SparseSettings) {
        let fitc = settings.approximation == Approximation::Fitc;
        let Found { length, ratio, bound, evaluations, labels, size, .. } = self.found;
        let raw = self.raw(kernel, &self.judged.x);
        let (mut errors, mut scores) = (Vec::new(), Vec::new());
        for (raw, label) in raw.iter().zip(&self.judged.labels) {
            let noise = if fitc { raw.left + ratio } else { ratio };
            // The diagonal of the inverse covariance, projected.
            let one = raw.rest / noise;
            let own = (1.0 - raw.known / noise) / noise - one * one / self.solved.precision;
            // Nothing predicts the only label, or one that has a point of its own.
            if own * size > 1e-12 {
                let error = (label - raw.mean) / noise / own;
                let extra = if fitc { 0.0 } else { raw.left };
                errors.push(error);
                scores.push(error / (self.signal * (1.0 / own + extra)).sqrt());
            }
        }
        let usable = errors.len() == raw.len() && !raw.is_empty();
        let residuals = usable.then_some(Residuals { errors, scores });
        let calibration = residuals.as_ref().map_or(1.0, Residuals::factor);
        self.scores = residuals.iter().flat_map(|r| &r.scores).map(|z| z.abs() / calibration).collect();
        let others: Vec<f64> = raw.iter().map(|r: &Raw| r.other).collect();
        let Solved { quadratic, log_det, freedom, .. } = self.solved;
        let sums = Likelihood { quadratic, weights: 0.0, trace: 0.0, log_det, freedom };
        let penalty = if fitc { 0.0 } else { 0.5 * self.sums.left / ratio };
        self.report = FitReport {
            labels: self.sums.labels,
            mean: self.offset + self.solved.mean,
            signal_variance: self.signal,
            noise_variance: self.signal * ratio,
            log_marginal_likelihood: sums.likelihood(self.signal, ratio).value - penalty,
            scale: self.source,
            evaluations,
            at_bound: bound,
            calibration,
            domain_threshold: domain_threshold(&others, settings.gp.domain_quantile),
            leave_one_out: residuals.map(|residuals| residuals.summary(&self.judged.labels)),
        };
        self.details = SparseReport {
            inducing: self.factor.dim(),
            length_scale: length,
            noise_ratio: ratio,
            exact_noise_ratio: self.details.exact_noise_ratio,
            searched_labels: labels,
            unexplained: if self.sums.size > 0.0 { self.sums.left / self.sums.size } else { 0.0 },
            most_unexplained: self.sums.worst,
            comparison: self.details.comparison.take(),
        };
    }
}

/// Inducing points made ready, roots of their variances, and their factor.
pub(super) fn inducing_points<K: Kernel>(
    kernel: &K,
    inducing: &K::Input,
    found: Found,
) -> Result<(K::Prepared, Vec<f64>, Factor), LearnError> {
    let prepared = kernel.prepare(inducing);
    let mut matrix = kernel.matrix(&prepared, found.length);
    let m = matrix.nrows();
    let roots: Vec<f64> = (0..m).map(|i| matrix[(i, i)].max(0.0).sqrt()).collect();
    let largest = roots.iter().fold(0.0_f64, |most, root| most.max(root * root));
    let jitter = JITTER * if largest > 0.0 { largest } else { 1.0 };
    (0..m).for_each(|i| matrix[(i, i)] += jitter);
    let factor = Factor::new(matrix).map_err(|_| singular(m, found))?;
    Ok((prepared, roots, factor))
}

/// The noise ratio of the highest variational bound, with the weak prior of the
/// exact model; `None` if there is no value anywhere.
fn bound(sums: &Sums, lower: &Factor, mean: MeanPrior, found: Found) -> Option<f64> {
    let value = |ln_ratio: f64| -> f64 {
        let ratio = ln_ratio.exp();
        let Some(solved) = sums.solve(lower, mean, ratio, false) else { return f64::NEG_INFINITY };
        let z = ((ratio / found.size).ln() - NOISE_PRIOR.median.ln()) / NOISE_PRIOR.ln_sd;
        let signal = solved.quadratic / solved.freedom;
        if signal > 0.0 {
            let likelihood = -0.5 * (solved.freedom * signal.ln() + solved.log_det);
            likelihood - 0.5 * sums.left / ratio - 0.5 * z * z
        } else {
            f64::NEG_INFINITY
        }
    };
    let start = found.ratio.max(1e-9 * found.size).ln();
    let looks = LOOKS.map(|k| start + f64::from(k) * LOOK.ln()).map(|at| (at, value(at)));
    let best = looks.fold((start, f64::NEG_INFINITY), |best, look| if look.1 > best.1 { look } else { best });
    if best.1 == f64::NEG_INFINITY {
        return None;
    }
    // Golden section.
    let share = 0.5 * (5.0_f64.sqrt() - 1.0);
    let (mut low, mut high) = (best.0 - LOOK.ln(), best.0 + LOOK.ln());
    let (mut a, mut b) = (high - share * (high - low), low + share * (high - low));
    let (mut at_a, mut at_b) = (value(a), value(b));
    for _ in 0..STEPS {
        if at_a > at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - share * (high - low);
            at_a = value(a);
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + share * (high - low);
            at_b = value(b);
        }
    }
    Some((0.5 * (low + high)).exp())
}

/// Exact and approximate model of evenly spaced labels, two thirds of them,
/// asked for the others.
fn compare<K: Kernel>(
    kernel: &K,
    settings: &SparseSettings,
    x: &K::Input,
    y: &[f64],
    inducing: &K::Input,
    found: Found,
) -> Result<Option<Comparison>, LearnError> {
    let count = (settings.judged + settings.judged / 2).min(y.len());
    let centred = minus(y, offset(settings.gp.mean, y));
    if count < COMPARED || !has_spread(y, &centred) {
        return Ok(None);
    }
    let rows = (0..count).map(|i| (i, i * y.len() / count));
    let (asked, learnt): (Vec<_>, Vec<_>) = rows.partition(|(i, _)| i % 3 == 2);
    let [asked, learnt]: [Vec<usize>; 2] = [asked, learnt].map(|list| list.iter().map(|r| r.1).collect());
    let pick = |rows: &[usize]| rows.iter().map(|&row| y[row]).collect::<Vec<f64>>();
    let (part, z, labels, truth) = (x.select(&learnt), x.select(&asked), pick(&learnt), pick(&asked));
    let hyper_parameters =
        KernelHyper::Given { length_scale: found.length, signal_variance: 1.0, noise_variance: found.ratio };
    let gp = KernelGpSettings { hyper_parameters, ..settings.gp };
    let mut exact = KernelGp::new(kernel.clone(), gp);
    let factor = exact.fit(&part, &labels)?.calibration;
    let sparse = State::build(kernel, &SparseSettings { gp, ..*settings }, &part, &labels, inducing, found)?;
    let (one, two) = (exact.predict(&z)?, sparse.predict(kernel, &z));
    let rms = |a: &[f64], b: &[f64]| {
        (a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>() / a.len() as f64).sqrt()
    };
    let ratios =
        two.sd.iter().zip(&one.sd).map(|(two, one)| two / sparse.report.calibration / (one / factor));
    Ok(Some(Comparison {
        labels: learnt.len(),
        asked: asked.len(),
        exact_rmse: rms(&one.mean, &truth),
        sparse_rmse: rms(&two.mean, &truth),
        rms_difference: rms(&one.mean, &two.mean),
        sd_ratio: ratios.sum::<f64>() / truth.len() as f64,
    }))
}

fn offset(mean: Mean, labels: &[f64]) -> f64 {
    match mean {
        Mean::Estimated => labels.iter().map(|y| y / labels.len() as f64).sum(),
        Mean::Known(mean) => mean,
    }
}

fn minus(labels: &[f64], offset: f64) -> Vec<f64> {
    labels.iter().map(|y| y - offset).collect()
}

pub(super) fn singular(labels: usize, found: Found) -> LearnError {
    LearnError::SingularCovariance { labels, row: 0, noise_variance: found.ratio, signal_variance: 1.0 }
}
