use super::*;
use crate::report::{Bound, ScaleSource};
use crate::testing::{additive_labels, random_counts};
use features::SparseCounts;
use proptest::prelude::*;

fn given(signal_variance: f64, noise_variance: f64, mean: Mean) -> TanimotoGp {
    let hyper_parameters = HyperParameters::Given { signal_variance, noise_variance };
    TanimotoGp::new(GpSettings { mean, hyper_parameters, ..Default::default() })
}

fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * (1.0 + b.abs())
}

fn assert_near(a: &[f64], b: &[f64], tolerance: f64) {
    assert_eq!(a.len(), b.len());
    for (i, (&a, &b)) in a.iter().zip(b).enumerate() {
        assert!(near(a, b, tolerance), "entry {i}: {a} is not {b}");
    }
}

fn range(from: usize, to: usize) -> Vec<usize> {
    (from..to).collect()
}

#[test]
fn labels_are_predicted_with_the_coverage_promised() {
    let rows = random_counts(500, 21);
    let labels = additive_labels(&rows, 0.3, 22);
    let mut gp = TanimotoGp::default();
    let report = gp.fit(&rows.select(&range(0, 200)), &labels[..200]).unwrap();
    let loo = report.leave_one_out.unwrap();
    assert!(loo.r2.unwrap() > 0.2, "{loo:?}");
    assert!((loo.coverage_90.unwrap() - 0.9).abs() < 0.06, "{loo:?}");
    let seen = gp.predict(&rows.select(&range(200, 500))).unwrap();
    let covered = (0..300)
        .filter(|&i| (labels[200 + i] - seen.mean[i]).abs() <= calibrate::NORMAL_90 * seen.sd[i])
        .count() as f64
        / 300.0;
    assert!((covered - 0.9).abs() < 0.06, "{covered}");
}

#[test]
fn extending_equals_a_new_fit() {
    let rows = random_counts(60, 1);
    let labels = additive_labels(&rows, 0.2, 2);
    for mean in [Mean::Estimated, Mean::Known(0.4)] {
        let mut whole = given(0.8, 0.05, mean);
        let mut grown = given(0.8, 0.05, mean);
        let once = whole.fit(&rows.select(&range(0, 50)), &labels[..50]).unwrap();
        grown.fit(&rows.select(&range(0, 37)), &labels[..37]).unwrap();
        grown.extend(&rows.select(&[37]), &labels[37..38]).unwrap();
        let twice = grown.extend(&rows.select(&range(38, 50)), &labels[38..50]).unwrap();
        let same = grown.extend(&CountMatrix::new(), &[]).unwrap();
        assert_eq!(twice, same);
        let (a, b) = (once.leave_one_out.unwrap(), twice.leave_one_out.unwrap());
        assert_near(
            &[once.log_marginal_likelihood, once.calibration, once.domain_threshold, once.mean, a.rmse],
            &[twice.log_marginal_likelihood, twice.calibration, twice.domain_threshold, twice.mean, b.rmse],
            1e-10,
        );
        let candidates = rows.select(&range(45, 60));
        let (p, q) = (whole.predict(&candidates).unwrap(), grown.predict(&candidates).unwrap());
        assert_near(&p.mean, &q.mean, 1e-10);
        assert_near(&p.sd, &q.sd, 1e-10);
        assert_near(&p.sd_latent, &q.sd_latent, 1e-10);
        assert_eq!((p.nearest, p.in_domain), (q.nearest, q.in_domain));
    }
}

#[test]
fn leave_one_out_equals_leaving_each_out() {
    let rows = random_counts(25, 3);
    let labels = additive_labels(&rows, 0.2, 4);
    for mean in [Mean::Estimated, Mean::Known(0.1)] {
        let loo = given(0.7, 0.1, mean).fit(&rows, &labels).unwrap().leave_one_out.unwrap();
        let (mut squares, mut inside) = (0.0, 0);
        for left in 0..25 {
            let rest: Vec<usize> = (0..25).filter(|&i| i != left).collect();
            let rest_labels: Vec<f64> = rest.iter().map(|&i| labels[i]).collect();
            let mut gp = given(0.7, 0.1, mean);
            let factor = gp.fit(&rows.select(&rest), &rest_labels).unwrap().calibration;
            let seen = gp.predict(&rows.select(&[left])).unwrap();
            let error = labels[left] - seen.mean[0];
            squares += error * error;
            inside += usize::from(error.abs() <= calibrate::NORMAL_90 * seen.sd[0] / factor);
        }
        assert!(near(loo.rmse, (squares / 25.0_f64).sqrt(), 1e-10));
        assert!(near(loo.coverage_90_raw, inside as f64 / 25.0, 1e-12));
    }
}

