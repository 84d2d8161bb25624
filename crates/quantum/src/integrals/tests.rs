use super::*;
use crate::integrals::tensor::{D_FORM, P_AXIS};
use crate::parameters::ANGSTROM;

/// Elements with every combination of shells: s; s, p; s, p, d; d, s, p; 6s and 6p with six primitives.
const NUMBERS: [u8; 6] = [1, 6, 16, 26, 82, 14];

/// Reproducible numbers between -1 and 1.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

/// A crowded cluster of `NUMBERS`.
fn cluster(seed: u64) -> Vec<[f64; 3]> {
    let mut numbers = Numbers(seed);
    NUMBERS.iter().map(|_| std::array::from_fn(|_| 3.0 * numbers.next())).collect()
}

fn computed(numbers: &[u8], positions: &[[f64; 3]]) -> (Basis, Integrals) {
    let basis = Basis::new(numbers);
    let mut integrals = Integrals::new(&basis);
    integrals.compute(&basis, positions);
    (basis, integrals)
}

/// Value of an angular function at r.
fn angular(l: usize, m: usize, r: &[f64; 3]) -> f64 {
    match l {
        0 => 1.0,
        1 => r[P_AXIS[m]],
        _ => tensor::dot(&tensor::apply(&D_FORM[m], r), r),
    }
}

/// Overlap, dipole and quadrupole components of one element by Gauss-Hermite quadrature, which is exact here.
fn quadrature(basis: &Basis, at: &[[f64; 3]], (a, i): (&Shell, usize), (b, j): (&Shell, usize)) -> [f64; 10] {
    // Four nodes: exact to the seventh power.
    let root = 6.0_f64.sqrt();
    let nodes = [((3.0 - root) / 2.0).sqrt(), ((3.0 + root) / 2.0).sqrt()];
    let weights = nodes.map(|x| {
        let h3 = 8.0 * x * x * x - 12.0 * x;
        8.0 * 24.0 * std::f64::consts::PI.sqrt() / (16.0 * h3 * h3)
    });
    let points =
        [(-nodes[0], weights[0]), (nodes[0], weights[0]), (-nodes[1], weights[1]), (nodes[1], weights[1])];
    let (ra, rb) = (at[a.atom], at[b.atom]);
    let r = difference(&ra, &rb);
    let mut sum = [0.0; 10];
    for p in a.primitives.clone() {
        for q in b.primitives.clone() {
            let (alpha, beta) = (basis.exponents[p], basis.exponents[q]);
            let zeta = alpha + beta;
            let factor = basis.coefficients[p] * basis.coefficients[q] / zeta.powf(1.5)
                * (-alpha * beta / zeta * tensor::dot(&r, &r)).exp();
            for x in points {
                for y in points {
                    for z in points {
                        let node = [x.0, y.0, z.0];
                        let from_b: [f64; 3] =
                            std::array::from_fn(|k| alpha / zeta * r[k] + node[k] / zeta.sqrt());
                        let from_a = difference(&from_b, &r);
                        let value =
                            factor * x.1 * y.1 * z.1 * angular(a.l, i, &from_a) * angular(b.l, j, &from_b);
                        sum[0] += value;
                        for k in 0..3 {
                            sum[1 + k] += value * from_b[k];
                        }
                        let square = tensor::dot(&from_b, &from_b);
                        for (c, (k, l)) in
                            [(0, 0), (0, 1), (1, 1), (0, 2), (1, 2), (2, 2)].into_iter().enumerate()
                        {
                            let trace = if k == l { square } else { 0.0 };
                            sum[4 + c] += value * (1.5 * from_b[k] * from_b[l] - 0.5 * trace);
                        }
                    }
                }
            }
        }
    }
    sum
}

fn element(integrals: &Integrals, row: usize, column: usize) -> [f64; 10] {
    let place = row + integrals.n * column;
    std::array::from_fn(|c| match c {
        0 => integrals.overlap[place],
        1..=3 => integrals.dipole[c - 1][place],
        _ => integrals.quadrupole[c - 4][place],
    })
}

