//! Against xtb, and derivatives against finite differences.

use std::io::Read;

use serde_json::Value;

use super::Dispersion;
use crate::interaction::{Interaction, Moments, Placement};
use crate::parameters::ANGSTROM;
use crate::{coordination, repulsion};

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
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/gfn2_reference/gfn2_reference.json.gz");
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
        let (two, three) =
            energy(&mut Dispersion::new(&molecule.numbers), &molecule.positions, &molecule.charges);
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

/// Molecules with light and heavy elements, distorted so that nothing is symmetric.
fn distorted(limit: usize) -> Vec<Molecule> {
    let mut state = 1u64;
    let mut random = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
    };
    let mut molecules = reference_set();
    molecules.retain(|m| m.numbers.len() > 2);
    let step = (molecules.len() / limit).max(1);
    let mut molecules: Vec<Molecule> = molecules.into_iter().step_by(step).collect();
    for molecule in &mut molecules {
        for position in &mut molecule.positions {
            position.iter_mut().for_each(|x| *x += 0.2 * random());
        }
        molecule.charges.iter_mut().for_each(|q| *q += 0.3 * random());
    }
    molecules
}

/// Derivative of `f` at `x` by the central difference of fourth order.
fn derivative(mut f: impl FnMut(f64) -> f64) -> f64 {
    let h = 2e-3;
    (8.0 * (f(h) - f(-h)) - (f(2.0 * h) - f(-2.0 * h))) / (12.0 * h)
}

#[test]
fn gradients_are_derivatives() {
    let mut worst = 0f64;
    for molecule in distorted(60) {
        let n = molecule.numbers.len();
        let mut dispersion = Dispersion::new(&molecule.numbers);
        place(&mut dispersion, &molecule.positions);
        let (mut two, mut three) = (vec![[0.0; 3]; n], vec![[0.0; 3]; n]);
        let placement = Placement { positions: &molecule.positions, cn: &[] };
        let mut by_cn = vec![0.0; n];
        dispersion.add_gradient(placement, &moments(&molecule.charges), &mut two, &mut by_cn);
        assert!(by_cn.iter().all(|&x| x == 0.0));
        let mut parts = vec![0.0; n];
        dispersion.add_three_body_gradient(&mut parts, &mut three);
        let (_, reference) = energy(&mut dispersion, &molecule.positions, &molecule.charges);
        assert!((parts.iter().sum::<f64>() - reference).abs() < 1e-15);
        let mut moved = molecule.positions.clone();
        for atom in (0..n).step_by(1 + n / 4) {
            for k in 0..3 {
                let origin = moved[atom][k];
                let mut at = |h: f64, part: usize| {
                    moved[atom][k] = origin + h;
                    let parts = energy(&mut dispersion, &moved, &molecule.charges);
                    moved[atom][k] = origin;
                    [parts.0, parts.1][part]
                };
                let errors =
                    [two[atom][k] - derivative(|h| at(h, 0)), three[atom][k] - derivative(|h| at(h, 1))];
                for error in errors {
                    assert!(error.abs() < 1e-9, "{} atom {atom}: {errors:?}", molecule.name);
                    worst = worst.max(error.abs());
                }
            }
        }
    }
    println!("largest difference {worst:.1e}");
}

#[test]
fn potentials_are_derivatives() {
    let mut worst = 0f64;
    for molecule in distorted(100) {
        let n = molecule.numbers.len();
        let mut dispersion = Dispersion::new(&molecule.numbers);
        place(&mut dispersion, &molecule.positions);
        let mut potential = Moments::zero(0, n);
        dispersion.add_potential(&moments(&molecule.charges), &mut potential);
        let mut charges = molecule.charges.clone();
        for atom in 0..n {
            let origin = charges[atom];
            let error = potential.atom[atom]
                - derivative(|h| {
                    charges[atom] = origin + h;
                    let mut parts = vec![0.0; n];
                    dispersion.add_energy(&moments(&charges), &mut parts);
                    charges[atom] = origin;
                    parts.iter().sum()
                });
            assert!(error.abs() < 1e-9, "{} atom {atom}: {error:e}", molecule.name);
            worst = worst.max(error.abs());
        }
    }
    println!("largest difference {worst:.1e}");
}

