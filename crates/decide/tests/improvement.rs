//! Expected improvement against arithmetic of 1,200 digits, numerical
//! quadrature, Monte Carlo, and what must hold for any number.

use decide::{Gaussian, Goal, Utility};
use proptest::prelude::*;

#[derive(serde::Deserialize)]
struct Reference {
    rows: Vec<(String, f64, f64, f64, f64, f64, f64)>,
}

fn goal(name: &str, low: f64, high: f64) -> Goal {
    match name {
        "maximise" => Goal::Maximise,
        "minimise" => Goal::Minimise,
        _ if low == high => Goal::Target(low),
        _ => Goal::Range { low, high },
    }
}

#[test]
fn equals_the_closed_form_in_1200_digits() {
    // Made by reference/improvement.py.
    let reference: Reference = serde_json::from_str(include_str!("reference/improvement.json")).unwrap();
    assert_eq!(reference.rows.len(), 666);
    let mut worst: f64 = 0.0;
    for (name, low, high, mean, sd, incumbent, expected) in reference.rows {
        let ln = goal(&name, low, high).ln_expected_improvement(Gaussian { mean, sd }, Utility(incumbent));
        let error = (ln - expected).abs() / expected.abs().max(1.0);
        worst = worst.max(error);
        assert!(error < 1e-13, "{name} {low} {high} {mean} {sd} {incumbent}: {ln} instead of {expected}");
    }
    println!("largest relative error {worst:e}");
    assert!(worst > 0.0, "a table that agrees to the last bit was not made by another program");
}

/// Composite Simpson rule over each linear piece of `f` times the density.
fn quadrature(f: impl Fn(f64) -> f64, y: Gaussian, kinks: &[f64]) -> f64 {
    let reach = 12.0 * y.sd;
    let mut ends = vec![y.mean - reach, y.mean + reach];
    ends.extend(kinks.iter().filter(|k| (*k - y.mean).abs() < reach));
    ends.sort_by(f64::total_cmp);
    let weighted = |x: f64| {
        let z = (x - y.mean) / y.sd;
        f(x) * (-0.5 * z * z).exp() / (y.sd * (2.0 * std::f64::consts::PI).sqrt())
    };
    let n = 4000;
    ends.windows(2)
        .map(|piece| {
            let h = (piece[1] - piece[0]) / n as f64;
            let weight = |i| {
                if i == 0 || i == n {
                    1.0
                } else if i % 2 == 1 {
                    4.0
                } else {
                    2.0
                }
            };
            (0..=n).map(|i| weight(i) * weighted(piece[0] + h * i as f64)).sum::<f64>() * h / 3.0
        })
        .sum()
}

fn any_goal() -> impl Strategy<Value = Goal> {
    prop_oneof![
        Just(Goal::Maximise),
        Just(Goal::Minimise),
        (-3.0..3.0).prop_map(Goal::Target),
        (-3.0..3.0, 0.0..3.0).prop_map(|(low, width)| Goal::Range { low, high: low + width }),
    ]
}

