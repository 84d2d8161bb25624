//! Data for the unit tests of this crate.

use crate::{DenseRows, LocalRows};
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

/// Rows of `columns` numbers between -1 and 1.
pub(crate) fn random_rows(rows: usize, columns: usize, seed: u64) -> DenseRows {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    DenseRows::new((0..rows * columns).map(|_| random.random_range(-1.0..1.0)).collect(), columns).unwrap()
}

/// Structures of 3 to 14 atoms; each element has features of its own that the
/// others lack, and some structures lack some elements.
pub(crate) fn random_atoms(structures: usize, columns: usize, seed: u64) -> LocalRows {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut rows = LocalRows::new(columns).unwrap();
    for _ in 0..structures {
        let atoms = random.random_range(3..15);
        let elements: Vec<u8> = (0..atoms).map(|_| [1, 6, 6, 8, 16][random.random_range(0..5)]).collect();
        let values: Vec<f64> = elements
            .iter()
            .flat_map(|&z| (0..columns).map(move |c| (z, c)))
            .map(|(z, c)| if (c + usize::from(z)) % 3 == 0 { 0.0 } else { random.random_range(-1.0..1.0) })
            .collect();
        rows.push(&elements, &values).unwrap();
    }
    rows
}

/// A smooth function of the rows plus uniform noise of the given half-width.
pub(crate) fn smooth_labels(rows: &DenseRows, noise: f64, seed: u64) -> Vec<f64> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    rows.values()
        .chunks_exact(rows.columns())
        .map(|row| {
            let sum: f64 = row.iter().enumerate().map(|(i, v)| (1.5 * v + i as f64).sin()).sum();
            sum + random.random_range(-noise..=noise)
        })
        .collect()
}
