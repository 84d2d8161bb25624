use super::*;
use crate::testing::{random_atoms, random_rows, smooth_labels};
use crate::{
    Array, DenseKernel, DenseRows, KernelGp, KernelGpSettings, KernelHyper, LearnError, LocalKernel,
    LocalRows, Mean, Predictions, Shape, Storable, Stored, Surrogate, Table,
};
use faer::Mat;
use faer::linalg::solvers::Solve;

fn gaussian() -> DenseKernel {
    DenseKernel { shape: Shape::Gaussian }
}

fn set(length: f64, signal: f64, noise: f64, nugget: f64) -> RungHyper {
    RungHyper {
        length_scale: length,
        signal_variance: signal,
        noise_variance: noise,
        nugget_variance: nugget,
        element_variance: 0.0,
    }
}

fn given(mean: RungMean, rungs: Vec<RungHyper>, rho: Vec<f64>) -> CoKrigingSettings {
    let count = rungs.len();
    CoKrigingSettings {
        mean,
        hyper_parameters: CoKrigingHyper::Given { rungs, rho },
        ..CoKrigingSettings::new(count)
    }
}

fn assert_near(a: &[f64], b: &[f64], tolerance: f64) {
    assert_eq!(a.len(), b.len());
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        assert!((a - b).abs() <= tolerance * (1.0 + b.abs()), "entry {i}: {a} is not {b}");
    }
}

fn rmse(a: &[f64], b: &[f64]) -> f64 {
    (a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>() / a.len() as f64).sqrt()
}

/// Rows on three rungs; some structures on several.
fn three_rungs() -> (Rungs<DenseRows>, Vec<f64>) {
    let x = random_rows(40, 3, 1);
    let rows: Vec<usize> = (0..40).chain(0..16).chain(8..20).chain(0..5).collect();
    let rung: Vec<usize> = (0..40)
        .map(|i| if i < 30 { 0 } else { 1 + i % 2 })
        .chain([1; 16])
        .chain([2; 12])
        .chain([0; 5])
        .collect();
    let y = smooth_labels(&x.select(&rows), 0.2, 2);
    let y = y.iter().zip(&rung).map(|(y, &r)| 3.0 * r as f64 + (1.0 + 0.4 * r as f64) * y).collect();
    (Rungs::new(x.select(&rows), rung).unwrap(), y)
}

fn three_sets() -> (Vec<RungHyper>, Vec<f64>) {
    let sets = vec![set(1.3, 0.9, 0.02, 0.05), set(0.8, 0.4, 0.03, 0.01), set(1.7, 0.2, 0.05, 0.0)];
    (sets, vec![1.3, 0.7])
}

#[test]
fn one_rung_equals_the_gaussian_process() {
    let x = random_rows(70, 3, 3);
    let y: Vec<f64> = smooth_labels(&x, 0.2, 4).iter().map(|y| 7.0 + 3.0 * y).collect();
    let (train, test) = (x.select(&(0..50).collect::<Vec<_>>()), x.select(&(45..70).collect::<Vec<_>>()));
    for (mean, own) in [(RungMean::Constant, Mean::Estimated), (RungMean::Zero, Mean::Known(0.0))] {
        let mut one = CoKriging::new(gaussian(), given(mean, vec![set(1.2, 5.0, 0.3, 0.0)], vec![]));
        let hyper_parameters =
            KernelHyper::Given { length_scale: 1.2, signal_variance: 5.0, noise_variance: 0.3 };
        let mut gp =
            KernelGp::new(gaussian(), KernelGpSettings { mean: own, hyper_parameters, ..Default::default() });
        let a = one.fit(&Rungs::at(train.clone(), 0).unwrap(), &y[..50]).unwrap();
        let b = gp.fit(&train, &y[..50]).unwrap();
        let numbers = |r: &crate::FitReport| {
            let loo = r.leave_one_out.as_ref().unwrap();
            [
                r.mean,
                r.log_marginal_likelihood,
                r.calibration,
                r.domain_threshold,
                loo.rmse,
                loo.coverage_90_raw,
            ]
        };
        assert_near(&numbers(&a), &numbers(&b), 1e-9);
        let p = one.predict(&Rungs::at(test.clone(), 0).unwrap()).unwrap();
        let q = gp.predict(&test).unwrap();
        assert_near(&p.mean, &q.mean, 1e-9);
        assert_near(&p.sd, &q.sd, 1e-9);
        let squares = |p: &Predictions| p.sd_latent.iter().map(|s| s * s).collect::<Vec<f64>>();
        assert_near(&squares(&p), &squares(&q), 1e-9);
        assert_near(&p.nearest, &q.nearest, 1e-12);
        assert_eq!(p.in_domain, q.in_domain);
    }
}

