//! Models of classes: metals among measured compositions, and what is made on
//! the spot.
//!
//! The first needs `../shared/data/matbench_composition` beside the repository,
//! and is skipped with a message without it.

use ledger::Conversion;
use matter::Graph;
use models::read::Ask;
use models::{
    ClassSet, DataSet, DuplicatePolicy, Features, Kind, Labelled, Model, ModelError, Options, Property,
    Stage, Structure, Watch, Wish, train,
};
use records::Source;
use std::path::Path;

struct Quiet;

impl Watch for Quiet {
    fn stage(&mut self, _: Stage) -> bool {
        true
    }
}

fn options() -> Options {
    Options {
        wish: Wish { classify: true, ..Wish::default() },
        duplicates: DuplicatePolicy::default(),
        seed: 0,
        target: None,
        licence: None,
        conversion: Conversion::default(),
    }
}

fn graph(smiles: &str) -> Structure {
    Structure::Graph(Box::new(Graph::from_smiles(smiles).unwrap()))
}

/// Chains with many ends; alcohols, amines and acids dissolve while they are short.
fn chains() -> DataSet {
    let ends = ["O", "N", "F", "C#N", "C(=O)O", "c1ccccc1", "C", "C(=O)C", "OC", "C=C"];
    let mut rows = Vec::new();
    for length in 1..=30 {
        for (number, end) in ends.iter().enumerate() {
            let label = f64::from(u8::from([0, 1, 4].contains(&number) && length < 20));
            let structure = graph(&format!("{}{end}", "C".repeat(length)));
            rows.push(Labelled {
                place: format!("made, line {}", rows.len() + 1),
                structure,
                label,
                low: None,
            });
        }
    }
    let property = Property { name: "dissolves".into(), unit: "1".into(), level: None };
    DataSet { source: "made".into(), property, low: None, rows }
}

#[test]
fn metals_are_told_and_sets_hold_each_class() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/matbench_composition");
    let file = folder.join("expt_is_metal.csv.gz");
    if !file.exists() {
        eprintln!("skipped: ../shared/data/matbench_composition/expt_is_metal.csv.gz is not there");
        return;
    }
    let property = Property { name: "target".into(), unit: "1".into(), level: None };
    let ask = Ask { property, low: None, classify: true, structure: None, skip_bad: false };
    let (mut data, report) = DataSet::read(&Source::new([file]), &ask).unwrap();
    assert_eq!(report.rows, 4921);
    // A third is asked, in an order without meaning.
    let order = learn::shuffled(data.rows.len(), 1);
    let part = |range: std::ops::Range<usize>| -> Vec<Labelled> {
        order[range].iter().map(|&i| data.rows[i].clone()).collect()
    };
    let (known, asked) = (part(0..3280), part(3280..4921));
    data.rows = known;
    let model = train(data, &options(), &mut Quiet).unwrap();
    let card = model.card();
    let class = card.class.unwrap();
    assert_eq!(class.yes + class.no, card.data.used);
    let seen = card.evaluation.class.as_ref().unwrap();
    assert!(seen.probabilities.area.unwrap() > 0.95, "{seen:?}");
    assert!(seen.probabilities.calibration_error < 0.06, "{seen:?}");
    assert!(
        card.curve.points.windows(2).all(|p| p[1].class.unwrap().log_loss < p[0].class.unwrap().log_loss)
    );

    let structures: Vec<Structure> = asked.iter().map(|row| row.structure.clone()).collect();
    let found = model.predict(&structures, None);
    let (mut held, mut all) = ([0.0; 2], [0.0; 2]);
    for (found, row) in found.iter().zip(&asked) {
        // An element that only the rows asked have.
        let Ok(found) = found else { continue };
        let class = row.label == 1.0;
        all[usize::from(class)] += 1.0;
        held[usize::from(class)] += f64::from(u8::from(found.class.unwrap().has(class)));
        assert!((0.0..=1.0).contains(&found.mean) && found.sd >= 0.0);
    }
    for class in [0, 1] {
        let share = held[class] / all[class];
        eprintln!("class {class}: {share:.3} of {}", all[class]);
        assert!(share > 0.88, "{share}");
    }

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metal.model");
    model.save(&path).unwrap();
    let read = Model::load(&path).unwrap();
    assert_eq!(read.card(), card);
    assert_eq!(read.predict(&structures, None), found);
}

#[test]
fn a_rule_is_learnt_and_the_same_seed_gives_the_same() {
    let model = train(chains(), &options(), &mut Quiet).unwrap();
    let card = model.card();
    assert_eq!((card.class.unwrap().yes, card.class.unwrap().no), (57, 243));
    assert!(card.features.contains("descriptors") && card.design.is_class(), "{}", card.features);
    assert!(card.evaluation.how.contains("cross-validation"), "{}", card.evaluation.how);
    let seen = card.evaluation.class.as_ref().unwrap();
    assert!(seen.probabilities.accuracy > 0.95 && seen.sets.single > 0.9, "{seen:?}");
    let asked = ["CCCCCN", "CCCCCCCCCCCF"].map(graph);
    let found: Vec<_> = model.predict(&asked, None).into_iter().map(|p| p.unwrap()).collect();
    assert_eq!([found[0].class, found[1].class], [Some(ClassSet::Yes), Some(ClassSet::No)]);
    assert_eq!([found[0].lower, found[0].upper, found[1].lower, found[1].upper], [1.0, 1.0, 0.0, 0.0]);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let again = one.install(|| train(chains(), &options(), &mut Quiet).unwrap());
    assert_eq!(again.card().evaluation, card.evaluation);
    assert_eq!(again.predict(&asked, None), model.predict(&asked, None));
}

