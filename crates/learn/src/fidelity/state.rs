//! What co-kriging knows after a fit.

use super::design::{Counts, Design, covariance, grams, mirror, prepare, products};
use super::frame::Frame;
use super::ladder::Ladder;
use super::report::RungReport;
use super::rungs::Rungs;
use super::search::{Found, search};
use super::settings::{CoKrigingHyper, CoKrigingSettings, RungMean};
use super::weights::Weights;
use crate::gp::calibrate::{Residuals, domain_threshold};
use crate::gp::factor::{Factor, NotPositive};
use crate::report::{FitReport, ScaleSource};
use crate::{Kernel, LearnError, Table};
use faer::Mat;
use faer::linalg::solvers::Solve;

/// Similarities from here on are those of copies.
const COPY: f64 = 1.0 - 1e-12;

/// Labels on a rung below which nothing is cut off from it.
const FEWEST: usize = 8;

/// The share of the error that a cut must save.
const LEAST_GAIN: f64 = 0.1;

/// Noise, over the largest variance, that is tried and given up at when the
/// covariance of all labels is singular.
const LEAST_JITTER: f64 = 1e-14;
const MOST_JITTER: f64 = 1e-6;

/// New labels compared with the old ones together.
const EXTENSION: usize = 64;

#[derive(Debug, Clone)]
pub(super) struct State<K: Kernel> {
    pub(super) x: Rungs<K::Input>,
    pub(super) labels: Vec<f64>,
    pub(super) frame: Frame,
    pub(super) found: Found,
    pub(super) design: Design,
    pub(super) prepared: Vec<K::Prepared>,
    pub(super) counts: Counts,
    /// Counts of elements of each component's structures.
    pub(super) atoms: Vec<Vec<Vec<f64>>>,
    pub(super) factor: Factor,
    inverse_diagonal: Vec<f64>,
    pub(super) weights: Weights,
    /// Square roots of `k(x, x)` of all structures, by the lowest kernel.
    pub(super) roots: Vec<f64>,
    pub(super) reports: Vec<RungReport>,
}

impl<K: Kernel> State<K> {
    /// Learns from labels that have been checked: with all rungs, and with each
    /// cut off from the one above it. A cut is made if it predicts new structures
    /// on the rung above better than the uncut ladder by more than chance.
    pub(super) fn fit(
        kernel: &K,
        settings: &CoKrigingSettings,
        x: &Rungs<K::Input>,
        y: &[f64],
    ) -> Result<Self, LearnError> {
        let whole = Self::fit_cut(kernel, settings, x, y, None)?;
        if settings.hyper_parameters != CoKrigingHyper::Estimated || !settings.cuts {
            return Ok(whole);
        }
        // Of the highest cut, what is below does not matter. It is judged where
        // labels are many: on the rung above it.
        for cut in (0..settings.rungs - 1).rev() {
            let other = Self::fit_cut(kernel, settings, x, y, Some(cut))?;
            if gains(&whole.structure_errors(cut + 1), &other.structure_errors(cut + 1)) {
                return Ok(other);
            }
        }
        Ok(whole)
    }

    fn fit_cut(
        kernel: &K,
        settings: &CoKrigingSettings,
        x: &Rungs<K::Input>,
        y: &[f64],
        cut: Option<usize>,
    ) -> Result<Self, LearnError> {
        let frame = Frame::new(settings, x, y)?;
        let standard = frame.standard(x, y);
        let mut found = search(kernel, settings, &frame, x, &standard, cut)?;
        let design = Design::new(&kernel.hashes(&x.features), &x.rung, settings.rungs);
        let counts = Counts::new(x);
        let atoms: Vec<Vec<Vec<f64>>> = design.parts.iter().map(|p| counts.rows(x, &p.rows)).collect();
        let prepared = prepare(kernel, &design, &x.features);
        let grams = grams(kernel, &prepared, &found.ladder);
        let products: Vec<Mat<f64>> = atoms.iter().map(|rows| products(rows, settings.mean)).collect();
        let factor = loop {
            let matrix = covariance(&design, &found.ladder, &grams, &products);
            let size = (0..y.len()).map(|i| matrix[(i, i)]).fold(0.0, f64::max);
            match Factor::new(matrix) {
                Ok(factor) => break factor,
                // What was enough for the labels searched may not be for all.
                Err(error) => {
                    let noise =
                        found.ladder.rungs.iter().map(|set| set.noise_variance).fold(f64::INFINITY, f64::min);
                    if found.source == ScaleSource::Given || noise > MOST_JITTER * size {
                        return Err(singular(error, y.len(), &found, &x.rung));
                    }
                    for set in &mut found.ladder.rungs {
                        set.noise_variance = (10.0 * set.noise_variance).max(LEAST_JITTER * size);
                    }
                }
            }
        };
        let inverse_diagonal = factor.inverse_diagonal();
        let means = if settings.mean == RungMean::Constant { settings.rungs } else { 0 };
        let weights = Weights::new(&factor, &standard, &x.rung, means)
            .ok_or(LearnError::Internal { what: "the means of the rungs are not determined" })?;
        let roots: Vec<f64> =
            (0..design.parts[0].rows.len()).map(|i| grams[0][(i, i)].max(0.0).sqrt()).collect();
        let threshold = threshold(&grams[0], &roots, settings.domain_quantile);
        let mut state = Self {
            x: x.clone(),
            labels: y.to_vec(),
            frame,
            found,
            design,
            prepared,
            counts,
            atoms,
            factor,
            inverse_diagonal,
            weights,
            roots,
            reports: Vec::new(),
        };
        state.judge(settings, threshold);
        Ok(state)
    }