#[test]
fn predictions_do_not_depend_on_threads_or_batches() {
    let rows = random_counts(300, 7);
    let labels = additive_labels(&rows, 0.2, 8);
    let mut runs = Vec::new();
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        runs.push(pool.install(|| {
            let mut gp = TanimotoGp::default();
            let report = gp.fit(&rows.select(&range(0, 100)), &labels[..100]).unwrap();
            (report, gp.predict(&rows).unwrap())
        }));
    }
    assert!(runs.windows(2).all(|pair| pair[0] == pair[1]));
    let mut gp = TanimotoGp::default();
    gp.fit(&rows.select(&range(0, 100)), &labels[..100]).unwrap();
    let batch = gp.predict(&rows).unwrap();
    for i in 0..rows.len() {
        let single = gp.predict(&rows.select(&[i])).unwrap();
        assert_near(&[batch.mean[i], batch.sd[i]], &[single.mean[0], single.sd[0]], 1e-12);
        assert!((batch.sd_latent[i].powi(2) - single.sd_latent[0].powi(2)).abs() < 1e-12);
    }
}

#[test]
fn the_order_of_the_labels_does_not_matter() {
    let rows = random_counts(40, 9);
    let labels = additive_labels(&rows, 0.2, 10);
    let order: Vec<usize> = (0..40).map(|i| (i * 7 + 3) % 40).collect();
    let shuffled: Vec<f64> = order.iter().map(|&i| labels[i]).collect();
    let (mut a, mut b) = (TanimotoGp::default(), TanimotoGp::default());
    a.fit(&rows, &labels).unwrap();
    b.fit(&rows.select(&order), &shuffled).unwrap();
    let candidates = random_counts(20, 11);
    let (p, q) = (a.predict(&candidates).unwrap(), b.predict(&candidates).unwrap());
    assert_near(&p.mean, &q.mean, 1e-8);
    assert_near(&p.sd, &q.sd, 1e-8);
}

#[test]
fn the_search_by_cholesky_finds_what_the_spectrum_finds() {
    let rows = random_counts(120, 12);
    let labels = additive_labels(&rows, 0.4, 13);
    let fit = |spectral_limit| {
        let settings = GpSettings { spectral_limit, ..Default::default() };
        TanimotoGp::new(settings).fit(&rows, &labels).unwrap()
    };
    let (spectral, dense) = (fit(2000), fit(40));
    assert!(near(spectral.signal_variance, dense.signal_variance, 1e-4), "{spectral:?} {dense:?}");
    assert!(near(spectral.noise_variance, dense.noise_variance, 1e-4));
    assert!(near(spectral.log_marginal_likelihood, dense.log_marginal_likelihood, 1e-8));
}

#[test]
fn conditioning_equals_observing_at_the_mean() {
    let rows = random_counts(70, 14);
    let labels = additive_labels(&rows, 0.2, 15);
    for mean in [Mean::Estimated, Mean::Known(0.0)] {
        let mut gp = given(0.6, 0.08, mean);
        let before = gp.fit(&rows.select(&range(0, 30)), &labels[..30]).unwrap().calibration;
        let candidates = rows.select(&range(30, 70));
        let seen = gp.predict(&candidates).unwrap();
        let fitted = gp.clone();
        let mut posterior = fitted.posterior(&candidates).unwrap();
        assert_eq!((posterior.len(), posterior.mean()), (40, seen.mean.clone()));
        assert_near(&posterior.sd(), &seen.sd, 1e-12);
        for picked in [4, 17, 5] {
            let covariance = posterior.covariance(picked).unwrap();
            assert!(near(covariance[picked], posterior.sd_latent()[picked].powi(2), 1e-10));
            assert!(near(covariance[2], posterior.covariance(2).unwrap()[picked], 1e-12));
            posterior.condition_on(picked).unwrap();
            let after = gp.extend(&candidates.select(&[picked]), &[seen.mean[picked]]).unwrap().calibration;
            let observed = gp.predict(&candidates).unwrap();
            assert_near(&posterior.mean(), &observed.mean, 1e-10);
            let rescaled: Vec<f64> = observed.sd.iter().map(|sd| sd * before / after).collect();
            assert_near(&posterior.sd(), &rescaled, 1e-10);
        }
    }
}

