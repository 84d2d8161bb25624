//! Orbitals for a changed Hamiltonian by rotation of occupied against virtual ones, instead of a diagonalisation.

use super::gemm::{Product, multiply, multiply_transposed};
use super::simd::{Kernel, Level, Simd};

/// `F = C^T H C`; `scratch` needs `n*n` numbers.
pub(crate) fn rotate(c: &[f64], h: &[f64], f: &mut [f64], scratch: &mut [f64], n: usize) {
    multiply(h, c, scratch, n, n, n);
    multiply_transposed(c, scratch, f, n, n, n);
}

/// Larger rotations (sum of the squares of all angles) are refused: first order is no guide to them.
const LIMIT: f64 = 0.05;

/// Coefficients of the series of `(1 + x)^-1/2` after the first.
const SERIES: [f64; 11] = [
    -1.0 / 2.0,
    3.0 / 8.0,
    -5.0 / 16.0,
    35.0 / 128.0,
    -63.0 / 256.0,
    231.0 / 1024.0,
    -429.0 / 2048.0,
    6435.0 / 32768.0,
    -12155.0 / 65536.0,
    46189.0 / 262144.0,
    -88179.0 / 524288.0,
];

/// J. J. P. Stewart, P. Csaszar, P. Pulay, J. Comput. Chem. 1982, 3, 227: all that the density needs of a
/// diagonalisation is that the occupied-virtual block of `C^T H C` vanishes. Here all pairs are rotated at once, to
/// first order, and the result is made orthonormal exactly: with `X` the amplitudes,
/// `C_o <- (C_o + C_v X)(1 + X^T X)^-1/2` and `C_v <- (C_v - C_o X^T)(1 + X X^T)^-1/2`.
pub(crate) struct PseudoDiagonaliser {
    n: usize,
    level: Level,
    /// `H C_o`, later the rotated orbitals.
    work: Vec<f64>,
    x: Vec<f64>,
    square: Vec<f64>,
    sum: Vec<f64>,
    next: Vec<f64>,
}

impl PseudoDiagonaliser {
    /// Memory for `n` orbitals.
    pub fn new(n: usize) -> PseudoDiagonaliser {
        let square = || vec![0.0; n * n];
        let (work, x, sum, next) = (square(), square(), square(), square());
        PseudoDiagonaliser { n, level: Level::best(), work, x, square: square(), sum, next }
    }

    /// Rotates the orbitals `c`, of which the first `occupied` columns are occupied and which are orthonormal in the
    /// metric of the overlap, towards those of `h`; they stay orthonormal to rounding. `levels` are orbital energies
    /// in hartree; those of the occupied are replaced by the expectation values of `h` with the old orbitals, those
    /// of the virtual are taken as they are.
    ///
    /// Returns the largest amplitude; nothing, and leaves the orbitals alone, where an occupied level is not below
    /// all virtual ones or the rotation would be large: then only a diagonalisation helps.
    pub fn update(&mut self, c: &mut [f64], h: &[f64], levels: &mut [f64], occupied: usize) -> Option<f64> {
        let n = self.n;
        let virtuals = n - occupied;
        if occupied == 0 || virtuals == 0 {
            return Some(0.0);
        }
        let (low, high) = c[..n * n].split_at_mut(n * occupied);
        multiply(h, low, &mut self.work, n, n, occupied);
        let (filled, empty) = levels[..n].split_at_mut(occupied);
        multiply_transposed(high, &self.work, &mut self.x, virtuals, n, occupied);
        let amplitudes = Amplitudes { n, c: low, hc: &self.work, x: &mut self.x, filled, empty };
        let (largest, norm) = self.level.run(amplitudes)?;
        if norm > LIMIT {
            return None;
        }
        // Both products before either block of orbitals is replaced.
        let (x, rows) = (self.x.as_ptr(), n);
        let (lower, upper) = self.work.split_at_mut(n * occupied);
        let mixed = Product::of((rows, virtuals, occupied), (high.as_ptr(), n), (x, 1, virtuals), (lower.as_mut_ptr(), n));
        self.level.run(mixed);
        let mixed = Product::of((rows, occupied, virtuals), (low.as_ptr(), n), (x, virtuals, 1), (upper.as_mut_ptr(), n));
        self.level.run(mixed);
        self.level.run(Add { c: low, x: lower, sign: 1.0 });
        self.level.run(Add { c: high, x: upper, sign: -1.0 });
        multiply_transposed(&self.x, &self.x, &mut self.square, occupied, virtuals, occupied);
        self.orthonormalise(low, occupied, norm);
        let x = self.x.as_ptr();
        let shape = (virtuals, occupied, virtuals);
        self.level.run(Product::of(shape, (x, virtuals), (x, virtuals, 1), (self.square.as_mut_ptr(), virtuals)));
        self.orthonormalise(high, virtuals, norm);
        Some(largest)
    }

