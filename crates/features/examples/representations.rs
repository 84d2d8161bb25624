//! Times the representations of geometries.
//!
//! `representations --geometries FILE.extxyz [--repeats 5] [--gradients 50]
//! [--export FOLDER --compared 200]`, with `RAYON_NUM_THREADS` for the number
//! of threads. Prints one JSON object. With `--export`, the numbers of some
//! molecules, spread evenly over the file, are written as little-endian doubles
//! for `bench/representations.py` to compare with.

use features::{
    AtomRows, AveragedSoap, CoulombEigenvalues, CoulombMatrix, DenseMatrix, EigenvalueOrder, Fchl19,
    GlobalFeatures, LocalFeatures, LocalGradients, ManyBodyTypes, Packing, Slatm, Soap, SoapAverage,
};
use matter::files::FrameReader;
use matter::{Element, Geometry};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

/// Molecules computed at once, if they have one row and one for each atom:
/// their rows are dropped before the next, so that memory is written to again
/// and not asked for anew.
const CHUNKS: [usize; 2] = [200, 20];

/// Molecules of which gradients are compared.
const COMPARED_GRADIENTS: usize = 5;

struct Options {
    geometries: PathBuf,
    repeats: usize,
    gradients: usize,
    export: Option<PathBuf>,
    compared: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    let stream = matter::files::open(&options.geometries)?;
    let geometries =
        FrameReader::new(stream).map(|frame| frame.map(|f| f.geometry)).collect::<Result<Vec<_>, _>>()?;
    let elements: BTreeSet<Element> = geometries.iter().flat_map(|g| g.elements()).copied().collect();
    let elements: Vec<Element> = elements.into_iter().collect();
    let types = ManyBodyTypes::of(&geometries)?;
    let fchl19 = Fchl19::new(&elements)?;
    let soap = Soap::new(&elements)?;
    let matrix = |packing| CoulombMatrix::fitting(&geometries, packing);
    let eigenvalues = |order| CoulombEigenvalues::fitting(&geometries, order);
    let average = |average| Box::new(AveragedSoap::new(soap.clone(), average));
    let global: [(&str, Box<dyn GlobalFeatures>); 7] = [
        ("coulomb_matrix", Box::new(matrix(Packing::Triangle)?)),
        ("coulomb_matrix_square", Box::new(matrix(Packing::Square)?)),
        ("coulomb_eigenvalues", Box::new(eigenvalues(EigenvalueOrder::Value)?)),
        ("coulomb_eigenvalues_magnitude", Box::new(eigenvalues(EigenvalueOrder::Magnitude)?)),
        ("slatm", Box::new(Slatm::new(types.clone())?)),
        ("soap_outer", average(SoapAverage::Outer)),
        ("soap_inner", average(SoapAverage::Inner)),
    ];
    let local: [(&str, Box<dyn LocalFeatures>); 2] =
        [("fchl19", Box::new(fchl19.clone())), ("soap", Box::new(soap.clone()))];

    let mut figures = serde_json::Map::new();
    for (name, features) in &global {
        let work = |part: &[Geometry]| features.compute(part).map(|m: DenseMatrix| m.values().to_vec());
        let id = features.id().to_string();
        let spent = timed(&options, &geometries, CHUNKS[0], |part| features.compute(part).map(|_| ()))?;
        figures.insert((*name).to_owned(), json!({"id": id, "columns": features.columns(), "spent": spent}));
        export(&options, name, &geometries, work)?;
    }
    for (name, features) in &local {
        let work = |part: &[Geometry]| features.compute(part).map(|m: AtomRows| m.matrix().values().to_vec());
        let id = features.id().to_string();
        let spent = timed(&options, &geometries, CHUNKS[1], |part| features.compute(part).map(|_| ()))?;
        figures.insert((*name).to_owned(), json!({"id": id, "columns": features.columns(), "spent": spent}));
        export(&options, name, &geometries, work)?;
    }
    let few: Vec<Geometry> = spread(&geometries, options.gradients);
    let with_gradients: [(&str, &dyn LocalGradients); 2] =
        [("fchl19_gradients", &fchl19), ("soap_gradients", &soap)];
    for (name, features) in with_gradients {
        let gradients = |part: &[Geometry]| -> Result<(), features::Unfit> {
            for geometry in part {
                std::hint::black_box(gradients_of(features, geometry)?);
            }
            Ok(())
        };
        let spent = timed(&options, &few, CHUNKS[1], gradients)?;
        figures.insert(name.to_owned(), json!({"spent": spent}));
    }
    // The forces of a model, given how its energy depends on the features.
    let weights = vec![1.0; few.iter().map(Geometry::len).max().unwrap_or(0) * soap.columns()];
    let forces = |part: &[Geometry]| -> Result<(), features::Unfit> {
        for geometry in part {
            let mut slopes = vec![[0.0; 3]; geometry.len()];
            soap.pull_back(geometry, &weights[..geometry.len() * soap.columns()], &mut slopes)?;
            std::hint::black_box(&slopes);
        }
        Ok(())
    };
    figures.insert("soap_forces".to_owned(), json!({"spent": timed(&options, &few, CHUNKS[1], forces)?}));
    // Gradients are large: those of a few molecules are enough to compare.
    if let Some(folder) = &options.export {
        let mut bytes = Vec::new();
        for geometry in spread(&geometries, COMPARED_GRADIENTS) {
            bytes.extend(gradients_of(&soap, &geometry)?.iter().flat_map(|value| value.to_le_bytes()));
        }
        std::fs::write(folder.join("soap_gradients.f64"), bytes)?;
    }