#[test]
fn elements_equal_quadrature() {
    let positions = cluster(1);
    let (basis, integrals) = computed(&NUMBERS, &positions);
    for a in &basis.shells {
        for b in &basis.shells {
            for (i, row) in a.orbitals.clone().enumerate() {
                for (j, column) in b.orbitals.clone().enumerate() {
                    let expected = quadrature(&basis, &positions, (a, i), (b, j));
                    let found = element(&integrals, row, column);
                    for c in 0..10 {
                        assert!(
                            (found[c] - expected[c]).abs() < 1e-12 * (1.0 + expected[c].abs()),
                            "l {} {}, m {i} {j}, component {c}: {} not {}",
                            a.l,
                            b.l,
                            found[c],
                            expected[c]
                        );
                    }
                }
            }
        }
    }
}

/// A system in two parts, far apart, is computed without the pairs between them and without leftovers.
#[test]
fn distant_shells_are_left_out() {
    let numbers: Vec<u8> = NUMBERS.iter().chain(&NUMBERS).copied().collect();
    let near: Vec<_> = cluster(2).into_iter().chain(cluster(3)).collect();
    let mut far = near.clone();
    far[NUMBERS.len()..].iter_mut().for_each(|r| r[1] += 100.0);
    let (basis, mut integrals) = computed(&numbers, &near);
    let all = basis.shells.len() * (basis.shells.len() + 1) / 2;
    assert_eq!(integrals.pairs.len(), all);
    integrals.compute(&basis, &far);
    assert!(integrals.pairs.len() < all);
    let (part_basis, part) = computed(&NUMBERS, &far[..NUMBERS.len()]);
    for row in 0..integrals.n {
        for column in 0..part.n {
            let expected = if row < part_basis.orbitals() { element(&part, row, column) } else { [0.0; 10] };
            assert_eq!(element(&integrals, row, column), expected);
        }
    }
}

/// What is cut off does not matter: elements around the distance where pairs are left out.
#[test]
fn what_is_left_out_is_negligible() {
    let basis = Basis::new(&[82, 6, 1, 3, 55]);
    for a in &basis.shells {
        for b in &basis.shells {
            let (low, high) = (a.kind.min(b.kind), a.kind.max(b.kind));
            let distance = basis.products.reach(low, high).sqrt();
            let mut at = vec![[0.0; 3]; 5];
            at[b.atom] = [0.6 * distance, 0.0, 0.8 * distance];
            if a.atom == b.atom {
                continue;
            }
            for i in 0..=2 * a.l {
                for j in 0..=2 * b.l {
                    let elements = quadrature(&basis, &at, (a, i), (b, j));
                    assert!(elements[0].abs() < 1e-13, "{distance}: {elements:?}");
                    assert!(elements.iter().all(|x| x.abs() < 2e-11), "{distance}: {elements:?}");
                }
            }
        }
    }
}

#[test]
fn gradient_equals_finite_differences() {
    let mut numbers = Numbers(5);
    for seed in [11, 12] {
        let positions = cluster(seed);
        let (basis, integrals) = computed(&NUMBERS, &positions);
        for a in &basis.shells {
            for b in &basis.shells {
                let mut weights = PairWeights::default();
                for i in 0..=2 * a.l {
                    for j in 0..=2 * b.l {
                        weights.overlap[i][j] = numbers.next();
                        weights.density[i][j] = numbers.next();
                    }
                }
                for side in 0..2 {
                    weights.dipole[side].iter_mut().for_each(|x| *x = numbers.next());
                    weights.quadrupole[side].iter_mut().for_each(|x| *x = numbers.next());
                }
                let gradient = pair_gradient(&basis, a, b, &positions, &weights);
                if a.atom == b.atom {
                    assert_eq!(gradient, [0.0; 3]);
                    continue;
                }
                let mut moved = integrals.clone();
                for k in 0..3 {
                    let mut energy = |step: f64| {
                        let mut at = positions.clone();
                        at[a.atom][k] += step;
                        moved.compute(&basis, &at);
                        weighted(&moved, a, b, &weights)
                    };
                    let h = 1e-3;
                    let slope =
                        (8.0 * (energy(h) - energy(-h)) - (energy(2.0 * h) - energy(-2.0 * h))) / (12.0 * h);
                    assert!(
                        (gradient[k] - slope).abs() < 1e-9 * (1.0 + slope.abs()),
                        "l {} {}, atoms {} {}, {k}: {} not {slope}",
                        a.l,
                        b.l,
                        a.atom,
                        b.atom,
                        gradient[k]
                    );
                }
            }
        }
    }
}