/// Kennedy and O'Hagan's model written out: covariances between any two rows
/// from the sums over rungs, means by generalised least squares.
#[test]
fn predictions_equal_the_joint_gaussian_written_out() {
    let (x, y) = three_rungs();
    let (sets, rho) = three_sets();
    let mut model = CoKriging::new(gaussian(), given(RungMean::Constant, sets.clone(), rho.clone()));
    model.fit(&x, &y).unwrap();
    // The last three candidates are structures that have labels.
    let mut z = random_rows(6, 3, 5);
    z.append(&x.features.select(&[2, 35, 50])).unwrap();
    let seen = model.predict_rungs(&Rungs::at(z.clone(), 0).unwrap()).unwrap();

    let share = |m: usize, j: usize| if j > m { 0.0 } else { rho[j..m].iter().product::<f64>() };
    let latent = |a: &[f64], b: &[f64], m: usize, k: usize| -> f64 {
        let square: f64 = a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum();
        (0..=m.min(k))
            .map(|j| {
                let s = sets[j];
                let value = s.signal_variance * (-0.5 * square / s.length_scale.powi(2)).exp();
                share(m, j) * share(k, j) * (value + if a == b { s.nugget_variance } else { 0.0 })
            })
            .sum()
    };
    let n = y.len();
    let covariance = Mat::from_fn(n, n, |i, j| {
        let noise = if i == j { sets[x.rung[i]].noise_variance } else { 0.0 };
        latent(x.features.row(i), x.features.row(j), x.rung[i], x.rung[j]) + noise
    });
    let lu = covariance.partial_piv_lu();
    let h = Mat::from_fn(n, 3, |i, m| f64::from(u8::from(x.rung[i] == m)));
    let labels = Mat::from_fn(n, 1, |i, _| y[i]);
    let solved = lu.solve(&h);
    let precision = h.transpose() * &solved;
    let inverse = precision.partial_piv_lu().solve(Mat::<f64>::identity(3, 3));
    let means = &inverse * (solved.transpose() * &labels);
    let alpha = lu.solve(&labels - &h * &means);
    for c in 0..z.len() {
        let k = Mat::from_fn(n, 3, |i, m| latent(x.features.row(i), z.row(c), x.rung[i], m));
        let mean = &means + k.transpose() * &alpha;
        let open = Mat::<f64>::identity(3, 3) - solved.transpose() * &k;
        let left = open.transpose() * &inverse * &open - k.transpose() * lu.solve(&k);
        let calibration = |m: usize| model.reports()[m].fit.calibration;
        for a in 0..3 {
            assert!((seen.mean[c * 3 + a] - mean[(a, 0)]).abs() < 1e-10, "{c} {a}");
            for b in 0..3 {
                let expected = left[(a, b)] + latent(z.row(c), z.row(c), a, b);
                let found = seen.covariance(c, a, b) / calibration(a) / calibration(b);
                assert!((found - expected).abs() < 1e-10, "{c} {a} {b}: {found} {expected}");
            }
        }
    }
    let noise = seen.noise[2] / model.reports()[2].fit.calibration.powi(2);
    assert!((noise - sets[2].noise_variance).abs() < 1e-12);
    assert_eq!(model.reports()[2].paired, 8);
}

