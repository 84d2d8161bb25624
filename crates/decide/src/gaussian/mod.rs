//! Partial expectations of the normal distribution, stable in the tails.

mod mills;
mod tent;

pub(crate) use mills::{ln_density, ln_first_moment_above, mills};
pub(crate) use tent::{ln_interval, ln_trapezoid};

use serde::Serialize;

/// A normal distribution of a value: what a surrogate says about one
/// candidate. `sd` 0 stands for a known value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Gaussian {
    /// Expected value, in the unit of the property.
    pub mean: f64,
    /// Standard deviation, in the unit of the property; not negative.
    pub sd: f64,
}

/// `ln(exp(a) + exp(b) + ...)` without overflow; minus infinity of nothing.
pub(crate) fn ln_sum_exp(terms: &[f64]) -> f64 {
    let largest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        return largest;
    }
    largest + terms.iter().map(|t| (t - largest).exp()).sum::<f64>().ln()
}
