//! The plots.

use super::section;
use crate::data::Report;
use crate::figure::figures;
use crate::markup::{Element, el};

pub(super) fn plots(report: &Report) -> Option<Element> {
    let figures = figures(report);
    if figures.is_empty() {
        return None;
    }
    let figures = figures.into_iter().map(|f| {
        el("figure").child(el("h3").text(f.heading)).child(f.drawing).child(el("figcaption").text(f.caption))
    });
    Some(section("plots", "How it went").child(el("div").class("figures").children(figures)))
}
