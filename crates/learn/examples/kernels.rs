//! Times kernel matrices and fits for `bench/kernels.py`.
//!
//! `kernels local FILE` reads structures (see [`read`]) and prints seconds and a
//! few entries of the symmetric local Gaussian kernel; `kernels dense FILE` does
//! so for dense rows and three shapes; `kernels fit FILE` for a fit with
//! hyper-parameters; `kernels learn FILE` for energies by a local kernel, direct
//! and as differences; `kernels memory LABELS` prints the peak memory of an exact
//! fit of made-up rows, `kernels sparse LABELS INDUCING` of one through inducing
//! points. `RAYON_NUM_THREADS` gives the number of threads.

use learn::{
    Composition, DenseKernel, DenseRows, Difference, Extensive, Kernel, KernelGp, KernelGpSettings,
    KernelHyper, LocalKernel, LocalRows, Shape, SparseGp, SparseSettings, Surrogate, Table, WithBaseline,
    WithComposition,
};
use serde_json::{Value, json};
use std::error::Error;
use std::io::Write;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [what, labels, inducing] = arguments.as_slice()
        && what == "sparse"
    {
        println!("{:#}", sparse(labels.parse()?, inducing.parse()?)?);
        return Ok(());
    }
    let [what, argument] = arguments.as_slice() else {
        return Err("usage: kernels local|dense|fit|learn FILE, kernels memory LABELS, or \
                    kernels sparse LABELS INDUCING"
            .into());
    };
    let result = match what.as_str() {
        "local" => local(&mut Reader::open(argument)?, argument)?,
        "dense" => dense(&mut Reader::open(argument)?, argument)?,
        "fit" => fit(&mut Reader::open(argument)?)?,
        "learn" => learn_energies(&mut Reader::open(argument)?)?,
        "memory" => memory(argument.parse()?)?,
        _ => return Err(format!("unknown: {what}").into()),
    };
    println!("{result:#}");
    Ok(())
}

/// A file of little-endian 64-bit floats.
struct Reader {
    numbers: std::vec::IntoIter<f64>,
}

impl Reader {
    fn open(path: &str) -> Result<Self, Box<dyn Error>> {
        let bytes = std::fs::read(path).map_err(|e| format!("{path}: {e}"))?;
        let (numbers, _) = bytes.as_chunks::<8>();
        let numbers: Vec<f64> = numbers.iter().map(|b| f64::from_le_bytes(*b)).collect();
        Ok(Self { numbers: numbers.into_iter() })
    }

    fn number(&mut self) -> Result<f64, Box<dyn Error>> {
        self.numbers.next().ok_or_else(|| "the file is too short".into())
    }

    fn many(&mut self, count: usize) -> Result<Vec<f64>, Box<dyn Error>> {
        let all: Vec<f64> = self.numbers.by_ref().take(count).collect();
        if all.len() == count { Ok(all) } else { Err("the file is too short".into()) }
    }
}

/// Length scale, structures, columns; for each structure atoms, atomic numbers,
/// rows. The matrix is written beside the file, column after column.
fn local(file: &mut Reader, path: &str) -> Result<Value, Box<dyn Error>> {
    let (length, count, columns) = (file.number()?, file.number()? as usize, file.number()? as usize);
    let rows = structures(file, count, columns)?;
    let kernel = LocalKernel { shape: Shape::Gaussian };
    let start = (Instant::now(), usage().0);
    let matrix = kernel.matrix(&kernel.prepare(&rows), length);
    let (wall, cpu) = (start.0.elapsed().as_secs_f64(), usage().0 - start.1);
    write_lower(&format!("{path}.matrix"), &matrix)?;
    let start = usage().0;
    let prepared = kernel.prepare(&rows);
    let mut out = vec![0.0; count * count];
    kernel.cross(&prepared, &rows, 0..count, length, &mut out);
    Ok(json!({"structures": count, "wall": wall, "cpu": cpu, "cpu_rectangular": usage().0 - start}))
}

fn structures(file: &mut Reader, count: usize, columns: usize) -> Result<LocalRows, Box<dyn Error>> {
    let mut rows = LocalRows::new(columns)?;
    for _ in 0..count {
        let atoms = file.number()? as usize;
        let elements: Vec<u8> = file.many(atoms)?.iter().map(|z| *z as u8).collect();
        rows.push(&elements, &file.many(atoms * columns)?)?;
    }
    Ok(rows)
}

