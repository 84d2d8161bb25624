//! The same arithmetic on several atoms or shells at once, with the widest vectors the processor has.
//!
//! Written out, because the compiler finds vectors in loops over arrays of numbers only now and then, and never
//! wider ones than those of the oldest processor it compiles for.

use std::ops::{Add, AddAssign, Div, Mul, Sub, SubAssign};

use faer::traits::pulp::Arch;
pub(super) use faer::traits::pulp::{Simd, WithSimd};

/// No processor has more numbers in a vector.
pub(super) const WIDEST: usize = 8;

/// Runs `kernel` with the vectors of this processor. Those are the same in every call, so that what one kernel
/// stores by blocks of lanes another can read.
pub(super) fn run<K: WithSimd>(kernel: K) -> K::Output {
    Arch::new().dispatch(kernel)
}

/// A vector: as many numbers as `S` has lanes, one per atom or shell of a block.
#[derive(Clone, Copy)]
pub(super) struct Lanes<S: Simd> {
    simd: S,
    value: S::f64s,
}

impl<S: Simd> Lanes<S> {
    /// All lanes `x`.
    #[inline(always)]
    pub fn all(simd: S, x: f64) -> Lanes<S> {
        Lanes { simd, value: simd.splat_f64s(x) }
    }

    /// What `store` wrote, vector by vector.
    #[inline(always)]
    pub fn load(simd: S, numbers: &[f64]) -> impl Iterator<Item = Lanes<S>> {
        S::as_simd_f64s(numbers).0.iter().map(move |&value| Lanes { simd, value })
    }

    /// Writes to a place made by `places`.
    #[inline(always)]
    pub fn store(self, place: &mut S::f64s) {
        *place = self.value;
    }

    /// The numbers, one per lane; beyond them zeros.
    #[inline(always)]
    pub fn numbers(self) -> [f64; WIDEST] {
        let mut numbers = [0.0; WIDEST];
        if let [first, ..] = S::as_mut_simd_f64s(&mut numbers).0 {
            *first = self.value;
        }
        numbers
    }

    /// `self + a * b`, rounded once where the processor can.
    #[inline(always)]
    pub fn plus(self, a: Lanes<S>, b: impl Operand<S>) -> Lanes<S> {
        let b = b.lanes(self.simd);
        Lanes { value: self.simd.mul_add_e_f64s(a.value, b.value, self.value), ..self }
    }

    /// `self - a * b`, rounded once where the processor can.
    #[inline(always)]
    pub fn minus(self, a: Lanes<S>, b: impl Operand<S>) -> Lanes<S> {
        let b = b.lanes(self.simd);
        Lanes { value: self.simd.negate_mul_add_e_f64s(a.value, b.value, self.value), ..self }
    }

    /// Square roots.
    #[inline(always)]
    pub fn sqrt(self) -> Lanes<S> {
        Lanes { value: self.simd.sqrt_f64s(self.value), ..self }
    }

    /// The larger of each lane and `floor`.
    #[inline(always)]
    pub fn at_least(self, floor: f64) -> Lanes<S> {
        Lanes { value: self.simd.max_f64s(self.value, self.simd.splat_f64s(floor)), ..self }
    }
}

/// The columns of a table by blocks: for each column the entries of as many rows as there are lanes, zero where
/// there is no row.
#[inline(always)]
pub(super) fn columns<S: Simd, const K: usize>(simd: S, block: usize, rows: &[[f64; K]]) -> [Lanes<S>; K] {
    let mut numbers = [[0.0; WIDEST]; K];
    for (lane, row) in rows.iter().skip(block * S::F64_LANES).take(S::F64_LANES).enumerate() {
        for (numbers, x) in numbers.iter_mut().zip(row) {
            numbers[lane] = *x;
        }
    }
    let mut lanes = [Lanes::all(simd, 0.0); K];
    for (lanes, numbers) in lanes.iter_mut().zip(&numbers) {
        if let [first, ..] = S::as_simd_f64s(numbers).0 {
            lanes.value = *first;
        }
    }
    lanes
}

/// Adds to a table what `columns` would take from it.
#[inline(always)]
pub(super) fn add_columns<S: Simd, const K: usize>(
    lanes: &[Lanes<S>; K],
    block: usize,
    rows: &mut [[f64; K]],
) {
    for (k, lanes) in lanes.iter().enumerate() {
        let numbers = lanes.numbers();
        for (row, x) in rows.iter_mut().skip(block * S::F64_LANES).take(S::F64_LANES).zip(numbers) {
            row[k] += x;
        }
    }
}

/// One column, as in `columns`.
#[inline(always)]
pub(super) fn column<S: Simd>(simd: S, block: usize, numbers: &[f64]) -> Lanes<S> {
    let [column] = columns(simd, block, numbers.as_chunks::<1>().0);
    column
}

