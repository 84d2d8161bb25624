use super::*;
use crate::testing::{additive_labels, random_counts, random_rows, smooth_labels};
use crate::{DenseRows, LearnError, Surrogate, Table};
use ::trees::{Rows, TreeError};

fn settings() -> TreeModelSettings {
    TreeModelSettings { max_rounds: 300, forest_trees: 60, ..Default::default() }
}

fn rmse(seen: &[f64], labels: &[f64]) -> f64 {
    let squares: f64 = seen.iter().zip(labels).map(|(p, y)| (p - y) * (p - y)).sum();
    (squares / labels.len() as f64).sqrt()
}

fn coverage(seen: &crate::Predictions, labels: &[f64]) -> f64 {
    let pairs = seen.mean.iter().zip(&seen.sd).zip(labels);
    let inside = pairs.filter(|((mean, sd), y)| (*y - *mean).abs() <= 1.645 * *sd).count();
    inside as f64 / labels.len() as f64
}

/// Smooth labels with noise that grows along the first feature.
fn data() -> (TreeRows, Vec<f64>, TreeRows, Vec<f64>) {
    let x = random_rows(1800, 4, 3);
    let (smooth, noisy) = (smooth_labels(&x, 0.0, 1), smooth_labels(&x, 1.0, 2));
    let label = |i: usize| 5.0 + smooth[i] + 0.5 * (1.1 + x.row(i)[0]) * (noisy[i] - smooth[i]);
    let y: Vec<f64> = (0..1800).map(label).collect();
    let part = |range: std::ops::Range<usize>| TreeRows::from(&x.select(&range.collect::<Vec<_>>()));
    (part(0..800), y[..800].to_vec(), part(800..1800), y[800..].to_vec())
}

#[test]
fn predictions_are_near_and_their_standard_deviations_right() {
    let (x, y, test, truth) = data();
    let mut boosted = BoostedTrees::new(settings());
    let mut forest = RandomForest::new(settings());
    let report = boosted.fit(&x, &y).unwrap();
    forest.fit(&x, &y).unwrap();
    for (name, seen) in
        [("boosted", boosted.predict(&test).unwrap()), ("forest", forest.predict(&test).unwrap())]
    {
        let (error, held) = (rmse(&seen.mean, &truth), coverage(&seen, &truth));
        eprintln!("{name}: error {error:.3}, 90 % intervals hold {held:.3}");
        assert!(error < 0.55 && (held - 0.9).abs() < 0.04, "{name}");
        let quiet: Vec<usize> = (0..1000).filter(|&i| test.rows().dense_row(i)[0] < -0.5).collect();
        let loud: Vec<usize> = (0..1000).filter(|&i| test.rows().dense_row(i)[0] > 0.5).collect();
        let mean = |list: &[usize]| list.iter().map(|&i| seen.sd[i]).sum::<f64>() / list.len() as f64;
        assert!(mean(&loud) > 1.3 * mean(&quiet), "{name}: {} {}", mean(&loud), mean(&quiet));
        assert!(seen.sd_latent.iter().zip(&seen.sd).all(|(latent, sd)| latent <= sd));
        assert!(seen.in_domain.iter().filter(|inside| **inside).count() > 850);
    }
    let errors = report.leave_one_out.unwrap();
    assert!((errors.rmse / rmse(&boosted.predict(&test).unwrap().mean, &truth) - 1.0).abs() < 0.15);
    let outside = TreeRows::new(&[7.0, -9.0, 8.0, 30.0], 4).unwrap();
    assert!(!boosted.predict(&outside).unwrap().in_domain[0]);
}

#[test]
fn threads_do_not_change_a_number() {
    let (x, y, test, _) = data();
    let fitted = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let mut boosted = BoostedTrees::new(settings());
            let mut forest = RandomForest::new(settings());
            let reports = (boosted.fit(&x, &y).unwrap(), forest.fit(&x, &y).unwrap());
            (reports, boosted.predict(&test).unwrap(), forest.predict(&test).unwrap())
        })
    };
    assert_eq!(fitted(1), fitted(3));
}