    let number = |place: &usize| types.elements()[*place].number();
    let summary = json!({
        "threads": rayon::current_num_threads(),
        "molecules": geometries.len(),
        "atoms": geometries.iter().map(Geometry::len).sum::<usize>(),
        "repeats": options.repeats,
        "elements": elements.iter().map(|e| e.number()).collect::<Vec<_>>(),
        "size": geometries.iter().map(Geometry::len).max(),
        "pairs": types.pairs().iter().map(|p| p.iter().map(number).collect()).collect::<Vec<Vec<u8>>>(),
        "triples": types.triples().iter().map(|t| t.iter().map(number).collect()).collect::<Vec<Vec<u8>>>(),
        "figures": figures,
    });
    println!("{summary:#}");
    Ok(())
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut options =
        Options { geometries: PathBuf::new(), repeats: 5, gradients: 50, export: None, compared: 200 };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--geometries" => options.geometries = value.into(),
            "--repeats" => options.repeats = value.parse()?,
            "--gradients" => options.gradients = value.parse()?,
            "--export" => options.export = Some(value.into()),
            "--compared" => options.compared = value.parse()?,
            _ => return Err(format!("unknown option {name}").into()),
        }
    }
    if options.geometries.as_os_str().is_empty() {
        return Err("--geometries FILE.extxyz is missing".into());
    }
    if options.repeats == 0 {
        return Err("--repeats must be at least 1".into());
    }
    Ok(options)
}

/// Derivatives of all rows of a molecule.
fn gradients_of(features: &dyn LocalGradients, geometry: &Geometry) -> Result<Vec<f64>, features::Unfit> {
    let size = geometry.len() * features.columns();
    let (mut rows, mut gradients) = (vec![0.0; size], vec![0.0; size * geometry.len() * 3]);
    features.fill_with_gradients(geometry, &mut rows, &mut gradients)?;
    Ok(gradients)
}

/// At most `count` of the molecules, spread evenly.
fn spread(geometries: &[Geometry], count: usize) -> Vec<Geometry> {
    let count = count.min(geometries.len());
    (0..count).map(|k| geometries[k * geometries.len() / count].clone()).collect()
}

/// Median processor and clock time of all molecules, in microseconds a molecule.
fn timed<E: Error + 'static>(
    options: &Options,
    geometries: &[Geometry],
    chunk: usize,
    work: impl Fn(&[Geometry]) -> Result<(), E>,
) -> Result<Value, Box<dyn Error>> {
    let (mut walls, mut cpus) = (Vec::new(), Vec::new());
    for _ in 0..options.repeats {
        let (clock, cpu) = (Instant::now(), processor_seconds());
        for part in geometries.chunks(chunk) {
            work(part)?;
        }
        cpus.push(processor_seconds() - cpu);
        walls.push(clock.elapsed().as_secs_f64());
    }
    let median = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2] * 1e6 / geometries.len().max(1) as f64
    };
    Ok(json!({"cpu_microseconds": median(&mut cpus), "wall_microseconds": median(&mut walls)}))
}

fn export<E: Error + 'static>(
    options: &Options,
    name: &str,
    geometries: &[Geometry],
    work: impl Fn(&[Geometry]) -> Result<Vec<f64>, E>,
) -> Result<(), Box<dyn Error>> {
    let Some(folder) = &options.export else { return Ok(()) };
    let values = work(&spread(geometries, options.compared))?;
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    std::fs::write(folder.join(format!("{name}.f64")), bytes)?;
    Ok(())
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
