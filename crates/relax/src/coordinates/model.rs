//! The model Hessian: force constants from elements, bonds and distances alone.
//!
//! The form is that of R. Lindh, A. Bernhardsson, G. Karlström, P.-Å. Malmqvist, Chem. Phys. Lett. 1995, 241, 423:
//! with `rho(i, j) = exp(alpha (r0^2 - r^2))` by the rows of two elements, a stretch has the force constant
//! `k rho(i, j)`, a bend `k rho(i, j) rho(j, k)`, a torsion `k rho(i, j) rho(j, k) rho(k, l)`. The paper has one `k`
//! for each kind (0.45, 0.15 and 0.005). Here they depend on how many neighbours the inner atoms have, on hydrogen,
//! and for torsions on rings, because that is what decides whether an angle is stiff; spans between the ends of an
//! angle, out-of-plane motions and contacts complete them. The numbers were fitted, by the mean square of the
//! logarithms of the eigenvalues of (model)^-1 (Hessian), to the GFN2-xTB Hessians of 20 organic molecules at their
//! minima: its root is 0.36 for 10 others, where that of the paper's form is 0.83.

use super::primitive::{Primitive, Row};
use super::topology::{Relation, Topology};
use crate::linalg::Symmetric;
use crate::vector::{Vec3, dot3, sub};
use matter::Element;
use matter::units::BOHR_IN_ANGSTROM;

/// Exponent `alpha`, 1/bohr^2, by the rows of the two elements (table 1 of the paper).
const EXPONENT: [[f64; 3]; 3] = [[1.0, 0.3949, 0.3949], [0.3949, 0.28, 0.28], [0.3949, 0.28, 0.28]];
/// Distance `r0`, bohr (the same table).
const DISTANCE: [[f64; 3]; 3] = [[1.35, 2.10, 2.53], [2.10, 2.87, 3.40], [2.53, 3.40, 3.40]];
/// Largest `rho`: keeps squeezed atoms from freezing everything else.
const LARGEST: f64 = 4.0;
/// Smallest product of `rho` of a primitive: keeps long bonds from having no spring at all.
const LEAST: f64 = 0.02;

/// Stretches by the rows of the two elements, hartree/bohr^2.
const STRETCH: [[f64; 3]; 3] = [[0.40, 0.30, 0.30], [0.30, 0.27, 0.18], [0.30, 0.18, 0.18]];
/// Bends by the neighbours of the middle atom (at most two, three, more) and the number of hydrogen atoms at the
/// ends, hartree/radian^2.
const BEND: [[f64; 3]; 3] = [[0.094, 0.073, 0.065], [0.048, 0.037, 0.06], [0.12, 0.09, 0.079]];
/// Bends at an atom beyond neon.
const BEND_HEAVY: f64 = 0.04;
/// Bends of straight angles.
const BEND_LINEAR: f64 = 0.05;
/// Spans, as bends, hartree/bohr^2.
const SPAN: [[f64; 3]; 3] = [[0.030, 0.019, 0.02], [0.046, 0.032, 0.02], [0.024, 0.024, 0.024]];
/// Out-of-plane motions at carbon and at other atoms, without and with hydrogen among the neighbours.
const OUT_OF_PLANE: [[f64; 2]; 2] = [[0.06, 0.035], [0.008, 0.004]];
/// Contacts of atoms three bonds apart, and of others, at the distance at which they touch, hartree/bohr^2.
const CONTACT: [f64; 2] = [0.000_87, 0.000_43];
/// How fast contacts fade with the distance over that of touching.
const CONTACT_EXPONENT: f64 = 6.0;
/// What touching atoms have between their covalent radii, bohr.
const CONTACT_GAP: f64 = 3.21;
/// The part of a stretch of the same `rho` that a hydrogen bond or another close contact has.
const CONTACT_STRETCH: f64 = 0.19;
/// Contacts end here, bohr.
const CONTACT_END: f64 = 9.0;
/// Weaker contacts are none, hartree/bohr^2.
const CONTACT_LEAST: f64 = 1e-5;
/// The spring of each coordinate, hartree/bohr^2: far below all chemistry, it only makes the model positive definite.
const FLOOR: f64 = 2e-5;

/// What the model must know of the atoms.
#[derive(Clone, Debug)]
pub(crate) struct Atoms {
    /// Row of the periodic table: first, second, all others.
    rows: Vec<usize>,
    carbon: Vec<bool>,
    /// Covalent radii, bohr.
    radii: Vec<f64>,
}

impl Atoms {
    pub(crate) fn new(elements: &[Element]) -> Atoms {
        let row = |e: &Element| if e.number() <= 2 { 0 } else { 1 + usize::from(e.number() > 10) };
        Atoms {
            rows: elements.iter().map(row).collect(),
            carbon: elements.iter().map(|e| *e == Element::C).collect(),
            radii: elements.iter().map(|e| e.covalent_radius() / BOHR_IN_ANGSTROM).collect(),
        }
    }

