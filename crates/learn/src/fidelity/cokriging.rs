use super::predict::Joint;
use super::report::{RungPredictions, RungReport};
use super::rungs::Rungs;
use super::settings::{CoKrigingHyper, CoKrigingSettings, RungMean};
use super::state::State;
use crate::surrogate::LABEL_LIMIT;
use crate::{FitReport, Kernel, LearnError, Predictions, Surrogate, Table};

/// Autoregressive co-kriging over any number of rungs (Kennedy and O'Hagan,
/// Biometrika 87, 1, 2000).
///
/// Each rung is a multiple of the one below plus a difference of its own,
///
/// ```text
/// f_0 = m_0 + u_0 + w_0,   f_m = rho_m f_(m-1) + d_m + u_m + w_m,   y = f_m(x) + e
/// ```
///
/// with Gaussian processes `u_m` of covariance `a_m k(x, x'; l_m)`, what the
/// features cannot tell of a structure, `w_m` (variance `g_m`, none on the
/// highest rung), and label noise `e` (variance `s_m`). `w_m` is what makes the
/// rung below worth more than its features: a label there is passed on in full,
/// as in difference learning, and not only its smooth part. All labels of all
/// rungs are one joint Gaussian, so the rungs' sets need not be nested; where
/// they are, this equals the recursive form of Le Gratiet and Garnier (Int. J.
/// Uncertain. Quantif. 4, 365, 2014) for noiseless lower rungs. The cost is
/// that of one exact Gaussian process of all labels, O(N^3) time and one N by N
/// matrix.
///
/// Means are constants of flat prior or, for extensive properties, energies of
/// elements ([`RungMean`]). All of `rho`, `l`, `a`, `g` and `s` are found by
/// maximising the marginal likelihood with weak priors and analytic gradients,
/// from several starts, without any random number.
///
/// Where one rung is no multiple of another plus something independent (a rough
/// lower rung under a smooth one), the likelihood may prefer a relation that
/// predicts new structures worse than none. So fits with a rung cut off
/// (`rho = 0`) are tried too, and taken if they predict structures on the rung
/// above it, all of whose labels are left out, better by a tenth and by more than
/// a standard error.
///
/// As a [`Surrogate`] it predicts each row on the row's own rung, and the report
/// is that of the highest rung.
///
/// ```
/// # use learn::{CoKriging, CoKrigingSettings, DenseKernel, DenseRows, LearnError, Rungs, Shape, Surrogate};
/// # fn main() -> Result<(), LearnError> {
/// // Six structures with a cheap label, the first and the last with a dear one too.
/// let x = DenseRows::new(vec![0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 0.0, 1.0], 1)?;
/// let labels = [0.0, 0.4, 0.7, 0.8, 0.7, 0.4, 0.1, 0.7];
/// let mut model = CoKriging::new(DenseKernel { shape: Shape::Gaussian }, CoKrigingSettings::new(2));
/// model.fit(&Rungs::new(x, vec![0, 0, 0, 0, 0, 0, 1, 1])?, &labels)?;
/// let asked = Rungs::at(DenseRows::new(vec![0.5], 1)?, 1)?;
/// let dear = model.predict(&asked)?;
/// // The same, its cheap value being known.
/// let better = model.predict_given(&asked, &[vec![Some(0.76), None]])?.rung(1);
/// assert!(better.sd[0] <= dear.sd[0]);
/// # Ok(())
/// # }
/// ```
///
/// Calibration: every rung's standard deviations are multiplied by a factor from
/// the leave-one-out errors of its own labels, as for a single rung.
#[derive(Debug, Clone)]
pub struct CoKriging<K: Kernel> {
    kernel: K,
    settings: CoKrigingSettings,
    state: Option<State<K>>,
}

impl<K: Kernel> CoKriging<K> {
    /// A model that has learnt nothing yet. Settings out of range are refused
    /// by [`Surrogate::fit`].
    pub fn new(kernel: K, settings: CoKrigingSettings) -> Self {
        Self { kernel, settings, state: None }
    }