    /// `C <- C (1 + A)^-1/2` with `A` in `square`, of order `m` and Frobenius norm below `norm`.
    fn orthonormalise(&mut self, c: &mut [f64], m: usize, norm: f64) {
        let n = self.n;
        let mut terms = 0;
        let mut size = norm;
        while terms < SERIES.len() && size * SERIES[terms].abs() > 0.1 * f64::EPSILON {
            terms += 1;
            size *= norm;
        }
        if terms == 0 {
            return;
        }
        // Horner's scheme: A (s_1 + A (s_2 + ...)).
        let mm = m * m;
        for (sum, a) in self.sum[..mm].iter_mut().zip(&self.square) {
            *sum = SERIES[terms - 1] * a;
        }
        for k in (0..terms - 1).rev() {
            for i in 0..m {
                self.sum[i * m + i] += SERIES[k];
            }
            multiply(&self.square, &self.sum, &mut self.next, m, m, m);
            std::mem::swap(&mut self.sum, &mut self.next);
        }
        multiply(c, &self.sum, &mut self.work, n, m, m);
        self.level.run(Add { c, x: &self.work[..n * m], sign: 1.0 });
    }
}

/// `C <- C + sign X`.
struct Add<'a> {
    c: &'a mut [f64],
    x: &'a [f64],
    sign: f64,
}

impl Kernel for Add<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let sign = simd.splat(self.sign);
        let mut to = self.c.chunks_exact_mut(S::LANES);
        let mut from = self.x.chunks_exact(S::LANES);
        for (to, from) in to.by_ref().zip(from.by_ref()) {
            simd.put(to, 0, simd.fma(sign, simd.get(from, 0), simd.get(to, 0)));
        }
        for (to, from) in to.into_remainder().iter_mut().zip(from.remainder()) {
            *to += self.sign * from;
        }
    }
}

/// From the elements of `F` between virtual and occupied orbitals to amplitudes.
struct Amplitudes<'a> {
    n: usize,
    /// Occupied orbitals, and the Hamiltonian times them.
    c: &'a [f64],
    hc: &'a [f64],
    /// `F`, later `X`, a column for each occupied orbital.
    x: &'a mut [f64],
    filled: &'a mut [f64],
    empty: &'a [f64],
}

