//! Coverage of intervals on measured data: atomisation energies of QM7 (PBE0 and
//! DFTB3) from sorted eigenvalues of the Coulomb matrix (Rupp et al., Phys. Rev.
//! Lett. 108, 058301, 2012).
//!
//! Needs `../shared/data/qm7_mf` beside the repository, and is skipped with a
//! message without it.

use faer::{Mat, Side};
use learn::{
    Composition, ConformalSettings, CrossConformal, DenseKernel, DenseRows, Difference, Extensive, KernelGp,
    KernelGpSettings, Shape, SplitConformal, Surrogate, Table, WithBaseline, WithComposition,
};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::io::Read;
use std::path::Path;

/// Eigenvalues kept: as many as the largest molecule has atoms.
const COLUMNS: usize = 23;
const ANGSTROM: f64 = 1.889_726_124_626;

type Rows = WithBaseline<WithComposition<DenseRows>>;

/// Features with compositions and DFTB3 energies, and PBE0 energies, of every
/// third molecule, in kcal/mol.
fn data() -> Option<(Rows, Vec<f64>)> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/qm7_mf/qm7_pbe0_dftb3.extxyz.gz");
    let Ok(file) = std::fs::File::open(path) else {
        eprintln!("skipped: ../shared/data/qm7_mf/qm7_pbe0_dftb3.extxyz.gz is not there");
        return None;
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let mut lines = text.lines();
    let (mut values, mut elements, mut labels, mut cheap) = (vec![], vec![], vec![], vec![]);
    let mut number = 0;
    while let Some(count) = lines.next() {
        let count: usize = count.trim().parse().unwrap();
        let header = lines.next().unwrap();
        let atoms: Vec<&str> = lines.by_ref().take(count).collect();
        number += 1;
        if number % 3 != 0 {
            continue;
        }
        let field = |name: &str| -> f64 {
            let rest = &header[header.find(name).unwrap() + name.len() + 1..];
            rest.split_whitespace().next().unwrap().parse().unwrap()
        };
        labels.push(field("hof_pbe0_kcal_mol"));
        cheap.push(field("hof_dftb3_kcal_mol"));
        let atoms: Vec<(u8, [f64; 3])> = atoms
            .iter()
            .map(|line| {
                let words: Vec<&str> = line.split_whitespace().collect();
                let element = match words[0] {
                    "H" => 1,
                    "C" => 6,
                    "N" => 7,
                    "O" => 8,
                    _ => 16,
                };
                (element, [1, 2, 3].map(|k| words[k].parse::<f64>().unwrap() * ANGSTROM))
            })
            .collect();
        elements.push(atoms.iter().map(|a| a.0).collect::<Vec<u8>>());
        values.extend(eigenvalues(&atoms));
    }
    let composition = Composition::new(elements.iter().map(Vec::as_slice));
    let rows = WithComposition::new(DenseRows::new(values, COLUMNS).unwrap(), composition).unwrap();
    Some((WithBaseline::new(rows, cheap).unwrap(), labels))
}

fn eigenvalues(atoms: &[(u8, [f64; 3])]) -> Vec<f64> {
    let matrix = Mat::from_fn(atoms.len(), atoms.len(), |i, j| {
        let ((a, x), (b, y)) = (&atoms[i], &atoms[j]);
        if i == j {
            return 0.5 * f64::from(*a).powf(2.4);
        }
        let square: f64 = x.iter().zip(y).map(|(x, y)| (x - y) * (x - y)).sum();
        f64::from(*a) * f64::from(*b) / square.sqrt()
    });
    let mut values = matrix.self_adjoint_eigenvalues(Side::Lower).unwrap();
    values.sort_by(|a, b| b.abs().total_cmp(&a.abs()));
    values.resize(COLUMNS, 0.0);
    values
}

#[test]
fn intervals_hold_on_qm7_and_the_cheap_method_pays() {
    let Some((rows, labels)) = data() else { return };
    let mut order: Vec<usize> = (0..labels.len()).collect();
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let pick = |set: &[usize]| set.iter().map(|&i| labels[i]).collect::<Vec<f64>>();
    let (mut split, mut cross, mut plain) = (0.0, 0.0, 0.0);
    let (mut widths, mut maes) = ([0.0; 2], [0.0; 2]);
    let runs = 4.0;
    for seed in 0..4 {
        order.shuffle(&mut random);
        let (train, test) = order.split_at(400);
        let test = &test[..1500];
        let model = || {
            let kernel = DenseKernel { shape: Shape::Laplacian };
            Difference::new(Extensive::new(KernelGp::new(kernel, KernelGpSettings::default())))
        };
        let settings = ConformalSettings { folds: 5, seed, ..Default::default() };
        let (x, z, y) = (rows.select(train), rows.select(test), pick(test));
        let mut one = SplitConformal::new(model(), settings);
        let mut two = CrossConformal::new(model(), settings);
        one.fit(&x, &pick(train)).unwrap();
        two.fit(&x, &pick(train)).unwrap();
        split += one.intervals(&z).unwrap().coverage(&y) / runs;
        let seen = two.intervals(&z).unwrap();
        cross += seen.coverage(&y) / runs;
        let n = y.len() as f64;
        let p = &seen.predictions;
        let inside = y.iter().zip(&p.mean).zip(&p.sd).filter(|((y, m), sd)| (*y - *m).abs() <= 1.645 * **sd);
        plain += inside.count() as f64 / n / runs;
        widths[0] += p.sd.iter().map(|sd| 2.0 * 1.645 * sd).sum::<f64>() / n / runs;
        widths[1] += seen.upper.iter().zip(&seen.lower).map(|(u, l)| u - l).sum::<f64>() / n / runs;
        maes[0] += y.iter().zip(&p.mean).map(|(y, m)| (y - m).abs()).sum::<f64>() / n / runs;
        let bare = |set: &[usize]| rows.select(set).into_features();
        let mut direct = Extensive::new(KernelGp::new(
            DenseKernel { shape: Shape::Laplacian },
            KernelGpSettings::default(),
        ));
        direct.fit(&bare(train), &pick(train)).unwrap();
        let seen = direct.predict(&bare(test)).unwrap();
        maes[1] += y.iter().zip(&seen.mean).map(|(y, m)| (y - m).abs()).sum::<f64>() / n / runs;
    }
    eprintln!(
        "90 % intervals hold: split {split:.3}, cross {cross:.3} (width {:.1}), plain {plain:.3} (width {:.1}); \
         MAE {:.2} with DFTB3, {:.2} without, kcal/mol",
        widths[1], widths[0], maes[0], maes[1]
    );
    assert!((split - 0.9).abs() < 0.02, "{split}");
    assert!((cross - 0.9).abs() < 0.02, "{cross}");
    assert!(maes[0] < 0.7 * maes[1], "{maes:?}");
}
