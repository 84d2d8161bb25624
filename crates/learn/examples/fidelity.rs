//! Learns from several rungs for `bench/fidelity.py`.
//!
//! `fidelity slatm FILE OUT` writes SLATM rows of structures: FILE has their
//! number, then for each its atoms, atomic numbers and positions (angstrom); OUT
//! gets the number of columns and the rows. `fidelity morgan FILE OUT` writes
//! Morgan counts (radius 2) of SMILES, one a line: for each the number of
//! features, ids and counts; zero features for what cannot be read.
//! `fidelity run FILE TASKS.json` prints what models say, one JSON object a line
//! for each task; see [`Data`] and [`Task`].
//!
//! Numbers are little-endian 64-bit floats.

use features::{CountMatrix, Features, GlobalFeatures, ManyBodyTypes, MorganCounts, Slatm, SparseCounts};
use learn::{
    CoKriging, CoKrigingSettings, Coefficients, Combination, CombinationSettings, Composition, CurvePoint,
    DenseKernel, DenseRows, Difference, ElementBaseline, FitReport, Kernel, KernelGp, KernelGpSettings,
    KernelHyper, LearnError, Pilot, PilotSettings, Plan, PlanRung, PlanSettings, Predictions, RungMean,
    Rungs, Shape, Surrogate, Table, TanimotoForm, TanimotoKernel, WithBaseline,
};
use matter::{Element, Geometry};
use serde::Deserialize;
use serde_json::{Value, json};
use std::error::Error;
use std::io::Write;

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, file, other] = arguments.as_slice() else {
        return Err("usage: fidelity slatm|morgan FILE OUT, or fidelity run FILE TASKS.json".into());
    };
    match what.as_str() {
        "slatm" => slatm(file, other),
        "morgan" => morgan(file, other),
        "run" => run(file, other),
        _ => Err(format!("unknown: {what}").into()),
    }
}

struct Reader(std::vec::IntoIter<f64>);

impl Reader {
    fn open(path: &str) -> Result<Self, Failure> {
        let bytes = std::fs::read(path).map_err(|e| format!("{path}: {e}"))?;
        let (numbers, _) = bytes.as_chunks::<8>();
        Ok(Self(numbers.iter().map(|b| f64::from_le_bytes(*b)).collect::<Vec<_>>().into_iter()))
    }

    fn many(&mut self, count: usize) -> Result<Vec<f64>, Failure> {
        let all: Vec<f64> = self.0.by_ref().take(count).collect();
        if all.len() == count { Ok(all) } else { Err("the file is too short".into()) }
    }

    fn count(&mut self) -> Result<usize, Failure> {
        Ok(self.many(1)?[0] as usize)
    }
}

fn write(path: &str, numbers: impl IntoIterator<Item = f64>) -> Result<(), Failure> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
    numbers.into_iter().try_for_each(|v| out.write_all(&v.to_le_bytes()))?;
    Ok(out.flush()?)
}

fn slatm(file: &str, out: &str) -> Result<(), Failure> {
    let mut file = Reader::open(file)?;
    let mut geometries = Vec::new();
    for _ in 0..file.count()? {
        let atoms = file.count()?;
        let mut elements = Vec::with_capacity(atoms);
        for number in file.many(atoms)? {
            elements.push(Element::from_number(number as u32).ok_or("no such element")?);
        }
        let positions = file.many(3 * atoms)?;
        geometries.push(Geometry::new(elements, positions.as_chunks::<3>().0.to_vec())?);
    }
    let slatm = Slatm::new(ManyBodyTypes::of(&geometries)?)?;
    let rows = slatm.compute(&geometries)?;
    write(out, std::iter::once(slatm.columns() as f64).chain(rows.values().iter().copied()))
}

fn morgan(file: &str, out: &str) -> Result<(), Failure> {
    let text = std::fs::read_to_string(file)?;
    let morgan = MorganCounts::default();
    let mut numbers = Vec::new();
    for line in text.lines() {
        let graph = matter::chem::Graph::from_smiles(line.trim());
        let counts = graph.ok().and_then(|graph| morgan.compute(&[graph]).ok());
        let row = counts.as_ref().map(|matrix| matrix.row(0));
        numbers.push(row.map_or(0.0, |row| row.len() as f64));
        numbers.extend(
            row.into_iter().flat_map(|row| row.ids().iter().map(|&id| f64::from(id)).collect::<Vec<_>>()),
        );
        numbers.extend(
            row.into_iter().flat_map(|row| row.counts().iter().map(|&c| f64::from(c)).collect::<Vec<_>>()),
        );
    }
    write(out, numbers)
}

