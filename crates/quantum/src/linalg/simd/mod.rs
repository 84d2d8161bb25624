//! Vectors of doubles of the width the processor has, chosen at run time.
//!
//! A kernel is written once, generic over [`Simd`], and compiled for AVX-512, AVX2 with FMA, and plain Rust.
//! Everything in a kernel must be `#[inline(always)]`: only code that ends up inside one of the `#[target_feature]`
//! functions below is compiled for that processor.

/// A set of vector instructions. A value of the type proves that the processor has them.
pub(super) trait Simd: Copy {
    /// A register of `LANES` doubles.
    type V: Copy;
    /// One truth value per lane.
    type M: Copy;
    /// Which lanes at the end of a column are there.
    type Head: Copy;
    /// Doubles per register, at most 8.
    const LANES: usize;
    /// Columns of a tile of a product: three registers times this many are held at once.
    const TILE: usize;

    /// Runs a kernel as a function of its own, compiled for these vectors.
    fn call<K: Kernel>(self, kernel: K) -> K::Output;

    fn splat(self, x: f64) -> Self::V;
    fn add(self, a: Self::V, b: Self::V) -> Self::V;
    fn sub(self, a: Self::V, b: Self::V) -> Self::V;
    fn mul(self, a: Self::V, b: Self::V) -> Self::V;
    fn div(self, a: Self::V, b: Self::V) -> Self::V;
    fn sqrt(self, a: Self::V) -> Self::V;
    fn abs(self, a: Self::V) -> Self::V;
    /// The larger one, `b` where one is not a number.
    fn max(self, a: Self::V, b: Self::V) -> Self::V;
    /// `a * b + c`.
    fn fma(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// `c - a * b`.
    fn fnma(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    fn sum(self, a: Self::V) -> f64;
    /// Four sums at once, cheaper than one by one.
    fn sum4(self, a: [Self::V; 4]) -> [f64; 4];
    fn less(self, a: Self::V, b: Self::V) -> Self::M;
    fn select(self, mask: Self::M, yes: Self::V, no: Self::V) -> Self::V;
    fn all(self, mask: Self::M) -> bool;
    fn any(self, mask: Self::M) -> bool;
    fn both(self, a: Self::M, b: Self::M) -> Self::M;
    fn either(self, a: Self::M, b: Self::M) -> Self::M;
    /// The first `lanes` lanes.
    fn head(self, lanes: usize) -> Self::Head;
    /// Zero in the lanes that are not there.
    fn keep(self, v: Self::V, head: Self::Head) -> Self::V;

    /// # Safety
    /// `LANES` doubles can be read at `p`.
    unsafe fn load(self, p: *const f64) -> Self::V;
    /// # Safety
    /// `LANES` doubles can be written at `p`.
    unsafe fn store(self, p: *mut f64, v: Self::V);
    /// Zero in the lanes that are not there.
    /// # Safety
    /// The lanes of `head` can be read at `p`.
    unsafe fn load_head(self, p: *const f64, head: Self::Head) -> Self::V;
    /// # Safety
    /// The lanes of `head` can be written at `p`.
    unsafe fn store_head(self, p: *mut f64, v: Self::V, head: Self::Head);

    /// `to[j * to_stride + i] = from[i * from_stride + j]` for `i < rows` and `j < columns`, both at most `LANES`.
    /// # Safety
    /// Those elements can be read and written.
    unsafe fn transpose(self, from: (*const f64, usize), to: (*mut f64, usize), rows: usize, columns: usize);

    /// `LANES` doubles from `x[at..]`.
    #[inline(always)]
    fn get(self, x: &[f64], at: usize) -> Self::V {
        let x = &x[at..at + Self::LANES];
        // SAFETY: the slice has LANES elements.
        unsafe { self.load(x.as_ptr()) }
    }

    /// `LANES` doubles to `x[at..]`.
    #[inline(always)]
    fn put(self, x: &mut [f64], at: usize, v: Self::V) {
        let x = &mut x[at..at + Self::LANES];
        // SAFETY: the slice has LANES elements.
        unsafe { self.store(x.as_mut_ptr(), v) }
    }
}

/// Something to run with the best vectors there are; `run` must be `#[inline(always)]`.
pub(super) trait Kernel {
    type Output;
    fn run<S: Simd>(self, simd: S) -> Self::Output;
}

/// Which vectors to use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Level {
    Plain,
    #[cfg(target_arch = "x86_64")]
    Avx2(x86::Avx2),
    #[cfg(target_arch = "x86_64")]
    Avx512(x86::Avx512),
}

impl Level {
    /// The widest this processor has.
    #[inline]
    pub fn best() -> Level {
        #[cfg(target_arch = "x86_64")]
        {
            if let Some(token) = x86::Avx512::detect() {
                return Level::Avx512(token);
            }
            if let Some(token) = x86::Avx2::detect() {
                return Level::Avx2(token);
            }
        }
        Level::Plain
    }