    /// The settings.
    pub fn settings(&self) -> &CoKrigingSettings {
        &self.settings
    }

    /// What was found of each rung, lowest first; empty before the first fit.
    pub fn reports(&self) -> &[RungReport] {
        self.state.as_ref().map_or(&[], |state| &state.reports)
    }

    pub(super) fn kernel(&self) -> &K {
        &self.kernel
    }

    /// The rung of each label, in their order.
    pub(super) fn label_rungs(&self) -> &[usize] {
        self.state.as_ref().map_or(&[], |state| &state.x.rung)
    }

    /// The settings with the hyper-parameters found in place of the search: a model
    /// of these, fitted to the same labels, is the same model without a search. `None`
    /// before the first fit.
    pub fn found_settings(&self) -> Option<CoKrigingSettings> {
        let ladder = self.state.as_ref().map(State::ladder)?;
        let hyper_parameters = CoKrigingHyper::Given { rungs: ladder.rungs, rho: ladder.rho };
        Some(CoKrigingSettings { hyper_parameters, ..self.settings.clone() })
    }

    /// All labels learnt, in their order; empty before the first fit.
    pub fn labels(&self) -> &[f64] {
        self.state.as_ref().map_or(&[], |state| &state.labels)
    }

    /// Predicts every rung of the structures `x`, whatever rungs its rows name,
    /// with the covariances between rungs.
    ///
    /// # Errors
    /// As [`Surrogate::predict`].
    pub fn predict_rungs(&self, x: &Rungs<K::Input>) -> Result<RungPredictions, LearnError> {
        let (state, joint) = self.joint(x)?;
        Ok(state.finish(x, &joint))
    }

    /// The same, where some rungs of the candidates are known: `known` holds for
    /// each structure a value or `None` for each rung. Equal to learning each
    /// candidate's values before predicting it (at the same hyper-parameters and
    /// calibration), at the cost of a prediction. Values that are learnt already
    /// must not be given again.
    ///
    /// # Errors
    /// As [`Surrogate::predict`]; [`LearnError::LengthMismatch`] when there are
    /// not as many lists as rows, [`LearnError::PropertyMismatch`] for a list of
    /// another length than there are rungs, and [`LearnError::BadRungLabel`].
    pub fn predict_given(
        &self,
        x: &Rungs<K::Input>,
        known: &[Vec<Option<f64>>],
    ) -> Result<RungPredictions, LearnError> {
        let (state, mut joint) = self.joint(x)?;
        if known.len() != x.len() {
            return Err(LearnError::LengthMismatch { rows: x.len(), labels: known.len() });
        }
        let rungs = self.settings.rungs;
        for (row, (values, joint)) in known.iter().zip(&mut joint).enumerate() {
            if values.len() != rungs {
                return Err(LearnError::PropertyMismatch { expected: rungs, found: values.len() });
            }
            for (rung, &value) in values.iter().enumerate() {
                let Some(value) = value else { continue };
                check_label(rung, row, value)?;
                let standard = (value - state.frame.offset(x, row, rung)) / state.frame.scales[rung];
                condition(joint, rung, standard, state.found.ladder.rungs[rung].noise_variance);
            }
        }
        Ok(state.finish(x, &joint))
    }

    fn joint(&self, x: &Rungs<K::Input>) -> Result<(&State<K>, Vec<Joint>), LearnError> {
        let state = self.state.as_ref().ok_or(LearnError::NotFitted)?;
        state.prepared.iter().try_for_each(|prepared| self.kernel.check(prepared, &x.features))?;
        state.frame.check(&self.settings, x)?;
        Ok((state, state.joint(&self.kernel, x)))
    }

