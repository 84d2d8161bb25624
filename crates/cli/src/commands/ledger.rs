//! `joulery ledger`: what was spent, on what, measured how.

use super::{failed, print_json};
use crate::exit::Ending;
use crate::out::outln;
use campaign::{Account, spec};
use std::path::PathBuf;

/// Say what a campaign has spent, on what, and how that was measured.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  joulery ledger examples/quinones/campaign.toml --json | jq .total")]
pub struct Args {
    /// The campaign file.
    campaign: PathBuf,
    /// List every single charge too.
    #[arg(long)]
    all: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> anyhow::Result<Ending> {
    let loaded = spec::read(&args.campaign).map_err(failed)?;
    let Account { campaign, budget, cap, spent, unit, total, kinds, conversions, table_row, doubts, charges } =
        campaign::account(&loaded, args.all).map_err(failed)?;
    if args.json {
        print_json(&serde_json::json!({
            "campaign": campaign, "budget": budget, "cap": cap, "spent": spent, "unit": unit, "total": total,
            "by_kind": kinds, "conversions": conversions, "table_row": table_row, "doubts": doubts,
            "charges": charges,
        }))?;
        return Ok(Ending::Done);
    }
    outln!("{campaign}: {spent:.6} of {cap} {unit} spent ({:.2} %)", 100.0 * spent / cap);
    outln!("");
    outln!(
        "  {:<14}{:>8}{:>14}{:>14}{:>12}{:>12}  tier",
        "what",
        "count",
        "core-seconds",
        "joules",
        "gCO2e",
        "EUR"
    );
    for k in kinds.iter().chain([&total]) {
        let euro = k.euro.map_or_else(|| "-".into(), |e| format!("{e:.6}"));
        outln!(
            "  {:<14}{:>8}{:>14.3}{:>14.2}{:>12.5}{:>12}  {}",
            k.kind,
            k.count,
            k.core_seconds,
            k.joules,
            k.gco2e,
            euro,
            k.tier
        );
    }
    outln!("");
    outln!("  {table_row}");
    for conversion in &conversions {
        outln!("  {conversion}");
    }
    for doubt in &doubts {
        outln!("  doubtful: {doubt}");
    }
    for charge in &charges {
        outln!(
            "  {:>6}  {:<12}{:>12.4} core-s{:>12.3} J  {}  {}",
            charge.seq,
            charge.kind,
            charge.core_seconds,
            charge.joules,
            charge.tier,
            charge.calculation.as_deref().unwrap_or("")
        );
    }
    Ok(Ending::Done)
}
