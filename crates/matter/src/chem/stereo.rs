//! Configurations from positions: which way round a centre goes, which side of a double bond a neighbour is on.

use super::connection::{ConnectionTable, TableBond, Wedge};
use super::graph::BondKind;
use crate::element::Element;
use std::collections::VecDeque;

/// Sense in which the second, third and fourth neighbour of a centre follow each other, seen from the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handedness {
    Clockwise,
    Counterclockwise,
}

/// Volume of the tetrahedron of unit vectors to the neighbours below which a centre counts as flat. A regular
/// tetrahedron has 3.1.
const FLAT: f64 = 0.1;

/// Sine of the angle at the end of a double bond below which its neighbour counts as in line with it.
const IN_LINE: f64 = 0.1;

/// Double bonds in rings smaller than this have no configuration of their own.
const SMALLEST_STEREO_RING: usize = 8;

pub(super) fn neighbours(table: &ConnectionTable, atom: usize) -> impl Iterator<Item = usize> + '_ {
    table.bonds.iter().filter_map(move |b| match (b.begin == atom, b.end == atom) {
        (true, false) => Some(b.end),
        (false, true) => Some(b.begin),
        _ => None,
    })
}

/// Handedness of every atom with three or four neighbours that are not in one plane, neighbours in the order
/// of the bonds; of three neighbours the fourth, which is no atom, comes last. Whether the atom is a stereo
/// centre at all is not asked here.
pub(super) fn handedness(table: &ConnectionTable) -> Vec<Option<Handedness>> {
    (0..table.atoms.len()).map(|atom| handedness_of(table, atom)).collect()
}

fn handedness_of(table: &ConnectionTable, atom: usize) -> Option<Handedness> {
    let bonds: Vec<_> =
        table.bonds.iter().filter(|b| (b.begin == atom || b.end == atom) && b.begin != b.end).collect();
    if !(3..=4).contains(&bonds.len()) {
        return None;
    }
    // Double bonds make centres flat, but for those of sulfur, phosphorus and their like.
    let flat = |kind| matches!(kind, BondKind::Aromatic | BondKind::Triple | BondKind::Quadruple);
    let light = table.atoms[atom].element.number() <= 10;
    if bonds.iter().any(|b| flat(b.kind) || (light && b.kind == BondKind::Double)) {
        return None;
    }
    if bonds.len() == 3 && !holds_a_fourth(table, atom) {
        return None;
    }
    let wedged = |b: &&TableBond| b.begin == atom && b.wedge != Wedge::Plain;
    if !table.spatial && !bonds.iter().any(wedged) {
        return None;
    }
    let centre = table.atoms[atom].position;
    let mut arms = Vec::with_capacity(4);
    for bond in &bonds {
        let other = if bond.begin == atom { bond.end } else { bond.begin };
        let mut arm = minus(table.atoms.get(other)?.position, centre);
        if !table.spatial {
            let length = arm[0].hypot(arm[1]);
            arm[2] = match (bond.begin == atom, bond.wedge) {
                (true, Wedge::Up) => length,
                (true, Wedge::Down) => -length,
                (true, Wedge::Unknown) => return None,
                _ => 0.0,
            };
        }
        arms.push(unit(arm)?);
    }
    if arms.len() == 3 {
        let sum = [0, 1, 2].map(|k| -(arms[0][k] + arms[1][k] + arms[2][k]));
        arms.push(unit(sum)?);
    }
    // Positive if the second, third and fourth go counterclockwise seen from outside, hence clockwise for the
    // eye at the first neighbour, which is on the other side of them.
    let volume = dot(minus(arms[1], arms[0]), cross(minus(arms[2], arms[0]), minus(arms[3], arms[0])));
    match volume {
        v if v > FLAT => Some(Handedness::Clockwise),
        v if v < -FLAT => Some(Handedness::Counterclockwise),
        _ => None,
    }
}

/// Whether an atom with three neighbours keeps its handedness: those of the carbon group have an implicit
/// hydrogen, the lone pair of sulfur and its like stays where it is. That of nitrogen turns over; phosphines have
/// a configuration only where somebody drew it (as in RDKit).
fn holds_a_fourth(table: &ConnectionTable, atom: usize) -> bool {
    match table.atoms[atom].element.symbol() {
        "C" | "Si" | "Ge" | "Sn" | "S" | "Se" | "Te" => true,
        "P" | "As" => {
            let double = |b: &TableBond| b.kind == BondKind::Double && (b.begin == atom || b.end == atom);
            !table.spatial || table.bonds.iter().any(double)
        }
        _ => false,
    }
}

