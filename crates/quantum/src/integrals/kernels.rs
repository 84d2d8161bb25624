//! Elements of a pair of shells, one function per pair of angular momenta `l_a <= l_b`.
//!
//! Names: R = A - B; `rr` its traceless square; `g` the radial sums in the order of `basis::product`; for a d function
//! r M r, `m = R M R` and `x = M R`; the b side has `n` and `y`. Moments are about B; `traceless(v, w)` is
//! the quadrupole operator contracted once with v and once with w.

use super::Block;
use super::radial::sums;
use super::tensor::{
    D_FORM, P_AXIS, Symmetric, Vector, add, apply, contract, dot, row, scaled, traceless, traceless_product,
};
use crate::basis::{Basis, Shell, width};

/// Fills the block of shells a and b (kinds in ascending order).
#[inline(always)]
pub(super) fn fill(basis: &Basis, a: &Shell, b: &Shell, block: &mut Block) {
    macro_rules! run {
        ($kernel:ident, $la:literal, $lb:literal) => {{
            const W: usize = width($la, $lb);
            $kernel(&sums::<W>(&basis.products.get(a.kind, b.kind, W), block.r2), block)
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

/// Unit vector.
#[inline(always)]
fn axis(i: usize) -> Vector {
    std::array::from_fn(|k| if k == i { 1.0 } else { 0.0 })
}

#[inline(always)]
fn ss(g: &[f64; 4], block: &mut Block) {
    let dipole = scaled(g[1], &block.r);
    let quadrupole = scaled(g[2], &block.rr);
    block.put(0, 0, g[0], &dipole, &quadrupole);
}

#[inline(always)]
fn sp(g: &[f64; 6], block: &mut Block) {
    let [t, t2, t3, s, st, _] = *g;
    let r = block.r;
    for (j, &y) in P_AXIS.iter().enumerate() {
        let mut dipole = scaled(t2 * r[y], &r);
        dipole[y] += s;
        let mut quadrupole = scaled(t3 * r[y], &block.rr);
        add(&mut quadrupole, st, &traceless(&axis(y), &r));
        block.put(0, j, t * r[y], &dipole, &quadrupole);
    }
}

#[inline(always)]
fn pp(g: &[f64; 8], block: &mut Block) {
    let [ut, ut2, ut3, s, st, st2, ss, _] = *g;
    let (su, sut) = (s - st, st - st2);
    let r = block.r;
    let once: [Symmetric; 3] = std::array::from_fn(|k| traceless(&axis(k), &r));
    for (j, &y) in P_AXIS.iter().enumerate() {
        for (i, &x) in P_AXIS.iter().enumerate() {
            let product = r[x] * r[y];
            let same = if x == y { 1.0 } else { 0.0 };
            let mut dipole = scaled(st * same - ut2 * product, &r);
            dipole[y] -= su * r[x];
            dipole[x] += st * r[y];
            let mut quadrupole = scaled(st2 * same - ut3 * product, &block.rr);
            add(&mut quadrupole, -sut * r[x], &once[y]);
            add(&mut quadrupole, st2 * r[y], &once[x]);
            add(&mut quadrupole, ss, &traceless(&axis(x), &axis(y)));
            block.put(i, j, s * same - ut * product, &dipole, &quadrupole);
        }
    }
}

#[inline(always)]
fn sd(g: &[f64; 6], block: &mut Block) {
    let [t2, t3, t4, st, st2, ss] = *g;
    let r = block.r;
    for (j, form) in D_FORM.iter().enumerate() {
        let y = apply(form, &r);
        let n = dot(&r, &y);
        let mut dipole = scaled(t3 * n, &r);
        add(&mut dipole, 2.0 * st, &y);
        let mut quadrupole = scaled(t4 * n, &block.rr);
        add(&mut quadrupole, 2.0 * st2, &traceless(&y, &r));
        add(&mut quadrupole, 3.0 * ss, form);
        block.put(0, j, t2 * n, &dipole, &quadrupole);
    }
}

fn pd(g: &[f64; 8], block: &mut Block) {
    let [ut2, ut3, ut4, st, st2, st3, ss, sst] = *g;
    let (sut, sut2, ssu) = (st - st2, st2 - st3, ss - sst);
    let r = block.r;
    let once: [Symmetric; 3] = std::array::from_fn(|k| traceless(&axis(k), &r));
    for (j, form) in D_FORM.iter().enumerate() {
        let y = apply(form, &r);
        let n = dot(&r, &y);
        let y_once = traceless(&y, &r);
        for (i, &x) in P_AXIS.iter().enumerate() {
            let column = row(form, x);
            let mut dipole = scaled(2.0 * st2 * y[x] - ut3 * n * r[x], &r);
            dipole[x] += st2 * n;
            add(&mut dipole, -2.0 * sut * r[x], &y);
            add(&mut dipole, 2.0 * ss, &column);
            let mut quadrupole = scaled(2.0 * st3 * y[x] - ut4 * n * r[x], &block.rr);
            add(&mut quadrupole, st3 * n, &once[x]);
            add(&mut quadrupole, -2.0 * sut2 * r[x], &y_once);
            add(&mut quadrupole, 2.0 * sst, &traceless(&column, &r));
            add(&mut quadrupole, 2.0 * sst, &traceless(&axis(x), &y));
            add(&mut quadrupole, -3.0 * ssu * r[x], form);
            block.put(i, j, 2.0 * st * y[x] - ut2 * n * r[x], &dipole, &quadrupole);
        }
    }
}

fn dd(g: &[f64; 10], block: &mut Block) {
    let [uutt, uut3, uut4, sut, sut2, sut3, ss, sst, sst2, sss] = *g;
    let (suut, suut2) = (sut - sut2, sut2 - sut3);
    let (ssu, ssut, ssuu) = (ss - sst, sst - sst2, ss - 2.0 * sst + sst2);
    let r = block.r;
    for (j, b) in D_FORM.iter().enumerate() {
        let y = apply(b, &r);
        let n = dot(&r, &y);
        for (i, a) in D_FORM.iter().enumerate() {
            let x = apply(a, &r);
            let m = dot(&r, &x);
            let (product, xy, ab) = (m * n, dot(&x, &y), contract(a, b));
            let (ay, bx) = (apply(a, &y), apply(b, &x));
            let overlap = uutt * product - 4.0 * sut * xy + 2.0 * ss * ab;
            let mut dipole = scaled(uut3 * product - 4.0 * sut2 * xy + 2.0 * sst * ab, &r);
            add(&mut dipole, -2.0 * sut2 * n, &x);
            add(&mut dipole, 2.0 * suut * m, &y);
            add(&mut dipole, 4.0 * sst, &ay);
            add(&mut dipole, -4.0 * ssu, &bx);
            // All terms with one index of the operator on R, then the rest.
            let mut once = scaled(-2.0 * sut3 * n, &x);
            add(&mut once, 2.0 * suut2 * m, &y);
            add(&mut once, 4.0 * sst2, &ay);
            add(&mut once, -4.0 * ssut, &bx);
            let mut quadrupole = scaled(uut4 * product - 4.0 * sut3 * xy + 2.0 * sst2 * ab, &block.rr);
            add(&mut quadrupole, 1.0, &traceless(&once, &r));
            add(&mut quadrupole, 3.0 * sst2 * n, a);
            add(&mut quadrupole, 3.0 * ssuu * m, b);
            add(&mut quadrupole, -4.0 * ssut, &traceless(&x, &y));
            add(&mut quadrupole, 4.0 * sss, &traceless_product(a, b));
            block.put(i, j, overlap, &dipole, &quadrupole);
        }
    }
}
