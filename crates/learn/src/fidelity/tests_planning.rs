use super::*;
use crate::testing::{random_rows, smooth_labels};
use crate::{DenseKernel, KernelGp, KernelGpSettings, KernelHyper, LearnError, Shape, Surrogate, Table};

fn wave(i: usize) -> f64 {
    (i as f64 * 12.9898).sin() * 43_758.545_3 % 1.0
}

/// Labels of two rungs with a given correlation, more or less.
fn pair(n: usize, share: f64) -> (Vec<f64>, Vec<f64>) {
    let low: Vec<f64> = (0..n).map(wave).collect();
    let high = low.iter().enumerate().map(|(i, x)| 5.0 + 2.0 * (share * x + (1.0 - share) * wave(i + 7777)));
    (high.collect(), low)
}

#[test]
fn the_pilot_agrees_with_multi_fidelity_monte_carlo() {
    let (high, low) = pair(400, 0.8);
    let pilot = Pilot::of_labels(&high, &low, &PilotSettings::new(50.0, 1.0)).unwrap();
    let r = pilot.correlation.unwrap();
    // Peherstorfer et al. 2016: the variance over that of Monte Carlo, and the
    // ratio of samples.
    let variance = ((1.0 - r * r).sqrt() + (r * r / 50.0).sqrt()).powi(2);
    assert!((pilot.error_ratio - variance.sqrt()).abs() < 1e-12, "{pilot:?}");
    assert!((pilot.saving - 1.0 / variance).abs() < 1e-9);
    let samples = (50.0 * r * r / (1.0 - r * r)).sqrt();
    assert!((pilot.lower_per_upper - samples).abs() < 1e-9 * samples);
    // The closed form is the least of all splits of the same cost.
    for exponent in [0.3, 0.5, 0.9] {
        let settings = PilotSettings { exponent, ..PilotSettings::new(50.0, 1.0) };
        let pilot = Pilot::of_labels(&high, &low, &settings).unwrap();
        let least = (1..2000)
            .map(|i| f64::from(i) * 0.0005)
            .map(|n| {
                ((1.0 - r * r) * n.powf(-2.0 * exponent) + r * r * ((1.0 - n) * 50.0).powf(-2.0 * exponent))
                    .sqrt()
            })
            .fold(f64::INFINITY, f64::min);
        assert!((pilot.error_ratio / least - 1.0).abs() < 1e-4, "{} {least}", pilot.error_ratio);
    }
    assert_eq!(pilot.verdict, Verdict::Pays);
    let (low_end, high_end) = pilot.saving_interval;
    assert!(low_end > 1.0 && low_end < pilot.saving && pilot.saving < high_end);
    assert_eq!(Pilot::of_labels(&high, &low, &PilotSettings::new(50.0, 1.0)).unwrap(), pilot);
}

#[test]
fn the_pilot_says_no_and_that_it_cannot_say() {
    let (high, low) = pair(300, 0.05);
    let no = Pilot::of_labels(&high, &low, &PilotSettings::new(2.0, 1.0)).unwrap();
    assert_eq!(no.verdict, Verdict::DoesNotPay, "{no:?}");
    assert!(no.saving < 1.0 && no.correlation.unwrap().abs() < no.critical_correlation);
    let (high, low) = pair(6, 0.5);
    let unsure = Pilot::of_labels(&high, &low, &PilotSettings::new(4.0, 1.0)).unwrap();
    assert_eq!(unsure.verdict, Verdict::Undecided, "{unsure:?}");
    // At equal costs no correlation pays.
    let equal = Pilot::of_labels(&high, &low, &PilotSettings::new(1.0, 1.0)).unwrap();
    assert!(equal.critical_correlation > 0.999, "{equal:?}");

    let direct: Vec<f64> = (0..40).map(wave).collect();
    let part = |share: f64, shift: usize| (0..40).map(|i| share * wave(i + shift)).collect::<Vec<f64>>();
    let learnt =
        Pilot::of_errors(&direct, &part(0.2, 50), &part(0.9, 90), &PilotSettings::new(1000.0, 1.0)).unwrap();
    assert_eq!((learnt.verdict, learnt.correlation), (Verdict::Pays, None));
    assert!(learnt.saving > 5.0, "{learnt:?}");

    assert!(matches!(
        Pilot::of_labels(&[1.0; 3], &[1.0; 3], &PilotSettings::new(1.0, 1.0)),
        Err(LearnError::TooFewLabels { labels: 3, needed: 4, .. })
    ));
    let bad = Pilot::of_labels(&[1.0, f64::NAN, 2.0, 3.0], &[1.0; 4], &PilotSettings::new(1.0, 1.0));
    assert!(matches!(bad, Err(LearnError::BadRungLabel { rung: 1, row: 1, .. })), "{bad:?}");
    assert!(Pilot::of_labels(&[1.0; 4], &[1.0; 4], &PilotSettings::new(0.0, 1.0)).is_err());
    let flat = Pilot::of_labels(&[1.0; 9], &[2.0; 9], &PilotSettings::new(9.0, 1.0)).unwrap();
    assert_eq!((flat.correlation, flat.verdict), (Some(0.0), Verdict::DoesNotPay));
}

