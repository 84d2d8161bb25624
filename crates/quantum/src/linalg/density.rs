//! Density matrices from orbitals.

use super::gemm::multiply;

/// Orbitals with a smaller weight than this are left out.
const EMPTY: f64 = 1e-14;

/// `P = C diag(w) C^T`, columns with `|w| <= 1e-14` left out; exactly symmetric.
///
/// With occupations as weights this is the density matrix, with occupations times orbital energies the
/// energy-weighted one. `scratch` needs `2*n*n` numbers; its content does not matter.
pub(crate) fn density(c: &[f64], n: usize, weights: &[f64], p: &mut [f64], scratch: &mut [f64]) {
    let (scaled, transposed) = scratch.split_at_mut(n * n);
    let mut m = 0;
    let wanted = weights.iter().filter(|w| w.abs() > EMPTY).count();
    for (k, &w) in weights.iter().enumerate().filter(|(_, w)| w.abs() > EMPTY) {
        for i in 0..n {
            scaled[m * n + i] = w * c[k * n + i];
            transposed[i * wanted + m] = c[k * n + i];
        }
        m += 1;
    }
    multiply(scaled, transposed, p, n, m, n);
    for j in 0..n {
        for i in 0..j {
            p[i * n + j] = p[j * n + i];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, difference};
    use super::*;

    #[test]
    fn equals_the_plain_sum() {
        for n in [1, 2, 5, 8, 13, 42, 71] {
            let c = Random::new(n as u64).general(n);
            let mut weights: Vec<f64> =
                (0..n).map(|k| if k % 3 == 1 { 0.0 } else { 1.5 - k as f64 }).collect();
            let (mut p, mut scratch) = (vec![0.0; n * n], vec![f64::NAN; 2 * n * n]);
            for _ in 0..2 {
                density(&c, n, &weights, &mut p, &mut scratch);
                let expected: Vec<f64> = (0..n * n)
                    .map(|x| (0..n).map(|k| weights[k] * c[k * n + x % n] * c[k * n + x / n]).sum())
                    .collect();
                assert!(difference(&p, &expected) < 1e-12 * (n * n) as f64, "{n}");
                assert!((0..n * n).all(|x| p[x] == p[x % n * n + x / n]));
                weights.fill(0.0);
            }
        }
    }
}