    fn rho(&self, x: &[Vec3], i: usize, j: usize) -> f64 {
        let (d, a, b) = (sub(x[i], x[j]), self.rows[i], self.rows[j]);
        (EXPONENT[a][b] * (DISTANCE[a][b] * DISTANCE[a][b] - dot3(d, d))).exp().min(LARGEST)
    }

    fn hydrogens(&self, atoms: &[usize]) -> usize {
        atoms.iter().filter(|&&i| self.rows[i] == 0).count()
    }

    /// Force constant of each primitive, hartree per square of its unit.
    pub(crate) fn constants(&self, primitives: &[Primitive], topology: &Topology, x: &[Vec3]) -> Vec<f64> {
        primitives.iter().map(|primitive| self.constant(primitive, topology, x)).collect()
    }

    fn constant(&self, primitive: &Primitive, topology: &Topology, x: &[Vec3]) -> f64 {
        let rho = |i, j| self.rho(x, i, j);
        let shape = |m: usize| topology.neighbours[m].len().clamp(2, 4) - 2;
        match *primitive {
            Primitive::Stretch(a, b) => STRETCH[self.rows[a]][self.rows[b]] * rho(a, b).max(LEAST),
            Primitive::Span(a, m, b) => {
                SPAN[shape(m)][self.hydrogens(&[a, b])] * (rho(a, m) * rho(m, b)).clamp(LEAST, 1.0)
            }
            Primitive::Bend(a, m, b) => {
                let k = if self.rows[m] == 2 { BEND_HEAVY } else { BEND[shape(m)][self.hydrogens(&[a, b])] };
                k * (rho(a, m) * rho(m, b)).max(LEAST)
            }
            Primitive::LinearBend(a, m, b, _) => BEND_LINEAR * (rho(a, m) * rho(m, b)).max(LEAST),
            Primitive::Torsion(a, b, c, d) => {
                let (left, right) = (topology.neighbours[b].len(), topology.neighbours[c].len());
                let k = torsion(left.min(right), left.max(right), topology.in_ring(b, c));
                k * (rho(a, b) * rho(b, c) * rho(c, d)).max(LEAST)
            }
            Primitive::OutOfPlane(m, a, b, c) => {
                OUT_OF_PLANE[usize::from(!self.carbon[m])][self.hydrogens(&[a, b, c]).min(1)]
            }
        }
    }
}

/// Torsions by the neighbours of the two inner atoms, the fewer first, hartree/radian^2.
fn torsion(fewer: usize, more: usize, ring: bool) -> f64 {
    match (fewer, more, ring) {
        (_, ..=2, _) => 0.008,
        (..=2, 3, true) => 0.008,
        (..=2, 3, false) => 0.0018,
        (..=2, _, true) => 0.003,
        (..=2, _, false) => 0.0013,
        (3, 3, true) => 0.005,
        (3, 3, false) => 0.0018,
        (3, _, true) => 0.0007,
        (3, _, false) => 0.0003,
        _ => 0.0013,
    }
}

/// What holds atoms that no primitive holds: contacts between atoms that are not bonded, and a weak spring of
/// each coordinate.
#[derive(Clone, Debug)]
pub(crate) struct Contacts {
    pairs: Vec<(Row, f64)>,
}

impl Contacts {
    pub(crate) fn new(atoms: &Atoms, topology: &Topology, x: &[Vec3]) -> Contacts {
        let mut pairs = Vec::new();
        for i in 0..x.len() {
            for j in i + 1..x.len() {
                let d = sub(x[i], x[j]);
                let square = dot3(d, d);
                let relation = topology.relation(i, j);
                if square > CONTACT_END * CONTACT_END || relation == Relation::Near {
                    continue;
                }
                let touching = atoms.radii[i] + atoms.radii[j] + CONTACT_GAP;
                let faded = (CONTACT_EXPONENT * (1.0 - square.sqrt() / touching)).exp();
                let constant = match relation {
                    Relation::Vicinal => CONTACT[0] * faded,
                    _ => CONTACT[1] * faded + CONTACT_STRETCH * atoms.rho(x, i, j).min(1.0),
                };
                if constant > CONTACT_LEAST {
                    pairs.push((Primitive::Stretch(i, j).row(x), constant));
                }
            }
        }
        Contacts { pairs }
    }

    /// Its Hessian times `v`.
    pub(crate) fn apply(&self, v: &[f64]) -> Vec<f64> {
        let mut product = springs(v);
        for (row, constant) in &self.pairs {
            row.add_to(constant * row.dot(v), &mut product);
        }
        product
    }

    /// Adds its Hessian.
    pub(crate) fn add_to(&self, hessian: &mut Symmetric) {
        hessian.shift(FLOOR);
        for (row, constant) in &self.pairs {
            add_row(row, *constant, hessian);
        }
    }
}

/// The force of the weak springs alone, for a displacement.
pub(crate) fn springs(displacement: &[f64]) -> Vec<f64> {
    displacement.iter().map(|x| FLOOR * x).collect()
}

/// Adds the Hessian of the weak springs alone.
pub(crate) fn add_springs(hessian: &mut Symmetric) {
    hessian.shift(FLOOR);
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
