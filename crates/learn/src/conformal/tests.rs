use super::*;
use crate::testing::{random_rows, smooth_labels};
use crate::{DenseKernel, DenseRows, KernelGp, KernelGpSettings, Shape, Surrogate, Table};

fn model() -> KernelGp<DenseKernel> {
    KernelGp::new(DenseKernel { shape: Shape::Matern52 }, KernelGpSettings::default())
}

/// Noise that grows along the first feature, with a few wild labels.
fn data(seed: u64) -> (DenseRows, Vec<f64>) {
    let x = random_rows(1200, 3, seed);
    let (smooth, noise) = (smooth_labels(&x, 0.0, 1), smooth_labels(&x, 1.0, seed + 7));
    let label = |i: usize| {
        let spread = (0.2 + 0.5 * (x.row(i)[0] + 1.0)) * if i.is_multiple_of(29) { 6.0 } else { 1.0 };
        smooth[i] + spread * (noise[i] - smooth[i])
    };
    let y = (0..1200).map(label).collect();
    (x, y)
}

#[test]
fn intervals_hold_what_they_promise() {
    let (mut split, mut cross, mut single, runs) = (0.0, 0.0, 0.0, 16);
    for seed in 0..runs {
        let (x, y) = data(20 * seed);
        let (train, test): (Vec<usize>, Vec<usize>) = ((0..200).collect(), (200..1200).collect());
        let settings = ConformalSettings { folds: 5, seed, ..Default::default() };
        let mut one = SplitConformal::new(model(), settings);
        let mut two = CrossConformal::new(model(), settings);
        one.fit(&x.select(&train), &y[..200]).unwrap();
        two.fit(&x.select(&train), &y[..200]).unwrap();
        let test = x.select(&test);
        split += one.intervals(&test).unwrap().coverage(&y[200..]) / runs as f64;
        let seen = two.intervals(&test).unwrap();
        single +=
            two.clone().into_single().unwrap().intervals(&test).unwrap().coverage(&y[200..]) / runs as f64;
        cross += seen.coverage(&y[200..]) / runs as f64;
        assert!(seen.upper.iter().zip(&seen.lower).all(|(upper, lower)| lower < upper));
    }
    eprintln!("90 % intervals hold: split {split:.3}, cross {cross:.3}, single {single:.3}");
    assert!((single - 0.9).abs() < 0.02);
    assert!((split - 0.9).abs() < 0.02 && (cross - 0.9).abs() < 0.02);
}

#[test]
fn too_few_labels_and_bad_settings_are_refused() {
    let x = random_rows(12, 2, 1);
    let y = smooth_labels(&x, 0.1, 2);
    let settings = ConformalSettings::default();
    let mut split = SplitConformal::new(model(), settings);
    assert_eq!(split.intervals(&x), Err(LearnError::NotFitted));
    assert!(matches!(split.fit(&x, &y), Err(LearnError::TooFewLabels { labels: 12, needed: 36, .. })));
    let mut cross = CrossConformal::new(model(), settings);
    let few = x.select(&(0..8).collect::<Vec<_>>());
    assert!(matches!(cross.fit(&few, &y[..8]), Err(LearnError::TooFewLabels { needed: 9, .. })));
    cross.fit(&x, &y).unwrap();
    assert_eq!(cross.intervals(&x).unwrap().lower.len(), 12);
    for bad in [
        ConformalSettings { level: 1.0, ..settings },
        ConformalSettings { aside: f64::NAN, ..settings },
        ConformalSettings { folds: 1, ..settings },
    ] {
        let error = CrossConformal::new(model(), bad).fit(&x, &y).unwrap_err();
        assert!(matches!(error, LearnError::BadSetting { .. }), "{error}");
    }
}

#[test]
fn jackknife_plus_is_cross_with_as_many_parts_as_labels() {
    let x = random_rows(20, 2, 3);
    let y = smooth_labels(&x, 0.1, 4);
    let settings = ConformalSettings { folds: 1000, ..Default::default() };
    let mut cross = CrossConformal::new(model(), settings);
    cross.fit(&x, &y).unwrap();
    let seen = cross.intervals(&x).unwrap();
    let mut ends: Vec<Vec<f64>> = vec![Vec::new(), Vec::new()];
    for left in 0..20 {
        let rest: Vec<usize> = (0..20).filter(|&i| i != left).collect();
        // The order of the labels moves the search by rounding only.
        let mut gp = model();
        gp.fit(&x.select(&rest), &pick(&y, &rest)).unwrap();
        let (own, other) = (gp.predict(&x.select(&[left])).unwrap(), gp.predict(&x.select(&[5])).unwrap());
        let reach = (y[left] - own.mean[0]).abs() / own.sd[0] * other.sd[0];
        ends[0].push(other.mean[0] - reach);
        ends[1].push(other.mean[0] + reach);
    }
    ends.iter_mut().for_each(|list| list.sort_by(f64::total_cmp));
    // floor(0.1 * 21) = 2 and ceil(0.9 * 21) = 19, counted from 1.
    assert!((seen.lower[5] - ends[0][1]).abs() < 1e-3, "{} {:?}", seen.lower[5], ends[0]);
    assert!((seen.upper[5] - ends[1][18]).abs() < 1e-3, "{} {:?}", seen.upper[5], ends[1]);
}
