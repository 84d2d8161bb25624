//! Which structures become inducing points.

use crate::gp::factor::dot;
use crate::{Kernel, Table};
use rayon::prelude::*;

/// A structure of which less than this share is unexplained is a copy to the
/// precision of the factor.
const EXPLAINED: f64 = 1e-9;

/// Pivots of the incomplete Cholesky factor of the kernel matrix of evenly
/// spaced rows, `pool` at most: the first is the largest, each following the one
/// with the largest unexplained variance, the first of equals.
pub(super) fn pivots<K: Kernel>(
    kernel: &K,
    x: &K::Input,
    length: f64,
    most: usize,
    pool: usize,
) -> Vec<usize> {
    let count = x.len().min(pool.max(most));
    let rows: Vec<usize> = (0..count).map(|i| i * x.len() / count).collect();
    let part = x.select(&rows);
    let prepared = kernel.prepare(&part);
    let mut left = kernel.diagonal(&part, 0..count, length);
    let largest = left.iter().fold(0.0_f64, |most, v| most.max(*v));
    let most = most.min(count);
    let mut factor = vec![0.0; count * most];
    let mut column = vec![0.0; count];
    let mut chosen = Vec::with_capacity(most);
    for step in 0..most {
        let pivot = (0..count).fold(0, |best, i| if left[i] > left[best] { i } else { best });
        if left[pivot] <= EXPLAINED * largest {
            break;
        }
        chosen.push(rows[pivot]);
        kernel.cross(&prepared, &part, pivot..pivot + 1, length, &mut column);
        let own = factor[pivot * most..pivot * most + step].to_vec();
        let root = left[pivot].sqrt();
        factor.par_chunks_mut(most).zip(&mut left).zip(&column).for_each(|((row, left), k)| {
            let entry = (k - dot(&row[..step], &own)) / root;
            row[step] = entry;
            *left -= entry * entry;
        });
        left[pivot] = 0.0;
    }
    // A table without a structure that is like itself, e.g. of no atoms.
    if chosen.is_empty() {
        chosen.extend(rows.first());
    }
    chosen
}
