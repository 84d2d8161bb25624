//! Markdown.

use crate::data::{Report, VerdictKind};
use crate::figure::{group_name, kind_name};
use crate::text::{
    EnergyScale, co2e, count, energy, energy_wh, estimate, fixed, goal, grams_per_mol, moment, money,
    percent, plural, processor_time, significant, summary, time, value_decimals, with_unit,
};
use std::fmt::{Display, Write};

/// The report as Markdown (CommonMark with the tables of GitHub), without drawings and plots.
pub fn markdown(report: &Report) -> String {
    let mut page = Page(String::new());
    page.head(report);
    page.short_list(report);
    page.promising(report);
    page.predictions(report);
    page.ledger(report);
    page.rounds(report);
    page.space(report);
    page.failures(report);
    page.repeat(report);
    page.0
}

struct Page(String);

impl Page {
    fn line(&mut self, text: impl Display) {
        let _ = writeln!(self.0, "{text}");
    }

    fn heading(&mut self, text: &str) {
        let _ = write!(self.0, "\n## {text}\n\n");
    }

    fn table(&mut self, columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
        self.line(format_args!("| {} |", columns.join(" | ")));
        self.line(format_args!("|{}", " --- |".repeat(columns.len())));
        for row in rows {
            self.line(format_args!("| {} |", row.join(" | ")));
        }
    }

    fn head(&mut self, report: &Report) {
        self.line(format_args!("# {}\n", plain(&report.campaign)));
        self.line(format_args!(
            "{} to {}\n",
            plain(&moment(&report.started)),
            plain(&moment(&report.finished))
        ));
        self.line(format_args!("> {}\n", plain(&report.question.words)));
        self.line(format_args!("- {}", plain(&goal(&report.question))));
        for constraint in &report.question.constraints {
            self.line(format_args!("- {}", plain(constraint)));
        }
        self.line("");
        for sentence in summary(report) {
            self.line(format_args!("{}\n", plain(&sentence)));
        }
        for verdict in &report.verdicts {
            let word = match verdict.kind {
                VerdictKind::Finding => "Finding",
                VerdictKind::Caution => "Caution",
            };
            self.line(format_args!("- **{word}**: {}", plain(&verdict.text)));
        }
    }

    fn short_list(&mut self, report: &Report) {
        self.heading("Short-list");
        if report.short_list.is_empty() {
            self.line("No candidate was computed that meets the constraints.");
            return;
        }
        let title = titled(report, "computed");
        let columns =
            ["rank", "SMILES", "formula", "weight", "SA score", &title, "predicted before", "method", "cost"];
        let decimals = value_decimals(report);
        self.table(
            &columns,
            report.short_list.iter().map(|e| {
                vec![
                    e.rank.to_string(),
                    code(&e.smiles),
                    plain(&e.formula),
                    grams_per_mol(e.molecular_weight),
                    e.sa_score.map_or("–".into(), |s| fixed(s, 2)),
                    fixed(e.value, decimals),
                    e.predicted.map_or("random start".into(), |p| estimate(p.mean, p.sd)),
                    plain(&e.method),
                    format!("{}, {}", energy(e.cost.joules), processor_time(e.cost.core_seconds)),
                ]
            }),
        );
    }

    fn promising(&mut self, report: &Report) {
        if report.promising.is_empty() {
            return;
        }
        self.heading("Promising, but not computed");
        let title = titled(report, "predicted");
        self.table(
            &["SMILES", "formula", "SA score", &title, "would cost"],
            report.promising.iter().map(|e| {
                vec![
                    code(&e.smiles),
                    plain(&e.formula),
                    e.sa_score.map_or("–".into(), |s| fixed(s, 2)),
                    estimate(e.predicted.mean, e.predicted.sd),
                    e.predicted_cost.map_or("–".into(), |c| energy(c.joules)),
                ]
            }),
        );
    }

    fn predictions(&mut self, report: &Report) {
        let Some(c) = report.calibration else { return };
        self.heading("Were the predictions right?");
        let unit = &report.question.unit;
        self.line(format_args!(
            "Over {} predicted before they were computed: {} of the 90 % intervals held their result, RMSE {}, mean \
             absolute error {}{}.",
            plural(c.n, &plain(&report.question.candidate), &plain(&report.question.candidates)),
            percent(c.coverage_90),
            plain(&with_unit(&significant(c.rmse, 2), unit)),
            plain(&with_unit(&significant(c.mae, 2), unit)),
            c.r2.map(|r2| format!(", R² {}", significant(r2, 2))).unwrap_or_default(),
        ));
    }