#[test]
fn counts_with_missing_numbers_beside_are_learnt_from() {
    let counts = random_counts(700, 4);
    let mut y = additive_labels(&counts, 0.1, 5);
    let numbers: Vec<f64> = (0..700).map(|i| if i % 3 == 0 { f64::NAN } else { f64::from(i % 7) }).collect();
    y.iter_mut().zip(&numbers).for_each(|(y, v)| *y += if v.is_nan() { 3.0 } else { 0.5 * v });
    let dense = TreeRows::new(&numbers, 1).unwrap();
    let x = TreeRows::beside(&dense, &counts, 256).unwrap();
    let (train, test): (Vec<usize>, Vec<usize>) = ((0..550).collect(), (550..700).collect());
    let part = |x: &TreeRows, list: &[usize]| x.select(list);
    let labels: Vec<f64> = train.iter().map(|&i| y[i]).collect();
    let truth: Vec<f64> = test.iter().map(|&i| y[i]).collect();
    let error = |x: &TreeRows| {
        let mut model = BoostedTrees::new(settings());
        model.fit(&part(x, &train), &labels).unwrap();
        rmse(&model.predict(&part(x, &test)).unwrap().mean, &truth)
    };
    let mean = labels.iter().sum::<f64>() / 550.0;
    let (both, alone, nothing) = (error(&x), error(&TreeRows::from(&counts)), rmse(&[mean; 150], &truth));
    eprintln!("errors: {both:.3} with both, {alone:.3} counts alone, {nothing:.3} the mean");
    assert!(both < 0.9 * alone && alone < 0.95 * nothing);
}

#[test]
fn constraints_hold_everywhere() {
    let x = random_rows(400, 2, 8);
    let y: Vec<f64> = (0..400).map(|i| x.row(i)[0] + (5.0 * x.row(i)[0]).sin() + x.row(i)[1]).collect();
    let limits = TreeModelSettings { monotone: vec![1, 0], ..settings() };
    let mut boosted = BoostedTrees::new(limits.clone());
    let mut forest = RandomForest::new(limits);
    let rows = TreeRows::from(&x);
    boosted.fit(&rows, &y).unwrap();
    forest.fit(&rows, &y).unwrap();
    for second in [-0.9, -0.2, 0.3, 0.8] {
        let line: Vec<f64> = (0..200).flat_map(|i| [-1.0 + 0.01 * f64::from(i), second]).collect();
        let line = TreeRows::new(&line, 2).unwrap();
        for seen in [boosted.predict(&line).unwrap(), forest.predict(&line).unwrap()] {
            assert!(seen.mean.windows(2).all(|pair| pair[1] >= pair[0] - 1e-12));
        }
    }
}

#[test]
fn few_and_equal_labels_give_honest_answers() {
    let x = TreeRows::new(&[1.0, 2.0, 3.0], 1).unwrap();
    for (count, labels) in [(1, vec![-3.0]), (3, vec![7.0; 3])] {
        let some = x.select(&(0..count).collect::<Vec<_>>());
        let (mut boosted, mut forest) = (BoostedTrees::new(settings()), RandomForest::new(settings()));
        let report = boosted.fit(&some, &labels).unwrap();
        forest.fit(&some, &labels).unwrap();
        assert_eq!(report.leave_one_out, None);
        for seen in [boosted.predict(&x).unwrap(), forest.predict(&x).unwrap()] {
            assert_eq!(seen.mean, [labels[0]; 3]);
            let sd = labels[0].abs() / (count as f64).sqrt();
            assert!(seen.sd.iter().all(|s| (s / sd - 1.0).abs() < 1e-12), "{seen:?}");
        }
        // More labels are learnt as if there had been no others before.
        boosted.extend(&x, &[1.0, 2.0, 3.0]).unwrap();
    }
    for labels in [vec![1.0, 2.0], vec![1e-30, 2e90, 3.0], vec![5.0, 5.0, 5.0 + 1e-9]] {
        let some = x.select(&(0..labels.len()).collect::<Vec<_>>());
        for equal in [some.clone(), some.select(&vec![0; labels.len()])] {
            let (mut boosted, mut forest) = (BoostedTrees::new(settings()), RandomForest::new(settings()));
            boosted.fit(&equal, &labels).unwrap();
            forest.fit(&equal, &labels).unwrap();
            for seen in [boosted.predict(&x).unwrap(), forest.predict(&x).unwrap()] {
                assert!(seen.mean.iter().chain(&seen.sd).all(|v| v.is_finite()), "{seen:?}");
                assert!(seen.sd.iter().all(|&sd| sd > 0.0));
            }
        }
    }
}

