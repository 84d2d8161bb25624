//! What a Gaussian process with any kernel knows after a fit.

use super::KernelReport;
use super::conflicts::Copies;
use super::search::{Found, has_spread, search};
use super::settings::{KernelGpSettings, KernelHyper};
use crate::gp::calibrate::{Residuals, domain_threshold};
use crate::gp::factor::{Factor, NotPositive};
use crate::gp::likelihood::{MeanPrior, Weights};
use crate::report::{FitReport, ScaleSource};
use crate::{Kernel, LearnError, Mean, Table};
use faer::Mat;

/// Similarities from here on are those of copies.
const COPY: f64 = 1.0 - 1e-12;

/// New rows compared with the old ones together.
const EXTENSION: usize = 64;

#[derive(Debug, Clone)]
pub(crate) struct State<K: Kernel> {
    pub(crate) x: K::Input,
    pub(crate) prepared: K::Prepared,
    pub(crate) found: Found,
    /// Factor of `K + r I`.
    pub(crate) factor: Factor,
    pub(crate) inverse_diagonal: Vec<f64>,
    /// Square roots of `k(x, x)`.
    pub(crate) roots: Vec<f64>,
    /// For each row the similarity to the nearest other that is no copy;
    /// negative if there is none.
    pub(crate) nearest: Vec<f64>,
    pub(crate) mean: MeanPrior,
    pub(crate) properties: Vec<Property>,
    pub(crate) details: KernelReport,
}

/// One property.
#[derive(Debug, Clone)]
pub(crate) struct Property {
    pub(crate) labels: Vec<f64>,
    /// Subtracted before anything is computed: large constants cost digits.
    pub(crate) offset: f64,
    pub(crate) signal: f64,
    pub(crate) source: ScaleSource,
    pub(crate) weights: Weights,
    pub(crate) report: FitReport,
}

impl<K: Kernel> State<K> {
    /// Learns from at least one label; settings and labels are checked.
    pub(crate) fn fit(
        kernel: &K,
        settings: &KernelGpSettings,
        x: &K::Input,
        labels: &[&[f64]],
    ) -> Result<Self, LearnError> {
        let n = x.len();
        let mean = match settings.mean {
            Mean::Estimated => MeanPrior::Flat,
            Mean::Known(_) => MeanPrior::Known,
        };
        let offsets: Vec<f64> = labels.iter().map(|y| offset(settings.mean, y)).collect();
        let centred: Vec<Vec<f64>> =
            labels.iter().zip(&offsets).map(|(y, offset)| minus(y, *offset)).collect();
        let telling = labels.iter().zip(&centred).filter(|(raw, centred)| has_spread(raw, centred));
        let telling: Vec<Vec<f64>> = telling.map(|(_, centred)| centred.clone()).collect();
        let found = search(kernel, settings, x, &telling, mean);
        let prepared = kernel.prepare(x);
        let mut matrix = kernel.matrix(&prepared, found.length);
        let roots: Vec<f64> = (0..n).map(|i| matrix[(i, i)].max(0.0).sqrt()).collect();
        let nearest = nearest_others(&matrix, &roots);
        for i in 0..n {
            matrix[(i, i)] += found.ratio;
        }
        let factor = Factor::new(matrix).map_err(|e| singular(e, n, found))?;
        let inverse_diagonal = factor.inverse_diagonal();
        let properties = labels
            .iter()
            .zip(&centred)
            .zip(offsets)
            .map(|((labels, centred), offset)| {
                let weights = Weights::new(&factor, centred, mean);
                let (signal, source) = signal(settings, found, labels, centred, &weights);
                let labels = labels.to_vec();
                Property { labels, offset, signal, source, weights, report: FitReport::empty() }
            })
            .collect();
        let mut state = Self {
            x: x.clone(),
            prepared,
            found,
            factor,
            inverse_diagonal,
            roots,
            nearest,
            mean,
            properties,
            details: KernelReport::default(),
        };
        state.judge(kernel, settings);
        Ok(state)
    }

    /// Adds at least one label at the same hyper-parameters. Nothing changes on
    /// an error.
    pub(crate) fn extend(
        &mut self,
        kernel: &K,
        settings: &KernelGpSettings,
        x: &K::Input,
        labels: &[&[f64]],
    ) -> Result<(), LearnError> {
        kernel.check(&self.prepared, x)?;
        let (n, k, Found { length, ratio, .. }) = (self.x.len(), x.len(), self.found);
        let mut cross = Mat::zeros(n, k);
        let mut columns = vec![0.0; n * EXTENSION.min(k)];
        for from in (0..k).step_by(EXTENSION) {
            let to = (from + EXTENSION).min(k);
            let columns = &mut columns[..n * (to - from)];
            kernel.cross(&self.prepared, x, from..to, length, columns);
            for (j, column) in (from..to).zip(columns.chunks_exact(n)) {
                cross.col_mut(j).iter_mut().zip(column).for_each(|(to, from)| *to = *from);
            }
        }
        let mut corner = kernel.matrix(&kernel.prepare(x), length);
        let roots: Vec<f64> = (0..k).map(|i| corner[(i, i)].max(0.0).sqrt()).collect();
        let mut nearest = self.nearest.clone();
        nearest.extend(nearest_others(&corner, &roots));
        for j in 0..k {
            for i in 0..n {
                let similarity = cross[(i, j)] / (self.roots[i] * roots[j]);
                if similarity < COPY {
                    nearest[i] = nearest[i].max(similarity);
                    nearest[n + j] = nearest[n + j].max(similarity);
                }
            }
            corner[(j, j)] += ratio;
        }
        self.factor = self.factor.extend(cross, corner).map_err(|e| singular(e, n + k, self.found))?;
        self.inverse_diagonal = self.factor.extended_inverse_diagonal(&self.inverse_diagonal);
        self.nearest = nearest;
        self.roots.extend(roots);
        self.x.append(x)?;
        self.prepared = kernel.prepare(&self.x);
        for (property, labels) in self.properties.iter_mut().zip(labels) {
            property.labels.extend_from_slice(labels);
            let centred = minus(&property.labels, property.offset);
            property.weights = Weights::new(&self.factor, &centred, self.mean);
        }
        self.judge(kernel, settings);
        Ok(())
    }

