//! `joulery schema`: the JSON schema of the campaign file.

use super::print_json;
use crate::exit::Ending;

/// Print the JSON schema of the campaign file, for editors and programs.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  joulery schema > campaign.schema.json")]
pub struct Args {
    /// Accepted for symmetry: a schema is JSON anyway.
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> anyhow::Result<Ending> {
    let Args { json: _ } = args;
    print_json(&campaign::spec::schema())?;
    Ok(Ending::Done)
}
