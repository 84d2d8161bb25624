//! `joulery doctor`: what this machine has, and what is missing.

use super::print_json;
use crate::exit::Ending;
use crate::out::outln;
use ladder::{EngineOptions, METHODS};
use ledger::Conversion;
use ledger::powercap::{EnergyMeter, POWERCAP_ROOT};
use matter::{Element, Geometry, Molecule};
use method::recipe::{NoMemo, RecipeSettings};
use method::{Method, Request, Task, Workbench, recipe};
use serde::Serialize;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// Say which methods, meters and tools this machine has, and what is missing.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  joulery doctor")]
pub struct Args {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Finding {
    what: String,
    ok: bool,
    /// Whether one can do well without it.
    optional: bool,
    found: String,
}

impl Finding {
    fn mark(&self) -> &'static str {
        match (self.ok, self.optional) {
            (true, _) => "ok     ",
            (false, true) => "absent ",
            (false, false) => "missing",
        }
    }
}

pub fn run(args: Args) -> anyhow::Result<Ending> {
    let findings: Vec<Finding> =
        [vec![processor(), scratch()], engines(), meters(), lists()].into_iter().flatten().collect();
    if args.json {
        print_json(&findings)?;
    } else {
        for f in &findings {
            outln!("{} {:<24} {}", f.mark(), f.what, f.found);
        }
    }
    Ok(Ending::Done)
}

fn finding(what: &str, ok: bool, found: impl Into<String>) -> Finding {
    Finding { what: what.to_owned(), ok, optional: false, found: found.into() }
}

fn processor() -> Finding {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        info.lines().find_map(|l| l.strip_prefix("model name")?.split_once(':').map(|(_, m)| m.trim()));
    finding("processor", true, format!("{} x {}", cores, model.unwrap_or("unknown model")))
}

fn scratch() -> Finding {
    match engines::Scratch::new(None).and_then(|s| std::fs::write(s.path().join("x"), "x")) {
        Ok(()) => finding("scratch folder", true, std::env::temp_dir().display().to_string()),
        Err(error) => finding(
            "scratch folder",
            false,
            format!("{}: {error}; set TMPDIR", std::env::temp_dir().display()),
        ),
    }
}

/// The native engine and whether it gives the right numbers, and xtb if it is there.
fn engines() -> Vec<Finding> {
    let options = EngineOptions::default();
    let mut findings = Vec::new();
    match ladder::resolve("gfn2", &options) {
        Ok(native) => {
            findings.push(finding("gfn2", true, native.id().to_string()));
            findings.push(single_point(&*native));
            findings.push(reduction("gfn2 relaxation", &*native));
        }
        Err(error) => findings.push(finding("gfn2", false, error.to_string())),
    }
    match ladder::resolve("gfn2@xtb", &options) {
        Ok(xtb) => {
            findings.push(finding("gfn2@xtb", true, xtb.id().to_string()));
            findings.push(reduction("gfn2@xtb relaxation", &*xtb));
        }
        Err(error) => {
            findings.push(Finding { optional: true, ..finding("gfn2@xtb", false, error.to_string()) })
        }
    }
    findings
}

/// A molecule with elements of three rows: thiazole, angstrom.
const THIAZOLE: [(&str, [f64; 3]); 8] = [
    ("C", [-0.808, -0.461, -0.361]),
    ("C", [-0.83, 0.706, 0.39]),
    ("S", [0.76, 1.098, 0.768]),
    ("C", [1.406, -0.228, -0.036]),
    ("N", [0.43, -0.975, -0.595]),
    ("H", [-1.705, -0.935, -0.737]),
    ("H", [-1.712, 1.261, 0.678]),
    ("H", [2.458, -0.467, -0.107]),
];

fn single_point(method: &dyn Method) -> Finding {
    // By tblite 0.8.0 with accuracy 0.01.
    const EXPECTED: f64 = -14.089_071_975;
    let what = "gfn2 energy";
    let computed = || -> Result<f64, String> {
        let elements =
            THIAZOLE.iter().map(|(symbol, _)| Element::from_symbol(symbol).ok_or("no such element"));
        let positions = THIAZOLE.iter().map(|(_, position)| *position).collect();
        let geometry =
            Geometry::new(elements.collect::<Result<_, _>>()?, positions).map_err(|e| e.to_string())?;
        let molecule = Molecule::from_geometry(geometry, 0, 0).map_err(|e| e.to_string())?;
        let cancel = AtomicBool::new(false);
        let request = Request { task: Task::SinglePoint, limit: None, cancel: &cancel };
        let outcome = method.evaluate(&molecule, &request).outcome.map_err(|f| f.to_string())?;
        outcome.energy.map(|e| e.value()).ok_or_else(|| "no energy came out".to_owned())
    };
    match computed() {
        Ok(energy) => finding(
            what,
            (energy - EXPECTED).abs() < 1e-6,
            format!("thiazole: {energy:.6} hartree (by tblite: {EXPECTED:.6})"),
        ),
        Err(error) => finding(what, false, error),
    }
}

fn reduction(what: &str, method: &dyn Method) -> Finding {
    // Both engines, relaxed to `normal`.
    const EXPECTED: f64 = -2.803;
    let cancel = AtomicBool::new(false);
    let bench = Workbench::new(method, RecipeSettings::default(), None, &cancel, &NoMemo);
    let checked = Molecule::from_smiles("O=C1C=CC(=O)C=C1").map_err(|e| e.to_string()).and_then(|quinone| {
        let recipe = recipe::find("reduction_energy").ok_or("no recipe for reduction_energy")?;
        let calculation = recipe.evaluate(&quinone, &bench);
        let outcome = calculation.outcome.map_err(|f| f.to_string())?;
        let value = outcome.values.get(&recipe.property().name).copied().ok_or("no value came out")?;
        Ok::<(f64, f64), String>((value, calculation.cost.core_seconds.value()))
    });
    match checked {
        Ok((value, seconds)) => finding(
            what,
            (value - EXPECTED).abs() < 0.005,
            format!("benzoquinone + H2: {value:.3} eV (expected {EXPECTED}), {seconds:.2} core-seconds"),
        ),
        Err(error) => finding(what, false, error),
    }
}

fn meters() -> Vec<Finding> {
    let conversion = Conversion::default();
    let model =
        format!("{:.2} W per busy core (tier model) where no counter can be read", conversion.watts());
    let counters = match EnergyMeter::start(Path::new(POWERCAP_ROOT)) {
        Ok(meter) => finding(
            "energy counters",
            true,
            format!("{} processor packages (tier counter)", meter.packages()),
        ),
        Err(error) => Finding { optional: true, ..finding("energy counters", false, error.to_string()) },
    };
    vec![counters, finding("energy model", true, model)]
}

fn lists() -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        METHODS.iter().map(|m| finding(&format!("method {}", m.name), true, m.about)).collect();
    for recipe in recipe::all() {
        let property = recipe.property();
        findings.push(finding(
            &format!("recipe {}", property.name),
            true,
            format!("{} ({})", recipe.describe(), property.unit),
        ));
    }
    findings
}
