//! Derivative of a weighted sum of integrals with respect to the positions of the atoms: s and p shells.
//!
//! The weights of a block are folded before anything is differentiated: moments about A become moments about B with
//! `r_A = r_B - R`, and the sums over functions become vectors and matrices. What is left is the energy
//! `E = W : S + p : (d . D + Theta : Q)` with few products of R and constants, times radial sums; its derivative has
//! the slope of the radial sums (along R) and the product rule for the rest.

use super::radial::sums_with_slope;
use super::tensor::{P_AXIS, Symmetric, Vector, add, apply, contract, dot, scaled};
use super::{difference, gradient_d, ordered};
use crate::basis::{Basis, Shell, width};

/// Weights of the integrals between the functions i of shell a and j of shell b.
///
/// The moments enter an energy as `density[ij] * (potential of the atom . moment of ij about that atom)`, so the
/// weight of a moment element is a product, and only its factors are passed:
///
/// `E = sum over i, j of overlap[i][j] S + density[i][j] (dipole[0] . D^A + quadrupole[0] . Q^A + dipole[1] . D^B +
/// quadrupole[1] . Q^B)`
///
/// with moments about the atoms of a (0) and b (1), and each of the six traceless quadrupole components (xx, xy,
/// yy, xz, yz, zz) counted once.
///
/// In GFN2, with the density matrix P, the energy-weighted density matrix W, `H0 = h S` and the potential V of
/// `interaction::Moments` (a charge counts `-P S` for the shells of both functions, a moment `-P D` for the atom of
/// the column), each pair of shells enters with both orders of its functions, so that
/// `overlap = 2 P h - 2 W - P (V_a + V_b)`, with V of the shell plus that of its atom; `density = -P`; and `dipole`
/// and `quadrupole` are the potential's at the two atoms as they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PairWeights {
    /// Weight of each overlap element; row: function of a, column: function of b, the first `2 l + 1` of each used.
    pub overlap: [[f64; 5]; 5],
    /// Factor of the weights of all moment elements; same layout.
    pub density: [[f64; 5]; 5],
    /// Factors of the dipole components about the atoms of a and b, x, y, z.
    pub dipole: [Vector; 2],
    /// Factors of the traceless quadrupole components about the atoms of a and b.
    pub quadrupole: [Symmetric; 2],
}

/// Derivative of the weighted sum of integrals with respect to the position of a's atom, per bohr. The derivative
/// with respect to b's is its negative.
#[inline]
pub(crate) fn pair_gradient(
    basis: &Basis,
    a: &Shell,
    b: &Shell,
    positions: &[[f64; 3]],
    weights: &PairWeights,
) -> [f64; 3] {
    if a.atom == b.atom {
        return [0.0; 3];
    }
    let (low, high) = ordered(a, b);
    let swapped = low.kind != a.kind;
    let r = difference(&positions[low.atom], &positions[high.atom]);
    let mut fold = Fold::new(weights, swapped, r);
    let list = |width| basis.products.get(low.kind, high.kind, width);
    let r2 = dot(&r, &r);
    macro_rules! run {
        ($kernel:path, $la:literal, $lb:literal) => {{
            const W: usize = width($la, $lb);
            let (g, slope) = sums_with_slope::<W>(&list(W), r2);
            $kernel(&g, &slope, &mut fold)
        }};
    }
    match (low.l, high.l) {
        (0, 0) => run!(ss, 0, 0),
        (0, 1) => run!(sp, 0, 1),
        (1, 1) => run!(pp, 1, 1),
        (0, _) => run!(gradient_d::sd, 0, 2),
        (1, _) => run!(gradient_d::pd, 1, 2),
        _ => run!(gradient_d::dd, 2, 2),
    }
    if swapped { scaled(-1.0, &fold.gradient) } else { fold.gradient }
}

