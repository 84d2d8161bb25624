//! Models of several levels, on molecules made on the spot.

use ledger::Conversion;
use matter::Graph;
use models::{
    DuplicatePolicy, Kind, LadderSet, Model, ModelError, Options, Property, Rung, RungRow, Stage, Structure,
    Watch, Wish, train_ladder,
};
use std::sync::LazyLock;

struct Quiet;

impl Watch for Quiet {
    fn stage(&mut self, _: Stage) -> bool {
        true
    }
}

fn options(target: Option<f64>) -> Options {
    Options {
        wish: Wish::default(),
        duplicates: DuplicatePolicy::default(),
        seed: 1,
        target,
        licence: None,
        conversion: Conversion::default(),
    }
}

fn graph(smiles: &str) -> Structure {
    Structure::Graph(Box::new(Graph::from_smiles(smiles).unwrap()))
}

/// Substituted chains with a cheap label each and a dear one of every fourth;
/// the cheap one is off by a factor and by the kind of the end.
fn chains(cheap: impl Fn(usize, f64) -> f64) -> LadderSet {
    let ends = [("O", 1.0), ("N", 2.0), ("F", 3.0), ("C#N", 4.0), ("C(=O)O", 5.0), ("c1ccccc1", 6.0)];
    let mut rows = Vec::new();
    for length in 1..=14_usize {
        for (end, (smiles, size)) in ends.iter().enumerate() {
            let value = size + 3.0 / length as f64;
            let dear = ((length + end) % 4 == 0).then_some(value);
            let structure = graph(&format!("{}{smiles}", "C".repeat(length)));
            let place = format!("made, line {}", rows.len() + 1);
            rows.push(RungRow { place, structure, labels: vec![Some(cheap(rows.len(), value)), dear] });
        }
    }
    LadderSet {
        source: "made".into(),
        property: Property { name: "value".into(), unit: "eV".into(), level: None },
        cost: Some(20.0),
        lower: vec![Rung { column: "cheap".into(), cost: Some(1.0) }],
        rows,
    }
}

fn useful() -> LadderSet {
    chains(|row, value| 0.5 * value + 0.1 * (row % 6) as f64)
}

static MODEL: LazyLock<Model> =
    LazyLock::new(|| train_ladder(useful(), &options(Some(0.05)), &mut Quiet).unwrap());

#[test]
fn cheap_labels_take_the_place_of_dear_ones() {
    let card = MODEL.card();
    let ladder = card.ladder.as_ref().unwrap();
    assert!(ladder.used);
    assert!(ladder.together.mae < 0.5 * ladder.alone.mae, "{ladder:?}");
    let given = ladder.given.as_ref().unwrap();
    assert!(given.mae < ladder.together.mae, "{ladder:?}");
    assert_eq!((ladder.rungs[0].labels, ladder.rungs[1].labels, ladder.rungs[1].paired), (84, 20, 20));
    assert!((ladder.rungs[1].rho.unwrap() - 2.0).abs() < 0.6, "{ladder:?}");
    assert_eq!(ladder.pilots[0].verdict, "pays");
    let plan = ladder.plan.as_ref().unwrap();
    assert!(plan.next.is_some() && plan.rungs.len() == 2, "{plan:?}");
    assert_eq!((card.data.structures, card.data.used), (84, 20));
    assert_eq!(card.takes().columns, ["cheap"]);
    assert!(!card.takes().needed);
}

#[test]
fn a_known_cheap_value_helps_but_one_that_was_learnt_does_not_count_twice() {
    let new = graph("CCCCCCCCCCCCCCCCN");
    let truth = 2.0 + 3.0 / 16.0;
    let cheap = 0.5 * truth + 0.1;
    let bare = MODEL.predict(std::slice::from_ref(&new), None)[0].clone().unwrap();
    let told = MODEL.predict(&[new], Some(&[vec![Some(cheap)]]))[0].clone().unwrap();
    assert!(told.sd < bare.sd);
    assert!((told.mean - truth).abs() < 0.2, "{told:?}");
    let old = graph("CCCCN");
    let bare = MODEL.predict(std::slice::from_ref(&old), None)[0].clone().unwrap();
    let told = MODEL.predict(&[old], Some(&[vec![Some(9.0)]]))[0].clone().unwrap();
    assert_eq!(bare, told);
    let bad = MODEL.predict(&[graph("CCCCCCCCCCCCCCCCN")], Some(&[vec![Some(f64::NAN)]]));
    assert!(bad[0].as_ref().unwrap_err().contains("cheap"), "{bad:?}");
}

