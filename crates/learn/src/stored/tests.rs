use super::*;
use crate::testing::{additive_labels, random_atoms, random_counts, random_rows, smooth_labels};
use crate::{
    Calibration, Composition, Conformal, ConformalSettings, CrossConformal, DenseKernel, Difference,
    Extensive, GpSettings, KernelGp, KernelGpSettings, LocalKernel, Mean, Predictions, Shape, SplitConformal,
    Table, TanimotoForm, TanimotoGp, TanimotoKernel, WithBaseline, WithComposition,
};

/// As a file would: settings through text.
fn through_text(stored: &Stored) -> Stored {
    let text = serde_json::to_string(&stored.settings).unwrap();
    Stored { settings: serde_json::from_str(&text).unwrap(), arrays: stored.arrays.clone() }
}

fn near(a: &Predictions, b: &Predictions) {
    assert_eq!(a.mean, b.mean);
    assert_eq!(a.in_domain, b.in_domain);
    for (a, b) in a.sd.iter().chain(&a.sd_latent).zip(b.sd.iter().chain(&b.sd_latent)) {
        assert!((a - b).abs() <= 1e-9 * (1.0 + b), "{a} {b}");
    }
}

/// With the factor the restored model predicts the same bits, without it the
/// same to rounding; and bad files are refused.
fn round_trip<M: Storable>(full: &M, fresh: impl Fn() -> M, x: &M::Input, z: &M::Input, factor: &str) {
    let stored = through_text(&full.store().unwrap());
    let before = full.predict(z).unwrap();
    let mut again = fresh();
    assert_eq!(again.store(), Err(LearnError::NotFitted));
    again.restore(x, &stored).unwrap();
    assert_eq!(again.predict(z).unwrap(), before);
    assert_eq!(through_text(&again.store().unwrap()), stored);

    let mut light = stored.clone();
    assert!(light.arrays.remove(factor).is_some(), "{:?}", stored.arrays.keys());
    let mut again = fresh();
    again.restore(x, &light).unwrap();
    near(&again.predict(z).unwrap(), &before);

    for (name, array) in &stored.arrays {
        let Array::F64(values) = array else { continue };
        if values.is_empty() {
            continue;
        }
        let short = Array::F64(values[1..].to_vec());
        let mut broken = values.clone();
        broken[values.len() / 2] = f64::NAN;
        for wrong in [Some(short), Some(Array::F64(broken)), Some(Array::U8(vec![1])), None] {
            let mut spoilt = stored.clone();
            match wrong {
                Some(wrong) => spoilt.arrays.insert(name.clone(), wrong),
                None if name == factor => continue,
                None => spoilt.arrays.remove(name),
            };
            let Err(LearnError::BadStored { field, .. }) = fresh().restore(x, &spoilt) else {
                panic!("{name} passed");
            };
            assert!(name.ends_with(&field), "{name} {field}");
        }
    }
    for (field, value) in [("kind", Value::from("tree")), ("version", Value::from(99)), ("kind", Value::Null)]
    {
        let mut spoilt = stored.clone();
        spoilt.set(field, value).unwrap();
        let error = fresh().restore(x, &spoilt).unwrap_err();
        assert!(matches!(&error, LearnError::BadStored { field: found, .. } if found == field), "{error}");
    }
    assert!(fresh().restore(x, &Stored::default()).is_err());
    assert!(fresh().restore(z, &stored).is_err());
}

#[test]
fn the_process_on_counts_comes_back() {
    let (rows, z) = (random_counts(60, 1), random_counts(20, 2));
    let y = additive_labels(&rows, 0.3, 3);
    for mean in [Mean::Estimated, Mean::Known(0.5)] {
        let fresh = || TanimotoGp::new(GpSettings { mean, ..Default::default() });
        let mut gp = fresh();
        gp.fit(&rows.select(&(0..50).collect::<Vec<_>>()), &y[..50]).unwrap();
        gp.extend(&rows.select(&(50..60).collect::<Vec<_>>()), &y[50..]).unwrap();
        round_trip(&gp, TanimotoGp::default, &rows, &z, "factor");
        let mut again = TanimotoGp::default();
        again.restore(&rows, &gp.store().unwrap()).unwrap();
        assert_eq!(again.report(), gp.report());
        // What is learnt afterwards is the same, too.
        assert_eq!(again.extend(&z, &y[..20]), gp.extend(&z, &y[..20]));
        let shuffled = rows.select(&(0..60).rev().collect::<Vec<_>>());
        let stored = fresh_store(&fresh, &rows, &y);
        assert!(matches!(
            TanimotoGp::default().restore(&shuffled, &stored),
            Err(LearnError::StrangeFeatures { .. })
        ));
    }
    let mut small = TanimotoGp::new(GpSettings { stored_factor: 59, ..Default::default() });
    small.fit(&rows, &y).unwrap();
    assert!(!small.store().unwrap().arrays.contains_key("factor"));
}

fn fresh_store(fresh: &impl Fn() -> TanimotoGp, rows: &features::CountMatrix, y: &[f64]) -> Stored {
    let mut gp = fresh();
    gp.fit(rows, y).unwrap();
    gp.store().unwrap()
}

