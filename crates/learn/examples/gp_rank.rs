//! Times one screening step: fit a Gaussian process to some molecules of a
//! library, predict mean and standard deviation of many others, and rank them.
//!
//! `gp_rank --library FILE.csv.gz [--train 1000] [--candidates 100000]
//! [--repeats 5] [--export FOLDER]`, with `RAYON_NUM_THREADS` for the number of
//! threads. Prints one JSON object. The library has SMILES in its first column
//! under a header. With `--export`, counts, labels and predictions are written
//! for `bench/gp_rank.py` to compare with.
//!
//! The labels are made up: each feature contributes a fixed pseudo-random
//! amount, plus what no model can know.

use features::{CountMatrix, Counts, Features, MorganCounts};
use learn::{FitReport, Posterior, Predictions, Surrogate, TanimotoGp};
use matter::chem::Graph;
use serde_json::json;
use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Molecules read and described before their graphs are dropped.
const CHUNK: usize = 4096;

/// Candidates of the joint posterior and picks from it.
const SHORTLIST: usize = 5_000;
const PICKS: usize = 16;

struct Options {
    library: PathBuf,
    train: usize,
    candidates: usize,
    repeats: usize,
    export: Option<PathBuf>,
}

/// Seconds on the clock and on the processors.
#[derive(Clone, Copy)]
struct Spent {
    wall: f64,
    cpu: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    let (counts, described) = timed(|| read(&options.library, options.train + options.candidates));
    let counts = counts?;
    let train = counts.select(&(0..options.train).collect::<Vec<_>>());
    let candidates = counts.select(&(options.train..counts.len()).collect::<Vec<_>>());
    let labels: Vec<f64> = train.rows().map(label).collect();
    drop(counts);
    let before = peak_mebibytes();

    let mut gp = TanimotoGp::default();
    let (mut fits, mut ranks) = (Vec::new(), Vec::new());
    let mut result: Option<(FitReport, Predictions, Vec<usize>)> = None;
    for _ in 0..options.repeats {
        let (report, fit) = timed(|| gp.fit(&train, &labels));
        let (seen, rank) = timed(|| rank(&gp, &candidates));
        let (seen, order) = seen?;
        result = Some((report?, seen, order));
        fits.push(fit);
        ranks.push(rank);
    }
    let (report, seen, order) = result.ok_or("--repeats must be at least 1")?;
    let after = peak_mebibytes();
    if let Some(folder) = &options.export {
        export(folder, &train, &labels, &candidates, &seen)?;
    }
    let shortlist = candidates.select(&order[..SHORTLIST.min(order.len())]);
    let (picks, picking) = timed(|| gp.posterior(&shortlist).and_then(pick));
    let in_domain = seen.in_domain.iter().filter(|&&inside| inside).count();
    let spent = |s: Spent| json!({"wall_seconds": s.wall, "cpu_seconds": s.cpu});
    let summary = json!({
        "threads": rayon::current_num_threads(),
        "train": options.train,
        "candidates": candidates.len(),
        "repeats": options.repeats,
        "describe": spent(described),
        "fit": spent(median(&fits)),
        "predict_and_rank": spent(median(&ranks)),
        "peak_mebibytes_before_fit": before,
        "peak_mebibytes": after,
        "batch": {"shortlist": shortlist.len(), "picks": picks?.len(), "spent": spent(picking)},
        "best": order.first().map(|&i| json!({"candidate": i, "mean": seen.mean[i], "sd": seen.sd[i]})),
        "in_domain": in_domain as f64 / seen.len().max(1) as f64,
        "report": report,
    });
    println!("{summary:#}");
    Ok(())
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut options =
        Options { library: PathBuf::new(), train: 1000, candidates: 100_000, repeats: 5, export: None };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--library" => options.library = value.into(),
            "--train" => options.train = value.parse()?,
            "--candidates" => options.candidates = value.parse()?,
            "--repeats" => options.repeats = value.parse()?,
            "--export" => options.export = Some(value.into()),
            _ => return Err(format!("unknown option {name}").into()),
        }
    }
    if options.library.as_os_str().is_empty() {
        return Err("--library FILE.csv.gz is missing: a gzipped CSV with SMILES in its first column".into());
    }
    Ok(options)
}

