use super::{Calibration, ConformalSettings, Intervals};
use crate::kernel_gp::KernelGp;
use crate::surrogate::check_labels;
use crate::{FitReport, Kernel, LearnError, Predictions, Storable, Stored, Surrogate, Table};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Candidates compared with the training structures together.
const BLOCK: usize = 64;

/// Exponents of similarity, and shares of the model's own standard deviation.
const EXPONENTS: [i32; 5] = [1, 4, 16, 64, 256];
const SHARES: [f64; 6] = [1.0, 0.8, 0.6, 0.4, 0.2, 0.0];

/// How many labels the mean error counts for beside the neighbours'.
const PRIOR: f64 = 1.0;

/// A Gaussian process with intervals that are wide where its errors were large.
///
/// The standard deviation of a Gaussian process says how far the training
/// structures are, not how well it did near them. From leave-one-out errors
/// `e_i` in closed form comes the size of error expected at `x`,
///
/// ```text
/// m(x) = (sum_i w_i |e_i| + m) / (sum_i w_i + 1),   w_i = (k(x, x_i) / sqrt(k(x, x) k(x_i, x_i)))^p,
/// ```
///
/// with `m` the mean size, and the intervals are `mean(x) +- q s(x)`,
///
/// ```text
/// s(x) = c sd(x) / <sd> + (1 - c) m(x) / <m>,
/// ```
///
/// with `q` the `ceil(level (n + 1))`-th smallest `|e_i| / s(x_i)`, each of which
/// leaves its label out: conformal intervals locally weighted by expected errors
/// (Lei et al., J. Am. Stat. Assoc. 113, 1094, 2018, section 5.2). The exponent
/// `p` and the share `c` are those of the least mean width over the training
/// structures; `c = 1` is the model's standard deviation alone. No further
/// model is fitted.
#[derive(Debug, Clone)]
pub struct LocalConformal<K: Kernel> {
    model: KernelGp<K>,
    level: f64,
    fitted: Option<Fitted>,
}

#[derive(Debug, Clone)]
struct Fitted {
    /// Sizes of leave-one-out errors and their mean.
    errors: Vec<f64>,
    mean_error: f64,
    choice: Choice,
    calibration: Calibration,
}

/// What the widths were least with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Exponent of the similarity.
    pub exponent: i32,
    /// Share of the model's standard deviation.
    pub share: f64,
    /// Mean standard deviation and mean expected error over the training
    /// structures, in the unit of the labels: what each is relative to.
    pub units: [f64; 2],
}

impl Choice {
    fn size(&self, sd: f64, expected: f64) -> f64 {
        self.share * sd / self.units[0] + (1.0 - self.share) * expected / self.units[1]
    }
}

impl<K: Kernel> LocalConformal<K> {
    /// Around a model. Settings out of range are refused by the fit; of them
    /// only the level is used.
    pub fn new(model: KernelGp<K>, settings: ConformalSettings) -> Self {
        Self { model, level: settings.level, fitted: None }
    }

    /// The model.
    pub fn model(&self) -> &KernelGp<K> {
        &self.model
    }

    /// The scores; `None` before the first fit.
    pub fn calibration(&self) -> Option<&Calibration> {
        self.fitted.as_ref().map(|fitted| &fitted.calibration)
    }

    /// Exponent and share; `None` before the first fit.
    pub fn choice(&self) -> Option<&Choice> {
        self.fitted.as_ref().map(|fitted| &fitted.choice)
    }

    /// Intervals for rows `x`.
    ///
    /// # Errors
    /// As [`Surrogate::predict`].
    pub fn intervals(&self, x: &K::Input) -> Result<Intervals, LearnError> {
        let fitted = self.fitted.as_ref().ok_or(LearnError::NotFitted)?;
        let predictions = self.model.predict(x)?;
        let Fitted { errors, mean_error, choice, calibration } = fitted;
        let expected = self.model.similar(x, BLOCK, |_, similarities| {
            expected(similarities, errors, *mean_error, choice.exponent, None)
        })?;
        let half: Vec<f64> = (predictions.sd.iter().zip(&expected))
            .map(|(sd, expected)| calibration.factor() * choice.size(*sd, *expected))
            .collect();
        let ends = |sign: f64| predictions.mean.iter().zip(&half).map(|(m, h)| m + sign * h).collect();
        Ok(Intervals { lower: ends(-1.0), upper: ends(1.0), predictions })
    }