/// Forrester, Sobester and Keane, Proc. R. Soc. A 463, 3251 (2007): the
/// functions of their example in one variable.
#[test]
fn the_cheap_function_of_forrester_saves_dear_points() {
    let dear = |x: f64| (6.0 * x - 2.0).powi(2) * (12.0 * x - 4.0).sin();
    let cheap = |x: f64| 0.5 * dear(x) + 10.0 * (x - 0.5) - 5.0;
    let line = |points: &[f64]| DenseRows::new(points.to_vec(), 1).unwrap();
    let at = [0.0, 0.4, 0.6, 1.0];
    let grid: Vec<f64> = (0..=100).map(|i| f64::from(i) / 100.0).collect();
    let truth: Vec<f64> = grid.iter().map(|&x| dear(x)).collect();
    let mut alone = KernelGp::new(gaussian(), KernelGpSettings::default());
    alone.fit(&line(&at), &at.map(dear)).unwrap();
    let single = rmse(&alone.predict(&line(&grid)).unwrap().mean, &truth);
    for shift in [0.0, 0.03] {
        // Nested with the dear points, and not.
        let below: Vec<f64> = (0..=10).map(|i| (f64::from(i) / 10.0 + shift).min(1.0)).collect();
        let x = line(&[&below[..], &at].concat());
        let x = Rungs::new(x, [vec![0; 11], vec![1; 4]].concat()).unwrap();
        let y: Vec<f64> = below.iter().map(|&x| cheap(x)).chain(at.map(dear)).collect();
        let settings = CoKrigingSettings { same_unit: false, ..CoKrigingSettings::new(2) };
        let mut model = CoKriging::new(gaussian(), settings);
        model.fit(&x, &y).unwrap();
        let seen = model.predict(&Rungs::at(line(&grid), 1).unwrap()).unwrap();
        let both = rmse(&seen.mean, &truth);
        let rho = model.reports()[1].rho.unwrap();
        eprintln!("Forrester, shift {shift}: RMSE {both:.3} with, {single:.3} without; rho {rho:.3}");
        assert!(both < 0.15 * single && (rho - 2.0).abs() < 0.2, "{both} {single} {rho}");
    }
}

#[test]
fn a_rung_that_tells_nothing_does_no_harm() {
    let (mut with, mut without) = (0.0, 0.0);
    for seed in 0..8 {
        let x = random_rows(330, 2, 100 + seed);
        let part = |from: usize, to: usize| x.select(&(from..to).collect::<Vec<_>>());
        let y = smooth_labels(&x, 0.1, 200 + seed);
        // Another function of the same rows.
        let other = random_rows(330, 2, 100 + seed);
        let turned: Vec<f64> =
            other.values().chunks_exact(2).flat_map(|r| [r[1] - 2.0 * r[0], 3.0 * r[0]]).collect();
        let low = smooth_labels(&DenseRows::new(turned, 2).unwrap(), 0.1, 300 + seed);
        let mut rows = part(0, 90);
        rows.append(&part(0, 30)).unwrap();
        let table = Rungs::new(rows, [vec![0; 90], vec![1; 30]].concat()).unwrap();
        let mut model = CoKriging::new(gaussian(), CoKrigingSettings::new(2));
        model.fit(&table, &[&low[..90], &y[..30]].concat()).unwrap();
        let mut alone = CoKriging::new(gaussian(), CoKrigingSettings::new(1));
        alone.fit(&Rungs::at(part(0, 30), 0).unwrap(), &y[..30]).unwrap();
        let test = part(130, 330);
        let a = rmse(&model.predict(&Rungs::at(test.clone(), 1).unwrap()).unwrap().mean, &y[130..]);
        let b = rmse(&alone.predict(&Rungs::at(test, 0).unwrap()).unwrap().mean, &y[130..]);
        eprintln!("no relation: {a:.4} with, {b:.4} without; rho {:.3}", model.reports()[1].rho.unwrap());
        with += a;
        without += b;
    }
    assert!(with <= 1.05 * without, "{with} {without}");
}