    fn ledger(&mut self, report: &Report) {
        let totals = &report.totals;
        self.heading("Ledger");
        let scale = EnergyScale::for_largest(totals.cost.joules);
        let all = report.cost_by_kind.iter().map(|c| c.cost.joules).sum::<matter::units::Joules>();
        self.table(
            &["work", "group", "times", "time / core-s", &format!("energy / {}", scale.unit), "share"],
            report.cost_by_kind.iter().map(|c| {
                vec![
                    kind_name(c.kind).into(),
                    group_name(c.kind.group()).into(),
                    count(c.count),
                    fixed(c.cost.core_seconds.value(), 1),
                    fixed(scale.number(c.cost.joules), 3),
                    percent(c.cost.joules / all),
                ]
            }),
        );
        let tier = serde_json::to_value(totals.tier).ok().and_then(|t| t.as_str().map(str::to_owned));
        let conversion = &totals.conversion;
        self.line("");
        self.line(format_args!(
            "In all {} = {}, {}, {}{}; elapsed {}. Tier of measurement: {}. {}PUE {}, grid {} gCO₂e/kWh; factors \
             from {}.",
            energy(totals.cost.joules),
            energy_wh(totals.cost.joules),
            processor_time(totals.cost.core_seconds),
            co2e(totals.co2e),
            totals.money.map(|m| format!(", {}", money(m))).unwrap_or_default(),
            time(totals.wall),
            tier.unwrap_or_default(),
            conversion.watts_per_core.map(|w| format!("{} W per core, ", significant(w, 3))).unwrap_or_default(),
            fixed(conversion.pue, 2),
            significant(conversion.grid_gco2e_per_kwh, 3),
            plain(&conversion.source),
        ));
        self.line(format_args!("\nStopped because: {}", plain(&report.stop_reason)));
    }

    fn rounds(&mut self, report: &Report) {
        if report.rounds.is_empty() {
            return;
        }
        self.heading("Rounds");
        let best = titled(report, "best");
        let decimals = value_decimals(report);
        self.table(
            &["round", "computed", "failed", "chemistry", "Joulery itself", &best],
            report.rounds.iter().map(|r| {
                vec![
                    r.round.to_string(),
                    count(r.evaluated),
                    count(r.failed),
                    energy(r.chemistry.joules),
                    energy(r.engine.joules),
                    r.best.map_or("–".into(), |b| fixed(b, decimals)),
                ]
            }),
        );
    }

    fn space(&mut self, report: &Report) {
        self.heading("The space");
        let space = &report.space;
        self.line(format_args!("{}.\n", plain(&space.description)));
        self.line(format_args!("- {} distinct candidates before the filters", count(space.enumerated)));
        for reason in &space.filtered {
            self.line(format_args!("- {} left out: {}", count(reason.count), plain(&reason.kind)));
        }
        self.line(format_args!("- {} to choose from", count(space.size)));
        self.line(format_args!("- {} duplicates counted once", count(space.duplicates)));
        self.line(format_args!("- {} unreadable lines skipped", count(space.skipped_lines)));
    }

    fn failures(&mut self, report: &Report) {
        self.heading("Failures");
        if report.failures.is_empty() && report.totals.failures() == 0 {
            self.line("No calculation failed.");
            return;
        }
        for kind in &report.totals.failed {
            self.line(format_args!("- {} {}", count(kind.count), plain(&kind.kind)));
        }
        self.line("");
        self.table(
            &["candidate", "kind", "message"],
            report.failures.iter().map(|f| vec![code(&f.smiles), plain(&f.kind), plain(&f.message)]),
        );
    }

    fn repeat(&mut self, report: &Report) {
        let repeat = &report.repeat;
        self.heading("How to repeat it");
        self.line(fenced(&repeat.commands.join("\n")));
        self.line(format_args!("- seed: {}", repeat.seed));
        let machine = &repeat.machine;
        self.line(format_args!(
            "- machine: {}, {} cores used, {}",
            plain(&machine.cpu),
            machine.cores,
            plain(&machine.system)
        ));
        for m in &repeat.methods {
            self.line(format_args!(
                "- method {}: {}, {}",
                plain(&m.id),
                plain(&m.engine),
                plain(&m.settings)
            ));
        }
        for v in &repeat.versions {
            self.line(format_args!("- {} {}", plain(&v.name), plain(&v.version)));
        }
        self.line(format_args!("\nCampaign file {}:\n", plain(&repeat.spec_file)));
        self.line(fenced(&repeat.spec));
    }
}

/// Heading of a column that shows the property.
fn titled(report: &Report, word: &str) -> String {
    let name = plain(&format!("{word} {}", report.question.property));
    if report.question.unit.is_empty() { name } else { format!("{name} / {}", plain(&report.question.unit)) }
}

/// Text on one line in which nothing is markup.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '&' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Text as code on one line. With a bar, which would end the cell of a table even in code, it is plain text.
fn code(text: &str) -> String {
    if text.contains('|') {
        return plain(text);
    }
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let fence = "`".repeat(longest_run(&text) + 1);
    let padded = if text.starts_with('`') || text.ends_with('`') { format!(" {text} ") } else { text };
    format!("{fence}{padded}{fence}")
}

/// Text as a block of code, with a fence longer than any run of backticks in it.
fn fenced(text: &str) -> String {
    let fence = "`".repeat((longest_run(text) + 1).max(3));
    format!("{fence}\n{}\n{fence}\n", text.trim_end())
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_cannot_become_markup() {
        assert_eq!(plain("a|b\n# *c* <d>"), "a\\|b \\# \\*c\\* \\<d\\>");
        assert_eq!(code("C`C"), "``C`C``");
        assert_eq!(code("F/C=C\\|F|"), "F/C=C\\\\\\|F\\|");
        assert_eq!(fenced("```\nx"), "````\n```\nx\n````\n");
    }
}
