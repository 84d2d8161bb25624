//! `joulery doctor`: what this machine has, and what is missing.

use super::print_json;
use crate::exit::Ending;
use crate::out::outln;
use engines::{Xtb, XtbOptions};
use ladder::METHODS;
use ledger::Conversion;
use ledger::powercap::{EnergyMeter, POWERCAP_ROOT};
use matter::Molecule;
use method::recipe::{NoMemo, RecipeSettings};
use method::{Method, Workbench, recipe};
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
    found: String,
}

pub fn run(args: Args) -> anyhow::Result<Ending> {
    let findings: Vec<Finding> =
        [vec![processor(), scratch()], engine(), meters(), lists()].into_iter().flatten().collect();
    if args.json {
        print_json(&findings)?;
    } else {
        for f in &findings {
            outln!("{} {:<24} {}", if f.ok { "ok     " } else { "missing" }, f.what, f.found);
        }
    }
    Ok(Ending::Done)
}

fn finding(what: &str, ok: bool, found: impl Into<String>) -> Finding {
    Finding { what: what.to_owned(), ok, found: found.into() }
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

/// xtb, and whether it gives the right number: benzoquinone against a stored value.
fn engine() -> Vec<Finding> {
    let options = XtbOptions::default();
    let xtb = match Xtb::new(options) {
        Ok(xtb) => xtb,
        Err(error) => return vec![finding("gfn2 (xtb)", false, error.to_string())],
    };
    let mut findings = vec![finding("gfn2 (xtb)", true, xtb.id().to_string())];
    let cancel = AtomicBool::new(false);
    let bench = Workbench::new(&xtb, RecipeSettings::default(), None, &cancel, &NoMemo);
    let checked = Molecule::from_smiles("O=C1C=CC(=O)C=C1").map_err(|e| e.to_string()).and_then(|quinone| {
        let recipe = recipe::find("reduction_energy").ok_or("no recipe for reduction_energy")?;
        let calculation = recipe.evaluate(&quinone, &bench);
        let outcome = calculation.outcome.map_err(|f| f.to_string())?;
        let value = outcome.values.get(&recipe.property().name).copied().ok_or("no value came out")?;
        Ok::<(f64, f64), String>((value, calculation.cost.core_seconds.value()))
    });
    // GFN2-xTB by xtb 6.5.1, relaxed to `normal`.
    const EXPECTED: f64 = -2.803;
    findings.push(match checked {
        Ok((value, seconds)) => finding(
            "gfn2 self-test",
            (value - EXPECTED).abs() < 0.005,
            format!("benzoquinone + H2: {value:.3} eV (expected {EXPECTED}), {seconds:.2} core-seconds"),
        ),
        Err(error) => finding("gfn2 self-test", false, error),
    });
    findings
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
        Err(error) => finding("energy counters", false, error.to_string()),
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