#[test]
fn extending_and_conditioning_equal_a_new_fit() {
    let (x, y) = three_rungs();
    let (sets, rho) = three_sets();
    let settings = given(RungMean::Constant, sets, rho);
    let n = y.len();
    let part = |from: usize, to: usize| x.select(&(from..to).collect::<Vec<_>>());
    let mut whole = CoKriging::new(gaussian(), settings.clone());
    whole.fit(&x, &y).unwrap();
    let mut grown = CoKriging::new(gaussian(), settings.clone());
    grown.fit(&part(0, 60), &y[..60]).unwrap();
    let z = Rungs::at(random_rows(9, 3, 6), 0).unwrap();

    let before = grown.clone();
    grown.extend(&part(60, n), &y[60..]).unwrap();
    for (a, b) in whole.reports().iter().zip(grown.reports()) {
        assert!((a.fit.log_marginal_likelihood - b.fit.log_marginal_likelihood).abs() < 1e-9);
        assert!((a.fit.calibration - b.fit.calibration).abs() < 1e-9);
    }
    // The units of the frame are those of the first fit, and cancel.
    let (p, q) = (whole.predict_rungs(&z).unwrap(), grown.predict_rungs(&z).unwrap());
    assert_near(&p.mean, &q.mean, 1e-9);
    assert_near(&p.covariance, &q.covariance, 1e-9);

    // One candidate's lower values, as data and as what is known of it.
    let one = z.select(&[4]);
    let seen = before.predict_given(&one, &[vec![Some(1.3), Some(2.0), None]]).unwrap();
    let mut learnt = before.clone();
    let mut two = one.moved_to(0).unwrap();
    two.append(&one.moved_to(1).unwrap()).unwrap();
    learnt.extend(&two, &[1.3, 2.0]).unwrap();
    let expected = learnt.predict_rungs(&one).unwrap();
    assert_near(&seen.mean, &expected.mean, 1e-9);
    for m in 0..3 {
        let c = |model: &CoKriging<DenseKernel>| model.reports()[m].fit.calibration.powi(2);
        let (a, b) = (seen.covariance(0, m, m) / c(&before), expected.covariance(0, m, m) / c(&learnt));
        assert!((a - b).abs() < 1e-9, "{m} {a} {b}");
    }
    // What was found, given to a new model, is the same model.
    let mut again = CoKriging::new(gaussian(), before.found_settings().unwrap());
    again.fit(&part(0, 60), before.labels()).unwrap();
    assert_near(&again.predict_rungs(&z).unwrap().mean, &before.predict_rungs(&z).unwrap().mean, 1e-9);
    let unknown = before.predict_given(&one, &[vec![None; 3]]).unwrap();
    assert_eq!(unknown, before.predict_rungs(&one).unwrap());
}

/// A sum over atoms, and a cheaper one that is wrong by element.
fn extensive(x: &LocalRows, cheap: bool) -> Vec<f64> {
    let energy = |z: u8| if cheap { -40.0 * f64::from(z) } else { -41.0 * f64::from(z) - 3.0 };
    (0..x.len())
        .map(|i| {
            let rows = x.rows(i).chunks_exact(x.columns()).zip(x.elements(i));
            rows.map(|(row, &z)| {
                let bond: f64 = row.iter().enumerate().map(|(i, v)| (v + i as f64).sin()).sum();
                energy(z) + if cheap { 0.8 * bond } else { bond }
            })
            .sum()
        })
        .collect()
}

fn with_elements(x: LocalRows, rung: Vec<usize>) -> Rungs<LocalRows> {
    let elements: Vec<Vec<u8>> = (0..x.len()).map(|i| x.elements(i).to_vec()).collect();
    Rungs::new(x, rung).unwrap().with_elements(elements.iter().map(Vec::as_slice)).unwrap()
}

