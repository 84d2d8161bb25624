//! Fits models of trees for `bench/trees.py` and `bench/classify.py`.
//!
//! `trees boosted|single|forest|classifier FOLDER [ROUNDS]` reads `meta` (columns;
//! rows to learn from, to stop early on, to be asked), `x` (32-bit floats, row
//! after row, NaN for missing) and `y` (64-bit floats) from a folder and prints
//! processor seconds and errors. `single` is one model with fixed settings, as
//! XGBoost's; `boosted` and `forest` are the surrogates, and `classifier` also
//! prints its probabilities. `trees speed ROWS TREES`
//! times predictions of made-up counts. `RAYON_NUM_THREADS` gives the threads.

use learn::{
    BoostedClassifier, BoostedTrees, FitReport, Predictions, RandomForest, Surrogate, Table, TreeHyper,
    TreeModelSettings, TreeRows,
};
use serde_json::{Value, json};
use std::error::Error;
use trees::{Binned, BoostSettings, Boosting, Rows};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |at: usize| -> Outcome<usize> { Ok(arguments.get(at).ok_or("a number is missing")?.parse()?) };
    let result = match arguments.first().map(String::as_str) {
        Some("speed") => speed(number(1)?, number(2)?)?,
        Some(what @ ("boosted" | "single" | "forest" | "classifier")) => {
            let data = Data::read(arguments.get(1).ok_or("a folder is missing")?)?;
            let rounds = if arguments.len() > 2 { number(2)? } else { 1000 };
            let settings = TreeModelSettings { max_rounds: rounds, ..Default::default() };
            match what {
                "single" => data.single(rounds)?,
                "boosted" => data.model(BoostedTrees::new(settings), BoostedTrees::hyper)?,
                "classifier" => data.model(BoostedClassifier::new(settings), BoostedClassifier::hyper)?,
                _ => data.model(RandomForest::new(settings), RandomForest::hyper)?,
            }
        }
        _ => {
            return Err(
                "usage: trees boosted|single|forest|classifier FOLDER [ROUNDS], or trees speed ROWS TREES"
                    .into(),
            );
        }
    };
    println!("{result}");
    Ok(())
}

struct Data {
    rows: Rows,
    labels: Vec<f64>,
    /// Rows to learn from, to stop early on, to be asked.
    parts: [usize; 3],
}

impl Data {
    fn read(folder: &str) -> Outcome<Self> {
        let meta = std::fs::read_to_string(format!("{folder}/meta"))?;
        let meta: Vec<usize> = meta.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        let [columns, train, valid, test] = meta[..] else { return Err("meta has four numbers".into()) };
        let x = std::fs::read(format!("{folder}/x"))?;
        let y = std::fs::read(format!("{folder}/y"))?;
        let x = x.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        let labels: Vec<f64> = y.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect();
        let rows = Rows::dense(x, columns)?;
        Ok(Self { rows, labels, parts: [train, valid, test] })
    }

    fn known(&self) -> usize {
        self.parts[0] + self.parts[1]
    }

    fn part(&self, range: std::ops::Range<usize>) -> (Rows, &[f64]) {
        (self.rows.select(&range.clone().collect::<Vec<_>>()), &self.labels[range])
    }

    fn single(&self, rounds: usize) -> Outcome<Value> {
        let (rows, labels) = self.part(0..self.known());
        let (test, truth) = self.part(self.known()..self.rows.len());
        let start = cpu();
        let table = Binned::new(&rows)?;
        let all: Vec<usize> = (0..rows.len()).collect();
        let settings = BoostSettings { learning_rate: 0.05, max_rounds: rounds, ..Default::default() };
        let (train, valid) = all.split_at(self.parts[0]);
        let mut boosting = Boosting::new(&table, labels, train, valid, settings)?;
        boosting.run();
        let rounds = boosting.best_rounds();
        let model = boosting.finish(rounds);
        let fitted = cpu();
        let mean = model.predict(&test)?;
        let (rmse, mae) = errors(&mean, truth);
        Ok(
            json!({ "fit": fitted - start, "predict": cpu() - fitted, "rmse": rmse, "mae": mae, "rounds": rounds }),
        )
    }

    fn model<M: Surrogate<Input = TreeRows>>(
        &self,
        mut model: M,
        hyper: impl Fn(&M) -> Option<TreeHyper>,
    ) -> Outcome<Value> {
        let (rows, labels) = self.part(0..self.known());
        let (test, truth) = self.part(self.known()..self.rows.len());
        let (rows, test) = (TreeRows::from(rows), TreeRows::from(test));
        let start = cpu();
        let report = model.fit(&rows, labels)?;
        let fitted = cpu();
        let seen = model.predict(&test)?;
        let asked = cpu();
        let mut result =
            described(&report, &seen, truth, fitted - start, (asked - fitted) / test.len() as f64);
        result["hyper"] = json!(hyper(&model));
        if self.labels.iter().all(|label| *label == 0.0 || *label == 1.0) {
            result["probabilities"] = json!(seen.mean);
        }
        Ok(result)
    }
}

