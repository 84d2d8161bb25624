//! Density matrices from orbitals.

use super::gemm::Product;
use super::simd::{Kernel, Level, Simd};

/// Orbitals with a smaller weight than this are left out.
const EMPTY: f64 = 1e-14;

/// `P = C diag(w) C^T`, columns with `|w| <= 1e-14` left out; exactly symmetric.
///
/// With occupations as weights this is the density matrix, with occupations times orbital energies the
/// energy-weighted one. `scratch` needs `2*n*n` numbers; its content does not matter.
pub(crate) fn density(c: &[f64], n: usize, weights: &[f64], p: &mut [f64], scratch: &mut [f64]) {
    let (scaled, kept) = scratch.split_at_mut(n * n);
    let mut count = 0;
    // Occupied orbitals usually come first and need not be moved together.
    let mut gap = false;
    for (k, (&w, column)) in weights.iter().zip(c.chunks_exact(n.max(1))).enumerate() {
        if w.abs() <= EMPTY {
            continue;
        }
        if k != count && !gap {
            gap = true;
            kept[..count * n].copy_from_slice(&c[..count * n]);
        }
        if gap {
            kept[count * n..(count + 1) * n].copy_from_slice(column);
        }
        for (to, x) in scaled[count * n..(count + 1) * n].iter_mut().zip(column) {
            *to = w * x;
        }
        count += 1;
    }
    let from = if gap { &kept[..count * n] } else { &c[..count * n] };
    Level::best().run(Symmetric { n, count, a: &scaled[..count * n], b: from, p: &mut p[..n * n] });
}

/// `P = A B^T` where that is symmetric: one triangle of it, and its mirror image.
struct Symmetric<'a> {
    n: usize,
    count: usize,
    a: &'a [f64],
    b: &'a [f64],
    p: &'a mut [f64],
}

impl Kernel for Symmetric<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let (n, p) = (self.n, self.p.as_mut_ptr());
        let product = Product::of((n, self.count, n), (self.a.as_ptr(), n), (self.b.as_ptr(), n, 1), (p, n));
        // SAFETY: the factors are `n x count` and the result is `n x n`, in three different slices.
        unsafe { Product { only_upper: true, ..product }.call(simd) };
        mirror(simd, self.p, n);
    }
}

/// Copies what is above the diagonal to below it.
#[inline(always)]
pub(super) fn mirror<S: Simd>(simd: S, a: &mut [f64], n: usize) {
    let p = a[..n * n].as_mut_ptr();
    for i in (0..n).step_by(S::LANES) {
        let height = (n - i).min(S::LANES);
        for j in (i + S::LANES..n).step_by(S::LANES) {
            let width = (n - j).min(S::LANES);
            // SAFETY: a block above the diagonal goes to the block below it that mirrors it.
            unsafe { simd.transpose((p.add(j * n + i).cast_const(), n), (p.add(i * n + j), n), width, height) };
        }
        for j in i..i + height {
            for k in j + 1..i + height {
                a[j * n + k] = a[k * n + j];
            }
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
