use super::*;
use crate::report::ScaleSource;
use crate::testing::{random_atoms, random_rows, smooth_labels};
use crate::{DenseKernel, DenseRows, LocalKernel, LocalRows, Mean, Shape};

fn gaussian() -> DenseKernel {
    DenseKernel { shape: Shape::Gaussian }
}

fn given(mean: Mean) -> KernelGp<DenseKernel> {
    let hyper_parameters =
        KernelHyper::Given { length_scale: 1.4, signal_variance: 0.9, noise_variance: 0.02 };
    KernelGp::new(gaussian(), KernelGpSettings { mean, hyper_parameters, ..Default::default() })
}

fn assert_near(a: &[f64], b: &[f64], tolerance: f64) {
    assert_eq!(a.len(), b.len());
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        assert!((a - b).abs() <= tolerance * (1.0 + b.abs()), "entry {i}: {a} is not {b}");
    }
}

fn part(x: &DenseRows, from: usize, to: usize) -> DenseRows {
    x.select(&(from..to).collect::<Vec<_>>())
}

/// Atomisation-like: a sum over atoms of a smooth function.
fn extensive(x: &LocalRows) -> Vec<f64> {
    let atom = |row: &[f64]| 3.0 + row.iter().enumerate().map(|(i, v)| (v + i as f64).sin()).sum::<f64>();
    (0..x.len()).map(|i| x.rows(i).chunks_exact(x.columns()).map(atom).sum()).collect()
}

#[test]
fn smooth_labels_are_learnt_with_the_coverage_promised() {
    const RUNS: u64 = 6;
    for shape in [Shape::Gaussian, Shape::Laplacian, Shape::Matern52] {
        for settings in [KernelGpSettings::default(), KernelGpSettings::ridge()] {
            let (mut squares, mut left_out, mut covered) = (0.0, 0.0, 0.0);
            for seed in 0..RUNS {
                let x = random_rows(600, 3, 2 * seed + 100);
                let y = smooth_labels(&x, 0.2, 2 * seed + 101);
                let mut gp = KernelGp::new(DenseKernel { shape }, settings);
                let report = gp.fit(&part(&x, 0, 200), &y[..200]).unwrap();
                let seen = gp.predict(&part(&x, 200, 600)).unwrap();
                let errors: Vec<f64> = y[200..].iter().zip(&seen.mean).map(|(y, m)| y - m).collect();
                let inside = errors.iter().zip(&seen.sd).filter(|(e, sd)| e.abs() <= 1.645 * **sd).count();
                covered += inside as f64 / (400 * RUNS) as f64;
                squares += errors.iter().map(|e| e * e).sum::<f64>() / (400 * RUNS) as f64;
                left_out += report.leave_one_out.unwrap().rmse.powi(2) / RUNS as f64;
            }
            let (rmse, loo) = (squares.sqrt(), left_out.sqrt());
            eprintln!("{shape:?}: RMSE {rmse:.4}, left out {loo:.4}, 90 % interval holds {covered:.3}");
            let limit = if shape == Shape::Laplacian { 0.2 } else { 0.14 };
            assert!(rmse < limit && (loo / rmse - 1.0).abs() < 0.1);
            assert!((covered - 0.9).abs() < 0.025);
        }
    }
}

#[test]
fn extensive_labels_are_learnt_by_the_local_kernel() {
    let x = random_atoms(260, 4, 3);
    let y = extensive(&x);
    let (train, test) = (x.select(&(0..200).collect::<Vec<_>>()), x.select(&(200..260).collect::<Vec<_>>()));
    let mut gp = KernelGp::new(LocalKernel { shape: Shape::Gaussian }, KernelGpSettings::extensive());
    let loo = gp.fit(&train, &y[..200]).unwrap().leave_one_out.unwrap();
    assert!(loo.r2.unwrap() > 0.99, "{loo:?}");
    let seen = gp.predict(&test).unwrap();
    let rmse = (y[200..].iter().zip(&seen.mean).map(|(y, m)| (y - m).powi(2)).sum::<f64>() / 60.0).sqrt();
    assert!((0.6..1.6).contains(&(rmse / loo.rmse)), "{rmse} {loo:?}");
    assert!(seen.nearest.iter().all(|s| (0.0..=1.0).contains(s)));

    let mut grown = KernelGp::new(LocalKernel { shape: Shape::Gaussian }, KernelGpSettings::extensive());
    grown.fit(&train, &y[..200]).unwrap();
    grown.extend(&test, &y[200..]).unwrap();
    assert_near(&grown.predict(&test).unwrap().mean, &y[200..], 2e-2);
}