/// The sum that `pair_gradient` differentiates.
fn weighted(integrals: &Integrals, a: &Shell, b: &Shell, weights: &PairWeights) -> f64 {
    let mut sum = 0.0;
    for (i, row) in a.orbitals.clone().enumerate() {
        for (j, column) in b.orbitals.clone().enumerate() {
            let (about_b, about_a) = (element(integrals, row, column), element(integrals, column, row));
            sum += weights.overlap[i][j] * about_b[0];
            for (side, about) in [about_a, about_b].iter().enumerate() {
                for k in 0..3 {
                    sum += weights.density[i][j] * weights.dipole[side][k] * about[1 + k];
                }
                for c in 0..6 {
                    sum += weights.density[i][j] * weights.quadrupole[side][c] * about[4 + c];
                }
            }
        }
    }
    sum
}

/// Moving everything changes nothing; a rotation by 90 degrees about z permutes.
#[test]
fn invariances() {
    let positions = cluster(7);
    let (basis, integrals) = computed(&NUMBERS, &positions);
    let shifted: Vec<_> = positions.iter().map(|r| [r[0] + 11.0, r[1] - 7.0, r[2] + 0.3]).collect();
    let (_, other) = computed(&NUMBERS, &shifted);
    for row in 0..integrals.n {
        for column in 0..integrals.n {
            let (x, y) = (element(&integrals, row, column), element(&other, row, column));
            assert!((0..10).all(|c| (x[c] - y[c]).abs() < 1e-11));
        }
    }
    let turned: Vec<_> = positions.iter().map(|r| [-r[1], r[0], r[2]]).collect();
    let (_, other) = computed(&NUMBERS, &turned);
    // (new index, sign) of each function after x -> y, y -> -x.
    let image = |shell: &Shell, m: usize| -> (usize, f64) {
        match (shell.l, m) {
            (1, 0) => (2, -1.0),
            (1, 2) => (0, 1.0),
            (2, 0) | (2, 4) => (m, -1.0),
            (2, 1) => (3, -1.0),
            (2, 3) => (1, 1.0),
            _ => (m, 1.0),
        }
    };
    for a in &basis.shells {
        for b in &basis.shells {
            for i in 0..=2 * a.l {
                for j in 0..=2 * b.l {
                    let ((p, s), (q, t)) = (image(a, i), image(b, j));
                    let before = element(&integrals, a.orbitals.start + i, b.orbitals.start + j);
                    let after = element(&other, a.orbitals.start + p, b.orbitals.start + q);
                    let [o, x, y, z, xx, xy, yy, xz, yz, zz] = before;
                    let expected = [o, -y, x, z, yy, -xy, xx, -yz, xz, zz];
                    for c in 0..10 {
                        assert!(
                            (s * t * after[c] - expected[c]).abs() < 1e-11,
                            "{} {} {i} {j} {c}",
                            a.l,
                            b.l
                        );
                    }
                }
            }
        }
    }
}