/// Training structures, all structures, columns; the structures as above; then
/// energies, and energies by a cheaper method.
fn learn_energies(file: &mut Reader) -> Result<Value, Box<dyn Error>> {
    let (train, count, columns) = (file.number()? as usize, file.number()? as usize, file.number()? as usize);
    let rows = structures(file, count, columns)?;
    let (labels, cheap) = (file.many(count)?, file.many(count)?);
    let composition = Composition::of(&rows);
    let rows = WithBaseline::new(WithComposition::new(rows, composition)?, cheap)?;
    let (learnt, asked): (Vec<usize>, Vec<usize>) = ((0..train).collect(), (train..count).collect());
    let (x, z) = (rows.select(&learnt), rows.select(&asked));
    let gp = || {
        Extensive::new(KernelGp::new(LocalKernel { shape: Shape::Gaussian }, KernelGpSettings::extensive()))
    };
    let judge = |seen: &learn::Predictions| {
        let errors = || seen.mean.iter().zip(&labels[train..]).map(|(m, y)| (m - y).abs());
        let inside = errors().zip(&seen.sd).filter(|(e, sd)| *e <= 1.644_853_6 * **sd).count();
        let n = asked.len() as f64;
        json!({"mae": errors().sum::<f64>() / n, "coverage_90": inside as f64 / n})
    };
    let mut result = json!({"train": train, "test": asked.len()});
    let start = usage().0;
    let mut direct = gp();
    let report = direct.fit(&x.clone().into_features(), &labels[..train])?;
    result["fit_cpu"] = json!(usage().0 - start);
    result["evaluations"] = json!(report.evaluations);
    result["details"] = json!(direct.model().details());
    result["direct"] = judge(&direct.predict(&z.clone().into_features())?);
    let mut difference = Difference::new(gp());
    difference.fit(&x, &labels[..train])?;
    result["difference"] = judge(&difference.predict(&z)?);
    Ok(result)
}

fn write_lower(path: &str, matrix: &faer::Mat<f64>) -> Result<(), Box<dyn Error>> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
    for j in 0..matrix.ncols() {
        for i in 0..matrix.nrows() {
            out.write_all(&matrix[(i.max(j), i.min(j))].to_le_bytes())?;
        }
    }
    Ok(out.flush()?)
}

/// Rows, columns, numbers.
fn table(file: &mut Reader) -> Result<DenseRows, Box<dyn Error>> {
    let (rows, columns) = (file.number()? as usize, file.number()? as usize);
    Ok(DenseRows::new(file.many(rows * columns)?, columns)?)
}

/// Length scales of Gaussian, Laplacian and Matern, and a table.
fn dense(file: &mut Reader, path: &str) -> Result<Value, Box<dyn Error>> {
    let lengths = file.many(3)?;
    let rows = table(file)?;
    let mut result = json!({});
    for (shape, length) in [Shape::Gaussian, Shape::Laplacian, Shape::Matern52].into_iter().zip(lengths) {
        let kernel = DenseKernel { shape };
        let start = usage().0;
        let matrix = kernel.matrix(&kernel.prepare(&rows), length);
        let name = format!("{shape:?}").to_lowercase();
        result[&name] = json!(usage().0 - start);
        write_lower(&format!("{path}.{name}"), &matrix)?;
    }
    Ok(result)
}

/// A table and labels; further rows to predict.
fn fit(file: &mut Reader) -> Result<Value, Box<dyn Error>> {
    let rows = table(file)?;
    let labels = file.many(rows.len())?;
    let others = table(file)?;
    let mut gp = KernelGp::new(DenseKernel { shape: Shape::Gaussian }, KernelGpSettings::default());
    let start = usage().0;
    let report = gp.fit(&rows, &labels)?;
    let fitted = usage().0 - start;
    let start = usage().0;
    let seen = gp.predict(&others)?;
    let predicted = usage().0 - start;
    Ok(json!({
        "fit_cpu": fitted, "predict_cpu": predicted, "evaluations": report.evaluations,
        "log_marginal_likelihood": report.log_marginal_likelihood,
        "signal_variance": report.signal_variance, "noise_variance": report.noise_variance,
        "length_scale": gp.details().map(|d| d.length_scale), "mean": seen.mean, "sd": seen.sd,
    }))
}