#[test]
fn what_cannot_be_learnt_is_refused_and_nothing_changes() {
    let (x, y) = (TreeRows::from(&random_rows(30, 2, 1)), vec![1.0; 30]);
    let mut model = BoostedTrees::new(settings());
    assert_eq!(model.predict(&x), Err(LearnError::NotFitted));
    assert_eq!(model.extend(&x, &y), Err(LearnError::NotFitted));
    model.fit(&x, &y).unwrap();
    let before = model.predict(&x).unwrap();
    for bad in [f64::NAN, f64::INFINITY, 1e101] {
        let mut labels = y.clone();
        labels[7] = bad;
        assert!(matches!(model.fit(&x, &labels), Err(LearnError::BadLabel { index: 7, .. })));
        assert!(matches!(RandomForest::new(settings()).fit(&x, &labels), Err(LearnError::BadLabel { .. })));
    }
    assert!(matches!(model.fit(&x, &y[1..]), Err(LearnError::LengthMismatch { .. })));
    assert_eq!(model.fit(&x.select(&[]), &[]), Err(LearnError::NoData));
    let other = TreeRows::from(&random_rows(30, 3, 1));
    assert!(matches!(model.extend(&other, &y), Err(LearnError::ColumnMismatch { expected: 2, found: 3 })));
    assert!(matches!(model.predict(&other), Err(LearnError::ColumnMismatch { expected: 2, found: 3 })));
    assert_eq!(model.predict(&x).unwrap(), before);
    for bad in [
        TreeModelSettings { folds: 1, ..settings() },
        TreeModelSettings { max_rounds: 0, ..settings() },
        TreeModelSettings { forest_trees: 1, ..settings() },
        TreeModelSettings { domain_quantile: f64::NAN, ..settings() },
    ] {
        assert!(matches!(BoostedTrees::new(bad).fit(&x, &y), Err(LearnError::BadSetting { .. })));
    }
    let labels: Vec<f64> = (0..30).map(f64::from).collect();
    let long = TreeModelSettings { monotone: vec![1; 3], ..settings() };
    assert!(matches!(BoostedTrees::new(long).fit(&x, &labels), Err(LearnError::Trees(_))));
    assert!(matches!(TreeRows::new(&[1.0, f64::INFINITY], 1), Err(LearnError::BadFeature { row: 1, .. })));
    assert!(matches!(TreeRows::new(&[1.0; 3], 2), Err(LearnError::RaggedFeatures { .. })));
    let huge = DenseRows::new(vec![1e99, -1e99], 1).unwrap();
    assert_eq!(TreeRows::from(&huge).rows().dense_row(0), [3e38]);
}

#[test]
fn extending_is_fitting_all_with_the_same_hyper_parameters() {
    let (x, y, more, truth) = data();
    let some = more.select(&(0..200).collect::<Vec<_>>());
    let mut model = BoostedTrees::new(settings());
    model.fit(&x, &y).unwrap();
    let (before, hyper) = (rmse(&model.predict(&more).unwrap().mean, &truth), model.hyper().unwrap());
    let report = model.extend(&some, &truth[..200]).unwrap();
    assert_eq!(report.labels, 1000);
    let now = model.hyper().unwrap();
    assert_eq!((now.depth, now.columns), (hyper.depth, hyper.columns));
    assert!(rmse(&model.predict(&more).unwrap().mean, &truth) < before);
}

#[test]
fn probabilities_are_what_they_say() {
    let x = random_rows(2400, 3, 5);
    let odds = smooth_labels(&x, 0.0, 1);
    let noise = smooth_labels(&DenseRows::new(vec![0.0; 2400], 1).unwrap(), 0.5, 9);
    let chance = |i: usize| 1.0 / (1.0 + (-2.0 * odds[i]).exp());
    let y: Vec<f64> = (0..2400).map(|i| f64::from(u8::from(noise[i] + 0.5 < chance(i)))).collect();
    let part = |range: std::ops::Range<usize>| TreeRows::from(&x.select(&range.collect::<Vec<_>>()));
    let mut model = BoostedClassifier::new(settings());
    model.fit(&part(0..1200), &y[..1200]).unwrap();
    let seen = model.probabilities(&part(1200..2400)).unwrap();
    let true_chances: Vec<f64> = (1200..2400).map(chance).collect();
    let off = rmse(&seen, &true_chances);
    let report = model.details().unwrap();
    eprintln!("probabilities off by {off:.3}; {report:?}");
    assert!(off < 0.12);
    assert!(report.area.unwrap() > 0.75);
    let predictions = model.predict(&part(1200..2400)).unwrap();
    assert_eq!(predictions.mean, seen);
    let wrong = BoostedClassifier::new(settings()).fit(&part(0..2), &[0.0, 0.5]);
    assert!(matches!(wrong, Err(LearnError::Trees(TreeError::BadLabel { index: 1, .. }))));
    let mut one = BoostedClassifier::new(settings());
    one.fit(&part(0..8), &[1.0; 8]).unwrap();
    assert!((one.probabilities(&part(0..1)).unwrap()[0] - 0.9).abs() < 1e-12);
}

