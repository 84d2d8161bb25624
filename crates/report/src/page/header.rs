//! Top of the page: the question, the answer in three sentences, key numbers.

use crate::data::{CostGroup, Report, VerdictKind};
use crate::figure::group_energy;
use crate::markup::{Element, el};
use crate::text::{
    co2e, count, energy, energy_wh, formula, goal, moment, money, percent, processor_time, significant,
    summary, time, value, with_unit,
};
use matter::units::Joules;

pub(super) fn header(report: &Report) -> Element {
    let mut question = el("div").class("question").child(el("p").text(&report.question.words));
    let terms = std::iter::once(goal(&report.question)).chain(report.question.constraints.iter().cloned());
    question = question.child(el("ul").class("constraints").children(terms.map(|term| el("li").text(term))));
    let answer = summary(report).into_iter().map(|sentence| el("li").text(sentence));
    let mut header = el("header")
        .child(el("p").class("eyebrow").text("Joulery campaign report"))
        .child(el("h1").text(&report.campaign))
        .child(el("p").class("dates").text(format!(
            "{} to {}",
            moment(&report.started),
            moment(&report.finished)
        )))
        .child(question)
        .child(el("ol").class("summary").children(answer));
    if !report.verdicts.is_empty() {
        let verdicts = report.verdicts.iter().map(|verdict| {
            let (class, word) = match verdict.kind {
                VerdictKind::Finding => ("finding", "Finding"),
                VerdictKind::Caution => ("caution", "Caution"),
            };
            el("li")
                .class(class)
                .child(el("strong").text(word))
                .text(" ")
                .child(el("span").text(&verdict.text))
        });
        header = header.child(el("ul").class("verdicts").children(verdicts));
    }
    header.child(el("div").class("tiles").children(tiles(report)))
}

fn tile(name: &str, number: String, note: String) -> Element {
    el("div")
        .class("tile")
        .child(el("span").class("tile-name").text(name))
        .child(el("span").class("tile-number").text(number))
        .child(el("span").class("tile-note").text(note))
}

fn tiles(report: &Report) -> Vec<Element> {
    let totals = &report.totals;
    let budget = &report.budget;
    let mut tiles = Vec::new();
    if let Some(best) = report.short_list.first() {
        tiles.push(tile(
            &format!("Best {}", report.question.property),
            value(report, best.value),
            format!("{}, {}", formula(&best.formula), best.method),
        ));
    }
    let cap = with_unit(&significant(budget.cap, 3), &budget.unit);
    tiles.push(tile(
        "Energy spent",
        energy(totals.cost.joules),
        match budget.share() {
            Some(share) => {
                format!("{}; {} of the budget of {cap}", energy_wh(totals.cost.joules), percent(share))
            }
            None => energy_wh(totals.cost.joules),
        },
    ));
    let reused = if totals.reused > 0 { format!(", {} reused", count(totals.reused)) } else { String::new() };
    tiles.push(tile(
        &format!("{} computed", capitalised(&report.question.candidates)),
        count(totals.evaluated),
        match report.space.size {
            0 => format!("{} failed{reused}", count(totals.failures())),
            size => format!(
                "{} of {}; {} failed{reused}",
                percent(totals.evaluated as f64 / size as f64),
                count(size),
                count(totals.failures())
            ),
        },
    ));
    tiles.push(tile(
        "Greenhouse gases",
        co2e(totals.co2e),
        format!(
            "at {} gCO₂e/kWh{}",
            significant(totals.conversion.grid_gco2e_per_kwh, 3),
            totals.money.map(|m| format!("; {}", money(m))).unwrap_or_default()
        ),
    ));
    tiles.push(tile(
        "Processor time",
        processor_time(totals.cost.core_seconds),
        format!("{} on {} cores", time(totals.wall), count(u64::from(report.repeat.machine.cores))),
    ));
    let spent: Joules = report.cost_by_kind.iter().map(|c| c.cost.joules).sum();
    if spent > Joules::ZERO {
        tiles.push(tile(
            "Overhead of Joulery",
            percent(group_energy(&report.cost_by_kind, CostGroup::Engine) / spent),
            "of the energy: everything that is not quantum chemistry".into(),
        ));
    }
    tiles
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}
