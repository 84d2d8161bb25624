//! `joulery compute`: the bulk path.

use crate::exit::{self, Ending};
use crate::{interrupt, progress};
use anyhow::Context;
use campaign::bulk::{self, BulkInput, BulkJob, BulkLine, Status};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use ladder::EngineOptions;
use ledger::Conversion;
use matter::files::{FrameReader, SdfReader, SmilesReader};
use matter::{Molecule, MoleculeError};
use method::OptimisationLevel;
use std::io::{BufRead, BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Compute properties of every structure of a file with one method.
///
/// Reads extended XYZ (.xyz, .extxyz), SDF (.sdf, .mol) or SMILES lines (anything else), also gzipped (.gz), and
/// writes one JSON object per structure, in input order: index, status, energy (hartree), gradient (hartree/bohr),
/// charges (e), dipole (e bohr, input frame), homo, lumo (hartree), cost, or error. A SMILES gets a 3-D
/// geometry first. Exit code: 0 if all succeeded, 3 if some failed, 2 for wrong input.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  joulery compute molecules.xyz --method gfn2 --properties energy,gradient > results.jsonl\n  \
    echo 'O=C1C=CC(=O)C=C1' | joulery compute - --method gfn2 --properties reduction_energy"
)]
pub struct Args {
    /// The file, or `-` for SMILES lines on standard input.
    file: PathBuf,
    /// The method, e.g. gfn2, gfn2@xtb (by the xtb program), table:FILE.csv.
    #[arg(long, short)]
    method: String,
    /// What to compute: energy, gradient, charges, dipole, homo, lumo, homo_lumo_gap, reduction_energy (default:
    /// all that a single point gives).
    #[arg(long, short, value_delimiter = ',')]
    properties: Vec<String>,
    /// Solvent around every molecule (ALPB model), e.g. water, acetonitrile, dmso (default: the gas phase).
    #[arg(long)]
    solvent: Option<String>,
    /// Relax each geometry first, to this level.
    #[arg(long, num_args = 0..=1, default_missing_value = "normal", value_parser = levels())]
    relax: Option<OptimisationLevel>,
    /// Threads, one molecule each (default: all cores).
    #[arg(long, short = 'j')]
    threads: Option<NonZeroUsize>,
    /// Write JSON lines (they are also what is written without this flag; a summary goes to stderr).
    #[arg(long)]
    json: bool,
    /// Write to this file instead of standard output.
    #[arg(long, short)]
    output: Option<PathBuf>,
    /// Power of one busy core in W, for the energies (default: the mean of the Green Algorithms tables).
    #[arg(long)]
    watts_per_core: Option<f64>,
}

/// The levels by their names.
fn levels() -> impl TypedValueParser<Value = OptimisationLevel> {
    PossibleValuesParser::new(OptimisationLevel::ALL.map(OptimisationLevel::as_str)).map(|name| {
        let named = OptimisationLevel::ALL.into_iter().find(|level| level.as_str() == name);
        named.unwrap_or(OptimisationLevel::Normal)
    })
}

