//! What failed.

use super::section;
use super::table::{cell, table};
use crate::data::Report;
use crate::markup::{Element, el};
use crate::text::{count, plural};

pub(super) fn failures(report: &Report) -> Element {
    let section = section("failures", "Failures");
    let all = report.totals.failures();
    if all == 0 && report.failures.is_empty() {
        return section.child(el("p").text("No calculation failed."));
    }
    let kinds: Vec<String> =
        report.totals.failed.iter().map(|f| format!("{} ({})", f.kind, count(f.count))).collect();
    let of = if kinds.is_empty() { String::new() } else { format!(": {}", kinds.join(", ")) };
    let shown = if (report.failures.len() as u64) < all {
        format!(" The first {} are listed.", count(report.failures.len() as u64))
    } else {
        String::new()
    };
    let rows =
        report.failures.iter().map(|f| vec![el("code").text(&f.smiles), cell(&f.kind), cell(&f.message)]);
    section
        .child(el("p").class("lead").text(format!(
            "{} could not be computed{of}. Failures are charged like results, and none was replaced by a \
             number.{shown}",
            plural(all, &report.question.candidate, &report.question.candidates),
        )))
        .child(table(&[("candidate", false), ("kind", false), ("message", false)], rows))
}