    /// Every one this processor has.
    #[cfg(test)]
    pub fn every() -> Vec<Level> {
        #[allow(unused_mut)]
        let mut levels = vec![Level::Plain];
        #[cfg(target_arch = "x86_64")]
        {
            levels.extend(x86::Avx2::detect().map(Level::Avx2));
            levels.extend(x86::Avx512::detect().map(Level::Avx512));
        }
        levels
    }

    /// Runs a kernel compiled for these vectors.
    #[inline]
    pub fn run<K: Kernel>(self, kernel: K) -> K::Output {
        match self {
            Level::Plain => run_plain(kernel),
            // SAFETY: a token exists only where the processor has the instructions.
            #[cfg(target_arch = "x86_64")]
            Level::Avx2(token) => unsafe { x86::run_avx2(token, kernel) },
            #[cfg(target_arch = "x86_64")]
            Level::Avx512(token) => unsafe { x86::run_avx512(token, kernel) },
        }
    }
}

/// Arrays of four; the compiler makes of them what the target has.
#[derive(Clone, Copy)]
pub(super) struct Plain;

/// A fused product where the target always has one, otherwise two roundings: a call into the mathematical library
/// for each product would be far slower.
#[inline(always)]
fn plain_fma(a: f64, b: f64, c: f64) -> f64 {
    if cfg!(any(target_arch = "aarch64", target_feature = "fma")) { a.mul_add(b, c) } else { a * b + c }
}

#[inline(never)]
fn run_plain<K: Kernel>(kernel: K) -> K::Output {
    kernel.run(Plain)
}

impl Simd for Plain {
    type V = [f64; 4];
    type M = [bool; 4];
    type Head = usize;
    const LANES: usize = 4;
    const TILE: usize = 4;

    #[inline(always)]
    fn call<K: Kernel>(self, kernel: K) -> K::Output {
        run_plain(kernel)
    }