/// Kind (0: dense rows, 1: counts), structures, columns, rungs, whether there are
/// elements; rows (counts: as `morgan` writes them); for each structure its atoms
/// and atomic numbers, if there are; labels of each rung, NaN where there are none.
struct Data<X> {
    x: X,
    elements: Option<Vec<Vec<u8>>>,
    labels: Vec<Vec<f64>>,
}

/// What is asked of which rows.
#[derive(Deserialize)]
struct Task {
    /// `cokriging`, `gp`, `difference`, `combination`, `telescoping`, `planner` or
    /// `pilot`.
    method: String,
    /// Rows labelled on each rung; for the planner the order in which they are
    /// bought.
    train: Vec<Vec<usize>>,
    test: Vec<usize>,
    /// Rungs of the data that are used, lowest first.
    rungs: Vec<usize>,
    /// Rungs (of these) whose values are known for the rows asked.
    #[serde(default)]
    known: Vec<usize>,
    #[serde(default)]
    search_limit: Option<usize>,
    /// Of the planner.
    #[serde(default)]
    costs: Vec<f64>,
    #[serde(default)]
    start: Vec<usize>,
    #[serde(default)]
    target: f64,
    #[serde(default)]
    budget: f64,
}

fn run(file: &str, tasks: &str) -> Result<(), Failure> {
    let mut file = Reader::open(file)?;
    let [kind, n, columns, rungs, elements] = [0; 5].map(|_| file.count());
    let (n, columns, rungs) = (n?, columns?, rungs?);
    let dense = kind? == 0;
    let (mut values, mut counts) = (Vec::new(), Vec::new());
    if dense {
        values = file.many(n * columns)?;
    } else {
        for _ in 0..n {
            let size = file.count()?;
            let (ids, numbers) = (file.many(size)?, file.many(size)?);
            let pairs = ids.iter().zip(&numbers).map(|(id, count)| (*id as u32, *count as u32));
            counts.push(SparseCounts::from_pairs(pairs)?);
        }
    }
    let elements = if elements? == 1 {
        let mut all = Vec::new();
        for _ in 0..n {
            let atoms = file.count()?;
            all.push(file.many(atoms)?.iter().map(|z| *z as u8).collect());
        }
        Some(all)
    } else {
        None
    };
    let labels = (0..rungs).map(|_| file.many(n)).collect::<Result<Vec<_>, _>>()?;
    let tasks: Vec<Task> = serde_json::from_str(&std::fs::read_to_string(tasks)?)?;
    if dense {
        let data = Data { x: DenseRows::new(values, columns)?, elements, labels };
        all(&DenseKernel { shape: Shape::Gaussian }, &data, &tasks)
    } else {
        let data = Data { x: counts.iter().collect::<CountMatrix>(), elements, labels };
        all(&TanimotoKernel { form: TanimotoForm::Plain }, &data, &tasks)
    }
}

fn all<K: Kernel>(kernel: &K, data: &Data<K::Input>, tasks: &[Task]) -> Result<(), Failure> {
    for task in tasks {
        let result = match task.method.as_str() {
            "cokriging" => cokriging(kernel, data, task)?,
            "gp" => gaussian_process(kernel, data, task)?,
            "difference" => difference(kernel, data, task)?,
            "combination" => combination(kernel, data, task, Coefficients::Optimised)?,
            "telescoping" => combination(kernel, data, task, Coefficients::Telescoping)?,
            "planner" => planner(kernel, data, task)?,
            "pilot" => pilot(kernel, data, task)?,
            other => return Err(format!("unknown method {other}").into()),
        };
        println!("{result}");
    }
    Ok(())
}

impl<X: Table> Data<X> {
    fn rungs(&self, rows: &[usize], rung: Vec<usize>) -> Result<Rungs<X>, LearnError> {
        let table = Rungs::new(self.x.select(rows), rung)?;
        match &self.elements {
            Some(all) => table.with_elements(rows.iter().map(|&i| all[i].as_slice())),
            None => Ok(table),
        }
    }

    fn pick(&self, rung: usize, rows: &[usize]) -> Vec<f64> {
        rows.iter().map(|&i| self.labels[rung][i]).collect()
    }

    fn composition(&self, rows: &[usize]) -> Option<Composition> {
        let all = self.elements.as_ref()?;
        Some(Composition::new(rows.iter().map(|&i| all[i].as_slice())))
    }

