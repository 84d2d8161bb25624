//! Reference systems for the tests: the committed fixture and, where it is there, the full set.

#![allow(dead_code, reason = "each test file uses its own part")]

use flate2::read::GzDecoder;
use quantum::System;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// One bohr in angstrom, as the reference set was converted.
const BOHR: f64 = 0.529_177_210_903;

/// A system with the results of tblite 0.8.0, atomic units.
pub struct Reference {
    pub name: String,
    pub category: String,
    pub system: System,
    pub energy: f64,
    pub gradient: Vec<[f64; 3]>,
    pub charges: Vec<f64>,
    pub dipole: Vec<f64>,
    pub quadrupole: Vec<f64>,
    pub orbital_energies: Vec<f64>,
    pub occupations: Vec<f64>,
    pub atom_energies: Vec<f64>,
    /// Highest occupied and lowest unoccupied orbital energy, for closed shells.
    pub frontier: [Option<f64>; 2],
    /// All pairs, shape `[n_atoms * n_atoms]`; what the set left out (below 1e-4) is zero.
    pub bond_orders: Vec<f64>,
    pub alpb_water: Option<f64>,
}

/// The committed systems.
pub fn fixture() -> Vec<Reference> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/gfn2_fixture.json.gz");
    read(&path).expect("the fixture is part of the repository")
}

/// A system of the fixture in solvents of the ALPB model.
pub struct Solvated {
    pub reference: Reference,
    /// Solvent and total energy, hartree.
    pub energies: Vec<(String, f64)>,
    /// The gradient (hartree/bohr) in one of the solvents.
    pub gradient: (String, Vec<[f64; 3]>),
}

/// The fixture in solvents.
pub fn solvated() -> Vec<Solvated> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/gfn2_alpb.json.gz");
    let root = json(&path).expect("the solvated fixture is part of the repository");
    let molecules = root["molecules"].as_array().expect("it is a list").iter();
    let solvated = molecules.zip(fixture()).map(|(m, reference)| {
        assert!(reference.name.starts_with(&format!("{} ", m["id"])), "the fixtures have the same order");
        let energies = m["energies"].as_object()?.iter().map(|(s, e)| Some((s.clone(), e.as_f64()?)));
        let gradient = (m["gradient_in"].as_str()?.to_owned(), triples(&m["gradient"])?);
        Some(Solvated { reference, energies: energies.collect::<Option<_>>()?, gradient })
    });
    solvated.collect::<Option<_>>().expect("the solvated fixture has all fields")
}

/// All 484 systems, if the shared data are beside the repository.
pub fn full_set() -> Option<Vec<Reference>> {
    let path = shared("gfn2_reference/gfn2_reference.json.gz")?;
    Some(read(&path).expect("the reference set can be read"))
}

/// A file of the shared data, or a message and nothing.
fn shared(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = root.join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {name} is not in ../shared/data");
    None
}

fn read(path: &Path) -> Option<Vec<Reference>> {
    let root = json(path)?;
    let tight = tight()?;
    root["molecules"].as_array()?.iter().map(|m| reference(m, &tight)).collect()
}

fn json(path: &Path) -> Option<Value> {
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(path).ok()?).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

/// Quadrupoles and open-shell bond orders of the same program at a tighter threshold, by id (see
/// `data/make_tight_reference.py`).
fn tight() -> Option<BTreeMap<u64, Value>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/gfn2_tight.json.gz");
    let all: Vec<Value> = serde_json::from_reader(GzDecoder::new(std::fs::File::open(path).ok()?)).ok()?;
    all.into_iter().map(|entry| Some((entry["id"].as_u64()?, entry))).collect()
}

fn reference(molecule: &Value, tight: &BTreeMap<u64, Value>) -> Option<Reference> {
    let gfn2 = &molecule["gfn2"];
    let label = molecule["name"].as_str().or(molecule["smiles"].as_str())?;
    let numbers: Vec<u8> = list(&molecule["numbers"])?.iter().map(|&z| z as u8).collect();
    let positions = triples(&molecule["positions_angstrom"])?;
    let n = numbers.len();
    let mut bond_orders = vec![0.0; n * n];
    for entry in gfn2["bond_orders"].as_array()? {
        let (i, j) = (entry[0].as_u64()? as usize, entry[1].as_u64()? as usize);
        bond_orders[i * n + j] = entry[2].as_f64()?;
        bond_orders[j * n + i] = bond_orders[i * n + j];
    }
    let tight = tight.get(&molecule["id"].as_u64()?)?;
    if let Some(orders) = tight["bond_orders"].as_array() {
        let pairs = (0..n).flat_map(|i| (0..i).map(move |j| (i, j)));
        for ((i, j), order) in pairs.zip(orders) {
            bond_orders[i * n + j] = order.as_f64()?;
            bond_orders[j * n + i] = bond_orders[i * n + j];
        }
    }
    Some(Reference {
        name: format!("{} {label}", molecule["id"]),
        category: molecule["category"].as_str()?.to_owned(),
        system: System {
            numbers,
            positions: positions.iter().map(|p| p.map(|x| x / BOHR)).collect(),
            charge: molecule["charge"].as_i64()? as i32,
            unpaired: molecule["uhf"].as_u64()? as u32,
        },
        energy: gfn2["energy"].as_f64()?,
        gradient: triples(&gfn2["gradient"])?,
        charges: list(&gfn2["charges"])?,
        dipole: list(&gfn2["dipole"])?,
        quadrupole: list(&tight["quadrupole"])?,
        orbital_energies: list(&gfn2["orbital_energies"])?,
        occupations: list(&gfn2["orbital_occupations"])?,
        atom_energies: list(&gfn2["atom_energies"])?,
        frontier: [gfn2["homo"].as_f64(), gfn2["lumo"].as_f64()],
        bond_orders,
        alpb_water: molecule["gfn2_alpb_water"]["energy"].as_f64(),
    })
}

fn list(value: &Value) -> Option<Vec<f64>> {
    value.as_array()?.iter().map(Value::as_f64).collect()
}

fn triples(value: &Value) -> Option<Vec<[f64; 3]>> {
    value.as_array()?.iter().map(|row| list(row)?.try_into().ok()).collect()
}

/// Pseudo-random numbers in (-1, 1) that are the same everywhere (xorshift).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    /// A direction in the space of all coordinates, of length one.
    pub fn direction(&mut self, atoms: usize) -> Vec<[f64; 3]> {
        let mut direction: Vec<[f64; 3]> =
            (0..atoms).map(|_| [self.next(), self.next(), self.next()]).collect();
        let norm = direction.iter().flatten().map(|x| x * x).sum::<f64>().sqrt();
        direction.iter_mut().flatten().for_each(|x| *x /= norm);
        direction
    }
}
