//! Legends.

use super::frame::{FONT, label};
use super::marks::{Colour, band, dots, line, rectangle};
use super::text_width::text_width;
use crate::markup::{Element, el};

/// What an entry of a legend looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Swatch {
    /// A line.
    Line,
    /// A dashed line.
    Dashes,
    /// A band around a line.
    Band,
    /// A dot.
    Dot,
    /// A filled box.
    Box,
}

/// An entry of a legend.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    /// How it looks.
    pub swatch: Swatch,
    /// Its colour.
    pub colour: Colour,
    /// What it is.
    pub text: String,
}

impl Key {
    /// An entry.
    pub fn new(swatch: Swatch, colour: Colour, text: impl Into<String>) -> Key {
        Key { swatch, colour, text: text.into() }
    }
}

const SWATCH: f64 = 26.0;
const ROW: f64 = FONT * 1.5;

/// The entries in rows from `left`, wrapped at `right`, with their height.
pub(crate) fn legend(keys: &[Key], left: f64, right: f64) -> (Element, f64) {
    let mut group = el("g").class("legend");
    let (mut x, mut y) = (left, 0.0);
    for key in keys {
        let width = SWATCH + 6.0 + text_width(&key.text, FONT);
        if x > left && x + width > right {
            x = left;
            y += ROW;
        }
        let middle = y + ROW / 2.0;
        group = group.child(swatch(key, x, middle)).child(label(
            x + SWATCH + 6.0,
            middle + FONT * 0.36,
            "start",
            &key.text,
        ));
        x += width + 18.0;
    }
    (group, if keys.is_empty() { 0.0 } else { y + ROW })
}

fn swatch(key: &Key, x: f64, y: f64) -> Element {
    let ends = [(x, y), (x + SWATCH, y)];
    match key.swatch {
        Swatch::Line => line(&ends, key.colour, false),
        Swatch::Dashes => line(&ends, key.colour, true),
        Swatch::Band => band(&ends.map(|(x, y)| (x, y - 6.0, y + 6.0)), key.colour),
        Swatch::Dot => dots(&[(x + SWATCH / 2.0, y)], key.colour, 3.5),
        Swatch::Box => rectangle(x + 6.0, y - 7.0, 14.0, 14.0, key.colour),
    }
}