    fn calibrate(&self, x: &K::Input) -> Result<Fitted, LearnError> {
        let (errors, sds) = self.model.left_out()?;
        let n = errors.len();
        let mean = |list: &[f64]| list.iter().sum::<f64>() / n as f64;
        let mean_error = mean(&errors);
        let all: Vec<[f64; EXPONENTS.len()]> = self.model.similar(x, BLOCK, |row, similarities| {
            EXPONENTS.map(|exponent| expected(similarities, &errors, mean_error, exponent, Some(row)))
        })?;
        let mut best: Option<(f64, Choice, Calibration)> = None;
        for (place, exponent) in EXPONENTS.into_iter().enumerate() {
            let expected: Vec<f64> = all.iter().map(|list| list[place]).collect();
            let units = [mean(&sds), mean(&expected)].map(|unit| unit.max(f64::MIN_POSITIVE));
            for share in SHARES {
                let choice = Choice { exponent, share, units };
                let sizes: Vec<f64> = sds
                    .iter()
                    .zip(&expected)
                    .map(|(sd, e)| choice.size(*sd, *e).max(f64::MIN_POSITIVE))
                    .collect();
                let scores = errors.iter().zip(&sizes).map(|(e, s)| (e / s).min(f64::MAX)).collect();
                let calibration = Calibration::new(self.level, scores)?;
                let width = calibration.factor() * mean(&sizes);
                if best.as_ref().is_none_or(|best| width < best.0) {
                    best = Some((width, choice, calibration));
                }
            }
        }
        let (_, choice, calibration) = best.ok_or(LearnError::NotFitted)?;
        Ok(Fitted { errors, mean_error, choice, calibration })
    }
}

/// The size of error expected where the training structures have these
/// similarities; `left` is left out.
fn expected(similarities: &[f64], errors: &[f64], mean: f64, exponent: i32, left: Option<usize>) -> f64 {
    let (mut sum, mut weights) = (PRIOR * mean, PRIOR);
    for (i, (similarity, error)) in similarities.iter().zip(errors).enumerate() {
        if Some(i) != left {
            let weight = similarity.clamp(0.0, 1.0).powi(exponent);
            sum += weight * error;
            weights += weight;
        }
    }
    sum / weights
}

impl<K: Kernel> Surrogate for LocalConformal<K> {
    type Input = K::Input;

    /// # Errors
    /// Also [`LearnError::TooFewLabels`] when they cannot tell the asked level.
    fn fit(&mut self, x: &K::Input, y: &[f64]) -> Result<FitReport, LearnError> {
        let settings = ConformalSettings { level: self.level, ..Default::default() };
        settings.check()?;
        check_labels(x.len(), y)?;
        let needed = settings.least().max(2);
        if y.len() < needed {
            let what = "a conformal interval of this level";
            return Err(LearnError::TooFewLabels { labels: y.len(), needed, what });
        }
        let mut next = Self { model: self.model.clone(), level: self.level, fitted: None };
        let report = next.model.fit(x, y)?;
        next.fitted = Some(next.calibrate(x)?);
        *self = next;
        Ok(report)
    }

    /// Errors are taken anew, of all labels.
    ///
    /// # Errors
    /// As [`Surrogate::extend`].
    fn extend(&mut self, x: &K::Input, y: &[f64]) -> Result<FitReport, LearnError> {
        if self.fitted.is_none() {
            return Err(LearnError::NotFitted);
        }
        let report = self.model.extend(x, y)?;
        if let Some(all) = self.model.learnt().cloned() {
            self.fitted = Some(self.calibrate(&all)?);
        }
        Ok(report)
    }

    /// The model's own standard deviations; see [`LocalConformal::intervals`].
    ///
    /// # Errors
    /// As [`Surrogate::predict`].
    fn predict(&self, x: &K::Input) -> Result<Predictions, LearnError> {
        self.model.predict(x)
    }
}

const KIND: &str = "local_conformal";
const VERSION: u64 = 1;

impl<K: Kernel> Storable for LocalConformal<K> {
    fn store(&self) -> Result<Stored, LearnError> {
        let fitted = self.fitted.as_ref().ok_or(LearnError::NotFitted)?;
        let mut stored = Stored::new(KIND, VERSION);
        stored.set("choice", fitted.choice)?;
        stored.set("mean_error", fitted.mean_error)?;
        stored.insert("errors", fitted.errors.clone());
        fitted.calibration.store_into(&mut stored)?;
        stored.insert_part("model", self.model.store()?)?;
        Ok(stored)
    }

