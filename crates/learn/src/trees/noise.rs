//! How large errors are, by the features.

use super::folds::{others, parts};
use crate::LearnError;
use crate::gp::calibrate::Residuals;
use crate::report::LeaveOneOut;
use ::trees::{Binned, BoostSettings, Boosting, Ensemble, Rows, TreeSettings};

/// Below so many errors one size is taken for all.
const LEAST: usize = 60;
/// Sizes are learnt from at most so many errors.
const MOST: usize = 20_000;

/// Standard deviations by boosted trees of the logarithm of the size of errors
/// on labels left out; two models, each from half of the errors, so that the
/// other half can be judged.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Noise {
    pub(super) members: Vec<Ensemble>,
    /// Range of the logarithm seen.
    pub(super) range: (f64, f64),
    /// Multiplies standard deviations, so that nine of ten labels lie in the
    /// nominal 90 % interval.
    pub(super) calibration: f64,
}

impl Noise {
    /// Learns from errors of labels left out (at least one). Also how well they
    /// are known, and the standard deviation of each by a model without it.
    pub(super) fn fit(
        rows: &Rows,
        labels: &[f64],
        errors: &[f64],
        seed: u64,
    ) -> Result<(Self, LeaveOneOut, Vec<f64>), LearnError> {
        let n = errors.len();
        let mut sizes: Vec<f64> = errors.iter().map(|e| e.abs()).collect();
        sizes.sort_unstable_by(f64::total_cmp);
        let square = errors.iter().map(|e| e * e / n as f64).sum::<f64>();
        let floor = (0.2 * sizes[n / 2]).max(1e-3 * square.sqrt()).max(f64::MIN_POSITIVE);
        let target: Vec<f64> = errors.iter().map(|e| (e.abs() + floor).ln()).collect();
        let mut noise = Self { members: Vec::new(), range: (0.0, 0.0), calibration: 1.0 };
        let mut logs = vec![0.5 * square.max(f64::MIN_POSITIVE).ln(); n];
        if n >= LEAST && square > 0.0 {
            logs = noise.learn(rows, &target, seed)?;
            let low = logs.iter().copied().fold(f64::INFINITY, f64::min);
            let high = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            noise.range = (low, high);
        } else {
            noise.range = (logs[0], logs[0]);
        }
        let scores = errors.iter().zip(&logs).map(|(e, log)| e / log.exp()).collect();
        let residuals = Residuals { errors: errors.to_vec(), scores };
        noise.calibration = residuals.factor();
        Ok((
            noise.clone(),
            residuals.summary(labels),
            logs.iter().map(|l| l.exp() * noise.calibration).collect(),
        ))
    }

    /// The logarithm for each row, by a model that has not seen it.
    fn learn(&mut self, rows: &Rows, target: &[f64], seed: u64) -> Result<Vec<f64>, LearnError> {
        let n = rows.len();
        let step = n.div_ceil(MOST);
        let taken: Vec<usize> = (0..n).step_by(step).collect();
        let some = rows.select(&taken);
        let labels: Vec<f64> = taken.iter().map(|&i| target[i]).collect();
        let table = Binned::new(&some)?;
        let mut halves = parts(&table.fingerprints(), 2, seed ^ 0x5eed);
        if halves.len() < 2 {
            halves = vec![(0..taken.len()).step_by(2).collect(), (1..taken.len()).step_by(2).collect()];
        }
        for half in &halves {
            let tree = TreeSettings {
                max_depth: 4,
                min_child_weight: 20.0,
                lambda: 10.0,
                ..TreeSettings::default()
            };
            let settings = BoostSettings { tree, max_rounds: 200, patience: 20, seed, ..Default::default() };
            let mut boosting = Boosting::new(&table, &labels, &others(taken.len(), half), half, settings)?;
            boosting.run();
            let rounds = boosting.best_rounds();
            self.members.push(boosting.finish(rounds));
        }
        let each = self.members.iter().map(|member| member.predict(rows)).collect::<Result<Vec<_>, _>>()?;
        let mut logs: Vec<f64> = (0..n).map(|i| 0.5 * (each[0][i] + each[1][i])).collect();
        for (half, seen) in halves.iter().zip(&each) {
            half.iter().for_each(|&at| logs[taken[at]] = seen[taken[at]]);
        }
        Ok(logs)
    }

    /// Calibrated standard deviations.
    pub(super) fn predict(&self, rows: &Rows) -> Result<Vec<f64>, LearnError> {
        let mut logs = vec![0.0; rows.len()];
        for member in &self.members {
            let share = 1.0 / self.members.len() as f64;
            logs.iter_mut().zip(member.predict(rows)?).for_each(|(log, seen)| *log += share * seen);
        }
        let (low, high) = self.range;
        Ok(logs.iter().map(|log| log.max(low).min(high).exp() * self.calibration).collect())
    }
}
