use super::random::{SplitMix, quantile};
use crate::LearnError;
use crate::surrogate::LABEL_LIMIT;
use serde::Serialize;

/// Settings of a [`Pilot`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PilotSettings {
    /// Cost of a label on the upper rung.
    pub upper_cost: f64,
    /// Cost of a label on the lower rung, in the same unit.
    pub lower_cost: f64,
    /// The error of a model of n labels falls as n to the power of minus this.
    /// 0.5 by default, which is also that of a mean (Monte Carlo).
    pub exponent: f64,
    /// Share of resamples that the intervals hold. Default 0.9.
    pub level: f64,
    /// Bootstrap resamples. Default 2000.
    pub resamples: usize,
    /// Decides the resamples.
    pub seed: u64,
}

impl PilotSettings {
    /// For the costs of a label on each rung.
    pub fn new(upper_cost: f64, lower_cost: f64) -> Self {
        Self { upper_cost, lower_cost, exponent: 0.5, level: 0.9, resamples: 2000, seed: 0 }
    }

    fn check(&self) -> Result<(), LearnError> {
        let numbers =
            [("upper_cost", self.upper_cost), ("lower_cost", self.lower_cost), ("exponent", self.exponent)];
        for (setting, found) in numbers {
            if !(found > 0.0 && found.is_finite()) {
                return Err(LearnError::BadSetting {
                    setting,
                    found,
                    expected: "a finite number above zero",
                });
            }
        }
        if !(self.level > 0.0 && self.level < 1.0) {
            let (setting, found) = ("level", self.level);
            return Err(LearnError::BadSetting { setting, found, expected: "a number between 0 and 1" });
        }
        if self.resamples < 10 {
            let (setting, found) = ("resamples", self.resamples as f64);
            return Err(LearnError::BadSetting { setting, found, expected: "10 or more" });
        }
        Ok(())
    }
}

/// Whether a lower rung pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The whole interval of the saving lies above 1.
    Pays,
    /// The whole interval lies at 1 or below.
    DoesNotPay,
    /// The pilot is too small to say.
    Undecided,
}

/// What a few structures labelled on two rungs say about the lower one.
///
/// With `a` the error of a model of the difference and `b` that of the lower
/// rung's part, both over the error of the direct model at equal numbers of
/// labels, n upper and m lower labels (the n among the m) have
///
/// ```text
/// error^2 = E^2 [ a^2 n^-2t + b^2 m^-2t ],   cost = n + k m,   k = lower over upper cost
/// ```
///
/// whose least at a given cost is, with `p = 1 / (2 t + 1)`,
///
/// ```text
/// m / n = (b^2 / (a^2 k))^p,   error ratio = [ a^2p + (b^2 k^2t)^p ]^(1 / 2p)
/// ```
///
/// relative to the direct model at the same cost. Where only labels are known,
/// `a^2 = 1 - r^2` and `b^2 = r^2` with the correlation `r`; for `t = 1/2` this
/// is multi-fidelity Monte Carlo (Peherstorfer, Willcox and Gunzburger, SIAM J.
/// Sci. Comput. 38, A3163, 2016): the lower rung pays
/// if `k < r^2 / (1 - r^2)`, that is `m > n`, and the error ratio is below 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pilot {
    /// Structures with both labels.
    pub pairs: usize,
    /// Correlation of the labels; absent if the pilot was of model errors.
    pub correlation: Option<f64>,
    /// Its interval.
    pub correlation_interval: Option<(f64, f64)>,
    /// The least correlation (in size) that pays at these costs.
    pub critical_correlation: f64,
    /// Slope of upper against lower labels; absent as above.
    pub slope: Option<f64>,
    /// Lower over upper cost.
    pub cost_ratio: f64,
    /// `a`: error of the difference over that of the direct model.
    pub difference: f64,
    /// `b`: error of the lower rung's part over that of the direct model.
    pub lower: f64,
    /// Lower labels for each upper one at the optimum.
    pub lower_per_upper: f64,
    /// Expected error of both rungs over that of the upper alone at equal cost.
    pub error_ratio: f64,
    /// Its interval.
    pub error_ratio_interval: (f64, f64),
    /// Cost of the upper rung alone over that of both, at equal error; below 1
    /// if both are dearer.
    pub saving: f64,
    /// Its interval.
    pub saving_interval: (f64, f64),
    /// Error over the direct model's at equal cost when the lower value of every
    /// structure asked for is computed too (difference learning), without the
    /// cost of those.
    pub difference_error_ratio: f64,
    /// The outcome.
    pub verdict: Verdict,
}