    fn restore(&mut self, x: &K::Input, stored: &Stored) -> Result<(), LearnError> {
        stored.expect(KIND, VERSION)?;
        let choice: Choice = stored.get("choice")?;
        for unit in choice.units {
            crate::stored::positive("choice.units", unit)?;
        }
        let errors = stored.floats("errors", x.len())?.to_vec();
        let calibration = Calibration::restore_from(stored)?;
        let mean_error = stored.get("mean_error")?;
        self.model.restore(x, &stored.part("model")?)?;
        self.level = calibration.level();
        self.fitted = Some(Fitted { errors, mean_error, choice, calibration });
        Ok(())
    }
}

impl<K: Kernel> KernelGp<K> {
    /// Applies `work` to each row's number and its similarities to all training
    /// structures, in the threads of the current pool.
    fn similar<T: Send>(
        &self,
        x: &K::Input,
        block: usize,
        work: impl Fn(usize, &[f64]) -> T + Sync,
    ) -> Result<Vec<T>, LearnError> {
        let (kernel, state) = self.fitted()?;
        let (prepared, roots, length) = (&state.prepared, &state.roots, state.found.length);
        kernel.check(prepared, x)?;
        let (n, count) = (roots.len(), x.len());
        let parts: Vec<Vec<T>> = (0..count.div_ceil(block))
            .into_par_iter()
            .map(|number| {
                let (from, to) = (number * block, (number * block + block).min(count));
                let mut columns = vec![0.0; n * (to - from)];
                kernel.cross(prepared, x, from..to, length, &mut columns);
                let own = kernel.diagonal(x, from..to, length);
                let rows = columns.chunks_exact_mut(n).zip(own).enumerate();
                rows.map(|(offset, (column, own))| {
                    let share = if own > 0.0 { 1.0 / own.sqrt() } else { 0.0 };
                    column.iter_mut().zip(roots).for_each(|(k, root)| *k *= share / root);
                    work(from + offset, column)
                })
                .collect()
            })
            .collect();
        Ok(parts.into_iter().flatten().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{random_rows, smooth_labels};
    use crate::{DenseKernel, KernelGpSettings, Shape};

    fn model() -> LocalConformal<DenseKernel> {
        let gp = KernelGp::new(DenseKernel { shape: Shape::Gaussian }, KernelGpSettings::default());
        LocalConformal::new(gp, ConformalSettings::default())
    }

    /// Noise in one half of the space only.
    #[test]
    fn intervals_are_wide_where_errors_are_large_and_hold() {
        let (mut covered, mut widths, runs) = (0.0, [0.0; 2], 6);
        for seed in 0..runs {
            let x = random_rows(1200, 2, 20 * seed);
            let (smooth, noisy) = (smooth_labels(&x, 0.0, 1), smooth_labels(&x, 1.0, seed + 7));
            let y: Vec<f64> = (0..1200)
                .map(|i| if x.row(i)[0] > 0.0 { noisy[i] } else { 0.9 * smooth[i] + 0.1 * noisy[i] })
                .collect();
            let (train, test): (Vec<usize>, Vec<usize>) = ((0..200).collect(), (200..1200).collect());
            let mut local = model();
            let report = local.fit(&x.select(&train), &y[..200]).unwrap();
            let seen = local.intervals(&x.select(&test)).unwrap();
            covered += seen.coverage(&y[200..]) / runs as f64;
            let width = seen.upper.iter().zip(&seen.lower).map(|(u, l)| u - l).sum::<f64>();
            widths[0] += width;
            widths[1] += seen.predictions.sd.iter().sum::<f64>() * 2.0 * 1.645;
            assert!(report.labels == 200 && local.choice().unwrap().share < 1.0);
            if seed == 0 {
                let mut again = model();
                again.restore(&x.select(&train), &local.store().unwrap()).unwrap();
                assert_eq!(again.intervals(&x), local.intervals(&x));
                local.extend(&x.select(&test), &y[200..]).unwrap();
                assert_eq!(local.calibration().unwrap().scores().len(), 1200);
            }
        }
        assert!((covered - 0.9).abs() < 0.02, "{covered}");
        assert!(widths[0] < 0.85 * widths[1], "{widths:?}");
    }

    #[test]
    fn what_cannot_be_told_is_refused() {
        let x = random_rows(8, 2, 1);
        let mut local = model();
        assert_eq!(local.intervals(&x), Err(LearnError::NotFitted));
        assert_eq!(local.extend(&x, &[0.0; 8]), Err(LearnError::NotFitted));
        assert!(matches!(local.fit(&x, &[0.0; 8]), Err(LearnError::TooFewLabels { .. })));
        let x = random_rows(30, 2, 1);
        local.fit(&x, &[1.0; 30]).unwrap();
        assert!(local.intervals(&x).unwrap().upper.iter().all(|v| v.is_finite()));
    }
}
