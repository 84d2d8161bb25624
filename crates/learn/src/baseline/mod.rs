//! What is subtracted from labels before a model learns the rest.

mod composition;
mod difference;
mod extensive;
mod stored;

pub use composition::{Composition, ElementBaseline};
pub use difference::{Difference, WithBaseline};
pub use extensive::{Extensive, WithComposition};

/// `a - b`, entry by entry.
fn minus(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

/// Adds `b` to `a`, entry by entry.
fn add(a: &mut [f64], b: &[f64]) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
}
