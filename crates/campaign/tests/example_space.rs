//! The example space and the table of its values, computed once (bench/quinone_table.py says how).

use campaign::spec;
use engines::{Xtb, XtbOptions};
use matter::Molecule;
use method::recipe::{self, NoMemo, RecipeSettings};
use method::{PropertyName, Workbench};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/quinones").join(name)
}

fn table() -> BTreeMap<String, Option<f64>> {
    let mut text = String::new();
    let file = std::fs::File::open(example("gfn2.csv.gz")).unwrap();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    let rows = reader.records().map(|r| r.unwrap());
    rows.map(|r| (r[0].to_owned(), r[1].parse().ok())).collect()
}

#[test]
fn the_table_holds_every_molecule_of_the_space_once() {
    let loaded = spec::read(&example("campaign.toml")).unwrap();
    let mut space = loaded.spec.space.open().unwrap();
    let mut molecules: Vec<String> =
        space.candidates(100_000).unwrap().iter().map(|c| c.molecule.label()).collect();
    molecules.sort();
    // Burnside's lemma: 2,484 + 1,327 + 1,249.
    assert_eq!(molecules.len(), 5060);
    let table: Vec<String> = table().into_keys().collect();
    assert_eq!(molecules, table);
}

/// The recipe still gives what the table says: a change of geometry building or of the engine's use would show.
#[test]
fn values_of_the_table_are_found_again() {
    let table = table();
    let xtb = Xtb::new(XtbOptions::default()).expect("xtb is installed (scripts/setup)");
    let cancel = AtomicBool::new(false);
    let recipe = recipe::find("reduction_energy").unwrap();
    let name: PropertyName = recipe.property().name;
    for (smiles, expected) in table.iter().step_by(700) {
        let molecule = Molecule::from_smiles(smiles).unwrap();
        let bench = Workbench::new(&xtb, RecipeSettings::default(), None, &cancel, &NoMemo);
        let value = recipe.evaluate(&molecule, &bench).outcome.ok().map(|o| o.values[&name]);
        match (value, expected) {
            (Some(a), Some(b)) => assert!((a - b).abs() < 1e-3, "{smiles}: {a} against {b}"),
            (a, b) => assert_eq!(a.is_some(), b.is_some(), "{smiles}"),
        }
    }
}