pub fn run(args: Args) -> anyhow::Result<Ending> {
    let conversion = match args.watts_per_core {
        Some(watts_per_core) => Conversion { watts_per_core, ..Conversion::default() },
        None => Conversion::default(),
    };
    conversion.validate().map_err(exit::bad_input)?;
    let folder = std::env::current_dir().context("the current folder cannot be found")?;
    let options = EngineOptions { solvent: args.solvent, folder, ..EngineOptions::default() };
    let method = ladder::resolve(&args.method, &options).map_err(exit::bad_input)?;
    let job = BulkJob::new(method, &args.properties, args.relax, conversion).map_err(exit::bad_input)?;
    let input = open(&args.file)?;
    let mut out: Box<dyn Write> = match &args.output {
        Some(path) => Box::new(BufWriter::new(
            std::fs::File::create(path).with_context(|| format!("{} cannot be written", path.display()))?,
        )),
        None => Box::new(BufWriter::new(std::io::stdout())),
    };
    let threads = args.threads.or_else(|| std::thread::available_parallelism().ok()).map_or(1, usize::from);
    let cancel = interrupt::flag();
    let bar = progress::bar(None, "computed");
    let mut tally = Tally::default();
    let common = job.conversion.charge(&job.prepare(&cancel));
    tally.core_seconds += common.core_seconds.value();
    tally.joules += common.joules.value();
    let mut trouble = None;
    bulk::run(&job, input, threads, &cancel, |line| {
        tally.count(&line);
        bar.inc(1);
        bar.set_message(format!(
            "{} failed, {:.1} core-s, {:.0} J",
            tally.failed, tally.core_seconds, tally.joules
        ));
        match write_line(&mut out, &line) {
            Ok(()) => true,
            Err(error) => {
                trouble = Some(error);
                false
            }
        }
    });
    bar.finish_and_clear();
    if let Some(error) = trouble {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Ok(Ending::Interrupted);
        }
        return Err(error).context("the results cannot be written");
    }
    out.flush().context("the results cannot be written")?;
    let all = tally.done + tally.failed;
    eprintln!(
        "{all} {}: {} done, {} failed; {:.1} core-seconds, {:.1} J (tier model)",
        if all == 1 { "structure" } else { "structures" },
        tally.done,
        tally.failed,
        tally.core_seconds,
        tally.joules
    );
    if cancel.load(std::sync::atomic::Ordering::Relaxed) {
        return Ok(Ending::Interrupted);
    }
    Ok(if tally.failed == 0 { Ending::Done } else { Ending::SomeFailed })
}

#[derive(Default)]
struct Tally {
    done: usize,
    failed: usize,
    core_seconds: f64,
    joules: f64,
}

impl Tally {
    fn count(&mut self, line: &BulkLine) {
        match line.status {
            Status::Ok => self.done += 1,
            Status::Failed => self.failed += 1,
        }
        self.core_seconds += line.cost.core_seconds;
        self.joules += line.cost.joules;
    }
}

fn write_line(out: &mut dyn Write, line: &BulkLine) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")?;
    // A reader at the other end of a pipe sees each result when it is there.
    out.flush()
}

type Input = Box<dyn Iterator<Item = BulkInput> + Send>;

fn open(path: &Path) -> anyhow::Result<Input> {
    if path == Path::new("-") {
        return Ok(smiles(Box::new(std::io::BufReader::new(std::io::stdin())), "standard input".into()));
    }
    let shown = path.display().to_string();
    let stream = matter::files::open(path)
        .with_context(|| format!("{shown} cannot be opened"))
        .map_err(|e| e.context(exit::BadInput))?;
    let name = path.to_string_lossy().to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    Ok(match name.rsplit('.').next() {
        Some("xyz" | "extxyz") => Box::new(FrameReader::new(stream).map(move |frame| match frame {
            Ok(frame) => BulkInput {
                name: frame.info.get("name").cloned(),
                molecule: molecule(&frame).map_err(|e| format!("{shown}, line {}: {e}", frame.line)),
            },
            Err(error) => BulkInput { name: None, molecule: Err(format!("{shown}, {error}")) },
        })),
        Some("sdf" | "sd" | "mol") => Box::new(SdfReader::new(stream).map(move |record| match record {
            Ok(record) => BulkInput { name: record.name, molecule: Ok(record.molecule) },
            Err(error) => BulkInput { name: None, molecule: Err(format!("{shown}, {error}")) },
        })),
        _ => smiles(stream, shown),
    })
}

fn molecule(frame: &matter::files::Frame) -> Result<Molecule, MoleculeError> {
    let charge = frame.charge.unwrap_or(0);
    let electrons = frame.geometry.elements().iter().map(|e| i64::from(e.number())).sum::<i64>();
    let fewest = (electrons - i64::from(charge)).rem_euclid(2) as u32;
    Molecule::from_geometry(frame.geometry.clone(), charge, frame.unpaired.unwrap_or(fewest))
}

fn smiles(stream: Box<dyn BufRead + Send>, shown: String) -> Input {
    Box::new(SmilesReader::new(stream).map(move |record| match record {
        Ok(record) => BulkInput { name: record.name, molecule: Ok(record.molecule) },
        Err(error) => BulkInput { name: None, molecule: Err(format!("{shown}, {error}")) },
    }))
}