/// The counts of the first `want` molecules of the library.
fn read(library: &Path, want: usize) -> Result<CountMatrix, Box<dyn Error>> {
    let file = std::fs::File::open(library).map_err(|e| format!("{}: {e}", library.display()))?;
    let lines = BufReader::new(flate2::read::GzDecoder::new(file)).lines();
    let (mut counts, mut molecules) = (CountMatrix::new(), Vec::with_capacity(CHUNK));
    for line in lines.skip(1).take(want) {
        let line = line?;
        molecules.push(Graph::from_smiles(line.split(',').next().unwrap_or_default())?);
        if molecules.len() == CHUNK {
            counts.append(&MorganCounts::default().compute(&molecules)?);
            molecules.clear();
        }
    }
    counts.append(&MorganCounts::default().compute(&molecules)?);
    if counts.len() < want {
        return Err(format!("{}: {} molecules, {want} wanted", library.display(), counts.len()).into());
    }
    Ok(counts)
}

/// The made-up property.
fn label(row: Counts<'_>) -> f64 {
    let share = |id: u32| f64::from(id.wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 24) - 0.5;
    let sum: f64 = row.iter().map(|(id, count)| share(id) * f64::from(count)).sum();
    let all = row.iter().fold(0_u32, |hash, (id, count)| hash.rotate_left(5) ^ id ^ count);
    sum + 0.5 * share(all)
}

/// Predictions and the candidates, best upper bound first.
fn rank(gp: &TanimotoGp, candidates: &CountMatrix) -> Result<(Predictions, Vec<usize>), learn::LearnError> {
    let seen = gp.predict(candidates)?;
    let value: Vec<f64> = seen.mean.iter().zip(&seen.sd).map(|(mean, sd)| mean + sd).collect();
    let mut order: Vec<usize> = (0..value.len()).collect();
    order.sort_by(|&a, &b| value[b].total_cmp(&value[a]));
    Ok((seen, order))
}

/// A batch: the best upper bound, again and again, after conditioning.
fn pick(mut posterior: Posterior<'_>) -> Result<Vec<usize>, learn::LearnError> {
    let mean = posterior.mean();
    let mut picks = Vec::new();
    while picks.len() < PICKS.min(mean.len()) {
        let sd = posterior.sd_latent();
        let value = |i: &usize| mean[*i] + sd[*i];
        let best = (0..mean.len())
            .filter(|i| !picks.contains(i))
            .max_by(|a, b| value(a).total_cmp(&value(b)))
            .unwrap_or_default();
        posterior.condition_on(best)?;
        picks.push(best);
    }
    Ok(picks)
}

/// Writes `counts.txt` (a line for each molecule: label or nothing, then
/// `id:count` pairs; training molecules first) and `predictions.txt` (mean and
/// standard deviation of each candidate).
fn export(
    folder: &Path,
    train: &CountMatrix,
    labels: &[f64],
    candidates: &CountMatrix,
    seen: &Predictions,
) -> std::io::Result<()> {
    let create = |name| std::fs::File::create(folder.join(name)).map(std::io::BufWriter::new);
    let mut counts = create("counts.txt")?;
    let labels = labels.iter().map(f64::to_string).chain(std::iter::repeat_with(String::new));
    for (row, label) in train.rows().chain(candidates.rows()).zip(labels) {
        let pairs: Vec<String> = row.iter().map(|(id, count)| format!("{id}:{count}")).collect();
        writeln!(counts, "{label},{}", pairs.join(" "))?;
    }
    let mut predictions = create("predictions.txt")?;
    for (mean, sd) in seen.mean.iter().zip(&seen.sd) {
        writeln!(predictions, "{mean} {sd}")?;
    }
    counts.flush()?;
    predictions.flush()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Spent) {
    let (clock, cpu) = (Instant::now(), usage().0);
    let result = work();
    (result, Spent { wall: clock.elapsed().as_secs_f64(), cpu: usage().0 - cpu })
}

/// Each figure's own median.
fn median(runs: &[Spent]) -> Spent {
    let middle = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Spent {
        wall: middle(runs.iter().map(|s| s.wall).collect()),
        cpu: middle(runs.iter().map(|s| s.cpu).collect()),
    }
}

fn peak_mebibytes() -> f64 {
    usage().1
}

/// Processor seconds of this process and its peak memory in MiB.
fn usage() -> (f64, f64) {
    // SAFETY: `rusage` is plain data for which all zeros is a value, and the
    // call writes only into it.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut usage);
        usage
    };
    let seconds = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 * 1e-6;
    (seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss as f64 / 1024.0)
}
