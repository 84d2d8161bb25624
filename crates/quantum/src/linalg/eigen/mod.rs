//! The symmetric eigenproblem: Householder reduction, divide and conquer, blocked back-transformation.

mod back;
mod divide;
mod leaf;
mod secular;
mod tridiagonal;

use super::buffer::Buffer;
use super::simd::Level;
use crate::error::QuantumError;
use back::{BLOCK, Back};
use divide::{Divide, Workspace};
use tridiagonal::{Load, Tridiagonalise, power_of_two};

/// Solver for matrices of one size.
pub(crate) struct Eigensolver {
    n: usize,
    /// Distance between columns of the matrices here.
    stride: usize,
    level: Level,
    /// The matrix, later eigenvectors.
    a: Buffer,
    reflectors: Buffer,
    q: Buffer,
    u: Buffer,
    tau: Buffer,
    off: Buffer,
    w: Buffer,
    y: Buffer,
    workspace: Workspace,
}

impl Eigensolver {
    /// Memory for matrices of `n` rows.
    pub fn new(n: usize) -> Eigensolver {
        let stride = Buffer::stride(n);
        let square = || Buffer::new(stride * stride);
        let line = || Buffer::new(stride);
        Eigensolver {
            n,
            stride,
            level: Level::best(),
            a: square(),
            reflectors: square(),
            q: square(),
            u: square(),
            tau: line(),
            off: line(),
            w: line(),
            y: Buffer::new(stride * BLOCK),
            workspace: Workspace::new(n),
        }
    }

    /// All eigenvalues, ascending, and the orthonormal eigenvectors of the lowest as columns. How many are wanted is
    /// asked when the eigenvalues are known: which are occupied follows from them, and eigenvectors cost more than
    /// eigenvalues. What the other columns of `vectors` hold afterwards is not defined. Both triangles of `a` must be
    /// there and agree; it is destroyed.
    ///
    /// # Errors
    /// `Internal` where a number is not finite or the iteration fails.
    pub fn solve_choosing(
        &mut self,
        a: &mut [f64],
        values: &mut [f64],
        vectors: &mut [f64],
        choose: &mut dyn FnMut(&[f64]) -> usize,
    ) -> Result<(), QuantumError> {
        let (n, stride, level) = (self.n, self.stride, self.level);
        let (values, vectors) = (&mut values[..n], &mut vectors[..n * n]);
        if n < 2 {
            values.copy_from_slice(&a[..n]);
            vectors.fill(1.0);
            finite(values)?;
            choose(values);
            return Ok(());
        }
        let Some(factor) = level.run(Load { n, from: a, to: &mut self.a, stride }) else {
            return Err(NOT_FINITE);
        };
        level.run(Tridiagonalise {
            n,
            stride,
            a: &mut self.a,
            reflectors: &mut self.reflectors,
            tau: &mut self.tau,
            diagonal: values,
            off: &mut self.off,
            w: &mut self.w,
            y: &mut self.y[..stride],
        });
        if let Err(error) = finite(values).and_then(|()| finite(&self.off[..n - 1])) {
            self.clean();
            return Err(error);
        }
        // Of the order of one from here on.
        let norm = values.iter().chain(&self.off[..n - 1]).fold(0.0f64, |m, x| m.max(x.abs()));
        let scale = if norm > 0.0 { power_of_two(-(norm.log2().floor() as i32)) } else { 1.0 };
        values.iter_mut().chain(&mut self.off[..n - 1]).for_each(|x| *x *= scale);
        let solved = level.run(Divide {
            n,
            stride,
            choose,
            d: values,
            scale: 1.0 / (scale * factor),
            e: &mut self.off,
            q: &mut self.q,
            other: &mut self.a,
            u: &mut self.u,
            workspace: &mut self.workspace,
        });
        let Some((wanted, in_other)) = solved else {
            return Err(QuantumError::Internal { what: "no convergence" });
        };
        let q = if in_other { &mut self.a } else { &mut self.q };
        level.run(Back {
            n,
            wanted,
            stride,
            reflectors: &self.reflectors,
            tau: &self.tau,
            q,
            y: &mut self.y,
            vectors,
        });
        Ok(())
    }

    /// What is between the columns must be finite, which it is not after a matrix that was not.
    #[cold]
    fn clean(&mut self) {
        for buffer in [&mut self.a, &mut self.reflectors, &mut self.w, &mut self.y] {
            buffer.fill(0.0);
        }
    }
}

const NOT_FINITE: QuantumError = QuantumError::Internal { what: "matrix not finite" };

/// One number that is not finite anywhere in a matrix spreads over the whole of its tridiagonal form.
fn finite(x: &[f64]) -> Result<(), QuantumError> {
    if x.iter().all(|x| x.is_finite()) { Ok(()) } else { Err(NOT_FINITE) }
}

#[cfg(test)]
mod tests {
    use super::super::simd::Level;
    use super::super::testing::{Random, check_eigen, reference_matrices};
    use super::*;

    impl Eigensolver {
        /// All eigenvectors.
        fn solve(
            &mut self,
            a: &mut [f64],
            values: &mut [f64],
            vectors: &mut [f64],
        ) -> Result<(), QuantumError> {
            let all = self.n;
            self.solve_choosing(a, values, vectors, &mut |_| all)
        }
    }