/// Peak memory of a fit with hyper-parameters found, and of one with them given.
fn memory(labels: usize) -> Result<Value, Box<dyn Error>> {
    const COLUMNS: usize = 100;
    let noise = |i: usize| ((i.wrapping_mul(2_654_435_761) >> 7) & 0xffff) as f64 / 65536.0 - 0.5;
    let rows = DenseRows::new((0..labels * COLUMNS).map(noise).collect(), COLUMNS)?;
    let y: Vec<f64> = (0..labels).map(|i| rows.row(i).iter().map(|v| v.sin()).sum()).collect();
    let before = usage().1;
    let start = usage().0;
    let mut gp = KernelGp::new(DenseKernel { shape: Shape::Gaussian }, KernelGpSettings::default());
    let report = gp.fit(&rows, &y)?;
    let (cpu, peak) = (usage().0 - start, usage().1);
    let hyper_parameters = KernelHyper::Given {
        length_scale: gp.details().map_or(1.0, |d| d.length_scale),
        signal_variance: report.signal_variance,
        noise_variance: report.noise_variance,
    };
    drop(gp);
    let settings = KernelGpSettings { hyper_parameters, ..Default::default() };
    let mut gp = KernelGp::new(DenseKernel { shape: Shape::Gaussian }, settings);
    let start = usage().0;
    gp.fit(&rows, &y)?;
    let seen = gp.predict(&rows.select(&[0, 1]))?;
    Ok(json!({
        "labels": labels, "fit_cpu": cpu, "fit_cpu_given": usage().0 - start, "sd": seen.sd,
        "peak_mebibytes_before": before, "peak_mebibytes": peak,
    }))
}

/// Peak memory, time and errors of a fit through inducing points: a smooth
/// function of six variables with noise of standard deviation 0.1.
fn sparse(labels: usize, inducing: usize) -> Result<Value, Box<dyn Error>> {
    const COLUMNS: usize = 6;
    const TEST: usize = 2000;
    let number = |i: usize| {
        let mut z = (i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    let rows = DenseRows::new((0..(labels + TEST) * COLUMNS).map(number).collect(), COLUMNS)?;
    let value = |i: usize| -> f64 {
        let row = rows.row(i);
        (0..COLUMNS).map(|c| (4.0 * row[c] * (1.0 + row[(c + 1) % COLUMNS])).sin()).sum()
    };
    let noise = |i: usize| 0.1 * 12.0_f64.sqrt() * number(i + 1_000_000_000);
    let y: Vec<f64> = (0..labels).map(|i| value(i) + noise(i)).collect();
    let x = rows.select(&(0..labels).collect::<Vec<_>>());
    let asked: Vec<usize> = (labels..labels + TEST).collect();
    let before = usage().1;
    let start = usage().0;
    let settings = SparseSettings { inducing, ..Default::default() };
    let mut gp = SparseGp::new(DenseKernel { shape: Shape::Gaussian }, settings);
    let report = gp.fit(&x, &y)?;
    let fit = usage().0 - start;
    let start = usage().0;
    let seen = gp.predict(&rows.select(&asked))?;
    let predict = usage().0 - start;
    let squares: f64 = asked.iter().zip(&seen.mean).map(|(&i, m)| (value(i) - m).powi(2)).sum();
    let inside = asked.iter().zip(seen.mean.iter().zip(&seen.sd));
    let inside = inside.filter(|(i, (m, sd))| (value(**i) + noise(**i) - **m).abs() <= 1.645 * **sd).count();
    Ok(json!({
        "labels": labels, "inducing": inducing, "fit_cpu": fit, "predict_cpu": predict,
        "rmse_of_the_function": (squares / TEST as f64).sqrt(), "coverage_90": inside as f64 / TEST as f64,
        "noise_sd": report.noise_variance.sqrt(), "calibration": report.calibration,
        "details": gp.details(), "peak_mebibytes_before": before, "peak_mebibytes": usage().1,
    }))
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
