//! Forecasting what a calculation will cost.

use crate::charge::Charge;
use crate::conversion::Conversion;
use crate::student::quantile;
use matter::units::CoreSeconds;
use method::Cost;
use serde::{Deserialize, Serialize};

/// What is believed about the cost of a method before it has been run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostPrior {
    /// A typical size (e.g. number of electrons).
    pub size: f64,
    /// What a calculation of that size is believed to take.
    pub core_seconds: CoreSeconds,
    /// By what factor that belief may be wrong (one standard deviation, above 1).
    pub factor: f64,
    /// How the cost grows: work ~ size^exponent.
    pub exponent: f64,
    /// Standard deviation of the exponent.
    pub exponent_sd: f64,
    /// Scatter of the logarithm of work among structures of one size.
    pub scatter: f64,
}

impl Default for CostPrior {
    /// What a semi-empirical recipe needs for a molecule of 100 electrons: 0.3 core-seconds, within a factor of four.
    /// (GFN2-xTB takes about 0.1 core-seconds in this process, and about 0.8 by the xtb program.)
    fn default() -> CostPrior {
        CostPrior {
            size: 100.0,
            core_seconds: CoreSeconds(0.3),
            factor: 4.0,
            exponent: 2.0,
            exponent_sd: 0.7,
            scatter: 0.4,
        }
    }
}

/// Weight of the prior's scatter, as a number of observations.
const PRIOR_DEGREES: f64 = 4.0;
/// Scatter of the logarithm of core-seconds per work that is believed before it is seen: other programs on the
/// machine, clock frequencies.
const PRIOR_RATE_SCATTER: f64 = 0.15;

/// Learns the cost of calculations of one method from those that are finished.
///
/// `ln(work) = a + b ln(size)` with normal scatter: Bayesian linear regression with the conjugate prior
/// (Gelman et al., Bayesian Data Analysis, 3rd edition, section 14.8), flat in `a` from the first observation on, so
/// that it works with any number of observations, none included. Core-seconds are work times rate, with
/// `rate = sum of core-seconds / sum of work`. Work is deterministic ([`Cost::work`]), timings are not: the
/// *ranking* of candidates by forecast work depends on deterministic numbers only and is the same in every run, in
/// whatever order calculations finished. If any observation has no work, core-seconds stand in for the work of
/// all, and this does not hold.
///
/// ```
/// use ledger::{CostModel, CostPrior};
/// use matter::units::{CoreSeconds, Seconds};
/// use method::Cost;
///
/// let mut model = CostModel::new(CostPrior::default());
/// for size in [50.0f64, 80.0, 120.0, 160.0] {
///     let work = 1e-3 * size.powi(2);
///     model.observe(size, &Cost { work, core_seconds: CoreSeconds(0.5 * work), ..Cost::ZERO });
/// }
/// let forecast = model.fit(0.95).forecast(100.0);
/// assert!((forecast.work / 10.0 - 1.0).abs() < 0.05);
/// assert!(forecast.upper > forecast.mean);
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CostModel {
    prior: CostPrior,
    seen: Vec<Observation>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Observation {
    size: f64,
    work: f64,
    core_seconds: f64,
}

/// What a calculation of one size will take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CostForecast {
    /// Expected work, in the unit of [`Cost::work`] (of core-seconds where the engine counts no work). Rank by
    /// this.
    pub work: f64,
    /// Expected processor time.
    pub mean: CoreSeconds,
    /// Processor time that is not passed with the probability given to [`CostModel::fit`]. Reserve this.
    pub upper: CoreSeconds,
}

impl CostForecast {
    /// The expected cost in the units of a ledger.
    pub fn mean_charge(&self, conversion: &Conversion) -> Charge {
        conversion.predict(self.mean)
    }

    /// The upper cost in the units of a ledger.
    pub fn upper_charge(&self, conversion: &Conversion) -> Charge {
        conversion.predict(self.upper)
    }
}

impl CostModel {
    /// A model that has seen nothing.
    pub fn new(prior: CostPrior) -> CostModel {
        CostModel { prior, seen: Vec::new() }
    }

    /// Learns from a calculation that is finished, done or failed. What has no size or took no time teaches
    /// nothing and is left out.
    pub fn observe(&mut self, size: f64, cost: &Cost) {
        let seen = Observation { size, work: cost.work, core_seconds: cost.core_seconds.value() };
        let usable = |x: f64| x.is_finite() && x > 0.0;
        if usable(size) && usable(seen.core_seconds) && seen.work.is_finite() {
            self.seen.push(seen);
        }
    }

    /// Number of calculations learnt from.
    pub fn observations(&self) -> usize {
        self.seen.len()
    }

    /// The model as of now. `probability` is that with which a calculation stays below its upper forecast; it is
    /// kept between 0.5 and 0.9999.
    pub fn fit(&self, probability: f64) -> FittedCostModel {
        let probability = if probability.is_nan() { 0.95 } else { probability.clamp(0.5, 0.9999) };
        // Sums of floating-point numbers depend on their order; that in which calculations finished is chance.
        let mut seen = self.seen.clone();
        seen.sort_by(|a, b| {
            a.size
                .total_cmp(&b.size)
                .then(a.work.total_cmp(&b.work))
                .then(a.core_seconds.total_cmp(&b.core_seconds))
        });
        if seen.iter().any(|o| o.work <= 0.0) {
            seen.iter_mut().for_each(|o| o.work = o.core_seconds);
        }
        FittedCostModel::new(&self.prior, &seen, probability)
    }
}

