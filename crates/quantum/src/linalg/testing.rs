//! Matrices and checks shared by the tests of this module.

use std::io::Read;

/// A small generator of numbers, so that tests need no crate (xorshift64*).
pub(super) struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Uniform in (-1, 1).
    pub fn next(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    pub fn general(&mut self, n: usize) -> Vec<f64> {
        (0..n * n).map(|_| self.next()).collect()
    }

    pub fn symmetric(&mut self, n: usize) -> Vec<f64> {
        let a = self.general(n);
        (0..n * n).map(|k| a[k] + a[k % n * n + k / n]).collect()
    }

    /// Positive definite with a unit diagonal.
    pub fn overlap(&mut self, n: usize) -> Vec<f64> {
        let a = self.general(n);
        let s = product(&a, true, &a, n);
        let d = |i: usize| (s[i * n + i] + 0.1 * n as f64).sqrt();
        (0..n * n).map(|k| if k % (n + 1) == 0 { 1.0 } else { s[k] / (d(k % n) * d(k / n)) }).collect()
    }

    /// A symmetric matrix with these eigenvalues and random eigenvectors (products of reflections).
    pub fn with_values(&mut self, values: &[f64]) -> Vec<f64> {
        let n = values.len();
        let mut a: Vec<f64> =
            (0..n * n).map(|k| if k % (n + 1) == 0 { values[k % n] } else { 0.0 }).collect();
        for _ in 0..4 {
            let v: Vec<f64> = (0..n).map(|_| self.next()).collect();
            let square: f64 = v.iter().map(|x| x * x).sum();
            let w: Vec<f64> =
                (0..n).map(|i| (0..n).map(|j| a[j * n + i] * v[j]).sum::<f64>() / square).collect();
            let dot = v.iter().zip(&w).map(|(x, y)| x * y).sum::<f64>() / square;
            for j in 0..n {
                for i in 0..n {
                    a[j * n + i] += -2.0 * (v[i] * w[j] + w[i] * v[j]) + 4.0 * dot * v[i] * v[j];
                }
            }
        }
        (0..n * n).map(|k| 0.5 * (a[k] + a[k % n * n + k / n])).collect()
    }
}

/// `A B` or `A^T B`, the plain way.
pub(super) fn product(a: &[f64], transposed: bool, b: &[f64], n: usize) -> Vec<f64> {
    let at = |i: usize, k: usize| if transposed { a[i * n + k] } else { a[k * n + i] };
    (0..n * n).map(|x| (0..n).map(|k| at(x % n, k) * b[x / n * n + k]).sum()).collect()
}

/// Largest absolute difference; infinite where a number is not one.
pub(super) fn difference(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter()
        .zip(b)
        .map(|(x, y)| (x - y).abs())
        .fold(0.0, |m, d| if d.is_nan() { f64::INFINITY } else { d.max(m) })
}

/// Order of the values, residuals and orthonormality of the first `wanted` vectors, all to 1e-12, and the trace.
pub(super) fn check_eigen(a: &[f64], values: &[f64], vectors: &[f64], n: usize, wanted: usize) {
    let norm = a.iter().map(|x| x * x).sum::<f64>().sqrt().max(f64::MIN_POSITIVE);
    assert!(values.windows(2).all(|w| w[0] <= w[1]), "order, n = {n}");
    let trace: f64 = (0..n).map(|i| a[i * n + i]).sum();
    let sum: f64 = values.iter().sum();
    assert!((trace - sum).abs() <= 1e-12 * norm, "trace, n = {n}: {trace} {sum}");
    let squares = values.iter().map(|x| (x / norm).powi(2)).sum::<f64>();
    assert!((squares - f64::from(u8::from(norm > f64::MIN_POSITIVE))).abs() <= 1e-12, "squares, n = {n}");
    for k in 0..wanted {
        let v = &vectors[k * n..(k + 1) * n];
        for i in 0..n {
            let av: f64 = (0..n).map(|j| a[j * n + i] * v[j]).sum();
            let error = (av - values[k] * v[i]).abs();
            assert!(
                error <= 1e-12 * norm.max(1e-300),
                "residual {error:e} of {k}, n = {n}, wanted = {wanted}"
            );
        }
        for l in 0..=k {
            let dot: f64 = (0..n).map(|i| v[i] * vectors[l * n + i]).sum();
            let error = (dot - f64::from(u8::from(k == l))).abs();
            assert!(error <= 1e-12, "overlap {error:e} of {k} and {l}, n = {n}, wanted = {wanted}");
        }
    }
}

/// Matrices of a molecule from the reference set.
pub(super) struct Matrices {
    pub n: usize,
    pub overlap: Vec<f64>,
    pub hamiltonian: Vec<f64>,
}

/// Overlap and converged Hamiltonian of the molecules of the reference set; empty, with a message, where the set
/// is not there. They are tblite 0.8.0's (see SOURCE.md next to the file).
pub(super) fn reference_matrices() -> Vec<Matrices> {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/gfn2_reference/gfn2_matrices.json.gz");
    let Ok(file) = std::fs::File::open(path) else {
        eprintln!("skipped: {path} is not there");
        return Vec::new();
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let matrix = |v: &serde_json::Value| -> Vec<f64> {
        v.as_array()
            .unwrap()
            .iter()
            .flat_map(|r| r.as_array().unwrap())
            .map(|x| x.as_f64().unwrap())
            .collect()
    };
    json["matrices"]
        .as_object()
        .unwrap()
        .values()
        .map(|m| {
            let overlap = matrix(&m["overlap"]);
            let h = matrix(&m["hamiltonian"]);
            let n = overlap.len().isqrt();
            // Symmetric to the last digit, as ours are.
            let hamiltonian = (0..n * n).map(|k| 0.5 * (h[k] + h[k % n * n + k / n])).collect();
            Matrices { n, overlap, hamiltonian }
        })
        .collect()
}
