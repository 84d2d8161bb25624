//! The short-list and what might join it, as cards with drawings.

use super::section;
use crate::data::{Report, ShortListEntry};
use crate::markup::{Element, el};
use crate::molecule;
use crate::text::{energy, estimate, fixed, grams_per_mol, processor_time, significant, value, with_unit};

pub(super) fn short_list(report: &Report) -> Option<Element> {
    let section = section("short-list", "Short-list");
    if report.short_list.is_empty() {
        return Some(section.child(
            el("p").text("No candidate was computed that meets the constraints, so there is no short-list."),
        ));
    }
    let cards = report.short_list.iter().map(|entry| card(report, entry));
    Some(
        section
            .child(el("p").class("lead").text(format!(
                "Every value on these cards was computed, best first. “Predicted” is what the model had said \
                 before the calculation: its mean ± one standard deviation, in {}.",
                if report.question.unit.is_empty() {
                    "the property's own scale"
                } else {
                    &report.question.unit
                }
            )))
            .child(el("div").class("cards").children(cards)),
    )
}

fn card(report: &Report, entry: &ShortListEntry) -> Element {
    let mut rows = vec![];
    rows.push((
        "predicted".to_owned(),
        match entry.predicted {
            Some(p) => estimate(p.mean, p.sd),
            None => "random start".into(),
        },
    ));
    for other in &entry.other {
        rows.push((other.name.clone(), with_unit(&significant(other.value, 4), &other.unit)));
    }
    rows.push(("weight".into(), grams_per_mol(entry.molecular_weight)));
    if let Some(sa) = entry.sa_score {
        rows.push(("SA score".into(), fixed(sa, 2)));
    }
    let cost = format!("{}, {}", energy(entry.cost.joules), processor_time(entry.cost.core_seconds));
    rows.push(("cost".into(), cost));
    el("div")
        .class("card")
        .child(el("span").class("rank").text(entry.rank))
        .child(drawing(&entry.smiles))
        .child(
            el("p")
                .class("card-value")
                .child(el("strong").text(value(report, entry.value)))
                .text(" ")
                .child(el("span").class("method").text(&entry.method)),
        )
        .child(formula(&entry.formula).class("formula"))
        .child(rows_of(rows))
        .child(el("p").class("smiles").text(&entry.smiles))
}

pub(super) fn promising(report: &Report) -> Option<Element> {
    if report.promising.is_empty() {
        return None;
    }
    let cards =
        report.promising.iter().map(|entry| {
            let mut rows = vec![];
            if let Some(sa) = entry.sa_score {
                rows.push(("SA score".to_owned(), fixed(sa, 2)));
            }
            if let Some(cost) = entry.predicted_cost {
                rows.push(("would cost".into(), energy(cost.joules)));
            }
            el("div")
                .class("card predicted")
                .child(el("span").class("badge").text("predicted"))
                .child(drawing(&entry.smiles))
                .child(el("p").class("card-value").child(el("strong").text(with_unit(
                    &estimate(entry.predicted.mean, entry.predicted.sd),
                    &report.question.unit,
                ))))
                .child(formula(&entry.formula).class("formula"))
                .child(rows_of(rows))
                .child(el("p").class("smiles").text(&entry.smiles))
        });
    Some(
        section("promising", "Promising, but not computed")
            .child(el("p").class("lead").text(
                "Predictions only: nobody has paid for these calculations yet. A next campaign would start here.",
            ))
            .child(el("div").class("cards small").children(cards)),
    )
}

fn rows_of(rows: Vec<(String, String)>) -> Element {
    el("dl").children(rows.into_iter().flat_map(|(name, fact)| [el("dt").text(name), el("dd").text(fact)]))
}

/// The structural formula, or a sentence where none can be drawn.
fn drawing(smiles: &str) -> Element {
    match molecule::draw(smiles) {
        Ok(svg) => svg,
        Err(_) => el("p").class("no-drawing").text("no drawing of this structure"),
    }
}

/// A molecular formula with its counts as subscripts.
fn formula(text: &str) -> Element {
    let mut p = el("p");
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.starts_with(|c: char| c.is_ascii_digit());
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        p = if digits { p.child(el("sub").text(part)) } else { p.text(part) };
        rest = after;
    }
    p
}