/// A [`CostModel`] at one moment: forecasts are cheap.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedCostModel {
    /// Core-seconds per work.
    rate: f64,
    /// Mean of ln(size) of the observations.
    centre: f64,
    /// ln(work) at the centre.
    level: f64,
    exponent: f64,
    /// Scatter of ln(work) at one size.
    scatter: f64,
    /// Variance of the level and of the exponent, in units of scatter^2.
    level_variance: f64,
    exponent_variance: f64,
    /// Variance of ln(core-seconds / work / rate).
    rate_variance: f64,
    /// Quantile of Student's t.
    student: f64,
    /// Quantile of the residuals of ln(core-seconds), each forecast without itself; minus infinity while there are too few.
    residual: f64,
}

impl FittedCostModel {
    fn new(prior: &CostPrior, seen: &[Observation], probability: f64) -> FittedCostModel {
        let n = seen.len() as f64;
        // The prior of the exponent in units of the scatter, as conjugacy wants it.
        let precision = (prior.scatter / prior.exponent_sd).powi(2);
        if seen.is_empty() {
            return FittedCostModel {
                rate: 1.0,
                centre: prior.size.ln(),
                level: prior.core_seconds.value().ln(),
                exponent: prior.exponent,
                scatter: prior.scatter,
                level_variance: (prior.factor.ln() / prior.scatter).powi(2),
                exponent_variance: 1.0 / precision,
                rate_variance: PRIOR_RATE_SCATTER.powi(2),
                student: quantile(probability, PRIOR_DEGREES as u32),
                residual: f64::NEG_INFINITY,
            };
        }
        let mean = |f: &dyn Fn(&Observation) -> f64| seen.iter().map(f).sum::<f64>() / n;
        let centre = mean(&|o| o.size.ln());
        let level = mean(&|o| o.work.ln());
        let xx = n * mean(&|o| (o.size.ln() - centre).powi(2));
        let xy = n * mean(&|o| (o.size.ln() - centre) * (o.work.ln() - level));
        let yy = n * mean(&|o| (o.work.ln() - level).powi(2));
        let exponent = (xy + precision * prior.exponent) / (xx + precision);
        let squares =
            (yy + precision * prior.exponent.powi(2) - (xx + precision) * exponent.powi(2)).max(0.0);
        // The flat prior of the level takes one degree of freedom.
        let degrees = PRIOR_DEGREES + n - 1.0;
        let scatter = ((PRIOR_DEGREES * prior.scatter.powi(2) + squares) / degrees).sqrt();
        let rate = mean(&|o| o.core_seconds) / mean(&|o| o.work);
        let drift = |o: &Observation| (o.core_seconds / o.work / rate).ln();
        let rate_variance = (PRIOR_DEGREES * PRIOR_RATE_SCATTER.powi(2) + n * mean(&|o| drift(o).powi(2)))
            / (PRIOR_DEGREES + n);
        let mut fitted = FittedCostModel {
            rate,
            centre,
            level,
            exponent,
            scatter,
            level_variance: 1.0 / n,
            exponent_variance: 1.0 / (xx + precision),
            rate_variance,
            student: quantile(probability, degrees.min(f64::from(u32::MAX)) as u32),
            residual: f64::NEG_INFINITY,
        };
        fitted.residual = fitted.residual_quantile(seen, probability);
        fitted
    }

    /// Upper quantile of the residuals that each observation has when forecast from the others (jackknife: Barber
    /// et al., Ann. Statist. 2021, 49, 486). It holds whatever the distribution of the scatter, so it covers the
    /// long tail of calculations that converge badly, which Student's t does not.
    fn residual_quantile(&self, seen: &[Observation], probability: f64) -> f64 {
        let rank = (probability * (seen.len() + 1) as f64).ceil() as usize;
        if rank > seen.len() {
            return f64::NEG_INFINITY;
        }
        let mut residuals: Vec<f64> = seen
            .iter()
            .map(|o| {
                let x = o.size.ln() - self.centre;
                let leverage = self.level_variance + x * x * self.exponent_variance;
                let work = o.work.ln() - self.level - self.exponent * x;
                // Leaving the observation out stretches its residual by 1 / (1 - leverage).
                work / (1.0 - leverage).max(1e-3) + (o.core_seconds / o.work / self.rate).ln()
            })
            .collect();
        residuals.sort_by(f64::total_cmp);
        residuals[rank - 1]
    }

    /// What a calculation of this size will take. A size that is not above 0 counts as 1.
    pub fn forecast(&self, size: f64) -> CostForecast {
        let size = if size.is_finite() && size > 0.0 { size } else { 1.0 };
        let x = size.ln() - self.centre;
        let median = self.level + self.exponent * x;
        // The mean of the log-normal scatter; the uncertainty of the parameters is left out of it, since it would
        // make what is unknown look dear on average rather than possibly dear.
        let work = (median + 0.5 * self.scatter.powi(2)).exp();
        let parameters = self.level_variance + x * x * self.exponent_variance;
        let spread = (self.scatter.powi(2) * (1.0 + parameters) + self.rate_variance).sqrt();
        let above = (self.student * spread).max(self.residual);
        let mean = self.rate * work;
        CostForecast {
            work,
            mean: CoreSeconds(mean),
            upper: CoreSeconds((self.rate * (median + above).exp()).max(mean)),
        }
    }

    /// Core-seconds per work so far; 1 before the first observation.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// How cost grows with size: the `b` of `work ~ size^b`.
    pub fn exponent(&self) -> f64 {
        self.exponent
    }

    /// Standard deviation of ln(work) among calculations of one size.
    pub fn scatter(&self) -> f64 {
        self.scatter
    }
}

#[cfg(test)]
mod tests;