    /// Adds at least one label at the same hyper-parameters. Nothing changes on
    /// an error.
    pub(super) fn extend(
        &mut self,
        kernel: &K,
        settings: &CoKrigingSettings,
        x: &Rungs<K::Input>,
        y: &[f64],
    ) -> Result<(), LearnError> {
        kernel.check(&self.prepared[0], &x.features)?;
        self.frame.check(settings, x)?;
        let (n, k) = (self.x.len(), x.len());
        let ladder = &self.found.ladder;
        let mut cross = Mat::zeros(n, k);
        for from in (0..k).step_by(EXTENSION) {
            let to = (from + EXTENSION).min(k);
            let columns = self.components(kernel, x, from..to);
            for (j, columns) in columns.iter().enumerate() {
                for (i, column) in (from..to).zip(columns.chunks_exact(n)) {
                    let share = ladder.share(x.rung[i], j);
                    cross.col_mut(i).iter_mut().zip(column).for_each(|(to, from)| *to += share * from);
                }
            }
        }
        let hashes = kernel.hashes(&x.features);
        let design = Design::new(&hashes, &x.rung, settings.rungs);
        let own = grams(kernel, &prepare(kernel, &design, &x.features), ladder);
        let pairs = design.parts.iter().map(|p| products(&self.counts.rows(x, &p.rows), settings.mean));
        let corner = covariance(&design, ladder, &own, &pairs.collect::<Vec<_>>());
        let mut all = self.x.clone();
        all.append(x)?;
        let factor =
            self.factor.extend(cross, corner).map_err(|e| singular(e, n + k, &self.found, &all.rung))?;
        let mut labels = self.labels.clone();
        labels.extend_from_slice(y);
        let weights =
            Weights::new(&factor, &self.frame.standard(&all, &labels), &all.rung, self.weights.means.len())
                .ok_or(LearnError::Internal { what: "the means of the rungs are not determined" })?;
        self.inverse_diagonal = factor.extended_inverse_diagonal(&self.inverse_diagonal);
        (self.factor, self.weights, self.labels, self.x) = (factor, weights, labels, all);
        self.design = Design::new(&kernel.hashes(&self.x.features), &self.x.rung, settings.rungs);
        self.prepared = prepare(kernel, &self.design, &self.x.features);
        self.atoms = self.design.parts.iter().map(|p| self.counts.rows(&self.x, &p.rows)).collect();
        let mut gram = kernel.matrix(&self.prepared[0], self.found.ladder.rungs[0].length_scale);
        mirror(&mut gram);
        self.roots = (0..gram.nrows()).map(|i| gram[(i, i)].max(0.0).sqrt()).collect();
        let threshold = threshold(&gram, &self.roots, settings.domain_quantile);
        self.judge(settings, threshold);
        Ok(())
    }

    /// The hyper-parameters in units of the labels.
    pub(super) fn ladder(&self) -> Ladder {
        self.found.ladder.scaled(&self.frame.scales)
    }

    /// Reports what the labels say about the model.
    fn judge(&mut self, settings: &CoKrigingSettings, threshold: f64) {
        let standard = self.frame.standard(&self.x, &self.labels);
        let diagonal = self.weights.projected_diagonal(&self.inverse_diagonal);
        let raw = self.ladder();
        let flat = usize::from(settings.mean == RungMean::Constant);
        let rung = &self.x.rung;
        let logs = (0..settings.rungs).map(|m| {
            let labels = rung.iter().filter(|r| **r == m).count();
            labels.saturating_sub(flat) as f64 * self.frame.scales[m].ln()
        });
        let top = settings.rungs - 1;
        let errors: Vec<f64> =
            self.structure_errors(top).iter().map(|e| e * self.frame.scales[top]).collect();
        let left_out = (errors.iter().map(|e| e * e).sum::<f64>() / errors.len() as f64).sqrt();
        let likelihood = self.weights.likelihood(&self.factor, &standard) - logs.sum::<f64>();
        self.reports = (0..settings.rungs)
            .map(|m| {
                let rows: Vec<usize> = (0..rung.len()).filter(|&i| rung[i] == m).collect();
                let scale = self.frame.scales[m];
                let alpha: Vec<f64> = rows.iter().map(|&i| self.weights.alpha[i] / scale).collect();
                let q: Vec<f64> = rows.iter().map(|&i| diagonal[i] / (scale * scale)).collect();
                // In units of the noise, which no error is far below.
                let unit = raw.rungs[m].noise_variance + raw.rungs[m].signal_variance;
                let scaled: Vec<f64> = q.iter().map(|q| q * unit).collect();
                let forces: Vec<f64> = alpha.iter().map(|a| a * unit).collect();
                let residuals = Residuals::new(&forces, &scaled, unit);
                let labels: Vec<f64> = rows.iter().map(|&i| self.labels[i]).collect();
                let mean =
                    self.weights.means.get(m).map_or(0.0, |mean| self.frame.constant(m) + scale * mean);
                RungReport {
                    rung: m,
                    hyper: raw.rungs[m],
                    rho: m.checked_sub(1).map(|below| raw.rho[below]),
                    searched_labels: self.found.labels,
                    paired: self.paired(m),
                    structures_left_out: (m == top && left_out.is_finite()).then_some(left_out),
                    fit: FitReport {
                        labels: rows.len(),
                        mean,
                        signal_variance: raw.rungs[m].signal_variance,
                        noise_variance: raw.rungs[m].noise_variance,
                        log_marginal_likelihood: likelihood,
                        scale: self.found.source,
                        evaluations: self.found.evaluations,
                        at_bound: None,
                        calibration: residuals.as_ref().map_or(1.0, Residuals::factor),
                        domain_threshold: threshold,
                        leave_one_out: residuals.map(|residuals| residuals.summary(&labels)),
                    },
                }
            })
            .collect();
    }

