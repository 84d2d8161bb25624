//! Equal trees to XGBoost's exact method; see fixture.py beside this file.

use serde_json::Value;
use trees::{Binned, BoostSettings, Boosting, Loss, Rows, TreeSettings};

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap_or(f64::NAN)).collect()
}

fn compare(name: &str, labels: &str, settings: BoostSettings, tolerance: f64) {
    let fixture: Value = serde_json::from_str(include_str!("xgboost.json")).unwrap();
    let features: Vec<f32> =
        fixture["features"].as_array().unwrap().iter().flat_map(numbers).map(|v| v as f32).collect();
    let y = numbers(&fixture[labels]);
    let mut rows = Rows::dense(features, 4).unwrap();
    let n = rows.len();
    let table = Binned::new(&rows).unwrap();
    let all: Vec<usize> = (0..n).collect();
    let mut boosting = Boosting::new(&table, &y, &all, &[], settings).unwrap();
    boosting.run();
    let model = boosting.finish(5);
    let expected = &fixture[name];
    for (tree, expected) in model.trees().iter().zip(expected["nodes"].as_array().unwrap()) {
        let mut nodes: Vec<[f64; 4]> = tree
            .nodes()
            .iter()
            .map(|node| {
                let leaf = node.is_leaf();
                [node.cover, node.gain, if leaf { 0.0 } else { 2.0 }, if leaf { node.value } else { 0.0 }]
            })
            .collect();
        nodes.sort_by(|a, b| a.partial_cmp(b).unwrap());
        let expected: Vec<Vec<f64>> = expected.as_array().unwrap().iter().map(numbers).collect();
        assert_eq!(nodes.len(), expected.len(), "{name}");
        for (node, expected) in nodes.iter().zip(&expected) {
            for (a, b) in node.iter().zip(expected) {
                assert!((a - b).abs() <= tolerance * (1.0 + b.abs()), "{name}: {node:?} {expected:?}");
            }
        }
    }
    let raw = model.predict(&rows).unwrap();
    for (a, b) in raw.iter().zip(numbers(&expected["raw"])) {
        assert!((a - b).abs() < tolerance * 10.0, "{name}: {a} {b}");
    }
    // A copy of the rows, differently stored, is predicted equally.
    let mut sparse = Rows::new(1, 3).unwrap();
    for i in 0..n {
        let row = rows.dense_row(i);
        let rest: Vec<(u32, f32)> = (0..3).map(|k| (k, row[1 + k as usize])).collect();
        sparse.push(&row[..1], &rest).unwrap();
    }
    assert_eq!(model.predict(&sparse).unwrap(), raw);
    rows = rows.select(&[3, 3]);
    assert_eq!(model.predict(&rows).unwrap(), [raw[3], raw[3]]);
}

fn settings() -> BoostSettings {
    BoostSettings {
        tree: TreeSettings { max_depth: 4, lambda: 1.5, min_child_weight: 2.0, ..Default::default() },
        learning_rate: 0.3,
        max_rounds: 5,
        subsample: 1.0,
        columns_per_tree: 1.0,
        ..Default::default()
    }
}

#[test]
fn squared_errors_give_the_trees_of_xgboost() {
    compare("squared", "labels", settings(), 2e-5);
}

#[test]
fn log_loss_gives_the_trees_of_xgboost() {
    compare("logistic", "classes", BoostSettings { loss: Loss::Logistic, ..settings() }, 2e-4);
}

#[test]
fn monotone_constraints_give_the_trees_of_xgboost() {
    compare("monotone", "labels", BoostSettings { monotone: vec![1, -1, 0, 0], ..settings() }, 2e-5);
}