/// Under any rotation the norms of the overlap, the dipole and the quadrupole of every block stay.
#[test]
fn norms_stay_under_rotation() {
    let positions = cluster(8);
    let (basis, integrals) = computed(&NUMBERS, &positions);
    // Rotation by the unit quaternion (1, 2, 3, 4) / sqrt(30).
    let (w, x, y, z) = (1.0, 2.0, 3.0, 4.0);
    let rotation = [
        [w * w + x * x - y * y - z * z, 2.0 * (x * y - w * z), 2.0 * (x * z + w * y)],
        [2.0 * (x * y + w * z), w * w - x * x + y * y - z * z, 2.0 * (y * z - w * x)],
        [2.0 * (x * z - w * y), 2.0 * (y * z + w * x), w * w - x * x - y * y + z * z],
    ]
    .map(|row| row.map(|e| e / 30.0));
    let turned: Vec<_> = positions.iter().map(|r| rotation.map(|row| tensor::dot(&row, r))).collect();
    let (_, other) = computed(&NUMBERS, &turned);
    let norms = |integrals: &Integrals, a: &Shell, b: &Shell| -> [f64; 3] {
        let mut sum = [0.0; 3];
        for row in a.orbitals.clone() {
            for column in b.orbitals.clone() {
                let [overlap, dx, dy, dz, quadrupole @ ..] = element(integrals, row, column);
                sum[0] += overlap * overlap;
                sum[1] += dx * dx + dy * dy + dz * dz;
                sum[2] += tensor::contract(&quadrupole, &quadrupole);
            }
        }
        sum
    };
    for a in &basis.shells {
        for b in &basis.shells {
            let (before, after) = (norms(&integrals, a, b), norms(&other, a, b));
            for c in 0..3 {
                assert!((before[c] - after[c]).abs() < 1e-11 * (1.0 + before[c]), "{} {} {c}", a.l, b.l);
            }
        }
    }
}

/// Overlap matrices of tblite 0.8.0 in its order of functions (see make_overlap_reference.py beside the data).
#[test]
fn overlap_equals_the_reference() {
    let text = include_str!("../../tests/data/overlap_reference.json");
    let reference: serde_json::Value = serde_json::from_str(text).unwrap();
    for molecule in reference["molecules"].as_array().unwrap() {
        let (numbers, positions) = atoms(molecule, "positions_bohr", 1.0);
        compare_overlap(&numbers, &positions, &molecule["overlap"]);
    }
}

/// The same for all 35 molecules of the shared reference set.
#[test]
fn overlap_equals_the_shared_reference() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/gfn2_reference");
    let read = |name: &str| -> Option<serde_json::Value> {
        let file = std::fs::File::open(folder.join(name)).ok()?;
        Some(serde_json::from_reader(flate2::read::GzDecoder::new(file)).unwrap())
    };
    let (Some(matrices), Some(set)) = (read("gfn2_matrices.json.gz"), read("gfn2_reference.json.gz")) else {
        eprintln!("skipped: no reference data at {}", folder.display());
        return;
    };
    let mut compared = 0;
    for molecule in set["molecules"].as_array().unwrap() {
        let Some(entry) = matrices["matrices"].get(molecule["id"].to_string()) else { continue };
        let (numbers, positions) = atoms(molecule, "positions_angstrom", ANGSTROM);
        compare_overlap(&numbers, &positions, &entry["overlap"]);
        compared += 1;
    }
    assert_eq!(compared, 35);
}

fn atoms(molecule: &serde_json::Value, key: &str, unit: f64) -> (Vec<u8>, Vec<[f64; 3]>) {
    let numbers = molecule["numbers"].as_array().unwrap().iter().map(|z| z.as_u64().unwrap() as u8).collect();
    let positions = molecule[key].as_array().unwrap().iter();
    (numbers, positions.map(|r| std::array::from_fn(|k| r[k].as_f64().unwrap() * unit)).collect())
}

fn compare_overlap(numbers: &[u8], positions: &[[f64; 3]], expected: &serde_json::Value) {
    let (_, integrals) = computed(numbers, positions);
    assert_eq!(expected.as_array().unwrap().len(), integrals.n);
    for row in 0..integrals.n {
        for column in 0..integrals.n {
            let (found, expected) =
                (integrals.overlap[row + integrals.n * column], expected[row][column].as_f64());
            assert!(
                (found - expected.unwrap()).abs() < 1e-9,
                "{numbers:?} {row} {column}: {found} {expected:?}"
            );
        }
    }
}
