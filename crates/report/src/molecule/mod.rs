//! Structural formulas as SVG: skeletal, as chemists draw them.
//!
//! Bond length, line width, offsets of double bonds and size of labels are in the proportions of the ACS 1996
//! settings (bond 14.4 pt, labels 10 pt, spacing 18 % of the bond), the labels a little smaller. Coordinates in
//! this module are in bond lengths, y downwards, until [`draw`] scales them.

mod bond;
mod label;
mod orientation;
mod plane;

use crate::markup::{Element, el};
use bond::{Skeleton, Stroke, strokes};
use label::{AtomLabel, labels};
use matter::{Graph, GraphError};
use plane::{Bounds, Point};

/// Width of a drawing.
pub(crate) const WIDTH: f64 = 250.0;
/// Height of a drawing.
pub(crate) const HEIGHT: f64 = 180.0;
/// A bond in a drawing of a molecule that is small enough.
const BOND: f64 = 30.0;
/// Width of a line in bond lengths.
const LINE_WIDTH: f64 = 0.058;
/// Empty space around the molecule, in bond lengths.
const MARGIN: f64 = 0.3;

/// The structural formula as one SVG element that names its classes `mol`, `bond` and `el-O`, `el-N`, ...;
/// colours come from the style sheet of the page.
///
/// # Errors
/// Those of [`Graph`]: the text is no SMILES of a molecule that can be laid out.
pub(crate) fn draw(smiles: &str) -> Result<Element, GraphError> {
    let graph = Graph::from_smiles(smiles)?;
    let skeleton = Skeleton::of(&graph)?;
    let places = orientation::best(&skeleton, places(&graph, &skeleton)?);
    let labels = labels(&skeleton, &places);
    let strokes = strokes(&skeleton, &places, &labels);
    let bounds = extent(&places, &labels);
    let scale = BOND.min(WIDTH / bounds.width()).min(HEIGHT / bounds.height());
    let centre = bounds.centre();
    let put = |p: Point| (WIDTH / 2.0 + (p.x - centre.x) * scale, HEIGHT / 2.0 + (p.y - centre.y) * scale);
    let bonds = strokes.iter().map(|stroke| bond_line(stroke, put));
    let texts = labels.iter().flatten().flat_map(|label| {
        label.glyphs.iter().map(|glyph| {
            // The baseline lies below the middle of the capitals.
            let (x, y) = put(Point::new(glyph.centre.x, glyph.centre.y + 0.36 * glyph.size));
            el("text")
                .len("x", x)
                .len("y", y)
                .len("font-size", glyph.size * scale)
                .len("textLength", glyph.width * scale)
                .attr("lengthAdjust", "spacingAndGlyphs")
                .class(label.class)
                .text(&glyph.text)
        })
    });
    Ok(el("svg")
        .attr("xmlns", "http://www.w3.org/2000/svg")
        .attr("viewBox", format!("0 0 {WIDTH} {HEIGHT}"))
        .attr("role", "img")
        .class("mol")
        .child(el("title").text(smiles))
        .child(el("g").len("stroke-width", LINE_WIDTH * scale).class("bond").children(bonds))
        .children(texts))
}

fn bond_line(stroke: &Stroke, put: impl Fn(Point) -> (f64, f64)) -> Element {
    let ((x1, y1), (x2, y2)) = (put(stroke.from), put(stroke.to));
    let line = el("line").len("x1", x1).len("y1", y1).len("x2", x2).len("y2", y2);
    match (stroke.class, stroke.dashed) {
        (class, false) => line.class(class),
        (class, true) => line.class(&format!("{class} dashed")),
    }
}

/// Places of the atoms with bonds of length one.
fn places(graph: &Graph, skeleton: &Skeleton) -> Result<Vec<Point>, GraphError> {
    let mut places: Vec<Point> = graph.layout()?.iter().map(|[x, y]| Point::new(*x, -*y)).collect();
    let lengths: Vec<f64> = skeleton
        .bonds
        .iter()
        .map(|b| (places[b.end] - places[b.begin]).norm())
        .filter(|l| *l > 1e-6)
        .collect();
    if !lengths.is_empty() {
        let mean = lengths.iter().sum::<f64>() / lengths.len() as f64;
        places.iter_mut().for_each(|p| *p = *p * (1.0 / mean));
    }
    Ok(places)
}

