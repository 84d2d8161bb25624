//! Times what is computed of molecular graphs.
//!
//! `graphs --smiles FILE [--repeats 5] [--export FOLDER]`, with
//! `RAYON_NUM_THREADS` for the number of threads. FILE has one SMILES in each
//! line. Prints one JSON object. With `--export`, the descriptors of all
//! molecules are written as little-endian doubles and folded counts as bytes
//! for `bench/representations.py` to compare with.

use features::{
    Descriptors, Features, FoldedCounts, FoldedMorgan, MorganBits, MorganCounts, MorganDescriptors,
};
use matter::chem::{Graph, GraphError};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

/// Molecules computed at once: their rows are dropped before the next.
const CHUNK: usize = 500;

fn main() -> Result<(), Box<dyn Error>> {
    let (mut smiles, mut repeats, mut export) = (PathBuf::new(), 5_usize, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--smiles" => smiles = value.into(),
            "--repeats" => repeats = value.parse::<usize>()?.max(1),
            "--export" => export = Some(PathBuf::from(value)),
            _ => return Err(format!("unknown option {name}").into()),
        }
    }
    let text = std::fs::read_to_string(&smiles)?;
    let texts: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let molecules = read(&texts)?;
    let (counts, folded, bits) = (MorganCounts::default(), FoldedMorgan::default(), MorganBits::default());
    let joined = MorganDescriptors::default();
    let sparse = counts.compute(&molecules)?;
    let mut figures = serde_json::Map::new();
    let mut time = |name: &str, work: &dyn Fn(usize, usize) -> Result<(), Box<dyn Error>>| {
        let spent = timed(repeats, molecules.len(), work);
        spent.map(|spent| figures.insert(name.to_owned(), spent))
    };
    time("smiles", &|from, to| done(read(&texts[from..to])))?;
    time("morgan_counts", &|from, to| done(counts.compute(&molecules[from..to])))?;
    time("morgan_bits", &|from, to| done(bits.compute(&molecules[from..to])))?;
    time("morgan_folded", &|from, to| done(folded.compute(&molecules[from..to])))?;
    time("descriptors", &|from, to| done(Descriptors.compute(&molecules[from..to])))?;
    time("morgan_and_descriptors", &|from, to| done(joined.compute(&molecules[from..to])))?;
    time("smiles_to_folded", &|from, to| done(folded.compute(&read(&texts[from..to])?)))?;
    time("fold", &|from, to| {
        let part = sparse.select(&(from..to).collect::<Vec<_>>());
        done(FoldedCounts::fold(&part, folded.columns()))
    })?;
    if let Some(folder) = export {
        let values = Descriptors.compute(&molecules)?;
        let bytes: Vec<u8> = values.values().iter().flat_map(|value| value.to_le_bytes()).collect();
        std::fs::write(folder.join("descriptors.f64"), bytes)?;
        std::fs::write(folder.join("morgan_folded.u8"), folded.compute(&molecules)?.counts())?;
    }
    let summary = json!({
        "threads": rayon::current_num_threads(),
        "molecules": molecules.len(),
        "repeats": repeats,
        "descriptors": Descriptors.names(),
        "figures": figures,
    });
    println!("{summary:#}");
    Ok(())
}

/// What was computed is dropped, within the time that is measured.
fn done<T, E: Error + 'static>(computed: Result<T, E>) -> Result<(), Box<dyn Error>> {
    computed.map(drop)?;
    Ok(())
}

fn read(texts: &[&str]) -> Result<Vec<Graph>, GraphError> {
    texts.par_iter().map(|text| Graph::from_smiles(text)).collect()
}

/// Median processor and clock time of all molecules, in microseconds a molecule.
fn timed(
    repeats: usize,
    molecules: usize,
    work: &dyn Fn(usize, usize) -> Result<(), Box<dyn Error>>,
) -> Result<Value, Box<dyn Error>> {
    let (mut walls, mut cpus) = (Vec::new(), Vec::new());
    for _ in 0..repeats {
        let (clock, cpu) = (Instant::now(), processor_seconds());
        for from in (0..molecules).step_by(CHUNK) {
            work(from, molecules.min(from + CHUNK))?;
        }
        cpus.push(processor_seconds() - cpu);
        walls.push(clock.elapsed().as_secs_f64());
    }
    let median = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2] * 1e6 / molecules.max(1) as f64
    };
    Ok(json!({"cpu_microseconds": median(&mut cpus), "wall_microseconds": median(&mut walls)}))
}

/// Processor seconds of this process.
fn processor_seconds() -> f64 {
    // SAFETY: `rusage` is plain data for which all zeros is a value, and the
    // call writes only into it.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut usage);
        usage
    };
    let seconds = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 * 1e-6;
    seconds(usage.ru_utime) + seconds(usage.ru_stime)
}
