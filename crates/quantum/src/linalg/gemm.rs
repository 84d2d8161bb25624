//! Products of small dense matrices, column-major.
//!
//! A tile of three registers of rows times `Simd::TILE` columns of the result is held in registers while the inner
//! index runs; at these sizes the operands sit in the first caches and are read where they are, without packing.

use super::simd::{Kernel, Level, Simd};

/// Which part of the left factor is not zero.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Left {
    /// All of it.
    Full,
    /// On and above the diagonal. The result may overwrite the right factor.
    Upper,
    /// On and below the diagonal. The result may overwrite the right factor.
    Lower,
}

/// Which part of the right factor is not zero.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Right {
    /// All of it.
    Full,
    /// On and above the diagonal.
    Upper,
    /// On and below the diagonal.
    Lower,
}

/// `C = A B` or `C -= A B`. Lengths are the caller's promise.
#[derive(Clone, Copy)]
pub(super) struct Product {
    /// Rows of `A` and `C`.
    pub rows: usize,
    /// Columns of `A`, rows of `B`.
    pub inner: usize,
    /// Columns of `B` and `C`.
    pub columns: usize,
    /// `A`, with the distance between its columns.
    pub a: (*const f64, usize),
    /// `B`, with the distances between its rows and between its columns.
    pub b: (*const f64, usize, usize),
    /// `C`, with the distance between its columns.
    pub c: (*mut f64, usize),
    /// Zeros of `A`.
    pub left: Left,
    /// Zeros of `B`.
    pub right: Right,
    /// Whether only the part of `C` on and above its diagonal is wanted (some elements below it are written too).
    pub only_upper: bool,
    /// Whether to subtract from `C` instead of replacing it.
    pub subtract: bool,
}

impl Product {
    /// Full matrices of these shapes, stored as said.
    pub fn of(
        (rows, inner, columns): (usize, usize, usize),
        a: (*const f64, usize),
        b: (*const f64, usize, usize),
        c: (*mut f64, usize),
    ) -> Product {
        let (left, right) = (Left::Full, Right::Full);
        Product { rows, inner, columns, a, b, c, left, right, only_upper: false, subtract: false }
    }

    /// Full matrices, stored without gaps.
    fn full(a: &[f64], b: &[f64], c: &mut [f64], rows: usize, inner: usize, columns: usize) -> Product {
        assert!(a.len() >= rows * inner && b.len() >= inner * columns && c.len() >= rows * columns);
        let (a, c) = ((a.as_ptr(), rows), (c.as_mut_ptr(), rows));
        Product::of((rows, inner, columns), a, (b.as_ptr(), 1, inner), c)
    }

    /// Rows from `row`, `R` registers of them, the last with the lanes of `head`; columns from `column`, `C` of them.
    ///
    /// # Safety
    /// The tile is inside `C`, and the pointers are good for the shapes.
    #[inline(always)]
    unsafe fn tile<S: Simd, const R: usize, const C: usize>(
        &self,
        simd: S,
        row: usize,
        column: usize,
        head: S::Head,
    ) {
        let mut from = 0;
        let mut to = self.inner;
        match self.left {
            Left::Full => {}
            Left::Upper => from = row.min(to),
            Left::Lower => to = to.min(row + R * S::LANES),
        }
        match self.right {
            Right::Full => {}
            Right::Upper => to = to.min(column + C),
            Right::Lower => from = from.max(column.min(to)),
        }
        let (_, lda) = self.a;
        let (_, b_row, b_column) = self.b;
        let mut sums = [[simd.splat(0.0); C]; R];
        // SAFETY: the caller's promise; only lanes of rows that are there are touched.
        unsafe {
            let mut a = self.a.0.add(row + from * lda);
            let mut b = self.b.0.add(from * b_row + column * b_column);
            for _ in from..to {
                let mut left = [simd.splat(0.0); R];
                for (r, x) in left.iter_mut().enumerate() {
                    let p = a.add(r * S::LANES);
                    *x = if r + 1 < R { simd.load(p) } else { simd.load_head(p, head) };
                }
                for k in 0..C {
                    let right = simd.splat(*b.add(k * b_column));
                    for r in 0..R {
                        sums[r][k] = simd.fma(left[r], right, sums[r][k]);
                    }
                }
                a = a.add(lda);
                b = b.add(b_row);
            }
            for k in 0..C {
                let c = self.c.0.add(row + (column + k) * self.c.1);
                for (r, sums) in sums.iter().enumerate() {
                    let p = c.add(r * S::LANES);
                    let mut v = sums[k];
                    if r + 1 < R {
                        if self.subtract {
                            v = simd.sub(simd.load(p), v);
                        }
                        simd.store(p, v);
                    } else {
                        if self.subtract {
                            v = simd.sub(simd.load_head(p, head), v);
                        }
                        simd.store_head(p, v, head);
                    }
                }
            }
        }
    }

    /// All columns of `R` registers of rows.
    ///
    /// # Safety
    /// As `tile`.
    #[inline(always)]
    unsafe fn strip<S: Simd, const R: usize>(&self, simd: S, row: usize) {
        let there = (self.rows - row).min(R * S::LANES);
        let head = simd.head(there - (R - 1) * S::LANES);
        // A tile of which no column reaches the diagonal is not wanted.
        let mut column = if self.only_upper { row / S::TILE * S::TILE } else { 0 };
        while column < self.columns {
            let width = (self.columns - column).min(S::TILE);
            // SAFETY: the caller's promise, and the width is cut to what is there.
            unsafe {
                match width {
                    1 => self.tile::<S, R, 1>(simd, row, column, head),
                    2 => self.tile::<S, R, 2>(simd, row, column, head),
                    3 => self.tile::<S, R, 3>(simd, row, column, head),
                    4 => self.tile::<S, R, 4>(simd, row, column, head),
                    _ if S::TILE <= 4 => {}
                    5 => self.tile::<S, R, 5>(simd, row, column, head),
                    6 => self.tile::<S, R, 6>(simd, row, column, head),
                    7 => self.tile::<S, R, 7>(simd, row, column, head),
                    _ => self.tile::<S, R, 8>(simd, row, column, head),
                }
            }
            column += width;
        }
    }