    /// The errors of labels on one rung, in units of the frame, each
    /// predicted without any label of its own structure: with the labels `B` of
    /// the structure left out together, `e_B = Q_BB^-1 alpha_B` (Dubrule, Math.
    /// Geol. 15, 687, 1983).
    fn structure_errors(&self, asked_rung: usize) -> Vec<f64> {
        let part = &self.design.parts[0];
        let mut blocks: Vec<Vec<usize>> = vec![Vec::new(); part.rows.len()];
        part.labels.iter().for_each(|&(label, position)| blocks[position].push(label));
        let rung = &self.x.rung;
        blocks.retain(|block| block.iter().any(|&label| rung[label] == asked_rung));
        let n = rung.len();
        let mut errors = Vec::new();
        for blocks in blocks.chunks(EXTENSION) {
            let labels: Vec<usize> = blocks.iter().flatten().copied().collect();
            let mut columns = Mat::from_fn(n, labels.len(), |i, k| f64::from(u8::from(i == labels[k])));
            self.factor.forward(columns.as_mut());
            let mut first = 0;
            for block in blocks {
                let q = Mat::from_fn(block.len(), block.len(), |a, b| {
                    let pairs = columns.col(first + a).iter().zip(columns.col(first + b).iter());
                    let taken = self.weights.roots.iter().map(|root| root[block[a]] * root[block[b]]);
                    pairs.map(|(x, y)| x * y).sum::<f64>() - taken.sum::<f64>()
                });
                let alpha = Mat::from_fn(block.len(), 1, |a, _| self.weights.alpha[block[a]]);
                let error = q.partial_piv_lu().solve(&alpha);
                let asked = block.iter().enumerate().filter(|(_, label)| rung[**label] == asked_rung);
                errors.extend(asked.map(|(a, _)| error[(a, 0)]));
                first += block.len();
            }
        }
        errors
    }

    /// Labels on rung `m` of structures with a label on the rung below too.
    fn paired(&self, m: usize) -> usize {
        let Some(below) = m.checked_sub(1) else { return 0 };
        let part = &self.design.parts[below];
        let mut has = vec![false; part.rows.len()];
        let of = |rung: usize| part.labels.iter().filter(move |(label, _)| self.x.rung[*label] == rung);
        of(below).for_each(|&(_, position)| has[position] = true);
        of(m).filter(|(_, position)| has[*position]).count()
    }
}

/// Whether sizes of errors fall from `before` to `after` by a tenth, and by more
/// than the standard error of that.
fn gains(before: &[f64], after: &[f64]) -> bool {
    let n = before.len() as f64;
    let falls = || before.iter().zip(after).map(|(b, a)| b.abs() - a.abs());
    let mean = falls().sum::<f64>() / n;
    let variance = falls().map(|f| (f - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    let size = before.iter().map(|e| e.abs()).sum::<f64>() / n;
    before.len() >= FEWEST && mean > LEAST_GAIN * size && mean > (variance / n).sqrt()
}

/// The similarity to the nearest structure below which one is out of domain.
fn threshold(gram: &Mat<f64>, roots: &[f64], quantile: f64) -> f64 {
    let nearest: Vec<f64> = (0..roots.len())
        .map(|j| {
            let others = gram.col(j).iter().zip(roots).enumerate().filter(|(i, _)| *i != j);
            others.map(|(_, (k, root))| k / (root * roots[j])).filter(|s| *s < COPY).fold(-1.0, f64::max)
        })
        .collect();
    domain_threshold(&nearest, quantile)
}

fn singular(error: NotPositive, labels: usize, found: &Found, rung: &[usize]) -> LearnError {
    let set = found.ladder.rungs[rung.get(error.row).copied().unwrap_or(0)];
    LearnError::SingularCovariance {
        labels,
        row: error.row,
        noise_variance: set.noise_variance,
        signal_variance: set.signal_variance,
    }
}
