//! What trees must hold whatever the data.

use proptest::prelude::*;
use trees::{
    Arrays, Binned, BoostSettings, Boosting, Ensemble, ForestSettings, Loss, Rows, TreeError, TreeSettings,
    grow_forest,
};

/// Numbers that look random, between 0 and 1.
fn numbers(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1_u64 << 24) as f32
    };
    (0..count).map(|_| next()).collect()
}

fn whole() -> BoostSettings {
    BoostSettings { subsample: 1.0, columns_per_tree: 1.0, ..Default::default() }
}

fn boosted(rows: &Rows, labels: &[f64], settings: BoostSettings) -> Result<Ensemble, TreeError> {
    let table = Binned::new(rows)?;
    let all: Vec<usize> = (0..rows.len()).collect();
    let mut boosting = Boosting::new(&table, labels, &all, &[], settings)?;
    boosting.run();
    let rounds = boosting.best_rounds();
    Ok(boosting.finish(rounds))
}

/// Labels 0, 0, 1, 1, 4, mean 1.2, lambda 1. Right of 3.5 only the last: G = -2.8,
/// H = 1; left G = 2.8, H = 4; gain 2.8^2 / 2 + 2.8^2 / 5 - 0 = 5.488. Values
/// 2.8 / 2 and -2.8 / 5.
#[test]
fn one_split_is_as_by_hand() {
    let rows = Rows::dense(vec![0.0, 1.0, 2.0, 3.0, 4.0], 1).unwrap();
    let tree = TreeSettings { max_depth: 1, ..Default::default() };
    let settings = BoostSettings { tree, learning_rate: 1.0, max_rounds: 1, ..whole() };
    let model = boosted(&rows, &[0.0, 0.0, 1.0, 1.0, 4.0], settings).unwrap();
    let nodes = model.trees()[0].nodes();
    assert_eq!((nodes.len(), nodes[0].feature, nodes[0].threshold), (3, 0, 3.5));
    assert!((nodes[0].gain - 5.488).abs() < 1e-6, "{nodes:?}");
    assert_eq!((nodes[1].cover, nodes[2].cover), (4.0, 1.0));
    assert!((nodes[1].value + 0.56).abs() < 1e-7 && (nodes[2].value - 1.4).abs() < 1e-7);
    assert_eq!(model.importance(), [nodes[0].gain]);
    assert_eq!(model.trees()[0].pruned(0).nodes().len(), 1);
}

