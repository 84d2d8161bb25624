//! The example space and the table of its values, computed once (bench/quinone_table.py says how).

use campaign::spec;
use ladder::EngineOptions;
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

/// Differences between what a method gives now and what the table says, in eV, of every `step`th molecule.
fn differences(method: &str, step: usize) -> Vec<(f64, String)> {
    let method =
        ladder::resolve(method, &EngineOptions::default()).expect("xtb is installed by scripts/setup --xtb");
    let cancel = AtomicBool::new(false);
    let recipe = recipe::find("reduction_energy").unwrap();
    let name: PropertyName = recipe.property().name;
    let mut differences = Vec::new();
    for (smiles, expected) in table().into_iter().step_by(step) {
        let molecule = Molecule::from_smiles(&smiles).unwrap();
        let bench = Workbench::new(&*method, RecipeSettings::default(), None, &cancel, &NoMemo);
        let value = recipe.evaluate(&molecule, &bench).outcome.ok().map(|o| o.values[&name]);
        match (value, expected) {
            (Some(value), Some(expected)) => differences.push(((value - expected).abs(), smiles)),
            (value, expected) => assert_eq!(value.is_some(), expected.is_some(), "{smiles}"),
        }
    }
    differences.sort_by(|a, b| a.0.total_cmp(&b.0));
    differences
}

/// The engine that made the table still gives what it says: a change of geometry building or of the use of xtb would
/// show.
#[test]
fn values_of_the_table_are_found_again() {
    let differences = differences("gfn2@xtb", 700);
    let (worst, smiles) = differences.last().unwrap();
    assert!(*worst < 1e-5, "{smiles}: {worst} eV");
}

/// The native engine is the same method, but its optimiser stops at other points of the same minima, and now and then a
/// flat torsion leads it into another one: mostly within a thousandth of an eV, and far less than the choice of
/// the conformer matters (0.1 eV).
#[test]
fn the_native_engine_agrees_with_the_table() {
    let differences = differences("gfn2", 120);
    let at = |share: f64| &differences[((differences.len() - 1) as f64 * share) as usize];
    assert!(differences.len() > 40);
    assert!(at(0.5).0 < 2e-4, "median {:?}", at(0.5));
    assert!(at(0.9).0 < 3e-3, "nine of ten {:?}", at(0.9));
    assert!(at(1.0).0 < 0.1, "worst {:?}", at(1.0));
}
