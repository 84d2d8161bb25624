//! Products of the primitives of two shells: everything about them that does not depend on where the atoms are.
//!
//! Gaussians with exponents alpha at A and beta at B multiply to `exp(-mu R^2)` times a Gaussian with exponent
//! `p = alpha + beta` at `P = B + t R`, where `R = A - B`, `t = alpha / p`, `mu = alpha beta / p`. All products of two
//! shells lie on one line, so a contracted integral is a sum of few angular tensors of R, each times a radial sum
//!
//! `G(k, m) = sum over products of c_a c_b (pi / p)^(3/2) sigma^k u^(l_a - k) t^(l_b - k + m) exp(-mu R^2)`
//!
//! with `u = 1 - t`, `sigma = 1 / (2 p)` (negative powers of u and t become zero, m counts from there). Only the
//! exponential depends on the distance; the rest is a row of numbers per product, kept here.

use std::f64::consts::PI;

use super::{Basis, Shell};

/// Exponentials are evaluated in groups of this size; lists of products are filled up with zeros.
pub(crate) const LANES: usize = 4;

/// Most products of two shells, a multiple of `LANES`: shells have at most six primitives.
pub(crate) const MOST: usize = 36;

/// A product counts up to the distance where its exponential falls below exp(-CUTOFF).
///
/// exp(-32) is 1e-14. Times the coefficients and the square of the distance this leaves errors below 1e-12 in the
/// overlap; moments have two more powers of the distance, but enter with potentials and densities that decay.
const CUTOFF: f64 = 32.0;

/// Number of radial sums for angular momenta `l_a <= l_b`, filled up to an even number.
pub(crate) const fn width(la: usize, lb: usize) -> usize {
    match (la, lb) {
        (0, 0) => 4,
        (0, _) => 6,
        (1, _) => 8,
        _ => 10,
    }
}

/// Where the products of two kinds of shell stand in the lists of `Products`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Span {
    first: usize,
    end: usize,
    rows: usize,
}

/// Products of primitives for all pairs of kinds of shells.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Products {
    kinds: usize,
    spans: Vec<Span>,
    mu: Vec<f64>,
    reach: Vec<f64>,
    rows: Vec<f64>,
}

/// Products of two shells, widest reach first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProductList<'a> {
    /// Exponent mu, bohr^-2; a multiple of `LANES` long.
    pub mu: &'a [f64],
    /// Square of the distance beyond which a product is negligible, bohr^2, descending.
    pub reach: &'a [f64],
    /// Rows of `width(l_a, l_b)` factors of the radial sums.
    pub rows: &'a [f64],
}

impl Products {
    /// Makes the lists for kinds of shells given by one example each, ordered by angular momentum.
    pub(super) fn new(basis: &Basis, examples: &[Shell]) -> Products {
        let kinds = examples.len();
        let mut products =
            Products { kinds, spans: vec![Span::default(); kinds * kinds], ..Products::default() };
        let mut list = Vec::new();
        for (i, a) in examples.iter().enumerate() {
            for (j, b) in examples.iter().enumerate().skip(i) {
                list.clear();
                for p in a.primitives.clone() {
                    for q in b.primitives.clone() {
                        let (alpha, beta) = (basis.exponents[p], basis.exponents[q]);
                        let factor = basis.coefficients[p] * basis.coefficients[q];
                        list.push((alpha * beta / (alpha + beta), alpha, beta, factor));
                    }
                }
                list.sort_unstable_by(|x: &(f64, f64, f64, f64), y| x.0.total_cmp(&y.0));
                products.spans[i * kinds + j] = products.append(a.l, b.l, &list);
            }
        }
        products
    }

    /// Appends one list of (mu, alpha, beta, product of coefficients).
    fn append(&mut self, la: usize, lb: usize, list: &[(f64, f64, f64, f64)]) -> Span {
        let (first, rows) = (self.mu.len(), self.rows.len());
        let width = width(la, lb);
        for &(mu, alpha, beta, factor) in list {
            let p = alpha + beta;
            self.mu.push(mu);
            self.reach.push(CUTOFF / mu);
            let start = self.rows.len();
            self.rows.resize(start + width, 0.0);
            let area = PI / p;
            fill_row(&mut self.rows[start..], la, lb, factor * area * area.sqrt(), alpha / p, 0.5 / p);
        }
        let filled = list.len().next_multiple_of(LANES);
        self.mu.resize(first + filled, 0.0);
        self.reach.resize(first + filled, 0.0);
        self.rows.resize(rows + filled * width, 0.0);
        Span { first, end: first + filled, rows }
    }

    /// Products of the kinds `a <= b`.
    #[inline]
    pub fn get(&self, a: usize, b: usize, width: usize) -> ProductList<'_> {
        let Span { first, end, rows } = self.spans[a * self.kinds + b];
        ProductList {
            mu: &self.mu[first..end],
            reach: &self.reach[first..end],
            rows: &self.rows[rows..rows + (end - first) * width],
        }
    }

    /// Square of the distance beyond which two shells of kinds `a <= b` have no common element, bohr^2.
    #[inline]
    pub fn reach(&self, a: usize, b: usize) -> f64 {
        self.reach[self.spans[a * self.kinds + b].first]
    }
}

/// Factors of the radial sums, k = 0 first; for each k as many m as a quadrupole element needs.
fn fill_row(row: &mut [f64], la: usize, lb: usize, factor: f64, t: f64, sigma: f64) {
    let u = 1.0 - t;
    let (u_powers, t_powers) = ([1.0, u, u * u], [1.0, t, t * t]);
    let mut place = 0;
    let mut start = factor;
    for (k, &terms) in terms(la, lb).iter().enumerate() {
        let mut value = start * u_powers[la.saturating_sub(k)] * t_powers[lb.saturating_sub(k)];
        for _ in 0..terms {
            row[place] = value;
            place += 1;
            value *= t;
        }
        start *= sigma;
    }
}

/// Number of powers m for each number k of contractions.
const fn terms(la: usize, lb: usize) -> [usize; 4] {
    match (la, lb) {
        (0, 0) => [3, 0, 0, 0],
        (0, 1) => [3, 2, 0, 0],
        (0, _) => [3, 2, 1, 0],
        (1, 1) => [3, 3, 1, 0],
        (1, _) => [3, 3, 2, 0],
        _ => [3, 3, 3, 1],
    }
}
