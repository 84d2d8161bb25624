//! Models of measured data: atomisation energies of QM7 by PBE0 and DFTB3.
//!
//! Needs `../shared/data/qm7_mf` beside the repository, and is skipped with a
//! message without it.

use ledger::Conversion;
use matter::files::FrameReader;
use models::{
    DataSet, DuplicatePolicy, Features, Labelled, Model, Options, Property, Stage, Structure, Watch, Wish,
    train,
};
use std::path::Path;

struct Quiet;

impl Watch for Quiet {
    fn stage(&mut self, _: Stage) -> bool {
        true
    }
}

fn options() -> Options {
    Options {
        wish: Wish::default(),
        duplicates: DuplicatePolicy::default(),
        seed: 0,
        target: None,
        licence: None,
        conversion: Conversion::default(),
    }
}

/// Every `step`-th molecule.
fn qm7(step: usize, low: bool) -> Option<DataSet> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/qm7_mf/qm7_pbe0_dftb3.extxyz.gz");
    let Ok(stream) = matter::files::open(&path) else {
        eprintln!("skipped: ../shared/data/qm7_mf/qm7_pbe0_dftb3.extxyz.gz is not there");
        return None;
    };
    let rows = FrameReader::new(stream).step_by(step).enumerate().map(|(row, frame)| {
        let frame = frame.unwrap();
        Labelled {
            place: format!("qm7, row {row}"),
            label: frame.real("hof_pbe0_kcal_mol").unwrap(),
            low: low.then(|| frame.real("hof_dftb3_kcal_mol").unwrap()),
            structure: Structure::Geometry(frame.geometry),
        }
    });
    Some(DataSet {
        source: "qm7".into(),
        property: Property {
            name: "hof_pbe0_kcal_mol".into(),
            unit: "kcal/mol".into(),
            level: Some("PBE0".into()),
        },
        low: low.then(|| "hof_dftb3_kcal_mol".into()),
        rows: rows.collect(),
    })
}

#[test]
fn energies_are_learnt_and_the_file_gives_them_back() {
    let Some(data) = qm7(24, false) else { return };
    let asked: Vec<Structure> = data.rows.iter().take(20).map(|row| row.structure.clone()).collect();
    // Left to itself it takes what predicts so few better.
    let by_itself = train(data.clone(), &options(), &mut Quiet).unwrap();
    assert!(by_itself.card().features.starts_with("slatm"), "{}", by_itself.card().features);
    let wish = Wish { features: Some(Features::Fchl19), ..Wish::default() };
    let model = train(data, &Options { wish, ..options() }, &mut Quiet).unwrap();
    let card = model.card();
    assert!(by_itself.card().evaluation.mae < card.evaluation.mae);
    assert!(card.features.starts_with("fchl19"), "{}", card.features);
    assert!(card.baseline.is_some());
    assert!(card.evaluation.mae < 4.5, "{:?}", card.evaluation);
    let held = card.evaluation.coverage_90().unwrap().held;
    assert!((0.84..0.96).contains(&held), "{held}");
    assert!(card.curve.points.windows(2).all(|p| p[1].mae < p[0].mae), "{:?}", card.curve);
    assert!(card.cost.joules.value() > 0.0);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("qm7.model");
    model.save(&path).unwrap();
    let read = Model::load(&path).unwrap();
    assert_eq!(read.card(), card);
    assert_eq!(read.predict(&asked, None), model.predict(&asked, None));
    assert!(read.predict(&asked, None).iter().all(|p| p.is_ok()));
}

#[test]
fn the_cheap_method_and_a_target_save_labels() {
    let (Some(direct), Some(both)) = (qm7(20, false), qm7(20, true)) else { return };
    let with_target = Options { target: Some(3.5), ..options() };
    let direct = train(direct, &with_target, &mut Quiet).unwrap();
    let both = train(both, &with_target, &mut Quiet).unwrap();
    assert_eq!(direct.card().curve.reached, Some(true));
    assert_eq!(both.card().curve.reached, Some(true));
    let (dear, cheap) = (direct.card().data.used, both.card().data.used);
    assert!(cheap < dear && dear < direct.card().data.structures, "{cheap} {dear}");
    let low = both.card().low.as_ref().unwrap();
    assert!((low.slope - 1.0).abs() < 0.2 && low.correlation > 0.9, "{low:?}");
    let asked = qm7(700, true).unwrap();
    let structures: Vec<Structure> = asked.rows.iter().map(|row| row.structure.clone()).collect();
    let without = both.predict(&structures, None);
    assert!(without[0].as_ref().unwrap_err().contains("hof_dftb3_kcal_mol"));
    let low: Vec<Vec<Option<f64>>> = asked.rows.iter().map(|row| vec![row.low]).collect();
    for (row, seen) in asked.rows.iter().zip(both.predict(&structures, Some(&low))) {
        let seen = seen.unwrap();
        assert!((seen.mean - row.label).abs() < 20.0, "{} {seen:?}", row.label);
    }
}