#[test]
fn one_label_is_enough_to_start() {
    let rows = random_counts(5, 16);
    let mut gp = TanimotoGp::default();
    let report = gp.fit(&rows.select(&[0]), &[-3.0]).unwrap();
    assert_eq!((report.scale, report.mean, report.signal_variance), (ScaleSource::LabelSize, -3.0, 9.0));
    assert_eq!((report.leave_one_out, report.calibration), (None, 1.0));
    let seen = gp.predict(&rows).unwrap();
    assert!(seen.mean.iter().all(|m| near(*m, -3.0, 1e-12)));
    assert!(seen.sd.iter().skip(1).all(|sd| *sd > seen.sd[0] && sd.is_finite()));

    let mut gp = TanimotoGp::new(GpSettings {
        hyper_parameters: HyperParameters::Estimated { noise_prior: None, prior_sd: Some(0.5) },
        ..Default::default()
    });
    assert_eq!(gp.fit(&rows.select(&[0]), &[-3.0]).unwrap().signal_variance, 0.25);
    let report = gp.fit(&rows.select(&[0, 1]), &[1.0, 2.0]).unwrap();
    assert_eq!((report.labels, report.scale), (2, ScaleSource::Likelihood));
}

#[test]
fn labels_without_spread_give_a_finite_positive_sd() {
    let rows = random_counts(9, 17);
    for value in [0.0, 5.0, -1e-150, 1e99] {
        let mut gp = TanimotoGp::default();
        let report = gp.fit(&rows.select(&range(0, 6)), &[value; 6]).unwrap();
        assert_eq!(report.scale, ScaleSource::LabelSize);
        assert_eq!(report.leave_one_out.unwrap().r2, None);
        let seen = gp.predict(&rows).unwrap();
        assert!(seen.mean.iter().all(|m| near(*m, value, 1e-9)), "{seen:?}");
        assert!(seen.sd.iter().all(|sd| sd.is_finite() && *sd > 0.0));
    }
}

#[test]
fn a_large_constant_in_the_labels_costs_no_digits() {
    let rows = random_counts(50, 18);
    let labels = additive_labels(&rows, 0.2, 19);
    let lifted: Vec<f64> = labels.iter().map(|y| y - 4096.0).collect();
    let (mut a, mut b) = (TanimotoGp::default(), TanimotoGp::default());
    a.fit(&rows, &labels).unwrap();
    b.fit(&rows, &lifted).unwrap();
    let (p, q) = (a.predict(&rows).unwrap(), b.predict(&rows).unwrap());
    for i in 0..50 {
        assert!((p.mean[i] - q.mean[i] - 4096.0).abs() < 1e-8);
        assert!((p.sd[i] - q.sd[i]).abs() < 1e-8);
    }
}

#[test]
fn labels_without_noise_end_at_the_bound_and_say_so() {
    let rows = random_counts(30, 20);
    let copies: CountMatrix = rows.rows().chain(rows.rows()).collect();
    let labels: Vec<f64> = additive_labels(&rows, 0.0, 1).repeat(2);
    let settings = GpSettings {
        hyper_parameters: HyperParameters::Estimated { noise_prior: None, prior_sd: None },
        ..Default::default()
    };
    let report = TanimotoGp::new(settings).fit(&copies, &labels).unwrap();
    assert_eq!(report.at_bound, Some(Bound::LeastNoise));
    assert!(report.leave_one_out.unwrap().rmse < 1e-4);
}

#[test]
fn structures_unlike_the_training_structures_are_out_of_domain() {
    let rows = random_counts(60, 23);
    let mut gp = TanimotoGp::default();
    gp.fit(&rows, &additive_labels(&rows, 0.2, 24)).unwrap();
    let strange = SparseCounts::from_pairs([(1, 5), (2, 5)]).unwrap();
    let candidates: CountMatrix = rows.rows().take(3).chain([strange.view()]).collect();
    let seen = gp.predict(&candidates).unwrap();
    assert_eq!(seen.in_domain, [true, true, true, false]);
    assert_eq!(seen.nearest, [1.0, 1.0, 1.0, 0.0]);
}

