//! The same arithmetic on several atoms or shells at once.

use std::ops::{Add, AddAssign, Div, Mul, Sub, SubAssign};

/// `N` numbers, one per atom or shell of a block. Plain arrays of fixed length: the compiler turns them into
/// vector registers of whatever width the target has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lanes<const N: usize>(pub [f64; N]);

impl<const N: usize> Lanes<N> {
    /// All lanes zero.
    pub const ZERO: Lanes<N> = Lanes([0.0; N]);

    /// The lanes of one block: `value` of index `first`, `first + 1`, ..., and zero from index `n` on.
    pub fn gather(first: usize, n: usize, value: impl Fn(usize) -> f64) -> Lanes<N> {
        Lanes(std::array::from_fn(|lane| if first + lane < n { value(first + lane) } else { 0.0 }))
    }

    /// Square roots.
    #[inline(always)]
    pub fn sqrt(self) -> Lanes<N> {
        Lanes(std::array::from_fn(|lane| self.0[lane].sqrt()))
    }

    /// The larger of each lane and `floor`.
    #[inline(always)]
    pub fn at_least(self, floor: f64) -> Lanes<N> {
        // not f64::max, whose care for NaN costs two more instructions
        Lanes(std::array::from_fn(|lane| if self.0[lane] > floor { self.0[lane] } else { floor }))
    }
}

/// Binary operators between lanes, and between lanes and one number for all of them.
macro_rules! operator {
    ($name:ident, $function:ident, $sign:tt) => {
        impl<const N: usize> $name for Lanes<N> {
            type Output = Lanes<N>;
            #[inline(always)]
            fn $function(self, other: Lanes<N>) -> Lanes<N> {
                Lanes(std::array::from_fn(|lane| self.0[lane] $sign other.0[lane]))
            }
        }
        impl<const N: usize> $name<f64> for Lanes<N> {
            type Output = Lanes<N>;
            #[inline(always)]
            fn $function(self, other: f64) -> Lanes<N> {
                Lanes(std::array::from_fn(|lane| self.0[lane] $sign other))
            }
        }
    };
}

operator!(Add, add, +);
operator!(Sub, sub, -);
operator!(Mul, mul, *);
operator!(Div, div, /);

impl<const N: usize> AddAssign for Lanes<N> {
    #[inline(always)]
    fn add_assign(&mut self, other: Lanes<N>) {
        *self = *self + other;
    }
}

impl<const N: usize> SubAssign for Lanes<N> {
    #[inline(always)]
    fn sub_assign(&mut self, other: Lanes<N>) {
        *self = *self - other;
    }
}