    fn settings(&self, rungs: usize, task: &Task) -> CoKrigingSettings {
        let mean = if self.elements.is_some() { RungMean::Elements } else { RungMean::Constant };
        let standard = CoKrigingSettings { mean, ..CoKrigingSettings::new(rungs) };
        let standard = CoKrigingSettings { cuts: task.known.is_empty(), ..standard };
        CoKrigingSettings { search_limit: task.search_limit.unwrap_or(standard.search_limit), ..standard }
    }
}

/// Fits labels `train` of the task's rungs.
fn joint<K: Kernel>(
    kernel: &K,
    data: &Data<K::Input>,
    task: &Task,
    train: &[Vec<usize>],
) -> Result<CoKriging<K>, Failure> {
    let rows: Vec<usize> = train.iter().flatten().copied().collect();
    let rung = train.iter().enumerate().flat_map(|(m, rows)| vec![m; rows.len()]).collect();
    let pairs = train.iter().zip(&task.rungs);
    let y: Vec<f64> = pairs.flat_map(|(rows, &rung)| data.pick(rung, rows)).collect();
    let mut model = CoKriging::new(kernel.clone(), data.settings(train.len(), task));
    model.fit(&data.rungs(&rows, rung)?, &y)?;
    Ok(model)
}

fn cokriging<K: Kernel>(kernel: &K, data: &Data<K::Input>, task: &Task) -> Result<Value, Failure> {
    let start = cpu();
    let model = joint(kernel, data, task, &task.train)?;
    let fitted = cpu() - start;
    let top = task.rungs.len() - 1;
    let asked = data.rungs(&task.test, vec![top; task.test.len()])?;
    let known = |&i: &usize| -> Vec<Option<f64>> {
        let value = |m: usize| task.known.contains(&m).then(|| data.labels[task.rungs[m]][i]);
        (0..=top).map(|m| value(m).filter(|v| v.is_finite())).collect()
    };
    let seen = if task.known.is_empty() {
        model.predict_rungs(&asked)?
    } else {
        model.predict_given(&asked, &task.test.iter().map(known).collect::<Vec<_>>())?
    };
    let seen = seen.rung(top);
    Ok(json!({"mean": seen.mean, "sd": seen.sd, "fit_cpu": fitted, "reports": model.reports()}))
}

/// One rung, by `KernelGp` with the energies of elements deducted first.
fn gaussian_process<K: Kernel>(kernel: &K, data: &Data<K::Input>, task: &Task) -> Result<Value, Failure> {
    let (rung, rows) = (task.rungs[0], &task.train[0]);
    let model = One::fit(kernel, data, &data.x.select(rows), rows, &data.pick(rung, rows), task)?;
    let seen = model.predict(data, &task.test)?;
    Ok(json!({"mean": seen.mean, "sd": seen.sd}))
}

/// The highest rung as a difference to the one below, which is known for all.
fn difference<K: Kernel>(kernel: &K, data: &Data<K::Input>, task: &Task) -> Result<Value, Failure> {
    let (top, rows) = (task.rungs.len() - 1, task.train.last().ok_or("no rung")?);
    let low = task.rungs[top - 1];
    let y: Vec<f64> = data.pick(task.rungs[top], rows);
    let baseline = data.composition(rows).map(|c| {
        let differences: Vec<f64> = y.iter().zip(data.pick(low, rows)).map(|(a, b)| a - b).collect();
        Ok::<_, LearnError>((ElementBaseline::fit(&c, &differences)?, c))
    });
    let mut model = Difference::new(KernelGp::new(kernel.clone(), settings(data, task)));
    let (mut y, mut added) = (y, vec![0.0; task.test.len()]);
    if let Some(fit) = baseline {
        let (elements, composition) = fit?;
        y.iter_mut().zip(elements.predict(&composition)?).for_each(|(y, b)| *y -= b);
        added = elements.predict(&data.composition(&task.test).ok_or("no elements")?)?;
    }
    model.fit(&WithBaseline::new(data.x.select(rows), data.pick(low, rows))?, &y)?;
    let mut seen =
        model.predict(&WithBaseline::new(data.x.select(&task.test), data.pick(low, &task.test))?)?;
    seen.mean.iter_mut().zip(added).for_each(|(m, b)| *m += b);
    Ok(json!({"mean": seen.mean, "sd": seen.sd}))
}

fn settings<X>(data: &Data<X>, task: &Task) -> KernelGpSettings {
    let standard =
        if data.elements.is_some() { KernelGpSettings::extensive() } else { KernelGpSettings::default() };
    KernelGpSettings { search_limit: task.search_limit.unwrap_or(standard.search_limit), ..standard }
}

