use super::*;
use crate::testing::{additive_labels, random_atoms, random_counts, random_rows, smooth_labels};
use crate::{
    Composition, DenseKernel, Extensive, KernelGp, KernelGpSettings, KernelHyper, LocalKernel, Shape,
    Storable, TanimotoForm, TanimotoKernel, WithComposition,
};

fn settings(inducing: usize, approximation: Approximation) -> SparseSettings {
    SparseSettings { inducing, approximation, ..Default::default() }
}

fn dense(settings: SparseSettings) -> SparseGp<DenseKernel> {
    SparseGp::new(DenseKernel { shape: Shape::Gaussian }, settings)
}

const BOTH: [Approximation; 2] = [Approximation::Variational, Approximation::Fitc];

/// With every structure an inducing point the approximation is exact.
#[test]
fn all_points_make_it_exact() {
    let (x, z) = (random_rows(90, 3, 1), random_rows(25, 3, 2));
    let y = smooth_labels(&x, 0.2, 3);
    for mean in [crate::Mean::Estimated, crate::Mean::Known(0.3)] {
        let mut exact = KernelGp::new(
            DenseKernel { shape: Shape::Gaussian },
            KernelGpSettings { mean, ..Default::default() },
        );
        let report = exact.fit(&x, &y).unwrap();
        let hyper_parameters = KernelHyper::Given {
            length_scale: exact.details().unwrap().length_scale,
            signal_variance: report.signal_variance,
            noise_variance: report.noise_variance,
        };
        let gp = KernelGpSettings { mean, hyper_parameters, ..Default::default() };
        let expected = exact.predict(&z).unwrap();
        for approximation in BOTH {
            let mut sparse = dense(SparseSettings { gp, ..settings(90, approximation) });
            let found = sparse.fit(&x, &y).unwrap();
            let details = sparse.details().unwrap();
            assert!(details.unexplained < 1e-8, "{details:?}");
            let gain = found.log_marginal_likelihood - report.log_marginal_likelihood;
            assert!(gain.abs() < 1e-3, "{gain}");
            let (one, two) = (found.leave_one_out.unwrap(), report.leave_one_out.as_ref().unwrap());
            assert!((one.rmse / two.rmse - 1.0).abs() < 1e-4, "{one:?} {two:?}");
            assert!((found.calibration / report.calibration - 1.0).abs() < 1e-4);
            let seen = sparse.predict(&z).unwrap();
            for i in 0..25 {
                assert!((seen.mean[i] - expected.mean[i]).abs() < 1e-4, "{approximation:?}");
                assert!((seen.sd[i] / expected.sd[i] - 1.0).abs() < 1e-4, "{approximation:?}");
                assert!((seen.nearest[i] - expected.nearest[i]).abs() < 0.05);
            }
        }
    }
}

