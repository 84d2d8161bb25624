//! Which atoms are bonded, and the internal coordinates that follow from it.

use super::primitive::Primitive;
use crate::vector::{Vec3, dot3, perpendicular, sub, unit};
use matter::units::BOHR_IN_ANGSTROM;
use matter::{BOND_TOLERANCE, Element};

/// Cosine beyond which an angle counts as straight (about 170 degrees).
const STRAIGHT: f64 = -0.985;

/// Most neighbours on each side of a bond that get torsions; more are determined by the bends between them.
const TORSION_NEIGHBOURS: usize = 3;

/// Bonds as sorted neighbour lists.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Topology {
    pub(crate) neighbours: Vec<Vec<usize>>,
}

impl Topology {
    /// Bonds by covalent radii; positions in bohr.
    pub(crate) fn new(elements: &[Element], x: &[Vec3]) -> Topology {
        let mut neighbours = vec![Vec::new(); x.len()];
        for (i, j) in bonds(elements, x) {
            neighbours[i].push(j);
            neighbours[j].push(i);
        }
        for list in &mut neighbours {
            list.sort_unstable();
        }
        Topology { neighbours }
    }

    pub(crate) fn bonded(&self, i: usize, j: usize) -> bool {
        self.neighbours[i].binary_search(&j).is_ok()
    }

    /// Whether the two atoms have a common neighbour.
    pub(crate) fn geminal(&self, i: usize, j: usize) -> bool {
        self.neighbours[i].iter().any(|&m| self.bonded(m, j))
    }

    /// All primitives of the bonds at `x`, in a fixed order.
    pub(crate) fn primitives(&self, x: &[Vec3]) -> Vec<Primitive> {
        let mut list = Vec::new();
        for (i, near) in self.neighbours.iter().enumerate() {
            list.extend(near.iter().filter(|&&j| j > i).map(|&j| Primitive::Stretch(i, j)));
        }
        for (m, near) in self.neighbours.iter().enumerate() {
            for (k, &b) in near.iter().enumerate() {
                for &a in &near[..k] {
                    self.bends(x, a, m, b, &mut list);
                }
            }
            if let [a, b, c] = near[..] {
                list.push(Primitive::OutOfPlane(m, a, b, c));
            }
        }
        for (b, near) in self.neighbours.iter().enumerate() {
            for &c in near.iter().filter(|&&c| c > b) {
                self.torsions(x, b, c, &mut list);
            }
        }
        list
    }

    fn bends(&self, x: &[Vec3], a: usize, m: usize, b: usize, list: &mut Vec<Primitive>) {
        if cosine(x, a, m, b) > STRAIGHT {
            list.push(Primitive::Bend(a, m, b));
            return;
        }
        let along = unit(sub(x[b], x[a])).0;
        let first = perpendicular(along);
        let second = crate::vector::cross(along, first);
        list.push(Primitive::LinearBend(a, m, b, first));
        list.push(Primitive::LinearBend(a, m, b, second));
    }

    /// Torsions about the bond `b`-`c`; a straight chain is followed to the first atoms that are off its axis.
    fn torsions(&self, x: &[Vec3], b: usize, c: usize, list: &mut Vec<Primitive>) {
        let Some((right, ends)) = self.bent(x, b, c) else { return };
        let Some((left, starts)) = self.bent(x, c, b) else { return };
        // Every bond of a straight chain leads to the same two ends: only that at the lower end gives torsions.
        let end = left.min(right);
        if b != end && c != end {
            return;
        }
        for &a in starts.iter().take(TORSION_NEIGHBOURS) {
            for &d in ends.iter().take(TORSION_NEIGHBOURS) {
                if a != d && cosine(x, left, right, d) > STRAIGHT && cosine(x, right, left, a) > STRAIGHT {
                    list.push(Primitive::Torsion(a, left, right, d));
                }
            }
        }
    }

    /// Going from `from` to `to` and on along a straight chain: the last atom on the axis and the neighbours of
    /// it that are off the axis.
    fn bent(&self, x: &[Vec3], from: usize, to: usize) -> Option<(usize, Vec<usize>)> {
        let (mut back, mut here) = (from, to);
        for _ in 0..x.len() {
            let (straight, off): (Vec<usize>, Vec<usize>) = self.neighbours[here]
                .iter()
                .filter(|&&k| k != back)
                .partition(|&&k| cosine(x, back, here, k) <= STRAIGHT);
            if !off.is_empty() {
                return Some((here, off));
            }
            (back, here) = (here, *straight.first()?);
        }
        None
    }
}

/// Cosine of the angle at `m`.
pub(crate) fn cosine(x: &[Vec3], a: usize, m: usize, b: usize) -> f64 {
    dot3(unit(sub(x[a], x[m])).0, unit(sub(x[b], x[m])).0)
}

/// Pairs `(i, j)`, `i < j`, that are bonded by the rule of [`matter::Geometry::bonded_pairs`]; positions in bohr.
pub(crate) fn bonds(elements: &[Element], x: &[Vec3]) -> Vec<(usize, usize)> {
    let radii: Vec<f64> =
        elements.iter().map(|e| BOND_TOLERANCE * e.covalent_radius() / BOHR_IN_ANGSTROM).collect();
    let mut pairs = Vec::new();
    for i in 0..x.len() {
        for j in i + 1..x.len() {
            let (d, reach) = (sub(x[i], x[j]), radii[i] + radii[j]);
            if dot3(d, d) < reach * reach {
                pairs.push((i, j));
            }
        }
    }
    pairs
}
