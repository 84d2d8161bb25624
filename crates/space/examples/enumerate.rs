//! Writes every candidate of the space in a TOML file: canonical SMILES, a tab, its name.
//!
//!     cargo run --release -p space --example enumerate -- crates/space/tests/data/quinones.toml

use serde::Deserialize;
use space::SpaceSpec;
use std::io::Write;

#[derive(Deserialize)]
struct File {
    space: SpaceSpec,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: enumerate FILE.toml")?;
    let file: File = toml::from_str(&std::fs::read_to_string(path)?)?;
    let mut space = file.space.open()?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    loop {
        let batch = space.candidates(1000)?;
        if batch.is_empty() {
            return Ok(());
        }
        for candidate in batch {
            writeln!(out, "{}\t{}", candidate.molecule.label(), candidate.name.unwrap_or_default())?;
        }
    }
}
