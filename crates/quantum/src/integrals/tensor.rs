//! Vectors and symmetric traceless matrices of three dimensions.

/// A vector; x, y, z.
pub(super) type Vector = [f64; 3];
/// A symmetric matrix; xx, xy, yy, xz, yz, zz.
pub(super) type Symmetric = [f64; 6];

/// Half the square root of three: the norm of xy against that of x^2 in a d shell, and of x^2 - y^2.
const D: f64 = 0.866_025_403_784_438_6;

/// Axis of each p function (y, z, x).
pub(super) const P_AXIS: [usize; 3] = [1, 2, 0];

/// Matrix M of each d function r M r, in the order xy, yz, z2, xz, x2-y2.
pub(super) const D_FORM: [Symmetric; 5] = [
    [0.0, D, 0.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, D, 0.0],
    [-0.5, 0.0, -0.5, 0.0, 0.0, 1.0],
    [0.0, 0.0, 0.0, D, 0.0, 0.0],
    [D, 0.0, -D, 0.0, 0.0, 0.0],
];

/// Unit vector.
#[inline(always)]
pub(super) fn axis(i: usize) -> Vector {
    std::array::from_fn(|k| if k == i { 1.0 } else { 0.0 })
}

/// a . b
#[inline(always)]
pub(super) fn dot(a: &Vector, b: &Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// a += s b
#[inline(always)]
pub(super) fn add<const N: usize>(a: &mut [f64; N], s: f64, b: &[f64; N]) {
    for k in 0..N {
        a[k] += s * b[k];
    }
}

/// s a
#[inline(always)]
pub(super) fn scaled<const N: usize>(s: f64, a: &[f64; N]) -> [f64; N] {
    std::array::from_fn(|k| s * a[k])
}

/// M v
#[inline(always)]
pub(super) fn apply(m: &Symmetric, v: &Vector) -> Vector {
    [
        m[0] * v[0] + m[1] * v[1] + m[3] * v[2],
        m[1] * v[0] + m[2] * v[1] + m[4] * v[2],
        m[3] * v[0] + m[4] * v[1] + m[5] * v[2],
    ]
}

/// Row i of M.
#[inline(always)]
pub(super) fn row(m: &Symmetric, i: usize) -> Vector {
    const INDEX: [[usize; 3]; 3] = [[0, 1, 3], [1, 2, 4], [3, 4, 5]];
    std::array::from_fn(|k| m[INDEX[i][k]])
}

/// Sum over all nine products of elements.
#[inline(always)]
pub(super) fn contract(m: &Symmetric, n: &Symmetric) -> f64 {
    m[0] * n[0] + m[2] * n[2] + m[5] * n[5] + 2.0 * (m[1] * n[1] + m[3] * n[3] + m[4] * n[4])
}

/// Traceless form `(3 M - tr M) / 2` of the symmetric matrix `M = a b + b a`.
#[inline(always)]
pub(super) fn traceless(a: &Vector, b: &Vector) -> Symmetric {
    let (xx, yy, zz) = (a[0] * b[0], a[1] * b[1], a[2] * b[2]);
    let third = xx + yy + zz;
    [
        3.0 * xx - third,
        1.5 * (a[0] * b[1] + a[1] * b[0]),
        3.0 * yy - third,
        1.5 * (a[0] * b[2] + a[2] * b[0]),
        1.5 * (a[1] * b[2] + a[2] * b[1]),
        3.0 * zz - third,
    ]
}

/// Traceless form `(3 K - tr K) / 2` of `K = M N + N M`.
#[inline(always)]
pub(super) fn traceless_product(m: &Symmetric, n: &Symmetric) -> Symmetric {
    let mut sum = [0.0; 6];
    for k in 0..3 {
        // M N + N M is the sum over k of (column k of M)(row k of N) and its transpose.
        add(&mut sum, 1.0, &traceless(&row(m, k), &row(n, k)));
    }
    sum
}
