//! AVX2 with FMA, and AVX-512.

use super::{Kernel, Simd};
use std::arch::x86_64::*;

/// Proof of AVX2 and FMA.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Avx2(());
/// Proof of AVX-512 (foundation, doubles and quads, short vectors) with AVX2 and FMA.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Avx512(());

impl Avx2 {
    #[inline]
    pub fn detect() -> Option<Avx2> {
        (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Avx2(()))
    }
}

impl Avx512 {
    #[inline]
    pub fn detect() -> Option<Avx512> {
        (is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && Avx2::detect().is_some())
        .then_some(Avx512(()))
    }
}

#[target_feature(enable = "avx2,fma")]
#[inline(never)]
pub(super) fn run_avx2<K: Kernel>(token: Avx2, kernel: K) -> K::Output {
    kernel.run(token)
}

#[target_feature(enable = "avx2,fma,avx512f,avx512dq,avx512vl")]
#[inline(never)]
pub(super) fn run_avx512<K: Kernel>(token: Avx512, kernel: K) -> K::Output {
    kernel.run(token)
}

/// Sums of halves: `[x0 + x2, x1 + x3, y0 + y2, y1 + y3]`.
#[target_feature(enable = "avx2,fma")]
#[inline]
fn fold(x: __m256d, y: __m256d) -> [f64; 4] {
    let low = _mm256_permute2f128_pd::<0x20>(x, y);
    let high = _mm256_permute2f128_pd::<0x31>(x, y);
    let mut sums = [0.0; 4];
    // SAFETY: four doubles fit.
    unsafe { _mm256_storeu_pd(sums.as_mut_ptr(), _mm256_add_pd(low, high)) };
    sums
}

/// Methods that are one instruction: the token is the proof that the processor has it.
macro_rules! instructions {
    ($($name:ident($($x:ident: $t:ty),*) -> $r:ty = $body:expr;)*) => {
        $(#[inline(always)]
        fn $name(self, $($x: $t),*) -> $r {
            // Some of the instructions are safe to call as they are.
            #[allow(unused_unsafe)]
            // SAFETY: `self` exists only where the processor has the instructions.
            unsafe {
                $body
            }
        })*
    };
}

impl Simd for Avx2 {
    type V = __m256d;
    type M = __m256d;
    type Head = __m256i;
    const LANES: usize = 4;
    const TILE: usize = 4;

    #[inline(always)]
    fn call<K: Kernel>(self, kernel: K) -> K::Output {
        // SAFETY: `self` exists only where the processor has the instructions.
        unsafe { run_avx2(self, kernel) }
    }

    instructions! {
        splat(x: f64) -> __m256d = _mm256_set1_pd(x);
        add(a: __m256d, b: __m256d) -> __m256d = _mm256_add_pd(a, b);
        sub(a: __m256d, b: __m256d) -> __m256d = _mm256_sub_pd(a, b);
        mul(a: __m256d, b: __m256d) -> __m256d = _mm256_mul_pd(a, b);
        div(a: __m256d, b: __m256d) -> __m256d = _mm256_div_pd(a, b);
        sqrt(a: __m256d) -> __m256d = _mm256_sqrt_pd(a);
        abs(a: __m256d) -> __m256d = _mm256_andnot_pd(_mm256_set1_pd(-0.0), a);
        max(a: __m256d, b: __m256d) -> __m256d = _mm256_max_pd(a, b);
        fma(a: __m256d, b: __m256d, c: __m256d) -> __m256d = _mm256_fmadd_pd(a, b, c);
        fnma(a: __m256d, b: __m256d, c: __m256d) -> __m256d = _mm256_fnmadd_pd(a, b, c);
        sum(a: __m256d) -> f64 = {
            let half = _mm_add_pd(_mm256_castpd256_pd128(a), _mm256_extractf128_pd::<1>(a));
            _mm_cvtsd_f64(_mm_add_sd(half, _mm_unpackhi_pd(half, half)))
        };
        sum4(a: [__m256d; 4]) -> [f64; 4] = fold(
            _mm256_add_pd(_mm256_unpacklo_pd(a[0], a[1]), _mm256_unpackhi_pd(a[0], a[1])),
            _mm256_add_pd(_mm256_unpacklo_pd(a[2], a[3]), _mm256_unpackhi_pd(a[2], a[3])),
        );
        keep(v: __m256d, head: __m256i) -> __m256d = _mm256_and_pd(v, _mm256_castsi256_pd(head));
        less(a: __m256d, b: __m256d) -> __m256d = _mm256_cmp_pd::<_CMP_LT_OQ>(a, b);
        select(m: __m256d, yes: __m256d, no: __m256d) -> __m256d = _mm256_blendv_pd(no, yes, m);
        all(m: __m256d) -> bool = _mm256_movemask_pd(m) == 15;
        any(m: __m256d) -> bool = _mm256_movemask_pd(m) != 0;
        both(a: __m256d, b: __m256d) -> __m256d = _mm256_and_pd(a, b);
        either(a: __m256d, b: __m256d) -> __m256d = _mm256_or_pd(a, b);
        head(lanes: usize) -> __m256i =
            _mm256_cmpgt_epi64(_mm256_set1_epi64x(lanes as i64), _mm256_set_epi64x(3, 2, 1, 0));
    }

