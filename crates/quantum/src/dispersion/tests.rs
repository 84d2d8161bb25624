//! Against xtb, and derivatives against finite differences.

use std::io::Read;

use serde_json::Value;

use super::Dispersion;
use crate::interaction::{Interaction, Moments, Placement};
use crate::parameters::ANGSTROM;
use crate::repulsion;

struct Molecule {
    name: String,
    numbers: Vec<u8>,
    positions: Vec<[f64; 3]>,
    charges: Vec<f64>,
    dispersion: f64,
    repulsion: f64,
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

/// The shared reference set, or nothing with a message where it is absent.
fn reference_set() -> Vec<Molecule> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/gfn2_reference/gfn2_reference.json.gz");
    let Ok(file) = std::fs::File::open(path) else {
        eprintln!("skipped: {path} is not there");
        return Vec::new();
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let data: Value = serde_json::from_str(&text).unwrap();
    let molecules = data["molecules"].as_array().unwrap().iter();
    molecules
        .map(|m| {
            let xyz = m["positions_angstrom"].as_array().unwrap().iter().map(floats);
            let components = &m["xtb651"]["components"];
            Molecule {
                name: format!("{} {}{}", m["id"], m["name"], m["smiles"]),
                numbers: floats(&m["numbers"]).iter().map(|&z| z as u8).collect(),
                positions: xyz.map(|p| [p[0] * ANGSTROM, p[1] * ANGSTROM, p[2] * ANGSTROM]).collect(),
                charges: floats(&m["gfn2"]["charges"]),
                dispersion: components["disp"].as_f64().unwrap(),
                repulsion: components["rep"].as_f64().unwrap(),
            }
        })
        .collect()
}

fn moments(charges: &[f64]) -> Moments {
    Moments { atom: charges.to_vec(), ..Moments::zero(0, charges.len()) }
}

fn place(dispersion: &mut Dispersion, positions: &[[f64; 3]]) {
    dispersion.place(Placement { positions, cn: &[] });
}

/// Two-body and three-body energy.
fn energy(dispersion: &mut Dispersion, positions: &[[f64; 3]], charges: &[f64]) -> (f64, f64) {
    let mut parts = vec![0.0; charges.len()];
    place(dispersion, positions);
    dispersion.add_energy(&moments(charges), &mut parts);
    let two: f64 = parts.iter().sum();
    dispersion.add_three_body(&mut parts);
    (two, parts.iter().sum::<f64>() - two)
}

#[test]
fn energies_of_xtb() {
    let mut worst = [(0.0, String::new()), (0.0, String::new())];
    let mut all = [Vec::new(), Vec::new()];
    for molecule in reference_set() {
        let (two, three) = energy(&mut Dispersion::new(&molecule.numbers), &molecule.positions, &molecule.charges);
        let mut parts = vec![0.0; molecule.numbers.len()];
        repulsion::add_energy(&molecule.numbers, &molecule.positions, &mut parts);
        let repulsion: f64 = parts.iter().sum();
        for (k, error) in
            [two + three - molecule.dispersion, repulsion - molecule.repulsion].into_iter().enumerate()
        {
            all[k].push(error.abs());
            if error.abs() > worst[k].0 {
                worst[k] = (error.abs(), molecule.name.clone());
            }
        }
    }
    for errors in &mut all {
        errors.sort_by(f64::total_cmp);
        println!("median {:?} of {}", errors.get(errors.len() / 2), errors.len());
    }
    println!("{worst:?}");
    assert!(worst[0].0 < 1e-8, "dispersion: {:?}", worst[0]);
    assert!(worst[1].0 < 1e-8, "repulsion: {:?}", worst[1]);
}
