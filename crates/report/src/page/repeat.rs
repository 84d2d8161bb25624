//! How to do it again.

use super::section;
use super::table::{cell, facts, table};
use crate::data::Report;
use crate::markup::{Element, el};
use crate::text::{fixed, with_unit};

pub(super) fn repeat(report: &Report) -> Element {
    let repeat = &report.repeat;
    let machine = &repeat.machine;
    let mut section =
        section("repeat", "How to repeat it").child(el("p").class("lead").text(
            "The same campaign file, seed and versions give the same decisions on any number of cores.",
        ));
    if !repeat.commands.is_empty() {
        section = section.child(el("pre").child(el("code").text(repeat.commands.join("\n"))));
    }
    let mut rows = vec![
        ("seed", repeat.seed.to_string()),
        ("processor", format!("{}, {} cores used", machine.cpu, machine.cores)),
    ];
    if let Some(memory) = machine.memory_gib {
        rows.push(("memory", with_unit(&fixed(memory, 1), "GiB")));
    }
    rows.push(("system", machine.system.clone()));
    section = section.child(facts(rows));
    if !repeat.methods.is_empty() {
        let rows = repeat.methods.iter().map(|m| vec![cell(&m.id), cell(&m.engine), cell(&m.settings)]);
        section = section
            .child(el("h3").text("Methods"))
            .child(table(&[("method", false), ("computed by", false), ("settings", false)], rows));
    }
    if !repeat.versions.is_empty() {
        let rows = repeat.versions.iter().map(|v| vec![cell(&v.name), cell(&v.version)]);
        section = section
            .child(el("h3").text("Versions"))
            .child(table(&[("what", false), ("version", false)], rows));
    }
    section
        .child(el("h3").text(format!("Campaign file {}", repeat.spec_file)))
        .child(el("pre").child(el("code").text(&repeat.spec)))
}