fn curve(offset: f64, scale: f64, exponent: f64, labels: &[usize], scatter: f64) -> Vec<CurvePoint> {
    let law = PowerLaw { offset, scale, exponent };
    let error = |n: usize| law.at(n as f64) * (scatter * 2.0 * (wave(n) - 0.5)).exp();
    labels.iter().map(|&n| CurvePoint { labels: n, error: error(n) }).collect()
}

#[test]
fn learning_curves_are_found_with_an_outlier_among_their_points() {
    let sizes = [10, 20, 40, 80, 160, 320, 640, 1280];
    for (offset, exponent) in [(0.0, 0.5), (0.3, 0.7), (0.8, 1.0)] {
        let mut points = curve(offset, 9.0, exponent, &sizes, 0.01);
        let found = LearningCurve::fit(&points).unwrap();
        let truth = PowerLaw { offset, scale: 9.0, exponent };
        for n in [5000.0, 20_000.0] {
            let (low, high) = found.interval(n, 0.9);
            let expected = truth.at(n);
            assert!((found.best.at(n) / expected - 1.0).abs() < 0.2, "{:?} {truth:?}", found.best);
            assert!(low <= 1.02 * expected && high >= 0.98 * expected, "{low} {expected} {high}");
        }
        points[3].error *= 3.0;
        let spoilt = LearningCurve::fit(&points).unwrap();
        let ratio = spoilt.best.at(5000.0) / found.best.at(5000.0);
        assert!((ratio - 1.0).abs() < 0.25, "{ratio} {:?} {:?}", spoilt.best, found.best);
    }
    let two = LearningCurve::fit(&curve(0.0, 4.0, 0.5, &[10, 40], 0.0)).unwrap();
    let (low, high) = two.interval(4000.0, 0.9);
    assert!(high > 2.0 * low, "two points say little: {low} {high}");
    assert!(LearningCurve::fit(&curve(0.0, 4.0, 0.5, &[10, 10], 0.0)).is_err());
    assert!(matches!(
        LearningCurve::fit(&[
            CurvePoint { labels: 1, error: 1.0 },
            CurvePoint { labels: 2, error: f64::NAN }
        ]),
        Err(LearnError::BadCurvePoint { point: 1, .. })
    ));
}

fn rung(cost: f64, labels: usize, curve: Vec<CurvePoint>) -> PlanRung {
    PlanRung { cost, labels, available: None, curve }
}

#[test]
fn the_plan_is_the_cheapest_that_reaches_the_target() {
    let sizes = [25, 50, 100, 200, 400];
    let rungs = [
        rung(1.0, 400, curve(0.0, 9.0, 0.5, &sizes, 0.0)),
        rung(100.0, 50, curve(0.0, 3.0, 0.5, &[6, 12, 25, 50], 0.0)),
    ];
    let plan = Plan::new(&rungs, &PlanSettings::new(0.3)).unwrap();
    assert_eq!(plan.outlook, Outlook::Reachable);
    // Of all splits by brute force on the same curves.
    let laws = [plan.curves[0].best, plan.curves[1].best];
    let mut least = f64::INFINITY;
    for n in 50..3000 {
        let left = 0.09 - laws[1].at(f64::from(n)).powi(2);
        if left > 0.0 {
            let m = (400..200_000).step_by(10).find(|&m| laws[0].at(f64::from(m)).powi(2) <= left);
            least =
                least.min(m.map_or(f64::INFINITY, |m| f64::from(m) - 400.0 + 100.0 * (f64::from(n) - 50.0)));
        }
    }
    assert!((plan.cost / least - 1.0).abs() < 0.02, "{} {least} {plan:?}", plan.cost);
    assert!(plan.cost_interval.0 <= plan.cost && plan.cost <= plan.cost_interval.1, "{plan:?}");
    let next = plan.next.unwrap();
    assert!(next.labels <= 2 * rungs[next.rung].labels && next.cost > 0.0);
    assert_eq!(Plan::new(&rungs, &PlanSettings::new(0.3)).unwrap(), plan);

    let done = Plan::new(&rungs, &PlanSettings::new(5.0)).unwrap();
    assert_eq!((done.outlook, done.cost, done.next), (Outlook::Reached, 0.0, None));
    assert_eq!(done.labels, [400, 50]);
}