#[test]
fn bad_input_is_named_and_leaves_the_model_alone() {
    let rows = random_counts(4, 25);
    let mut gp = TanimotoGp::default();
    assert_eq!(gp.predict(&rows), Err(LearnError::NotFitted));
    assert_eq!(gp.extend(&rows, &[0.0; 4]), Err(LearnError::NotFitted));
    assert_eq!(gp.fit(&CountMatrix::new(), &[]), Err(LearnError::NoData));
    gp.fit(&rows, &[1.0, 2.0, 3.0, 4.0]).unwrap();
    let before = gp.predict(&rows).unwrap();
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e101] {
        let error = gp.fit(&rows, &[1.0, 2.0, bad, 4.0]).unwrap_err();
        assert!(matches!(error, LearnError::BadLabel { index: 2, .. }), "{error}");
        assert!(gp.extend(&rows, &[bad, 2.0, 3.0, 4.0]).unwrap_err().to_string().contains("label 0 "));
    }
    let error = gp.fit(&rows, &[1.0]).unwrap_err();
    assert_eq!(error, LearnError::LengthMismatch { rows: 4, labels: 1 });
    assert_eq!(gp.predict(&rows).unwrap(), before);
    let mut posterior = gp.posterior(&rows).unwrap();
    assert_eq!(posterior.condition_on(4), Err(LearnError::NoSuchCandidate { index: 4, candidates: 4 }));

    for (model, name) in [
        (given(0.0, 1.0, Mean::Estimated), "signal_variance"),
        (given(1.0, f64::NAN, Mean::Estimated), "noise_variance"),
        (given(1.0, 1.0, Mean::Known(f64::NAN)), "mean"),
        (TanimotoGp::new(GpSettings { domain_quantile: 1.5, ..Default::default() }), "domain_quantile"),
    ] {
        let error = model.clone().fit(&rows, &[1.0; 4]).unwrap_err();
        assert!(matches!(error, LearnError::BadSetting { setting, .. } if setting == name), "{error}");
    }
}

#[test]
fn copies_without_noise_are_refused_with_advice() {
    let rows = random_counts(1, 26);
    let error = given(1.0, 1e-300, Mean::Estimated).fit(&rows.select(&[0, 0]), &[1.0, 2.0]).unwrap_err();
    assert!(matches!(error, LearnError::SingularCovariance { labels: 2, row: 1, .. }), "{error}");
    assert!(error.to_string().contains("raise the noise variance"), "{error}");
}

#[test]
fn a_posterior_that_would_not_fit_is_refused() {
    let rows = random_counts(700, 27);
    let mut gp = given(1.0, 0.1, Mean::Estimated);
    gp.fit(&rows, &additive_labels(&rows, 0.1, 28)).unwrap();
    let many: CountMatrix = (0..100_000).map(|i| rows.row(i % 700)).collect();
    let error = gp.posterior(&many).unwrap_err();
    assert!(matches!(error, LearnError::PosteriorTooLarge { fits: 95_869, .. }), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_labels_of_any_structures_can_be_learnt(
        picks in proptest::collection::vec(0usize..6, 1..14),
        values in proptest::collection::vec(prop_oneof![-3.0..3.0, Just(0.0), Just(1.0), -1e6..1e6], 14),
        extra in proptest::collection::vec(0usize..12, 0..4),
    ) {
        let rows = random_counts(12, 29);
        let mut gp = TanimotoGp::default();
        let report = gp.fit(&rows.select(&picks), &values[..picks.len()]).unwrap();
        prop_assert!(report.log_marginal_likelihood.is_finite() && report.signal_variance > 0.0);
        gp.extend(&rows.select(&extra), &values[..extra.len()]).unwrap();
        let seen = gp.predict(&rows).unwrap();
        for i in 0..12 {
            prop_assert!(seen.mean[i].is_finite());
            prop_assert!(seen.sd[i].is_finite() && seen.sd[i] > 0.0 && seen.sd_latent[i] <= seen.sd[i]);
            prop_assert!((0.0..=1.0).contains(&seen.nearest[i]));
        }
    }
}
