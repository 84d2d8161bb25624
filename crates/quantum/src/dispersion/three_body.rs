//! Three-body (Axilrod-Teller-Muto) energy at zero charges (J. Chem. Phys. 2019, 150, 154122).
//!
//! Every factor of a triple that belongs to one pair is made once per pair: with C9 = sqrt(C6 C6 C6), g =
//! sqrt(C6)/R^3 and t = (R0/R)^(16/3), the energy is s9 ggg (1 + 3/8 s/(R^2 R^2 R^2)) / (1 + 6 ttt), s the
//! product of R_AB^2 + R_AC^2 - R_BC^2 and its like; the only operations other than sums and products are one
//! division per triple.

use super::group::{dot, mix};
use super::{Dispersion, distance2, weights};

/// Scaling of the energy (GFN2).
const S9: f64 = 5.0;

/// Distance in bohr beyond which a pair is part of no triple, as in tblite.
const CUTOFF: f64 = 25.0;

/// Numbers handled together: rows are padded to a multiple of it with pairs that do not interact.
const LANES: usize = 4;

/// Columns of the pair matrices that are visited together, so that what is read again and again stays in
/// cache.
const BLOCK: usize = 32;

/// Pair quantities of the triples, all lower triangles `[n_atoms][stride]`.
#[derive(Default)]
pub(super) struct Triples {
    stride: usize,
    /// Squared distance and its inverse (bohr^2; 1 where there is no pair).
    square: Vec<f64>,
    inverse: Vec<f64>,
    /// sqrt(C6)/R^3 (0 where there is no pair or it is beyond the cutoff).
    strength: Vec<f64>,
    /// (R0/R)^(16/3).
    damping: Vec<f64>,
    /// Energy of the triples that a pair is part of.
    energy: Vec<f64>,
    /// Derivative of that by the squared distance, C6 constant.
    slope: Vec<f64>,
    /// Weights at zero charge and their products with coefficients, as in the two-body term, and the weights'
    /// derivatives by the coordination number.
    value: Vec<f64>,
    by_cn: Vec<f64>,
    mixed: Vec<f64>,
}

impl Triples {
    /// Everything that belongs to one pair or atom.
    fn prepare(&mut self, parent: &Dispersion) {
        let n = parent.len();
        self.stride = n.next_multiple_of(LANES);
        let size = n * self.stride;
        for (values, empty) in [
            (&mut self.square, 1.0),
            (&mut self.inverse, 1.0),
            (&mut self.strength, 0.0),
            (&mut self.damping, 0.0),
            (&mut self.energy, 0.0),
            (&mut self.slope, 0.0),
        ] {
            values.clear();
            values.resize(size, empty);
        }
        self.value.clone_from(&parent.gauss);
        self.by_cn.clone_from(&parent.gauss_slope);
        self.mixed.clear();
        self.mixed.resize(parent.weights.mixed.len(), 0.0);
        for group in &parent.groups {
            for (r, &reference) in group.active.iter().enumerate() {
                let charge = group.references[reference].charge;
                let (zeta, _) = weights::zeta(group.nuclear, group.steepness, charge, 0.0);
                for slot in group.range(r) {
                    self.value[slot] *= zeta;
                    self.by_cn[slot] *= zeta;
                }
            }
        }
        mix(&parent.groups, n, &self.value, &mut self.mixed);
        for (a, first) in parent.groups.iter().enumerate() {
            for i in first.start..first.end {
                let row = i * self.stride;
                for r in 0..first.active.len() {
                    let weight = self.value[first.at(r, i)];
                    let mixed = &self.mixed[(first.row + r) * n..][..i];
                    for (c6, value) in self.strength[row..].iter_mut().zip(mixed) {
                        *c6 += weight * value;
                    }
                }
                for (b, second) in parent.groups[..=a].iter().enumerate() {
                    let radius = parent.dampings[a * parent.groups.len() + b].radius;
                    for j in second.start..second.end.min(i) {
                        let square = distance2(&parent.positions, i, j);
                        if square > CUTOFF * CUTOFF {
                            self.strength[row + j] = 0.0;
                            continue;
                        }
                        let inverse = 1.0 / square;
                        let root = inverse.sqrt();
                        self.square[row + j] = square;
                        self.inverse[row + j] = inverse;
                        self.strength[row + j] = self.strength[row + j].sqrt() * inverse * root;
                        let ratio = radius * root;
                        let fourth = ratio * ratio * ratio * ratio;
                        self.damping[row + j] = fourth * ratio * ratio.cbrt();
                    }
                }
            }
        }
    }

    /// Sums the energy, and with `SLOPE` its derivative by the squared distance, of every triple to its three
    /// pairs.
    fn sum<const SLOPE: bool>(&mut self, n: usize) {
        for block in (0..n).step_by(BLOCK) {
            for i in block + 2..n {
                for j in block + 1..i {
                    if self.strength[i * self.stride + j] != 0.0 {
                        let end = (block + BLOCK).min(j.next_multiple_of(LANES));
                        self.row::<SLOPE>(i, j, block, end);
                    }
                }
            }
        }
    }