/// A Gaussian process of what the elements leave.
struct One<K: Kernel> {
    model: KernelGp<K>,
    baseline: Option<ElementBaseline>,
}

impl<K: Kernel> One<K> {
    fn fit(
        kernel: &K,
        data: &Data<K::Input>,
        x: &K::Input,
        rows: &[usize],
        y: &[f64],
        task: &Task,
    ) -> Result<Self, Failure> {
        let mut y = y.to_vec();
        let baseline = match data.composition(rows) {
            Some(composition) => {
                let baseline = ElementBaseline::fit(&composition, &y)?;
                y.iter_mut().zip(baseline.predict(&composition)?).for_each(|(y, b)| *y -= b);
                Some(baseline)
            }
            None => None,
        };
        let mut model = KernelGp::new(kernel.clone(), settings(data, task));
        model.fit(x, &y)?;
        Ok(Self { model, baseline })
    }

    fn predict(&self, data: &Data<K::Input>, rows: &[usize]) -> Result<Predictions, Failure> {
        let mut seen = self.model.predict(&data.x.select(rows))?;
        if let (Some(baseline), Some(all)) = (&self.baseline, &data.elements) {
            for (mean, &row) in seen.mean.iter_mut().zip(rows) {
                // Elements that were not learnt count as nothing.
                let energy = |z: &u8| baseline.energies.get(z).copied().unwrap_or(0.0);
                *mean += all[row].iter().map(energy).sum::<f64>();
            }
        }
        Ok(seen)
    }
}

fn combination<K: Kernel>(
    kernel: &K,
    data: &Data<K::Input>,
    task: &Task,
    coefficients: Coefficients,
) -> Result<Value, Failure> {
    // What the elements say of the lowest rung is deducted from all.
    let rows = &task.train[0];
    let energy: Vec<f64> = match data.composition(rows) {
        Some(composition) => {
            let baseline = ElementBaseline::fit(&composition, &data.pick(task.rungs[0], rows))?;
            let all = data.elements.iter().flatten();
            all.map(|s| s.iter().map(|z| baseline.energies.get(z).copied().unwrap_or(0.0)).sum()).collect()
        }
        None => vec![0.0; data.x.len()],
    };
    let mut labels = vec![vec![None; data.x.len()]; task.rungs.len()];
    for (m, rows) in task.train.iter().enumerate() {
        rows.iter().for_each(|&i| labels[m][i] = Some(data.labels[task.rungs[m]][i] - energy[i]));
    }
    let gp = KernelGpSettings { mean: learn::Mean::Estimated, ..self::settings(data, task) };
    let settings = CombinationSettings { coefficients, ..Default::default() };
    let model = Plain { kernel: kernel.clone(), model: KernelGp::new(kernel.clone(), gp) };
    let mut model = Combination::new(model, settings).with_refit(Plain::kept);
    let report = json!(model.fit(&data.x, &labels)?);
    let seen = model.predict(&data.x.select(&task.test))?;
    let mean: Vec<f64> = seen.mean.iter().zip(&task.test).map(|(m, &i)| m + energy[i]).collect();
    Ok(json!({"mean": mean, "sd": seen.sd, "report": report}))
}

/// A Gaussian process that can be made again with its hyper-parameters.
#[derive(Clone)]
struct Plain<K: Kernel> {
    kernel: K,
    model: KernelGp<K>,
}

impl<K: Kernel> Plain<K> {
    fn kept(&self) -> Self {
        let Some((details, report)) = self.model.details().zip(self.model.reports().pop()) else {
            return self.clone();
        };
        let hyper_parameters = KernelHyper::Given {
            length_scale: details.length_scale,
            signal_variance: report.signal_variance,
            noise_variance: report.noise_variance,
        };
        let settings = KernelGpSettings { hyper_parameters, ..KernelGpSettings::default() };
        Self { kernel: self.kernel.clone(), model: KernelGp::new(self.kernel.clone(), settings) }
    }
}

impl<K: Kernel> Surrogate for Plain<K> {
    type Input = K::Input;

    fn fit(&mut self, x: &K::Input, y: &[f64]) -> Result<FitReport, LearnError> {
        self.model.fit(x, y)
    }

    fn extend(&mut self, x: &K::Input, y: &[f64]) -> Result<FitReport, LearnError> {
        self.model.extend(x, y)
    }

    fn predict(&self, x: &K::Input) -> Result<Predictions, LearnError> {
        self.model.predict(x)
    }
}

