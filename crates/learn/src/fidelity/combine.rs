use super::random::SplitMix;
use crate::surrogate::LABEL_LIMIT;
use crate::{LearnError, Predictions, Surrogate, Table};
use faer::Mat;
use faer::linalg::solvers::Solve;
use serde::Serialize;

/// How the coefficients of a [`Combination`] are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Coefficients {
    /// +1 and -1, as in Zaspel et al.
    Telescoping,
    /// Those of least squared error, with a ridge towards +1 and -1 whose
    /// strength is chosen by leave-one-out.
    Optimised,
}

/// Settings of a [`Combination`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CombinationSettings {
    /// How the coefficients are found.
    pub coefficients: Coefficients,
    /// Parts into which structures are split to predict each from the others.
    pub folds: usize,
    /// Decides the parts.
    pub seed: u64,
}

impl Default for CombinationSettings {
    fn default() -> Self {
        Self { coefficients: Coefficients::Optimised, folds: 5, seed: 0 }
    }
}

/// One model of a [`Combination`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    /// The rung whose labels it learnt.
    pub rung: usize,
    /// The rung whose structures it learnt them of; the same or one above.
    pub structures_of: usize,
    /// How many labels.
    pub labels: usize,
    /// Its coefficient.
    pub coefficient: f64,
}

/// What a [`Combination`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CombinationReport {
    /// The models, highest rung first.
    pub members: Vec<Member>,
    /// Root mean squared error of labels on the highest rung, each predicted
    /// without its own structure, with coefficients +1 and -1.
    pub telescoping_rmse: f64,
    /// The same with the coefficients used; for optimised ones these have seen
    /// the labels, but the ridge has been chosen by leave-one-out.
    pub rmse: f64,
    /// Strength of the ridge, relative to the mean square of the members;
    /// infinite for coefficients +1 and -1.
    pub ridge: f64,
}

/// Multi-fidelity combination: a sum of models of single rungs,
///
/// ```text
/// P = sum_f [ b_f P_f(X_f) - b'_f P_(f-1)(X_f) ] + b_0 P_0(X_0)
/// ```
///
/// where `P_g(X_f)` learns labels of rung `g` of the structures labelled on rung
/// `f` (combination technique CQML; Zaspel, Huang, Harbrecht and von Lilienfeld,
/// J. Chem. Theory Comput. 15, 1546, 2019, with `b = b' = 1`; optimised
/// coefficients as in Vinod, Kleinekathoefer and Zaspel, Mach. Learn.: Sci.
/// Technol. 5, 015054, 2024). Structures of a rung should have labels on the
/// rung below too; those that do not are left out of its second model.
///
/// Unlike [`CoKriging`](super::CoKriging) it works with any model, and each of
/// them is only as large as its own set.
#[derive(Debug, Clone)]
pub struct Combination<M> {
    model: M,
    settings: CombinationSettings,
    refit: fn(&M) -> M,
    fitted: Vec<M>,
    report: Option<CombinationReport>,
}

/// Ridges tried.
const RIDGES: [f64; 9] = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0];

/// Labels on the highest rung for each coefficient, below which the coefficients
/// stay +1 and -1.
const LABELS_EACH: usize = 3;

