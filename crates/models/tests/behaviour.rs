//! What models do with good and bad input, on molecules made on the spot.

use features::Composition;
use ledger::Conversion;
use matter::Graph;
use models::{
    DataSet, DuplicatePolicy, Features, Labelled, Model, ModelError, Options, Property, Stage, Structure,
    Watch, Wish, train,
};
use proptest::prelude::*;
use std::path::Path;
use std::sync::LazyLock;

struct Until(usize);

impl Watch for Until {
    fn stage(&mut self, _: Stage) -> bool {
        self.0 = self.0.saturating_sub(1);
        self.0 > 0
    }
}

fn options() -> Options {
    Options {
        wish: Wish::default(),
        duplicates: DuplicatePolicy::default(),
        seed: 1,
        target: None,
        licence: Some("CC0".into()),
        conversion: Conversion::default(),
    }
}

fn graph(smiles: &str) -> Structure {
    Structure::Graph(Box::new(Graph::from_smiles(smiles).unwrap()))
}

fn row(place: usize, structure: Structure, label: f64) -> Labelled {
    Labelled { place: format!("made, line {place}"), structure, label, low: None }
}

fn data(rows: Vec<Labelled>) -> DataSet {
    let property = Property { name: "value".into(), unit: "eV".into(), level: None };
    DataSet { source: "made".into(), property, low: None, rows }
}

/// Substituted chains; the label falls with the chain and with the end.
fn chains() -> DataSet {
    let ends = [("O", 1.0), ("N", 2.0), ("F", 3.0), ("C#N", 4.0), ("C(=O)O", 5.0), ("c1ccccc1", 6.0)];
    let mut rows = Vec::new();
    for length in 1..=14 {
        for (smiles, size) in ends {
            let label = size + 3.0 / f64::from(length);
            rows.push(row(rows.len() + 1, graph(&format!("{}{smiles}", "C".repeat(length as usize))), label));
        }
    }
    data(rows)
}

static MODEL: LazyLock<(Model, Vec<u8>)> = LazyLock::new(|| {
    let model = train(chains(), &options(), &mut Until(usize::MAX)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model");
    model.save(&path).unwrap();
    (model, std::fs::read(path).unwrap())
});

fn load(bytes: &[u8]) -> Result<Model, ModelError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model");
    std::fs::write(&path, bytes).unwrap();
    Model::load(&path)
}

#[test]
fn graphs_are_learnt_and_the_same_seed_gives_the_same_file() {
    let (model, bytes) = &*MODEL;
    let card = model.card();
    assert!(card.evaluation.mae < 0.5 * card.evaluation.mae_of_mean, "{:?}", card.evaluation);
    assert_eq!((card.data.structures, card.data.used, card.data.licence.as_deref()), (84, 84, Some("CC0")));
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let again = one.install(|| train(chains(), &options(), &mut Until(usize::MAX)).unwrap());
    // All but what it cost.
    assert_eq!(again.card().evaluation, card.evaluation);
    assert_eq!(again.card().data, card.data);
    let asked = [graph("CCCCCCO"), graph("CCCCl"), graph("CC(C)c1ccccc1")];
    let (first, second) = (model.predict(&asked, None), again.predict(&asked, None));
    assert_eq!(first, second);
    let chlorine = first[1].as_ref().unwrap_err();
    assert!(chlorine.contains("Cl") && chlorine.contains("C, F, H, N, O"), "{chlorine}");
    let read = load(bytes).unwrap();
    assert_eq!(read.predict(&asked, None), first);
    let p = first[0].as_ref().unwrap();
    assert!((p.mean - 1.5).abs() < 0.5 && p.lower < p.mean && p.mean < p.upper && p.in_domain, "{p:?}");
}

#[test]
fn formulas_are_learnt() {
    let mut rows = Vec::new();
    for (i, metal) in ["Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn"].iter().enumerate() {
        for (j, other) in ["O", "S", "Se", "Te", "F", "Cl"].iter().enumerate() {
            let formula = Structure::Formula(Composition::parse(&format!("{metal}2{other}3")).unwrap());
            rows.push(row(rows.len(), formula, i as f64 + 2.0 * j as f64));
        }
    }
    let model = train(data(rows), &options(), &mut Until(usize::MAX)).unwrap();
    assert!(model.card().features.contains("magpie"), "{}", model.card().features);
    assert!(model.card().evaluation.mae < 1.5, "{:?}", model.card().evaluation);
    let asked = [Structure::Formula(Composition::parse("Fe4O6").unwrap()), graph("CO")];
    let seen = model.predict(&asked, None);
    assert!((seen[0].as_ref().unwrap().mean - 4.0).abs() < 1.5, "{seen:?}");
    assert!(seen[1].as_ref().unwrap_err().contains("formulas"), "{seen:?}");
}