    #[inline(always)]
    unsafe fn load(self, p: *const f64) -> __m256d {
        // SAFETY: the caller's promise, and the token.
        unsafe { _mm256_loadu_pd(p) }
    }
    #[inline(always)]
    unsafe fn store(self, p: *mut f64, v: __m256d) {
        // SAFETY: the caller's promise, and the token.
        unsafe { _mm256_storeu_pd(p, v) }
    }
    #[inline(always)]
    unsafe fn load_head(self, p: *const f64, head: __m256i) -> __m256d {
        // SAFETY: the caller's promise, and the token.
        unsafe { _mm256_maskload_pd(p, head) }
    }
    #[inline(always)]
    unsafe fn store_head(self, p: *mut f64, v: __m256d, head: __m256i) {
        // SAFETY: the caller's promise, and the token.
        unsafe { _mm256_maskstore_pd(p, head, v) }
    }
    #[inline(always)]
    unsafe fn transpose(self, from: (*const f64, usize), to: (*mut f64, usize), rows: usize, columns: usize) {
        let (wide, high) = (self.head(columns), self.head(rows));
        let mut x = [self.splat(0.0); 4];
        // SAFETY: the caller's promise, and the token.
        unsafe {
            for (i, x) in x.iter_mut().enumerate().take(rows) {
                *x = self.load_head(from.0.add(i * from.1), wide);
            }
            let (a, b) = (_mm256_unpacklo_pd(x[0], x[1]), _mm256_unpackhi_pd(x[0], x[1]));
            let (c, d) = (_mm256_unpacklo_pd(x[2], x[3]), _mm256_unpackhi_pd(x[2], x[3]));
            let y = [
                _mm256_permute2f128_pd::<0x20>(a, c),
                _mm256_permute2f128_pd::<0x20>(b, d),
                _mm256_permute2f128_pd::<0x31>(a, c),
                _mm256_permute2f128_pd::<0x31>(b, d),
            ];
            for (j, &y) in y.iter().enumerate().take(columns) {
                self.store_head(to.0.add(j * to.1), y, high);
            }
        }
    }
}

impl Simd for Avx512 {
    type V = __m512d;
    type M = __mmask8;
    type Head = __mmask8;
    const LANES: usize = 8;
    const TILE: usize = 8;

    #[inline(always)]
    fn call<K: Kernel>(self, kernel: K) -> K::Output {
        // SAFETY: `self` exists only where the processor has the instructions.
        unsafe { run_avx512(self, kernel) }
    }