const ROUNDING: f64 = 1e-12;

/// Pairs below which nothing can be said.
const LEAST: usize = 4;

impl Pilot {
    /// From labels of the same structures on two rungs. What is linear in the
    /// composition should be deducted from both, since models learn it from a
    /// few labels whatever the rung.
    ///
    /// # Errors
    /// [`LearnError::LengthMismatch`], [`LearnError::TooFewLabels`] below four
    /// pairs, [`LearnError::BadRungLabel`] (upper rung: 1) and
    /// [`LearnError::BadSetting`].
    pub fn of_labels(upper: &[f64], lower: &[f64], settings: &PilotSettings) -> Result<Self, LearnError> {
        check(upper, lower, settings)?;
        let all: Vec<usize> = (0..upper.len()).collect();
        let parts = |rows: &[usize]| {
            let (r, slope) = correlation(upper, lower, rows);
            Parts { difference: (1.0 - r * r).max(0.0).sqrt(), lower: r.abs(), correlation: r, slope }
        };
        Ok(judge(parts(&all), parts, true, upper.len(), settings))
    }

    /// From errors of models on the same structures, each predicted by models
    /// that have not seen it (leave-one-out, say): of the upper labels learnt
    /// directly, of the difference, and of the lower labels times their factor
    /// in the upper ones; all from equally many labels.
    ///
    /// # Errors
    /// As [`Pilot::of_labels`].
    pub fn of_errors(
        direct: &[f64],
        difference: &[f64],
        lower: &[f64],
        settings: &PilotSettings,
    ) -> Result<Self, LearnError> {
        check(direct, difference, settings)?;
        check(direct, lower, settings)?;
        let all: Vec<usize> = (0..direct.len()).collect();
        let parts = |rows: &[usize]| {
            let square = |errors: &[f64]| rows.iter().map(|&i| errors[i] * errors[i]).sum::<f64>();
            let whole = square(direct).max(f64::MIN_POSITIVE);
            let share = |errors: &[f64]| (square(errors) / whole).sqrt();
            Parts { difference: share(difference), lower: share(lower), correlation: f64::NAN, slope: 0.0 }
        };
        Ok(judge(parts(&all), parts, false, direct.len(), settings))
    }
}

fn check(upper: &[f64], lower: &[f64], settings: &PilotSettings) -> Result<(), LearnError> {
    settings.check()?;
    if upper.len() != lower.len() {
        return Err(LearnError::LengthMismatch { rows: upper.len(), labels: lower.len() });
    }
    for (rung, list) in [lower, upper].into_iter().enumerate() {
        if let Some(row) = list.iter().position(|v| !v.is_finite() || v.abs() > LABEL_LIMIT) {
            return Err(LearnError::BadRungLabel { rung, row, value: list[row], limit: LABEL_LIMIT });
        }
    }
    if upper.len() < LEAST {
        let what = "a pilot of two rungs";
        return Err(LearnError::TooFewLabels { labels: upper.len(), needed: LEAST, what });
    }
    Ok(())
}

#[derive(Debug, Clone, Copy)]
struct Parts {
    difference: f64,
    lower: f64,
    correlation: f64,
    slope: f64,
}