#[test]
fn processes_with_kernels_come_back() {
    let (x, z) = (random_rows(70, 4, 1), random_rows(20, 4, 2));
    let y = smooth_labels(&x, 0.1, 3);
    for shape in [Shape::Gaussian, Shape::Laplacian, Shape::Matern52] {
        let fresh = || KernelGp::new(DenseKernel { shape }, KernelGpSettings::default());
        let mut gp = fresh();
        gp.fit(&x, &y).unwrap();
        round_trip(&gp, fresh, &x, &z, "factor");
    }
    let mut gp = KernelGp::new(DenseKernel { shape: Shape::Gaussian }, KernelGpSettings::default());
    gp.fit(&x, &y).unwrap();
    let mut other = KernelGp::new(DenseKernel { shape: Shape::Laplacian }, KernelGpSettings::default());
    let error = other.restore(&x, &gp.store().unwrap()).unwrap_err();
    assert!(matches!(&error, LearnError::BadStored { field, .. } if field == "kernel"), "{error}");
}

#[test]
fn processes_on_counts_with_a_length_scale_come_back() {
    let (x, z) = (random_counts(60, 1), random_counts(20, 2));
    let y = additive_labels(&x, 0.3, 3);
    let fresh =
        || KernelGp::new(TanimotoKernel { form: TanimotoForm::Exponential }, KernelGpSettings::default());
    let mut gp = fresh();
    gp.fit(&x, &y).unwrap();
    round_trip(&gp, fresh, &x, &z, "factor");
}

#[test]
fn several_properties_come_back() {
    let (x, z) = (random_rows(50, 3, 1), random_rows(9, 3, 2));
    let (one, two) = (smooth_labels(&x, 0.1, 3), smooth_labels(&x, 0.4, 4));
    let fresh = || KernelGp::new(DenseKernel { shape: Shape::Matern52 }, KernelGpSettings::default());
    let (mut gp, mut again) = (fresh(), fresh());
    gp.fit_many(&x, &[&one, &two]).unwrap();
    again.restore(&x, &through_text(&gp.store().unwrap())).unwrap();
    assert_eq!(again.predict_many(&z), gp.predict_many(&z));
    assert_eq!(again.reports(), gp.reports());
    assert_eq!(again.details(), gp.details());
    assert_eq!(again.scores(), gp.scores());
}

#[test]
fn models_around_models_come_back() {
    let (atoms, others) = (random_atoms(60, 5, 1), random_atoms(10, 5, 2));
    let table = |atoms: &crate::LocalRows| {
        let rows = WithComposition::new(atoms.clone(), Composition::of(atoms)).unwrap();
        let cheap = (0..atoms.len()).map(|i| i as f64 * 0.1).collect();
        WithBaseline::new(rows, cheap).unwrap()
    };
    let (x, z) = (table(&atoms), table(&others));
    let y: Vec<f64> =
        (0..60).map(|i| atoms.rows(i).iter().map(|v| v.sin()).sum::<f64>() + i as f64 * 0.1).collect();
    let fresh = || {
        let kernel = LocalKernel { shape: Shape::Gaussian };
        Difference::new(Extensive::new(KernelGp::new(kernel, KernelGpSettings::extensive())))
    };
    let mut model = fresh();
    model.fit(&x, &y).unwrap();
    round_trip(&model, fresh, &x, &z, "model.model.factor");

    let settings = ConformalSettings { folds: 3, seed: 5, ..Default::default() };
    let fresh_conformal = || Conformal::new(fresh(), ConformalSettings::default());
    let mut conformal = Conformal::new(fresh(), settings);
    conformal.fit(&x, &y).unwrap();
    let mut again = fresh_conformal();
    again.restore(&x, &through_text(&conformal.store().unwrap())).unwrap();
    assert_eq!(again.intervals(&z), conformal.intervals(&z));
    let mut cross = CrossConformal::new(fresh(), settings);
    cross.fit(&x, &y).unwrap();
    assert_eq!(cross.into_single().unwrap().intervals(&z), conformal.intervals(&z));
    let mut spoilt = conformal.store().unwrap();
    spoilt.insert("scores", vec![-1.0; 60]);
    assert!(matches!(again.restore(&x, &spoilt), Err(LearnError::BadStored { .. })));

    let mut split = SplitConformal::new(fresh(), settings);
    split.fit(&x, &y).unwrap();
    let mut again = SplitConformal::new(fresh(), ConformalSettings::default());
    again.restore(&x, &through_text(&split.store().unwrap())).unwrap();
    assert_eq!(again.intervals(&z), split.intervals(&z));
    let mut spoilt = split.store().unwrap();
    spoilt.arrays.insert("learnt".into(), Array::U64(vec![60]));
    assert!(matches!(again.restore(&x, &spoilt), Err(LearnError::BadStored { .. })));
}

#[test]
fn a_calibration_gives_factors_of_every_level() {
    let scores: Vec<f64> = (1..=99).rev().map(f64::from).collect();
    let calibration = Calibration::new(0.9, scores).unwrap();
    assert_eq!((calibration.factor(), calibration.factor_at(0.5)), (90.0, Some(50.0)));
    assert_eq!(calibration.factor_at(0.999), None);
    assert!(Calibration::new(0.9, vec![1.0; 8]).is_err());
    assert!(Calibration::new(0.9, vec![f64::NAN; 20]).is_err());
}
