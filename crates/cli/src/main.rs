//! `joulery`: explore chemical space within an energy budget.

mod commands;
mod exit;
mod interrupt;
mod live;
mod out;
mod progress;

use clap::Parser;

fn main() -> std::process::ExitCode {
    exit::code(commands::dispatch(commands::Cli::parse()))
}