#[test]
fn the_file_predicts_as_the_model_did_and_damage_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.model");
    MODEL.save(&path).unwrap();
    let read = Model::load(&path).unwrap();
    assert_eq!(read.card(), MODEL.card());
    let asked = [graph("CCCCN"), graph("CCCCCCCCCCCCCCCCF")];
    let given = [vec![None], vec![Some(1.7)]];
    for (a, b) in MODEL.predict(&asked, Some(&given)).iter().zip(read.predict(&asked, Some(&given))) {
        let (a, b) = (a.as_ref().unwrap(), b.unwrap());
        assert!((a.mean - b.mean).abs() < 1e-8 && (a.sd - b.sd).abs() < 1e-8, "{a:?} {b:?}");
        assert_eq!(a.in_domain, b.in_domain);
    }
    let bytes = std::fs::read(&path).unwrap();
    let text = String::from_utf8_lossy(&bytes).replace("rows.rung", "rows.rang");
    assert_eq!(text.len(), String::from_utf8_lossy(&bytes).len());
    let at = bytes.windows(9).position(|w| w == b"rows.rung").unwrap();
    let mut damaged = bytes;
    damaged[at + 6] = b'a';
    std::fs::write(&path, damaged).unwrap();
    let error = Model::load(&path).unwrap_err().to_string();
    assert!(error.contains("rows"), "{error}");
}

#[test]
fn levels_that_mislead_are_left_alone() {
    // Nothing of the dear labels is in the cheap ones; half of all labels are dear.
    let mut data = chains(|row, _| ((row * 7919) % 101) as f64);
    for (row, one) in data.rows.iter_mut().enumerate() {
        let value = 1.0 + (row % 6) as f64 + 3.0 / (row / 6 + 1) as f64;
        one.labels[1] = (row % 2 == 0).then_some(value);
    }
    let model = train_ladder(data, &options(None), &mut Quiet).unwrap();
    let ladder = model.card().ladder.as_ref().unwrap();
    let best = ladder.alone.mae.min(ladder.together.mae);
    assert_eq!(model.card().evaluation.mae, best);
    assert_eq!(ladder.used, ladder.together.mae <= ladder.alone.mae);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.model");
    model.save(&path).unwrap();
    let read = Model::load(&path).unwrap();
    assert_eq!(read.predict(&[graph("CCCCN")], None), model.predict(&[graph("CCCCN")], None));
}

#[test]
fn sets_need_not_be_nested_and_threads_do_not_matter() {
    let mut data = useful();
    for row in data.rows.iter_mut().filter(|row| row.labels[1].is_some()).take(12) {
        row.labels[0] = None;
    }
    let fit = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| train_ladder(data.clone(), &options(Some(0.01)), &mut Quiet).unwrap())
    };
    let (one, two) = (fit(1), fit(2));
    let ladder = one.card().ladder.as_ref().unwrap();
    assert_eq!(ladder.rungs[1].paired, 8);
    // Eight pairs tell nothing of what more labels would bring.
    assert!(ladder.pilots.is_empty() && ladder.plan.is_none());
    assert!(ladder.no_plan.as_ref().unwrap().contains("8 structures"), "{ladder:?}");
    assert_eq!(one.card().ladder, two.card().ladder);
    let asked = [graph("CCCCCCCCCCCCCCCCF")];
    assert_eq!(one.predict(&asked, None), two.predict(&asked, None));
}

#[test]
fn bad_levels_are_named() {
    let refused = |change: &dyn Fn(&mut LadderSet), options: &Options| {
        let mut data = useful();
        change(&mut data);
        train_ladder(data, options, &mut Quiet).unwrap_err().to_string()
    };
    let few = refused(&|d| d.rows.iter_mut().skip(5).for_each(|row| row.labels[0] = None), &options(None));
    assert!(few.contains("`cheap` has 5 labels"), "{few}");
    let bad = refused(&|d| d.rows[3].labels[0] = Some(f64::INFINITY), &options(None));
    assert!(bad.contains("made, line 4") && bad.contains("`cheap`"), "{bad}");
    let copy = |d: &mut LadderSet| {
        let mut row = d.rows[0].clone();
        row.labels[0] = Some(99.0);
        d.rows.push(row);
    };
    let refuse = Options { duplicates: DuplicatePolicy::Refuse, ..options(None) };
    let conflict = refused(&copy, &refuse);
    assert!(conflict.contains("--duplicates"), "{conflict}");
    let mut data = useful();
    copy(&mut data);
    let found = data.settle(DuplicatePolicy::Mean).unwrap();
    assert_eq!((found.rows, found.conflicting, data.rows.len()), (1, 1, 84));
    let trees = Options { wish: Wish { kind: Some(Kind::Boosted), ..Wish::default() }, ..options(None) };
    let kind = refused(&|_| (), &trees);
    assert!(kind.contains("Gaussian processes"), "{kind}");
    let classes = Options { wish: Wish { classify: true, ..Wish::default() }, ..options(None) };
    let classes = refused(&|_| (), &classes);
    assert!(classes.contains("classes"), "{classes}");
    let mut none = useful();
    none.cost = None;
    let model = train_ladder(none, &options(Some(0.01)), &mut Quiet).unwrap();
    let ladder = model.card().ladder.as_ref().unwrap();
    assert!(ladder.no_plan.as_ref().unwrap().contains("--cost"), "{ladder:?}");

    struct Never;
    impl Watch for Never {
        fn stage(&mut self, _: Stage) -> bool {
            false
        }
    }
    assert!(matches!(train_ladder(useful(), &options(None), &mut Never), Err(ModelError::Stopped)));
}
