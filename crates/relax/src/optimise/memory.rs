//! What earlier gradients say about the Hessian: BFGS updates in internal coordinates.

use super::frame::{Coordinates, Frame};
use crate::linalg::Symmetric;
use crate::vector::{axpy, dot};

/// Change of coordinates and of the gradient between two points. The coordinates are the primitives together
/// with the Cartesian positions, which carry what no primitive describes.
pub(super) struct Pair {
    move_primitive: Vec<f64>,
    move_cartesian: Vec<f64>,
    turn_primitive: Vec<f64>,
    turn_cartesian: Vec<f64>,
}

impl Pair {
    pub(super) fn new(coordinates: &Coordinates, from: &Frame, to: &Frame) -> Pair {
        let difference = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| b - a).collect::<Vec<f64>>();
        Pair {
            move_primitive: coordinates
                .primitives
                .iter()
                .zip(from.rows.iter().zip(&to.rows))
                .map(|(primitive, (a, b))| primitive.change(a.value, b.value))
                .collect(),
            move_cartesian: from.x.iter().flatten().zip(to.x.iter().flatten()).map(|(a, b)| b - a).collect(),
            turn_primitive: difference(&from.by_primitive, &to.by_primitive),
            turn_cartesian: difference(&from.by_contact, &to.by_contact),
        }
    }
}

/// One term `v v^T / scale` of the updated Hessian.
struct Term {
    primitive: Vec<f64>,
    cartesian: Vec<f64>,
    weight: f64,
}

/// The Hessian at `frame` in Cartesian coordinates: the model with the updates of all pairs, oldest first.
pub(super) fn hessian(frame: &Frame, pairs: &[Pair]) -> Symmetric {
    let mut terms: Vec<Term> = Vec::with_capacity(2 * pairs.len());
    for pair in pairs {
        let (sq, sx) = (&pair.move_primitive, &pair.move_cartesian);
        // v = H s of the Hessian so far.
        let mut vq: Vec<f64> = sq.iter().zip(&frame.constants).map(|(s, k)| s * k).collect();
        let mut vx = frame.contacts.apply(sx);
        for term in &terms {
            let along = term.weight * (dot(&term.primitive, sq) + dot(&term.cartesian, sx));
            axpy(&mut vq, along, &term.primitive);
            axpy(&mut vx, along, &term.cartesian);
        }
        let curvature = dot(sq, &vq) + dot(sx, &vx);
        let found = dot(sq, &pair.turn_primitive) + dot(sx, &pair.turn_cartesian);
        if curvature.is_nan() || curvature <= 1e-14 || !found.is_finite() {
            continue;
        }
        // M. J. D. Powell, Numerical Analysis, Dundee 1977: mixed with what was known so far where the surface
        // curves down, so that the Hessian stays positive definite.
        let least = 0.2 * curvature;
        let mix = if found < least { (curvature - least) / (curvature - found) } else { 1.0 };
        let yq: Vec<f64> =
            pair.turn_primitive.iter().zip(&vq).map(|(y, v)| mix * y + (1.0 - mix) * v).collect();
        let yx: Vec<f64> =
            pair.turn_cartesian.iter().zip(&vx).map(|(y, v)| mix * y + (1.0 - mix) * v).collect();
        let along = mix * found + (1.0 - mix) * curvature;
        terms.push(Term { primitive: vq, cartesian: vx, weight: -1.0 / curvature });
        terms.push(Term { primitive: yq, cartesian: yx, weight: 1.0 / along });
    }
    let mut hessian = frame.model.clone();
    for term in &terms {
        let mut v = term.cartesian.clone();
        for (row, by) in frame.rows.iter().zip(&term.primitive) {
            row.add_to(*by, &mut v);
        }
        hessian.rank_one(term.weight, &v);
    }
    hessian
}
