//! Derivative of a weighted sum of integrals with respect to the positions of the atoms: blocks with a d shell.
//!
//! A d function is r M r with a symmetric traceless matrix, so the weighted sum over the functions of a d shell is one
//! such matrix. The names follow `kernels`.

use super::gradient::Fold;
use super::tensor::{D_FORM, P_AXIS, Symmetric, Vector, add, apply, contract, dot, row, scaled};

/// Weighted sums of the matrices of b's d functions for function i of a: of the overlap and of the moments.
#[inline(always)]
fn forms(fold: &Fold, i: usize) -> (Symmetric, Symmetric) {
    let (mut w, mut p) = ([0.0; 6], [0.0; 6]);
    for (j, form) in D_FORM.iter().enumerate() {
        let (overlap, density) = fold.pair(i, j);
        add(&mut w, overlap, form);
        add(&mut p, density, form);
    }
    (w, p)
}

#[inline(always)]
pub(super) fn sd(g: &[f64; 6], slope: &[f64; 6], fold: &mut Fold) {
    let (w, p) = forms(fold, 0);
    let Fold { r, d, theta, tr, rtr, dr, .. } = *fold;
    let (wr, y) = (apply(&w, &r), apply(&p, &r));
    let n = dot(&r, &y);
    let [t2, t3, t4, st, st2, ss] = *slope;
    let value = t2 * dot(&r, &wr)
        + t3 * n * dr
        + 2.0 * st * dot(&y, &d)
        + t4 * n * rtr
        + 4.0 * st2 * dot(&y, &tr)
        + 2.0 * ss * contract(&theta, &p);
    let [t2, t3, t4, st, st2, _] = *g;
    let mut product = scaled(2.0 * t2, &wr);
    add(&mut product, 2.0 * (t3 * dr + t4 * rtr), &y);
    add(&mut product, t3 * n, &d);
    add(&mut product, 2.0 * st, &apply(&p, &d));
    add(&mut product, 2.0 * t4 * n, &tr);
    add(&mut product, 4.0 * st2, &apply(&p, &tr));
    add(&mut product, 4.0 * st2, &apply(&theta, &y));
    let mut dipole = scaled(t3 * n, &r);
    add(&mut dipole, 2.0 * st, &y);
    fold.collect(value, &product, t2 * n, &dipole);
}

/// What a p shell makes of the matrices N_i (i = x, y, z) of the d shell.
struct Mixed {
    /// Rows y_i = N_i R.
    y: [Vector; 3],
    /// n_i = R N_i R
    n: Vector,
    /// Sum of R_i y_i.
    z: Vector,
    /// Sum of R_i N_i.
    sum: Symmetric,
    /// Sum of the columns i of N_i; the sum of (y_i)_i is its product with R.
    columns: Vector,
    /// Sum of R_i n_i.
    nu: f64,
    /// Sum of (y_i)_i.
    s: f64,
}

impl Mixed {
    #[inline(always)]
    fn new(forms: &[Symmetric; 3], r: &Vector) -> Mixed {
        let y: [Vector; 3] = std::array::from_fn(|i| apply(&forms[i], r));
        let n: Vector = std::array::from_fn(|i| dot(&y[i], r));
        let (mut sum, mut columns) = ([0.0; 6], [0.0; 3]);
        for i in 0..3 {
            add(&mut sum, r[i], &forms[i]);
            add(&mut columns, 1.0, &row(&forms[i], i));
        }
        Mixed { y, n, z: apply(&sum, r), sum, columns, nu: dot(r, &n), s: dot(&columns, r) }
    }

    /// Sum of v_i y_i.
    #[inline(always)]
    fn left(&self, v: &Vector) -> Vector {
        std::array::from_fn(|k| v[0] * self.y[0][k] + v[1] * self.y[1][k] + v[2] * self.y[2][k])
    }

    /// y_i . v
    #[inline(always)]
    fn right(&self, v: &Vector) -> Vector {
        std::array::from_fn(|i| dot(&self.y[i], v))
    }
}

