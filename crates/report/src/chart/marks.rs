//! What charts draw their data with.

use crate::markup::{Element, el, short};
use std::fmt::Write;

/// A place in a drawing.
pub(crate) type Place = (f64, f64);

/// A colour of the page, told apart by the colour-blind too (Okabe and Ito 2008).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    /// What the campaign did.
    Main,
    /// What is compared with it.
    Contrast,
    /// The engine itself.
    Engine,
    /// Loss and failure.
    Loss,
    /// What stays in the background.
    Quiet,
}

impl Colour {
    fn class(self) -> &'static str {
        match self {
            Colour::Main => "c-main",
            Colour::Contrast => "c-contrast",
            Colour::Engine => "c-engine",
            Colour::Loss => "c-loss",
            Colour::Quiet => "c-quiet",
        }
    }
}

fn mark(name: &'static str, kind: &str, colour: Colour) -> Element {
    el(name).class(&format!("{kind} {}", colour.class()))
}

fn path(places: &[Place]) -> String {
    let mut d = String::new();
    for (i, (x, y)) in places.iter().enumerate() {
        let _ = write!(d, "{}{} {}", if i == 0 { "M" } else { "L" }, short(*x), short(*y));
    }
    d
}

/// A line through places.
pub(crate) fn line(places: &[Place], colour: Colour, dashed: bool) -> Element {
    mark("path", if dashed { "line dashed" } else { "line" }, colour).attr("d", path(places))
}

/// A line that holds each height until the next place.
pub(crate) fn steps(places: &[Place], colour: Colour) -> Element {
    let mut corners: Vec<Place> = Vec::with_capacity(2 * places.len());
    for &(x, y) in places {
        if let Some(&(_, before)) = corners.last() {
            corners.push((x, before));
        }
        corners.push((x, y));
    }
    line(&corners, colour, false)
}

/// The area between two heights: `(x, one, other)`.
pub(crate) fn band(places: &[(f64, f64, f64)], colour: Colour) -> Element {
    let mut outline: Vec<Place> = places.iter().map(|&(x, one, _)| (x, one)).collect();
    outline.extend(places.iter().rev().map(|&(x, _, other)| (x, other)));
    mark("path", "band", colour).attr("d", path(&outline) + "Z")
}

/// Dots of a radius, as one element however many they are.
pub(crate) fn dots(places: &[Place], colour: Colour, radius: f64) -> Element {
    let mut d = String::new();
    for (x, y) in places {
        let _ = write!(d, "M{} {}h0", short(*x), short(*y));
    }
    mark("path", "dots", colour).attr("d", d).len("stroke-width", 2.0 * radius)
}

/// Vertical bars of uncertainty: `(x, one, other)`, as one element.
pub(crate) fn error_bars(bars: &[(f64, f64, f64)], colour: Colour) -> Element {
    let mut d = String::new();
    for (x, one, other) in bars {
        let _ = write!(d, "M{} {}V{}", short(*x), short(*one), short(*other));
    }
    mark("path", "error-bars", colour).attr("d", d)
}

/// A thin straight line.
pub(crate) fn segment(from: Place, to: Place, colour: Colour) -> Element {
    mark("path", "thin", colour).attr("d", path(&[from, to]))
}

/// A filled rectangle.
pub(crate) fn rectangle(x: f64, y: f64, width: f64, height: f64, colour: Colour) -> Element {
    mark("rect", "fill", colour)
        .len("x", x)
        .len("y", y)
        .len("width", width.max(0.0))
        .len("height", height.max(0.0))
}
