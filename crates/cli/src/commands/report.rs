//! `joulery report`: what a campaign found.

use super::{failed, print_json};
use crate::exit::Ending;
use crate::out::outln;
use ::report::Report;
use anyhow::Context;
use campaign::spec;
use std::path::{Path, PathBuf};

/// Write the report of a campaign: HTML (one file, no network needed), Markdown and JSON.
///
/// Works at any time, also while the campaign runs in another terminal.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  joulery report examples/quinones/campaign.toml --output meeting")]
pub struct Args {
    /// The campaign file.
    campaign: PathBuf,
    /// Folder to write to (default: NAME.joulery beside the campaign file).
    #[arg(long, short)]
    output: Option<PathBuf>,
    /// Print the report as JSON and write nothing.
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> anyhow::Result<Ending> {
    let loaded = spec::read(&args.campaign).map_err(failed)?;
    let report = campaign::summarise(&loaded).map_err(failed)?;
    if args.json {
        print_json(&report)?;
        return Ok(Ending::Done);
    }
    let folder = args.output.unwrap_or_else(|| loaded.output());
    write(&report, &folder)?;
    print_summary(&report, &folder)?;
    Ok(Ending::Done)
}

/// Writes the three files.
pub fn write(report: &Report, folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let files = [
        ("report.html", ::report::html(report)),
        ("report.md", ::report::markdown(report)),
        ("report.json", ::report::json(report).context("the report cannot be written as JSON")?),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        // Written beside and renamed, so that a reader never sees half a file.
        let fresh = folder.join(format!(".{name}.new"));
        std::fs::write(&fresh, text)
            .and_then(|()| std::fs::rename(&fresh, &path))
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(())
}

/// The short-list and the sums, for the terminal.
pub fn print_summary(report: &Report, folder: &Path) -> anyhow::Result<()> {
    let unit = &report.question.unit;
    if !report.short_list.is_empty() {
        outln!("");
        outln!("  {:>4}  {:>10}  {:>18}  {:>6}  molecule", "rank", unit, "predicted before", "SA");
        for entry in &report.short_list {
            let predicted = entry
                .predicted
                .map_or_else(|| "random sample".into(), |p| format!("{:.3} +- {:.3}", p.mean, p.sd));
            let sa = entry.sa_score.map_or_else(String::new, |s| format!("{s:.2}"));
            outln!("  {:>4}  {:>10.4}  {predicted:>18}  {sa:>6}  {}", entry.rank, entry.value, entry.smiles);
        }
        outln!("");
    }
    for sentence in ::report::sentences(report) {
        outln!("  - {sentence}");
    }
    for verdict in &report.verdicts {
        outln!("  - {}", verdict.text);
    }
    outln!("");
    let t = &report.totals;
    outln!(
        "  {} evaluated, {} of them out of the archive, {} failed; spent {} of {} {} ({:.1} %): {}, {:.1} core-seconds, {:.3} gCO2e",
        t.evaluated + t.reused + t.failures(),
        t.reused,
        t.failures(),
        significant(report.budget.spent),
        significant(report.budget.cap),
        report.budget.unit,
        100.0 * report.budget.share().unwrap_or_default(),
        campaign::energy_in_words(t.cost.joules),
        t.cost.core_seconds.value(),
        t.co2e.value()
    );
    outln!("  report: {}", folder.join("report.html").display());
    Ok(())
}

/// Four significant digits.
fn significant(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return format!("{x}");
    }
    let digits = (3 - x.abs().log10().floor() as i32).clamp(0, 12) as usize;
    format!("{x:.digits$}")
}
