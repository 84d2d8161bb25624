//! A geometry with its energy, gradient and model Hessian.

use crate::coordinates::{Atoms, Contacts, Primitive, Row, Topology, add_row, cosine};
use crate::linalg::Symmetric;
use crate::vector::{Vec3, axpy, cross, dot, norm, sub};
use matter::Element;

/// The internal coordinates in use.
pub(super) struct Coordinates {
    pub(super) topology: Topology,
    pub(super) primitives: Vec<Primitive>,
    atoms: Atoms,
}

impl Coordinates {
    pub(super) fn new(elements: &[Element], x: &[Vec3]) -> Coordinates {
        let topology = Topology::new(elements, x);
        let primitives = topology.primitives(x);
        Coordinates { topology, primitives, atoms: Atoms::new(elements) }
    }

    /// Whether the coordinates have lost their meaning at `x`: an angle became straight or ceased to be.
    pub(super) fn worn_out(&self, x: &[Vec3]) -> bool {
        self.primitives.iter().any(|primitive| match *primitive {
            Primitive::Bend(a, m, b) => cosine(x, a, m, b) < -0.995,
            Primitive::LinearBend(a, m, b, _) => cosine(x, a, m, b) > -0.94,
            _ => false,
        })
    }
}

/// A point of the surface with all that a step from it needs.
pub(super) struct Frame {
    pub(super) x: Vec<Vec3>,
    pub(super) energy: f64,
    /// Gradient without motions of the whole molecule, flat.
    pub(super) gradient: Vec<f64>,
    pub(super) rows: Vec<Row>,
    pub(super) constants: Vec<f64>,
    pub(super) contacts: Contacts,
    /// Model Hessian `B^T k B + contacts`.
    pub(super) model: Symmetric,
    /// Gradient by the primitives: `k B z` with `z = model^-1 g`, the least one that gives `g`.
    pub(super) by_primitive: Vec<f64>,
    /// What of the gradient the contacts carry: `contacts z`.
    pub(super) by_contact: Vec<f64>,
}

impl Frame {
    /// `None` if the model Hessian cannot be factored (coordinates that are not finite).
    pub(super) fn new(
        coordinates: &Coordinates,
        x: Vec<Vec3>,
        energy: f64,
        gradient: Vec<f64>,
    ) -> Option<Frame> {
        let rows: Vec<Row> = coordinates.primitives.iter().map(|p| p.row(&x)).collect();
        let constants = coordinates.atoms.constants(&coordinates.primitives, &coordinates.topology, &x);
        let contacts = Contacts::new(&coordinates.atoms, &coordinates.topology, &x);
        let mut model = Symmetric::zeros(3 * x.len());
        contacts.add_to(&mut model);
        for (row, constant) in rows.iter().zip(&constants) {
            add_row(row, *constant, &mut model);
        }
        let z = model.cholesky()?.solve(&gradient);
        let by_primitive = rows.iter().zip(&constants).map(|(row, k)| k * row.dot(&z)).collect();
        let by_contact = contacts.apply(&z);
        Some(Frame { x, energy, gradient, rows, constants, contacts, model, by_primitive, by_contact })
    }

    pub(super) fn gradient_norm(&self) -> f64 {
        dot(&self.gradient, &self.gradient).sqrt()
    }
}

/// Orthonormal motions of the whole molecule: up to three shifts and three turns, flat vectors.
pub(super) fn rigid_motions(x: &[Vec3]) -> Vec<Vec<f64>> {
    let n = x.len();
    let mut centre = [0.0; 3];
    for p in x {
        for c in 0..3 {
            centre[c] += p[c] / n as f64;
        }
    }
    let mut motions: Vec<Vec<f64>> = Vec::with_capacity(6);
    for k in 0..6 {
        let mut axis = [0.0; 3];
        axis[k % 3] = 1.0;
        let mut motion: Vec<f64> =
            x.iter().flat_map(|p| if k < 3 { axis } else { cross(axis, sub(*p, centre)) }).collect();
        let length = dot(&motion, &motion).sqrt();
        for other in &motions {
            let along = dot(other, &motion);
            axpy(&mut motion, -along, other);
        }
        let left = dot(&motion, &motion).sqrt();
        // A linear molecule has two turns, an atom none.
        if left > 1e-6 * length.max(1.0) {
            motion.iter_mut().for_each(|v| *v /= left);
            motions.push(motion);
        }
    }
    motions
}

/// The gradient, flat, without its components along motions of the whole molecule.
pub(super) fn internal(x: &[Vec3], gradient: &[Vec3]) -> Vec<f64> {
    let mut flat: Vec<f64> = gradient.iter().flatten().copied().collect();
    for motion in rigid_motions(x) {
        let along = dot(&motion, &flat);
        axpy(&mut flat, -along, &motion);
    }
    flat
}

/// Shortest distance of two atoms with their indices.
pub(super) fn closest(x: &[Vec3]) -> Option<(usize, usize, f64)> {
    let mut best: Option<(usize, usize, f64)> = None;
    for j in 1..x.len() {
        for i in 0..j {
            let distance = norm(sub(x[i], x[j]));
            if best.is_none_or(|(_, _, d)| distance < d) {
                best = Some((i, j, distance));
            }
        }
    }
    best
}
