//! One file per command.

mod compute;

use crate::exit::Ending;
use clap::{Parser, Subcommand};

/// Explore chemical space within an energy budget.
#[derive(Parser)]
#[command(name = "joulery", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Compute(compute::Args),
}

/// Runs the command.
pub fn dispatch(cli: Cli) -> anyhow::Result<Ending> {
    match cli.command {
        Command::Compute(args) => compute::run(args),
    }
}