    /// Computes it.
    ///
    /// # Safety
    /// The pointers are good for the shapes, and `C` overlaps `A` or `B` only as `Left` allows.
    #[inline(always)]
    pub unsafe fn call<S: Simd>(self, simd: S) {
        simd.call(self);
    }
}

/// Registers of rows of the next strip when `left` of them remain: as few narrow strips as possible.
#[inline(always)]
fn strip_height(left: usize) -> usize {
    match left {
        4 => 2,
        1 | 2 => left,
        _ => 3,
    }
}

impl Kernel for Product {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let registers = self.rows.div_ceil(S::LANES);
        let mut done = 0;
        while done < registers {
            let height = strip_height(registers - done);
            // A lower triangle in place needs the rows above untouched: from the bottom up. Strips of full
            // registers then lie at multiples of the register from the top all the same.
            let first = if self.left == Left::Lower { registers - done - height } else { done };
            let row = first * S::LANES;
            // SAFETY: who made the product answers for its pointers; the strip begins inside.
            unsafe {
                match height {
                    1 => self.strip::<S, 1>(simd, row),
                    2 => self.strip::<S, 2>(simd, row),
                    _ => self.strip::<S, 3>(simd, row),
                }
            }
            done += height;
        }
    }
}

/// `C = A B` with `A` of shape `rows x inner`, `B` of `inner x columns`, all column-major.
pub(crate) fn multiply(a: &[f64], b: &[f64], c: &mut [f64], rows: usize, inner: usize, columns: usize) {
    Level::best().run(Product::full(a, b, c, rows, inner, columns));
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, difference};
    use super::*;

    /// Element by element, with the zeros put in.
    fn plain(p: &Product, a: &[f64], b: &[f64]) -> Vec<f64> {
        let at = |i: usize, k: usize| match p.left {
            Left::Upper if i > k => 0.0,
            Left::Lower if i < k => 0.0,
            _ => a[k * p.rows + i],
        };
        (0..p.rows * p.columns)
            .map(|x| (x % p.rows, x / p.rows))
            .map(|(i, j)| (0..p.inner).map(|k| at(i, k) * b[j * p.inner + k]).sum())
            .collect()
    }

    #[test]
    fn every_shape() {
        for level in Level::every() {
            for (m, k, n) in
                (1..27).map(|x| (x, (x * 7) % 19 + 1, (x * 5) % 23 + 1)).chain([(71, 42, 50), (24, 0, 3)])
            {
                let mut random = Random::new((m + 100 * n) as u64);
                let a: Vec<f64> = (0..m * k).map(|_| random.next()).collect();
                let b: Vec<f64> = (0..k * n).map(|_| random.next()).collect();
                let mut c = vec![0.5; m * n + 1];
                let p = Product::full(&a, &b, &mut c, m, k, n);
                let expected = plain(&p, &a, &b);
                level.run(p);
                assert!(difference(&c[..m * n], &expected) < 1e-13, "{level:?} {m} {k} {n}");
                level.run(Product { subtract: true, ..p });
                assert!(c[..m * n].iter().all(|x| x.abs() < 1e-13));
                assert_eq!(c[m * n], 0.5);
            }
        }
    }

    #[test]
    fn triangles_in_place_and_half_results() {
        for level in Level::every() {
            for n in (1..40).chain([71]) {
                let mut random = Random::new(n as u64);
                let a = random.general(n);
                let mut b = random.general(n);
                let columns = n / 2 + 1;
                for left in [Left::Upper, Left::Lower] {
                    let zeroed: Vec<f64> = (0..n * n)
                        .map(|x| (x % n, x / n))
                        .map(
                            |(i, k)| {
                                if (left == Left::Upper) == (i <= k) || i == k { a[k * n + i] } else { 0.0 }
                            },
                        )
                        .collect();
                    let mut c = b.clone();
                    let p = Product { left, ..Product::full(&zeroed, &b, &mut c, n, n, columns) };
                    let expected = plain(&p, &a, &b);
                    level.run(Product { b: (p.c.0, 1, n), ..p });
                    assert!(difference(&c[..n * columns], &expected) < 1e-13, "{level:?} {n}");
                    assert_eq!(c[n * columns..], b[n * columns..]);
                }
                (0..n * n).filter(|x| x % n > x / n).for_each(|x| b[x] = 0.0);
                let mut c = vec![0.0; n * n];
                let p = Product::full(&a, &b, &mut c, n, n, n);
                let expected = plain(&p, &a, &b);
                level.run(Product { right: Right::Upper, only_upper: true, ..p });
                let bt: Vec<f64> = (0..n * n).map(|x| b[x % n * n + x / n]).collect();
                let mut d = vec![0.0; n * n];
                let q = Product::full(&a, &bt, &mut d, n, n, n);
                let lower = plain(&q, &a, &bt);
                level.run(Product { right: Right::Lower, ..q });
                assert!(difference(&d, &lower) < 1e-13, "{level:?} {n}");
                let upper = |x: &[f64]| -> Vec<f64> {
                    (0..n * n).map(|k| if k % n <= k / n { x[k] } else { 0.0 }).collect()
                };
                assert!(difference(&upper(&c), &upper(&expected)) < 1e-13, "{level:?} {n}");
            }
        }
    }
}
