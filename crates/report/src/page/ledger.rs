//! The ledger, and the space it was spent on.

use super::section;
use super::table::{cell, facts, strong, table};
use crate::data::{Cost, Report, Tier};
use crate::figure::{group_name, kind_name};
use crate::markup::{Element, el};
use crate::text::{
    EnergyScale, co2e, count, energy, energy_wh, fixed, money, percent, plural, processor_time, significant,
    time, with_unit,
};
use matter::units::Joules;

pub(super) fn ledger(report: &Report) -> Element {
    let totals = &report.totals;
    let mut section = section("ledger", "Ledger");
    section = section.child(el("p").class("lead").text(tier_sentence(report)));
    if !report.cost_by_kind.is_empty() {
        section = section.child(costs(report));
    }
    let conversion = &totals.conversion;
    let mut rows =
        vec![("energy", format!("{} = {}", energy(totals.cost.joules), energy_wh(totals.cost.joules)))];
    if let Some((low, high)) = totals.joules_interval {
        rows.push(("its interval", format!("{} to {}", energy(low), energy(high))));
    }
    rows.push(("processor time", processor_time(totals.cost.core_seconds)));
    rows.push(("elapsed time", time(totals.wall)));
    rows.push(("greenhouse gases", co2e(totals.co2e)));
    if let Some(euro) = totals.money {
        rows.push(("money", money(euro)));
    }
    if let Some(watts) = conversion.watts_per_core {
        rows.push(("power", with_unit(&significant(watts, 3), "W per core")));
    }
    rows.push(("PUE", fixed(conversion.pue, 2)));
    rows.push(("grid", with_unit(&significant(conversion.grid_gco2e_per_kwh, 3), "gCO₂e/kWh")));
    if let Some(price) = conversion.euro_per_kwh {
        rows.push(("price", with_unit(&fixed(price, 3), "€/kWh")));
    }
    rows.push(("factors from", conversion.source.clone()));
    rows.push(("stopped because", report.stop_reason.clone()));
    section.child(facts(rows))
}

fn tier_sentence(report: &Report) -> &'static str {
    match report.totals.tier {
        Tier::Counter => "Energy was read from hardware counters (tier “counter”).",
        Tier::Accounting => {
            "Energy is measured processor time times a stated power per core (tier “accounting”): processor time \
             is exact, watts are a convention."
        }
        Tier::Model => {
            "Energy is modelled: measured processor time times a stated power per core, no meter was read (tier \
             “model”)."
        }
        Tier::Mixed => "Energy was measured in part by counters, in part from processor time (tier “mixed”).",
    }
}

fn costs(report: &Report) -> Element {
    let total = report.cost_by_kind.iter().fold(Cost::default(), |sum, c| Cost {
        joules: sum.joules + c.cost.joules,
        core_seconds: sum.core_seconds + c.cost.core_seconds,
    });
    let scale = EnergyScale::for_largest(total.joules);
    let joules = |j: Joules| fixed(scale.number(j), 3);
    let share =
        |j: Joules| if total.joules > Joules::ZERO { percent(j / total.joules) } else { String::new() };
    let mut rows: Vec<Vec<Element>> = report
        .cost_by_kind
        .iter()
        .map(|c| {
            vec![
                cell(kind_name(c.kind)),
                cell(group_name(c.kind.group())),
                cell(count(c.count)),
                cell(fixed(c.cost.core_seconds.value(), 1)),
                cell(joules(c.cost.joules)),
                cell(share(c.cost.joules)),
            ]
        })
        .collect();
    rows.push(vec![
        strong("sum"),
        cell(""),
        cell(""),
        strong(fixed(total.core_seconds.value(), 1)),
        strong(joules(total.joules)),
        strong(share(total.joules)),
    ]);
    let energy_column = match scale.unit {
        "mJ" => "energy / mJ",
        "J" => "energy / J",
        "kJ" => "energy / kJ",
        "MJ" => "energy / MJ",
        "GJ" => "energy / GJ",
        _ => "energy / TJ",
    };
    let columns = [
        ("work", false),
        ("group", false),
        ("times", true),
        ("time / core-s", true),
        (energy_column, true),
        ("share", true),
    ];
    table(&columns, rows)
}

pub(super) fn space(report: &Report) -> Element {
    let space = &report.space;
    let mut rows = vec![vec![cell("distinct candidates before the filters"), cell(count(space.enumerated))]];
    for reason in &space.filtered {
        rows.push(vec![
            cell(format!("left out: {}", reason.kind)),
            cell(format!("−{}", count(reason.count))),
        ]);
    }
    rows.push(vec![strong("candidates to choose from"), strong(count(space.size))]);
    rows.push(vec![cell("computed"), cell(count(report.totals.evaluated))]);
    if report.totals.reused > 0 {
        rows.push(vec![cell("known from the archive, not paid again"), cell(count(report.totals.reused))]);
    }
    rows.push(vec![cell("failed"), cell(count(report.totals.failures()))]);
    let mut notes = vec![plural(space.duplicates, "duplicate was", "duplicates were") + " counted once"];
    if space.skipped_lines > 0 {
        notes.push(plural(space.skipped_lines, "unreadable line was", "unreadable lines were") + " skipped");
    }
    section("space", "The space")
        .child(el("p").class("lead").text(format!("{}; {}.", space.description, notes.join(", "))))
        .child(table(&[("what", false), ("number", true)], rows))
}
