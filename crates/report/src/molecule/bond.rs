//! Lines of bonds.

use super::label::AtomLabel;
use super::plane::Point;
use matter::chem::{AtomView, BondKind, BondView};
use matter::{Graph, GraphError};

/// Distance between the lines of a double bond, in bond lengths.
const SPACING: f64 = 0.17;
/// Empty space between a label and a line, in bond lengths.
const CLEARANCE: f64 = 0.09;

/// Atoms and bonds as they are drawn.
pub(super) struct Skeleton {
    pub atoms: Vec<AtomView>,
    pub bonds: Vec<BondView>,
    pub neighbours: Vec<Vec<usize>>,
    pub rings: Vec<Vec<usize>>,
}

impl Skeleton {
    /// In a Kekulé form where there is one; else aromatic bonds stay so, and get a dashed line.
    pub fn of(graph: &Graph) -> Result<Skeleton, GraphError> {
        let atoms = graph.atoms()?;
        let bonds = match graph.kekule_bonds() {
            Ok(bonds) => bonds,
            Err(_) => graph.bonds()?,
        };
        let mut neighbours = vec![Vec::new(); atoms.len()];
        for bond in &bonds {
            neighbours[bond.begin].push(bond.end);
            neighbours[bond.end].push(bond.begin);
        }
        Ok(Skeleton { rings: graph.rings()?, atoms, bonds, neighbours })
    }

    /// Class of an atom in the style sheet.
    pub fn class(&self, atom: usize) -> &'static str {
        match self.atoms[atom].element.symbol() {
            "C" | "H" => "el-C",
            "N" => "el-N",
            "O" => "el-O",
            "F" | "Cl" => "el-F",
            "Br" => "el-Br",
            "I" => "el-I",
            "S" => "el-S",
            "P" => "el-P",
            "B" => "el-B",
            _ => "el-other",
        }
    }

    /// Double bonds of an atom.
    pub fn double_bonds(&self, atom: usize) -> usize {
        let of = |b: &&BondView| b.kind == BondKind::Double && (b.begin == atom || b.end == atom);
        self.bonds.iter().filter(of).count()
    }

    /// The ring into which the second line of a double bond is drawn: the one with most double bonds, then the
    /// smallest.
    fn ring_of(&self, bond: &BondView) -> Option<&Vec<usize>> {
        let holds = |ring: &[usize], b: &BondView| ring.contains(&b.begin) && ring.contains(&b.end);
        let doubles = |ring: &[usize]| {
            self.bonds.iter().filter(|b| b.kind != BondKind::Single && holds(ring, b)).count()
        };
        self.rings
            .iter()
            .filter(|ring| holds(ring, bond))
            .max_by_key(|ring| (doubles(ring), std::cmp::Reverse(ring.len())))
    }
}

/// One line.
pub(super) struct Stroke {
    pub from: Point,
    pub to: Point,
    /// Class of the element that colours it.
    pub class: &'static str,
    pub dashed: bool,
}

/// All lines, cut short before labels, each half in the colour of its atom.
pub(super) fn strokes(skeleton: &Skeleton, places: &[Point], labels: &[Option<AtomLabel>]) -> Vec<Stroke> {
    let mut pen = Pen { skeleton, places, labels, strokes: Vec::new() };
    for bond in &skeleton.bonds {
        pen.bond(bond);
    }
    pen.strokes
}

struct Pen<'a> {
    skeleton: &'a Skeleton,
    places: &'a [Point],
    labels: &'a [Option<AtomLabel>],
    strokes: Vec<Stroke>,
}

