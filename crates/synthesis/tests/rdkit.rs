//! The SA score against RDKit's (`crates/matter/tests/data/make_rdkit_table.py`).

use matter::Graph;
use std::io::Read;
use std::path::Path;
use synthesis::sa_score;

fn score(smiles: &str) -> f64 {
    sa_score(&Graph::from_smiles(smiles).unwrap()).unwrap().value()
}

#[test]
fn equal_to_rdkit_on_the_frozen_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../matter/tests/data/rdkit_table.tsv.gz");
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    let mut wrong = Vec::new();
    let mut rows = 0;
    for line in text.lines().filter(|l| !l.starts_with("# ")).skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let expected: f64 = cells[5].parse().unwrap();
        let found = score(cells[0]);
        rows += 1;
        if (found - expected).abs() > 1e-6 {
            wrong.push(format!("{}: {found}, RDKit {expected}", cells[0]));
        }
    }
    assert!(rows >= 2500, "{rows} rows");
    assert!(wrong.is_empty(), "{} of {rows} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn known_molecules() {
    for (smiles, expected) in [
        ("CC(=O)Oc1ccccc1C(=O)O", 1.580),
        ("c1ccccc1", 1.000),
        ("Cc1ccc(cc1)-c1cc(nn1-c1ccc(cc1)S(N)(=O)=O)C(F)(F)F", 2.144),
        ("CN1CCC23c4c5ccc(O)c4OC2C(O)C=CC3C1C5", 5.274),
    ] {
        assert!((score(smiles) - expected).abs() < 5e-4, "{smiles}: {}", score(smiles));
    }
}

#[test]
fn the_parts_say_what_makes_a_molecule_hard() {
    let parts = sa_score(&Graph::from_smiles("C1CCC2(CC1)CCCC2").unwrap()).unwrap();
    assert!(parts.spiro_penalty > 0.3 && parts.bridge_penalty == 0.0 && parts.stereo_penalty == 0.0);
    let ring = sa_score(&Graph::from_smiles("C1CCCCCCCCCCC1").unwrap()).unwrap();
    assert!(ring.macrocycle_penalty > 0.3 && ring.symmetry_bonus > 0.0);
}
