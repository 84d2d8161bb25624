//! Points on the unit sphere.

use std::ops::Range;
use std::sync::LazyLock;

use super::distance;
use crate::tables::lebedev::{GENERATORS, POINTS};

/// Patches into which the points are divided. Most are decided as a whole; more patches would be more decisions.
const PATCHES: usize = 32;

/// The Lebedev grid.
pub(super) static GRID: LazyLock<Grid> = LazyLock::new(Grid::new);

/// Points on the unit sphere, patch by patch.
pub(super) struct Grid {
    pub points: Vec<[f64; 3]>,
    /// Their sum is 4 pi.
    pub weights: Vec<f64>,
    pub patches: Vec<Patch>,
}

/// Points that are close together.
pub(super) struct Patch {
    pub centre: [f64; 3],
    /// Largest distance of a point from the centre.
    pub reach: f64,
    pub points: Range<usize>,
}

impl Grid {
    fn new() -> Grid {
        let mut points: Vec<([f64; 3], f64, usize)> =
            expand().into_iter().map(|(point, weight)| (point, weight, 0)).collect();
        // centres: each time the point farthest from all centres
        let mut centres: Vec<[f64; 3]> = Vec::new();
        let away = |p: &[f64; 3], centres: &[[f64; 3]]| {
            centres.iter().map(|c| distance(p, c)).fold(f64::INFINITY, f64::min)
        };
        while centres.len() < PATCHES {
            let farther = |a: &&([f64; 3], f64, usize), b: &&([f64; 3], f64, usize)| {
                away(&a.0, &centres).total_cmp(&away(&b.0, &centres))
            };
            let Some(next) = points.iter().max_by(farther) else { break };
            centres.push(next.0);
        }
        for (point, _, patch) in &mut points {
            let nearest = (0..centres.len())
                .min_by(|&a, &b| distance(point, &centres[a]).total_cmp(&distance(point, &centres[b])));
            *patch = nearest.unwrap_or(0);
        }
        points.sort_by_key(|p| p.2);
        let patches = points.chunk_by(|a, b| a.2 == b.2).scan(0, |start, members| {
            let points = *start..*start + members.len();
            *start = points.end;
            let centre = std::array::from_fn(|axis| {
                members.iter().map(|m| m.0[axis]).sum::<f64>() / members.len() as f64
            });
            let reach = members.iter().map(|m| distance(&m.0, &centre)).fold(0.0, f64::max);
            Some(Patch { centre, reach, points })
        });
        Grid {
            patches: patches.collect(),
            weights: points.iter().map(|p| p.1).collect(),
            points: points.into_iter().map(|p| p.0).collect(),
        }
    }
}

/// All permutations and signs of the coordinates of the generators, with their weights.
fn expand() -> Vec<([f64; 3], f64)> {
    let mut points: Vec<([f64; 3], f64)> = Vec::with_capacity(POINTS);
    for (generator, weight) in GENERATORS {
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            for signs in 0..8 {
                let point = std::array::from_fn(|axis| {
                    let x: f64 = generator[order[axis]];
                    if (signs >> axis) & 1 == 1 { -x } else { x }
                });
                if !points.iter().any(|(other, _)| *other == point) {
                    points.push((point, weight));
                }
            }
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    #[test]
    fn grid_integrates_polynomials_of_degree_25() {
        assert_eq!(GRID.points.len(), POINTS);
        assert_eq!(GRID.patches.last().map(|p| p.points.end), Some(POINTS));
        let grid = || GRID.points.iter().zip(&GRID.weights);
        let mean = |f: fn(&[f64; 3]) -> f64| grid().map(|(x, w)| w * f(x)).sum::<f64>() / (4.0 * PI);
        assert!((mean(|_| 1.0) - 1.0).abs() < 1e-14);
        assert!((mean(|x| x[2].powi(24)) - 1.0 / 25.0).abs() < 1e-14);
        // mean of x^2a y^2b z^2c: (2a-1)!! (2b-1)!! (2c-1)!! / (2a+2b+2c+1)!!
        let double: fn(u32) -> f64 = |n| (1..=n).rev().step_by(2).map(f64::from).product();
        let product = mean(|x| (x[0] * x[1] * x[2]).powi(8));
        assert!((product / (double(7).powi(3) / double(25)) - 1.0).abs() < 1e-9);
        assert!(mean(|x| x[0].powi(13) * x[1].powi(12)).abs() < 1e-14);
    }
}