pub(super) fn pd(g: &[f64; 8], slope: &[f64; 8], fold: &mut Fold) {
    let (mut w, mut p) = ([[0.0; 6]; 3], [[0.0; 6]; 3]);
    for (i, &axis) in P_AXIS.iter().enumerate() {
        (w[axis], p[axis]) = forms(fold, i);
    }
    let Fold { r, d, theta, tr, rtr, dr, .. } = *fold;
    let over = Mixed::new(&w, &r);
    let mixed = Mixed::new(&p, &r);
    let Mixed { n, z, columns, nu, s, .. } = mixed;
    // Sum over i of N_i Theta e_i, and Theta : N_i.
    let mut through = [0.0; 3];
    for (i, form) in p.iter().enumerate() {
        add(&mut through, 1.0, &apply(form, &row(&theta, i)));
    }
    let inner = p.map(|form| contract(&theta, &form));

    let [ut2, ut3, ut4, st, st2, st3, ss, sst] = *slope;
    let (sut, sut2, ssu) = (st - st2, st2 - st3, ss - sst);
    let value = 2.0 * st * over.s - ut2 * over.nu + (2.0 * st2 * s - ut3 * nu) * dr + st2 * dot(&n, &d)
        - 2.0 * sut * dot(&z, &d)
        + 2.0 * ss * dot(&columns, &d)
        + (2.0 * st3 * s - ut4 * nu) * rtr
        + 2.0 * st3 * dot(&n, &tr)
        - 4.0 * sut2 * dot(&z, &tr)
        + 4.0 * sst * (dot(&columns, &tr) + dot(&through, &r))
        - 2.0 * ssu * dot(&inner, &r);

    let [ut2, ut3, ut4, st, st2, st3, ss, sst] = *g;
    let (sut, sut2, ssu) = (st - st2, st2 - st3, ss - sst);
    let mut product = scaled(2.0 * st, &over.columns);
    add(&mut product, -ut2, &over.n);
    add(&mut product, -2.0 * ut2, &over.z);
    // Dipole.
    add(&mut product, -ut3 * dr - ut4 * rtr, &n);
    add(&mut product, -2.0 * (ut3 * dr + ut4 * rtr), &z);
    add(&mut product, 2.0 * (st2 * dr + st3 * rtr), &columns);
    add(&mut product, 2.0 * st2 * s - ut3 * nu, &d);
    add(&mut product, 2.0 * st2, &mixed.left(&d));
    add(&mut product, -2.0 * sut, &mixed.right(&d));
    add(&mut product, -2.0 * sut, &apply(&mixed.sum, &d));
    // Quadrupole.
    add(&mut product, 2.0 * (2.0 * st3 * s - ut4 * nu), &tr);
    add(&mut product, 4.0 * st3, &mixed.left(&tr));
    add(&mut product, 2.0 * st3, &apply(&theta, &n));
    add(&mut product, -4.0 * sut2, &mixed.right(&tr));
    add(&mut product, -4.0 * sut2, &apply(&mixed.sum, &tr));
    add(&mut product, -4.0 * sut2, &apply(&theta, &z));
    add(&mut product, 4.0 * sst, &apply(&theta, &columns));
    add(&mut product, 4.0 * sst, &through);
    add(&mut product, -2.0 * ssu, &inner);

    let mut dipole = scaled(2.0 * st2 * s - ut3 * nu, &r);
    add(&mut dipole, st2, &n);
    add(&mut dipole, -2.0 * sut, &z);
    add(&mut dipole, 2.0 * ss, &columns);
    fold.collect(value, &product, 2.0 * st * s - ut2 * nu, &dipole);
}

pub(super) fn dd(g: &[f64; 10], slope: &[f64; 10], fold: &mut Fold) {
    for (i, form) in D_FORM.iter().enumerate() {
        let (w, p) = forms(fold, i);
        dd_row(g, slope, form, &w, &p, fold);
    }
}

