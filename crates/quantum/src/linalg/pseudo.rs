//! Orbital rotations between occupied and virtual orbitals instead of a full diagonalisation.

use super::gemm::{multiply, multiply_transposed};

/// `F = C^T H C`; `scratch` needs `n*n` numbers.
pub(crate) fn rotate(c: &[f64], h: &[f64], f: &mut [f64], scratch: &mut [f64], n: usize) {
    multiply(h, c, scratch, n, n, n);
    multiply_transposed(c, scratch, f, n, n, n);
}

/// Stewart, Csaszar, Pulay, J. Comput. Chem. 1982, 3, 227: annihilates the occupied-virtual block only.
pub(crate) struct PseudoDiagonaliser {
    n: usize,
    scratch: Vec<f64>,
    block: Vec<f64>,
}

impl PseudoDiagonaliser {
    /// Memory for `n` orbitals.
    pub fn new(n: usize) -> PseudoDiagonaliser {
        PseudoDiagonaliser { n, scratch: vec![0.0; n * n], block: vec![0.0; n * n] }
    }

    /// Rotates occupied (the first `occupied` columns of `c`) and virtual orbitals among each other to first
    /// order in the occupied-virtual block of `C^T H C`. Returns the largest element of that block before the
    /// rotation, in hartree.
    pub fn update(&mut self, c: &mut [f64], h: &[f64], occupied: usize) -> f64 {
        let n = self.n;
        rotate(c, h, &mut self.block, &mut self.scratch, n);
        let f = &self.block;
        let mut largest = 0.0f64;
        for v in occupied..n {
            for o in 0..occupied {
                let x = f[v * n + o];
                largest = largest.max(x.abs());
                if x == 0.0 {
                    continue;
                }
                // The Jacobi rotation that annihilates x between the two orbitals.
                let theta = (f[v * n + v] - f[o * n + o]) / (2.0 * x);
                let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
                let cosine = 1.0 / t.hypot(1.0);
                let sine = t * cosine;
                let (low, high) = c.split_at_mut(v * n);
                for (a, b) in low[o * n..(o + 1) * n].iter_mut().zip(&mut high[..n]) {
                    (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
                }
            }
        }
        largest
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, check_eigen, difference, product};
    use super::super::{Eigensolver, density};
    use super::*;

    #[test]
    fn converges_to_the_exact_density() {
        for (n, occupied) in [(2, 1), (8, 4), (21, 10), (42, 22), (71, 36)] {
            let mut random = Random::new(n as u64);
            let values: Vec<f64> =
                (0..n).map(|k| k as f64 / n as f64 + if k < occupied { -1.0 } else { 0.0 }).collect();
            let h = random.with_values(&values);
            let noise = random.symmetric(n);
            let near: Vec<f64> = h.iter().zip(&noise).map(|(a, b)| a + 0.01 * b).collect();
            let mut solver = Eigensolver::new(n);
            let (mut energies, mut exact, mut c) = (vec![0.0; n], vec![0.0; n * n], vec![0.0; n * n]);
            solver.solve(&mut near.clone(), &mut energies, &mut c).unwrap();
            solver.solve(&mut h.clone(), &mut energies, &mut exact).unwrap();
            check_eigen(&h, &energies, &exact, n, n);
            let weights: Vec<f64> = (0..n).map(|k| if k < occupied { 2.0 } else { 0.0 }).collect();
            let mut scratch = vec![0.0; 2 * n * n];
            let (mut p, mut reference) = (vec![0.0; n * n], vec![0.0; n * n]);
            density(&exact, n, &weights, &mut reference, &mut scratch);
            let mut pseudo = PseudoDiagonaliser::new(n);
            for _ in 0..40 {
                pseudo.update(&mut c, &h, occupied);
            }
            density(&c, n, &weights, &mut p, &mut scratch);
            assert!(difference(&p, &reference) < 1e-11, "{n}: {}", difference(&p, &reference));
            let unit: Vec<f64> = (0..n * n).map(|k| f64::from(u8::from(k % (n + 1) == 0))).collect();
            assert!(difference(&product(&c, true, &c, n), &unit) < 1e-12, "{n}");
        }
    }
}
