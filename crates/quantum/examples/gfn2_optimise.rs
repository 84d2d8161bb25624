//! Relaxes every structure of a file with native GFN2-xTB and says what it took.
//!
//! `gfn2_optimise FILE.xyz [--level normal]`
//!
//! The file is as for `gfn2_times`. One JSON line for each structure: `energy` (hartree) and `positions` (angstrom)
//! at the end, number of `gradients`, `cpu_seconds` of the thread, `broken` and `formed` bonds; or `error`.

mod common;

use common::{BOHR, Structure, read, thread_seconds};
use matter::{Element, Geometry, Molecule};
use method::{GradientMethod, OptimisationLevel};
use quantum::{Gfn2Method, Options};
use relax::optimise::{OptimiseOptions, optimise};
use serde_json::{Value, json};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let (mut file, mut level) = (String::new(), OptimisationLevel::Normal);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--level" {
            let name = arguments.next().unwrap_or_default();
            let known = [OptimisationLevel::Loose, OptimisationLevel::Normal, OptimisationLevel::Tight];
            let found = known.into_iter().find(|l| l.as_str() == name);
            level = found.ok_or_else(|| format!("unknown level {name:?}: loose, normal or tight"))?;
        } else {
            file = argument;
        }
    }
    let text = std::fs::read_to_string(&file).map_err(|e| format!("{file}: {e}"))?;
    for structure in read(&text)? {
        let start = thread_seconds();
        let result = relaxed(&structure, level);
        let seconds = thread_seconds() - start;
        let mut line = result.unwrap_or_else(|error| json!({"error": error.to_string()}));
        line["id"] = json!(structure.id);
        line["cpu_seconds"] = json!(seconds);
        println!("{line}");
    }
    Ok(())
}

fn relaxed(structure: &Structure, level: OptimisationLevel) -> Result<Value, Box<dyn Error>> {
    let system = &structure.system;
    let elements: Option<Vec<Element>> =
        system.numbers.iter().map(|&z| Element::from_number(u32::from(z))).collect();
    let elements = elements.ok_or("an element that there is not")?;
    let positions = system.positions.iter().map(|p| p.map(|x| x * BOHR)).collect();
    let geometry = Geometry::new(elements.clone(), positions)?;
    let molecule = Molecule::from_geometry(geometry, system.charge, system.unpaired)?;
    let mut surface = Gfn2Method::new(Options::default()).surface(&molecule).map_err(|f| f.to_string())?;
    let options = OptimiseOptions { level, ..OptimiseOptions::default() };
    let path = optimise(surface.as_mut(), &elements, &system.positions, &options, &mut |_| Ok(()))?;
    let last = path.last().ok_or("the path is empty")?;
    let positions: Vec<[f64; 3]> = last.positions.iter().map(|p| p.map(|x| x * BOHR)).collect();
    Ok(json!({
        "energy": last.energy.value(),
        "gradients": path.gradients,
        "positions": positions,
        "broken": path.connectivity.broken.len(),
        "formed": path.connectivity.formed.len(),
    }))
}