    #[inline(always)]
    fn splat(self, x: f64) -> [f64; 4] {
        [x; 4]
    }
    #[inline(always)]
    fn add(self, a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
        [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]]
    }
    #[inline(always)]
    fn sub(self, a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
        [a[0] - b[0], a[1] - b[1], a[2] - b[2], a[3] - b[3]]
    }
    #[inline(always)]
    fn mul(self, a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
        [a[0] * b[0], a[1] * b[1], a[2] * b[2], a[3] * b[3]]
    }
    #[inline(always)]
    fn div(self, a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
        [a[0] / b[0], a[1] / b[1], a[2] / b[2], a[3] / b[3]]
    }
    #[inline(always)]
    fn sqrt(self, a: [f64; 4]) -> [f64; 4] {
        [a[0].sqrt(), a[1].sqrt(), a[2].sqrt(), a[3].sqrt()]
    }
    #[inline(always)]
    fn abs(self, a: [f64; 4]) -> [f64; 4] {
        [a[0].abs(), a[1].abs(), a[2].abs(), a[3].abs()]
    }
    #[inline(always)]
    fn max(self, a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
        self.select(self.less(b, a), a, b)
    }
    #[inline(always)]
    fn fma(self, a: [f64; 4], b: [f64; 4], c: [f64; 4]) -> [f64; 4] {
        [
            plain_fma(a[0], b[0], c[0]),
            plain_fma(a[1], b[1], c[1]),
            plain_fma(a[2], b[2], c[2]),
            plain_fma(a[3], b[3], c[3]),
        ]
    }
    #[inline(always)]
    fn fnma(self, a: [f64; 4], b: [f64; 4], c: [f64; 4]) -> [f64; 4] {
        self.fma([-a[0], -a[1], -a[2], -a[3]], b, c)
    }
    #[inline(always)]
    fn sum(self, a: [f64; 4]) -> f64 {
        (a[0] + a[2]) + (a[1] + a[3])
    }
    #[inline(always)]
    fn sum4(self, a: [[f64; 4]; 4]) -> [f64; 4] {
        [self.sum(a[0]), self.sum(a[1]), self.sum(a[2]), self.sum(a[3])]
    }
    #[inline(always)]
    fn less(self, a: [f64; 4], b: [f64; 4]) -> [bool; 4] {
        [a[0] < b[0], a[1] < b[1], a[2] < b[2], a[3] < b[3]]
    }
    #[inline(always)]
    fn select(self, m: [bool; 4], a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
        let pick = |k: usize| if m[k] { a[k] } else { b[k] };
        [pick(0), pick(1), pick(2), pick(3)]
    }
    #[inline(always)]
    fn all(self, m: [bool; 4]) -> bool {
        m[0] & m[1] & m[2] & m[3]
    }
    #[inline(always)]
    fn any(self, m: [bool; 4]) -> bool {
        m[0] | m[1] | m[2] | m[3]
    }
    #[inline(always)]
    fn both(self, a: [bool; 4], b: [bool; 4]) -> [bool; 4] {
        [a[0] & b[0], a[1] & b[1], a[2] & b[2], a[3] & b[3]]
    }
    #[inline(always)]
    fn either(self, a: [bool; 4], b: [bool; 4]) -> [bool; 4] {
        [a[0] | b[0], a[1] | b[1], a[2] | b[2], a[3] | b[3]]
    }
    #[inline(always)]
    fn head(self, lanes: usize) -> usize {
        lanes
    }
    #[inline(always)]
    fn keep(self, v: [f64; 4], head: usize) -> [f64; 4] {
        let keep = |k: usize| if k < head { v[k] } else { 0.0 };
        [keep(0), keep(1), keep(2), keep(3)]
    }
    #[inline(always)]
    unsafe fn load(self, p: *const f64) -> [f64; 4] {
        // SAFETY: the caller's promise.
        unsafe { p.cast::<[f64; 4]>().read_unaligned() }
    }
    #[inline(always)]
    unsafe fn store(self, p: *mut f64, v: [f64; 4]) {
        // SAFETY: the caller's promise.
        unsafe { p.cast::<[f64; 4]>().write_unaligned(v) }
    }
    #[inline(always)]
    unsafe fn load_head(self, p: *const f64, head: usize) -> [f64; 4] {
        let mut v = [0.0; 4];
        for (k, x) in v.iter_mut().enumerate().take(head) {
            // SAFETY: the caller's promise.
            *x = unsafe { *p.add(k) };
        }
        v
    }
    #[inline(always)]
    unsafe fn store_head(self, p: *mut f64, v: [f64; 4], head: usize) {
        for (k, &x) in v.iter().enumerate().take(head) {
            // SAFETY: the caller's promise.
            unsafe { *p.add(k) = x };
        }
    }
    #[inline(always)]
    unsafe fn transpose(self, from: (*const f64, usize), to: (*mut f64, usize), rows: usize, columns: usize) {
        for j in 0..columns.min(4) {
            for i in 0..rows.min(4) {
                // SAFETY: the caller's promise.
                unsafe { *to.0.add(j * to.1 + i) = *from.0.add(i * from.1 + j) };
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) mod x86;

#[cfg(test)]
mod tests {
    use super::*;

    struct Check;

    impl Kernel for Check {
        type Output = ();

        #[inline(always)]
        fn run<S: Simd>(self, simd: S) {
            let x: Vec<f64> = (0..64).map(f64::from).collect();
            for rows in 1..=S::LANES {
                for columns in 1..=S::LANES {
                    let mut y = vec![-1.0; 80];
                    // SAFETY: both are large enough for strides of 8 and 9.
                    unsafe { simd.transpose((x.as_ptr(), 8), (y.as_mut_ptr(), 9), rows, columns) };
                    for (k, &y) in y.iter().enumerate() {
                        let (i, j) = (k % 9, k / 9);
                        assert_eq!(y, if i < rows && j < columns { x[i * 8 + j] } else { -1.0 });
                    }
                }
            }
            let v = |k: usize| simd.get(&x, k);
            assert_eq!(simd.sum4([v(0), v(8), v(16), v(24)]), [0, 8, 16, 24].map(|k| simd.sum(v(k))));
            let mut lanes = [0.0; 8];
            simd.put(&mut lanes, 0, simd.keep(v(1), simd.head(3)));
            assert_eq!(lanes, [1.0, 2.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
            simd.put(&mut lanes, 0, simd.max(v(1), simd.splat(2.5)));
            assert_eq!(lanes[..3], [2.5, 2.5, 3.0]);
            simd.put(&mut lanes, 0, simd.max(simd.splat(f64::NAN), v(1)));
            assert_eq!(lanes[0], 1.0);
            assert!(
                simd.any(simd.less(v(0), simd.splat(0.5))) && !simd.all(simd.less(v(0), simd.splat(0.5)))
            );
        }
    }

    #[test]
    fn every_level_does_the_same() {
        for level in Level::every() {
            level.run(Check);
        }
    }
}
