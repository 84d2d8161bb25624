//! Intensive properties of geometries, by each representation of whole molecules.

use ledger::Conversion;
use matter::{Element, Geometry};
use models::{
    DataSet, DuplicatePolicy, Features, Labelled, Model, Options, Property, Stage, Structure, Watch, Wish,
    train,
};

struct Quiet;

impl Watch for Quiet {
    fn stage(&mut self, _: Stage) -> bool {
        true
    }
}

fn geometry(symbol: &str, length: f64, degrees: f64) -> Structure {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let elements = [symbol, "H", "H"].map(|symbol| Element::from_symbol(symbol).unwrap());
    let places = vec![[0.0; 3], [length, 0.0, 0.0], [1.1 * length * cos, 1.1 * length * sin, 0.0]];
    Structure::Geometry(Geometry::new(elements.to_vec(), places).unwrap())
}

/// Bent molecules, by bond length and angle; the label falls with the length.
fn data() -> DataSet {
    let mut rows = Vec::new();
    for (shift, symbol) in [(0.0, "O"), (0.3, "S"), (0.6, "N")] {
        for length in 0..12 {
            for degrees in [80.0, 95.0, 110.0, 125.0] {
                let bond = 0.9 + 0.05 * f64::from(length);
                let label = 1.0 / bond + shift + 0.002 * degrees;
                let (place, structure) =
                    (format!("made, line {}", rows.len()), geometry(symbol, bond, degrees));
                rows.push(Labelled { place, structure, label, low: None });
            }
        }
    }
    let property = Property { name: "value".into(), unit: "eV".into(), level: None };
    DataSet { source: "made".into(), property, low: None, rows }
}

fn options(features: Features, extensive: bool) -> Options {
    Options {
        wish: Wish { features: Some(features), extensive: Some(extensive), ..Wish::default() },
        duplicates: DuplicatePolicy::default(),
        seed: 2,
        target: None,
        licence: None,
        conversion: Conversion::default(),
    }
}

#[test]
fn whole_molecules_are_learnt_by_every_representation() {
    let asked = [geometry("O", 1.12, 101.0), geometry("S", 1.33, 88.0)];
    let all = [
        (Features::CoulombMatrix, "coulomb-matrix"),
        (Features::CoulombEigenvalues, "coulomb-eigenvalues"),
        (Features::Slatm, "slatm"),
        (Features::Soap, "soap-outer"),
    ];
    for (features, name) in all {
        let model = train(data(), &options(features, false), &mut Quiet).unwrap();
        let card = model.card();
        assert!(card.features.starts_with(name), "{}", card.features);
        assert!(card.evaluation.mae < 0.2 * card.evaluation.mae_of_mean, "{name}: {:?}", card.evaluation);
        let found: Vec<_> = model.predict(&asked, None).into_iter().map(|p| p.unwrap()).collect();
        for (found, truth) in found.iter().zip([1.0 / 1.12 + 0.202, 1.0 / 1.33 + 0.476]) {
            assert!((found.mean - truth).abs() < 0.05, "{name}: {found:?} {truth}");
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model");
        model.save(&path).unwrap();
        let read = Model::load(&path).unwrap();
        assert_eq!(read.predict(&asked, None), model.predict(&asked, None), "{name}");
        let smaller = Geometry::new(vec![Element::H; 2], vec![[0.0; 3], [0.74, 0.0, 0.0]]).unwrap();
        assert!(model.predict(&[Structure::Geometry(smaller)], None)[0].is_ok());
    }
}

#[test]
fn a_mean_over_atoms_does_not_grow_with_the_molecule() {
    let error = train(data(), &options(Features::Soap, true), &mut Quiet).unwrap_err();
    let text = error.to_string();
    assert!(error.is_input() && text.contains("`soap`") && text.contains("--intensive"), "{text}");
}

#[test]
fn classes_of_geometries_are_learnt() {
    let mut data = data();
    data.rows.iter_mut().for_each(|row| row.label = f64::from(u8::from(row.label > 1.3)));
    let mut options = options(Features::CoulombEigenvalues, false);
    options.wish.classify = true;
    let model = train(data, &options, &mut Quiet).unwrap();
    let seen = model.card().evaluation.class.as_ref().unwrap();
    assert!(seen.probabilities.area.unwrap() > 0.95, "{seen:?}");
    // By the rule 1.70 and 0.89.
    let found = model.predict(&[geometry("N", 1.12, 102.0), geometry("O", 1.4, 88.0)], None);
    let chance = |i: usize| found[i].as_ref().unwrap().mean;
    assert!(chance(0) > 0.8 && chance(1) < 0.2, "{found:?}");
}
