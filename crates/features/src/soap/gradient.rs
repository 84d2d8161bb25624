//! Derivatives of the power spectrum with respect to positions.
//!
//! The coefficients about a centre depend on the position of another atom
//! through the one term of that atom,
//!
//! ```text
//! c(n, l, m) = f_nl(r^2) S_lm(v),
//! dc/dv = 2 v f'_nl(r^2) S_lm(v) + f_nl(r^2) grad S_lm(v),
//! ```
//!
//! with v from the centre to the atom and the solid harmonics S. Moving the
//! centre does the opposite of moving all others together, so one pass over
//! pairs is enough, and only three rows of columns are held at a time.

use super::basis::add_scaled;
use super::spectrum::Density;
use super::{Soap, SoapSettings};
use crate::{LocalFeatures, LocalGradients, Unfit};
use matter::Geometry;
use std::ops::Range;

/// Radial and angular functions of one atom about a centre with derivatives,
/// and the derivatives of the coefficients with respect to its position, by axis.
struct Slopes {
    scratch: Vec<f64>,
    radial: Vec<f64>,
    radial_slopes: Vec<f64>,
    angular: Vec<f64>,
    angular_slopes: Vec<[f64; 3]>,
    coefficients: [Vec<f64>; 3],
}

impl Slopes {
    fn new(soap: &Soap) -> Self {
        let (stride, harmonics) = (soap.basis.stride, soap.harmonics.len());
        let degrees = (soap.settings.l_max + 1) * stride;
        Self {
            scratch: vec![0.0; soap.basis.scratch()],
            radial: vec![0.0; degrees],
            radial_slopes: vec![0.0; degrees],
            angular: vec![0.0; harmonics],
            angular_slopes: vec![[0.0; 3]; harmonics],
            coefficients: [(); 3].map(|()| vec![0.0; harmonics * stride]),
        }
    }

    /// The functions at `v` from the centre; `false` if it is beyond the cutoff.
    fn sample(&mut self, soap: &Soap, v: [f64; 3]) -> bool {
        let square = v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
        if square > soap.reach * soap.reach {
            return false;
        }
        soap.basis.sample_with_slopes(square, &mut self.scratch, &mut self.radial, &mut self.radial_slopes);
        soap.harmonics.sample_with_gradients(v, &mut self.angular, &mut self.angular_slopes);
        true
    }

    /// From the functions at `v`.
    fn fill_coefficients(&mut self, soap: &Soap, v: [f64; 3]) {
        let stride = soap.basis.stride;
        for l in 0..=soap.settings.l_max {
            let radial = &self.radial[l * stride..(l + 1) * stride];
            let radial_slopes = &self.radial_slopes[l * stride..(l + 1) * stride];
            for place in l * l..(l + 1) * (l + 1) {
                let along = v.map(|x| 2.0 * x * self.angular[place]);
                let axes =
                    self.coefficients.iter_mut().zip(along.into_iter().zip(self.angular_slopes[place]));
                for (to, (along, across)) in axes {
                    let to = &mut to[place * stride..(place + 1) * stride];
                    to.fill(0.0);
                    add_scaled(to, along, radial_slopes);
                    add_scaled(to, across, radial);
                }
            }
        }
    }
}

impl Soap {
    /// Calls `each` for every pair of different atoms within the cutoff with
    /// the centre, the atom that is moved, and the derivatives of the centre's
    /// row with respect to the position of that atom: three rows of columns, by
    /// axis, per angstrom. The derivatives with respect to the position of the
    /// centre itself are minus the sum of those of all others.
    ///
    /// Nothing that grows with the number of pairs is held, where
    /// [`LocalGradients::fill_with_gradients`] needs
    /// atoms x atoms x 3 x columns numbers.
    ///
    /// # Errors
    /// [`Unfit`] if this representation has no rows for the geometry.
    pub fn pair_gradients(
        &self,
        geometry: &Geometry,
        mut each: impl FnMut(usize, usize, &[f64]),
    ) -> Result<(), Unfit> {
        self.each_pair(geometry, |centre, moved, rows, _| each(centre, moved, rows))
    }

    /// The same, with the columns of the blocks of the moved atom's element;
    /// all others are zero.
    fn each_pair(
        &self,
        geometry: &Geometry,
        mut each: impl FnMut(usize, usize, &[f64], &[Range<usize>]),
    ) -> Result<(), Unfit> {
        let (same, other) = self.blocks();
        let density = self.expand(geometry)?;
        let columns = self.column_count();
        let mut slopes = Slopes::new(self);
        let mut rows = vec![0.0; 3 * columns];
        let per_species = self.harmonics.len() * self.basis.stride;
        for centre in 0..geometry.len() {
            let about = density.about(centre);
            for moved in (0..geometry.len()).filter(|&moved| moved != centre) {
                let v = between(geometry, centre, moved);
                if !slopes.sample(self, v) {
                    continue;
                }
                slopes.fill_coefficients(self, v);
                let s = density.species[moved];
                let one = density.present[s];
                let block = |&two: &usize| {
                    let start = self.block_start([one.min(two), one.max(two)]);
                    start..start + if one == two { same } else { other }
                };
                let blocks: Vec<Range<usize>> = density.present.iter().map(block).collect();
                for (row, slope) in rows.chunks_exact_mut(columns).zip(&slopes.coefficients) {
                    for (t, &two) in density.present.iter().enumerate() {
                        let other = &about[t * per_species..(t + 1) * per_species];
                        if t >= s {
                            self.add_block([one, two], slope, other, 1.0, row);
                        }
                        if t <= s {
                            self.add_block([two, one], other, slope, 1.0, row);
                        }
                    }
                }
                each(centre, moved, &rows, &blocks);
                for row in rows.chunks_exact_mut(columns) {
                    blocks.iter().for_each(|block| row[block.clone()].fill(0.0));
                }
            }
        }
        Ok(())
    }

