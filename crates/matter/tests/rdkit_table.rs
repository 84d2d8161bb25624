//! The adapter against the frozen table of RDKit results (`data/make_rdkit_table.py`).

use matter::Graph;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;

fn rows() -> Vec<Vec<String>> {
    let packed = include_bytes!("data/rdkit_table.tsv.gz");
    let mut text = String::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut text).unwrap();
    let lines = text.lines().filter(|l| !l.starts_with("# ")).skip(1);
    lines.map(|l| l.split('\t').map(str::to_owned).collect()).collect()
}

/// Atoms of each element in a formula.
fn counts_of(formula: &str) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    let mut rest = formula;
    while !rest.is_empty() {
        let symbol_end = rest[1..].find(|c: char| !c.is_ascii_lowercase()).map_or(rest.len(), |n| n + 1);
        let (symbol, behind) = rest.split_at(symbol_end);
        let number_end = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
        let (number, behind) = behind.split_at(number_end);
        let n: u32 = if number.is_empty() { 1 } else { number.parse().unwrap() };
        assert!(counts.insert(symbol.to_owned(), n).is_none());
        rest = behind;
    }
    counts
}

#[test]
fn canonical_smiles_formula_and_morgan_fingerprints_are_those_of_rdkit() {
    let rows = rows();
    assert!(rows.len() >= 2500, "{} rows", rows.len());
    let mut wrong = Vec::new();
    for row in &rows {
        let [input, canonical, formula, bits, counts, _] = &row[..] else { panic!("{row:?}") };
        let graph = match Graph::from_smiles(input) {
            Ok(graph) => graph,
            Err(error) => {
                wrong.push(format!("{input}: {error}"));
                continue;
            }
        };
        if graph.canonical_smiles() != canonical {
            wrong.push(format!("{input}: canonical {}, expected {canonical}", graph.canonical_smiles()));
        }
        // RDKit appends the charge, and puts hydrogen first where there is no carbon.
        let neutral = match formula.rfind(['+', '-']) {
            Some(sign) => &formula[..sign],
            None => formula,
        };
        if counts_of(&graph.formula().unwrap().to_string()) != counts_of(neutral) {
            wrong.push(format!("{input}: formula {}, expected {neutral}", graph.formula().unwrap()));
        }
        let found = graph.morgan_counts(2).unwrap();
        let text: String = found.iter().map(|(id, n)| format!("{id}:{n},")).collect();
        let digest: String = Sha256::digest(text).iter().take(8).map(|b| format!("{b:02x}")).collect();
        if digest != *counts {
            wrong.push(format!("{input}: Morgan counts differ"));
        }
        let mut on: Vec<u32> = found.iter().map(|(id, _)| id % 2048).collect();
        on.sort_unstable();
        on.dedup();
        if on != bits.split(' ').map(|b| b.parse().unwrap()).collect::<Vec<u32>>() {
            wrong.push(format!("{input}: Morgan bits differ"));
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_canonical_form_is_a_fixed_point_with_one_atom_order() {
    for row in rows().iter().step_by(7) {
        let (a, b) = (Graph::from_smiles(&row[0]).unwrap(), Graph::from_smiles(&row[1]).unwrap());
        assert_eq!(a.canonical_smiles(), b.canonical_smiles());
        assert_eq!(a.atoms().unwrap(), b.atoms().unwrap());
        assert_eq!(a.bonds().unwrap(), b.bonds().unwrap());
    }
}
