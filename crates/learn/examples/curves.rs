//! Learning curves of Gaussian processes on geometries, for `bench/qm7.py` and
//! `bench/qm9.py`.
//!
//! `curves '{"geometries": FILE, "representation": "fchl19"|"slatm", "shape":
//! "gaussian"|"laplacian"|"matern52", "label": KEY, "less": [KEY, ...],
//! "unit": FACTOR, "extensive": bool, "sizes": [N, ...], "test": N, "splits": N,
//! "seed": N}'`
//!
//! The label is `FACTOR * (KEY - sum of the keys in "less")` of each frame's
//! comment: a difference to a cheaper method, or a gap. Each split is a random
//! order, of which the last rows are tested; larger training sets hold the
//! smaller ones. Prints one JSON object on a line for each fit.
//! `RAYON_NUM_THREADS` gives the number of threads.

use features::{Fchl19, GlobalFeatures, LocalFeatures, ManyBodyTypes, Slatm};
use learn::{
    Composition, DenseKernel, DenseRows, Extensive, FitReport, Kernel, KernelGp, KernelGpSettings,
    KernelReport, LocalKernel, LocalRows, Predictions, Shape, Surrogate, Table, WithComposition,
};
use matter::files::{Frame, FrameReader};
use matter::{Element, Geometry};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeSet;
use std::error::Error;
use std::io::Write;

type Failure = Box<dyn Error>;

#[derive(Deserialize)]
struct Options {
    geometries: std::path::PathBuf,
    representation: String,
    shape: Shape,
    label: String,
    #[serde(default)]
    less: Vec<String>,
    unit: f64,
    extensive: bool,
    sizes: Vec<usize>,
    test: usize,
    splits: u64,
    seed: u64,
}

/// Structures described at once: the rows of a block are dropped before the
/// next.
const BLOCK: usize = 200;

fn main() -> Result<(), Failure> {
    let text = std::env::args().nth(1).ok_or("usage: curves OPTIONS (see the head of the source)")?;
    let options: Options = serde_json::from_str(&text)?;
    let stream = matter::files::open(&options.geometries)?;
    let frames = FrameReader::new(stream).collect::<Result<Vec<_>, _>>()?;
    let labels = frames.iter().map(|frame| label(frame, &options)).collect::<Result<Vec<f64>, _>>()?;
    let geometries: Vec<Geometry> = frames.into_iter().map(|frame| frame.geometry).collect();
    for split in 0..options.splits {
        let mut order: Vec<usize> = (0..geometries.len()).collect();
        order.shuffle(&mut ChaCha8Rng::seed_from_u64(options.seed + split));
        let most = options.sizes.iter().copied().max().unwrap_or(0);
        if most + options.test > order.len() {
            return Err("fewer structures than asked for".into());
        }
        // Rows that are not used need no memory.
        let used = [&order[..most], &order[order.len() - options.test..]].concat();
        let part: Vec<Geometry> = used.iter().map(|&i| geometries[i].clone()).collect();
        let y: Vec<f64> = used.iter().map(|&i| labels[i]).collect();
        let start = usage().0;
        match options.representation.as_str() {
            "fchl19" => {
                let x = atoms(&part, &geometries)?;
                let kernel = LocalKernel { shape: options.shape };
                curve(kernel, x, &y, &part, &options, split, usage().0 - start)?;
            }
            "slatm" => {
                let x = rows(&part, &geometries)?;
                let kernel = DenseKernel { shape: options.shape };
                curve(kernel, x, &y, &part, &options, split, usage().0 - start)?;
            }
            other => return Err(format!("unknown representation: {other}").into()),
        }
    }
    Ok(())
}

fn label(frame: &Frame, options: &Options) -> Result<f64, Failure> {
    let read = |key: &String| frame.real(key).ok_or_else(|| format!("a frame without {key}"));
    let mut value = read(&options.label)?;
    for key in &options.less {
        value -= read(key)?;
    }
    Ok(value * options.unit)
}