impl Kernel for Amplitudes<'_> {
    /// The largest amplitude and the sum of the squares of all.
    type Output = Option<(f64, f64)>;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Option<(f64, f64)> {
        let (n, virtuals) = (self.n, self.empty.len());
        let pieces = |length: usize| (length - length % S::LANES, simd.head(length % S::LANES));
        let (whole, head) = pieces(n);
        for (level, (c, hc)) in self.filled.iter_mut().zip(self.c.chunks_exact(n).zip(self.hc.chunks_exact(n))) {
            let mut sum = simd.splat(0.0);
            for i in (0..whole).step_by(S::LANES) {
                sum = simd.fma(simd.get(c, i), simd.get(hc, i), sum);
            }
            // SAFETY: these lanes are there.
            let (a, b) = unsafe { (simd.load_head(c.as_ptr().add(whole), head), simd.load_head(hc.as_ptr().add(whole), head)) };
            *level = simd.sum(simd.fma(a, b, sum));
        }
        let top = self.filled.iter().fold(f64::NEG_INFINITY, |m, &x| m.max(x));
        let bottom = self.empty.iter().fold(f64::INFINITY, |m, &x| m.min(x));
        if top.is_nan() || bottom <= top {
            return None;
        }
        let (whole, head) = pieces(virtuals);
        let (mut largest, mut squares) = (simd.splat(0.0), simd.splat(0.0));
        let minus_two = simd.splat(-2.0);
        for (&level, x) in self.filled.iter().zip(self.x.chunks_exact_mut(virtuals)) {
            let level = simd.splat(level);
            for i in (0..virtuals).step_by(S::LANES) {
                // SAFETY: the last register is cut to what is there.
                let (f, e) = unsafe {
                    let (f, e) = (x.as_ptr().add(i), self.empty.as_ptr().add(i));
                    if i < whole { (simd.load(f), simd.load(e)) } else { (simd.load_head(f, head), simd.load_head(e, head)) }
                };
                // The tangent of the angle of the two-by-two problem; where nothing is there the result is dropped.
                let gap = simd.sub(e, level);
                let double = simd.add(f, f);
                let root = simd.sqrt(simd.fma(double, double, simd.mul(gap, gap)));
                let t = simd.div(simd.mul(minus_two, f), simd.add(gap, root));
                let t = if i < whole { t } else { simd.keep(t, head) };
                largest = simd.max(simd.abs(t), largest);
                squares = simd.fma(t, t, squares);
                // SAFETY: as above.
                unsafe {
                    let p = x.as_mut_ptr().add(i);
                    if i < whole { simd.store(p, t) } else { simd.store_head(p, t, head) }
                }
            }
        }
        let mut lanes = [0.0; 8];
        simd.put(&mut lanes, 0, largest);
        let squares = simd.sum(squares);
        squares.is_finite().then_some((lanes.iter().fold(0.0, |m: f64, &x| m.max(x)), squares))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, check_eigen, difference, product};
    use super::super::{Eigensolver, density};
    use super::*;

    fn unit(n: usize) -> Vec<f64> {
        (0..n * n).map(|k| f64::from(u8::from(k % (n + 1) == 0))).collect()
    }

    #[test]
    fn converges_to_the_exact_density() {
        for (n, occupied) in [(2, 1), (8, 4), (9, 1), (9, 8), (21, 10), (42, 22), (71, 36)] {
            let mut random = Random::new(n as u64);
            let values: Vec<f64> =
                (0..n).map(|k| k as f64 / n as f64 + if k < occupied { -1.0 } else { 0.0 }).collect();
            let h = random.with_values(&values);
            let noise = random.symmetric(n);
            let near: Vec<f64> = h.iter().zip(&noise).map(|(a, b)| a + 0.01 * b).collect();
            let mut solver = Eigensolver::new(n);
            let (mut levels, mut exact, mut c) = (vec![0.0; n], vec![0.0; n * n], vec![0.0; n * n]);
            solver.solve(&mut h.clone(), &mut levels, &mut exact).unwrap();
            check_eigen(&h, &levels, &exact, n, n);
            solver.solve(&mut near.clone(), &mut levels, &mut c).unwrap();
            let weights: Vec<f64> = (0..n).map(|k| if k < occupied { 2.0 } else { 0.0 }).collect();
            let mut scratch = vec![0.0; 2 * n * n];
            let (mut p, mut reference) = (vec![0.0; n * n], vec![0.0; n * n]);
            density(&exact, n, &weights, &mut reference, &mut scratch);
            let mut pseudo = PseudoDiagonaliser::new(n);
            for _ in 0..25 {
                pseudo.update(&mut c, &h, &mut levels, occupied).unwrap();
                assert!(difference(&product(&c, true, &c, n), &unit(n)) < 1e-13, "{n}");
            }
            density(&c, n, &weights, &mut p, &mut scratch);
            assert!(difference(&p, &reference) < 1e-12, "{n}: {}", difference(&p, &reference));
        }
    }

    #[test]
    fn large_rotations_and_wrong_orders_are_refused() {
        let (n, occupied) = (6, 3);
        let mut h = Random::new(3).symmetric(n);
        let mut c = unit(n);
        let mut pseudo = PseudoDiagonaliser::new(n);
        let mut levels = vec![-1.0, -1.0, -1.0, 1.0, 1.0, 1.0];
        assert_eq!(pseudo.update(&mut c, &h, &mut levels, occupied), None);
        h.fill(0.0);
        h[0] = 2.0;
        assert_eq!(pseudo.update(&mut c, &h, &mut levels, occupied), None);
        h[0] = f64::NAN;
        assert_eq!(pseudo.update(&mut c, &h, &mut levels, occupied), None);
        assert_eq!(c, unit(n));
    }
}