/// Places for vectors in memory: one number per lane.
#[inline(always)]
pub(super) fn places<S: Simd>(numbers: &mut [f64]) -> &mut [S::f64s] {
    S::as_mut_simd_f64s(numbers).0
}

/// Scalar product.
#[inline(always)]
pub(super) fn dot<S: Simd, X: Operand<S>>(a: [Lanes<S>; 3], b: [X; 3]) -> Lanes<S> {
    (a[0] * b[0]).plus(a[1], b[1]).plus(a[2], b[2])
}

/// A vector, or one number for all its lanes.
pub(super) trait Operand<S: Simd>: Copy {
    /// As a vector.
    fn lanes(self, simd: S) -> Lanes<S>;
}

impl<S: Simd> Operand<S> for Lanes<S> {
    #[inline(always)]
    fn lanes(self, _: S) -> Lanes<S> {
        self
    }
}

impl<S: Simd> Operand<S> for f64 {
    #[inline(always)]
    fn lanes(self, simd: S) -> Lanes<S> {
        Lanes::all(simd, self)
    }
}

/// Binary operators with vectors and numbers on the right.
macro_rules! operator {
    ($name:ident, $function:ident, $simd:ident) => {
        impl<S: Simd, X: Operand<S>> $name<X> for Lanes<S> {
            type Output = Lanes<S>;
            #[inline(always)]
            fn $function(self, other: X) -> Lanes<S> {
                Lanes { value: self.simd.$simd(self.value, other.lanes(self.simd).value), ..self }
            }
        }
    };
}

operator!(Add, add, add_f64s);
operator!(Sub, sub, sub_f64s);
operator!(Mul, mul, mul_f64s);
operator!(Div, div, div_f64s);

impl<S: Simd> AddAssign for Lanes<S> {
    #[inline(always)]
    fn add_assign(&mut self, other: Lanes<S>) {
        *self = *self + other;
    }
}

impl<S: Simd> SubAssign for Lanes<S> {
    #[inline(always)]
    fn sub_assign(&mut self, other: Lanes<S>) {
        *self = *self - other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Arithmetic;

    impl WithSimd for Arithmetic {
        type Output = ();

        fn with_simd<S: Simd>(self, simd: S) {
            let width = S::F64_LANES;
            let (a, b) = (|i: usize| 1.5 - i as f64, |i: usize| 4.0 + i as f64 * 0.25);
            let rows: Vec<[f64; 2]> = (0..width).map(|i| [a(i), b(i)]).collect();
            let [x, y] = columns(simd, 0, &rows);
            let check = |found: Lanes<S>, expected: &dyn Fn(f64, f64) -> f64| {
                let numbers = found.numbers();
                (0..width).for_each(|i| assert_eq!(numbers[i], expected(a(i), b(i))));
                assert!(numbers[width..].iter().all(|&x| x == 0.0));
            };
            check(x + y, &|a, b| a + b);
            check(x - y, &|a, b| a - b);
            check(x * y, &|a, b| a * b);
            check(x / y, &|a, b| a / b);
            check(x * 3.0, &|a, _| 3.0 * a);
            check(x.plus(x, y), &|a, b| a + a * b);
            check(x.minus(y, 2.0), &|a, b| a - 2.0 * b);
            check((x * x).sqrt(), &|a, _| a.abs());
            check(x.at_least(0.75), &|a, _| a.max(0.75));
            check(dot([x, y, x], [1.0, 2.0, 4.0]), &|a, b| 5.0 * a + 2.0 * b);
            let mut memory = [0.0; 2 * WIDEST];
            for (place, lanes) in places::<S>(&mut memory).iter_mut().zip([x, y]) {
                lanes.store(place);
            }
            let back: Vec<Lanes<S>> = Lanes::load(simd, &memory).take(2).collect();
            check(back[0], &|a, _| a);
            check(back[1], &|_, b| b);
            // one row more than a block holds
            let rows: Vec<f64> = (0..=width).map(|i| i as f64 - 7.5).collect();
            let part = column(simd, 1, &rows);
            let mut expected = [0.0; WIDEST];
            expected[0] = rows[width];
            assert_eq!(part.numbers(), expected);
            let mut sums = vec![[1.0]; width + 1];
            add_columns(&[part], 1, &mut sums);
            assert_eq!(sums[width], [1.0 + rows[width]]);
            assert!(sums[..width].iter().all(|&x| x == [1.0]));
        }
    }

    #[test]
    fn lanes_calculate_like_numbers() {
        run(Arithmetic);
        Arithmetic.with_simd(faer::traits::pulp::Scalar::new());
    }
}