/// The leave-one-out error of the labels themselves (lowest rung) or their
/// difference to the rung below, times what of it reaches the highest.
fn own_error<K: Kernel>(
    kernel: &K,
    data: &Data<K::Input>,
    task: &Task,
    m: usize,
    rows: &[usize],
    rho: &[f64],
) -> Result<f64, Failure> {
    let mut y = data.pick(task.rungs[m], rows);
    if m > 0 {
        y.iter_mut().zip(data.pick(task.rungs[m - 1], rows)).for_each(|(y, low)| *y -= rho[m - 1] * low);
    }
    let mut model = CoKriging::new(kernel.clone(), data.settings(1, task));
    let report = model.fit(&data.rungs(rows, vec![0; rows.len()])?, &y)?;
    let error = report.leave_one_out.ok_or("nothing to leave out")?.rmse;
    Ok(error * rho[m..].iter().product::<f64>().abs())
}

fn pilot<K: Kernel>(_: &K, data: &Data<K::Input>, task: &Task) -> Result<Value, Failure> {
    let rows = &task.train[0];
    let [mut low, mut high] = [0, 1].map(|m| data.pick(task.rungs[m], rows));
    if let Some(composition) = data.composition(rows) {
        for y in [&mut low, &mut high] {
            let baseline = ElementBaseline::fit(&composition, y)?;
            y.iter_mut().zip(baseline.predict(&composition)?).for_each(|(y, b)| *y -= b);
        }
    }
    Ok(json!(Pilot::of_labels(&high, &low, &PilotSettings::new(task.costs[1], task.costs[0]))?))
}

/// Buys what the plan says, until the target is believed reached, the budget is
/// spent or nothing is left to buy; reports the error after every purchase.
fn planner<K: Kernel>(kernel: &K, data: &Data<K::Input>, task: &Task) -> Result<Value, Failure> {
    let rungs = task.rungs.len();
    let mut have = task.start.clone();
    let mut steps = Vec::new();
    let mut known: std::collections::BTreeMap<(usize, usize), f64> = std::collections::BTreeMap::new();
    loop {
        let train: Vec<Vec<usize>> = (0..rungs).map(|m| task.train[m][..have[m]].to_vec()).collect();
        let model = joint(kernel, data, task, &train)?;
        let rho: Vec<f64> = model.reports().iter().filter_map(|r| r.rho).collect();
        let top = rungs - 1;
        let seen = model.predict_rungs(&data.rungs(&task.test, vec![top; task.test.len()])?)?.rung(top);
        let cost: f64 = have.iter().zip(&task.costs).map(|(&n, c)| n as f64 * c).sum();
        let mut ladder = Vec::new();
        for m in 0..rungs {
            let mut curve = Vec::new();
            for part in [4, 2, 1] {
                let labels = have[m] / part;
                if labels >= 4 || part < 4 {
                    let error = match known.get(&(m, labels)) {
                        Some(&error) => error,
                        None => own_error(kernel, data, task, m, &train[m][..labels], &rho)?,
                    };
                    known.insert((m, labels), error);
                    curve.push(CurvePoint { labels, error });
                }
            }
            let available = Some(task.train[m].len());
            ladder.push(PlanRung { cost: task.costs[m], labels: have[m], available, curve });
        }
        let plan = Plan::new(&ladder, &PlanSettings { growth: 3.0, ..PlanSettings::new(task.target) })?;
        steps.push(json!({
            "labels": have, "cost": cost, "mean": seen.mean, "sd": seen.sd, "rho": rho,
            "plan": {"outlook": plan.outlook, "labels": plan.labels, "cost": plan.cost.is_finite().then_some(plan.cost),
                "reachable": plan.reachable, "error": plan.error, "floor": plan.floor, "next": plan.next},
        }));
        let Some(next) = plan.next else { break };
        if cost + next.cost > task.budget {
            break;
        }
        have[next.rung] = (have[next.rung] + next.labels).min(task.train[next.rung].len());
        // A label needs those of the rungs below.
        for m in (0..next.rung).rev() {
            have[m] = have[m].max(have[m + 1]);
        }
    }
    Ok(json!({"steps": steps}))
}

/// Processor seconds of this process.
fn cpu() -> f64 {
    // SAFETY: `rusage` is plain data for which all zeros is a value, and the call
    // writes only into it.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut usage);
        usage
    };
    let seconds = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 * 1e-6;
    seconds(usage.ru_utime) + seconds(usage.ru_stime)
}