/// Against the formulas of the documentation, dense.
#[test]
fn it_equals_the_dense_formulas() {
    use crate::gp::factor::Factor;
    use faer::Mat;
    let (x, z) = (random_rows(60, 2, 5), random_rows(7, 2, 6));
    let y = smooth_labels(&x, 0.3, 7);
    let (length, signal, noise) = (0.6, 1.7, 0.05);
    let hyper_parameters =
        KernelHyper::Given { length_scale: length, signal_variance: signal, noise_variance: noise };
    let gp = KernelGpSettings { mean: crate::Mean::Known(0.0), hyper_parameters, ..Default::default() };
    for approximation in BOTH {
        let mut sparse = dense(SparseSettings { gp, ..settings(12, approximation) });
        let report = sparse.fit(&x, &y).unwrap();
        let chosen = sparse.state.as_ref().unwrap().chosen.clone();
        let k = |a: &[f64], b: &[f64]| {
            signal
                * (-0.5 * a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>() / length / length)
                    .exp()
        };
        let among = Mat::from_fn(12, 12, |i, j| k(x.row(chosen[i]), x.row(chosen[j])));
        let inverse = Factor::new(among.clone()).unwrap().inverse();
        let cross = Mat::from_fn(12, 60, |i, j| k(x.row(chosen[i]), x.row(j)));
        let q = cross.transpose() * &inverse * &cross;
        let d: Vec<f64> = (0..60)
            .map(|i| if approximation == Approximation::Fitc { signal - q[(i, i)] + noise } else { noise })
            .collect();
        let mut covariance = q.clone();
        (0..60).for_each(|i| covariance[(i, i)] += d[i]);
        let factor = Factor::new(covariance).unwrap();
        let alpha = factor.solve(&y);
        let quadratic: f64 = alpha.iter().zip(&y).map(|(a, y)| a * y).sum();
        let mut likelihood = -0.5 * (quadratic + factor.log_det() + 60.0 * (2.0 * std::f64::consts::PI).ln());
        if approximation == Approximation::Variational {
            likelihood -= (0..60).map(|i| signal - q[(i, i)]).sum::<f64>() / (2.0 * noise);
        }
        assert!(
            (report.log_marginal_likelihood - likelihood).abs() < 1e-6 * likelihood.abs(),
            "{approximation:?}"
        );
        let a = Mat::from_fn(12, 12, |i, j| {
            among[(i, j)] + (0..60).map(|n| cross[(i, n)] * cross[(j, n)] / d[n]).sum::<f64>()
        });
        let a = Factor::new(a).unwrap().inverse();
        let seen = sparse.predict(&z).unwrap();
        for i in 0..7 {
            let own: Vec<f64> = chosen.iter().map(|&c| k(x.row(c), z.row(i))).collect();
            let form = |m: &Mat<f64>, b: &[f64]| -> f64 {
                (0..12)
                    .flat_map(|r| (0..12).map(move |c| (r, c)))
                    .map(|(r, c)| own[r] * m[(r, c)] * b[c])
                    .sum()
            };
            let weighted: Vec<f64> =
                (0..12).map(|r| (0..60).map(|n| cross[(r, n)] * y[n] / d[n]).sum()).collect();
            let mean = form(&a, &weighted);
            let variance = signal - form(&inverse, &own) + form(&a, &own) + noise;
            assert!((seen.mean[i] - mean).abs() < 1e-7, "{approximation:?} {} {mean}", seen.mean[i]);
            let sd = seen.sd[i] / report.calibration;
            assert!((sd - variance.sqrt()).abs() < 1e-7, "{approximation:?} {sd} {variance}");
        }
    }
}

#[test]
fn few_points_come_near_and_say_how_near() {
    let (x, z) = (random_rows(1500, 3, 1), random_rows(300, 3, 2));
    let y = smooth_labels(&x, 0.2, 3);
    let truth = smooth_labels(&z, 0.0, 4);
    let mut exact = KernelGp::new(DenseKernel { shape: Shape::Gaussian }, KernelGpSettings::default());
    exact.fit(&x, &y).unwrap();
    let rms = |a: &[f64], b: &[f64]| {
        (a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>() / a.len() as f64).sqrt()
    };
    let expected = exact.predict(&z).unwrap();
    for approximation in BOTH {
        let mut sparse = dense(settings(150, approximation));
        let report = sparse.fit(&x, &y).unwrap();
        let seen = sparse.predict(&z).unwrap();
        let (off, error) = (rms(&seen.mean, &expected.mean), rms(&expected.mean, &truth));
        let details = sparse.details().unwrap();
        assert!(off < 0.5 * error + 0.01, "{approximation:?} {off} {error} {details:?}");
        let comparison = details.comparison.as_ref().unwrap();
        assert_eq!((comparison.labels, comparison.asked), (1000, 500));
        assert!(comparison.rms_difference < 0.03 && comparison.sparse_rmse < 1.1 * comparison.exact_rmse);
        let coverage = report.leave_one_out.unwrap().coverage_90.unwrap();
        assert!((coverage - 0.9).abs() < 0.03, "{coverage}");
        // In parts as at once, at the same points.
        let first: Vec<usize> = (0..1000).collect();
        let mut grown = dense(settings(150, approximation));
        grown.fit(&x.select(&first), &y[..1000]).unwrap();
        let before = rms(&grown.predict(&z).unwrap().mean, &truth);
        let rest: Vec<usize> = (1000..1500).collect();
        assert_eq!(grown.extend(&x.select(&rest), &y[1000..]).unwrap().labels, 1500);
        assert!(rms(&grown.predict(&z).unwrap().mean, &truth) < before);
    }
}