impl<M: Surrogate + Clone> Combination<M>
where
    M::Input: Table,
{
    /// Of copies of `model`, which is not fitted.
    pub fn new(model: M, settings: CombinationSettings) -> Self {
        Self { model, settings, refit: M::clone, fitted: Vec::new(), report: None }
    }

    /// In cross-validation, fits what `refit` makes of a fitted model instead of
    /// the model itself: one that keeps the hyper-parameters, say.
    #[must_use]
    pub fn with_refit(self, refit: fn(&M) -> M) -> Self {
        Self { refit, ..self }
    }

    /// The report of the last fit.
    pub fn report(&self) -> Option<&CombinationReport> {
        self.report.as_ref()
    }

    /// Learns from structures `x` with labels of each rung, lowest first; `None`
    /// where there is none.
    ///
    /// # Errors
    /// [`LearnError::NoData`], [`LearnError::LengthMismatch`],
    /// [`LearnError::BadRungLabel`], [`LearnError::EmptyRung`];
    /// [`LearnError::TooFewLabels`] when a rung shares no structure with the rung
    /// below; [`LearnError::BadSetting`]; and those of the model.
    pub fn fit(
        &mut self,
        x: &M::Input,
        labels: &[Vec<Option<f64>>],
    ) -> Result<&CombinationReport, LearnError> {
        let sets = self.sets(x, labels)?;
        let top = labels.len() - 1;
        let value = |rung: usize, row: usize| labels[rung][row].unwrap_or_default();
        let learn = |model: &M, rung: usize, rows: &[usize]| -> Result<M, LearnError> {
            let mut model = model.clone();
            let y: Vec<f64> = rows.iter().map(|&i| value(rung, i)).collect();
            model.fit(&x.select(rows), &y)?;
            Ok(model)
        };
        let fitted: Vec<M> =
            sets.iter().map(|set| learn(&self.model, set.0, &set.2)).collect::<Result<_, _>>()?;
        // Labels of the highest rung, predicted without their own structures.
        let rows = &sets[0].2;
        let mut seen = vec![vec![0.0; sets.len()]; rows.len()];
        let folds = self.settings.folds.min(rows.len());
        let mut fold = vec![usize::MAX; x.len()];
        for (place, at) in SplitMix(self.settings.seed).order(rows.len()).into_iter().enumerate() {
            fold[rows[at]] = place % folds.max(1);
        }
        let cross = folds > 1;
        for part in 0..if cross { folds } else { 0 } {
            let asked: Vec<usize> = (0..rows.len()).filter(|&i| fold[rows[i]] == part).collect();
            let z = x.select(&asked.iter().map(|&i| rows[i]).collect::<Vec<_>>());
            for (k, set) in sets.iter().enumerate() {
                let rest: Vec<usize> = set.2.iter().copied().filter(|&i| fold[i] != part).collect();
                if rest.is_empty() {
                    continue;
                }
                let model = learn(&(self.refit)(&fitted[k]), set.0, &rest)?;
                let means = model.predict(&z)?.mean;
                asked.iter().zip(means).for_each(|(&i, mean)| seen[i][k] = mean);
            }
        }
        let y: Vec<f64> = rows.iter().map(|&i| value(top, i)).collect();
        let plain: Vec<f64> = (0..sets.len()).map(|k| if k % 2 == 0 { 1.0 } else { -1.0 }).collect();
        let rmse = |coefficients: &[f64]| -> f64 {
            let squares = seen.iter().zip(&y).map(|(p, y)| (y - product(p, coefficients)).powi(2));
            (squares.sum::<f64>() / y.len() as f64).sqrt()
        };
        let optimise = self.settings.coefficients == Coefficients::Optimised
            && cross
            && y.len() >= LABELS_EACH * sets.len();
        let (coefficients, ridge) =
            if optimise { optimised(&seen, &y, &plain) } else { (plain.clone(), f64::INFINITY) };
        let members = sets.iter().zip(&coefficients).map(|((rung, of, rows), &coefficient)| Member {
            rung: *rung,
            structures_of: *of,
            labels: rows.len(),
            coefficient,
        });
        let report = CombinationReport {
            members: members.collect(),
            telescoping_rmse: rmse(&plain),
            rmse: rmse(&coefficients),
            ridge,
        };
        self.fitted = fitted;
        Ok(self.report.insert(report))
    }

    /// Predicts the highest rung. Standard deviations are the same for all: the
    /// error found in cross-validation; the domain is that of the largest set.
    ///
    /// # Errors
    /// [`LearnError::NotFitted`], and those of the model.
    pub fn predict(&self, x: &M::Input) -> Result<Predictions, LearnError> {
        let report = self.report.as_ref().ok_or(LearnError::NotFitted)?;
        let mut mean = vec![0.0; x.len()];
        let mut last = Predictions::default();
        for (model, member) in self.fitted.iter().zip(&report.members) {
            last = model.predict(x)?;
            mean.iter_mut().zip(&last.mean).for_each(|(sum, m)| *sum += member.coefficient * m);
        }
        let sd = vec![report.rmse; x.len()];
        Ok(Predictions { mean, sd_latent: sd.clone(), sd, ..last })
    }

    /// Rung, rung of the structures, and rows, of each member.
    fn sets(
        &self,
        x: &M::Input,
        labels: &[Vec<Option<f64>>],
    ) -> Result<Vec<(usize, usize, Vec<usize>)>, LearnError> {
        if self.settings.folds < 2 {
            let (setting, found) = ("folds", self.settings.folds as f64);
            return Err(LearnError::BadSetting { setting, found, expected: "2 or more" });
        }
        let rungs = labels.len();
        if rungs == 0 || x.is_empty() {
            return Err(LearnError::NoData);
        }
        for (rung, list) in labels.iter().enumerate() {
            if list.len() != x.len() {
                return Err(LearnError::LengthMismatch { rows: x.len(), labels: list.len() });
            }
            for (row, value) in list.iter().enumerate() {
                if let Some(value) = *value
                    && !(value.is_finite() && value.abs() <= LABEL_LIMIT)
                {
                    return Err(LearnError::BadRungLabel { rung, row, value, limit: LABEL_LIMIT });
                }
            }
            if list.iter().all(Option::is_none) {
                return Err(LearnError::EmptyRung { rung, rungs });
            }
        }
        let rows = |a: usize, b: usize| -> Vec<usize> {
            (0..x.len()).filter(|&i| labels[a][i].is_some() && labels[b][i].is_some()).collect()
        };
        let mut sets = Vec::new();
        for rung in (0..rungs).rev() {
            sets.push((rung, rung, rows(rung, rung)));
            if let Some(below) = rung.checked_sub(1) {
                let both = rows(below, rung);
                if both.is_empty() {
                    let what = "the difference of two rungs (structures labelled on both)";
                    return Err(LearnError::TooFewLabels { labels: 0, needed: 1, what });
                }
                sets.push((below, rung, both));
            }
        }
        Ok(sets)
    }
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// `plain + d` with `d` of least `|y - P (plain + d)|^2 + r |d|^2`, and `r` over
/// the mean square of `P`. `r` has the least leave-one-out error
/// `e_i / (1 - h_i)`, `h` the diagonal of the hat matrix.
fn optimised(members: &[Vec<f64>], y: &[f64], plain: &[f64]) -> (Vec<f64>, f64) {
    let (n, size) = (y.len(), plain.len());
    let p = Mat::from_fn(n, size, |i, k| members[i][k]);
    let left: Vec<f64> = members.iter().zip(y).map(|(p, y)| y - product(p, plain)).collect();
    let normal = p.transpose() * &p;
    let unit = (0..size).map(|k| normal[(k, k)]).sum::<f64>() / size as f64;
    let mut best = (left.iter().map(|e| e * e).sum::<f64>(), plain.to_vec(), f64::INFINITY);
    for ridge in RIDGES {
        let mut matrix = normal.clone();
        (0..size).for_each(|k| matrix[(k, k)] += ridge * unit);
        let Ok(factor) = matrix.llt(faer::Side::Lower) else { continue };
        let right = p.transpose() * Mat::from_fn(n, 1, |i, _| left[i]);
        let step = factor.solve(&right);
        let hat = factor.solve(p.transpose());
        let error: f64 = (0..n)
            .map(|i| {
                let fitted: f64 = (0..size).map(|k| p[(i, k)] * step[(k, 0)]).sum();
                let own: f64 = (0..size).map(|k| p[(i, k)] * hat[(k, i)]).sum();
                ((left[i] - fitted) / (1.0 - own).max(1e-9)).powi(2)
            })
            .sum();
        if error < best.0 {
            let coefficients = plain.iter().enumerate().map(|(k, c)| c + step[(k, 0)]).collect();
            best = (error, coefficients, ridge);
        }
    }
    (best.1, best.2)
}
