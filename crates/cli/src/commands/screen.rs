//! `joulery screen`: the best of a library larger than memory.

use super::print_json;
use crate::exit::{self, Ending};
use crate::expect::Expect;
use crate::out::outln;
use crate::scorer::ModelScorer;
use crate::{interrupt, progress};
use anyhow::Context;
use clap::ValueEnum;
use models::Takes;
use records::{Columns, Format, Kind, RecordsError, Source, TableWriter};
use screening::{By, Direction, Hit, Options, Outcome, Progress, Scorer, ScreeningError, Settings, Shard};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Find the best of a library by a model.
///
/// Streams SMILES lines (.smi), CSV, TSV, SDF, XYZ and Parquet files and folders of them, plain or compressed (.gz,
/// .zst), through the model and keeps the best K molecules, exactly, in bounded memory. Stop it when you like (Ctrl-C),
/// and go on with --resume. With --shard the parts of a library can be screened on several machines; --merge makes one
/// result of them, the same as that of one run. Exit code: 0 if all was read, 3 if a file broke off, 2 for wrong input.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "joulery screen [OPTIONS] <MODEL> <LIBRARY>...\n       \
                      joulery screen --merge <SHARD>... [--out <FILE>] [--json]",
    after_help = "Example:\n  joulery screen gap.model library.smi.gz more/ --top 1000 --maximise --out top.csv\n  \
                  joulery screen gap.model library.csv --top 1000 --shard 2/4 --out part2.json\n  \
                  joulery screen --merge part1.json part2.json part3.json part4.json --out top.parquet"
)]
pub struct Args {
    /// The model, a file that `joulery train` wrote.
    #[arg(required_unless_present = "merge")]
    model: Option<PathBuf>,
    /// Files and folders with the structures to screen.
    #[arg(required_unless_present = "merge")]
    library: Vec<PathBuf>,
    /// Merge the files of all shards into one result.
    #[arg(long, num_args = 1.., value_name = "SHARD", conflicts_with_all = ["model", "library", "shard", "resume", "state"])]
    merge: Vec<PathBuf>,
    /// How many molecules to keep.
    #[arg(long, short = 'k', default_value_t = NonZeroUsize::new(100).unwrap_or(NonZeroUsize::MIN), value_name = "K")]
    top: NonZeroUsize,
    /// The lowest values are the best (this is the default, except for models of classes).
    #[arg(long, group = "direction")]
    minimise: bool,
    /// The highest values are the best (the default for models of classes: yes is the most probable).
    #[arg(long, group = "direction")]
    maximise: bool,
    /// The values next to this one are the best.
    #[arg(long, group = "direction", value_name = "X", allow_negative_numbers = true)]
    target: Option<f64>,
    /// Rank by the predicted mean, or by the mean made worse by some standard deviations, which asks for certainty.
    #[arg(long, value_enum, default_value_t = Rank::Mean)]
    by: Rank,
    /// Standard deviations of `--by bound`; a negative number ranks by hope.
    #[arg(long, default_value_t = 1.0, value_name = "N", allow_negative_numbers = true)]
    sigmas: f64,
    /// Leave out structures outside the model's domain (they are counted either way).
    #[arg(long)]
    only_in_domain: bool,
    /// Screen part i of n only; the result is a file for --merge.
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Write the best to this table (.csv, .csv.gz, .tsv, .parquet); with --shard: the file of the shard (.json).
    #[arg(long, short)]
    out: Option<PathBuf>,
    /// Go on from where it was stopped, if it was.
    #[arg(long)]
    resume: bool,
    /// Keep the state here while it runs (default: beside the table, or named after the model).
    #[arg(long, conflicts_with = "shard")]
    state: Option<PathBuf>,
    #[command(flatten)]
    expect: Expect,
    /// Column of the structures in tables (default: found by its name, such as smiles or formula).
    #[arg(long)]
    column: Option<String>,
    /// Column of the names (default: found by its name, such as name or id).
    #[arg(long)]
    name_column: Option<String>,
    /// Format of all files (default: by their endings).
    #[arg(long, value_enum)]
    format: Option<FileFormat>,
    /// Threads (default: all cores).
    #[arg(long, short = 'j')]
    threads: Option<NonZeroUsize>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Rank {
    Mean,
    Bound,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FileFormat {
    Smiles,
    Csv,
    Tsv,
    Xyz,
    Sdf,
    Parquet,
}

impl From<FileFormat> for Format {
    fn from(format: FileFormat) -> Format {
        match format {
            FileFormat::Smiles => Format::Smiles,
            FileFormat::Csv => Format::Csv,
            FileFormat::Tsv => Format::Tsv,
            FileFormat::Xyz => Format::Xyz,
            FileFormat::Sdf => Format::Sdf,
            FileFormat::Parquet => Format::Parquet,
        }
    }
}

/// What the values of numbers are called.
const MEAN: &str = "mean";

/// How many of the best are shown.
const SHOWN: usize = 20;

pub fn run(args: Args) -> anyhow::Result<Ending> {
    if !args.merge.is_empty() {
        check_table(args.out.as_deref())?;
        let outcome = screening::merge(&args.merge).map_err(failed)?;
        return finish(&args, &outcome, MEAN);
    }
    let model = args.model.clone().unwrap_or_default();
    let scorer = ModelScorer::load(&model, &args.expect.clone().into()).map_err(super::train::failed)?;
    let takes = scorer.model().card().takes();
    let classes = scorer.model().card().class.is_some();
    screen(&args, &scorer, takes, classes, &interrupt::flag())
}

/// Screens with a scorer that takes some columns of numbers, until `cancel` is set.
fn screen(
    args: &Args,
    scorer: &dyn Scorer,
    takes: Takes,
    classes: bool,
    cancel: &AtomicBool,
) -> anyhow::Result<Ending> {
    let state = state_file(args)?;
    let source = Source { files: args.library.clone(), format: args.format.map(Format::from) };
    let settings = Settings {
        top: args.top.get(),
        direction: match args.target {
            Some(x) => Direction::Target(x),
            None if args.maximise => Direction::Maximise,
            None if args.minimise => Direction::Minimise,
            // Of a constraint, that it holds.
            None if classes => Direction::Maximise,
            None => Direction::Minimise,
        },
        by: match args.by {
            Rank::Mean => By::Mean,
            Rank::Bound => By::Bound(args.sigmas),
        },
        only_in_domain: args.only_in_domain,
        columns: Columns {
            structure: args.column.clone(),
            name: args.name_column.clone(),
            numbers: takes.columns,
            numbers_may_lack: !takes.needed,
            ..Columns::default()
        },
        shard: args.shard.unwrap_or_default(),
    };
    let options = Options {
        threads: args.threads,
        state: Some(state.clone()),
        resume: args.resume,
        ..Options::default()
    };
    let bar = progress::share("screened");
    let outcome = screening::run(scorer, &source, &settings, &options, cancel, &mut |p: &Progress| {
        bar.set_position((p.fraction * progress::PARTS as f64) as u64);
        let (rows, failed) = (p.counts.rows, p.counts.failed);
        bar.set_message(format!("{rows} structures ({failed} failed), {:.0} a second", p.rate));
    });
    bar.finish_and_clear();
    let outcome = outcome.map_err(failed)?;
    if !outcome.finished {
        if args.json {
            let structures = outcome.counts.rows;
            let stopped =
                serde_json::json!({ "status": "interrupted", "structures": structures, "state": state });
            print_json(&stopped)?;
        }
        eprintln!(
            "stopped after {} structures; the same command with --resume goes on (state: {})",
            outcome.counts.rows,
            state.display()
        );
        return Ok(Ending::Interrupted);
    }
    let value = if classes { "probability" } else { MEAN };
    if args.shard.is_some() {
        return finish(args, &outcome, value);
    }
    let ending = finish(args, &outcome, value)?;
    // The result is written: nobody needs the state any more.
    std::fs::remove_file(&state).with_context(|| format!("{} cannot be removed", state.display()))?;
    Ok(ending)
}

/// Where the state is kept; for a shard it is the result.
fn state_file(args: &Args) -> anyhow::Result<PathBuf> {
    let model = args.model.as_ref().and_then(|m| m.file_stem()).unwrap_or_default().to_string_lossy();
    if let Some(Shard { index, of }) = args.shard {
        let file = args.out.clone().unwrap_or_else(|| format!("{model}.shard-{index}-of-{of}.json").into());
        if file.extension().is_none_or(|e| !e.eq_ignore_ascii_case("json")) {
            let problem = format!("{}: the file of a shard ends in .json", file.display());
            return Err(
                anyhow::anyhow!("{problem}; `--merge` makes the table of all").context(exit::BadInput)
            );
        }
        return Ok(file);
    }
    check_table(args.out.as_deref())?;
    Ok(match (&args.state, &args.out) {
        (Some(state), _) => state.clone(),
        (None, Some(out)) => {
            let mut name = out.as_os_str().to_owned();
            name.push(".state.json");
            name.into()
        }
        (None, None) => format!("{model}.screening.json").into(),
    })
}

/// Finds out before the work that the table can be written.
fn check_table(out: Option<&Path>) -> anyhow::Result<()> {
    match out.map(|out| TableWriter::create(out, &[("rank", Kind::Integer)])) {
        Some(Err(error)) => Err(failed(error.into())),
        _ => Ok(()),
    }
}

/// Writes the table and tells the result.
fn finish(args: &Args, outcome: &Outcome, value: &str) -> anyhow::Result<Ending> {
    let table = args.out.as_deref().filter(|_| args.shard.is_none());
    if let Some(out) = table {
        outcome.write(out).map_err(failed)?;
    }
    if args.json {
        print_json(&json(args, outcome))?;
    } else {
        print(args, outcome, value)?;
    }
    Ok(if outcome.unread.is_empty() { Ending::Done } else { Ending::SomeFailed })
}

fn json(args: &Args, outcome: &Outcome) -> serde_json::Value {
    let hit = |(rank, hit): (usize, &Hit)| {
        let mut value = serde_json::to_value(hit).unwrap_or_default();
        value["rank"] = (rank + 1).into();
        value["file"] = outcome.file_name(hit.file).into();
        value["row"] = hit.row.saturating_add(1).into();
        value
    };
    let place = |file: usize, row: u64, line: Option<u64>, reason: &str| {
        let file = outcome.file_name(file);
        serde_json::json!({ "file": file, "row": row.saturating_add(1), "line": line, "reason": reason })
    };
    serde_json::json!({
        "status": "finished",
        "structures": outcome.counts.rows,
        "scored": outcome.counts.scored(),
        "failed": outcome.counts.failed,
        "out_of_domain": outcome.counts.out_of_domain,
        "share_out_of_domain": outcome.counts.share_out_of_domain(),
        "seconds": outcome.seconds,
        "per_second": outcome.rate(),
        "shard": args.shard.map(|s| s.to_string()),
        "top": outcome.hits.iter().enumerate().map(hit).collect::<Vec<_>>(),
        "first_failures":
            outcome.failures.iter().map(|f| place(f.file, f.row, f.line, &f.reason)).collect::<Vec<_>>(),
        "unread": outcome.unread.iter().map(|u| place(u.file, u.rows, None, &u.reason)).collect::<Vec<_>>(),
    })
}

fn print(args: &Args, outcome: &Outcome, value: &str) -> anyhow::Result<()> {
    let counts = &outcome.counts;
    outln!(
        "{} structures in {:.1} s ({:.0} a second): {} scored, {} failed, {:.1} % outside the model's domain",
        counts.rows,
        outcome.seconds,
        outcome.rate(),
        counts.scored(),
        counts.failed,
        100.0 * counts.share_out_of_domain()
    );
    for failure in outcome.failures.iter().take(3) {
        let place = failure
            .line
            .map_or_else(|| format!("row {}", failure.row.saturating_add(1)), |line| format!("line {line}"));
        outln!("  failed: {}, {place}: {}", outcome.file_name(failure.file), failure.reason);
    }
    for unread in &outcome.unread {
        outln!("warning: the rest of a file is missing: {}", unread.reason);
    }
    outln!("");
    outln!("  {:>5}  {:>12}  {:>10}  {:>6}  structure", "rank", value, "sd", "domain");
    for (rank, hit) in outcome.hits.iter().take(SHOWN).enumerate() {
        let domain = if hit.score.in_domain { "in" } else { "out" };
        let name = hit.name.as_ref().map_or_else(String::new, |n| format!("  ({n})"));
        let (mean, sd) = (hit.score.mean, hit.score.sd);
        outln!("  {:>5}  {mean:>12.5}  {sd:>10.5}  {domain:>6}  {}{name}", rank + 1, hit.structure);
    }
    let more = outcome.hits.len().saturating_sub(SHOWN);
    match (&args.out, args.shard) {
        (Some(out), None) => outln!("\nAll {} are in {}.", outcome.hits.len(), out.display()),
        (_, Some(shard)) => {
            outln!("\nThis is shard {shard}: merge all shards with `joulery screen --merge`.")
        }
        (None, None) if more > 0 => outln!("  and {more} more: name a table with --out to have them all"),
        (None, None) => {}
    }
    Ok(())
}

/// An error with its place in the exit codes.
fn failed(error: ScreeningError) -> anyhow::Error {
    let input = error.is_input();
    // A folder that is not there is a mistake, a full disk is not; before the work it is the former.
    let writing = matches!(error, ScreeningError::Records(RecordsError::Write { .. }));
    if input && !writing { exit::bad_input(error) } else { error.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use records::Record;
    use screening::Score;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    /// Length of the structure's text; sets `stop` after some batches.
    struct Length<'a>(&'a AtomicBool, AtomicUsize);

    impl Scorer for Length<'_> {
        fn score(&self, batch: &[Record]) -> Vec<Result<Score, String>> {
            if self.1.fetch_sub(1, Ordering::Relaxed) == 1 {
                self.0.store(true, Ordering::Relaxed);
            }
            batch.iter().map(|r| Ok(Score::certain(r.structure.label().len() as f64))).collect()
        }

        fn id(&self) -> String {
            "length".into()
        }
    }

    fn run_line(line: &str, stop_after: usize) -> anyhow::Result<Ending> {
        let args = Line::try_parse_from(line.split_whitespace())?.args;
        let stop = AtomicBool::new(false);
        screen(&args, &Length(&stop, stop_after.into()), Takes::default(), false, &stop)
    }

    #[test]
    fn stopped_resumed_in_shards_and_merged() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let lines: Vec<String> = (0..50_000).map(|i| format!("{} m{i}", "C".repeat(i % 60 + 1))).collect();
        std::fs::write(path("a.smi"), lines.join("\n")).unwrap();
        let line =
            |more: &str| format!("screen {} {} -k 10 --maximise {more}", path("m.model"), path("a.smi"));
        let whole = line(&format!("--out {}", path("whole.csv")));
        assert_eq!(run_line(&whole, 0).unwrap(), Ending::Done);
        let csv = |name: &str| std::fs::read_to_string(path(name)).unwrap();
        assert!(csv("whole.csv").contains("m59,60,0,60,60,true,a.smi,60"), "{}", csv("whole.csv"));

        let stopped = line(&format!("--out {} --resume -j 1", path("stopped.csv")));
        assert_eq!(run_line(&stopped, 3).unwrap(), Ending::Interrupted);
        assert!(Path::new(&path("stopped.csv.state.json")).exists());
        assert!(run_line(&stopped.replace("--resume", ""), 0).is_err());
        assert_eq!(run_line(&stopped, 0).unwrap(), Ending::Done);
        assert_eq!(csv("stopped.csv"), csv("whole.csv"));
        assert!(!Path::new(&path("stopped.csv.state.json")).exists());

        for i in 1..=3 {
            let shard = line(&format!("--shard {i}/3 --out {}", path(&format!("{i}.json"))));
            assert_eq!(run_line(&shard, 0).unwrap(), Ending::Done);
        }
        let files = format!("{} {} {}", path("1.json"), path("2.json"), path("3.json"));
        let merge = format!("screen --merge {files} --out {} --json", path("merged.csv"));
        let args = Line::try_parse_from(merge.split_whitespace()).unwrap().args;
        assert_eq!(run(args).unwrap(), Ending::Done);
        assert_eq!(csv("merged.csv"), csv("whole.csv"));

        let error = run_line(&line("--shard 1/3 --out x.csv"), 0).unwrap_err();
        assert!(format!("{error:#}").contains("ends in .json"), "{error:#}");
        assert!(run_line(&line("--out x.txt"), 0).is_err());
        assert!(run_line(&line("--minimise"), 0).is_err());
    }
}
