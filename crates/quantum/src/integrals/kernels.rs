//! Elements of a pair of shells, one function per pair of angular momenta `l_a <= l_b`.
//!
//! Names: R = A - B; `rr` its traceless square; `g` the radial sums in the order of `basis::product`; for a d function
//! r M r, `m = R M R` and `x = M R`; the b side has `n` and `y`. Moments are about B; `traceless(v, w)` is
//! the quadrupole operator contracted once with v and once with w.

use super::elements::{Elements, Target};
use super::radial::sums;
use super::tensor::{
    D_FORM, P_AXIS, Symmetric, Vector, add, apply, axis, contract, dot, row, scaled, traceless,
    traceless_product,
};
use crate::basis::{Basis, Shell, width};

/// Fills in the elements of shells a and b (kinds in ascending order) at the distance r = A - B.
#[inline(always)]
pub(super) fn fill(basis: &Basis, a: &Shell, b: &Shell, r: &Vector, target: &mut Target) {
    let rr = scaled(0.5, &traceless(r, r));
    let first = [a.orbitals.start, b.orbitals.start];
    macro_rules! run {
        ($kernel:ident, $la:literal, $lb:literal) => {{
            const W: usize = width($la, $lb);
            let g = sums::<W>(&basis.products.get(a.kind, b.kind, W), dot(r, r));
            target.store(&$kernel(&g, r, &rr), first, r, &rr)
        }};
    }
    match (a.l, b.l) {
        (0, 0) => run!(ss, 0, 0),
        (0, 1) => run!(sp, 0, 1),
        (1, 1) => run!(pp, 1, 1),
        (0, _) => run!(sd, 0, 2),
        (1, _) => run!(pd, 1, 2),
        _ => run!(dd, 2, 2),
    }
}

impl<const I: usize, const J: usize> Elements<I, J> {
    #[inline(always)]
    fn zero() -> Self {
        Elements { overlap: [[0.0; I]; J], dipole: [[[0.0; I]; J]; 3], quadrupole: [[[0.0; I]; J]; 5] }
    }

    /// Enters all components for functions i and j.
    #[inline(always)]
    fn put(&mut self, i: usize, j: usize, overlap: f64, dipole: &Vector, quadrupole: &Symmetric) {
        self.overlap[j][i] = overlap;
        for (block, value) in self.dipole.iter_mut().zip(dipole) {
            block[j][i] = *value;
        }
        for (block, value) in self.quadrupole.iter_mut().zip(quadrupole) {
            block[j][i] = *value;
        }
    }
}

#[inline(always)]
fn ss(g: &[f64; 4], r: &Vector, rr: &Symmetric) -> Elements<1, 1> {
    let mut block = Elements::zero();
    block.put(0, 0, g[0], &scaled(g[1], r), &scaled(g[2], rr));
    block
}

#[inline(always)]
fn sp(g: &[f64; 6], r: &Vector, rr: &Symmetric) -> Elements<1, 3> {
    let [t, t2, t3, s, st, _] = *g;
    let mut block = Elements::zero();
    for (j, &y) in P_AXIS.iter().enumerate() {
        let mut dipole = scaled(t2 * r[y], r);
        dipole[y] += s;
        let mut quadrupole = scaled(t3 * r[y], rr);
        add(&mut quadrupole, st, &traceless(&axis(y), r));
        block.put(0, j, t * r[y], &dipole, &quadrupole);
    }
    block
}

/// Component by component, so that the nine elements of each are computed side by side.
#[inline(always)]
fn pp(g: &[f64; 8], r: &Vector, rr: &Symmetric) -> Elements<3, 3> {
    let [ut, ut2, ut3, s, st, st2, ss, _] = *g;
    let (su, sut) = (s - st, st - st2);
    let p = P_AXIS.map(|k| r[k]);
    let once: [Symmetric; 3] = P_AXIS.map(|k| traceless(&axis(k), r));
    let mut block = Elements::zero();
    // A constant on the diagonal plus a multiple of p p.
    let outer = |diagonal: f64, factor: f64| -> [[f64; 3]; 3] {
        std::array::from_fn(|j| {
            std::array::from_fn(|i| factor * (p[i] * p[j]) + if i == j { diagonal } else { 0.0 })
        })
    };
    block.overlap = outer(s, -ut);
    let along = outer(st, -ut2);
    block.dipole = r.map(|along_k| along.map(|column| scaled(along_k, &column)));
    for (j, &y) in P_AXIS.iter().enumerate() {
        for (i, left) in p.iter().enumerate() {
            block.dipole[y][j][i] -= su * left;
            block.dipole[y][i][j] += st * left;
        }
    }
    let along = outer(st2, -ut3);
    for c in 0..5 {
        for j in 0..3 {
            for i in 0..3 {
                block.quadrupole[c][j][i] =
                    along[j][i] * rr[c] - sut * once[j][c] * p[i] + st2 * p[j] * once[i][c];
            }
        }
    }
    for (j, &y) in P_AXIS.iter().enumerate() {
        for (i, &x) in P_AXIS.iter().enumerate() {
            let both = traceless(&axis(x), &axis(y));
            for (component, contracted) in block.quadrupole.iter_mut().zip(both) {
                component[j][i] += ss * contracted;
            }
        }
    }
    block
}

