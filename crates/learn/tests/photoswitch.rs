//! Accuracy and calibration on measured data: transition wavelengths of 392
//! photoswitches (Griffiths et al., Chem. Sci. 13, 13541, 2022), whose authors
//! report a root mean squared error of 20.9 nm for a Gaussian process with the
//! Tanimoto kernel on fragments and fingerprints.
//!
//! Needs `../shared/data/photoswitch` beside the repository, and is skipped
//! with a message without it.

use features::{CountMatrix, Features, MorganCounts};
use learn::{Surrogate, TanimotoGp};
use matter::chem::Graph;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::path::Path;

const SPLITS: u64 = 20;

fn data() -> Option<(CountMatrix, Vec<f64>)> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/photoswitch/photoswitches.csv");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: ../shared/data/photoswitch/photoswitches.csv is not there");
        return None;
    };
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let column = |name: &str| header.iter().position(|h| h.starts_with(name)).unwrap();
    let (smiles, wavelength) = (column("SMILES"), column("E isomer pi-pi* wavelength"));
    let (mut molecules, mut labels) = (Vec::new(), Vec::new());
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        if let Ok(label) = fields[wavelength].parse() {
            molecules.push(Graph::from_smiles(fields[smiles]).unwrap());
            labels.push(label);
        }
    }
    Some((MorganCounts::default().compute(&molecules).unwrap(), labels))
}

#[test]
fn wavelengths_are_predicted_as_published_and_the_intervals_hold() {
    let Some((rows, labels)) = data() else { return };
    assert_eq!(labels.len(), 392);
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut order: Vec<usize> = (0..labels.len()).collect();
    let (mut rmse, mut loo_rmse, mut covered, mut tested) = (0.0, 0.0, 0, 0);
    for _ in 0..SPLITS {
        order.shuffle(&mut random);
        let (test, train) = order.split_at(labels.len() / 5);
        let pick = |set: &[usize]| set.iter().map(|&i| labels[i]).collect::<Vec<f64>>();
        let mut gp = TanimotoGp::default();
        let report = gp.fit(&rows.select(train), &pick(train)).unwrap();
        let seen = gp.predict(&rows.select(test)).unwrap();
        let errors: Vec<f64> = pick(test).iter().zip(&seen.mean).map(|(y, mean)| y - mean).collect();
        rmse += (errors.iter().map(|e| e * e).sum::<f64>() / test.len() as f64).sqrt();
        loo_rmse += report.leave_one_out.unwrap().rmse;
        covered += errors.iter().zip(&seen.sd).filter(|(e, sd)| e.abs() <= 1.644_853_627 * **sd).count();
        tested += test.len();
    }
    let (rmse, loo_rmse) = (rmse / SPLITS as f64, loo_rmse / SPLITS as f64);
    let coverage = covered as f64 / tested as f64;
    eprintln!("RMSE {rmse:.2} nm, leave-one-out {loo_rmse:.2} nm, 90 % interval holds {coverage:.3}");
    assert!(rmse < 23.5, "{rmse}");
    assert!((loo_rmse / rmse - 1.0).abs() < 0.15, "{loo_rmse} {rmse}");
    assert!((coverage - 0.9).abs() < 0.04, "{coverage}");
}