fn kinks(goal: Goal, incumbent: f64) -> Vec<f64> {
    match goal {
        Goal::Maximise => vec![incumbent],
        Goal::Minimise => vec![-incumbent],
        Goal::Target(t) => vec![t + incumbent, t, t - incumbent],
        Goal::Range { low, high } => vec![low + incumbent, low, high, high - incumbent],
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn equals_quadrature(goal in any_goal(), mean in -5.0..5.0, sd in 0.02f64..5.0, incumbent in -4.0..0.0) {
        let y = Gaussian { mean, sd };
        let kinks = kinks(goal, incumbent);
        let gain = |x: f64| (goal.utility(x).value() - incumbent).max(0.0);
        let expected = quadrature(gain, y, &kinks);
        let got = goal.expected_improvement(y, Utility(incumbent));
        prop_assert!((got - expected).abs() < 1e-10, "{got} {expected}");

        let mean_utility = quadrature(|x| goal.utility(x).value(), y, &kinks);
        prop_assert!((goal.expected_utility(y).value() - mean_utility).abs() < 1e-10);

        // Of a step function Simpson's rule keeps the value at the step.
        let better = |x: f64| {
            let delta = 1e-9 * sd;
            f64::from(u8::from(goal.utility(x - delta).value() > incumbent
                || goal.utility(x + delta).value() > incumbent))
        };
        let p = goal.probability_better(y, Utility(incumbent));
        prop_assert!((p - quadrature(better, y, &kinks)).abs() < 2e-2, "{p}");
        prop_assert!((0.0..=1.0).contains(&p));
    }

    #[test]
    fn the_slope_by_the_incumbent_is_the_probability(
        goal in any_goal(), mean in -4.0..4.0, sd in 0.1f64..4.0, incumbent in -4.0..-0.1
    ) {
        // d EI / d u* = -P(u > u*): two closed forms that check each other.
        let y = Gaussian { mean, sd };
        let h = 1e-4 * sd.min(0.5);
        let ei = |u: f64| goal.expected_improvement(y, Utility(u));
        let slope = (ei(incumbent + h) - ei(incumbent - h)) / (2.0 * h);
        prop_assert!((slope + goal.probability_better(y, Utility(incumbent))).abs() < 1e-5);
    }

    #[test]
    fn never_negative_never_nan_never_infinite(
        goal in any_goal(),
        mean in -1e100..1e100f64,
        ln_sd in -800.0..230.0f64,
        ln_incumbent in -800.0..230.0f64,
    ) {
        let y = Gaussian { mean, sd: ln_sd.exp() };
        for mean in [mean, mean * 1e-100, mean * 1e-99, mean * 1e-108] {
            let y = Gaussian { mean, ..y };
            for incumbent in [0.0, -ln_incumbent.exp(), ln_incumbent.exp()] {
                let ln = goal.ln_expected_improvement(y, Utility(incumbent));
                prop_assert!(ln < f64::INFINITY, "{ln}");
                prop_assert!(goal.expected_improvement(y, Utility(incumbent)) >= 0.0);
                prop_assert!((0.0..=1.0).contains(&goal.probability_better(y, Utility(incumbent))));
                prop_assert!(goal.expected_utility(y).value().is_finite());
            }
        }
    }

    #[test]
    fn grows_with_mean_and_sd_when_maximising(
        mean in -50.0..50.0, sd in 1e-3f64..10.0, incumbent in -50.0..50.0, more in 1e-6f64..5.0
    ) {
        let ln = |mean: f64, sd: f64| Goal::Maximise.ln_expected_improvement(Gaussian { mean, sd }, Utility(incumbent));
        // Rounding of a logarithm of this size.
        let slack = 1e-14 * (1.0 + ln(mean, sd).abs());
        prop_assert!(ln(mean + more, sd) >= ln(mean, sd) - slack);
        prop_assert!(ln(mean, sd + more) >= ln(mean, sd) - slack);
        let mirrored = Goal::Minimise.ln_expected_improvement(Gaussian { mean: -mean, sd }, Utility(incumbent));
        prop_assert_eq!(mirrored, ln(mean, sd));
    }

    #[test]
    fn a_range_without_width_is_a_target(t in -3.0..3.0, mean in -9.0..9.0, sd in 1e-3f64..9.0, r in 1e-6f64..9.0) {
        let y = Gaussian { mean, sd };
        let range = Goal::Range { low: t, high: t }.ln_expected_improvement(y, Utility(-r));
        prop_assert_eq!(Goal::Target(t).ln_expected_improvement(y, Utility(-r)), range);
    }
}

const GOALS: [Goal; 4] =
    [Goal::Maximise, Goal::Minimise, Goal::Target(0.5), Goal::Range { low: 0.5, high: 0.8 }];

#[test]
fn a_vanishing_sd_gives_the_improvement_of_the_mean() {
    for goal in GOALS {
        for mean in [-2.0, 0.2, 0.5, 0.6, 1.1, 3.0] {
            for incumbent in [-1.7, -0.45, 0.0] {
                let gain = (goal.utility(mean).value() - incumbent).max(0.0);
                for sd in [0.0, f64::MIN_POSITIVE, 1e-200, 1e-100, 1e-13] {
                    let ei = goal.expected_improvement(Gaussian { mean, sd }, Utility(incumbent));
                    assert!((ei - gain).abs() <= 1e-13 + sd, "{goal} {mean} {sd}: {ei} {gain}");
                }
            }
        }
    }
}

#[test]
fn candidates_forty_sd_away_still_rank() {
    // The expected improvement itself underflows to zero from 38 sd on.
    for (goal, towards) in [
        (Goal::Maximise, 1.0),
        (Goal::Minimise, -1.0),
        (Goal::Target(0.0), 1.0),
        (Goal::Target(0.0), -1.0),
        (Goal::Range { low: -1e-3, high: 1e-3 }, 1.0),
        (Goal::Range { low: -1e-3, high: 1e-3 }, -1.0),
    ] {
        let incumbent = Utility(-0.01);
        let ln = |away: f64| {
            goal.ln_expected_improvement(Gaussian { mean: -towards * (away + 0.011), sd: 1.0 }, incumbent)
        };
        let mut last = ln(39.0);
        for away in [40.0, 40.0 + 1e-9, 41.0, 400.0, 1e4, 1e6, 1e7] {
            assert!(ln(away).is_finite() && ln(away) < last, "{goal} {away}: {} {last}", ln(away));
            last = ln(away);
        }
        assert_eq!(goal.expected_improvement(Gaussian { mean: -towards * 40.1, sd: 1.0 }, incumbent), 0.0);
    }
}

#[test]
fn monte_carlo_agrees() {
    use rand::{Rng, SeedableRng};
    let mut generator = rand_chacha::ChaCha8Rng::seed_from_u64(5);
    let n = 200_000;
    for goal in GOALS {
        let (y, incumbent) = (Gaussian { mean: 0.1, sd: 0.7 }, -0.3);
        let (mut sum, mut squares, mut better) = (0.0, 0.0, 0.0);
        for _ in 0..n {
            // The sum of twelve uniform numbers is normal to a few parts in a
            // thousand, another way than the one used in the crate.
            let z: f64 = (0..12).map(|_| generator.random::<f64>()).sum::<f64>() - 6.0;
            let gain = (goal.utility(y.mean + y.sd * z).value() - incumbent).max(0.0);
            sum += gain;
            squares += gain * gain;
            better += f64::from(u8::from(gain > 0.0));
        }
        let (mean, n) = (sum / n as f64, n as f64);
        let error = ((squares / n - mean * mean) / n).sqrt();
        let ei = goal.expected_improvement(y, Utility(incumbent));
        assert!((mean - ei).abs() < 5.0 * error + 2e-3, "{goal}: {mean} {ei}");
        let p = goal.probability_better(y, Utility(incumbent));
        assert!((better / n - p).abs() < 1e-2, "{goal}: {} {p}", better / n);
    }
}

#[test]
fn nothing_improves_on_a_goal_that_is_met() {
    for goal in [Goal::Target(0.5), Goal::Range { low: 0.5, high: 0.8 }] {
        let y = Gaussian { mean: 0.6, sd: 1.0 };
        assert_eq!(goal.ln_expected_improvement(y, goal.ceiling().unwrap()), f64::NEG_INFINITY);
        assert_eq!(goal.probability_better(y, goal.ceiling().unwrap()), 0.0);
    }
}