#[test]
fn bad_labels_and_conflicts_are_named() {
    let refuse = |data: DataSet, duplicates: DuplicatePolicy| {
        let options = Options { duplicates, ..options() };
        train(data, &options, &mut Until(usize::MAX)).unwrap_err().to_string()
    };
    let mut bad = chains();
    bad.rows[6].label = f64::NAN;
    let text = refuse(bad, DuplicatePolicy::Mean);
    assert!(text.contains("made, line 7") && text.contains("NaN"), "{text}");

    let mut twice = chains();
    twice.rows.push(row(99, graph("OC"), 11.0));
    let text = refuse(twice.clone(), DuplicatePolicy::Refuse);
    assert!(text.contains("made, line 1 and made, line 99") && text.contains("--duplicates"), "{text}");
    let model = train(twice, &options(), &mut Until(usize::MAX)).unwrap();
    let found = &model.card().data.duplicates;
    assert_eq!((found.rows, found.conflicting, found.largest), (1, 1, 7.0));

    let text = refuse(data(vec![row(1, graph("CC"), 1.0)]), DuplicatePolicy::Mean);
    assert!(text.contains("1 labelled structures are too few"), "{text}");
    let text = refuse(data(Vec::new()), DuplicatePolicy::Mean);
    assert!(text.contains("the data set is empty"), "{text}");

    let mut low = chains();
    low.low = Some("cheap".into());
    let text = refuse(low, DuplicatePolicy::Mean);
    assert!(text.contains("made, line 1") && text.contains("`cheap`"), "{text}");
    let wish = Wish { features: Some(Features::Slatm), ..Wish::default() };
    let error = train(chains(), &Options { wish, ..options() }, &mut Until(usize::MAX)).unwrap_err();
    assert!(error.is_input() && error.to_string().contains("describes geometries"), "{error}");
}

#[test]
fn labels_that_are_all_the_same_are_no_reason_to_fail() {
    let mut flat = chains();
    flat.rows.iter_mut().for_each(|row| row.label = 2.5);
    let model = train(flat, &options(), &mut Until(usize::MAX)).unwrap();
    let seen = model.predict(&[graph("CCCO")], None);
    assert!((seen[0].as_ref().unwrap().mean - 2.5).abs() < 1e-9);
    assert_eq!(model.card().evaluation.r2, None);
}

#[test]
fn training_stops_when_asked() {
    for stages in 1..5 {
        let error = train(chains(), &options(), &mut Until(stages)).unwrap_err();
        assert!(matches!(error, ModelError::Stopped), "{error}");
    }
}

#[test]
fn other_files_are_refused_by_name() {
    let missing = Model::load(Path::new("nowhere.model")).unwrap_err();
    assert!(missing.to_string().contains("nowhere.model"), "{missing}");
    for other in [&b""[..], b"name,value\n", &MODEL.1[..MODEL.1.len() / 2]] {
        let error = load(other).unwrap_err();
        assert!(error.to_string().contains("written by `joulery train`"), "{error}");
    }
    // The same length, so that the container stays whole.
    let (old, mut bytes) = (br#"\"format\":1"#, MODEL.1.clone());
    let place = bytes.windows(old.len()).position(|part| part == old).unwrap();
    bytes[place + old.len() - 1] = b'7';
    let error = load(&bytes).unwrap_err().to_string();
    assert!(error.contains("format 7") && error.contains("format 1"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn a_damaged_file_is_never_a_panic(at in 0.0..1.0_f64, value in any::<u8>(), cut in 0.0..1.0_f64) {
        let mut bytes = MODEL.1.clone();
        // Half of the changes in the header, where they matter most.
        let length = bytes.len();
        let place = (at * at * length as f64) as usize;
        bytes[place.min(length - 1)] = value;
        if cut < 0.2 {
            bytes.truncate((cut * 5.0 * length as f64) as usize);
        }
        if let Ok(model) = load(&bytes) {
            let _ = model.predict(&[graph("CCO")], None);
        }
    }
}
