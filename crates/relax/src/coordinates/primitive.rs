//! Stretches, bends, torsions and out-of-plane motions, and their first derivatives (Wilson's B matrix; E. B.
//! Wilson, J. C. Decius, P. C. Cross, Molecular Vibrations, 1955).

use crate::vector::{Vec3, add, cross, dot3, norm, scale, sub, unit};
use std::f64::consts::PI;

/// One internal coordinate. Atoms are indices from 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Primitive {
    /// Distance of two atoms, bohr.
    Stretch(usize, usize),
    /// Distance of the first and the last atom, which are bonded to the middle one, bohr (H. C. Urey, C. A.
    /// Bradley, Phys. Rev. 1931, 38, 1969).
    Span(usize, usize, usize),
    /// Angle at the middle atom, radian.
    Bend(usize, usize, usize),
    /// Component along a fixed axis of the sum of the unit vectors from the middle atom to the others: the bend
    /// of an almost straight angle, where the angle itself has no derivative.
    LinearBend(usize, usize, usize, Vec3),
    /// Dihedral angle, radian.
    Torsion(usize, usize, usize, usize),
    /// Triple product of the unit vectors from the first atom to the three others (zero when planar).
    OutOfPlane(usize, usize, usize, usize),
}

/// Value of a primitive, its atoms and its derivatives by their positions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) value: f64,
    pub(crate) count: usize,
    pub(crate) atoms: [usize; 4],
    pub(crate) slope: [Vec3; 4],
}

impl Row {
    /// `b . v` for Cartesian `v` of length 3 n.
    pub(crate) fn dot(&self, v: &[f64]) -> f64 {
        let mut sum = 0.0;
        for k in 0..self.count {
            let (at, s) = (3 * self.atoms[k], self.slope[k]);
            sum += s[0] * v[at] + s[1] * v[at + 1] + s[2] * v[at + 2];
        }
        sum
    }

    /// `v += factor b`.
    pub(crate) fn add_to(&self, factor: f64, v: &mut [f64]) {
        for k in 0..self.count {
            let (at, s) = (3 * self.atoms[k], self.slope[k]);
            for c in 0..3 {
                v[at + c] += factor * s[c];
            }
        }
    }
}

/// Change of the unit vector `u` (of a vector of that length) dotted with `w`: `(w - (w.u) u) / length`.
fn turned(w: Vec3, u: Vec3, length: f64) -> Vec3 {
    scale(sub(w, scale(u, dot3(w, u))), 1.0 / length)
}

fn minus_sum(a: Vec3, b: Vec3) -> Vec3 {
    scale(add(a, b), -1.0)
}

impl Primitive {
    /// Value and derivatives at `x` (bohr).
    pub(crate) fn row(&self, x: &[Vec3]) -> Row {
        match *self {
            Primitive::Stretch(a, b) | Primitive::Span(a, _, b) => {
                let (u, r) = unit(sub(x[a], x[b]));
                Row {
                    value: r,
                    count: 2,
                    atoms: [a, b, 0, 0],
                    slope: [u, scale(u, -1.0), [0.0; 3], [0.0; 3]],
                }
            }
            Primitive::Bend(a, m, b) => bend(x, a, m, b),
            Primitive::LinearBend(a, m, b, axis) => {
                let (u, ru) = unit(sub(x[a], x[m]));
                let (v, rv) = unit(sub(x[b], x[m]));
                let (da, db) = (turned(axis, u, ru), turned(axis, v, rv));
                let value = dot3(add(u, v), axis);
                Row { value, count: 3, atoms: [a, m, b, 0], slope: [da, minus_sum(da, db), db, [0.0; 3]] }
            }
            Primitive::Torsion(a, b, c, d) => torsion(x, a, b, c, d),
            Primitive::OutOfPlane(m, a, b, c) => {
                let (u, ru) = unit(sub(x[a], x[m]));
                let (v, rv) = unit(sub(x[b], x[m]));
                let (w, rw) = unit(sub(x[c], x[m]));
                let da = turned(cross(v, w), u, ru);
                let db = turned(cross(w, u), v, rv);
                let dc = turned(cross(u, v), w, rw);
                let value = dot3(u, cross(v, w));
                let slope = [minus_sum(add(da, db), dc), da, db, dc];
                Row { value, count: 4, atoms: [m, a, b, c], slope }
            }
        }
    }

