//! From Hessian and gradient to the next geometry.

use super::frame::{Coordinates, Frame};
use crate::coordinates::{Primitive, add_row, add_springs, springs};
use crate::linalg::Symmetric;
use crate::vector::{Vec3, axpy, dot};

/// A step in Cartesian coordinates and the change of energy the quadratic model expects of it.
pub(super) struct Proposal {
    pub(super) step: Vec<f64>,
    pub(super) expected: f64,
    /// Its extent.
    pub(super) reach: f64,
}

/// The Newton step, and the step within the trust region: `(H + shift) dx = -g` with the least shift that keeps
/// the extent of the step below `trust`. The Hessian is positive definite.
pub(super) fn newton(
    hessian: &Symmetric,
    gradient: &[f64],
    trust: f64,
    extent: &dyn Fn(&[f64]) -> f64,
) -> Option<(f64, Proposal)> {
    let downhill: Vec<f64> = gradient.iter().map(|g| -g).collect();
    let mut step = hessian.cholesky()?.solve(&downhill);
    let left = 0.5 * dot(gradient, &step);
    let mut reach = extent(&step);
    let mut shift = 0.0;
    for _ in 0..8 {
        if reach <= trust * 1.05 {
            break;
        }
        // Along the step the curvature is h + shift; a step of the size of the trust needs reach / trust times that.
        let curvature = -dot(gradient, &step) / dot(&step, &step);
        shift += curvature * (reach / trust - 1.0);
        let mut shifted = hessian.clone();
        shifted.shift(shift);
        step = shifted.cholesky()?.solve(&downhill);
        reach = extent(&step);
    }
    if reach > trust {
        step.iter_mut().for_each(|s| *s *= trust / reach);
    }
    // With (H + shift) dx = -t g, where t is the last shortening.
    let shortened = (trust / reach).min(1.0);
    let slope = dot(gradient, &step);
    let expected = slope - 0.5 * shortened * slope - 0.5 * shift * dot(&step, &step);
    Some((left, Proposal { step, expected, reach: reach.min(trust) }))
}

/// The largest motion of the step, as a share of what its kind of coordinate may do at most.
pub(super) fn extent(coordinates: &Coordinates, frame: &Frame, step: &[f64]) -> f64 {
    let mut largest: f64 = 0.0;
    for (primitive, row) in coordinates.primitives.iter().zip(&frame.rows) {
        let limit = match primitive {
            Primitive::Stretch(..) | Primitive::Span(..) => 0.3,
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
    let (mut last, mut factor) = (f64::INFINITY, None);
    for round in 0..12 {
        let x = atoms(&flat);
        let off: Vec<f64> = straight.iter().zip(&flat).map(|(a, b)| a - b).collect();
        let mut pull = springs(&off);
        // Gauss and Newton: turned by a step, a stiff bond points where the old matrix is soft, so that the matrix
        // must be that of the new geometry until little is left.
        let mut metric = (last > 1e-2).then(|| Symmetric::zeros(n));
        for (i, primitive) in coordinates.primitives.iter().enumerate() {
            let row = primitive.row(&x);
            let left = primitive.change(primitive.change(frame.rows[i].value, row.value), targets[i]);
            row.add_to(frame.constants[i] * left, &mut pull);
            if let Some(metric) = &mut metric {
                add_row(&row, frame.constants[i], metric);
            }
        }
        if let Some(mut metric) = metric {
            add_springs(&mut metric);
            factor = metric.cholesky();
        }
        let Some(factor) = &factor else { break };
        let correction = factor.solve(&pull);
        let size = correction.iter().fold(0.0_f64, |m, c| m.max(c.abs()));
        if round > 2 && size >= last {
            break;
        }
        axpy(&mut flat, 1.0, &correction);
        last = size;
        if size < 1e-4 {
            break;
        }
    }
    // Far beyond what the coordinates can describe, the straight step is as good as any.
    if last < 0.05 { atoms(&flat) } else { atoms(&straight) }
}

fn atoms(flat: &[f64]) -> Vec<Vec3> {
    flat.chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect()
}
