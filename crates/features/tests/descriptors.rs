//! Descriptors and Morgan fingerprints against RDKit 2026.09.1, made by
//! `reference/make_descriptors.py`.

use features::{Descriptors, Features, FoldedMorgan, MorganBits, Radius};
use matter::chem::{FingerprintSize, Graph};
use serde_json::Value;
use std::path::Path;

fn reference() -> (Value, Vec<Graph>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/descriptors.json.gz");
    let reference: Value = serde_json::from_reader(matter::files::open(&path).unwrap()).unwrap();
    let molecules: Vec<Graph> = reference["molecules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|molecule| Graph::from_smiles(molecule["smiles"].as_str().unwrap()).unwrap())
        .collect();
    assert_eq!(molecules.len(), 200);
    (reference, molecules)
}

#[test]
fn descriptors_are_those_of_rdkit() {
    let (reference, molecules) = reference();
    let names: Vec<&str> =
        reference["names"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(names, Descriptors.names());
    let matrix = Descriptors.compute(&molecules).unwrap();
    for (index, molecule) in molecules.iter().enumerate() {
        let expected = reference["molecules"][index]["values"].as_array().unwrap();
        assert_eq!(expected.len(), matrix.columns());
        for ((value, expected), name) in matrix.row(index).iter().zip(expected).zip(&names) {
            let expected = expected.as_f64().unwrap();
            let allowed = 1e-11 * expected.abs().max(1.0);
            assert!(
                (value - expected).abs() <= allowed,
                "{name} of {molecule:?}: {value:e}, not {expected:e}"
            );
        }
    }
}

#[test]
fn fingerprints_are_those_of_rdkit() {
    let (reference, molecules) = reference();
    let numbers = |index: usize, key: &str| -> Vec<u32> {
        let list = reference["molecules"][index][key].as_array().unwrap();
        list.iter().map(|bit| bit.as_u64().unwrap() as u32).collect()
    };
    for (key, features) in [
        ("bits-r2-2048", MorganBits::default()),
        ("bits-r3-512", MorganBits::new(Radius::Three, FingerprintSize::B512)),
    ] {
        let bits = features.compute(&molecules).unwrap();
        for (index, molecule) in molecules.iter().enumerate() {
            assert_eq!(bits.ones(index).collect::<Vec<_>>(), numbers(index, key), "{molecule:?}");
        }
    }
    let folded = FoldedMorgan::default().compute(&molecules).unwrap();
    for (index, molecule) in molecules.iter().enumerate() {
        let mut expected = vec![0_u8; folded.columns()];
        for pair in reference["molecules"][index]["counts-r2-2048"].as_array().unwrap() {
            expected[pair[0].as_u64().unwrap() as usize] = u8::try_from(pair[1].as_u64().unwrap()).unwrap();
        }
        assert_eq!(folded.row(index), expected, "{molecule:?}");
    }
}
