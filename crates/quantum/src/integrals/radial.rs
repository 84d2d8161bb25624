//! Radial sums: the part of an integral that depends on the distance.

use super::exponential::exp;
use crate::basis::{LANES, ProductList};

/// Radial sums G of two shells at the squared distance `r2`, in the order of the rows of `Products`.
#[inline(always)]
pub(super) fn sums<const W: usize>(list: &ProductList, r2: f64) -> [f64; W] {
    let mut g = [0.0; W];
    let (rows, _) = list.rows.as_chunks::<W>();
    let (mu, _) = list.mu.as_chunks::<LANES>();
    let (reach, _) = list.reach.as_chunks::<LANES>();
    let (groups, _) = rows.as_chunks::<LANES>();
    for ((mu, reach), rows) in mu.iter().zip(reach).zip(groups) {
        if reach[0] < r2 {
            break;
        }
        let mut e = [0.0; LANES];
        for k in 0..LANES {
            e[k] = exp(-(mu[k] * r2).min(600.0));
        }
        for k in 0..LANES {
            for w in 0..W {
                g[w] += e[k] * rows[k][w];
            }
        }
    }
    g
}

/// Radial sums and their derivatives `dG/dR = R G'` (the second array holds G').
#[inline(always)]
pub(super) fn sums_with_slope<const W: usize>(list: &ProductList, r2: f64) -> ([f64; W], [f64; W]) {
    let mut g = [0.0; W];
    let mut slope = [0.0; W];
    let (rows, _) = list.rows.as_chunks::<W>();
    let (mu, _) = list.mu.as_chunks::<LANES>();
    let (reach, _) = list.reach.as_chunks::<LANES>();
    let (groups, _) = rows.as_chunks::<LANES>();
    for ((mu, reach), rows) in mu.iter().zip(reach).zip(groups) {
        if reach[0] < r2 {
            break;
        }
        let mut e = [0.0; LANES];
        let mut f = [0.0; LANES];
        for k in 0..LANES {
            e[k] = exp(-(mu[k] * r2).min(600.0));
            f[k] = -2.0 * mu[k] * e[k];
        }
        for k in 0..LANES {
            for w in 0..W {
                g[w] += e[k] * rows[k][w];
                slope[w] += f[k] * rows[k][w];
            }
        }
    }
    (g, slope)
}