    fn check(a: &[f64], n: usize) {
        for level in Level::every() {
            let mut solver = Eigensolver { level, ..Eigensolver::new(n) };
            for wanted in [n, n / 2, 1, 0] {
                let (mut values, mut vectors) = (vec![0.0; n], vec![0.0; n * n]);
                let mut asked = Vec::new();
                let mut choose = |values: &[f64]| {
                    asked.push(values.to_vec());
                    wanted
                };
                solver.solve_choosing(&mut a.to_vec(), &mut values, &mut vectors, &mut choose).unwrap();
                check_eigen(a, &values, &vectors, n, wanted);
                assert_eq!(asked, [values]);
            }
            // The same to the last bit, whatever was solved before.
            let (mut first, mut again) = (vec![0.0; n * n], vec![0.0; n * n]);
            let mut values = vec![0.0; n];
            solver.solve(&mut a.to_vec(), &mut values, &mut first).unwrap();
            let mut fresh = Eigensolver { level, ..Eigensolver::new(n) };
            fresh.solve(&mut a.to_vec(), &mut values, &mut again).unwrap();
            assert_eq!(first, again);
            fresh.solve_choosing(&mut a.to_vec(), &mut values, &mut again, &mut |_| n / 2).unwrap();
            assert_eq!(first[..n * (n / 2)], again[..n * (n / 2)]);
        }
    }

    const SIZES: [usize; 19] = [1, 2, 3, 4, 5, 7, 8, 9, 10, 15, 16, 17, 23, 33, 42, 53, 71, 100, 131];

    #[test]
    fn random() {
        for n in SIZES {
            check(&Random::new(n as u64).symmetric(n), n);
        }
    }

    #[test]
    fn diagonal_and_zero() {
        for n in SIZES {
            let mut a = vec![0.0; n * n];
            check(&a, n);
            for i in 0..n {
                a[i * n + i] = ((i * 7) % 5) as f64 - 2.0;
            }
            check(&a, n);
        }
    }

    #[test]
    fn degenerate_and_clustered() {
        for n in SIZES {
            let mut random = Random::new(n as u64);
            check(&random.with_values(&(0..n).map(|k| (k % 3) as f64).collect::<Vec<_>>()), n);
            check(
                &random.with_values(&(0..n).map(|k| (k / 4) as f64 + 1e-14 * k as f64).collect::<Vec<_>>()),
                n,
            );
            check(&random.with_values(&(0..n).map(|k| 1.0 + 1e-9 * k as f64).collect::<Vec<_>>()), n);
            check(&random.with_values(&(0..n).map(|k| 10f64.powi(-(k as i32 % 20))).collect::<Vec<_>>()), n);
            check(&random.with_values(&vec![-3.0; n]), n);
        }
    }

    #[test]
    fn structured() {
        for n in SIZES {
            let chain = |k: usize| match (k % n).abs_diff(k / n) {
                0 => 2.0,
                1 => -1.0,
                _ => 0.0,
            };
            check(&(0..n * n).map(chain).collect::<Vec<_>>(), n);
            // Wilkinson's matrix: pairs of eigenvalues agree to the last digit.
            let wilkinson = |k: usize| match (k % n).abs_diff(k / n) {
                0 => ((k % n) as f64 - (n / 2) as f64).abs(),
                1 => 1.0,
                _ => 0.0,
            };
            check(&(0..n * n).map(wilkinson).collect::<Vec<_>>(), n);
            // Equal blocks that do not touch: every eigenvalue several times.
            let blocks = |k: usize| {
                if k % n / 4 == k / n / 4 { 1.0 / (1 + k % n % 4 + k / n % 4) as f64 } else { 0.0 }
            };
            check(&(0..n * n).map(blocks).collect::<Vec<_>>(), n);
            check(&(0..n * n).map(|k| 1.0 / (1 + k % n + k / n) as f64).collect::<Vec<_>>(), n);
        }
    }

    #[test]
    fn scaled() {
        for n in [5, 20, 42] {
            let a = Random::new(3).symmetric(n);
            for factor in [1e-160, 1e-30, 1e30, 1e150] {
                let scaled: Vec<f64> = a.iter().map(|x| x * factor).collect();
                let (mut values, mut vectors) = (vec![0.0; n], vec![0.0; n * n]);
                Eigensolver::new(n).solve(&mut scaled.clone(), &mut values, &mut vectors).unwrap();
                values.iter_mut().for_each(|x| *x /= factor);
                check_eigen(&a, &values, &vectors, n, n);
            }
        }
    }

    #[test]
    fn molecules() {
        for m in reference_matrices() {
            check(&m.hamiltonian, m.n);
            check(&m.overlap, m.n);
        }
    }

    #[test]
    fn not_a_number_is_an_error() {
        for n in [1, 2, 3, 6, 11, 42] {
            let mut solver = Eigensolver::new(n);
            let good = Random::new(1).symmetric(n);
            for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                for (i, j) in [(0, 0), (n - 1, n - 1), (n - 1, 0), (n / 2, n / 2), (n / 3, n / 2)] {
                    let (mut values, mut vectors) = (vec![0.0; n], vec![0.0; n * n]);
                    let mut a = good.clone();
                    (a[i * n + j], a[j * n + i]) = (bad, bad);
                    assert!(solver.solve(&mut a, &mut values, &mut vectors).is_err(), "{n} {i} {j}");
                    solver.solve(&mut good.clone(), &mut values, &mut vectors).unwrap();
                    check_eigen(&good, &values, &vectors, n, n);
                }
            }
        }
    }
}