#[test]
fn targets_below_the_offset_or_beyond_the_pool_are_not_reachable() {
    let sizes = [25, 50, 100, 200, 400, 800, 1600];
    let flat = [rung(1.0, 1600, curve(1.0, 9.0, 0.8, &sizes, 0.0))];
    let plan = Plan::new(&flat, &PlanSettings::new(0.5)).unwrap();
    assert_eq!((plan.outlook, plan.cost), (Outlook::NotReachable, f64::INFINITY));
    assert!(plan.reachable < 0.1 && plan.floor > 0.9, "{plan:?}");
    let fewer = [rung(1.0, 400, curve(1.0, 9.0, 0.8, &sizes, 0.0))];
    assert_eq!(Plan::new(&fewer, &PlanSettings::new(1.04)).unwrap().outlook, Outlook::Reachable);
    let mut short = rung(1.0, 400, curve(0.0, 9.0, 0.5, &sizes, 0.0));
    short.available = Some(500);
    let plan = Plan::new(&[short.clone()], &PlanSettings::new(0.2)).unwrap();
    assert_eq!(plan.outlook, Outlook::NotReachable);
    assert!(plan.next.is_some_and(|next| next.labels <= 100), "{plan:?}");

    assert_eq!(Plan::new(&[], &PlanSettings::new(1.0)), Err(LearnError::NoData));
    assert!(Plan::new(&[short.clone()], &PlanSettings::new(f64::NAN)).is_err());
    short.cost = 0.0;
    assert!(Plan::new(&[short], &PlanSettings::new(1.0)).is_err());
}

type Gp = KernelGp<DenseKernel>;

fn gp() -> Gp {
    KernelGp::new(DenseKernel { shape: Shape::Gaussian }, KernelGpSettings::default())
}

/// The same hyper-parameters again.
fn kept(model: &Gp) -> Gp {
    let Some((details, report)) = model.details().zip(model.reports().pop()) else { return model.clone() };
    let hyper_parameters = KernelHyper::Given {
        length_scale: details.length_scale,
        signal_variance: report.signal_variance,
        noise_variance: report.noise_variance,
    };
    KernelGp::new(
        DenseKernel { shape: Shape::Gaussian },
        KernelGpSettings { hyper_parameters, ..Default::default() },
    )
}

#[test]
fn a_combination_of_rungs_beats_the_highest_alone() {
    let x = random_rows(400, 4, 1);
    let top = smooth_labels(&x, 0.02, 2);
    let low: Vec<f64> = (0..400).map(|i| 0.8 * top[i] + 0.3 * x.row(i)[0] - 2.0).collect();
    let part = |from: usize, to: usize| x.select(&(from..to).collect::<Vec<_>>());
    let labels: Vec<Vec<Option<f64>>> = vec![
        (0..200).map(|i| Some(low[i])).collect(),
        (0..200).map(|i| (i < 30).then_some(top[i])).collect(),
    ];
    let rmse = |mean: &[f64]| -> f64 {
        (mean.iter().zip(&top[200..]).map(|(m, y)| (m - y).powi(2)).sum::<f64>() / 200.0).sqrt()
    };
    let mut single = gp();
    single.fit(&part(0, 30), &top[..30]).unwrap();
    let alone = rmse(&single.predict(&part(200, 400)).unwrap().mean);
    let fit = |coefficients| {
        let settings = CombinationSettings { coefficients, ..Default::default() };
        let mut model = Combination::new(gp(), settings).with_refit(kept);
        assert!(model.predict(&x).is_err());
        let report = model.fit(&part(0, 200), &labels).unwrap().clone();
        (rmse(&model.predict(&part(200, 400)).unwrap().mean), report)
    };
    let (plain, report) = fit(Coefficients::Telescoping);
    assert_eq!(report.members.iter().map(|m| m.coefficient).collect::<Vec<_>>(), [1.0, -1.0, 1.0]);
    assert_eq!(report.members.iter().map(|m| m.labels).collect::<Vec<_>>(), [30, 30, 200]);
    let (optimised, report) = fit(Coefficients::Optimised);
    eprintln!("RMSE {alone:.3} alone, {plain:.3} combined, {optimised:.3} optimised: {report:?}");
    assert!(plain < 0.7 * alone && optimised < 0.9 * plain, "{alone} {plain} {optimised}");
    assert!(report.rmse <= report.telescoping_rmse);

    let mut model = Combination::new(gp(), CombinationSettings::default());
    let apart =
        vec![labels[0].iter().enumerate().map(|(i, y)| y.filter(|_| i >= 30)).collect(), labels[1].clone()];
    assert!(matches!(model.fit(&part(0, 200), &apart), Err(LearnError::TooFewLabels { .. })));
    let empty = vec![vec![None; 200], labels[1].clone()];
    assert_eq!(model.fit(&part(0, 200), &empty).unwrap_err(), LearnError::EmptyRung { rung: 0, rungs: 2 });
    let mut bad = labels.clone();
    bad[1][3] = Some(f64::NAN);
    let error = model.fit(&part(0, 200), &bad).unwrap_err();
    assert!(matches!(error, LearnError::BadRungLabel { rung: 1, row: 3, .. }), "{error}");
}
