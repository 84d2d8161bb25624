//! Data for the unit tests of this crate.

use features::{CountMatrix, SparseCounts};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Rows like Morgan counts of one chemical family: a few features that nearly
/// all have, many that few have.
pub(crate) fn random_counts(rows: usize, seed: u64) -> CountMatrix {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let rows: Vec<SparseCounts> = (0..rows)
        .map(|_| {
            let size = random.random_range(15..45);
            let pairs: Vec<(u32, u32)> = (0..size)
                .map(|_| {
                    let rank: f64 = random.random::<f64>().powi(3) * 400.0;
                    ((rank as u32).wrapping_mul(2_654_435_761), random.random_range(1..4))
                })
                .collect();
            SparseCounts::from_pairs(pairs).unwrap()
        })
        .collect();
    rows.iter().collect()
}

/// Labels that add up contributions of the features, plus uniform noise of the
/// given half-width.
pub(crate) fn additive_labels(rows: &CountMatrix, noise: f64, seed: u64) -> Vec<f64> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    rows.rows()
        .map(|row| {
            let sum: f64 = row.iter().map(|(id, count)| f64::from(id).sin() * f64::from(count)).sum();
            0.2 * sum + random.random_range(-noise..=noise)
        })
        .collect()
}
