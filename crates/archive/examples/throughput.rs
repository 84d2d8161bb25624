//! How many calculations a second an archive on this disk takes, flushed one by one.
//!
//! `cargo run --release -p archive --example throughput [FOLDER]`

use archive::{Archive, ChargeKind, Recording};
use ledger::Conversion;
use matter::units::{CoreSeconds, Hartree, Seconds};
use matter::{Element, Geometry, Molecule};
use method::{Calculation, CalculationId, Cost, MethodId, Outcome};
use std::path::PathBuf;
use std::time::Instant;

const RECORDINGS: usize = 2000;
const ATOMS: usize = 30;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let base = std::env::args_os().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let path = base.join(format!("throughput-{}.joulery", std::process::id()));
    let archive = Archive::open(&path)?;
    let campaign = archive.write(|w| w.create_campaign("throughput", "", ""))?;
    let (method, conversion) = (MethodId::new("gfn2@xtb-6.5.1"), Conversion::default());

    let mut ids = Vec::new();
    let start = Instant::now();
    for number in 0..RECORDINGS {
        let position = |atom: usize| [atom as f64 * 1.4, 1.0 / 3.0, number as f64 * 1e-3 + atom as f64 / 7.0];
        let elements = (0..ATOMS).map(|atom| if atom % 2 == 0 { Element::C } else { Element::H }).collect();
        let geometry = Geometry::new(elements, (0..ATOMS).map(position).collect())?;
        let outcome = Outcome {
            energy: Some(Hartree(-40.0 - number as f64 / 7.0)),
            gradient: Some(vec![[1.0 / 3.0, -1e-5, 2.0 / 7.0]; ATOMS]),
            charges: Some(vec![-0.1 / 3.0; ATOMS]),
            geometry: Some(geometry.clone()),
            ..Outcome::default()
        };
        let molecule = Molecule::from_geometry(geometry, 0, 1)?;
        let cost = Cost { core_seconds: CoreSeconds(0.5), wall: Seconds(0.5), ..Cost::ZERO };
        let id = CalculationId::from_parts(molecule.id(), method.as_str(), "optimise:normal");
        let recorded = archive.record(&Recording {
            campaign,
            id,
            molecule: &molecule,
            method: &method,
            task: "optimise:normal",
            calculation: &Calculation::done(outcome, cost),
            kind: ChargeKind::Calculation,
            charge: conversion.charge(&cost),
            conversion: &conversion,
            payload: &serde_json::json!({"calculation": id.to_string()}),
        })?;
        assert_eq!(recorded, archive::Recorded::Stored);
        ids.push(id);
    }
    let recording = start.elapsed().as_secs_f64();
    let start = Instant::now();
    for id in &ids {
        archive.recall(*id)?.ok_or("a calculation is missing")?;
    }
    let recalling = start.elapsed().as_secs_f64();
    drop(archive);
    let bytes = std::fs::metadata(&path)?.len();
    println!("recordings per second, each flushed: {:.0}", RECORDINGS as f64 / recording);
    println!("recalls per second: {:.0}", RECORDINGS as f64 / recalling);
    println!("bytes per calculation of {ATOMS} atoms: {}", bytes / RECORDINGS as u64);
    std::fs::remove_file(&path)?;
    Ok(())
}
