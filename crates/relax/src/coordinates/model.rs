//! The model Hessian: force constants from elements and distances alone.
//!
//! R. Lindh, A. Bernhardsson, G. Karlström, P.-Å. Malmqvist, Chem. Phys. Lett. 1995, 241, 423: with
//! `rho(i, j) = exp(alpha (r0^2 - r^2))` for the rows of two elements, a stretch has the force constant
//! `0.45 rho(i, j)`, a bend `0.15 rho(i, j) rho(j, k)`, a torsion `0.005 rho(i, j) rho(j, k) rho(k, l)` (atomic
//! units).

use super::primitive::{Primitive, Row};
use super::topology::Topology;
use crate::linalg::Symmetric;
use crate::vector::{Vec3, dot3, norm, sub};
use matter::Element;

/// Exponent `alpha`, 1/bohr^2, by the rows of the two elements (table 1 of the paper).
const EXPONENT: [[f64; 3]; 3] = [[1.0, 0.3949, 0.3949], [0.3949, 0.28, 0.28], [0.3949, 0.28, 0.28]];
/// Distance `r0`, bohr (the same table).
const DISTANCE: [[f64; 3]; 3] = [[1.35, 2.10, 2.53], [2.10, 2.87, 3.40], [2.53, 3.40, 3.40]];
/// Largest `rho`: keeps squeezed atoms from freezing everything else.
const LARGEST: f64 = 4.0;
/// Pairs with a smaller `rho` are no contact.
const SMALLEST: f64 = 1e-4;

/// Rows of the periodic table as the model knows them: first, second, all others.
pub(crate) fn rows_of(elements: &[Element]) -> Vec<usize> {
    elements
        .iter()
        .map(|e| {
            if e.number() <= 2 {
                0
            } else if e.number() <= 10 {
                1
            } else {
                2
            }
        })
        .collect()
}

fn rho(rows: &[usize], x: &[Vec3], i: usize, j: usize) -> f64 {
    let (d, a, b) = (sub(x[i], x[j]), rows[i], rows[j]);
    (EXPONENT[a][b] * (DISTANCE[a][b] * DISTANCE[a][b] - dot3(d, d))).exp().min(LARGEST)
}

/// Force constant of each primitive, hartree per square of its unit.
pub(crate) fn constants(primitives: &[Primitive], rows: &[usize], x: &[Vec3]) -> Vec<f64> {
    let rho = |i, j| rho(rows, x, i, j);
    primitives
        .iter()
        .map(|primitive| match *primitive {
            Primitive::Stretch(a, b) => 0.45 * rho(a, b).max(0.02),
            Primitive::Bend(a, m, b) | Primitive::LinearBend(a, m, b, _) => {
                0.15 * (rho(a, m) * rho(m, b)).max(0.02)
            }
            Primitive::Torsion(a, b, c, d) => 0.005 * (rho(a, b) * rho(b, c) * rho(c, d)).max(0.02),
            Primitive::OutOfPlane(..) => 0.02,
        })
        .collect()
}

/// What holds atoms that no primitive holds: contacts between atoms that are not bonded, and a weak spring of
/// each coordinate.
#[derive(Clone, Debug)]
pub(crate) struct Contacts {
    floor: f64,
    pairs: Vec<(Row, f64)>,
}

impl Contacts {
    pub(crate) fn new(topology: &Topology, rows: &[usize], x: &[Vec3], floor: f64) -> Contacts {
        let mut pairs = Vec::new();
        for i in 0..x.len() {
            for j in i + 1..x.len() {
                let distance = norm(sub(x[i], x[j]));
                if distance < 9.0 && !topology.bonded(i, j) && !topology.geminal(i, j) {
                    let rho = rho(rows, x, i, j);
                    if rho > SMALLEST {
                        pairs.push((Primitive::Stretch(i, j).row(x), 0.45 * rho.min(1.0)));
                    }
                }
            }
        }
        Contacts { floor, pairs }
    }

    /// Its Hessian times `v`.
    pub(crate) fn apply(&self, v: &[f64]) -> Vec<f64> {
        let mut product: Vec<f64> = v.iter().map(|x| self.floor * x).collect();
        for (row, constant) in &self.pairs {
            row.add_to(constant * row.dot(v), &mut product);
        }
        product
    }

    /// The force of the springs alone for a displacement `off`.
    pub(crate) fn hold(&self, off: &[f64]) -> Vec<f64> {
        off.iter().map(|x| self.floor * x).collect()
    }

    /// Adds its Hessian.
    pub(crate) fn add_to(&self, hessian: &mut Symmetric) {
        hessian.shift(self.floor);
        for (row, constant) in &self.pairs {
            add_row(row, *constant, hessian);
        }
    }
}

/// Adds `constant b b^T` to the lower triangle.
pub(crate) fn add_row(row: &Row, constant: f64, hessian: &mut Symmetric) {
    let n = hessian.n;
    for q in 0..row.count {
        for p in 0..row.count {
            let (a, b) = (3 * row.atoms[p], 3 * row.atoms[q]);
            if a < b {
                continue;
            }
            for j in 0..3 {
                let by = constant * row.slope[q][j];
                let from = if a == b { j } else { 0 };
                for i in from..3 {
                    hessian.data[(b + j) * n + a + i] += by * row.slope[p][i];
                }
            }
        }
    }
}