    fn check(&self, x: &Rungs<K::Input>, y: &[f64]) -> Result<(), LearnError> {
        let rungs = self.settings.rungs;
        if x.len() != y.len() {
            return Err(LearnError::LengthMismatch { rows: x.len(), labels: y.len() });
        }
        for (row, (&rung, &value)) in x.rung.iter().zip(y).enumerate() {
            if rung >= rungs {
                return Err(LearnError::NoSuchRung { row, rung, rungs });
            }
            check_label(rung, row, value)?;
        }
        if self.settings.mean == RungMean::Elements && x.elements.is_none() {
            return Err(LearnError::NoElements);
        }
        Ok(())
    }

    fn top(&self) -> Result<FitReport, LearnError> {
        self.reports().last().map(|report| report.fit.clone()).ok_or(LearnError::NotFitted)
    }
}

fn check_label(rung: usize, row: usize, value: f64) -> Result<(), LearnError> {
    if value.is_finite() && value.abs() <= LABEL_LIMIT {
        return Ok(());
    }
    Err(LearnError::BadRungLabel { rung, row, value, limit: LABEL_LIMIT })
}

/// Takes a label of one rung as seen.
fn condition(joint: &mut Joint, rung: usize, value: f64, noise: f64) {
    let rungs = joint.means.len();
    let seen: Vec<f64> = (0..rungs).map(|m| joint.covariance[m * rungs + rung]).collect();
    let variance = seen[rung] + noise;
    let surprise = (value - joint.means[rung]) / variance;
    for a in 0..rungs {
        joint.means[a] += seen[a] * surprise;
        for b in 0..rungs {
            joint.covariance[a * rungs + b] -= seen[a] * seen[b] / variance;
        }
        let own = &mut joint.covariance[a * rungs + a];
        *own = own.max(0.0);
    }
}

impl<K: Kernel> Surrogate for CoKriging<K> {
    type Input = Rungs<K::Input>;

    /// The report is that of the highest rung; see [`CoKriging::reports`].
    ///
    /// # Errors
    /// [`LearnError::NoData`], [`LearnError::EmptyRung`] for a rung without a
    /// label, [`LearnError::NoSuchRung`], [`LearnError::BadRungLabel`],
    /// [`LearnError::NoElements`], [`LearnError::BadSetting`].
    fn fit(&mut self, x: &Self::Input, y: &[f64]) -> Result<FitReport, LearnError> {
        self.settings.check()?;
        self.check(x, y)?;
        if y.is_empty() {
            return Err(LearnError::NoData);
        }
        let rungs = self.settings.rungs;
        if let Some(rung) = (0..rungs).find(|rung| !x.rung.contains(rung)) {
            return Err(LearnError::EmptyRung { rung, rungs });
        }
        self.state = Some(State::fit(&self.kernel, &self.settings, x, y)?);
        self.top()
    }

    fn extend(&mut self, x: &Self::Input, y: &[f64]) -> Result<FitReport, LearnError> {
        self.check(x, y)?;
        let state = self.state.as_mut().ok_or(LearnError::NotFitted)?;
        if !y.is_empty() {
            state.extend(&self.kernel, &self.settings, x, y)?;
        }
        self.top()
    }

    /// Each row on its own rung.
    fn predict(&self, x: &Self::Input) -> Result<Predictions, LearnError> {
        let rungs = self.settings.rungs;
        if let Some(row) = x.rung.iter().position(|&rung| rung >= rungs) {
            return Err(LearnError::NoSuchRung { row, rung: x.rung[row], rungs });
        }
        let all = self.predict_rungs(x)?;
        let variance: Vec<f64> = x.rung.iter().enumerate().map(|(i, &r)| all.covariance(i, r, r)).collect();
        let noisy = variance.iter().zip(&x.rung).map(|(v, &r)| (v + all.noise[r]).sqrt());
        Ok(Predictions {
            mean: x.rung.iter().enumerate().map(|(i, r)| all.mean[i * rungs + r]).collect(),
            sd: noisy.collect(),
            sd_latent: variance.iter().map(|v| v.sqrt()).collect(),
            nearest: all.nearest,
            in_domain: all.in_domain,
        })
    }
}
