//! Accuracy and intervals of Gaussian processes on measured and computed
//! properties, for `bench/photoswitch.py` and `bench/coverage.py`.
//!
//! `intervals '{"data": FILE, "features": "morgan"|"pairs"|"joined"|"slatm",
//! "label": NAME, "less": [NAME, ...], "form": "plain"|"exponential"|
//! "gaussian"|"laplacian", "splits": [[[train rows], [test rows]], ...]}'`
//!
//! A CSV file (gzipped or not) has SMILES in the column `smiles` or `SMILES`;
//! rows without the label are not counted. A gzipped extended XYZ file has the
//! label in its comments. Prints one JSON object on a line for each split: errors,
//! and for intervals of 90 % the share of labels inside and the mean width.
//!
//! `pairs` are counts of pairs of heavy atoms by their kinds (element, heavy
//! neighbours, pi electrons, charge) and bonds between (Carhart, Smith and
//! Venkataraghavan, J. Chem. Inf. Comput. Sci. 25, 64, 1985); `joined` are these
//! with functional groups and Morgan counts.

use features::{AtomPairs, CountMatrix, GlobalFeatures, ManyBodyTypes, MorganCounts, Slatm, SparseCounts};
use learn::{
    Calibration, Composition, ConformalSettings, DenseKernel, DenseRows, ElementBaseline, Kernel, KernelGp,
    KernelGpSettings, LocalConformal, Predictions, Shape, Surrogate, Table, TanimotoForm, TanimotoKernel,
};
use matter::chem::Graph;
use matter::files::FrameReader;
use serde::Deserialize;
use serde_json::json;
use std::error::Error;
use std::io::Write;

type Failure = Box<dyn Error>;

#[derive(Deserialize)]
struct Options {
    data: std::path::PathBuf,
    features: String,
    label: String,
    #[serde(default)]
    less: Vec<String>,
    form: String,
    /// Whether energies of elements, of the training structures, are subtracted.
    #[serde(default)]
    extensive: bool,
    splits: Vec<(Vec<usize>, Vec<usize>)>,
}

fn main() -> Result<(), Failure> {
    let text = std::env::args().nth(1).ok_or("usage: intervals OPTIONS (see the head of the source)")?;
    let options: Options = match text.strip_prefix('@') {
        Some(path) => serde_json::from_slice(&std::fs::read(path)?)?,
        None => serde_json::from_str(&text)?,
    };
    if options.data.to_string_lossy().contains(".extxyz") {
        let shape = match options.form.as_str() {
            "laplacian" => Shape::Laplacian,
            _ => Shape::Gaussian,
        };
        let (x, y, elements) = geometries(&options)?;
        return all(DenseKernel { shape }, &x, &y, &elements, &options);
    }
    let (molecules, y) = table(&options)?;
    let rows = molecules.iter().map(|m| counts(m, &options.features)).collect::<Result<Vec<_>, Failure>>()?;
    let x: CountMatrix = rows.iter().collect();
    let form = if options.form == "plain" { TanimotoForm::Plain } else { TanimotoForm::Exponential };
    all(TanimotoKernel { form }, &x, &y, &Composition::default(), &options)
}

/// Only the rows that some split uses are described.
fn geometries(options: &Options) -> Result<(DenseRows, Vec<f64>, Composition), Failure> {
    let frames = FrameReader::new(matter::files::open(&options.data)?).collect::<Result<Vec<_>, _>>()?;
    let mut labels = Vec::new();
    for frame in &frames {
        let read = |key: &String| frame.real(key).ok_or_else(|| format!("a frame without {key}"));
        let less: f64 = options.less.iter().map(read).sum::<Result<f64, _>>()?;
        labels.push(read(&options.label)? - less);
    }
    let geometries: Vec<_> = frames.into_iter().map(|frame| frame.geometry).collect();
    let features = Slatm::new(ManyBodyTypes::of(&geometries)?)?;
    let mut used = vec![false; geometries.len()];
    options.splits.iter().flat_map(|s| s.0.iter().chain(&s.1)).for_each(|&row| used[row] = true);
    let mut values = vec![0.0; geometries.len() * features.columns()];
    for ((row, geometry), used) in values.chunks_exact_mut(features.columns()).zip(&geometries).zip(used) {
        if used {
            features.fill(geometry, row)?;
        }
    }
    let elements: Vec<Vec<u8>> =
        geometries.iter().map(|g| g.elements().iter().map(|e| e.number()).collect()).collect();
    let composition = Composition::new(elements.iter().map(Vec::as_slice));
    Ok((DenseRows::new(values, features.columns())?, labels, composition))
}