#[test]
fn missing_values_go_the_way_that_was_learnt() {
    let nan = f32::NAN;
    let rows = Rows::dense(vec![nan, nan, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 1).unwrap();
    let tree = TreeSettings { max_depth: 1, lambda: 0.0, ..Default::default() };
    let settings = BoostSettings { tree, learning_rate: 1.0, max_rounds: 1, ..whole() };
    for (missing, side) in [(0.0, true), (1.0, false)] {
        let labels = [missing, missing, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0];
        let model = boosted(&rows, &labels, settings.clone()).unwrap();
        let root = model.trees()[0].nodes()[0];
        assert_eq!((root.threshold, root.default_left), (3.5, side));
        assert!((model.predict(&rows).unwrap()[0] - missing).abs() < 1e-6);
    }
    // Missing against the rest; numbers beyond those seen stay with the rest.
    let labels = [9.0, 9.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let model = boosted(&rows, &labels, settings.clone()).unwrap();
    let asked = Rows::dense(vec![nan, 1e30, -1e30], 1).unwrap();
    let seen = model.predict(&asked).unwrap();
    assert!((seen[0] - 9.0).abs() < 1e-5 && seen[1].abs() < 1e-5 && seen[2].abs() < 1e-5, "{seen:?}");
    // Where none was missing, they go with most rows.
    let full = Rows::dense(vec![1.0, 2.0, 3.0, 4.0, 5.0], 1).unwrap();
    let model = boosted(&full, &[0.0, 0.0, 0.0, 0.0, 5.0], settings).unwrap();
    assert!(model.predict(&asked).unwrap()[0].abs() < 1e-6);
}

#[test]
fn sparse_columns_give_the_trees_of_dense_ones() {
    let (n, width) = (400, 30);
    let raw = numbers(n * width, 3);
    let value = |v: f32| if v < 0.85 { 0.0 } else { ((v - 0.85) * 40.0).floor() - 1.0 };
    let dense: Vec<f32> = raw.iter().map(|&v| if v > 0.99 { f32::NAN } else { value(v) }).collect();
    let labels: Vec<f64> = dense
        .chunks(width)
        .map(|row| {
            row.iter()
                .enumerate()
                .map(|(i, v)| if v.is_nan() { 2.0 } else { f64::from(*v) * (i as f64).sin() })
                .sum()
        })
        .collect();
    let mut sparse = Rows::new(0, width).unwrap();
    for row in dense.chunks(width) {
        let pairs: Vec<(u32, f32)> = (0..).zip(row.iter().copied()).collect();
        sparse.push(&[], &pairs).unwrap();
    }
    let dense = Rows::dense(dense, width).unwrap();
    let settings = BoostSettings { max_rounds: 30, ..Default::default() };
    let model = boosted(&dense, &labels, settings.clone()).unwrap();
    assert_eq!(boosted(&sparse, &labels, settings).unwrap(), model);
    let seen = model.predict(&dense).unwrap();
    assert_eq!(model.predict(&sparse).unwrap(), seen);
    let trees = model.trees().len();
    let (leaves, parts) = (model.leaves(&sparse).unwrap(), model.contributions(&sparse).unwrap());
    for i in 0..n {
        let sum: f64 = parts[i * trees..(i + 1) * trees].iter().map(|&v| f64::from(v)).sum();
        assert!((model.base() + sum - seen[i]).abs() < 1e-9);
        for (t, tree) in model.trees().iter().enumerate() {
            let ends: Vec<f64> =
                tree.nodes().iter().filter(|node| node.is_leaf()).map(|node| node.value).collect();
            assert_eq!(ends[leaves[i * trees + t] as usize] as f32, parts[i * trees + t]);
        }
    }
}

#[test]
fn threads_do_not_change_a_tree() {
    let rows = Rows::dense(numbers(20_000 * 40, 1), 40).unwrap();
    let labels: Vec<f64> =
        (0..20_000).map(|i| rows.dense_row(i).iter().map(|v| f64::from(v.sin())).sum()).collect();
    let grown = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let settings = ForestSettings { trees: 3, max_rows: 2000, ..Default::default() };
            let forest = grow_forest(&Binned::new(&rows).unwrap(), &labels, &[], &settings).unwrap();
            let model =
                boosted(&rows, &labels, BoostSettings { max_rounds: 5, ..Default::default() }).unwrap();
            let seen = model.predict(&rows).unwrap();
            (model, forest.ensemble, seen)
        })
    };
    assert_eq!(grown(1), grown(3));
}

#[test]
fn what_does_not_fit_is_refused() {
    let rows = Rows::dense(vec![1.0, 2.0, 3.0], 1).unwrap();
    let table = Binned::new(&rows).unwrap();
    for bad in [f64::NAN, f64::INFINITY, 1e200] {
        let error = boosted(&rows, &[0.0, bad, 1.0], whole()).unwrap_err();
        assert!(matches!(error, TreeError::BadLabel { index: 1, .. }), "{error}");
        assert!(grow_forest(&table, &[0.0, bad, 1.0], &[], &ForestSettings::default()).is_err());
    }
    let classes = BoostSettings { loss: Loss::Logistic, ..whole() };
    assert!(matches!(boosted(&rows, &[0.0, 1.0, 2.0], classes), Err(TreeError::BadLabel { index: 2, .. })));
    assert!(matches!(boosted(&rows, &[0.0; 2], whole()), Err(TreeError::LengthMismatch { .. })));
    assert!(matches!(Boosting::new(&table, &[0.0; 3], &[], &[0], whole()), Err(TreeError::NoData)));
    assert!(matches!(
        Boosting::new(&table, &[0.0; 3], &[3], &[], whole()),
        Err(TreeError::LengthMismatch { .. })
    ));
    assert!(matches!(Binned::new(&rows.select(&[])), Err(TreeError::NoData)));
    let bad = [
        BoostSettings { learning_rate: 0.0, ..whole() },
        BoostSettings { subsample: f64::NAN, ..whole() },
        BoostSettings { columns_per_tree: 1.5, ..whole() },
        BoostSettings { monotone: vec![2], ..whole() },
        BoostSettings { max_rounds: 0, ..whole() },
        BoostSettings { tree: TreeSettings { max_depth: 65, ..Default::default() }, ..whole() },
        BoostSettings { tree: TreeSettings { lambda: -1.0, ..Default::default() }, ..whole() },
    ];
    for settings in bad {
        assert!(matches!(boosted(&rows, &[0.0; 3], settings), Err(TreeError::BadSetting { .. })));
    }
    let long = BoostSettings { monotone: vec![0, 0], ..whole() };
    assert!(matches!(boosted(&rows, &[0.0; 3], long), Err(TreeError::ColumnMismatch { .. })));
    assert!(matches!(Rows::dense(vec![f32::INFINITY], 1), Err(TreeError::BadFeature { .. })));
    let mut table = Rows::new(1, 3).unwrap();
    assert!(matches!(table.push(&[], &[]), Err(TreeError::Ragged { .. })));
    assert!(matches!(table.push(&[0.0], &[(2, 1.0), (2, 1.0)]), Err(TreeError::BadColumn { .. })));
    assert!(matches!(table.push(&[0.0], &[(3, 1.0)]), Err(TreeError::BadColumn { column: 4, .. })));
    assert!(matches!(table.push(&[0.0], &[(u32::MAX, 1.0)]), Err(TreeError::BadColumn { .. })));
    let model = boosted(&rows, &[0.0, 1.0, 2.0], whole()).unwrap();
    assert!(matches!(model.predict(&table), Err(TreeError::ColumnMismatch { .. })));
}

