//! Derivatives of FCHL19 with respect to positions.
//!
//! A term of three atoms depends on the three distances only, so its
//! derivatives are three numbers times unit vectors.

use super::pair::{Pairs, Triangle, cutoff_log_slope, difference};
use super::{Fchl19, Turn};
use crate::LocalFeatures;
use matter::Geometry;

/// Below this sine three atoms are in a line.
const LINE: f64 = 1e-7;

impl Fchl19 {
    /// Adds the derivatives to `gradients`, `[atom][moved atom][axis][column]`.
    pub(super) fn add_gradients(&self, geometry: &Geometry, places: &[usize], gradients: &mut [f64]) {
        let pairs = Pairs::new(geometry, &self.settings);
        let size = Size { atoms: geometry.len(), columns: self.columns() };
        let points = self.settings.n_rs2;
        let (mut values, mut slopes) = (vec![0.0; points], vec![0.0; points]);
        for i in 0..geometry.len() {
            for j in 0..i {
                let distance = pairs.distance(i, j);
                if distance > self.settings.rcut {
                    continue;
                }
                self.two.derivative(distance, &mut values, &mut slopes);
                let unit = unit(geometry, &pairs, i, j);
                for (atom, other) in [(i, j), (j, i)] {
                    size.add_along(gradients, atom, [i, j], unit, places[other] * points, &slopes);
                }
            }
        }
        let mut slopes = Slopes {
            radial: vec![0.0; self.three.width()],
            sides: [vec![0.0; self.block()], vec![0.0; self.block()], vec![0.0; self.block()]],
        };
        pairs.triangles(|triangle| {
            for [centre, one, other] in triangle.corners() {
                let [a, b, c] = [centre, one, other].map(|corner| triangle.atoms[corner]);
                let sides = [(a, b), (a, c), (b, c)];
                let r = sides.map(|(p, q)| pairs.distance(p, q));
                if r[0] > self.settings.acut || r[1] > self.settings.acut {
                    continue;
                }
                let decays = [pairs.decay(a, b), pairs.decay(a, c)];
                let (first, count) = self.triple(triangle, [centre, one, other], r, decays, &mut slopes);
                let width = 2 * self.orders.len();
                let start = self.start(places[b], places[c]) + first * width;
                for ((p, q), side) in sides.into_iter().zip(&slopes.sides) {
                    let unit = unit(geometry, &pairs, p, q);
                    size.add_along(gradients, a, [p, q], unit, start, &side[..count * width]);
                }
            }
        });
    }

    /// Writes the derivatives of one term with respect to the distances
    /// centre-one, centre-other and one-other; returns the first grid point
    /// and the number of points they are for.
    fn triple(
        &self,
        triangle: &Triangle,
        [centre, one, other]: [usize; 3],
        r: [f64; 3],
        decays: [f64; 2],
        slopes: &mut Slopes,
    ) -> (usize, usize) {
        let mean = 0.5 * (r[0] + r[1]);
        let (first, count) = self.three.sample(mean, &mut slopes.radial);
        let cosines = [centre, one, other].map(|corner| triangle.cosines[corner]);
        let (cosine, sine) = (cosines[0], triangle.sines[centre]);
        // Derivatives of the cosines (rows: at centre, one, other) with
        // respect to the distances (law of cosines).
        let at_centre = [1.0 / r[1] - cosine / r[0], 1.0 / r[0] - cosine / r[1], -r[2] / (r[0] * r[1])];
        let at_one = [1.0 / r[2] - cosines[1] / r[0], -r[1] / (r[0] * r[2]), 1.0 / r[0] - cosines[1] / r[2]];
        let at_other =
            [-r[0] / (r[1] * r[2]), 1.0 / r[2] - cosines[2] / r[1], 1.0 / r[1] - cosines[2] / r[2]];
        let strength = self.weight * triangle.strength * decays[0] * decays[1];
        let outer = 3.0 * self.weight * triangle.powers * decays[0] * decays[1];
        let step = self.settings.acut / self.settings.n_rs3 as f64;
        for (side, target) in slopes.sides.iter_mut().enumerate() {
            let mut factor = outer
                * (at_centre[side] * cosines[1] * cosines[2]
                    + at_one[side] * cosine * cosines[2]
                    + at_other[side] * cosine * cosines[1]);
            factor -= strength * self.settings.three_body_decay / r[side];
            let mut radial_slope = 0.0;
            if side < 2 {
                factor += strength * cutoff_log_slope(r[side], self.settings.acut);
                // Half of it, as the Gaussian is about the mean of two sides.
                radial_slope = -self.settings.eta3 * strength;
            }
            let turned = if sine > LINE { -at_centre[side] / sine } else { 0.0 };
            let mut turn = Turn::new(cosine, sine);
            let width = 2 * self.orders.len();
            for (number, order) in self.orders.iter().enumerate() {
                let (c, s) = (order * turn.cosine, order * turn.sine);
                let angle = strength * turn.order * turned;
                let (c_slope, s_slope) = (factor * c - angle * s, factor * s + angle * c);
                for (point, radial) in slopes.radial[..count].iter().enumerate() {
                    let grid = radial_slope * (mean - step * (first + point + 1) as f64);
                    let to = &mut target[point * width + 2 * number..point * width + 2 * number + 2];
                    to[0] = radial * (c_slope + grid * c);
                    to[1] = radial * (s_slope + grid * s);
                }
                turn.advance();
            }
        }
        (first, count)
    }
}

/// Room for the derivatives of one term.
struct Slopes {
    radial: Vec<f64>,
    sides: [Vec<f64>; 3],
}

/// How the derivatives of one molecule are laid out.
struct Size {
    atoms: usize,
    columns: usize,
}

impl Size {
    /// Adds derivatives with respect to the distance of two atoms to columns
    /// from `start` on of row `atom`; `unit` points from the second to the
    /// first.
    fn add_along(
        &self,
        gradients: &mut [f64],
        atom: usize,
        [first, second]: [usize; 2],
        unit: [f64; 3],
        start: usize,
        slopes: &[f64],
    ) {
        for (moved, sign) in [(first, 1.0), (second, -1.0)] {
            for (axis, part) in unit.into_iter().enumerate() {
                let place = ((atom * self.atoms + moved) * 3 + axis) * self.columns + start;
                let to = &mut gradients[place..place + slopes.len()];
                let part = sign * part;
                to.iter_mut().zip(slopes).for_each(|(to, slope)| *to += part * slope);
            }
        }
    }
}

/// The unit vector from the second atom to the first.
fn unit(geometry: &Geometry, pairs: &Pairs<'_>, first: usize, second: usize) -> [f64; 3] {
    let distance = pairs.distance(first, second);
    difference(geometry.positions()[first], geometry.positions()[second]).map(|x| x / distance)
}
