//! Labels of atoms: symbol, hydrogens, charge.

use super::bond::Skeleton;
use super::plane::{Bounds, Point};

/// Size of an element symbol in bond lengths.
const SIZE: f64 = 0.52;
/// Size of subscripts and superscripts.
const SMALL: f64 = 0.39;
/// Height of capitals as share of the size.
const CAPITAL: f64 = 0.73;

/// Text set as one piece.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    pub text: String,
    pub centre: Point,
    pub size: f64,
    pub width: f64,
}

impl Glyph {
    fn new(text: impl Into<String>, size: f64) -> Glyph {
        let text = text.into();
        let width = text.chars().map(glyph_width).sum::<f64>() * size;
        Glyph { text, centre: Point::new(0.0, 0.0), size, width }
    }

    /// What it covers.
    pub fn bounds(&self) -> Bounds {
        Bounds::centred(self.centre, self.width, CAPITAL * self.size)
    }
}

/// Widths of Helvetica and Arial, in em.
fn glyph_width(c: char) -> f64 {
    match c {
        'I' | 'i' | 'l' => 0.25,
        'r' | 't' | 'f' => 0.32,
        'O' | 'G' | 'Q' => 0.78,
        'M' => 0.83,
        'P' | 'S' | 'B' | 'K' => 0.67,
        'F' | 'Z' => 0.61,
        c if c.is_ascii_uppercase() => 0.72,
        '+' | '−' => 0.58,
        _ => 0.56,
    }
}

/// The label of one atom.
#[derive(Clone, Debug)]
pub(super) struct AtomLabel {
    pub glyphs: Vec<Glyph>,
    /// Class of its element in the style sheet.
    pub class: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Right,
    Left,
    Below,
    Above,
}

/// Labels of the atoms that have one: all but neutral carbon with neighbours, and carbon between two double
/// bonds, which would be lost in a straight line.
pub(super) fn labels(skeleton: &Skeleton, places: &[Point]) -> Vec<Option<AtomLabel>> {
    (0..places.len()).map(|i| label(skeleton, places, i)).collect()
}

fn label(skeleton: &Skeleton, places: &[Point], i: usize) -> Option<AtomLabel> {
    let atom = &skeleton.atoms[i];
    let neighbours = &skeleton.neighbours[i];
    let plain = atom.element == matter::Element::C && atom.charge == 0 && !neighbours.is_empty();
    if plain && skeleton.double_bonds(i) < 2 {
        return None;
    }
    let centre = places[i];
    let directions: Vec<Point> = neighbours.iter().map(|n| (places[*n] - centre).unit()).collect();
    let side = hydrogen_side(&directions, atom.element.symbol());
    let mut glyphs = vec![Glyph::new(atom.element.symbol(), SIZE)];
    if atom.hydrogens > 0 {
        glyphs.push(Glyph::new("H", SIZE));
    }
    if atom.hydrogens > 1 {
        glyphs.push(Glyph::new(atom.hydrogens.to_string(), SMALL));
    }
    arrange(&mut glyphs, centre, side);
    if atom.charge != 0 {
        let mut charge = Glyph::new(charge_text(atom.charge), SMALL);
        charge.centre = charge_place(&glyphs, &directions, side, charge.width);
        glyphs.push(charge);
    }
    Some(AtomLabel { glyphs, class: skeleton.class(i) })
}

/// The side with most room; right and left are preferred, for such labels read as words.
fn hydrogen_side(directions: &[Point], symbol: &str) -> Side {
    if directions.is_empty() {
        // H2O, HCl, but NH3 and CH4.
        return if matches!(symbol, "O" | "S" | "F" | "Cl" | "Br" | "I") { Side::Left } else { Side::Right };
    }
    let crowding = |towards: Point| directions.iter().map(|d| d.dot(towards)).fold(-1.0, f64::max);
    let right = crowding(Point::new(1.0, 0.0));
    let left = crowding(Point::new(-1.0, 0.0));
    let (side, horizontal) = if right <= left + 0.1 { (Side::Right, right) } else { (Side::Left, left) };
    // A bond within 50 degrees of the hydrogens is too near.
    if horizontal < 0.64 {
        return side;
    }
    let below = crowding(Point::new(0.0, 1.0));
    let above = crowding(Point::new(0.0, -1.0));
    if below.min(above) >= horizontal {
        side
    } else if below <= above {
        Side::Below
    } else {
        Side::Above
    }
}

/// Middle of the charge: after hydrogens that stand to the right; else at the upper right corner of the symbol,
/// or where no bond leaves it if one does there.
fn charge_place(glyphs: &[Glyph], directions: &[Point], side: Side, width: f64) -> Point {
    let symbol = glyphs[0].bounds();
    let raised = symbol.low.y + 0.02;
    if glyphs.len() > 1 && side == Side::Right {
        let end = glyphs.iter().map(|g| g.bounds().high.x).fold(f64::NEG_INFINITY, f64::max);
        return Point::new(end + width / 2.0, raised);
    }
    let middle = symbol.centre();
    let (right, left) = (symbol.high.x + width / 2.0, symbol.low.x - width / 2.0);
    let lowered = symbol.high.y - 0.02;
    let above = symbol.low.y - 0.16;
    let corners = [
        Point::new(right, raised),
        Point::new(middle.x, above),
        Point::new(left, raised),
        Point::new(right, lowered),
        Point::new(left, lowered),
    ];
    let crowding = |corner: &Point| {
        let towards = (*corner - middle).unit();
        directions.iter().map(|d| d.dot(towards)).fold(-1.0, f64::max)
    };
    // A bond farther than 28 degrees away does not touch the sign.
    let free = corners.iter().find(|c| crowding(c) < 0.88);
    let roomiest = || corners.iter().min_by(|a, b| crowding(a).total_cmp(&crowding(b)));
    free.or_else(roomiest).copied().unwrap_or(Point::new(right, raised))
}

/// Puts symbol, H and its count where they belong; the symbol's middle is on the atom.
fn arrange(glyphs: &mut [Glyph], centre: Point, side: Side) {
    let drop = Point::new(0.0, 0.16);
    glyphs[0].centre = centre;
    let symbol = glyphs[0].width;
    let hydrogens = glyphs.get(1).map_or(0.0, |g| g.width);
    let count = glyphs.get(2).map_or(0.0, |g| g.width);
    let gap = 0.01;
    let at = match side {
        Side::Right => Point::new(symbol / 2.0 + gap + hydrogens / 2.0, 0.0),
        Side::Left => Point::new(-(symbol / 2.0 + gap + count + hydrogens / 2.0), 0.0),
        Side::Below => Point::new(0.0, SIZE * 0.92),
        Side::Above => Point::new(0.0, -SIZE * 0.92),
    };
    if let Some(hydrogen) = glyphs.get_mut(1) {
        hydrogen.centre = centre + at;
    }
    if let Some(number) = glyphs.get_mut(2) {
        number.centre = centre + at + Point::new(hydrogens / 2.0 + count / 2.0, 0.0) + drop;
    }
}

fn charge_text(charge: i32) -> String {
    let sign = if charge > 0 { '+' } else { '−' };
    match charge.unsigned_abs() {
        1 => sign.to_string(),
        n => format!("{n}{sign}"),
    }
}