#[test]
fn nothing_to_learn_gives_the_mean() {
    let rows = Rows::dense(vec![1.0, 2.0, 2.0, f32::NAN], 1).unwrap();
    for labels in [vec![3.0; 4], vec![0.0; 4]] {
        let model = boosted(&rows, &labels, whole()).unwrap();
        assert_eq!(model.trees().len(), 1);
        assert_eq!(model.predict(&rows).unwrap(), labels);
    }
    let one = rows.select(&[2]);
    assert_eq!(boosted(&one, &[-7.5], whole()).unwrap().predict(&rows).unwrap(), [-7.5; 4]);
    let same = rows.select(&[1, 2]);
    assert_eq!(boosted(&same, &[1.0, 2.0], whole()).unwrap().predict(&same).unwrap(), [1.5; 2]);
}

#[test]
fn early_stopping_keeps_the_best_round() {
    let rows = Rows::dense(numbers(600, 9), 2).unwrap();
    let noise = numbers(300, 10);
    let labels: Vec<f64> = (0..300).map(|i| f64::from(rows.dense_row(i)[0] + noise[i])).collect();
    let table = Binned::new(&rows).unwrap();
    let (train, valid): (Vec<usize>, Vec<usize>) = ((0..200).collect(), (200..300).collect());
    let settings = BoostSettings { patience: 15, ..Default::default() };
    let mut boosting = Boosting::new(&table, &labels, &train, &valid, settings).unwrap();
    boosting.run();
    let (losses, best) = (boosting.losses().to_vec(), boosting.best_rounds());
    assert_eq!(losses.len(), best + 15);
    let model = boosting.finish(best);
    let seen = model.predict(&rows.select(&valid)).unwrap();
    let loss = seen.iter().zip(&labels[200..]).map(|(p, y)| (p - y) * (p - y) / 100.0).sum::<f64>();
    assert!((loss / losses[best - 1] - 1.0).abs() < 1e-6);
    assert!(losses.iter().all(|&other| other >= losses[best - 1]));
}

#[test]
fn forests_leave_out_what_they_have_not_seen() {
    let rows = Rows::dense(numbers(1000, 4), 2).unwrap();
    let labels: Vec<f64> = (0..500).map(|i| f64::from(rows.dense_row(i)[0])).collect();
    let table = Binned::new(&rows).unwrap();
    let forest = grow_forest(&table, &labels, &[], &ForestSettings::default()).unwrap();
    let off = |seen: &[f64]| seen.iter().zip(&labels).map(|(p, y)| (p - y).abs() / 500.0).sum::<f64>();
    let (inside, outside) = (off(&forest.ensemble.predict(&rows).unwrap()), off(&forest.out_of_bag));
    assert!(inside < outside && outside < 0.03, "{inside} {outside}");
    // Drawn together, the two halves are not learnt from one another.
    let twice = rows.select(&(0..500).chain(0..500).collect::<Vec<_>>());
    let both: Vec<f64> = labels.iter().chain(&labels).copied().collect();
    let groups: Vec<u32> = (0..500).chain(0..500).collect();
    let table = Binned::new(&twice).unwrap();
    let off = |groups: &[u32]| {
        let forest = grow_forest(&table, &both, groups, &ForestSettings::default()).unwrap();
        forest.out_of_bag.iter().zip(&both).map(|(p, y)| (p - y).abs() / 1000.0).sum::<f64>()
    };
    assert!(off(&[]) < 0.8 * off(&groups));
    assert!(grow_forest(&table, &both, &[1000; 1000], &ForestSettings::default()).is_err());
}