/// One function `a` of the first shell.
fn dd_row(g: &[f64; 10], slope: &[f64; 10], a: &Symmetric, over: &Symmetric, b: &Symmetric, fold: &mut Fold) {
    let Fold { r, d, theta, tr, rtr, dr, .. } = *fold;
    let x = apply(a, &r);
    let m = dot(&x, &r);
    let (wr, y) = (apply(over, &r), apply(b, &r));
    let (wn, n) = (dot(&wr, &r), dot(&y, &r));
    let (ay, bx, awr, wx) = (apply(a, &y), apply(b, &x), apply(a, &wr), apply(over, &x));
    let (xy, ab) = (dot(&x, &y), contract(a, b));
    let (ad, bd, atr, btr) = (apply(a, &d), apply(b, &d), apply(a, &tr), apply(b, &tr));
    let (tx, ty) = (apply(&theta, &x), apply(&theta, &y));
    let (a_theta, b_theta) = (contract(a, &theta), contract(b, &theta));
    let (xd, yd, xt, yt) = (dot(&x, &d), dot(&y, &d), dot(&x, &tr), dot(&y, &tr));

    let [uutt, uut3, uut4, sut, sut2, sut3, ss, sst, sst2, sss] = *slope;
    let (suut, suut2) = (sut - sut2, sut2 - sut3);
    let (ssu, ssut, ssuu) = (ss - sst, sst - sst2, ss - 2.0 * sst + sst2);
    let triple: f64 = (0..3).map(|k| dot(&row(a, k), &apply(&theta, &row(b, k)))).sum();
    let value = uutt * m * wn - 4.0 * sut * dot(&x, &wr)
        + 2.0 * ss * contract(a, over)
        + (uut3 * m * n - 4.0 * sut2 * xy + 2.0 * sst * ab) * dr
        - 2.0 * sut2 * n * xd
        + 2.0 * suut * m * yd
        + 4.0 * sst * dot(&ay, &d)
        - 4.0 * ssu * dot(&bx, &d)
        + (uut4 * m * n - 4.0 * sut3 * xy + 2.0 * sst2 * ab) * rtr
        - 4.0 * sut3 * n * xt
        + 4.0 * suut2 * m * yt
        + 8.0 * sst2 * dot(&ay, &tr)
        - 8.0 * ssut * (dot(&bx, &tr) + dot(&x, &ty))
        + 2.0 * sst2 * n * a_theta
        + 2.0 * ssuu * m * b_theta
        + 8.0 * sss * triple;

    let [uutt, uut3, uut4, sut, sut2, sut3, ss, sst, sst2, _] = *g;
    let (suut, suut2) = (sut - sut2, sut2 - sut3);
    let (ssu, ssut, ssuu) = (ss - sst, sst - sst2, ss - 2.0 * sst + sst2);
    let scalar = uut3 * m * n - 4.0 * sut2 * xy + 2.0 * sst * ab;
    let scalar2 = uut4 * m * n - 4.0 * sut3 * xy + 2.0 * sst2 * ab;
    let outer = 2.0 * (uut3 * dr + uut4 * rtr);
    let inner = -4.0 * (sut2 * dr + sut3 * rtr);
    let (abd, bad) = (apply(a, &bd), apply(b, &ad));
    let (abt, bat) = (apply(a, &btr), apply(b, &atr));
    let (theta_ay, theta_bx) = (apply(&theta, &ay), apply(&theta, &bx));
    let (a_theta_y, b_theta_x) = (apply(a, &ty), apply(b, &tx));
    let product: Vector = std::array::from_fn(|k| {
        let overlap = 2.0 * uutt * (x[k] * wn + m * wr[k]) - 4.0 * sut * (awr[k] + wx[k]);
        let shared = outer * (x[k] * n + m * y[k]) + inner * (ay[k] + bx[k]);
        let dipole = scalar * d[k] - 2.0 * sut2 * (2.0 * y[k] * xd + n * ad[k])
            + 2.0 * suut * (2.0 * x[k] * yd + m * bd[k])
            + 4.0 * sst * bad[k]
            - 4.0 * ssu * abd[k];
        let quadrupole = 2.0 * scalar2 * tr[k] - 4.0 * sut3 * (2.0 * y[k] * xt + n * (atr[k] + tx[k]))
            + 4.0 * suut2 * (2.0 * x[k] * yt + m * (btr[k] + ty[k]))
            + 8.0 * sst2 * (bat[k] + theta_ay[k])
            - 8.0 * ssut * (abt[k] + theta_bx[k] + a_theta_y[k] + b_theta_x[k])
            + 4.0 * sst2 * a_theta * y[k]
            + 4.0 * ssuu * b_theta * x[k];
        overlap + shared + dipole + quadrupole
    });
    let dipole: Vector = std::array::from_fn(|k| {
        scalar * r[k] - 2.0 * sut2 * n * x[k] + 2.0 * suut * m * y[k] + 4.0 * sst * ay[k] - 4.0 * ssu * bx[k]
    });
    fold.collect(value, &product, uutt * m * n - 4.0 * sut * xy + 2.0 * ss * ab, &dipole);
}