/// For each bond whether it goes up from `begin` to `end`, in the sense of `/` in SMILES; `None` where no double
/// bond needs it.
pub(super) fn directions(table: &ConnectionTable) -> Vec<Option<bool>> {
    let mut ties: Vec<Vec<(usize, bool)>> = vec![Vec::new(); table.bonds.len()];
    for (index, bond) in table.bonds.iter().enumerate() {
        if bond.kind == BondKind::Double && bond.wedge != Wedge::Unknown {
            tie_double_bond(table, index, &mut ties);
        }
    }
    // Each tie says whether two bonds have equal or opposite direction; one bond of each connected set is free.
    let mut directions: Vec<Option<bool>> = vec![None; table.bonds.len()];
    for start in 0..ties.len() {
        if ties[start].is_empty() || directions[start].is_some() {
            continue;
        }
        directions[start] = Some(true);
        let mut queue = VecDeque::from([(start, true)]);
        while let Some((bond, up)) = queue.pop_front() {
            for &(other, same) in &ties[bond] {
                if directions[other].is_none() {
                    directions[other] = Some(up == same);
                    queue.push_back((other, up == same));
                }
            }
        }
    }
    directions
}

/// Ties the single bonds beside a double bond to each other.
fn tie_double_bond(table: &ConnectionTable, index: usize, ties: &mut [Vec<(usize, bool)>]) {
    let double = &table.bonds[index];
    let (a, b) = (double.begin, double.end);
    if a == b || a >= table.atoms.len() || b >= table.atoms.len() {
        return;
    }
    let Some(axis) = unit(minus(table.atoms[b].position, table.atoms[a].position)) else { return };
    let (Some(left), Some(right)) = (beside(table, index, a, axis), beside(table, index, b, axis)) else {
        return;
    };
    let (Some(first), Some(second)) = (left.first(), right.first()) else { return };
    if in_small_ring(table, index) {
        return;
    }
    let cosine = dot(first.across, second.across);
    if cosine.abs() < 0.5 {
        // Twisted by 60 to 120 degrees: neither side.
        return;
    }
    let mut tie = |x: &Beside, y: &Beside, same_side: bool| {
        // A neighbour is above if the bond from the double bond to it goes up.
        let same = same_side == (x.outward == y.outward);
        ties[x.bond].push((y.bond, same));
        ties[y.bond].push((x.bond, same));
    };
    tie(first, second, cosine > 0.0);
    for side in [&left, &right] {
        if let [x, y] = &side[..] {
            tie(x, y, false);
        }
    }
}

/// A single bond beside a double bond.
struct Beside {
    bond: usize,
    /// Whether the bond is stored from the double bond to the neighbour.
    outward: bool,
    /// Unit vector to the neighbour, at right angles to the double bond.
    across: [f64; 3],
}

/// The one or two single bonds at an end of a double bond, heavy neighbours first; `None` if this end cannot
/// have a configuration.
fn beside(table: &ConnectionTable, double: usize, end: usize, axis: [f64; 3]) -> Option<Vec<Beside>> {
    let mut found = Vec::new();
    for (index, bond) in table.bonds.iter().enumerate() {
        if index == double || (bond.begin != end && bond.end != end) {
            continue;
        }
        if !matches!(bond.kind, BondKind::Single | BondKind::Aromatic) || bond.wedge == Wedge::Unknown {
            return None;
        }
        let other = if bond.begin == end { bond.end } else { bond.begin };
        let arm = unit(minus(table.atoms.get(other)?.position, table.atoms[end].position))?;
        let along = dot(arm, axis);
        let across = [0, 1, 2].map(|k| arm[k] - along * axis[k]);
        if dot(across, across).sqrt() < IN_LINE {
            return None;
        }
        found.push((
            table.atoms[other].element == Element::H,
            Beside { bond: index, outward: bond.begin == end, across: unit(across)? },
        ));
    }
    if found.is_empty() || found.len() > 2 {
        return None;
    }
    found.sort_by_key(|(hydrogen, _)| *hydrogen);
    Some(found.into_iter().map(|(_, beside)| beside).collect())
}

/// Whether a bond is in a ring of fewer than [`SMALLEST_STEREO_RING`] atoms: breadth-first search around it.
fn in_small_ring(table: &ConnectionTable, index: usize) -> bool {
    let (from, to) = (table.bonds[index].begin, table.bonds[index].end);
    let mut distance = vec![usize::MAX; table.atoms.len()];
    distance[from] = 0;
    let mut queue = VecDeque::from([from]);
    while let Some(atom) = queue.pop_front() {
        if distance[atom] + 2 >= SMALLEST_STEREO_RING {
            return false;
        }
        for other in neighbours(table, atom) {
            if (atom, other) == (from, to) || other >= distance.len() {
                continue;
            }
            if other == to {
                return true;
            }
            if distance[other] == usize::MAX {
                distance[other] = distance[atom] + 1;
                queue.push_back(other);
            }
        }
    }
    false
}

fn minus(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// The vector of length one; `None` for one without direction.
fn unit(v: [f64; 3]) -> Option<[f64; 3]> {
    let length = dot(v, v).sqrt();
    (length.is_finite() && length > 1e-9).then(|| v.map(|x| x / length))
}
