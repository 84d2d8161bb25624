//! From Hessian and gradient to the next geometry.

use super::frame::{Coordinates, Frame};
use crate::coordinates::Primitive;
use crate::linalg::Symmetric;
use crate::vector::{Vec3, axpy, dot};

/// A step in Cartesian coordinates and the change of energy the quadratic model expects of it.
pub(super) struct Proposal {
    pub(super) step: Vec<f64>,
    pub(super) expected: f64,
}

/// The rational-function step (A. Banerjee, N. Adams, J. Simons, R. Shepard, J. Phys. Chem. 1985, 89, 52):
/// `(H - lambda S) dx = -g` with `lambda = g . dx`, here by Newton's method, as `H` is positive definite.
pub(super) fn rational(hessian: &Symmetric, gradient: &[f64]) -> Option<Proposal> {
    let metric = 1.0;
    let downhill: Vec<f64> = gradient.iter().map(|g| -g).collect();
    let mut lambda = 0.0;
    let mut step = hessian.cholesky()?.solve(&downhill);
    for _ in 0..8 {
        let along = dot(gradient, &step);
        let excess = lambda - along;
        let next = lambda - excess / (1.0 + metric * dot(&step, &step));
        if (next - lambda).abs() <= 1e-3 * next.abs() {
            break;
        }
        lambda = next;
        let mut shifted = hessian.clone();
        shifted.shift(-lambda * metric);
        step = shifted.cholesky()?.solve(&downhill);
    }
    // H dx = -g + lambda S dx
    let expected = 0.5 * dot(gradient, &step) + 0.5 * lambda * metric * dot(&step, &step);
    Some(Proposal { step, expected })
}

/// The largest motion of the step, as a share of what its kind of coordinate may do at most.
pub(super) fn extent(coordinates: &Coordinates, frame: &Frame, step: &[f64]) -> f64 {
    let mut largest: f64 = 0.0;
    for (primitive, row) in coordinates.primitives.iter().zip(&frame.rows) {
        let limit = match primitive {
            Primitive::Stretch(..) => 0.3,
            Primitive::Bend(..) | Primitive::LinearBend(..) | Primitive::OutOfPlane(..) => 0.3,
            Primitive::Torsion(..) => 0.5,
        };
        largest = largest.max(row.dot(step).abs() / limit);
    }
    for atom in step.chunks_exact(3) {
        largest = largest.max(dot(atom, atom).sqrt() / 1.0);
    }
    largest
}

/// The geometry at which the internal coordinates have changed as `step` says, in the sense of least squares
/// weighted by the force constants: curved, where the Cartesian step is straight.
pub(super) fn follow(coordinates: &Coordinates, frame: &Frame, step: &[f64]) -> Vec<Vec3> {
    let n = step.len();
    let straight: Vec<f64> = frame.x.iter().flatten().zip(step).map(|(x, s)| x + s).collect();
    let targets: Vec<f64> = frame.rows.iter().map(|row| row.dot(step)).collect();
    let mut flat = straight.clone();
    let mut last = f64::INFINITY;
    for _ in 0..20 {
        let x = atoms(&flat);
        let off: Vec<f64> = straight.iter().zip(&flat).map(|(a, b)| a - b).collect();
        let mut pull = frame.contacts.hold(&off);
        for (i, primitive) in coordinates.primitives.iter().enumerate() {
            let row = primitive.row(&x);
            let left = primitive.change(primitive.change(frame.rows[i].value, row.value), targets[i]);
            row.add_to(frame.constants[i] * left, &mut pull);
        }
        let correction = frame.factor.solve(&pull);
        let size = correction.iter().fold(0.0_f64, |m, c| m.max(c.abs()));
        if size.is_nan() || size >= last {
            break;
        }
        axpy(&mut flat, 1.0, &correction);
        if size < 1e-6 {
            break;
        }
        last = size;
    }
    debug_assert_eq!(flat.len(), n);
    atoms(&flat)
}

fn atoms(flat: &[f64]) -> Vec<Vec3> {
    flat.chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect()
}