#[test]
fn stored_models_predict_the_same_and_damaged_ones_are_refused() {
    let (x, y, test, _) = data();
    let classes: Vec<f64> = y.iter().map(|&v| f64::from(u8::from(v > 5.0))).collect();
    let few = TreeModelSettings { max_rounds: 20, forest_trees: 10, ..Default::default() };
    let (mut boosted, mut forest) = (BoostedTrees::new(few.clone()), RandomForest::new(few.clone()));
    let mut classifier = BoostedClassifier::new(few);
    assert_eq!(boosted.to_stored_parts().unwrap_err(), LearnError::NotFitted);
    boosted.fit(&x, &y).unwrap();
    forest.fit(&x, &y).unwrap();
    classifier.fit(&x, &classes).unwrap();
    let (header, reals, wholes) = forest.to_stored_parts().unwrap();
    let again = RandomForest::from_stored_parts(None, &header, &reals, &wholes).unwrap();
    assert_eq!(again.predict(&test).unwrap(), forest.predict(&test).unwrap());
    let (header, reals, wholes) = classifier.to_stored_parts().unwrap();
    let again = BoostedClassifier::from_stored_parts(None, &header, &reals, &wholes).unwrap();
    assert_eq!(again.predict(&test).unwrap(), classifier.predict(&test).unwrap());
    assert!(BoostedTrees::from_stored_parts(None, &header, &reals, &wholes).is_err());

    let (header, reals, wholes) = boosted.to_stored_parts().unwrap();
    // Through a file.
    let text = serde_json::to_string(&(&header, &reals, &wholes)).unwrap();
    let (header, reals, wholes): StoredParts = serde_json::from_str(&text).unwrap();
    let mut again = BoostedTrees::from_stored_parts(None, &header, &reals, &wholes).unwrap();
    assert_eq!(again.predict(&test).unwrap(), boosted.predict(&test).unwrap());
    assert_eq!(again.extend(&x, &y), Err(LearnError::NoTrainingRows));
    let mut whole = BoostedTrees::from_stored_parts(Some(&x), &header, &reals, &wholes).unwrap();
    assert_eq!(whole.extend(&test, &vec![5.0; 1000]), boosted.extend(&test, &vec![5.0; 1000]));
    assert!(BoostedTrees::from_stored_parts(Some(&test), &header, &reals, &wholes).is_err());

    for name in reals.keys() {
        let mut bad = reals.clone();
        bad.remove(name);
        assert!(BoostedTrees::from_stored_parts(None, &header, &bad, &wholes).is_err(), "{name}");
        if !reals[name].is_empty() && !name.starts_with("domain/l") {
            let mut bad = reals.clone();
            bad.get_mut(name).unwrap()[0] = f64::NAN;
            assert!(BoostedTrees::from_stored_parts(None, &header, &bad, &wholes).is_err(), "{name}");
        }
    }
    for name in wholes.keys() {
        let mut bad = wholes.clone();
        bad.get_mut(name).unwrap().pop();
        assert!(BoostedTrees::from_stored_parts(None, &header, &reals, &bad).is_err(), "{name}");
        // Whatever the number, no panic.
        for wrong in [0, 1, u32::MAX] {
            let mut bad = wholes.clone();
            bad.get_mut(name).unwrap()[0] = wrong;
            if let Ok(model) = BoostedTrees::from_stored_parts(None, &header, &reals, &bad) {
                let _ = model.predict(&test);
            }
        }
    }
    for key in ["kind", "version", "columns", "scale", "hyper"] {
        let mut bad = header.clone();
        bad[key] = serde_json::Value::from("x");
        assert!(BoostedTrees::from_stored_parts(None, &bad, &reals, &wholes).is_err(), "{key}");
    }
}

#[test]
fn folded_counts_add_up() {
    let counts = random_counts(20, 2);
    let rows: &Rows = &TreeRows::folded(&counts, 16).unwrap().rows;
    for (i, row) in counts.rows().enumerate() {
        let sum: f32 = rows.sparse_row(i).map(|pair| pair.1).sum();
        assert_eq!(sum, row.total() as f32);
    }
    assert!(matches!(TreeRows::folded(&counts, 0), Err(LearnError::Trees(TreeError::Ragged { .. }))));
}

#[test]
fn trees_of_wide_tables_see_a_few_columns() {
    let values: Vec<f64> = (0..60 * 4000).map(|i| ((i * 7919) % 1013) as f64).collect();
    let x = TreeRows::new(&values, 4000).unwrap();
    let labels: Vec<f64> = (0..60).map(|i| values[i * 4000]).collect();
    let mut model = BoostedTrees::new(TreeModelSettings { max_rounds: 5, ..settings() });
    model.fit(&x, &labels).unwrap();
    let share = model.hyper().unwrap().columns;
    assert!((512.0..1024.0).contains(&(4000.0 * share + 1e-9)), "{share}");
}
