//! The report as one HTML page: no network, no scripts, no fonts but the reader's.

mod cards;
mod figures;
mod header;
mod ledger;
mod problems;
mod repeat;
mod table;

use crate::data::Report;
use crate::markup::{Element, el};

/// Style sheet of the page: light, dark, narrow, printed.
const STYLE: &str = include_str!("style.css");

/// The report as one self-contained HTML file, which is well-formed XML too.
pub fn html(report: &Report) -> String {
    let head = el("head")
        .child(el("meta").attr("charset", "utf-8"))
        .child(el("meta").attr("name", "viewport").attr("content", "width=device-width, initial-scale=1"))
        .child(el("meta").attr("name", "color-scheme").attr("content", "light dark"))
        .child(el("meta").attr("name", "generator").attr("content", "Joulery"))
        .child(el("title").text(format!("{} – Joulery campaign report", report.campaign)))
        .child(Element::style_sheet(STYLE));
    let body = el("body").child(
        el("main")
            .child(header::header(report))
            .children(cards::short_list(report))
            .children(cards::promising(report))
            .children(figures::plots(report))
            .child(ledger::ledger(report))
            .child(ledger::space(report))
            .child(problems::failures(report))
            .child(repeat::repeat(report))
            .child(footer(report)),
    );
    let page = el("html").attr("lang", "en").child(head).child(body);
    format!("<!DOCTYPE html>\n{page}\n")
}

/// A part of the page with its heading.
fn section(id: &str, heading: &str) -> Element {
    el("section").attr("id", id).child(el("h2").text(heading))
}

fn footer(report: &Report) -> Element {
    let version = report.repeat.versions.iter().find(|v| v.name.eq_ignore_ascii_case("joulery"));
    let by = version.map_or("Joulery".into(), |v| format!("Joulery {}", v.version));
    el("footer").child(el("p").text(format!(
        "Written by {by}. Every number comes from the archive of the campaign; drawings are made from the SMILES."
    )))
}
