//! Agreement of the kernel models with scikit-learn, on
//! `data/kernel_reference.json` (made by `data/kernel_reference.py`).

use learn::{
    Criterion, DenseKernel, DenseRows, KernelGp, KernelGpSettings, KernelHyper, Mean, Shape, Surrogate, Table,
};
use serde_json::Value;

struct Reference {
    train: DenseRows,
    test: DenseRows,
    labels: Vec<f64>,
    values: Value,
}

fn reference() -> Reference {
    let values: Value = serde_json::from_str(include_str!("data/kernel_reference.json")).unwrap();
    let rows =
        DenseRows::new(numbers(&values["rows"]), values["columns"].as_u64().unwrap() as usize).unwrap();
    let train = values["train"].as_u64().unwrap() as usize;
    Reference {
        train: rows.select(&(0..train).collect::<Vec<_>>()),
        test: rows.select(&(train..rows.len()).collect::<Vec<_>>()),
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

fn kernel(expected: &Value) -> DenseKernel {
    let shape = match expected["shape"].as_str().unwrap() {
        "gaussian" => Shape::Gaussian,
        "laplacian" => Shape::Laplacian,
        _ => Shape::Matern52,
    };
    DenseKernel { shape }
}

#[test]
fn given_hyper_parameters_give_scikit_learns_predictions() {
    let reference = reference();
    let all = ["processes", "ridges"].map(|name| reference.values[name].as_array().unwrap().clone()).concat();
    assert_eq!(all.len(), 12);
    for expected in &all {
        let number = |name: &str| expected[name].as_f64().unwrap();
        let settings = KernelGpSettings {
            mean: Mean::Known(0.0),
            hyper_parameters: KernelHyper::Given {
                length_scale: number("length_scale"),
                signal_variance: number("signal_variance"),
                noise_variance: number("noise_variance"),
            },
            ..Default::default()
        };
        let mut gp = KernelGp::new(kernel(expected), settings);
        let report = gp.fit(&reference.train, &reference.labels).unwrap();
        let seen = gp.predict(&reference.test).unwrap();
        for (found, expected) in seen.mean.iter().zip(numbers(&expected["predicted"])) {
            near(*found, expected);
        }
        if let Some(likelihood) = expected["log_marginal_likelihood"].as_f64() {
            near(report.log_marginal_likelihood, likelihood);
            for (found, expected) in seen.sd.iter().zip(numbers(&expected["sd"])) {
                near(found / report.calibration, expected);
            }
        }
    }
}

#[test]
fn the_maximum_of_the_likelihood_is_scikit_learns() {
    let reference = reference();
    for expected in reference.values["maximum_likelihood"].as_array().unwrap() {
        let number = |name: &str| expected[name].as_f64().unwrap();
        let settings = KernelGpSettings {
            mean: Mean::Known(0.0),
            hyper_parameters: KernelHyper::Estimated {
                criterion: Criterion::MarginalLikelihood,
                priors: false,
            },
            ..Default::default()
        };
        let mut gp = KernelGp::new(kernel(expected), settings);
        let report = gp.fit(&reference.train, &reference.labels).unwrap();
        // scikit-learn stops at a finite gradient: its maximum is never higher.
        let gain = report.log_marginal_likelihood - number("log_marginal_likelihood");
        assert!((-1e-8..1e-5).contains(&gain), "{gain} {report:?}");
        let close =
            |found: f64, name: &str| assert!((found / number(name) - 1.0).abs() < 1e-3, "{name} {found}");
        close(report.signal_variance, "signal_variance");
        close(report.noise_variance, "noise_variance");
        close(gp.details().unwrap().length_scale, "length_scale");
    }
}