#[test]
fn extending_equals_a_new_fit() {
    let x = random_rows(70, 4, 5);
    let (y, z) = (smooth_labels(&x, 0.1, 6), smooth_labels(&x, 2.0, 7));
    for mean in [Mean::Estimated, Mean::Known(0.2)] {
        let (mut whole, mut grown) = (given(mean), given(mean));
        let once = whole.fit_many(&part(&x, 0, 60), &[&y[..60], &z[..60]]).unwrap();
        grown.fit_many(&part(&x, 0, 40), &[&y[..40], &z[..40]]).unwrap();
        grown.extend_many(&part(&x, 40, 41), &[&y[40..41], &z[40..41]]).unwrap();
        let twice = grown.extend_many(&part(&x, 41, 60), &[&y[41..60], &z[41..60]]).unwrap();
        for (a, b) in once.iter().zip(&twice) {
            let numbers =
                |r: &FitReport| [r.mean, r.log_marginal_likelihood, r.calibration, r.domain_threshold];
            assert_near(&numbers(a), &numbers(b), 1e-9);
        }
        for (a, b) in whole.predict_many(&x).unwrap().iter().zip(&grown.predict_many(&x).unwrap()) {
            assert_near(&a.mean, &b.mean, 1e-9);
            assert_near(&a.sd, &b.sd, 1e-9);
            assert_near(&a.nearest, &b.nearest, 1e-12);
        }
    }
}

#[test]
fn properties_learnt_together_equal_those_learnt_alone() {
    let x = random_rows(50, 4, 8);
    let labels = [smooth_labels(&x, 0.1, 9), smooth_labels(&x, 1.0, 10)];
    let mut both = given(Mean::Estimated);
    both.fit_many(&x, &[&labels[0], &labels[1]]).unwrap();
    assert!(matches!(both.predict(&x), Err(LearnError::PropertyMismatch { expected: 2, found: 1 })));
    for (seen, labels) in both.predict_many(&x).unwrap().iter().zip(&labels) {
        let mut alone = given(Mean::Estimated);
        alone.fit(&x, labels).unwrap();
        assert_eq!(&alone.predict(&x).unwrap(), seen);
    }
    let mut free = KernelGp::new(gaussian(), KernelGpSettings::default());
    let reports = free.fit_many(&x, &[&labels[0], &labels[1]]).unwrap();
    assert!(reports[0].signal_variance != reports[1].signal_variance);
}

#[test]
fn predictions_do_not_depend_on_threads() {
    let x = random_rows(400, 6, 11);
    let y = smooth_labels(&x, 0.2, 12);
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let mut gp = KernelGp::new(gaussian(), KernelGpSettings::default());
            (gp.fit(&part(&x, 0, 320), &y[..320]).unwrap(), gp.predict(&x).unwrap())
        })
    };
    assert_eq!(run(1), run(3));
}

#[test]
fn leave_one_out_equals_leaving_each_out() {
    let x = random_rows(20, 3, 13);
    let y = smooth_labels(&x, 0.2, 14);
    for mean in [Mean::Estimated, Mean::Known(0.1)] {
        let loo = given(mean).fit(&x, &y).unwrap().leave_one_out.unwrap();
        let mut squares = 0.0;
        for left in 0..20 {
            let rest: Vec<usize> = (0..20).filter(|&i| i != left).collect();
            let mut gp = given(mean);
            gp.fit(&x.select(&rest), &rest.iter().map(|&i| y[i]).collect::<Vec<_>>()).unwrap();
            squares += (y[left] - gp.predict(&x.select(&[left])).unwrap().mean[0]).powi(2);
        }
        assert!((loo.rmse - (squares / 20.0_f64).sqrt()).abs() < 1e-10);
    }
}

#[test]
fn a_large_constant_in_the_labels_costs_no_digits() {
    let x = random_rows(60, 3, 15);
    let y = smooth_labels(&x, 0.1, 16);
    let lifted: Vec<f64> = y.iter().map(|y| y - 4096.0).collect();
    let fit = |y: &[f64]| {
        let mut gp = given(Mean::Estimated);
        gp.fit(&x, y).unwrap();
        gp.predict(&x).unwrap()
    };
    let (a, b) = (fit(&y), fit(&lifted));
    assert!(a.mean.iter().zip(&b.mean).all(|(a, b)| (a - b - 4096.0).abs() < 1e-8));
}

#[test]
fn few_or_equal_labels_are_enough_to_start() {
    let x = random_rows(6, 3, 17);
    let atoms = random_atoms(6, 3, 18);
    for count in 1..5 {
        for value in [-3.0, 0.0, 1e99] {
            for settings in
                [KernelGpSettings::default(), KernelGpSettings::ridge(), KernelGpSettings::extensive()]
            {
                let mut gp = KernelGp::new(gaussian(), settings);
                let report = gp.fit(&part(&x, 0, count), &vec![value; count]).unwrap();
                let seen = gp.predict(&x).unwrap();
                assert!(seen.mean.iter().all(|m| m.is_finite()), "{report:?}");
                assert!(seen.sd.iter().all(|sd| sd.is_finite() && *sd > 0.0), "{count} {value} {report:?}");
                if settings.mean == Mean::Estimated {
                    assert_eq!(report.scale, ScaleSource::LabelSize);
                    assert_near(&seen.mean, &[value; 6], 1e-9);
                }
            }
        }
        let mut gp = KernelGp::new(LocalKernel { shape: Shape::Gaussian }, KernelGpSettings::extensive());
        gp.fit(&atoms.select(&(0..count).collect::<Vec<_>>()), &vec![-2.0; count]).unwrap();
        assert!(gp.predict(&atoms).unwrap().sd.iter().all(|sd| *sd > 0.0));
        let y: Vec<f64> = (0..count).map(|i| i as f64).collect();
        for settings in [KernelGpSettings::default(), KernelGpSettings::ridge()] {
            let mut gp = KernelGp::new(gaussian(), settings);
            gp.fit(&part(&x, 0, count), &y).unwrap();
            assert!(gp.predict(&x).unwrap().sd.iter().all(|sd| sd.is_finite() && *sd > 0.0));
        }
    }
}

