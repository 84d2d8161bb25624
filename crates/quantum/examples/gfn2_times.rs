//! Runs GFN2-xTB on every structure of a file and says what it took.
//!
//! `gfn2_times FILE.xyz [--repeat 5] [--threads 1] [--accuracy 1.0] [--move 0.0] [--gradients]`
//!
//! The file holds structures in XYZ format one after the other, angstrom. The comment line may have `id=`, `charge=`
//! and `uhf=` (unpaired electrons), as extended XYZ writes them. One JSON line for each structure, in the order of
//! the file, or `{"id", "atoms", "error"}`:
//!
//! - `cpu_seconds_energy`: processor time of the calling thread for a new calculator and its first solution;
//!   `cpu_seconds_gradient`: for the gradient after that; medians over the repetitions, and `best_` for the least;
//! - with `--move D`, `cpu_seconds_restart` and `cycles_restart`: solution and gradient after every coordinate moved
//!   by up to D bohr, from the last density;
//! - with `--gradients`, the gradient in hartree/bohr.
//!
//! With `--threads N`, N structures are calculated at a time. The last line, on standard error, is a summary with
//! clock and processor seconds and the largest resident memory of the process.

mod common;

use common::{Structure, cpu_seconds, peak_mebibytes, read, thread_seconds};
use quantum::{Gfn2, Options, QuantumError, System};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::error::Error;
use std::fmt::Write as _;
use std::time::Instant;

struct Settings {
    file: String,
    repeat: usize,
    threads: usize,
    accuracy: f64,
    shift: f64,
    gradients: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let settings = settings()?;
    let text = std::fs::read_to_string(&settings.file).map_err(|e| format!("{}: {e}", settings.file))?;
    let structures = read(&text)?;
    // Each structure takes one thread: inside, nothing is parallel.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(settings.threads).build()?;
    let (clock, before) = (Instant::now(), cpu_seconds(libc::CLOCK_PROCESS_CPUTIME_ID));
    let run = |structure: &Structure| calculate(structure, &settings);
    // One at a time off the queue, since structures differ in size.
    let lines: Vec<Value> = if settings.threads == 1 {
        structures.iter().map(run).collect()
    } else {
        pool.install(|| structures.par_iter().with_max_len(1).map(run).collect())
    };
    let (wall, cpu) = (clock.elapsed().as_secs_f64(), cpu_seconds(libc::CLOCK_PROCESS_CPUTIME_ID) - before);
    let mut output = String::new();
    for line in &lines {
        writeln!(output, "{line}")?;
    }
    print!("{output}");
    let failed = lines.iter().filter(|line| line.get("error").is_some()).count();
    let summary = json!({
        "structures": lines.len(),
        "failed": failed,
        "threads": settings.threads,
        "repeat": settings.repeat,
        "wall_seconds": wall,
        "cpu_seconds": cpu,
        "peak_mebibytes": peak_mebibytes(),
    });
    eprintln!("{summary}");
    Ok(())
}

fn settings() -> Result<Settings, Box<dyn Error>> {
    let mut settings =
        Settings { file: String::new(), repeat: 5, threads: 1, accuracy: 1.0, shift: 0.0, gradients: false };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{name} needs a value"));
        match name.as_str() {
            "--repeat" => settings.repeat = value()?.parse()?,
            "--threads" => settings.threads = value()?.parse()?,
            "--accuracy" => settings.accuracy = value()?.parse()?,
            "--move" => settings.shift = value()?.parse()?,
            "--gradients" => settings.gradients = true,
            _ if name.starts_with("--") => return Err(format!("unknown option {name}").into()),
            _ => settings.file = name,
        }
    }
    if settings.file.is_empty() || settings.repeat == 0 || settings.threads == 0 {
        return Err("gfn2_times FILE.xyz [--repeat K] [--threads N] with K and N at least 1".into());
    }
    Ok(settings)
}

fn calculate(structure: &Structure, settings: &Settings) -> Value {
    let atoms = structure.system.numbers.len();
    match measure(&structure.system, settings) {
        Ok(mut line) => {
            line["id"] = json!(structure.id);
            line["atoms"] = json!(atoms);
            line
        }
        Err(error) => {
            json!({"id": structure.id, "atoms": atoms, "error": error.to_string(), "kind": kind(&error)})
        }
    }
}

/// The name of the variant.
fn kind(error: &QuantumError) -> String {
    let text = format!("{error:?}");
    text.chars().take_while(|c| c.is_alphanumeric()).collect()
}

fn measure(system: &System, settings: &Settings) -> Result<Value, QuantumError> {
    let options = Options { accuracy: settings.accuracy, ..Options::default() };
    let mut gradient = vec![[0.0; 3]; system.numbers.len()];
    let (mut energies, mut gradients, mut restarts) = (Vec::new(), Vec::new(), Vec::new());
    let mut line = Value::Null;
    for _ in 0..settings.repeat {
        let start = thread_seconds();
        let mut gfn2 = Gfn2::new(system, &options)?;
        let energy = gfn2.solve(&system.positions)?;
        let solved = thread_seconds();
        gfn2.gradient(&mut gradient);
        let end = thread_seconds();
        energies.push(solved - start);
        gradients.push(end - solved);
        line = json!({"orbitals": gfn2.orbital_energies().len(), "cycles": gfn2.cycles(), "energy": energy});
        if settings.gradients {
            line["gradient"] = json!(gradient);
        }
        if settings.shift > 0.0 {
            let moved = moved(&system.positions, settings.shift);
            let start = thread_seconds();
            gfn2.solve(&moved)?;
            gfn2.gradient(&mut gradient);
            restarts.push(thread_seconds() - start);
            line["cycles_restart"] = json!(gfn2.cycles());
        }
    }
    for (name, times) in [("energy", energies), ("gradient", gradients), ("restart", restarts)] {
        if let Some((middle, best)) = middle_and_best(times) {
            line[format!("cpu_seconds_{name}")] = json!(middle);
            line[format!("best_{name}")] = json!(best);
        }
    }
    Ok(line)
}

/// Each coordinate shifted by a fixed pseudo-random amount up to `size`.
fn moved(positions: &[[f64; 3]], size: f64) -> Vec<[f64; 3]> {
    let shift = |k: usize| (k as f64 * 0.754_877_666_246_692_8).fract() * 2.0 - 1.0;
    let indexed = positions.iter().enumerate();
    indexed.map(|(i, p)| [0, 1, 2].map(|k| p[k] + size * shift(3 * i + k + 1))).collect()
}

fn middle_and_best(mut times: Vec<f64>) -> Option<(f64, f64)> {
    times.sort_by(f64::total_cmp);
    Some((*times.get(times.len() / 2)?, *times.first()?))
}