fn table(options: &Options) -> Result<(Vec<Graph>, Vec<f64>), Failure> {
    let bytes = std::fs::read(&options.data)?;
    let mut text = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(bytes.as_slice()), &mut text)?;
    } else {
        text = String::from_utf8(bytes)?;
    }
    let mut lines = text.lines().map(fields);
    let header = lines.next().ok_or("an empty file")?;
    let column = |name: &str| header.iter().position(|h| h.to_lowercase().starts_with(&name.to_lowercase()));
    let smiles = column("smiles").ok_or("no column of SMILES")?;
    let label = column(&options.label).ok_or("no column of that label")?;
    let (mut molecules, mut labels) = (Vec::new(), Vec::new());
    for line in lines {
        if let Some(Ok(value)) = line.get(label).map(|text| text.trim().parse::<f64>()) {
            molecules.push(Graph::from_smiles(line[smiles].trim())?);
            labels.push(value);
        }
    }
    Ok((molecules, labels))
}

/// The fields of a line of CSV; quotes may hide commas.
fn fields(line: &str) -> Vec<String> {
    let (mut out, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(String::new()),
            other => {
                if let Some(last) = out.last_mut() {
                    last.push(other);
                }
            }
        }
    }
    out
}

fn counts(molecule: &Graph, which: &str) -> Result<SparseCounts, Failure> {
    Ok(match which {
        "morgan" => MorganCounts::new(features::Radius::Three).of(molecule)?,
        "pairs" => AtomPairs::alone().of(molecule)?,
        "groups" => AtomPairs::with_groups()?.of(molecule)?,
        "joined" => AtomPairs::with_environments()?.of(molecule)?,
        other => return Err(format!("unknown features: {other}").into()),
    })
}

fn all<K: Kernel>(
    kernel: K,
    x: &K::Input,
    y: &[f64],
    elements: &Composition,
    options: &Options,
) -> Result<(), Failure> {
    for (number, (train, test)) in options.splits.iter().enumerate() {
        let pick = |rows: &[usize]| rows.iter().map(|&row| y[row]).collect::<Vec<f64>>();
        let (learnt, asked) = (x.select(train), x.select(test));
        let (mut labels, mut truth) = (pick(train), pick(test));
        if options.extensive {
            let baseline = ElementBaseline::fit(&elements.select(train), &labels)?;
            for (rows, list) in [(train, &mut labels), (test, &mut truth)] {
                let known = baseline.predict(&elements.select(rows))?;
                list.iter_mut().zip(known).for_each(|(y, known)| *y -= known);
            }
        }
        let gp = KernelGp::new(kernel.clone(), KernelGpSettings::default());
        let mut local = LocalConformal::new(gp, ConformalSettings::default());
        let report = local.fit(&learnt, &labels)?;
        let seen = local.intervals(&asked)?;
        let single =
            Calibration::new(0.9, local.model().scores().concat())?.intervals(seen.predictions.clone());
        let errors = || truth.iter().zip(&seen.predictions.mean).map(|(y, m)| y - m);
        let (n, squares) = (truth.len() as f64, errors().map(|e| e * e).sum::<f64>());
        let mean = truth.iter().sum::<f64>() / n;
        let spread: f64 = truth.iter().map(|y| (y - mean).powi(2)).sum();
        let width =
            |lower: &[f64], upper: &[f64]| upper.iter().zip(lower).map(|(u, l)| u - l).sum::<f64>() / n;
        let plain = plain(&seen.predictions, report.calibration, &truth);
        let result = json!({
            "split": number, "train": train.len(), "test": test.len(),
            "rmse": (squares / n).sqrt(), "mae": errors().map(f64::abs).sum::<f64>() / n,
            "r2": 1.0 - squares / spread,
            "likelihood": report.log_marginal_likelihood,
            "length_scale": local.model().details().map(|d| d.length_scale),
            "plain": plain,
            "conformal": {"coverage": single.coverage(&truth), "width": width(&single.lower, &single.upper)},
            "local": {
                "coverage": seen.coverage(&truth), "width": width(&seen.lower, &seen.upper),
                "choice": local.choice(),
            },
        });
        println!("{result}");
        std::io::stdout().flush()?;
    }
    Ok(())
}

/// Intervals of the Gaussian process as it is: coverage and width at its nominal
/// 90 %, and the width at which it would hold exactly 90 % of these very labels.
fn plain(seen: &Predictions, calibration: f64, truth: &[f64]) -> serde_json::Value {
    const NORMAL_90: f64 = 1.644_853_626_951_472_7;
    let raw: Vec<f64> = seen.sd.iter().map(|sd| sd / calibration).collect();
    let n = truth.len() as f64;
    let mut scores: Vec<f64> =
        truth.iter().zip(&seen.mean).zip(&raw).map(|((y, m), sd)| (y - m).abs() / sd).collect();
    let inside = scores.iter().filter(|z| **z <= NORMAL_90).count() as f64 / n;
    scores.sort_by(f64::total_cmp);
    let mean = raw.iter().sum::<f64>() / n;
    let rank = ((0.9 * n).ceil() as usize).clamp(1, truth.len().max(1)) - 1;
    let factor = scores.get(rank).copied().unwrap_or_default();
    json!({"coverage": inside, "width": 2.0 * NORMAL_90 * mean, "width_at_90": 2.0 * factor * mean})
}
