//! `joulery predict`: from a model file to predictions.

use super::classes;
use super::train::failed;
use crate::exit::{self, Ending};
use crate::expect::Expect;
use crate::{interrupt, progress};
use models::read::{open, place, structure};
use models::{Model, Prediction, Structure};
use rayon::prelude::*;
use records::{Kind, Source, TableWriter, Value};
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

/// Predict a property of structures with a trained model.
///
/// Reads what `joulery train` reads, of any length, and writes one row for each structure: name, structure, value,
/// standard deviation, interval, similarity to the nearest training structure, whether it lies in the model's domain,
/// or why there is no prediction. A model of classes (`joulery train --classify`) gives the class (yes, no, or either
/// where it cannot tell; nine of ten structures of each class have theirs in it), the probability of yes and how far
/// its models are apart on that. Exit code: 0 if all were predicted, 3 if some were not, 2 for wrong input.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  joulery predict solubility.model molecules.smi > predictions.csv\n  \
    joulery predict qm7.model new.extxyz --output predictions.parquet\n  joulery predict qm7.model --card")]
pub struct Args {
    /// The model file.
    model: PathBuf,
    /// Files or folders of structures.
    #[arg(required_unless_present = "card")]
    data: Vec<PathBuf>,
    /// The column of SMILES or formulas (default: found by its name).
    #[arg(long)]
    column: Option<String>,
    /// Write to this table (.csv, .tsv, .parquet, packed .csv.gz) instead of CSV on standard output.
    #[arg(long, short)]
    output: Option<PathBuf>,
    /// Print the model's card as JSON, and predict nothing.
    #[arg(long)]
    card: bool,
    /// Write JSON lines to standard output.
    #[arg(long, conflicts_with = "output")]
    json: bool,
    #[command(flatten)]
    expect: Expect,
    /// Threads (default: all cores).
    #[arg(long, short = 'j')]
    threads: Option<std::num::NonZeroUsize>,
}

/// Structures held at a time.
const BATCH: usize = 8192;
/// Structures of one thread at a time.
const PART: usize = 256;

/// Where rows go.
enum Out {
    Table(TableWriter),
    Lines(std::io::BufWriter<std::io::Stdout>),
}

pub fn run(args: Args) -> anyhow::Result<Ending> {
    if let Some(threads) = args.threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build_global()?;
    }
    let model = Model::load_expected(&args.model, &args.expect.into()).map_err(failed)?;
    if args.card {
        crate::out::outln!("{}", serde_json::to_string_pretty(model.card())?);
        return Ok(Ending::Done);
    }
    let takes = model.card().takes();
    let mut stream = open(&Source::new(args.data), args.column, &takes).map_err(failed)?;
    let files: Vec<String> = stream.files().map(|file| file.display().to_string()).collect();
    let property = model.card().property.name.clone();
    let mut columns = vec![
        ("name", Kind::Text),
        ("structure", Kind::Text),
        (property.as_str(), Kind::Number),
        ("sd", Kind::Number),
        ("lower", Kind::Number),
        ("upper", Kind::Number),
        ("similarity", Kind::Number),
        ("in_domain", Kind::Bool),
        ("error", Kind::Text),
    ];
    if model.card().class.is_some() {
        columns = classes::columns(&property);
    }
    let mut out = match (&args.output, args.json) {
        (Some(path), _) => Out::Table(TableWriter::create(path, &columns).map_err(exit::bad_input)?),
        (None, true) => Out::Lines(std::io::BufWriter::new(std::io::stdout())),
        (None, false) => Out::Table(TableWriter::csv_to(std::io::stdout(), &columns)?),
    };
    let stop = interrupt::flag();
    let bar = progress::bar(None, "predict");
    let (mut failures, mut stopped) = (0_u64, false);
    loop {
        let batch = stream.batch(BATCH);
        if batch.is_empty() {
            break;
        }
        if stop.load(Ordering::SeqCst) {
            stopped = true;
            break;
        }
        let kind = model.card().representation.describes();
        let parts: Vec<Vec<Row>> = batch
            .par_chunks(PART)
            .map(|part| {
                let mut rows: Vec<Row> = Vec::with_capacity(part.len());
                let (mut chosen, mut structures, mut given) =
                    (Vec::new(), Vec::<Structure>::new(), Vec::new());
                for record in part {
                    let mut row = Row::default();
                    match record {
                        Err(error) => row.result = Err(error.to_string()),
                        Ok(record) => {
                            row.name = record.name.clone().unwrap_or_else(|| place(record, &files));
                            row.structure = record.structure.label();
                            match structure(&record.structure, Some(kind)) {
                                Err(reason) => row.result = Err(reason),
                                Ok(one) => {
                                    chosen.push(rows.len());
                                    structures.push(one);
                                    given.push(record.numbers.clone());
                                }
                            }
                        }
                    }
                    rows.push(row);
                }
                for (at, result) in chosen.into_iter().zip(model.predict(&structures, Some(&given))) {
                    rows[at].result = result;
                }
                rows
            })
            .collect();
        for row in parts.into_iter().flatten() {
            failures += u64::from(row.result.is_err());
            row.write(&mut out, &property, columns.len())?;
        }
        bar.set_position(bar.position() + batch.len() as u64);
    }
    bar.finish_and_clear();
    match out {
        Out::Table(table) if !stopped || args.output.is_none() => table.finish()?,
        Out::Table(_) => eprintln!("stopped: nothing was written"),
        Out::Lines(mut lines) => lines.flush()?,
    }
    if stopped {
        return Ok(Ending::Interrupted);
    }
    if failures > 0 {
        eprintln!("{failures} structures have no prediction: see the column `error`");
        return Ok(Ending::SomeFailed);
    }
    Ok(Ending::Done)
}

/// A line of the output.
struct Row {
    name: String,
    structure: String,
    result: Result<Prediction, String>,
}

impl Default for Row {
    fn default() -> Row {
        Row { name: String::new(), structure: String::new(), result: Err("no prediction".to_owned()) }
    }
}

impl Row {
    fn write(self, out: &mut Out, property: &str, columns: usize) -> anyhow::Result<()> {
        let Row { name, structure, result } = self;
        match out {
            Out::Table(table) => {
                let mut row: Vec<Value> = vec![name.into(), structure.into()];
                match result {
                    Ok(p) if p.class.is_some() => {
                        row.extend(classes::cells(&p));
                        row.push(Value::Missing);
                    }
                    Ok(p) => {
                        let numbers = [p.mean, p.sd, p.lower, p.upper, p.similarity];
                        row.extend(numbers.map(Value::Number));
                        row.extend([Value::Bool(p.in_domain), Value::Missing]);
                    }
                    Err(reason) => {
                        row.extend(std::iter::repeat_n(Value::Missing, columns - 3));
                        row.push(reason.into());
                    }
                }
                table.push(&row)?;
            }
            Out::Lines(lines) => {
                let mut line =
                    serde_json::json!({ "name": name, "structure": structure, "property": property });
                match result {
                    Ok(p) if p.class.is_some() => line["prediction"] = classes::json(&p),
                    Ok(p) => line["prediction"] = serde_json::to_value(p)?,
                    Err(reason) => line["error"] = reason.into(),
                }
                writeln!(lines, "{line}")?;
            }
        }
        Ok(())
    }
}