impl Pen<'_> {
    fn bond(&mut self, bond: &BondView) {
        match bond.kind {
            BondKind::Single => self.line(bond, 0.0, false),
            BondKind::Double => self.double(bond, false),
            BondKind::Aromatic => self.double(bond, true),
            BondKind::Triple => [0.0, SPACING, -SPACING].into_iter().for_each(|o| self.line(bond, o, false)),
            BondKind::Quadruple => {
                [-1.5, -0.5, 0.5, 1.5].into_iter().for_each(|o| self.line(bond, o * SPACING, false));
            }
        }
    }

    fn double(&mut self, bond: &BondView, dashed: bool) {
        match self.side(bond) {
            Some(side) => {
                self.line(bond, 0.0, false);
                self.line(bond, side * SPACING, dashed);
            }
            None => {
                self.line(bond, SPACING / 2.0, false);
                self.line(bond, -SPACING / 2.0, dashed);
            }
        }
    }

    /// On which side of the bond its second line goes: into the ring, or where more neighbours are; `None` to
    /// draw both lines beside the axis, as at the end of a chain.
    fn side(&self, bond: &BondView) -> Option<f64> {
        let (a, b) = (self.places[bond.begin], self.places[bond.end]);
        let normal = (b - a).unit().normal();
        if let Some(ring) = self.skeleton.ring_of(bond) {
            let sum = ring.iter().fold(Point::new(0.0, 0.0), |sum, i| sum + self.places[*i]);
            let towards = sum * (1.0 / ring.len() as f64) - a;
            return Some(if towards.dot(normal) >= 0.0 { 1.0 } else { -1.0 });
        }
        let others =
            |at: usize, not: usize| self.skeleton.neighbours[at].iter().copied().filter(move |n| *n != not);
        let terminal =
            others(bond.begin, bond.end).next().is_none() || others(bond.end, bond.begin).next().is_none();
        if terminal {
            return None;
        }
        let balance: f64 = others(bond.begin, bond.end)
            .chain(others(bond.end, bond.begin))
            .map(|n| (self.places[n] - a).dot(normal).signum())
            .sum();
        Some(if balance >= 0.0 { 1.0 } else { -1.0 })
    }

    /// A line beside the axis of the bond, at a distance to its left or right.
    fn line(&mut self, bond: &BondView, offset: f64, dashed: bool) {
        let (i, j) = (bond.begin, bond.end);
        let (a, b) = (self.places[i], self.places[j]);
        let along = (b - a).unit();
        let shift = along.normal() * offset;
        let from = a + shift + along * self.retreat(i, j, offset);
        let to = b + shift - along * self.retreat(j, i, -offset);
        let from_cut = self.before_label(i, from, to);
        let to_cut = self.before_label(j, to, from);
        let (first, second) = (self.skeleton.class(i), self.skeleton.class(j));
        if (to_cut - from_cut).dot(along) <= 0.0 {
            return;
        }
        let mut stroke = |from, to, class| self.strokes.push(Stroke { from, to, class, dashed });
        if first == second {
            stroke(from_cut, to_cut, first);
        } else {
            // The colour changes in the middle of what is seen.
            let middle = (from_cut + to_cut) * 0.5;
            stroke(from_cut, middle, first);
            stroke(middle, to_cut, second);
        }
    }

    /// How far from atom `i`, along the bond to `j`, a shifted line starts (negative: behind the atom).
    ///
    /// One of a pair around the axis ends on the neighbouring bond of its side; the second line of a double bond
    /// ends on the bisector of the angle, where the second line of the neighbouring bond would meet it.
    fn retreat(&self, i: usize, j: usize, offset: f64) -> f64 {
        if offset == 0.0 || self.labels[i].is_some() {
            return 0.0;
        }
        let along = (self.places[j] - self.places[i]).unit();
        let normal = along.normal() * offset.signum();
        // The neighbour on this side that makes the smallest angle with the bond.
        let nearest = self.skeleton.neighbours[i]
            .iter()
            .filter(|n| **n != j)
            .map(|n| (self.places[*n] - self.places[i]).unit())
            .filter(|d| d.dot(normal) > 0.1)
            .max_by(|p, q| p.dot(along).total_cmp(&q.dot(along)));
        let Some(direction) = nearest else { return 0.0 };
        let (cos, sin) = (direction.dot(along), direction.dot(normal));
        let distance = if offset.abs() < SPACING { cos / sin } else { (1.0 + cos) / sin };
        (offset.abs() * distance).clamp(-0.3, 0.3)
    }

    /// Where a line that starts at atom `i` leaves the atom's label.
    fn before_label(&self, i: usize, from: Point, to: Point) -> Point {
        let Some(label) = &self.labels[i] else { return from };
        let exit = label
            .glyphs
            .iter()
            .filter_map(|glyph| glyph.bounds().grown(CLEARANCE).inside(from, to))
            .filter(|(enter, _)| *enter < 0.5)
            .map(|(_, leave)| leave)
            .fold(0.0, f64::max);
        from + (to - from) * exit
    }
}
