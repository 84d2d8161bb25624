//! Tables.

use crate::markup::{Element, el};

/// A column: heading, and whether it holds numbers (set flush right).
pub(super) type Column = (&'static str, bool);

/// A table in a frame that scrolls sideways where the page is narrow.
pub(super) fn table(columns: &[Column], rows: impl IntoIterator<Item = Vec<Element>>) -> Element {
    let class = |number: bool| if number { "number" } else { "words" };
    let head = el("tr").children(
        columns.iter().map(|(name, number)| el("th").attr("scope", "col").class(class(*number)).text(name)),
    );
    let rows = rows.into_iter().map(|cells| {
        let cells = cells.into_iter().zip(columns);
        el("tr").children(cells.map(|(cell, (_, number))| el("td").class(class(*number)).child(cell)))
    });
    el("div")
        .class("scroll")
        .child(el("table").child(el("thead").child(head)).child(el("tbody").children(rows)))
}

/// A cell of plain text.
pub(super) fn cell(text: impl std::fmt::Display) -> Element {
    el("span").text(text)
}

/// A cell that stands out.
pub(super) fn strong(text: impl std::fmt::Display) -> Element {
    el("strong").text(text)
}

/// Names with what they stand for.
pub(super) fn facts<T: std::fmt::Display>(rows: impl IntoIterator<Item = (&'static str, T)>) -> Element {
    let rows = rows.into_iter().flat_map(|(name, fact)| [el("dt").text(name), el("dd").text(fact)]);
    el("dl").class("facts").children(rows)
}
