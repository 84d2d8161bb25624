//! Expansion coefficients and the power spectrum.

use super::basis::add_scaled;
use super::{Soap, SoapSettings};
use crate::Unfit;
use matter::{Element, Geometry};

/// Coefficients of the density about each atom of a molecule.
pub(super) struct Density {
    /// The elements of the molecule, by their place among the columns.
    pub(super) present: Vec<usize>,
    /// The element of each atom, by its place in `present`.
    pub(super) species: Vec<usize>,
    /// Numbers of one atom: present elements x harmonics x stride.
    per_atom: usize,
    values: Vec<f64>,
}

impl Density {
    /// The coefficients about one atom.
    pub(super) fn about(&self, atom: usize) -> &[f64] {
        &self.values[atom * self.per_atom..(atom + 1) * self.per_atom]
    }

    /// The coefficients averaged over all atoms.
    pub(super) fn mean(&self) -> Vec<f64> {
        let mut mean = vec![0.0; self.per_atom];
        for atom in self.values.chunks_exact(self.per_atom) {
            mean.iter_mut().zip(atom).for_each(|(sum, value)| *sum += value);
        }
        let share = self.per_atom as f64 / self.values.len() as f64;
        mean.iter_mut().for_each(|value| *value *= share);
        mean
    }
}

impl Soap {
    /// The coefficients c(Z, n, l, m), with the factors of the power spectrum
    /// in them.
    pub(super) fn expand(&self, geometry: &Geometry) -> Result<Density, Unfit> {
        let place = |(atom, &element): (usize, &Element)| {
            self.elements.binary_search(&element).map_err(|_| Unfit::Element {
                atom: atom + 1,
                element,
                covered: self.listed.clone(),
            })
        };
        let places: Vec<usize> =
            geometry.elements().iter().enumerate().map(place).collect::<Result<_, _>>()?;
        let mut present = places.clone();
        present.sort_unstable();
        present.dedup();
        let species: Vec<usize> =
            places.iter().map(|place| present.partition_point(|other| other < place)).collect();

        let (stride, harmonics) = (self.basis.stride, self.harmonics.len());
        let per_species = harmonics * stride;
        let per_atom = present.len() * per_species;
        let mut values = vec![0.0; geometry.len() * per_atom];
        let mut scratch = vec![0.0; self.basis.scratch()];
        let mut radial = vec![0.0; (self.settings.l_max + 1) * stride];
        let mut angular = vec![0.0; harmonics];
        let positions = geometry.positions();
        for i in 0..geometry.len() {
            for j in 0..=i {
                let [a, b] = [positions[i], positions[j]];
                let v = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
                let square = v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
                if square > self.reach * self.reach {
                    continue;
                }
                self.basis.sample(square, &mut scratch, &mut radial);
                self.harmonics.sample(v, &mut angular);
                // Seen from the other atom the odd harmonics change sign.
                let views = [(i, j, 1.0), (j, i, -1.0)];
                for &(centre, other, odd) in &views[..if i == j { 1 } else { 2 }] {
                    let start = centre * per_atom + species[other] * per_species;
                    let target = &mut values[start..start + per_species];
                    let mut orders = target.chunks_exact_mut(stride).zip(&angular);
                    for (l, radial) in radial.chunks_exact(stride).enumerate() {
                        let sign = if l % 2 == 1 { odd } else { 1.0 };
                        for (target, angular) in orders.by_ref().take(2 * l + 1) {
                            add_scaled(target, sign * angular, radial);
                        }
                    }
                }
            }
        }
        Ok(Density { present, species, per_atom, values })
    }

    /// Adds the power spectrum of `coefficients`, times `weight`, to a row.
    pub(super) fn add_spectrum(&self, density: &Density, coefficients: &[f64], weight: f64, row: &mut [f64]) {
        let per_species = self.harmonics.len() * self.basis.stride;
        for (s, &one) in density.present.iter().enumerate() {
            let a = &coefficients[s * per_species..(s + 1) * per_species];
            for (t, &two) in density.present.iter().enumerate().skip(s) {
                let b = &coefficients[t * per_species..(t + 1) * per_species];
                self.add_block([one, two], a, b, weight, row);
            }
        }
    }

    /// The first column of the block of two elements, the first one not after
    /// the second.
    pub(super) fn block_start(&self, [one, two]: [usize; 2]) -> usize {
        let (same, other) = self.blocks();
        // Blocks before this one: those of smaller first elements, and those of
        // this first element up to the second.
        let equal = one + usize::from(two > one);
        let before = one * self.elements.len() - one * one.saturating_sub(1) / 2 + (two - one);
        equal * same + (before - equal) * other
    }

    /// Adds sums over m of products of coefficients of two elements, times
    /// `weight`, to their block of a row.
    pub(super) fn add_block(&self, pair: [usize; 2], a: &[f64], b: &[f64], weight: f64, row: &mut [f64]) {
        let SoapSettings { n_max, l_max, .. } = self.settings;
        let stride = self.basis.stride;
        let itself = pair[0] == pair[1];
        let mut start = self.block_start(pair);
        for l in 0..=l_max {
            let orders = l * l * stride..(l + 1) * (l + 1) * stride;
            let (a, b) = (&a[orders.clone()], &b[orders]);
            for n in (0..n_max).step_by(4) {
                let from = if itself { n } else { 0 };
                for m in (from..n_max).step_by(4) {
                    let tile = tile(a, b, stride, n, m);
                    for (i, values) in tile.iter().enumerate().take(n_max - n) {
                        let n = n + i;
                        // In the block of an element with itself row n starts
                        // at column n and rows are that shorter.
                        let (first, place) = if itself {
                            let first = n.max(m);
                            (first, start + n * n_max - n * n.saturating_sub(1) / 2 + first - n)
                        } else {
                            (m, start + n * n_max + m)
                        };
                        let last = n_max.min(m + 4);
                        if first < last {
                            let to = &mut row[place..place + last - first];
                            let values = &values[first - m..];
                            to.iter_mut().zip(values).for_each(|(to, value)| *to += weight * value);
                        }
                    }
                }
            }
            start += if itself { n_max * (n_max + 1) / 2 } else { n_max * n_max };
        }
    }
}

/// Four by four sums over m of products of coefficients: rows `n..n + 4` of
/// one element with columns `m..m + 4` of the other.
#[inline]
fn tile(a: &[f64], b: &[f64], stride: usize, n: usize, m: usize) -> [[f64; 4]; 4] {
    let mut sums = [[0.0; 4]; 4];
    for (a, b) in a.chunks_exact(stride).zip(b.chunks_exact(stride)) {
        let (a, b) = (&a[n..n + 4], &b[m..m + 4]);
        for i in 0..4 {
            for j in 0..4 {
                sums[i][j] += a[i] * b[j];
            }
        }
    }
    sums
}
