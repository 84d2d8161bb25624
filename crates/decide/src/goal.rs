use crate::DecideError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;

/// The largest size of a value, so that no arithmetic on values overflows.
pub(crate) const VALUE_LIMIT: f64 = 1e100;

/// What makes a value of the property good.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Goal {
    /// The higher the better.
    #[serde(alias = "maximize")]
    Maximise,
    /// The lower the better.
    #[serde(alias = "minimize")]
    Minimise,
    /// The nearer to this value (in the unit of the property) the better.
    Target(f64),
    /// Inside of the range all values are equally good; outside, the nearer to
    /// it the better.
    Range {
        /// Lower end, in the unit of the property.
        low: f64,
        /// Upper end, in the unit of the property.
        high: f64,
    },
}

/// How good a value is, in the unit of the property: higher is better.
///
/// | goal | utility of `y` | best possible |
/// |---|---|---|
/// | maximise | `y` | unlimited |
/// | minimise | `-y` | unlimited |
/// | target `t` | minus the distance of `y` to `t` | 0 |
/// | range | minus the distance of `y` to the range | 0 |
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Utility(pub f64);

impl Utility {
    /// The bare number, in the unit of the property.
    pub fn value(self) -> f64 {
        self.0
    }

    /// The order of utilities as numbers, with NaN as the worst of all.
    pub fn order(self, other: Utility) -> Ordering {
        match (self.0.is_nan(), other.0.is_nan()) {
            (false, false) => self.0.partial_cmp(&other.0).unwrap_or(Ordering::Equal),
            (mine, others) => others.cmp(&mine),
        }
    }

    /// The better of two.
    pub fn best(self, other: Utility) -> Utility {
        if other.order(self) == Ordering::Greater { other } else { self }
    }
}

impl fmt::Display for Utility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Goal {
    /// Refuses ends that are no numbers of at most 1e100 in size, and ranges
    /// that are turned around.
    ///
    /// # Errors
    /// [`DecideError::BadSetting`], [`DecideError::EmptyRange`].
    pub fn check(&self) -> Result<(), DecideError> {
        let finite = |field, found: f64| {
            // NaN fails the comparison too.
            if found.abs() <= VALUE_LIMIT {
                Ok(())
            } else {
                Err(DecideError::BadSetting {
                    field,
                    found,
                    expected: "a finite number of at most 1e100 in size",
                })
            }
        };
        match *self {
            Goal::Maximise | Goal::Minimise => Ok(()),
            Goal::Target(target) => finite("objective.goal.target", target),
            Goal::Range { low, high } => {
                finite("objective.goal.range.low", low)?;
                finite("objective.goal.range.high", high)?;
                if low <= high {
                    Ok(())
                } else {
                    Err(DecideError::EmptyRange { field: "objective.goal.range", low, high })
                }
            }
        }
    }

    /// How good the value `y` of the property is.
    pub fn utility(&self, y: f64) -> Utility {
        Utility(match *self {
            Goal::Maximise => y,
            Goal::Minimise => -y,
            Goal::Target(target) => -(y - target).abs(),
            // One of the differences is negative outside of the range, and
            // both inside of it are not.
            Goal::Range { low, high } => (y - low).min(high - y).min(0.0),
        })
    }

    /// What a person wants to read for a utility: the value itself where values
    /// are maximised or minimised, else the distance to the target or range.
    pub fn readable(&self, utility: Utility) -> f64 {
        match self {
            Goal::Maximise => utility.0,
            // Not -0 for 0.
            _ => 0.0 - utility.0,
        }
    }

    /// The utility that nothing can surpass, where there is one.
    pub fn ceiling(&self) -> Option<Utility> {
        match self {
            Goal::Maximise | Goal::Minimise => None,
            Goal::Target(_) | Goal::Range { .. } => Some(Utility(0.0)),
        }
    }

    /// The best utility of some values; `None` of no values. NaN is skipped.
    pub fn best(&self, values: impl IntoIterator<Item = f64>) -> Option<Utility> {
        values.into_iter().filter(|y| !y.is_nan()).map(|y| self.utility(y)).reduce(Utility::best)
    }

    /// The value with the best utility, the first of equals; `None` of no values. NaN is skipped.
    pub fn best_value(&self, values: impl IntoIterator<Item = f64>) -> Option<f64> {
        values
            .into_iter()
            .filter(|y| !y.is_nan())
            .reduce(|best, y| if self.utility(y).order(self.utility(best)).is_gt() { y } else { best })
    }

    /// The best utility up to each value, in order; `None` until there is one.
    /// `None` as a value stands for a failure.
    pub fn best_so_far(&self, values: impl IntoIterator<Item = Option<f64>>) -> Vec<Option<Utility>> {
        let mut best = None;
        values
            .into_iter()
            .map(|value| {
                best = self.best(value).into_iter().chain(best).reduce(Utility::best);
                best
            })
            .collect()
    }

    /// Positions of the values, best first; equals stay in order, NaN is last.
    pub fn rank(&self, values: &[f64]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&a, &b| self.utility(values[b]).order(self.utility(values[a])));
        order
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Goal::Maximise => f.write_str("maximise"),
            Goal::Minimise => f.write_str("minimise"),
            Goal::Target(target) => write!(f, "as near as possible to {target}"),
            Goal::Range { low, high } => write!(f, "between {low} and {high}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utilities_follow_their_definition() {
        assert_eq!(Goal::Maximise.utility(2.0), Utility(2.0));
        assert_eq!(Goal::Minimise.utility(2.0), Utility(-2.0));
        assert_eq!(Goal::Target(1.5).utility(1.0), Utility(-0.5));
        let range = Goal::Range { low: 1.0, high: 3.0 };
        for (y, u) in [(0.0, -1.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0), (5.0, -2.0)] {
            assert_eq!(range.utility(y), Utility(u));
        }
        assert_eq!(Goal::Minimise.readable(Utility(-2.0)), 2.0);
        assert!(range.readable(Utility(0.0)).is_sign_positive());
    }

    #[test]
    fn ranking_puts_the_best_first_and_nan_last() {
        let values = [3.0, f64::NAN, 1.0, 2.0, 1.0];
        assert_eq!(Goal::Minimise.rank(&values), [2, 4, 3, 0, 1]);
        assert_eq!(Goal::Minimise.best(values), Some(Utility(-1.0)));
        assert_eq!(Goal::Minimise.best_value(values), Some(1.0));
        assert_eq!(Goal::Target(2.2).best_value(values), Some(2.0));
        assert_eq!(
            Goal::Maximise.best_so_far([None, Some(1.0), Some(0.0), None, Some(4.0)]),
            [None, Some(Utility(1.0)), Some(Utility(1.0)), Some(Utility(1.0)), Some(Utility(4.0))]
        );
    }

    #[test]
    fn ends_out_of_order_or_not_finite_are_refused() {
        let error = Goal::Range { low: 2.0, high: 1.0 }.check().unwrap_err().to_string();
        assert!(error.contains("objective.goal.range") && error.contains("swap"), "{error}");
        let error = Goal::Target(f64::NAN).check().unwrap_err().to_string();
        assert!(error.contains("objective.goal.target") && error.contains("NaN"), "{error}");
    }
}