#[test]
fn energies_of_elements_need_few_dear_labels() {
    let x = random_atoms(100, 4, 7);
    let (low, high) = (extensive(&x, true), extensive(&x, false));
    let part = |from: usize, to: usize| x.select(&(from..to).collect::<Vec<_>>());
    let mut rows = part(0, 55);
    rows.append(&part(0, 15)).unwrap();
    let table = with_elements(rows, [vec![0; 55], vec![1; 15]].concat());
    let kernel = LocalKernel { shape: Shape::Gaussian };
    let mut model = CoKriging::new(kernel, CoKrigingSettings::extensive(2));
    let report = model.fit(&table, &[&low[..55], &high[..15]].concat()).unwrap();
    assert_eq!(report.labels, 15);
    let seen = model.predict(&with_elements(part(60, 100), vec![1; 40])).unwrap();
    let both = rmse(&seen.mean, &high[60..]);
    let mut alone = CoKriging::new(kernel, CoKrigingSettings::extensive(1));
    alone.fit(&with_elements(part(0, 15), vec![0; 15]), &high[..15]).unwrap();
    let single = rmse(&alone.predict(&with_elements(part(60, 100), vec![0; 40])).unwrap().mean, &high[60..]);
    eprintln!("atoms: RMSE {both:.3} with the cheap rung, {single:.3} without");
    assert!(both < 0.3 * single, "{both} {single}");
    let strange = with_elements(part(0, 1), vec![1]);
    assert!(model.predict(&strange).is_ok());
    let mut foreign = LocalRows::new(4).unwrap();
    foreign.push(&[53], &[0.0; 4]).unwrap();
    let error = model.predict(&with_elements(foreign, vec![1])).unwrap_err();
    assert_eq!(error, LearnError::UnknownElement { row: 0, element: 53 });
}

/// A lower rung that is the higher plus something rough of its own: the Markov
/// property of the model (difference and lower rung are independent) does not hold.
#[test]
fn a_rung_that_misleads_does_little_harm() {
    let x = random_rows(500, 2, 31);
    let high = smooth_labels(&x, 0.01, 32);
    // The same within a cell, and nothing to do with the next.
    let cell = |row: &[f64]| (4.0 * row[0]).floor() * 17.0 + (4.0 * row[1]).floor();
    let low: Vec<f64> = (0..500).map(|i| high[i] + 0.8 * (cell(x.row(i)) * 12.9898).sin()).collect();
    let mut rows = x.select(&(0..240).collect::<Vec<_>>());
    rows.append(&x.select(&(0..120).collect::<Vec<_>>())).unwrap();
    let table = Rungs::new(rows, [vec![0; 240], vec![1; 120]].concat()).unwrap();
    let labels = [&low[..240], &high[..120]].concat();
    let test = Rungs::at(x.select(&(240..500).collect::<Vec<_>>()), 1).unwrap();
    let fit = |cuts| {
        let mut model = CoKriging::new(gaussian(), CoKrigingSettings { cuts, ..CoKrigingSettings::new(2) });
        model.fit(&table, &labels).unwrap();
        let error = rmse(&model.predict(&test).unwrap().mean, &high[240..]);
        (error, model.reports()[1].rho.unwrap(), model.reports()[1].structures_left_out.unwrap())
    };
    let (free, kept) = (fit(true), fit(false));
    eprintln!("RMSE, rho, expected RMSE: {free:?} with cuts, {kept:?} without");
    assert!(free.0 <= 1.02 * kept.0, "{free:?} {kept:?}");
}

/// Labels of a structure left out together, in closed form and by doing so.
#[test]
fn leaving_structures_out_equals_leaving_them_out() {
    let (x, y) = three_rungs();
    let (sets, rho) = three_sets();
    let settings = given(RungMean::Constant, sets, rho);
    let mut model = CoKriging::new(gaussian(), settings.clone());
    model.fit(&x, &y).unwrap();
    let found = model.reports()[2].structures_left_out.unwrap();
    let tops: Vec<usize> = (0..y.len()).filter(|&i| x.rung[i] == 2).collect();
    let mut squares = 0.0;
    for &top in &tops {
        let rest: Vec<usize> = (0..y.len()).filter(|&i| x.features.row(i) != x.features.row(top)).collect();
        let mut without = CoKriging::new(gaussian(), settings.clone());
        without.fit(&x.select(&rest), &rest.iter().map(|&i| y[i]).collect::<Vec<_>>()).unwrap();
        squares += (y[top] - without.predict(&x.select(&[top])).unwrap().mean[0]).powi(2);
    }
    let expected = (squares / tops.len() as f64).sqrt();
    assert!((found - expected).abs() < 1e-9 * (1.0 + expected), "{found} {expected}");
}