#[test]
fn labels_of_one_structure_are_counted() {
    let mut data = chains();
    let mut add = |smiles: &str, labels: &[f64]| {
        for &label in labels {
            data.rows.push(Labelled {
                place: "made, twice".into(),
                structure: graph(smiles),
                label,
                low: None,
            });
        }
    };
    // With the label it has: two of three are yes, two of three are no, one of two.
    add("CCO", &[0.0, 1.0]);
    add("CCF", &[1.0, 0.0]);
    add("CCN", &[0.0]);
    let model = train(data.clone(), &options(), &mut Quiet).unwrap();
    let card = model.card();
    let class = card.class.unwrap();
    assert_eq!((class.ties, card.data.duplicates.conflicting, card.data.duplicates.rows), (1, 3, 5));
    assert_eq!((class.yes, class.no, card.data.used), (56, 243, 299));
    let refuse = Options { duplicates: DuplicatePolicy::Refuse, ..options() };
    let text = train(data, &refuse, &mut Quiet).unwrap_err().to_string();
    assert!(text.contains("made, twice"), "{text}");
}

#[test]
fn what_is_no_class_is_refused() {
    let refused = |data: DataSet, options: Options| {
        let error = train(data, &options, &mut Quiet).unwrap_err();
        assert!(error.is_input(), "{error}");
        error.to_string()
    };
    let mut number = chains();
    number.rows[3].label = 0.5;
    let text = refused(number, options());
    assert!(text.contains("made, line 4") && text.contains("`0.5`") && text.contains("--classify"), "{text}");
    let mut one = chains();
    one.rows.iter_mut().for_each(|row| row.label = 1.0);
    let text = refused(one, options());
    assert!(text.contains("all 300 labels of `dissolves` are `yes`"), "{text}");
    let mut few = chains();
    few.rows.iter_mut().skip(5).for_each(|row| row.label = 0.0);
    let text = refused(few, options());
    assert!(text.contains("only 3 labels of `dissolves` are `yes`"), "{text}");
    let text = refused(chains(), Options { target: Some(0.1), ..options() });
    assert!(text.contains("a target error does not go with classes"), "{text}");
    let wish = |wish: Wish| Options { wish: Wish { classify: true, ..wish }, ..options() };
    for kind in [Kind::Gp, Kind::Forest] {
        let text = refused(chains(), wish(Wish { kind: Some(kind), ..Wish::default() }));
        assert!(text.contains(kind.as_str()) && text.contains("boosted trees"), "{text}");
    }
    let text = refused(chains(), wish(Wish { extensive: Some(true), ..Wish::default() }));
    assert!(text.contains("an extensive property"), "{text}");
    let text = refused(chains(), wish(Wish { features: Some(Features::Magpie), ..Wish::default() }));
    assert!(text.contains("formulas"), "{text}");
    let mut low = chains();
    low.low = Some("cheap".into());
    assert!(refused(low, options()).contains("a cheaper method"));
    let mut empty = chains();
    empty.rows.clear();
    assert!(refused(empty, options()).contains("empty"));
}

#[test]
fn few_of_a_class_are_never_ruled_out() {
    let mut data = chains();
    // Six of the alcohols stay.
    data.rows.iter_mut().enumerate().for_each(|(i, row)| row.label *= f64::from(u8::from(i < 20)));
    let model = train(data, &options(), &mut Quiet).unwrap();
    let class = model.card().class.unwrap();
    assert_eq!((class.yes, class.sets.yes, class.sets.yes_from), (6, 6, 0.0));
    let found = model.predict(&[graph("CCCCCCCCCCCF")], None);
    assert!(found[0].as_ref().unwrap().class.unwrap().has(true));
}

#[test]
fn a_file_without_its_classes_is_refused() {
    let model = train(chains(), &options(), &mut Quiet).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model");
    model.save(&path).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    // The same length, so that the container stays whole.
    let change = |from: &[u8], to: &[u8]| -> ModelError {
        assert_eq!(from.len(), to.len());
        let at = bytes.windows(from.len()).position(|part| part == from).unwrap();
        let mut bad = bytes.clone();
        bad[at..at + to.len()].copy_from_slice(to);
        std::fs::write(&path, bad).unwrap();
        Model::load(&path).unwrap_err()
    };
    let text = change(br#"\"class\":{\"yes\""#, br#"\"glass\":{\"yes\""#).to_string();
    assert!(text.contains("without classes"), "{text}");
    let text = change(br#"\"learner\":\"classifier\""#, br#"\"learner\":\"boosted\"   "#).to_string();
    assert!(text.contains("damaged"), "{text}");
    let text = change(br#"\"level\":0.9,\"yes_from\""#, br#"\"level\":9.9,\"yes_from\""#).to_string();
    assert!(text.contains("damaged card"), "{text}");
}