#[inline(always)]
fn sd(g: &[f64; 6], r: &Vector, rr: &Symmetric) -> Elements<1, 5> {
    let [t2, t3, t4, st, st2, ss] = *g;
    let mut block = Elements::zero();
    for (j, form) in D_FORM.iter().enumerate() {
        let y = apply(form, r);
        let n = dot(r, &y);
        let mut dipole = scaled(t3 * n, r);
        add(&mut dipole, 2.0 * st, &y);
        let mut quadrupole = scaled(t4 * n, rr);
        add(&mut quadrupole, 2.0 * st2, &traceless(&y, r));
        add(&mut quadrupole, 3.0 * ss, form);
        block.put(0, j, t2 * n, &dipole, &quadrupole);
    }
    block
}

fn pd(g: &[f64; 8], r: &Vector, rr: &Symmetric) -> Elements<3, 5> {
    let [ut2, ut3, ut4, st, st2, st3, ss, sst] = *g;
    let (sut, sut2, ssu) = (st - st2, st2 - st3, ss - sst);
    let mut block = Elements::zero();
    for (j, form) in D_FORM.iter().enumerate() {
        let y = apply(form, r);
        let n = dot(r, &y);
        for (i, &x) in P_AXIS.iter().enumerate() {
            let column = row(form, x);
            let mut dipole = scaled(2.0 * st2 * y[x] - ut3 * n * r[x], r);
            dipole[x] += st2 * n;
            add(&mut dipole, -2.0 * sut * r[x], &y);
            add(&mut dipole, 2.0 * ss, &column);
            // All terms with one index of the operator on R, then the rest.
            let mut once = scaled(-2.0 * sut2 * r[x], &y);
            once[x] += st3 * n;
            add(&mut once, 2.0 * sst, &column);
            let mut quadrupole = scaled(2.0 * st3 * y[x] - ut4 * n * r[x], rr);
            add(&mut quadrupole, 1.0, &traceless(&once, r));
            add(&mut quadrupole, 2.0 * sst, &traceless(&axis(x), &y));
            add(&mut quadrupole, -3.0 * ssu * r[x], form);
            block.put(i, j, 2.0 * st * y[x] - ut2 * n * r[x], &dipole, &quadrupole);
        }
    }
    block
}

fn dd(g: &[f64; 10], r: &Vector, rr: &Symmetric) -> Elements<5, 5> {
    let [uutt, uut3, uut4, sut, sut2, sut3, ss, sst, sst2, sss] = *g;
    let (suut, suut2) = (sut - sut2, sut2 - sut3);
    let (ssu, ssut, ssuu) = (ss - sst, sst - sst2, ss - 2.0 * sst + sst2);
    let mut block = Elements::zero();
    for (j, b) in D_FORM.iter().enumerate() {
        let y = apply(b, r);
        let n = dot(r, &y);
        for (i, a) in D_FORM.iter().enumerate() {
            let x = apply(a, r);
            let m = dot(r, &x);
            let (product, xy, ab) = (m * n, dot(&x, &y), contract(a, b));
            let (ay, bx) = (apply(a, &y), apply(b, &x));
            let overlap = uutt * product - 4.0 * sut * xy + 2.0 * ss * ab;
            let mut dipole = scaled(uut3 * product - 4.0 * sut2 * xy + 2.0 * sst * ab, r);
            add(&mut dipole, -2.0 * sut2 * n, &x);
            add(&mut dipole, 2.0 * suut * m, &y);
            add(&mut dipole, 4.0 * sst, &ay);
            add(&mut dipole, -4.0 * ssu, &bx);
            let mut once = scaled(-2.0 * sut3 * n, &x);
            add(&mut once, 2.0 * suut2 * m, &y);
            add(&mut once, 4.0 * sst2, &ay);
            add(&mut once, -4.0 * ssut, &bx);
            let mut quadrupole = scaled(uut4 * product - 4.0 * sut3 * xy + 2.0 * sst2 * ab, rr);
            add(&mut quadrupole, 1.0, &traceless(&once, r));
            add(&mut quadrupole, 3.0 * sst2 * n, a);
            add(&mut quadrupole, 3.0 * ssuu * m, b);
            add(&mut quadrupole, -4.0 * ssut, &traceless(&x, &y));
            add(&mut quadrupole, 4.0 * sss, &traceless_product(a, b));
            block.put(i, j, overlap, &dipole, &quadrupole);
        }
    }
    block
}