/// Correlation and slope; zero for labels without spread.
fn correlation(upper: &[f64], lower: &[f64], rows: &[usize]) -> (f64, f64) {
    let n = rows.len() as f64;
    let mean = |values: &[f64]| rows.iter().map(|&i| values[i] / n).sum::<f64>();
    let (a, b) = (mean(upper), mean(lower));
    let sum = |term: &dyn Fn(f64, f64) -> f64| -> f64 {
        rows.iter().map(|&i| term(upper[i] - a, lower[i] - b)).sum()
    };
    let (yy, xx, xy) = (sum(&|y, _| y * y), sum(&|_, x| x * x), sum(&|y, x| x * y));
    let spread = (yy * xx).sqrt();
    // Of labels that are all the same the mean is rounded, and a spread remains.
    let telling = yy > n * (ROUNDING * a).powi(2) && xx > n * (ROUNDING * b).powi(2);
    if telling && spread > 0.0 && spread.is_finite() {
        ((xy / spread).clamp(-1.0, 1.0), xy / xx)
    } else {
        (0.0, 0.0)
    }
}

/// Lower labels per upper one, and error over the direct model's at equal cost.
/// Fewer lower than upper labels make no sense: then there are as many.
fn optimum(difference: f64, lower: f64, ratio: f64, exponent: f64) -> (f64, f64) {
    let p = 1.0 / (2.0 * exponent + 1.0);
    let (a, b) = ((difference * difference).max(1e-12), lower * lower);
    let each = (b / (a * ratio)).powf(p);
    if each < 1.0 {
        return (1.0, ((a + b) * (1.0 + ratio).powf(2.0 * exponent)).sqrt());
    }
    (each, (a.powf(p) + (b * ratio.powf(2.0 * exponent)).powf(p)).powf(0.5 / p))
}

fn judge(
    all: Parts,
    parts: impl Fn(&[usize]) -> Parts,
    labels: bool,
    pairs: usize,
    settings: &PilotSettings,
) -> Pilot {
    let ratio = settings.lower_cost / settings.upper_cost;
    let t = settings.exponent;
    let error = |parts: Parts| optimum(parts.difference, parts.lower, ratio, t);
    let mut random = SplitMix(settings.seed);
    let (mut errors, mut correlations) = (Vec::new(), Vec::new());
    for _ in 0..settings.resamples {
        let rows: Vec<usize> = (0..pairs).map(|_| random.below(pairs)).collect();
        let parts = parts(&rows);
        errors.push(error(parts).1);
        correlations.push(parts.correlation);
    }
    errors.sort_unstable_by(f64::total_cmp);
    correlations.sort_unstable_by(f64::total_cmp);
    let tail = 0.5 * (1.0 - settings.level);
    let interval = |sorted: &[f64]| (quantile(sorted, tail), quantile(sorted, 1.0 - tail));
    let (lower_per_upper, error_ratio) = error(all);
    let saving = |error: f64| error.powf(-1.0 / t);
    let error_ratio_interval = interval(&errors);
    let saving_interval = (saving(error_ratio_interval.1), saving(error_ratio_interval.0));
    let critical = |r: f64| optimum((1.0 - r * r).sqrt(), r, ratio, t).1;
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if critical(middle) < 1.0 { high = middle } else { low = middle }
    }
    let verdict = if saving_interval.0 > 1.0 {
        Verdict::Pays
    } else if saving_interval.1 <= 1.0 {
        Verdict::DoesNotPay
    } else {
        Verdict::Undecided
    };
    Pilot {
        pairs,
        correlation: labels.then_some(all.correlation),
        correlation_interval: labels.then(|| interval(&correlations)),
        critical_correlation: high,
        slope: labels.then_some(all.slope),
        cost_ratio: ratio,
        difference: all.difference,
        lower: all.lower,
        lower_per_upper,
        error_ratio,
        error_ratio_interval,
        saving: saving(error_ratio),
        saving_interval,
        difference_error_ratio: all.difference * (1.0 + ratio).powf(t),
        verdict,
    }
}