fn described(report: &FitReport, seen: &Predictions, truth: &[f64], fit: f64, predict: f64) -> Value {
    let (rmse, mae) = errors(&seen.mean, truth);
    let misses: Vec<f64> = seen.mean.iter().zip(truth).map(|(p, y)| (p - y).abs()).collect();
    let inside = misses.iter().zip(&seen.sd).filter(|(e, sd)| **e <= 1.644_853_6 * **sd).count();
    let density: f64 = misses
        .iter()
        .zip(&seen.sd)
        .map(|(e, s)| -0.5 * ((e / s).powi(2) + (std::f64::consts::TAU * s * s).ln()))
        .sum();
    let side = |inside: bool| {
        let list: Vec<f64> =
            misses.iter().zip(&seen.in_domain).filter(|pair| *pair.1 == inside).map(|pair| *pair.0).collect();
        (list.len(), list.iter().sum::<f64>() / list.len().max(1) as f64)
    };
    json!({
        "fit": fit, "predict_each": predict, "rmse": rmse, "mae": mae,
        "coverage_90": inside as f64 / truth.len() as f64,
        "width": seen.sd.iter().sum::<f64>() / truth.len() as f64,
        "latent": seen.sd_latent.iter().sum::<f64>() / truth.len() as f64,
        "log_density": density / truth.len() as f64,
        "in_domain": side(true), "out_of_domain": side(false), "report": report,
    })
}

fn errors(seen: &[f64], truth: &[f64]) -> (f64, f64) {
    let n = truth.len() as f64;
    let square: f64 = seen.iter().zip(truth).map(|(p, y)| (p - y) * (p - y)).sum();
    let size: f64 = seen.iter().zip(truth).map(|(p, y)| (p - y).abs()).sum();
    ((square / n).sqrt(), size / n)
}

/// Molecules of about 45 of 2048 counts each, a few of them in most.
fn made_up(rows: usize, seed: u64) -> Outcome<(Rows, Vec<f64>)> {
    let mut state = seed;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / (1_u64 << 24) as f64
    };
    let mut table = Rows::new(0, 2048)?;
    let mut labels = Vec::with_capacity(rows);
    for _ in 0..rows {
        let mut ids: Vec<u32> = (0..55).map(|_| (random().powi(3) * 2048.0) as u32).collect();
        ids.sort_unstable();
        ids.dedup();
        let pairs: Vec<(u32, f32)> =
            ids.iter().map(|&id| (id, 1.0 + (random() * 3.0).floor() as f32)).collect();
        let sum: f64 = pairs.iter().map(|&(id, count)| f64::from(id).sin() * f64::from(count)).sum();
        labels.push(sum + 10.0 * (random() - 0.5));
        table.push(&[], &pairs)?;
    }
    Ok((table, labels))
}

fn speed(rows: usize, trees: usize) -> Outcome<Value> {
    let (train, labels) = made_up(5000, 1)?;
    let table = Binned::new(&train)?;
    let all: Vec<usize> = (0..train.len()).collect();
    let settings = BoostSettings { max_rounds: trees, ..Default::default() };
    let mut boosting = Boosting::new(&table, &labels, &all, &[], settings)?;
    boosting.run();
    let single = boosting.finish(trees);
    let mut model = BoostedTrees::new(TreeModelSettings { max_rounds: trees, ..Default::default() });
    model.fit(&TreeRows::from(train), &labels)?;
    let (mut plain, mut full, mut checksum) = (0.0, 0.0, 0.0);
    for block in 0..rows.div_ceil(50_000) {
        let (asked, _) = made_up(50_000.min(rows - block * 50_000), 7 + block as u64)?;
        let start = cpu();
        checksum += single.predict(&asked)?.iter().sum::<f64>();
        let middle = cpu();
        checksum += model.predict(&TreeRows::from(asked))?.sd.iter().sum::<f64>();
        plain += middle - start;
        full += cpu() - middle;
    }
    let members = model.members().iter().map(|member| member.trees().len()).sum::<usize>();
    Ok(json!({
        "rows": rows, "trees": trees, "microseconds": 1e6 * plain / rows as f64,
        "surrogate_trees": members, "surrogate_microseconds": 1e6 * full / rows as f64, "checksum": checksum,
    }))
}

/// Processor seconds of this process so far.
fn cpu() -> f64 {
    let mut usage = std::mem::MaybeUninit::<libc::timespec>::uninit();
    // SAFETY: the call fills the struct it is given, and it is read only if it has.
    unsafe {
        if libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, usage.as_mut_ptr()) != 0 {
            return 0.0;
        }
        let time = usage.assume_init();
        time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
    }
}