#[test]
fn copies_with_conflicting_labels_are_reported() {
    let rows = random_rows(30, 3, 19);
    let mut x = rows.clone();
    x.append(&part(&rows, 4, 7)).unwrap();
    let mut y = smooth_labels(&rows, 0.0, 20);
    y.extend([y[4] + 0.5, y[5], y[6] - 1.0]);
    let mut gp = KernelGp::new(gaussian(), KernelGpSettings::default());
    let report = gp.fit(&x, &y).unwrap();
    let copies = &gp.details().unwrap().copies;
    assert_eq!((copies.rows, copies.conflicting, copies.worst.len()), (3, 2, 2));
    assert_eq!((copies.worst[0].first, copies.worst[0].second), (6, 32));
    assert!((copies.worst[0].difference + 1.0).abs() < 1e-12);
    assert!(report.noise_variance > 0.0);
}

#[test]
fn bad_input_is_named_and_leaves_the_model_alone() {
    let x = random_rows(5, 3, 21);
    let y = [1.0, 2.0, 4.0, 3.0, 0.0];
    let mut gp = given(Mean::Estimated);
    assert_eq!(gp.predict(&x), Err(LearnError::NotFitted));
    assert_eq!(gp.extend(&x, &y), Err(LearnError::NotFitted));
    assert_eq!(gp.fit(&part(&x, 0, 0), &[]), Err(LearnError::NoData));
    assert_eq!(gp.fit_many(&x, &[]), Err(LearnError::NoData));
    gp.fit(&x, &y).unwrap();
    let before = gp.predict(&x).unwrap();
    for bad in [f64::NAN, f64::INFINITY, 1e101] {
        let error = gp.fit(&x, &[1.0, 2.0, bad, 3.0, 0.0]).unwrap_err();
        assert!(matches!(error, LearnError::BadLabel { index: 2, .. }), "{error}");
        assert!(gp.extend(&part(&x, 0, 1), &[bad]).is_err());
    }
    assert!(matches!(gp.fit(&x, &y[..4]), Err(LearnError::LengthMismatch { rows: 5, labels: 4 })));
    let other = random_rows(2, 4, 22);
    let mismatch = LearnError::ColumnMismatch { expected: 3, found: 4 };
    assert_eq!(gp.predict(&other), Err(mismatch.clone()));
    assert_eq!(gp.extend(&other, &[0.0; 2]), Err(mismatch));
    assert_eq!(gp.predict(&x).unwrap(), before);
    let hyper_parameters =
        KernelHyper::Given { length_scale: -1.0, signal_variance: 1.0, noise_variance: 1.0 };
    let settings = KernelGpSettings { hyper_parameters, ..Default::default() };
    let error = KernelGp::new(gaussian(), settings).fit(&x, &y).unwrap_err();
    assert!(matches!(error, LearnError::BadSetting { setting: "length_scale", .. }), "{error}");
}

#[test]
fn the_longest_extension_equals_a_new_fit() {
    let x = random_rows(170, 3, 23);
    let y = smooth_labels(&x, 0.1, 24);
    let (mut whole, mut grown) = (given(Mean::Estimated), given(Mean::Estimated));
    whole.fit(&x, &y).unwrap();
    grown.fit(&part(&x, 0, 30), &y[..30]).unwrap();
    grown.extend(&part(&x, 30, 170), &y[30..]).unwrap();
    let (a, b) = (whole.predict(&x).unwrap(), grown.predict(&x).unwrap());
    assert_near(&a.mean, &b.mean, 1e-9);
    assert_near(&a.sd, &b.sd, 1e-9);
}

#[test]
fn a_structure_without_atoms_is_like_nothing() {
    let mut atoms = random_atoms(12, 3, 25);
    let y = extensive(&atoms);
    let mut gp = KernelGp::new(LocalKernel { shape: Shape::Gaussian }, KernelGpSettings::extensive());
    gp.fit(&atoms, &y).unwrap();
    atoms.push(&[], &[]).unwrap();
    // An element that was not learnt adds nothing either.
    atoms.push(&[53], &[0.1, 0.2, 0.3]).unwrap();
    let seen = gp.predict(&atoms).unwrap();
    assert_eq!((seen.mean[12], seen.nearest[12], seen.nearest[13]), (0.0, 0.0, 0.0));
    assert_eq!((seen.in_domain[12], seen.in_domain[13]), (false, false));
    assert!(seen.sd.iter().all(|sd| sd.is_finite()));
}