    /// Sizes of leave-one-out errors of each property over calibrated standard
    /// deviations.
    pub(crate) fn scores(&self) -> Vec<Vec<f64>> {
        let of = |p: &Property| {
            let residuals = residuals(&p.weights, &self.inverse_diagonal, p.signal, self.found.size);
            let scores = residuals.map(|r| r.scores).unwrap_or_default();
            scores.iter().map(|z| z.abs() / p.report.calibration).collect()
        };
        self.properties.iter().map(of).collect()
    }

    /// Sizes of leave-one-out errors of each property and their calibrated
    /// standard deviations.
    pub(crate) fn left_out(&self) -> Vec<(Vec<f64>, Vec<f64>)> {
        let of = |p: &Property| {
            let diagonal = p.weights.projected_diagonal(&self.inverse_diagonal);
            let sizes = p.weights.alpha.iter().zip(&diagonal).map(|(a, q)| (a / q).abs());
            let sds = diagonal.iter().map(|q| p.report.calibration * (p.signal / q).sqrt());
            (sizes.collect(), sds.collect())
        };
        self.properties.iter().map(of).collect()
    }

    /// Reports what the labels say about the model.
    pub(crate) fn judge(&mut self, kernel: &K, settings: &KernelGpSettings) {
        let Found { length, ratio, bound, evaluations, labels, .. } = self.found;
        let threshold = domain_threshold(&self.nearest, settings.domain_quantile);
        for property in &mut self.properties {
            let Property { labels, offset, signal, source, weights, .. } = &*property;
            let centred = minus(labels, *offset);
            let sums = weights.sums(&centred, &self.factor, &self.inverse_diagonal);
            let residuals = residuals(weights, &self.inverse_diagonal, *signal, self.found.size);
            property.report = FitReport {
                labels: labels.len(),
                mean: offset + weights.mean,
                signal_variance: *signal,
                noise_variance: signal * ratio,
                log_marginal_likelihood: sums.likelihood(*signal, ratio).value,
                scale: *source,
                evaluations,
                at_bound: bound,
                calibration: residuals.as_ref().map_or(1.0, Residuals::factor),
                domain_threshold: threshold,
                leave_one_out: residuals.map(|residuals| residuals.summary(labels)),
            };
        }
        let all: Vec<Vec<f64>> = self.properties.iter().map(|p| p.labels.clone()).collect();
        self.details = KernelReport {
            length_scale: length,
            noise_ratio: ratio,
            searched_labels: labels,
            copies: Copies::new(&kernel.hashes(&self.x), &all),
        };
    }
}

fn residuals(weights: &Weights, inverse_diagonal: &[f64], signal: f64, size: f64) -> Option<Residuals> {
    // The diagonal is in units of one over the size of the kernel.
    let diagonal = weights.projected_diagonal(inverse_diagonal);
    let unit: Vec<f64> = diagonal.iter().map(|q| q * size).collect();
    let alpha: Vec<f64> = weights.alpha.iter().map(|a| a * size).collect();
    Residuals::new(&alpha, &unit, signal * size)
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

/// The signal variance of one property: given, or at the maximum of its
/// likelihood, or for labels without spread from their size, as in
/// [`TanimotoGp`](crate::TanimotoGp).
fn signal(
    settings: &KernelGpSettings,
    found: Found,
    labels: &[f64],
    centred: &[f64],
    weights: &Weights,
) -> (f64, ScaleSource) {
    if let KernelHyper::Given { signal_variance, .. } = settings.hyper_parameters {
        return (signal_variance, ScaleSource::Given);
    }
    let n = labels.len() as f64;
    let freedom = if weights.beta.is_empty() { n } else { n - 1.0 };
    if has_spread(labels, centred) && freedom > 0.0 {
        let quadratic: f64 = centred.iter().zip(&weights.alpha).map(|(y, a)| y * a).sum();
        return (quadratic / freedom, ScaleSource::Likelihood);
    }
    let size = (labels.iter().sum::<f64>() / n).abs();
    let size = if size < 1e-100 { 1.0 } else { size };
    (size * size / (n * found.size), ScaleSource::LabelSize)
}

/// For each row of a lower triangle the largest similarity to another that is
/// no copy; negative if there is none.
fn nearest_others(matrix: &Mat<f64>, roots: &[f64]) -> Vec<f64> {
    let mut nearest = vec![-1.0_f64; roots.len()];
    for j in 0..roots.len() {
        let mut own = nearest[j];
        for ((value, root), other) in matrix.col(j).iter().zip(roots).zip(nearest.iter_mut()).skip(j + 1) {
            let similarity = value / (root * roots[j]);
            if similarity < COPY {
                *other = other.max(similarity);
                own = own.max(similarity);
            }
        }
        nearest[j] = own;
    }
    nearest
}

fn singular(error: NotPositive, labels: usize, found: Found) -> LearnError {
    LearnError::SingularCovariance {
        labels,
        row: error.row,
        noise_variance: found.ratio,
        signal_variance: 1.0,
    }
}
