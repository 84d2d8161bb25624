//! Composition features against those of matminer 0.10.1, made by
//! `reference/make_magpie.py`.

use features::{Composition, CompositionFeatures, Magpie};
use serde_json::Value;
use std::io::BufRead;
use std::path::Path;

#[test]
fn magpie_features_are_those_of_matminer() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/magpie.json.gz");
    let reference: Value = serde_json::from_reader(matter::files::open(&path).unwrap()).unwrap();
    let labels: Vec<&str> =
        reference["labels"].as_array().unwrap().iter().map(|label| label.as_str().unwrap()).collect();
    let magpie = Magpie::default();
    let names = magpie.names();
    assert_eq!(labels.len(), names.len());
    for (label, name) in labels.iter().zip(&names) {
        assert_eq!(label.trim_start_matches("MagpieData "), name);
    }
    let records = reference["formulas"].as_array().unwrap();
    assert_eq!(records.len(), 200);
    for record in records {
        let formula = record["formula"].as_str().unwrap();
        let composition = Composition::parse(formula).unwrap();
        let row = magpie.compute(&[composition]).unwrap();
        for ((value, expected), name) in
            row.values().iter().zip(record["values"].as_array().unwrap()).zip(&names)
        {
            let expected = expected.as_f64().unwrap();
            // Differences of nearly equal numbers lose digits: the deviation of
            // a property that all elements share is zero but for rounding.
            let allowed = 1e-10 * expected.abs().max(1.0);
            assert!((value - expected).abs() <= allowed, "{name} of {formula}: {value:e}, not {expected:e}");
        }
    }
}

/// Every formula of the sets of Matbench by formula is read.
#[test]
fn formulas_of_matbench_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/matbench_composition");
    let Ok(files) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: {} is not there", folder.display());
        return;
    };
    let mut seen = 0;
    for file in
        files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "gz"))
    {
        for line in matter::files::open(&file).unwrap().lines().skip(1) {
            let line = line.unwrap();
            let formula = line.split(',').next().unwrap();
            let composition = Composition::parse(formula).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(composition, Composition::parse(&composition.to_string()).unwrap());
            seen += 1;
        }
    }
    assert!(seen > 400_000, "{seen}");
}