/// The order of the atoms, a shift and a rotation change nothing.
#[test]
fn invariances() {
    for molecule in distorted(40) {
        let n = molecule.numbers.len();
        let (two, three) =
            energy(&mut Dispersion::new(&molecule.numbers), &molecule.positions, &molecule.charges);
        let (cos, sin) = (0.6, 0.8);
        let turned =
            |p: &[f64; 3]| [cos * p[0] - sin * p[2] + 3.0, p[1] - 7.0, sin * p[0] + cos * p[2] + 1.0];
        let positions: Vec<[f64; 3]> = molecule.positions.iter().rev().map(turned).collect();
        let numbers: Vec<u8> = molecule.numbers.iter().rev().copied().collect();
        let charges: Vec<f64> = molecule.charges.iter().rev().copied().collect();
        let other = energy(&mut Dispersion::new(&numbers), &positions, &charges);
        assert!((two - other.0).abs() < 1e-14 && (three - other.1).abs() < 1e-14, "{}: {n}", molecule.name);
    }
}

/// A pair has no three-body energy; an atom far away, or without parameters, adds nothing; nothing is NaN at
/// coordination numbers no reference system has.
#[test]
fn edges() {
    let argon = [[0.0; 3], [0.0, 0.0, 7.0]];
    let (two, three) = energy(&mut Dispersion::new(&[18, 18]), &argon, &[0.0, 0.0]);
    assert!(two < -1e-4 && three == 0.0, "{two} {three}");
    let apart = [[0.0; 3], [0.0, 0.0, 7.0], [0.0, 60.0, 0.0]];
    assert_eq!(energy(&mut Dispersion::new(&[18, 18, 18]), &apart, &[0.0; 3]), (two, 0.0));
    assert_eq!(
        energy(&mut Dispersion::new(&[18, 200, 18]), &[apart[0], [1.0; 3], apart[1]], &[0.0; 3]),
        (two, 0.0)
    );
    assert_eq!(energy(&mut Dispersion::new(&[]), &[], &[]), (0.0, 0.0));
    let mut crowd = vec![[0.0; 3]];
    for k in 0..30 {
        let angle = f64::from(k);
        let height = f64::from(k) / 15.0 - 1.0;
        let ring = (1.0 - height * height).sqrt();
        crowd.push([1.6 * ring * angle.cos(), 1.6 * ring * angle.sin(), 1.6 * height]);
    }
    for number in [1, 2, 6, 55, 86] {
        let mut numbers = vec![1; crowd.len()];
        numbers[0] = number;
        let charges = vec![-2.0; crowd.len()];
        let (two, three) = energy(&mut Dispersion::new(&numbers), &crowd, &charges);
        assert!(two.is_finite() && three.is_finite(), "{number}: {two} {three}");
    }
}

/// Xenon, where next to nothing but dispersion holds the atoms: differences of total energies from tblite
/// 0.8.0 (GFN2-xTB, accuracy 1e-4), pairs and equilateral triangles of these sides, to just within and just
/// beyond its cutoffs. Nearer pairs differ by 1e-12 hartree from the tail of the GFN2 coordination number in
/// the levels.
#[test]
fn xenon_of_tblite() {
    let (pair, triangle) = ([54; 2], [54; 3]);
    for (side, value) in [(40.0, -8.107633853171592e-08), (49.9, -2.0570287695420575e-08), (50.1, 0.0)] {
        let (two, _) = energy(&mut Dispersion::new(&pair), &[[0.0; 3], [0.0, 0.0, side]], &[0.0; 2]);
        assert!((two - value).abs() < 2e-14, "{side}: {two:e}, not {value:e}");
    }
    for (side, value) in [(20.0, 6.67945556642735e-08), (24.9, 9.294840452866993e-09), (25.1, 0.0)] {
        let positions = [[0.0; 3], [0.0, 0.0, side], [0.0, side * 0.75f64.sqrt(), 0.5 * side]];
        let (_, three) = energy(&mut Dispersion::new(&triangle), &positions, &[0.0; 3]);
        assert!((three - value).abs() < 2e-14, "{side}: {three:e}, not {value:e}");
    }
}