#[test]
fn it_comes_back_from_a_file() {
    let (x, z) = (random_counts(120, 1), random_counts(20, 2));
    let y = additive_labels(&x, 0.5, 3);
    let kernel = TanimotoKernel { form: TanimotoForm::Exponential };
    for approximation in BOTH {
        let mut gp = SparseGp::new(kernel, settings(40, approximation));
        gp.fit(&x.select(&(0..100).collect::<Vec<_>>()), &y[..100]).unwrap();
        gp.extend(&x.select(&(100..120).collect::<Vec<_>>()), &y[100..]).unwrap();
        let stored = gp.store().unwrap();
        let mut again = SparseGp::new(kernel, SparseSettings::default());
        again.restore(&x, &stored).unwrap();
        assert_eq!(again.predict(&z), gp.predict(&z));
        assert_eq!(again.report(), gp.report());
        assert_eq!(again.details(), gp.details());
        assert_eq!(again.scores(), gp.scores());
        let shuffled = x.select(&(0..120).rev().collect::<Vec<_>>());
        assert!(matches!(again.restore(&shuffled, &stored), Err(LearnError::StrangeFeatures { .. })));
        for name in ["w", "vy", "v1", "chosen", "judged", "judged_labels"] {
            let mut spoilt = stored.clone();
            spoilt.insert(name, vec![f64::NAN]);
            let error = again.restore(&x, &spoilt).unwrap_err();
            assert!(matches!(error, LearnError::BadStored { .. }), "{name} {error}");
        }
    }
}

#[test]
fn it_works_on_atoms_and_on_few_labels() {
    let atoms = random_atoms(200, 4, 1);
    let y: Vec<f64> = (0..200).map(|i| atoms.rows(i).iter().map(|v| v.sin()).sum::<f64>() - 50.0).collect();
    let x = WithComposition::new(atoms.clone(), Composition::of(&atoms)).unwrap();
    let gp = KernelGpSettings::extensive();
    let sparse = SparseGp::new(
        LocalKernel { shape: Shape::Gaussian },
        SparseSettings { gp, ..settings(100, Approximation::Variational) },
    );
    let mut model = Extensive::new(sparse);
    let report = model.fit(&x, &y).unwrap();
    let mut exact = Extensive::new(KernelGp::new(LocalKernel { shape: Shape::Gaussian }, gp));
    let [one, two] = [report, exact.fit(&x, &y).unwrap()].map(|report| report.leave_one_out.unwrap().rmse);
    assert!(one < 1.3 * two, "{one} {two}");

    let rows = random_rows(3, 2, 1);
    for approximation in BOTH {
        let mut gp = dense(settings(10, approximation));
        assert_eq!(gp.predict(&rows), Err(LearnError::NotFitted));
        gp.fit(&rows.select(&[0]), &[2.0]).unwrap();
        let seen = gp.predict(&rows).unwrap();
        assert!(seen.mean.iter().chain(&seen.sd).all(|v| v.is_finite()), "{seen:?}");
        gp.fit(&rows, &[1.0, 1.0, 1.0]).unwrap();
        assert!((gp.predict(&rows).unwrap().mean[2] - 1.0).abs() < 1e-9);
    }
    let mut bad = dense(settings(0, Approximation::Fitc));
    assert!(matches!(bad.fit(&rows, &[1.0, 2.0, 3.0]), Err(LearnError::BadSetting { .. })));
}