fn atoms(part: &[Geometry], all: &[Geometry]) -> Result<LocalRows, Failure> {
    let elements: BTreeSet<Element> = all.iter().flat_map(|g| g.elements()).copied().collect();
    let features = Fchl19::new(&elements.into_iter().collect::<Vec<_>>())?;
    let mut rows = LocalRows::new(features.columns())?;
    for block in part.chunks(BLOCK) {
        let seen = features.compute(block)?;
        for (i, geometry) in block.iter().enumerate() {
            rows.push(&numbers(geometry), seen.molecule(i))?;
        }
    }
    Ok(rows)
}

fn rows(part: &[Geometry], all: &[Geometry]) -> Result<DenseRows, Failure> {
    let features = Slatm::new(ManyBodyTypes::of(all)?)?;
    let mut values = Vec::with_capacity(part.len() * features.columns());
    for block in part.chunks(BLOCK) {
        values.extend_from_slice(features.compute(block)?.values());
    }
    Ok(DenseRows::new(values, features.columns())?)
}

fn numbers(geometry: &Geometry) -> Vec<u8> {
    geometry.elements().iter().map(|e| e.number()).collect()
}

/// Either kind of model.
enum Model<K: Kernel> {
    Intensive(KernelGp<K>),
    Extensive(Extensive<KernelGp<K>>),
}

impl<K: Kernel> Model<K> {
    fn learn(&mut self, x: &WithComposition<K::Input>, y: &[f64]) -> Result<FitReport, Failure> {
        Ok(match self {
            Self::Intensive(gp) => gp.fit(x.features(), y)?,
            Self::Extensive(model) => model.fit(x, y)?,
        })
    }

    fn ask(&self, x: &WithComposition<K::Input>) -> Result<Predictions, Failure> {
        Ok(match self {
            Self::Intensive(gp) => gp.predict(x.features())?,
            Self::Extensive(model) => model.predict(x)?,
        })
    }

    fn details(&self) -> Option<&KernelReport> {
        match self {
            Self::Intensive(gp) => gp.details(),
            Self::Extensive(model) => model.model().details(),
        }
    }
}

fn curve<K: Kernel>(
    kernel: K,
    x: K::Input,
    y: &[f64],
    geometries: &[Geometry],
    options: &Options,
    split: u64,
    described: f64,
) -> Result<(), Failure> {
    let elements: Vec<Vec<u8>> = geometries.iter().map(numbers).collect();
    let x = WithComposition::new(x, Composition::new(elements.iter().map(Vec::as_slice)))?;
    let asked: Vec<usize> = (y.len() - options.test..y.len()).collect();
    for &size in &options.sizes {
        let learnt: Vec<usize> = (0..size).collect();
        let mut model = if options.extensive {
            Model::Extensive(Extensive::new(KernelGp::new(kernel.clone(), KernelGpSettings::extensive())))
        } else {
            Model::Intensive(KernelGp::new(kernel.clone(), KernelGpSettings::default()))
        };
        let start = usage().0;
        let report = model.learn(&x.select(&learnt), &y[..size])?;
        let fit = usage().0 - start;
        let start = usage().0;
        let seen = model.ask(&x.select(&asked))?;
        let predict = usage().0 - start;
        let errors: Vec<f64> = asked.iter().zip(&seen.mean).map(|(&i, m)| y[i] - m).collect();
        let n = errors.len() as f64;
        let inside = errors.iter().zip(&seen.sd).filter(|(e, sd)| e.abs() <= 1.644_853_6 * **sd).count();
        let result = json!({
            "split": split, "train": size, "test": errors.len(),
            "mae": errors.iter().map(|e| e.abs()).sum::<f64>() / n,
            "rmse": (errors.iter().map(|e| e * e).sum::<f64>() / n).sqrt(),
            "coverage_90": inside as f64 / n,
            "leave_one_out_mae": report.leave_one_out.as_ref().map(|l| l.mae),
            "cpu_describe": described, "cpu_fit": fit, "cpu_predict": predict,
            "evaluations": report.evaluations, "hyper_parameters": model.details().map(|d| json!({
                "length_scale": d.length_scale, "noise_ratio": d.noise_ratio,
                "searched_labels": d.searched_labels,
            })),
            "peak_mebibytes": usage().1,
        });
        println!("{result}");
        std::io::stdout().flush()?;
    }
    Ok(())
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