/// Clusters with every element, from the Python packages of the authors of D4 and of GFN2 (the script in
/// tests/data).
#[test]
fn clusters_of_the_python_packages() {
    let text = include_str!("../../tests/data/dispersion_reference.json");
    let data: Value = serde_json::from_str(text).unwrap();
    let mut worst = 0f64;
    for cluster in data["clusters"].as_array().unwrap() {
        let numbers: Vec<u8> = floats(&cluster["numbers"]).iter().map(|&z| z as u8).collect();
        let vectors = |name: &str| -> Vec<[f64; 3]> {
            cluster[name].as_array().unwrap().iter().map(|v| floats(v).try_into().unwrap()).collect()
        };
        let mut check = |name: &str, found: &[f64]| {
            for (atom, (value, reference)) in found.iter().zip(floats(&cluster[name])).enumerate() {
                let error = (value - reference).abs() / reference.abs().max(1.0);
                assert!(error < 1e-12, "{name} of atom {atom} of {numbers:?}: {value:e}, not {reference:e}");
                worst = worst.max(error);
            }
        };
        let (positions, charges) = (vectors("positions"), floats(&cluster["charges"]));
        let n = numbers.len();
        let fresh = || (vec![0.0; n], vec![[0.0; 3]; n]);
        let mut slopes: Vec<(&str, Vec<[f64; 3]>)> = Vec::new();

        let (mut cn, mut gradient) = fresh();
        coordination::gfn2(&numbers, &positions, &mut cn);
        check("cn_gfn2", &cn);
        let weights: Vec<f64> = (1..=n).map(|k| k as f64).collect();
        coordination::gfn2_gradient(&numbers, &positions, &weights, &mut gradient);
        slopes.push(("cn_gfn2_gradient", gradient));
        let (mut cn, _) = fresh();
        coordination::d4(&numbers, &positions, &mut cn);
        check("cn_d4", &cn);

        let (mut parts, mut gradient) = fresh();
        repulsion::add_energy_and_gradient(&numbers, &positions, &mut parts, &mut gradient);
        check("repulsion", &parts);
        slopes.push(("repulsion_gradient", gradient));

        let mut dispersion = Dispersion::new(&numbers);
        place(&mut dispersion, &positions);
        let (mut parts, mut gradient) = fresh();
        let mut potential = Moments::zero(0, n);
        dispersion.add_energy(&moments(&charges), &mut parts);
        check("two_body", &parts);
        dispersion.add_potential(&moments(&charges), &mut potential);
        check("two_body_potential", &potential.atom);
        let placement = Placement { positions: &positions, cn: &[] };
        dispersion.add_gradient(placement, &moments(&charges), &mut gradient, &mut []);
        slopes.push(("two_body_gradient", gradient));
        let (mut parts, mut gradient) = fresh();
        dispersion.add_three_body_gradient(&mut parts, &mut gradient);
        check("three_body", &parts);
        slopes.push(("three_body_gradient", gradient));
        for (name, found) in slopes {
            for (atom, (value, reference)) in
                found.iter().flatten().zip(vectors(name).iter().flatten()).enumerate()
            {
                let error = (value - reference).abs() / reference.abs().max(1.0);
                assert!(error < 1e-12, "{name} {atom} of {numbers:?}: {value:e}, not {reference:e}");
                worst = worst.max(error);
            }
        }
    }
    println!("largest difference {worst:.1e}");
}