    /// The triples of atoms i > j and every k from `start` to `end` (both multiples of the lanes) that is
    /// below j.
    fn row<const SLOPE: bool>(&mut self, i: usize, j: usize, start: usize, end: usize) {
        let (at_i, at_j) = (i * self.stride, j * self.stride);
        let pair = at_i + j;
        let (x, x_inverse) = (self.square[pair], self.inverse[pair]);
        let (x_strength, x_damping) = (S9 * self.strength[pair], 6.0 * self.damping[pair]);
        let (of_i, of_j) = (at_i + start..at_i + end, at_j + start..at_j + end);
        fn lanes(values: &[f64], range: std::ops::Range<usize>) -> &[[f64; LANES]] {
            values[range].as_chunks().0
        }
        let (y_square, z_square) = (lanes(&self.square, of_i.clone()), lanes(&self.square, of_j.clone()));
        let (y_inverse, z_inverse) = (lanes(&self.inverse, of_i.clone()), lanes(&self.inverse, of_j.clone()));
        let (y_strength, z_strength) =
            (lanes(&self.strength, of_i.clone()), lanes(&self.strength, of_j.clone()));
        let (y_damping, z_damping) = (lanes(&self.damping, of_i.clone()), lanes(&self.damping, of_j.clone()));
        let (head, tail) = self.energy.split_at_mut(at_i);
        let (y_energy, z_energy) = (tail[start..end].as_chunks_mut().0, head[of_j.clone()].as_chunks_mut().0);
        let (head, tail) = self.slope.split_at_mut(at_i);
        let (y_slope, z_slope) = (tail[start..end].as_chunks_mut().0, head[of_j].as_chunks_mut().0);
        let mut energy: [f64; LANES] = [0.0; LANES];
        let mut slope: [f64; LANES] = [0.0; LANES];
        for c in 0..y_square.len() {
            let (y_energy, z_energy): (&mut [f64; LANES], &mut [f64; LANES]) =
                (&mut y_energy[c], &mut z_energy[c]);
            let (y_slope, z_slope): (&mut [f64; LANES], &mut [f64; LANES]) =
                (&mut y_slope[c], &mut z_slope[c]);
            for k in 0..LANES {
                let (y, z) = (y_square[c][k], z_square[c][k]);
                let (y_inverse, z_inverse) = (y_inverse[c][k], z_inverse[c][k]);
                let (k_side, j_side, i_side) = (x + y - z, x + z - y, y + z - x);
                let third = 0.375 * x_inverse * y_inverse * z_inverse;
                let angle = k_side * j_side * i_side * third;
                let damping = 1.0 / (1.0 + x_damping * y_damping[c][k] * z_damping[c][k]);
                let isotropic = x_strength * y_strength[c][k] * z_strength[c][k] * damping;
                let value = isotropic * (1.0 + angle);
                energy[k] += value;
                y_energy[k] += value;
                z_energy[k] += value;
                if SLOPE {
                    // R^-9 and the damping, then the angles.
                    let radial = value * (7.0 / 6.0 - 8.0 / 3.0 * damping) - isotropic * angle;
                    let angular = isotropic * third;
                    let (p, q, r) = (j_side * i_side, k_side * i_side, k_side * j_side);
                    slope[k] += radial * x_inverse + angular * (p + q - r);
                    y_slope[k] += radial * y_inverse + angular * (p - q + r);
                    z_slope[k] += radial * z_inverse + angular * (q + r - p);
                }
            }
        }
        self.energy[pair] += energy.iter().sum::<f64>();
        self.slope[pair] += slope.iter().sum::<f64>();
    }

    /// Adds a third of the energy of every triple to each of its atoms.
    fn share(&self, order: &[usize], energy: &mut [f64]) {
        for (i, &a) in order.iter().enumerate() {
            for (value, &b) in self.energy[i * self.stride..].iter().zip(&order[..i]) {
                // A triple is in the sums of two pairs of each atom.
                energy[a] += value / 6.0;
                energy[b] += value / 6.0;
            }
        }
    }
}

impl Dispersion {
    /// Adds the three-body energy in hartree where the atoms were placed last, a third of each triple to each
    /// atom.
    pub fn add_three_body(&mut self, energy: &mut [f64]) {
        let mut triples = std::mem::take(&mut self.triples);
        triples.prepare(self);
        triples.sum::<false>(self.len());
        triples.share(&self.order, energy);
        self.triples = triples;
    }

    /// As [`Dispersion::add_three_body`], and adds the derivative by the positions (hartree/bohr).
    pub fn add_three_body_gradient(&mut self, energy: &mut [f64], gradient: &mut [[f64; 3]]) {
        let n = self.len();
        let mut triples = std::mem::take(&mut self.triples);
        triples.prepare(self);
        triples.sum::<true>(n);
        triples.share(&self.order, energy);
        let mut by_cn = std::mem::take(&mut self.by_cn);
        by_cn.fill(0.0);
        for first in &self.groups {
            for i in first.start..first.end {
                let row = i * triples.stride;
                for j in 0..i {
                    self.push(i, j, 2.0 * triples.slope[row + j], gradient);
                    // From here on the derivative by C6, E/(2 C6), of which `strength` has the root over R^3.
                    let inverse = triples.inverse[row + j];
                    let strength = triples.strength[row + j];
                    let scale = inverse * inverse * inverse / (strength * strength);
                    let value = triples.energy[row + j];
                    triples.energy[row + j] = if value == 0.0 { 0.0 } else { 0.5 * value * scale };
                }
            }
        }
        for first in &self.groups {
            for i in first.start..first.end {
                for r in 0..first.active.len() {
                    let mixed = &triples.mixed[(first.row + r) * n..][..n];
                    let below = dot(&triples.energy[i * triples.stride..][..i], &mixed[..i]);
                    let above =
                        (i + 1..n).map(|j| triples.energy[j * triples.stride + i] * mixed[j]).sum::<f64>();
                    by_cn[i] += triples.by_cn[first.at(r, i)] * (below + above);
                }
            }
        }
        self.chain(&by_cn, gradient);
        self.by_cn = by_cn;
        self.triples = triples;
    }
}