    instructions! {
        splat(x: f64) -> __m512d = _mm512_set1_pd(x);
        add(a: __m512d, b: __m512d) -> __m512d = _mm512_add_pd(a, b);
        sub(a: __m512d, b: __m512d) -> __m512d = _mm512_sub_pd(a, b);
        mul(a: __m512d, b: __m512d) -> __m512d = _mm512_mul_pd(a, b);
        div(a: __m512d, b: __m512d) -> __m512d = _mm512_div_pd(a, b);
        sqrt(a: __m512d) -> __m512d = _mm512_sqrt_pd(a);
        abs(a: __m512d) -> __m512d = _mm512_abs_pd(a);
        max(a: __m512d, b: __m512d) -> __m512d = _mm512_max_pd(a, b);
        fma(a: __m512d, b: __m512d, c: __m512d) -> __m512d = _mm512_fmadd_pd(a, b, c);
        fnma(a: __m512d, b: __m512d, c: __m512d) -> __m512d = _mm512_fnmadd_pd(a, b, c);
        sum(a: __m512d) -> f64 = _mm512_reduce_add_pd(a);
        sum4(a: [__m512d; 4]) -> [f64; 4] = {
            let x = _mm512_add_pd(_mm512_unpacklo_pd(a[0], a[1]), _mm512_unpackhi_pd(a[0], a[1]));
            let y = _mm512_add_pd(_mm512_unpacklo_pd(a[2], a[3]), _mm512_unpackhi_pd(a[2], a[3]));
            fold(
                _mm256_add_pd(_mm512_castpd512_pd256(x), _mm512_extractf64x4_pd::<1>(x)),
                _mm256_add_pd(_mm512_castpd512_pd256(y), _mm512_extractf64x4_pd::<1>(y)),
            )
        };
        keep(v: __m512d, head: __mmask8) -> __m512d = _mm512_maskz_mov_pd(head, v);
        less(a: __m512d, b: __m512d) -> __mmask8 = _mm512_cmp_pd_mask::<_CMP_LT_OQ>(a, b);
        select(m: __mmask8, yes: __m512d, no: __m512d) -> __m512d = _mm512_mask_blend_pd(m, no, yes);
        head(lanes: usize) -> __mmask8 = if lanes >= 8 { 255 } else { (1u8 << lanes) - 1 };
    }

    #[inline(always)]
    fn all(self, m: __mmask8) -> bool {
        m == 255
    }
    #[inline(always)]
    fn any(self, m: __mmask8) -> bool {
        m != 0
    }
    #[inline(always)]
    fn both(self, a: __mmask8, b: __mmask8) -> __mmask8 {
        a & b
    }
    #[inline(always)]
    fn either(self, a: __mmask8, b: __mmask8) -> __mmask8 {
        a | b
    }
    #[inline(always)]
    unsafe fn load(self, p: *const f64) -> __m512d {
        // SAFETY: the caller's promise, and the token.
        unsafe { _mm512_loadu_pd(p) }
    }
    #[inline(always)]
    unsafe fn store(self, p: *mut f64, v: __m512d) {
        // SAFETY: the caller's promise, and the token.
        unsafe { _mm512_storeu_pd(p, v) }
    }
    #[inline(always)]
    unsafe fn load_head(self, p: *const f64, head: __mmask8) -> __m512d {
        // SAFETY: the caller's promise, and the token.
        unsafe { _mm512_maskz_loadu_pd(head, p) }
    }
    #[inline(always)]
    unsafe fn store_head(self, p: *mut f64, v: __m512d, head: __mmask8) {
        // SAFETY: the caller's promise, and the token.
        unsafe { _mm512_mask_storeu_pd(p, head, v) }
    }
    #[inline(always)]
    unsafe fn transpose(self, from: (*const f64, usize), to: (*mut f64, usize), rows: usize, columns: usize) {
        let (wide, high) = (self.head(columns), self.head(rows));
        let mut x = [self.splat(0.0); 8];
        // SAFETY: the caller's promise, and the token.
        unsafe {
            for (i, x) in x.iter_mut().enumerate().take(rows) {
                *x = self.load_head(from.0.add(i * from.1), wide);
            }
            // Pairs of rows, then fours, then all eight.
            let mut pairs = x;
            for i in (0..8).step_by(2) {
                pairs[i] = _mm512_unpacklo_pd(x[i], x[i + 1]);
                pairs[i + 1] = _mm512_unpackhi_pd(x[i], x[i + 1]);
            }
            let mut fours = x;
            for i in [0, 1, 4, 5] {
                fours[i] = _mm512_shuffle_f64x2::<0x88>(pairs[i], pairs[i + 2]);
                fours[i + 2] = _mm512_shuffle_f64x2::<0xdd>(pairs[i], pairs[i + 2]);
            }
            let mut y = x;
            for i in 0..4 {
                y[i] = _mm512_shuffle_f64x2::<0x88>(fours[i], fours[i + 4]);
                y[i + 4] = _mm512_shuffle_f64x2::<0xdd>(fours[i], fours[i + 4]);
            }
            for (j, &y) in y.iter().enumerate().take(columns) {
                self.store_head(to.0.add(j * to.1), y, high);
            }
        }
    }
}