#[test]
fn labels_without_noise_and_rungs_that_a_part_misses_are_learnt() {
    // More labels than are searched, without any noise; of the middle rung only
    // a few, all of structures with a label above.
    let line = DenseRows::new((0..300).map(|i| f64::from(i) / 300.0).collect(), 1).unwrap();
    let rows: Vec<usize> = (0..300).chain(0..150).chain([3, 77]).collect();
    let rung = [vec![0; 300], vec![2; 150], vec![1; 2]].concat();
    let y: Vec<f64> = rows.iter().zip(&rung).map(|(&i, &r)| (0.02 * i as f64).sin() + r as f64).collect();
    let table = Rungs::new(line.select(&rows), rung).unwrap();
    let settings = CoKrigingSettings { search_limit: 60, ..CoKrigingSettings::new(3) };
    let mut model = CoKriging::new(gaussian(), settings);
    model.fit(&table, &y).unwrap();
    let seen = model.predict(&Rungs::at(line, 2).unwrap()).unwrap();
    let off = |i: usize| (seen.mean[i] - (0.02 * i as f64).sin() - 2.0).abs();
    let (near, far) = ((0..150).map(off).fold(0.0, f64::max), (150..300).map(off).fold(0.0, f64::max));
    eprintln!("without noise: off by {near:e} among the labels, {far:e} beyond: {:?}", model.reports());
    assert!(near < 1e-3 && far < 0.1, "{near} {far}");
}

#[test]
fn results_do_not_depend_on_threads() {
    let (x, y) = three_rungs();
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let mut model = CoKriging::new(gaussian(), CoKrigingSettings::new(3));
            let report = model.fit(&x, &y).unwrap();
            (report, model.predict_rungs(&Rungs::at(random_rows(150, 3, 8), 0).unwrap()).unwrap())
        })
    };
    assert_eq!(run(1), run(3));
}

#[test]
fn few_or_equal_labels_are_enough_to_start() {
    let x = random_rows(8, 3, 9);
    for rungs in 1..4 {
        for value in [-3.0, 0.0, 1e90] {
            for each in 1..3 {
                for mean in [RungMean::Constant, RungMean::Zero] {
                    let rung: Vec<usize> = (0..rungs * each).map(|i| i % rungs).collect();
                    let count = rung.len();
                    let table = Rungs::new(x.select(&(0..count).collect::<Vec<_>>()), rung).unwrap();
                    let settings = CoKrigingSettings { mean, ..CoKrigingSettings::new(rungs) };
                    let mut model = CoKriging::new(gaussian(), settings);
                    model.fit(&table, &vec![value; count]).unwrap();
                    let seen = model.predict(&Rungs::at(x.clone(), rungs - 1).unwrap()).unwrap();
                    assert!(seen.mean.iter().chain(&seen.sd).all(|v| v.is_finite()), "{seen:?}");
                    assert!(seen.sd.iter().all(|sd| *sd > 0.0));
                }
            }
        }
    }
}

