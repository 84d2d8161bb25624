//! `joulery quote`: what would this cost?

use super::{failed, print_json};
use crate::exit::Ending;
use crate::interrupt;
use crate::live::Live;
use crate::out::outln;
use campaign::{Forecast, Observer, PILOT, Silent, spec};
use std::path::PathBuf;
use std::sync::atomic::Ordering;

/// Say what a campaign would cost, from a pilot of a few molecules.
///
/// The pilot is the beginning of the random sample that the campaign starts with: it is charged to the campaign, and
/// nothing of it is computed again.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  joulery quote examples/quinones/campaign.toml --pilot 10")]
pub struct Args {
    /// The campaign file.
    campaign: PathBuf,
    /// Molecules to compute.
    #[arg(long, default_value_t = PILOT)]
    pilot: usize,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> anyhow::Result<Ending> {
    let loaded = spec::read(&args.campaign).map_err(failed)?;
    let cancel = interrupt::flag();
    let quote = {
        let (mut live, mut silent);
        let observer: &mut dyn Observer = if args.json {
            silent = Silent;
            &mut silent
        } else {
            live = Live::new();
            &mut live
        };
        campaign::quote(loaded, args.pilot, &cancel, observer).map_err(failed)?
    };
    if cancel.load(Ordering::Relaxed) {
        return Ok(Ending::Interrupted);
    }
    if args.json {
        print_json(&quote)?;
        return Ok(Ending::Done);
    }
    let with = |f: Forecast, digits: usize| {
        format!("{:.digits$} ({:.digits$} to {:.digits$})", f.expected, f.low, f.high)
    };
    let percent = |f: Forecast| {
        with(Forecast { low: f.low * 100.0, expected: f.expected * 100.0, high: f.high * 100.0 }, 1)
    };
    let energy = |j: f64| campaign::energy_in_words(matter::units::Joules(j));
    outln!("{}: {} candidates", quote.campaign, quote.candidates);
    outln!(
        "  computed so far         {} ({} failed), {}",
        quote.pilot,
        quote.pilot_failed,
        energy(quote.pilot_joules)
    );
    outln!(
        "  one more evaluation     {} core-seconds, {} J",
        with(quote.core_seconds_each, 2),
        with(quote.joules_each, 1)
    );
    outln!("  the budget of {:<9} buys about {} evaluations,", quote.budget, with(quote.evaluations, 0));
    outln!("                          {} % of the space,", percent(quote.share_of_space));
    outln!("                          in {} minutes on {} threads", with(quote.minutes, 1), quote.threads);
    if let Some(grams) = quote.budget_gco2e {
        outln!("                          and emits {grams:.2} gCO2e");
    }
    outln!(
        "  the whole space         would take {} ({} to {})",
        energy(quote.whole_space_joules.expected),
        energy(quote.whole_space_joules.low),
        energy(quote.whole_space_joules.high)
    );
    outln!(
        "Numbers in brackets: 90 % interval. The pilot is part of the campaign; `joulery run` goes on from it."
    );
    Ok(Ending::Done)
}
