//! Radial sums: the part of an integral that depends on the distance.

use super::exponential::exp;
use crate::basis::{LANES, MOST, ProductList};

/// Exponentials of the products that reach as far as the squared distance `r2`; returns how many there are.
#[inline(always)]
fn exponentials(list: &ProductList, r2: f64, e: &mut [f64; MOST]) -> usize {
    let mut count = 0;
    while count < list.mu.len().min(MOST) && list.reach[count] >= r2 {
        count += LANES;
    }
    // A loop of its own, without anything that the compiler could not turn into vector instructions.
    for (e, mu) in e[..count].iter_mut().zip(&list.mu[..count]) {
        *e = exp(-mu * r2);
    }
    count
}

/// Radial sums G of two shells at the squared distance `r2`, in the order of the rows of `Products`.
#[inline(always)]
pub(super) fn sums<const W: usize>(list: &ProductList, r2: f64) -> [f64; W] {
    let mut e = [0.0; MOST];
    let count = exponentials(list, r2, &mut e);
    let mut g = [0.0; W];
    for (e, row) in e[..count].iter().zip(list.rows.as_chunks::<W>().0) {
        for w in 0..W {
            g[w] += e * row[w];
        }
    }
    g
}

/// Radial sums and their derivatives `dG/dR = R G'` (the second array holds G').
#[inline(always)]
pub(super) fn sums_with_slope<const W: usize>(list: &ProductList, r2: f64) -> ([f64; W], [f64; W]) {
    let mut e = [0.0; MOST];
    let count = exponentials(list, r2, &mut e);
    let mut g = [0.0; W];
    let mut slope = [0.0; W];
    for ((e, mu), row) in e[..count].iter().zip(list.mu).zip(list.rows.as_chunks::<W>().0) {
        let f = -2.0 * mu * e;
        for w in 0..W {
            g[w] += e * row[w];
            slope[w] += f * row[w];
        }
    }
    (g, slope)
}
