//! Distances, and the triangles of atoms.

use super::Fchl19Settings;
use crate::numeric::exp_in_place;
use matter::Geometry;
use std::f64::consts::PI;

/// Log-normal distributions of a distance on the grid.
#[derive(Debug, Clone)]
pub(super) struct TwoBody {
    logarithms: Vec<f64>,
    /// 1 / (R sqrt(2 pi)).
    scales: Vec<f64>,
    eta: f64,
    decay: f64,
    cutoff: f64,
}

impl TwoBody {
    pub(super) fn new(settings: &Fchl19Settings) -> Self {
        let points = settings.n_rs2;
        let grid = (1..=points).map(|k| settings.rcut * k as f64 / points as f64);
        Self {
            logarithms: grid.clone().map(f64::ln).collect(),
            scales: grid.map(|r| 1.0 / (r * (2.0 * PI).sqrt())).collect(),
            eta: settings.eta2,
            decay: settings.two_body_decay,
            cutoff: settings.rcut,
        }
    }

    /// Writes the distribution to the beginning of `values`.
    pub(super) fn sample(&self, r: f64, values: &mut [f64]) {
        let values = &mut values[..self.scales.len()];
        let spread = (self.eta / (r * r)).ln_1p();
        let mu = r.ln() - 0.5 * spread;
        let curvature = -0.5 / spread;
        for (value, logarithm) in values.iter_mut().zip(&self.logarithms) {
            *value = (logarithm - mu) * (logarithm - mu) * curvature;
        }
        exp_in_place(values);
        let factor = cutoff(r, self.cutoff) / (spread.sqrt() * r.powf(self.decay));
        values.iter_mut().zip(&self.scales).for_each(|(value, scale)| *value *= factor * scale);
    }

    /// Writes the derivative with respect to the distance beside the
    /// distribution.
    pub(super) fn derivative(&self, r: f64, values: &mut [f64], slopes: &mut [f64]) {
        self.sample(r, values);
        let spread = (self.eta / (r * r)).ln_1p();
        let mu = r.ln() - 0.5 * spread;
        let spread_slope = -2.0 * self.eta / (r * (r * r + self.eta));
        let mu_slope = 1.0 / r - 0.5 * spread_slope;
        // d ln of what does not depend on the grid.
        let common = cutoff_log_slope(r, self.cutoff) - 0.5 * spread_slope / spread - self.decay / r;
        for ((slope, value), logarithm) in slopes.iter_mut().zip(values).zip(&self.logarithms) {
            let x = (logarithm - mu) / spread;
            *slope = *value * (common + x * mu_slope + 0.5 * x * x * spread_slope);
        }
    }
}

/// fc, from 1 at no distance to 0 at the cutoff.
fn cutoff(r: f64, end: f64) -> f64 {
    0.5 * ((PI * r / end).cos() + 1.0)
}

/// The derivative of ln fc; 0 where fc is 0.
pub(super) fn cutoff_log_slope(r: f64, end: f64) -> f64 {
    let (sine, cosine) = (PI * r / end).sin_cos();
    if cosine > -1.0 { -PI / end * sine / (1.0 + cosine) } else { 0.0 }
}

/// What depends on two atoms.
pub(super) struct Pairs<'a> {
    positions: &'a [[f64; 3]],
    acut: f64,
    atoms: usize,
    distances: Vec<f64>,
    decays: Vec<f64>,
    powers: Vec<f64>,
}

impl<'a> Pairs<'a> {
    pub(super) fn new(geometry: &'a Geometry, settings: &Fchl19Settings) -> Self {
        let atoms = geometry.len();
        let mut pairs = Self {
            positions: geometry.positions(),
            acut: settings.acut,
            atoms,
            distances: vec![0.0; atoms * atoms],
            decays: vec![0.0; atoms * atoms],
            powers: vec![0.0; atoms * atoms],
        };
        for i in 0..atoms {
            for j in 0..i {
                let r = geometry.distance(i, j);
                let values = (r, cutoff(r, settings.acut), r.powf(-settings.three_body_decay));
                for place in [i * atoms + j, j * atoms + i] {
                    (pairs.distances[place], pairs.decays[place], pairs.powers[place]) = values;
                }
            }
        }
        pairs
    }

    #[inline]
    pub(super) fn distance(&self, i: usize, j: usize) -> f64 {
        self.distances[i * self.atoms + j]
    }

    /// fc with the cutoff of terms of three atoms.
    #[inline]
    pub(super) fn decay(&self, i: usize, j: usize) -> f64 {
        self.decays[i * self.atoms + j]
    }

    /// Visits all triangles that have two sides within the cutoff.
    pub(super) fn triangles(&self, mut visit: impl FnMut(&Triangle)) {
        for i in 0..self.atoms {
            for j in 0..i {
                let ij = self.distance(i, j);
                let near = ij <= self.acut;
                let u = difference(self.positions[j], self.positions[i]);
                for k in 0..j {
                    let (ik, jk) = (self.distance(i, k), self.distance(j, k));
                    let close =
                        usize::from(near) + usize::from(ik <= self.acut) + usize::from(jk <= self.acut);
                    if close < 2 {
                        continue;
                    }
                    let v = difference(self.positions[k], self.positions[i]);
                    let w = difference(v, u);
                    let inverse = [1.0 / (ij * ik), 1.0 / (ij * jk), 1.0 / (ik * jk)];
                    let dots = [dot(u, v), -dot(u, w), dot(v, w)];
                    // Twice the area, the same seen from each corner: sines are
                    // exact even where cosines are nearly 1.
                    let area = norm_of_cross(u, v);
                    let cosines = [dots[0] * inverse[0], dots[1] * inverse[1], dots[2] * inverse[2]];
                    let powers = self.powers[i * self.atoms + j]
                        * self.powers[i * self.atoms + k]
                        * self.powers[j * self.atoms + k];
                    visit(&Triangle {
                        atoms: [i, j, k],
                        cosines,
                        sines: inverse.map(|inverse| area * inverse),
                        strength: (1.0 + 3.0 * cosines[0] * cosines[1] * cosines[2]) * powers,
                        powers,
                    });
                }
            }
        }
    }
}

/// Three atoms.
pub(super) struct Triangle {
    pub(super) atoms: [usize; 3],
    /// Of the angles at the atoms.
    pub(super) cosines: [f64; 3],
    /// Of the angles at the atoms.
    pub(super) sines: [f64; 3],
    /// (1 + 3 cos cos cos) times the powers.
    pub(super) strength: f64,
    /// The product of the distances to the power -N3.
    pub(super) powers: f64,
}

impl Triangle {
    /// Each corner with the two others.
    pub(super) fn corners(&self) -> [[usize; 3]; 3] {
        [[0, 1, 2], [1, 2, 0], [2, 0, 1]]
    }
}

pub(super) fn difference(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn norm_of_cross(a: [f64; 3], b: [f64; 3]) -> f64 {
    let c = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
    dot(c, c).sqrt()
}