/// Folded weights, and the gradient as it is collected.
pub(super) struct Fold<'a> {
    weights: &'a PairWeights,
    swapped: bool,
    /// R = A - B of the ordered shells.
    pub r: Vector,
    /// Sum of both dipole factors, for moments about B; the shift of the quadrupole included.
    pub d: Vector,
    /// Sum of both quadrupole factors as a matrix: `r Theta r` is the weighted sum of components.
    pub theta: Symmetric,
    /// Theta R
    pub tr: Vector,
    /// R Theta R
    pub rtr: f64,
    /// d . R
    pub dr: f64,
    /// Factor with which `density` adds to the weight of the overlap.
    shift: f64,
    dipole_a: Vector,
    theta_a: Symmetric,
    gradient: Vector,
}

impl<'a> Fold<'a> {
    #[inline(always)]
    fn new(weights: &'a PairWeights, swapped: bool, r: Vector) -> Fold<'a> {
        let (a, b) = if swapped { (1, 0) } else { (0, 1) };
        let dipole_a = weights.dipole[a];
        let theta_a = form(&weights.quadrupole[a]);
        let mut theta = form(&weights.quadrupole[b]);
        add(&mut theta, 1.0, &theta_a);
        let along = apply(&theta_a, &r);
        let mut d = weights.dipole[b];
        add(&mut d, 1.0, &dipole_a);
        add(&mut d, -2.0, &along);
        let tr = apply(&theta, &r);
        Fold {
            weights,
            swapped,
            r,
            d,
            theta,
            tr,
            rtr: dot(&r, &tr),
            dr: dot(&d, &r),
            shift: dot(&along, &r) - dot(&dipole_a, &r),
            dipole_a,
            theta_a,
            gradient: [0.0; 3],
        }
    }

    /// Weights of the overlap (shift of the moments included) and of the moments for function i of a and j of b.
    #[inline(always)]
    pub fn pair(&self, i: usize, j: usize) -> (f64, f64) {
        let (i, j) = if self.swapped { (j, i) } else { (i, j) };
        let density = self.weights.density[i][j];
        (self.weights.overlap[i][j] + self.shift * density, density)
    }

    /// Adds to the gradient: R times `slope` (the energy with the radial sums replaced by their slopes), `product`
    /// (the product rule), and what the shift of the moments from A to B contributes through R, given the
    /// density-weighted sums of the overlap and of the dipole about B.
    #[inline(always)]
    pub fn collect(&mut self, slope: f64, product: &Vector, overlap: f64, dipole: &Vector) {
        let mut step = apply(&self.theta_a, &self.r);
        add(&mut step, -0.5, &self.dipole_a);
        let turn = apply(&self.theta_a, dipole);
        for k in 0..3 {
            self.gradient[k] += slope * self.r[k] + product[k] + 2.0 * overlap * step[k] - 2.0 * turn[k];
        }
    }
}

/// Matrix Theta with `r Theta r` equal to the sum of `weight[c]` times the traceless components of r.
#[inline(always)]
fn form(weight: &Symmetric) -> Symmetric {
    let third = weight[0] + weight[2] + weight[5];
    [
        0.5 * (3.0 * weight[0] - third),
        0.75 * weight[1],
        0.5 * (3.0 * weight[2] - third),
        0.75 * weight[3],
        0.75 * weight[4],
        0.5 * (3.0 * weight[5] - third),
    ]
}

#[inline(always)]
fn ss(g: &[f64; 4], slope: &[f64; 4], fold: &mut Fold) {
    let (w, p) = fold.pair(0, 0);
    let value = w * slope[0] + p * (slope[1] * fold.dr + slope[2] * fold.rtr);
    let mut product = scaled(p * g[1], &fold.d);
    add(&mut product, 2.0 * p * g[2], &fold.tr);
    let dipole = scaled(p * g[1], &fold.r);
    fold.collect(value, &product, p * g[0], &dipole);
}

#[inline(always)]
fn sp(g: &[f64; 6], slope: &[f64; 6], fold: &mut Fold) {
    let (mut w, mut p) = ([0.0; 3], [0.0; 3]);
    for (j, &axis) in P_AXIS.iter().enumerate() {
        (w[axis], p[axis]) = fold.pair(0, j);
    }
    let Fold { r, d, theta, tr, rtr, dr, .. } = *fold;
    let (wr, pr, pd, ptr) = (dot(&w, &r), dot(&p, &r), dot(&p, &d), dot(&p, &tr));
    let [t, t2, t3, s, st, _] = *slope;
    let value = t * wr + t2 * pr * dr + s * pd + t3 * pr * rtr + 2.0 * st * ptr;
    let [t, t2, t3, s, st, _] = *g;
    let mut product = scaled(t, &w);
    add(&mut product, t2 * dr + t3 * rtr, &p);
    add(&mut product, t2 * pr, &d);
    add(&mut product, 2.0 * t3 * pr, &tr);
    add(&mut product, 2.0 * st, &apply(&theta, &p));
    let mut dipole = scaled(t2 * pr, &r);
    add(&mut dipole, s, &p);
    fold.collect(value, &product, t * pr, &dipole);
}

#[inline(always)]
fn pp(g: &[f64; 8], slope: &[f64; 8], fold: &mut Fold) {
    let (mut w, mut p) = ([[0.0; 3]; 3], [[0.0; 3]; 3]);
    for (j, &y) in P_AXIS.iter().enumerate() {
        for (i, &x) in P_AXIS.iter().enumerate() {
            (w[x][y], p[x][y]) = fold.pair(i, j);
        }
    }
    let Fold { r, d, theta, tr, rtr, dr, .. } = *fold;
    let (wr, rw) = (times(&w, &r), times_left(&r, &w));
    let (pr, rp) = (times(&p, &r), times_left(&r, &p));
    let (pd, dp) = (times(&p, &d), times_left(&d, &p));
    let (ptr, trp) = (times(&p, &tr), times_left(&tr, &p));
    let (w_trace, trace) = (w[0][0] + w[1][1] + w[2][2], p[0][0] + p[1][1] + p[2][2]);
    let (rwr, rpr) = (dot(&r, &wr), dot(&r, &pr));
    let symmetric = [
        p[0][0],
        0.5 * (p[0][1] + p[1][0]),
        p[1][1],
        0.5 * (p[0][2] + p[2][0]),
        0.5 * (p[1][2] + p[2][1]),
        p[2][2],
    ];
    let on_trace = trace * dr + dot(&d, &pr);
    let on_trace2 = trace * rtr + 2.0 * dot(&pr, &tr);
    let (rpd, rptr, p_theta) = (dot(&rp, &d), dot(&rp, &tr), contract(&symmetric, &theta));

    let [ut, ut2, ut3, s, st, st2, ss, _] = *slope;
    let value = s * w_trace - ut * rwr - ut2 * rpr * dr - (s - st) * rpd + st * on_trace
        - ut3 * rpr * rtr
        - 2.0 * (st - st2) * rptr
        + st2 * on_trace2
        + 2.0 * ss * p_theta;

    let [ut, ut2, ut3, s, st, st2, _, _] = *g;
    let (su, sut) = (s - st, st - st2);
    let (theta_rp, theta_pr) = (apply(&theta, &rp), apply(&theta, &pr));
    let outer = -(ut2 * dr + ut3 * rtr);
    let product: Vector = std::array::from_fn(|k| {
        outer * (pr[k] + rp[k]) - ut * (wr[k] + rw[k]) + (st * trace - ut2 * rpr) * d[k] - su * pd[k]
            + st * dp[k]
            + 2.0 * (st2 * trace - ut3 * rpr) * tr[k]
            - 2.0 * sut * (ptr[k] + theta_rp[k])
            + 2.0 * st2 * (trp[k] + theta_pr[k])
    });
    let dipole: Vector = std::array::from_fn(|k| (st * trace - ut2 * rpr) * r[k] - su * rp[k] + st * pr[k]);
    fold.collect(value, &product, s * trace - ut * rpr, &dipole);
}

/// M v
#[inline(always)]
fn times(m: &[Vector; 3], v: &Vector) -> Vector {
    std::array::from_fn(|i| dot(&m[i], v))
}

/// v M
#[inline(always)]
fn times_left(v: &Vector, m: &[Vector; 3]) -> Vector {
    std::array::from_fn(|j| v[0] * m[0][j] + v[1] * m[1][j] + v[2] * m[2][j])
}
