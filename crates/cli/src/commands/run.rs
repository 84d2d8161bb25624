//! `joulery run`: run a campaign, or on from where it was.

use super::{failed, print_json, report};
use crate::exit::Ending;
use crate::interrupt;
use crate::live::Live;
use crate::out::outln;
use campaign::{Observer, RunEnd, Silent, spec};
use std::path::PathBuf;

/// Run a campaign within its budget, or go on from where it was.
///
/// Every finished calculation is safe at once: stop it when you like (Ctrl-C), and run the same command again. At
/// the end a report is written to the folder NAME.joulery beside the campaign file.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  joulery run examples/quinones/campaign.toml")]
pub struct Args {
    /// The campaign file.
    campaign: PathBuf,
    /// Print the end as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> anyhow::Result<Ending> {
    let loaded = spec::read(&args.campaign).map_err(failed)?;
    let cancel = interrupt::flag();
    let mut live;
    let mut silent = Silent;
    let observer: &mut dyn Observer = if args.json {
        &mut silent
    } else {
        live = Live::new();
        &mut live
    };
    let end = campaign::run(loaded.clone(), &cancel, observer).map_err(failed)?;
    let folder = loaded.output();
    let (status, reason, report) = match end {
        RunEnd::Stopped { reason, report } => {
            report::write(&report, &folder)?;
            ("stopped", reason, *report)
        }
        RunEnd::AlreadyStopped(reason) => {
            ("already_stopped", reason, campaign::summarise(&loaded).map_err(failed)?)
        }
        RunEnd::Interrupted => {
            if args.json {
                print_json(&serde_json::json!({ "campaign": loaded.spec.name, "status": "interrupted" }))?;
            } else {
                outln!("Campaign `{}` was stopped by the user; run again to go on.", loaded.spec.name);
            }
            return Ok(Ending::Interrupted);
        }
    };
    if args.json {
        print_json(&serde_json::json!({
            "campaign": report.campaign,
            "status": status,
            "reason": reason,
            "evaluated": report.totals.evaluated,
            "reused": report.totals.reused,
            "failed": report.totals.failures(),
            "joules": report.totals.cost.joules,
            "core_seconds": report.totals.cost.core_seconds,
            "budget": report.budget,
            "short_list": report.short_list,
            "report": folder.join("report.html"),
        }))?;
        return Ok(Ending::Done);
    }
    if status == "stopped" {
        outln!("Campaign `{}` has come to its end: {reason}.", report.campaign);
    } else {
        outln!(
            "Campaign `{}` has come to its end already: {reason}. Nothing was done. (Raise the budget to go on.)",
            report.campaign
        );
    }
    report::print_summary(&report, &folder)?;
    Ok(Ending::Done)
}
