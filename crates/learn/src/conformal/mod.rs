//! Intervals that hold what they promise, whatever the model believes of itself.
//!
//! If labels met later are drawn as those learnt were, an interval of
//! [`SplitConformal`] holds at least the asked share of them on average over
//! draws (Vovk, Gammerman and Shafer 2005; Lei et al., J. Am. Stat. Assoc. 113,
//! 1094, 2018), and one of [`CrossConformal`] in practice as well, with all
//! labels learnt from. [`Conformal`] needs one model
//! only, [`LocalConformal`] no more than the fit. Errors are divided by the model's standard deviation, so
//! that intervals are wide where the model is unsure. Of two classes [`ClassCalibration`] gives sets that
//! hold the asked share of each.

mod calibration;
mod class;
mod cross;
mod local;
mod single;
mod split;

pub use calibration::Calibration;
pub use class::{ClassCalibration, ClassSet};
pub use cross::CrossConformal;
pub use local::{Choice, LocalConformal};
pub use single::Conformal;
pub use split::SplitConformal;

use crate::{LearnError, Predictions};
use serde::{Deserialize, Serialize};

/// Settings of conformal intervals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ConformalSettings {
    /// Share of new labels that intervals are to hold. Default 0.9.
    pub level: f64,
    /// Share of the labels that [`SplitConformal`] sets aside. Default 0.25.
    pub aside: f64,
    /// Parts that [`CrossConformal`] leaves out in turn; as many as labels for
    /// jackknife+. Default 10.
    pub folds: usize,
    /// Decides which labels go together.
    pub seed: u64,
}

impl Default for ConformalSettings {
    fn default() -> Self {
        Self { level: 0.9, aside: 0.25, folds: 10, seed: 0 }
    }
}

impl ConformalSettings {
    fn check(&self) -> Result<(), LearnError> {
        let inside = |setting, found: f64| {
            let expected = "a number between 0 and 1";
            if found > 0.0 && found < 1.0 {
                Ok(())
            } else {
                Err(LearnError::BadSetting { setting, found, expected })
            }
        };
        inside("level", self.level)?;
        inside("aside", self.aside)?;
        if self.folds < 2 {
            let (setting, found) = ("folds", self.folds as f64);
            return Err(LearnError::BadSetting { setting, found, expected: "2 or more" });
        }
        Ok(())
    }

    /// The rank of the score, among `n` and counted from 1, that bounds the
    /// interval: `ceil(level (n + 1))`.
    fn rank(&self, n: usize) -> usize {
        // A product that is a whole number must not be rounded up.
        (self.level * (n + 1) as f64 - 1e-9).ceil().max(1.0) as usize
    }

    /// The least number of scores for [`ConformalSettings::rank`] to be one of
    /// them.
    fn least(&self) -> usize {
        (self.level / (1.0 - self.level) - 1e-9).ceil().max(1.0) as usize
    }
}

/// Intervals for some structures.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Intervals {
    /// What the model says, with its own standard deviations.
    pub predictions: Predictions,
    /// Lower ends, in the unit of the labels.
    pub lower: Vec<f64>,
    /// Upper ends.
    pub upper: Vec<f64>,
}

impl Intervals {
    /// The share of `labels`, one for each structure, that the intervals hold.
    pub fn coverage(&self, labels: &[f64]) -> f64 {
        let ends = self.lower.iter().zip(&self.upper);
        let held = ends.zip(labels).filter(|((low, high), y)| (**low..=**high).contains(*y)).count();
        held as f64 / labels.len().max(1) as f64
    }
}

/// An order of `0..n`, shuffled by the method of Fisher and Yates with the
/// generator SplitMix64: the same on every machine.
pub fn shuffled(n: usize, seed: u64) -> Vec<usize> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let mut order: Vec<usize> = (0..n).collect();
    for i in (1..n).rev() {
        order.swap(i, (next() % (i as u64 + 1)) as usize);
    }
    order
}

fn pick(labels: &[f64], indices: &[usize]) -> Vec<f64> {
    indices.iter().map(|&i| labels[i]).collect()
}

/// Errors over standard deviations, sizes only.
fn scores(seen: &Predictions, labels: &[f64]) -> Vec<f64> {
    let pairs = seen.mean.iter().zip(&seen.sd).zip(labels);
    pairs.map(|((mean, sd), y)| (y - mean).abs() / sd.max(f64::MIN_POSITIVE)).collect()
}

#[cfg(test)]
mod tests;