    /// Derivatives of a number with respect to the coefficients about one
    /// centre, from those with respect to its row; added to `pulled`.
    fn pull_to_coefficients(&self, density: &Density, centre: usize, weights: &[f64], pulled: &mut [f64]) {
        let SoapSettings { n_max, l_max, .. } = self.settings;
        let stride = self.basis.stride;
        let per_species = self.harmonics.len() * stride;
        let about = density.about(centre);
        // Weights of one block and degree, as they are and transposed, in rows
        // of `stride`: both sides are then sums of multiples of rows.
        let (mut rows, mut transposed) = (vec![0.0; n_max * stride], vec![0.0; n_max * stride]);
        for (s, &one) in density.present.iter().enumerate() {
            for (t, &two) in density.present.iter().enumerate().skip(s) {
                let mut place = self.block_start([one, two]);
                for l in 0..=l_max {
                    rows.fill(0.0);
                    transposed.fill(0.0);
                    for n in 0..n_max {
                        for m in if s == t { n } else { 0 }..n_max {
                            rows[n * stride + m] = weights[place];
                            transposed[m * stride + n] = weights[place];
                            place += 1;
                        }
                    }
                    for order in l * l..(l + 1) * (l + 1) {
                        let [a, b] = [s, t].map(|species| species * per_species + order * stride);
                        for n in 0..n_max {
                            let row = n * stride..(n + 1) * stride;
                            add_scaled(&mut pulled[b..b + stride], about[a + n], &rows[row.clone()]);
                            add_scaled(&mut pulled[a..a + stride], about[b + n], &transposed[row]);
                        }
                    }
                }
            }
        }
    }
}

impl LocalGradients for Soap {
    fn fill_with_gradients(
        &self,
        geometry: &Geometry,
        rows: &mut [f64],
        gradients: &mut [f64],
    ) -> Result<(), Unfit> {
        self.fill(geometry, rows)?;
        let (atoms, columns) = (geometry.len(), self.column_count());
        self.each_pair(geometry, |centre, moved, slopes, blocks| {
            for axis in 0..3 {
                let start = |atom: usize| ((centre * atoms + atom) * 3 + axis) * columns;
                for block in blocks {
                    let slopes = &slopes[axis * columns..][block.clone()];
                    gradients[start(moved)..][block.clone()].copy_from_slice(slopes);
                    let own = &mut gradients[start(centre)..][block.clone()];
                    own.iter_mut().zip(slopes).for_each(|(own, slope)| *own -= slope);
                }
            }
        })
    }

    /// Holds as many numbers as there are expansion coefficients, and nothing
    /// that grows with the number of pairs.
    fn pull_back(&self, geometry: &Geometry, weights: &[f64], slopes: &mut [[f64; 3]]) -> Result<(), Unfit> {
        let density = self.expand(geometry)?;
        let stride = self.basis.stride;
        let per_species = self.harmonics.len() * stride;
        let per_atom = density.present.len() * per_species;
        let mut pulled = vec![0.0; geometry.len() * per_atom];
        let rows = weights.chunks_exact(self.column_count());
        for (centre, (weights, pulled)) in rows.zip(pulled.chunks_exact_mut(per_atom)).enumerate() {
            self.pull_to_coefficients(&density, centre, weights, pulled);
        }
        let of = |centre: usize, other: usize| {
            let start = centre * per_atom + density.species[other] * per_species;
            &pulled[start..start + per_species]
        };
        let mut sampled = Slopes::new(self);
        for first in 0..geometry.len() {
            for second in first + 1..geometry.len() {
                let v = between(geometry, first, second);
                if !sampled.sample(self, v) {
                    continue;
                }
                // Seen from the second atom v is the other way round: harmonics
                // of odd degree change sign, and so does what moves.
                let (ahead, back) = (of(first, second), of(second, first));
                let mut slope = [0.0; 3];
                for l in 0..=self.settings.l_max {
                    let sign = if l % 2 == 1 { -1.0 } else { 1.0 };
                    let degree = l * stride..(l + 1) * stride;
                    let (radial, radial_slopes) =
                        (&sampled.radial[degree.clone()], &sampled.radial_slopes[degree]);
                    for place in l * l..(l + 1) * (l + 1) {
                        let order = place * stride..(place + 1) * stride;
                        let (mut along, mut across) = (0.0, 0.0);
                        let both = ahead[order.clone()].iter().zip(&back[order]);
                        for ((a, b), (f, df)) in both.zip(radial.iter().zip(radial_slopes)) {
                            let pulled = a + sign * b;
                            along += pulled * df;
                            across += pulled * f;
                        }
                        along *= 2.0 * sampled.angular[place];
                        let parts = v.into_iter().zip(sampled.angular_slopes[place]);
                        slope.iter_mut().zip(parts).for_each(|(to, (v, g))| *to += along * v + across * g);
                    }
                }
                slopes[second].iter_mut().zip(slope).for_each(|(to, slope)| *to += slope);
                slopes[first].iter_mut().zip(slope).for_each(|(to, slope)| *to -= slope);
            }
        }
        Ok(())
    }
}

/// The vector from one atom to another.
fn between(geometry: &Geometry, from: usize, to: usize) -> [f64; 3] {
    let [a, b] = [from, to].map(|atom| geometry.positions()[atom]);
    [b[0] - a[0], b[1] - a[1], b[2] - a[2]]
}
