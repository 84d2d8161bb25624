//! Screens a library by a trivial scorer that computes Morgan counts (radius 2) for every molecule, and prints what that
//! takes as JSON: `stream_rate LIBRARY THREADS [TOP [none|parse|morgan]]`.

use features::MorganCounts;
use records::{Record, Source};
use screening::{Options, Score, Scorer, Settings};
use std::time::Instant;

enum Work {
    None,
    Parse,
    Morgan,
}

struct Environments(Work);

impl Scorer for Environments {
    fn score(&self, batch: &[Record]) -> Vec<Result<Score, String>> {
        let one = |record: &Record| {
            if let Work::None = self.0 {
                return Ok(Score::certain(record.structure.label().len() as f64));
            }
            let graph = record.structure.graph().map_err(|e| e.to_string())?;
            if let Work::Parse = self.0 {
                return Ok(Score::certain(graph.canonical_smiles().len() as f64));
            }
            let counts = MorganCounts::default().of(&graph).map_err(|e| e.to_string())?;
            Ok(Score::certain(f64::from(counts.view().total()) + counts.view().len() as f64))
        };
        batch.iter().map(one).collect()
    }

    fn id(&self) -> String {
        "environments".into()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [library, threads, more @ ..] = arguments.as_slice() else {
        return Err("usage: stream_rate LIBRARY THREADS [TOP [none|parse|morgan]]".into());
    };
    let work = match more.get(1).map(String::as_str) {
        Some("none") => Work::None,
        Some("parse") => Work::Parse,
        _ => Work::Morgan,
    };
    let settings = Settings { top: more.first().map_or(Ok(1000), |k| k.parse())?, ..Settings::default() };
    let options = Options { threads: Some(threads.parse()?), ..Options::default() };
    let begun = Instant::now();
    let outcome = screening::run(
        &Environments(work),
        &Source::new([library]),
        &settings,
        &options,
        &false.into(),
        &mut |_| {},
    )?;
    let seconds = begun.elapsed().as_secs_f64();
    // SAFETY: `usage` is a plain struct that the call fills.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut usage);
        usage
    };
    let cpu = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 * 1e-6;
    println!(
        "{{\"rows\": {}, \"failed\": {}, \"kept\": {}, \"seconds\": {seconds:.2}, \"cpu_seconds\": {:.2}, \"peak_mib\": {}}}",
        outcome.counts.rows,
        outcome.counts.failed,
        outcome.hits.len(),
        cpu(usage.ru_utime) + cpu(usage.ru_stime),
        usage.ru_maxrss / 1024
    );
    Ok(())
}