#[test]
fn bad_input_is_named_and_leaves_the_model_alone() {
    let (x, y) = three_rungs();
    let (sets, rho) = three_sets();
    let mut model = CoKriging::new(gaussian(), given(RungMean::Constant, sets.clone(), rho.clone()));
    assert_eq!(model.predict(&x), Err(LearnError::NotFitted));
    assert_eq!(model.extend(&x, &y), Err(LearnError::NotFitted));
    assert_eq!(model.fit(&x.select(&[]), &[]), Err(LearnError::NoData));
    model.fit(&x, &y).unwrap();
    let before = model.predict(&x).unwrap();
    for bad in [f64::NAN, f64::INFINITY, 1e101] {
        let mut labels = y.clone();
        labels[41] = bad;
        let error = model.fit(&x, &labels).unwrap_err();
        assert!(matches!(error, LearnError::BadRungLabel { rung: 1, row: 41, .. }), "{error}");
        assert!(model.extend(&x, &labels).is_err());
        let known = vec![vec![None, Some(bad), None]];
        let error = model.predict_given(&x.select(&[0]), &known).unwrap_err();
        assert!(matches!(error, LearnError::BadRungLabel { rung: 1, row: 0, .. }), "{error}");
    }
    assert!(model.predict_given(&x.select(&[0]), &[]).is_err());
    assert!(model.predict_given(&x.select(&[0]), &[vec![None; 2]]).is_err());
    let low: Vec<usize> = (0..y.len()).filter(|&i| x.rung[i] != 1).collect();
    let labels: Vec<f64> = low.iter().map(|&i| y[i]).collect();
    assert_eq!(model.fit(&x.select(&low), &labels), Err(LearnError::EmptyRung { rung: 1, rungs: 3 }));
    let high = x.moved_to(5).unwrap();
    assert_eq!(model.predict(&high), Err(LearnError::NoSuchRung { row: 0, rung: 5, rungs: 3 }));
    assert_eq!(model.extend(&high, &y), Err(LearnError::NoSuchRung { row: 0, rung: 5, rungs: 3 }));
    assert!(matches!(model.fit(&x, &y[1..]), Err(LearnError::LengthMismatch { .. })));
    let other = Rungs::at(random_rows(2, 4, 10), 0).unwrap();
    assert_eq!(model.predict(&other), Err(LearnError::ColumnMismatch { expected: 3, found: 4 }));
    assert_eq!(model.predict(&x).unwrap(), before);

    let mut extensive = CoKriging::new(gaussian(), CoKrigingSettings::extensive(3));
    assert_eq!(extensive.fit(&x, &y), Err(LearnError::NoElements));
    for (settings, name) in [
        (CoKrigingSettings::new(0), "rungs"),
        (CoKrigingSettings { search_limit: 0, ..CoKrigingSettings::new(1) }, "search_limit"),
        (given(RungMean::Zero, sets.clone(), vec![1.0]), "hyper_parameters.rho"),
        (given(RungMean::Zero, vec![set(1.0, 1.0, 0.0, 0.0)], vec![]), "noise_variance"),
        (given(RungMean::Zero, vec![set(1.0, 1.0, 1.0, -1.0)], vec![]), "nugget_variance"),
    ] {
        let error = CoKriging::new(gaussian(), settings).fit(&x, &y).unwrap_err();
        assert!(matches!(error, LearnError::BadSetting { setting, .. } if setting == name), "{error}");
    }
    assert!(Rungs::new(random_rows(2, 3, 1), vec![0]).is_err());
    assert!(Rungs::new(random_rows(1, 3, 1), vec![16]).is_err());
}

#[test]
fn a_stored_ladder_predicts_as_before_and_damage_is_named() {
    let (x, y) = three_rungs();
    let mut model = CoKriging::new(gaussian(), CoKrigingSettings::new(3));
    model.fit(&x, &y).unwrap();
    let stored = model.store().unwrap();
    let text = serde_json::to_string(&stored.settings).unwrap();
    let read = Stored { settings: serde_json::from_str(&text).unwrap(), ..stored.clone() };
    let mut again = CoKriging::new(gaussian(), CoKrigingSettings::new(3));
    again.restore(&x, &read).unwrap();
    let (before, after) = (model.predict_rungs(&x).unwrap(), again.predict_rungs(&x).unwrap());
    assert_near(&before.mean, &after.mean, 1e-9);
    assert_near(&before.covariance, &after.covariance, 1e-9);
    assert_eq!(before.in_domain, after.in_domain);

    let mut refused = |change: &dyn Fn(&mut Stored), field: &str| {
        let mut damaged = stored.clone();
        change(&mut damaged);
        let error = again.restore(&x, &damaged).unwrap_err().to_string();
        assert!(error.contains(field), "{error}");
    };
    refused(&|s| drop(s.arrays.remove("labels")), "labels");
    refused(&|s| drop(s.arrays.insert("rungs".to_owned(), Array::U64(vec![0; y.len()]))), "rungs");
    refused(&|s| drop(s.arrays.insert("rungs".to_owned(), Array::U64(vec![9; y.len()]))), "rungs");
    refused(&|s| s.insert("labels", vec![f64::NAN; y.len()]), "labels");
    refused(&|s| s.set("kernel", "other").unwrap(), "kernel");
    refused(&|s| s.set("settings", CoKrigingSettings::new(3)).unwrap(), "hyper-parameters");
    let mut other = CoKriging::new(gaussian(), CoKrigingSettings::new(3));
    assert!(matches!(other.store(), Err(LearnError::NotFitted)));
    assert!(other.restore(&x.select(&[0, 1]), &stored).is_err());
}
