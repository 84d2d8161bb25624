//! Agreement with scikit-learn and with dense formulas, on
//! `data/gp_reference.json` (made by `data/gp_reference.py`).

use features::{CountMatrix, SparseCounts};
use learn::{GpSettings, HyperParameters, Mean, Surrogate, TanimotoGp};
use serde_json::Value;

struct Reference {
    train: CountMatrix,
    test: CountMatrix,
    labels: Vec<f64>,
    values: Value,
}

fn reference() -> Reference {
    let values: Value = serde_json::from_str(include_str!("data/gp_reference.json")).unwrap();
    let rows: Vec<SparseCounts> = values["counts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let pair = |p: &Value| (p[0].as_u64().unwrap() as u32, p[1].as_u64().unwrap() as u32);
            SparseCounts::from_pairs(row.as_array().unwrap().iter().map(pair)).unwrap()
        })
        .collect();
    let train = values["train"].as_u64().unwrap() as usize;
    Reference {
        train: rows[..train].iter().collect(),
        test: rows[train..].iter().collect(),
        labels: numbers(&values["labels"]),
        values,
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-8 * (1.0 + expected.abs()), "{found} is not {expected}");
}

fn agrees(reference: &Reference, expected: &Value, mean: Mean) {
    let number = |name: &str| expected[name].as_f64().unwrap();
    let mut gp = TanimotoGp::new(GpSettings {
        mean,
        hyper_parameters: HyperParameters::Given {
            signal_variance: number("signal_variance"),
            noise_variance: number("noise_variance"),
        },
        ..Default::default()
    });
    let report = gp.fit(&reference.train, &reference.labels).unwrap();
    near(report.log_marginal_likelihood, number("log_marginal_likelihood"));
    near(report.mean, number("mean"));
    let seen = gp.predict(&reference.test).unwrap();
    let (means, sds) = (numbers(&expected["predicted"]), numbers(&expected["sd"]));
    assert_eq!(seen.len(), means.len());
    for i in 0..seen.len() {
        near(seen.mean[i], means[i]);
        near(seen.sd[i] / report.calibration, sds[i]);
    }
}

#[test]
fn with_a_known_mean_it_equals_scikit_learn() {
    let reference = reference();
    for expected in reference.values["known_mean"].as_array().unwrap() {
        agrees(&reference, expected, Mean::Known(expected["mean"].as_f64().unwrap()));
    }
}

#[test]
fn with_an_estimated_mean_it_equals_the_dense_formulas() {
    let reference = reference();
    for expected in reference.values["estimated_mean"].as_array().unwrap() {
        agrees(&reference, expected, Mean::Estimated);
    }
}

#[test]
fn the_maximum_of_the_likelihood_is_scikit_learns() {
    let reference = reference();
    let expected = &reference.values["maximum_likelihood"];
    let number = |name: &str| expected[name].as_f64().unwrap();
    let mut gp = TanimotoGp::new(GpSettings {
        mean: Mean::Known(number("mean")),
        hyper_parameters: HyperParameters::Estimated { noise_prior: None, prior_sd: None },
        ..Default::default()
    });
    let report = gp.fit(&reference.train, &reference.labels).unwrap();
    // scikit-learn stops at a finite gradient: its maximum is never higher.
    let gain = report.log_marginal_likelihood - number("log_marginal_likelihood");
    assert!((-1e-9..1e-6).contains(&gain), "{gain}");
    assert!((report.signal_variance / number("signal_variance") - 1.0).abs() < 1e-3, "{report:?}");
    assert!((report.noise_variance / number("noise_variance") - 1.0).abs() < 1e-3, "{report:?}");
}