    /// `to - from` as a change of this coordinate: torsions go the short way round.
    pub(crate) fn change(&self, from: f64, to: f64) -> f64 {
        let change = to - from;
        match self {
            Primitive::Torsion(..) if change > PI => change - 2.0 * PI,
            Primitive::Torsion(..) if change < -PI => change + 2.0 * PI,
            _ => change,
        }
    }
}

fn bend(x: &[Vec3], a: usize, m: usize, b: usize) -> Row {
    let (u, ru) = unit(sub(x[a], x[m]));
    let (v, rv) = unit(sub(x[b], x[m]));
    let cosine = dot3(u, v).clamp(-1.0, 1.0);
    let sine = norm(cross(u, v));
    // The derivative of a straight angle does not exist; such angles are LinearBend, and only one that became
    // straight since the coordinates were chosen is caught by the bound.
    let by = -1.0 / sine.max(1e-3);
    let (da, db) = (scale(turned(v, u, ru), by), scale(turned(u, v, rv), by));
    let value = sine.atan2(cosine);
    Row { value, count: 3, atoms: [a, m, b, 0], slope: [da, minus_sum(da, db), db, [0.0; 3]] }
}

fn torsion(x: &[Vec3], a: usize, b: usize, c: usize, d: usize) -> Row {
    // H. Bekker, H. J. C. Berendsen, W. F. van Gunsteren, J. Comput. Chem. 1995, 16, 527.
    let (f, g, h) = (sub(x[a], x[b]), sub(x[b], x[c]), sub(x[d], x[c]));
    let (m, n) = (cross(f, g), cross(h, g));
    let length = norm(g);
    let value = (dot3(cross(n, m), g) / length).atan2(dot3(m, n));
    // Bounded where a bond angle has become straight since the coordinates were chosen.
    let floor = 1e-4 * length * length;
    let (m2, n2) = (dot3(m, m).max(floor), dot3(n, n).max(floor));
    let da = scale(m, -length / m2);
    let dd = scale(n, length / n2);
    let along = sub(scale(m, dot3(f, g) / (m2 * length)), scale(n, dot3(h, g) / (n2 * length)));
    let db = sub(along, da);
    let dc = scale(add(along, dd), -1.0);
    Row { value, count: 4, atoms: [a, b, c, d], slope: [da, db, dc, dd] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_are_those_of_finite_differences() {
        let x = [[0.1, 0.0, -0.2], [1.9, 0.3, 0.1], [2.6, 2.1, 0.5], [4.4, 2.2, 1.7]];
        let axis = unit([0.3, -0.8, 0.5]).0;
        let all = [
            Primitive::Stretch(0, 1),
            Primitive::Bend(0, 1, 2),
            Primitive::LinearBend(0, 1, 2, axis),
            Primitive::Torsion(0, 1, 2, 3),
            Primitive::OutOfPlane(1, 0, 2, 3),
        ];
        for primitive in all {
            let row = primitive.row(&x);
            let mut slope = vec![0.0; 12];
            row.add_to(1.0, &mut slope);
            for k in 0..12 {
                let mut moved = [x, x];
                moved[0][k / 3][k % 3] += 1e-5;
                moved[1][k / 3][k % 3] -= 1e-5;
                let [up, down] = moved.map(|x| primitive.row(&x).value);
                let expected = primitive.change(down, up) / 2e-5;
                assert!((slope[k] - expected).abs() < 1e-8, "{primitive:?} {k}: {} {expected}", slope[k]);
            }
        }
    }

    #[test]
    fn torsions_have_the_usual_sign_and_go_the_short_way() {
        let at =
            |angle: f64| [[1.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 1.0], [angle.cos(), angle.sin(), 1.0]];
        let torsion = Primitive::Torsion(0, 1, 2, 3);
        let half = torsion.row(&at(PI / 4.0 + 0.5)).value;
        assert!((half.abs() - 0.5).abs() < 1e-12);
        assert!((torsion.change(3.1, -3.1) - (2.0 * PI - 6.2)).abs() < 1e-12);
    }
}