/// What the molecule covers, labels and margin included.
fn extent(places: &[Point], labels: &[Option<AtomLabel>]) -> Bounds {
    let mut bounds = Bounds::around(places.iter().copied());
    for glyph in labels.iter().flatten().flat_map(|l| &l.glyphs) {
        bounds.include(&glyph.bounds());
    }
    bounds.grown(MARGIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(smiles: &str) -> (Skeleton, Vec<Point>, Vec<Option<AtomLabel>>, Vec<Stroke>) {
        let graph = Graph::from_smiles(smiles).unwrap();
        let skeleton = Skeleton::of(&graph).unwrap();
        let places = orientation::best(&skeleton, places(&graph, &skeleton).unwrap());
        let labels = labels(&skeleton, &places);
        let strokes = strokes(&skeleton, &places, &labels);
        (skeleton, places, labels, strokes)
    }

    fn texts(smiles: &str) -> Vec<String> {
        let (_, _, labels, _) = drawn(smiles);
        let text = |l: AtomLabel| l.glyphs.iter().map(|g| g.text.as_str()).collect::<Vec<_>>().join("");
        let mut texts: Vec<String> = labels.into_iter().flatten().map(text).collect();
        texts.sort();
        texts
    }

    #[test]
    fn hetero_atoms_are_labelled_with_hydrogens_and_charge() {
        assert_eq!(texts("Nc1ccc(O)cc1"), ["NH2", "OH"]);
        assert_eq!(texts("O=[N+]([O-])c1ccccc1"), ["N+", "O", "O−"]);
        assert_eq!(texts("C[NH3+]"), ["NH3+"]);
        assert_eq!(texts("C"), ["CH4"]);
        assert_eq!(texts("C=C=C"), ["C"]);
        assert_eq!(texts("CCC"), [""; 0]);
        assert_eq!(texts("[Ca+2].[Cl-].[Cl-]"), ["Ca2+", "Cl−", "Cl−"]);
    }

    #[test]
    fn lines_keep_clear_of_labels() {
        for smiles in [
            "O=C1c2ccccc2C(=O)c2c([N+](=O)[O-])ccc(S(=O)(=O)O)c21",
            "Nc1c(S(=O)(=O)O)cc(O)c2c1C(=O)c1ccccc1C2=O",
            "N#CC1=C(C(F)(F)F)C(=O)C(OC)=C(Br)C1=O",
        ] {
            let (_, _, labels, strokes) = drawn(smiles);
            for glyph in labels.iter().flatten().flat_map(|l| &l.glyphs) {
                for stroke in &strokes {
                    let inside = glyph.bounds().grown(0.02).inside(stroke.from, stroke.to);
                    assert_eq!(inside, None, "{smiles}: a line crosses {}", glyph.text);
                }
            }
        }
    }

    #[test]
    fn a_fused_quinone_lies_level_with_its_carbonyls_upright() {
        let (skeleton, places, _, _) = drawn("O=C1c2ccccc2C(=O)c2ccccc12");
        let bounds = Bounds::around(places.iter().copied());
        assert!(bounds.width() > bounds.height());
        for bond in &skeleton.bonds {
            let d = places[bond.end] - places[bond.begin];
            if skeleton.atoms[bond.begin].element == matter::Element::O
                || skeleton.atoms[bond.end].element == matter::Element::O
            {
                assert!(d.x.abs() < 0.02, "{d:?}");
            }
        }
    }

    #[test]
    fn a_benzene_ring_has_nine_lines() {
        assert_eq!(drawn("c1ccccc1").3.len(), 9);
    }

    #[test]
    fn what_is_no_molecule_has_no_drawing() {
        assert!(draw("not a molecule").is_err());
        assert!(draw("").is_err());
    }
}
