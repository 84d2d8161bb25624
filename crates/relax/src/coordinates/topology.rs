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
    /// Spanning tree of each fragment: the atom above each atom, none at the root.
    parents: Vec<Option<usize>>,
    /// Whether the bond to the atom above is part of a ring.
    ring_to_parent: Vec<bool>,
    /// Of all pairs, shape `[n][n]`.
    relations: Vec<Relation>,
}

/// How two atoms are connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    /// By one or two bonds.
    Near,
    /// By three bonds.
    Vicinal,
    /// By more, or not at all.
    Far,
}

impl Topology {
    /// Bonds by covalent radii; positions in bohr.
    pub(crate) fn new(elements: &[Element], x: &[Vec3]) -> Topology {
        Topology::from_bonds(x.len(), &bonds(elements, x))
    }

    fn from_bonds(n: usize, bonds: &[(usize, usize)]) -> Topology {
        let mut neighbours = vec![Vec::new(); n];
        for &(i, j) in bonds {
            neighbours[i].push(j);
            neighbours[j].push(i);
        }
        for list in &mut neighbours {
            list.sort_unstable();
        }
        let (parents, ring_to_parent) = rings(&neighbours);
        let relations = relations(&neighbours);
        Topology { neighbours, parents, ring_to_parent, relations }
    }

    pub(crate) fn bonded(&self, i: usize, j: usize) -> bool {
        self.neighbours[i].binary_search(&j).is_ok()
    }

    /// Whether a bond is part of a ring.
    pub(crate) fn in_ring(&self, i: usize, j: usize) -> bool {
        match (self.parents[i], self.parents[j]) {
            (Some(up), _) if up == j => self.ring_to_parent[i],
            (_, Some(up)) if up == i => self.ring_to_parent[j],
            _ => true,
        }
    }

    /// How two atoms are connected.
    pub(crate) fn relation(&self, i: usize, j: usize) -> Relation {
        self.relations[i * self.neighbours.len() + j]
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
            // In a ring of three the span is a bond.
            if !self.bonded(a, b) {
                list.push(Primitive::Span(a, m, b));
            }
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

/// A spanning tree, and which of its bonds are in a ring: each bond that is not in the tree closes a ring with those
/// of the tree between its ends.
fn rings(neighbours: &[Vec<usize>]) -> (Vec<Option<usize>>, Vec<bool>) {
    let n = neighbours.len();
    let (mut parents, mut depth) = (vec![None; n], vec![usize::MAX; n]);
    let mut order = Vec::with_capacity(n);
    for root in 0..n {
        if depth[root] != usize::MAX {
            continue;
        }
        depth[root] = 0;
        let mut next = order.len();
        order.push(root);
        while next < order.len() {
            let atom = order[next];
            next += 1;
            for &to in &neighbours[atom] {
                if depth[to] == usize::MAX {
                    depth[to] = depth[atom] + 1;
                    parents[to] = Some(atom);
                    order.push(to);
                }
            }
        }
    }
    let mut ring_to_parent = vec![false; n];
    for (i, near) in neighbours.iter().enumerate() {
        for &j in near.iter().filter(|&&j| j > i) {
            if parents[i] == Some(j) || parents[j] == Some(i) {
                continue;
            }
            let (mut a, mut b) = (i, j);
            while a != b {
                let lower = if depth[a] >= depth[b] { &mut a } else { &mut b };
                ring_to_parent[*lower] = true;
                let Some(up) = parents[*lower] else { break };
                *lower = up;
            }
        }
    }
    (parents, ring_to_parent)
}

fn relations(neighbours: &[Vec<usize>]) -> Vec<Relation> {
    let n = neighbours.len();
    let mut relations = vec![Relation::Far; n * n];
    for i in 0..n {
        let row = &mut relations[i * n..(i + 1) * n];
        let second = || neighbours[i].iter().flat_map(|&a| neighbours[a].iter().copied());
        for c in second().flat_map(|b| neighbours[b].iter().copied()) {
            row[c] = Relation::Vicinal;
        }
        for b in second().chain(neighbours[i].iter().copied()) {
            row[b] = Relation::Near;
        }
    }
    relations
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bonds_of_rings_are_told_from_chains() {
        // Two fused rings with a chain to a third, and a fragment of its own.
        let rings = [(0, 1), (1, 2), (2, 3), (0, 3), (2, 4), (4, 5), (3, 5), (7, 8), (8, 9), (7, 9)];
        let chains = [(5, 6), (6, 7), (10, 11)];
        let all: Vec<_> = rings.iter().chain(&chains).copied().collect();
        let topology = Topology::from_bonds(12, &all);
        for (i, j) in rings {
            assert!(topology.in_ring(i, j) && topology.in_ring(j, i), "{i}-{j}");
        }
        for (i, j) in chains {
            assert!(!topology.in_ring(i, j) && !topology.in_ring(j, i), "{i}-{j}");
        }
    }

    #[test]
    fn a_straight_chain_has_torsions_of_its_ends_once() {
        // But-2-yne without three of its hydrogen atoms each: two bent ends, four straight bonds between.
        let x = [
            [0.0, 0.0, 0.0],
            [2.7, 0.0, 0.0],
            [5.0, 0.0, 0.0],
            [7.7, 0.0, 0.0],
            [-0.6, 1.9, 0.0],
            [8.3, 0.0, 1.9],
        ];
        let list = Topology::from_bonds(6, &[(0, 1), (1, 2), (2, 3), (0, 4), (3, 5)]).primitives(&x);
        let torsions: Vec<_> = list.iter().filter(|p| matches!(p, Primitive::Torsion(..))).collect();
        assert_eq!(torsions, [&Primitive::Torsion(4, 0, 3, 5)]);
        assert_eq!(list.iter().filter(|p| matches!(p, Primitive::LinearBend(..))).count(), 4);
    }
}
