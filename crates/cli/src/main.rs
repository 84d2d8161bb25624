//! `joulery`: explore chemical space within an energy budget.

mod commands;
mod exit;
mod expect;
mod interrupt;
mod live;
mod out;
mod progress;
mod scorer;

use clap::Parser;

fn main() -> std::process::ExitCode {
    interrupt::survive_file_limit();
    exit::code(commands::dispatch(commands::Cli::parse()))
}