#[test]
fn arrays_come_back_and_damaged_ones_are_refused() {
    let rows = Rows::dense(numbers(400, 6), 2).unwrap();
    let labels: Vec<f64> = (0..200).map(|i| f64::from(rows.dense_row(i)[1])).collect();
    let model = boosted(&rows, &labels, BoostSettings { max_rounds: 5, ..whole() }).unwrap();
    let arrays = model.to_arrays();
    let again = Ensemble::from_arrays(2, model.base(), &arrays).unwrap();
    assert_eq!(again, model);
    assert_eq!(again.predict(&rows).unwrap(), model.predict(&rows).unwrap());
    type Change = fn(&mut Arrays);
    let changes: [Change; 11] = [
        |a| a.nodes[0] += 1,
        |a| a.nodes[0] = u32::MAX,
        |a| a.nodes.push(0),
        |a| a.left[0] = 0,
        |a| a.right[0] = a.left[0],
        |a| a.left[0] = u32::MAX,
        |a| a.feature[0] = 2,
        |a| a.threshold[0] = f64::NAN,
        |a| a.threshold[0] = 1e300,
        |a| a.value[1] = f64::INFINITY,
        |a| a.gain.truncate(3),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut bad = arrays.clone();
        change(&mut bad);
        assert!(matches!(Ensemble::from_arrays(2, 0.0, &bad), Err(TreeError::Damaged { .. })), "{number}");
    }
    assert!(Ensemble::from_arrays(2, f64::NAN, &arrays).is_err());
    assert!(Ensemble::from_arrays(1, 0.0, &arrays).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Along a constrained feature the prediction never turns, for any data, with missing values too.
    #[test]
    fn constrained_predictions_never_turn(seed in 0_u64..1_000_000, sign in prop::sample::select(vec![-1_i8, 1])) {
        let raw = numbers(300, seed);
        let features = raw.iter().map(|&v| if v > 0.93 { f32::NAN } else { v }).collect();
        let rows = Rows::dense(features, 2).unwrap();
        let noise = numbers(150, seed + 1);
        let labels: Vec<f64> =
            (0..150).map(|i| f64::from((9.0 * raw[2 * i]).sin() + raw[2 * i + 1] + noise[i])).collect();
        let settings = BoostSettings { max_rounds: 20, monotone: vec![sign, 0], ..whole() };
        let tree = TreeSettings { columns_per_node: 0.5, max_depth: 20, lambda: 0.0, ..Default::default() };
        let forest = ForestSettings { trees: 10, tree, monotone: vec![sign, 0], ..Default::default() };
        let grown = grow_forest(&Binned::new(&rows).unwrap(), &labels, &[], &forest).unwrap().ensemble;
        for model in [boosted(&rows, &labels, settings).unwrap(), grown] {
            for second in [0.1, 0.6, f32::NAN] {
                let line: Vec<f32> = (0..80).flat_map(|i| [i as f32 / 80.0, second]).collect();
                let seen = model.predict(&Rows::dense(line, 2).unwrap()).unwrap();
                prop_assert!(seen.windows(2).all(|w| f64::from(sign) * (w[1] - w[0]) >= -1e-6), "{seen:?}");
            }
        }
    }

    /// Features that are moved in order, and rows in another order, give the same predictions.
    #[test]
    fn only_the_order_of_features_matters(seed in 0_u64..1_000_000) {
        let raw = numbers(240, seed);
        let labels: Vec<f64> = numbers(80, seed + 1).into_iter().map(f64::from).collect();
        let rows = Rows::dense(raw.clone(), 3).unwrap();
        let moved = Rows::dense(raw.iter().map(|v| v * v * v + 5.0 * v - 2.0).collect(), 3).unwrap();
        let order: Vec<usize> = (0..80).rev().collect();
        let settings = BoostSettings { max_rounds: 10, ..whole() };
        let seen = boosted(&rows, &labels, settings.clone()).unwrap().predict(&rows).unwrap();
        let other = boosted(&moved, &labels, settings.clone()).unwrap().predict(&moved).unwrap();
        prop_assert_eq!(&seen, &other);
        let back: Vec<f64> = order.iter().map(|&i| labels[i]).collect();
        let back = boosted(&rows.select(&order), &back, settings).unwrap().predict(&rows).unwrap();
        prop_assert!(seen.iter().zip(&back).all(|(a, b)| (a - b).abs() < 1e-6), "{seen:?} {back:?}");
    }
}
