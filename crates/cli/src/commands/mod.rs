//! One file per command.

mod classes;
mod compute;
mod doctor;
mod ledger;
mod levels;
mod predict;
mod quote;
mod report;
mod run;
mod schema;
mod screen;
mod train;

use crate::exit::{self, Ending};
use crate::out::outln;
use campaign::CampaignError;
use clap::{Parser, Subcommand};

/// Explore chemical space within an energy budget.
#[derive(Parser)]
#[command(
    name = "joulery",
    version,
    about,
    max_term_width = 100,
    after_help = "Example:\n  joulery quote campaign.toml && joulery run campaign.toml\n\n\
                  Exit codes: 0 done, 1 something of the world failed, 2 wrong input, 3 finished but some structures \
                  failed (`compute`) or some files broke off (`screen`), 130 stopped by Ctrl-C."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Run(run::Args),
    Quote(quote::Args),
    Report(report::Args),
    Ledger(ledger::Args),
    Compute(compute::Args),
    Train(train::Args),
    Predict(predict::Args),
    Screen(screen::Args),
    Doctor(doctor::Args),
    Schema(schema::Args),
}

/// Runs the command.
pub fn dispatch(cli: Cli) -> anyhow::Result<Ending> {
    match cli.command {
        Command::Run(args) => run::run(args),
        Command::Quote(args) => quote::run(args),
        Command::Report(args) => report::run(args),
        Command::Ledger(args) => ledger::run(args),
        Command::Compute(args) => compute::run(args),
        Command::Train(args) => train::run(args),
        Command::Predict(args) => predict::run(args),
        Command::Screen(args) => screen::run(args),
        Command::Doctor(args) => doctor::run(args),
        Command::Schema(args) => schema::run(args),
    }
}

/// An error of a campaign with its place in the exit codes.
fn failed(error: CampaignError) -> anyhow::Error {
    if error.is_input() { exit::bad_input(error) } else { error.into() }
}

/// Prints a value as JSON.
fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    outln!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}
