//! Overlap, dipole and quadrupole integrals between basis functions, and their derivatives.
//!
//! An integral over a product of Gaussians at `P = B + t R` is an average over `r = P + xi` with
//! `<xi_k xi_l> = sigma delta_kl`, so it is a sum over the ways to pair (contract) the factors of the angular parts and
//! of the operator; factors left over are taken at `r_A = -u R` and `r_B = t R`. Spherical functions and traceless
//! operators are harmonic: pairs within one of them vanish, which leaves few terms. The radial sums of `Products`
//! collect what the primitives contribute to each.

mod exponential;
mod gradient;
mod gradient_d;
mod kernels;
mod radial;
mod tensor;
#[cfg(test)]
mod tests;

use crate::basis::{Basis, Shell};
pub(crate) use gradient::{PairWeights, pair_gradient};
use tensor::{Symmetric, Vector, traceless};

/// Matrices of the one-electron integrals; column-major, `n * n`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Integrals {
    /// Number of basis functions n.
    pub n: usize,
    /// `overlap[mu + n * nu]` = <mu|nu>.
    pub overlap: Vec<f64>,
    /// `dipole[k][mu + n * nu]` = <mu| r_k - R_k |nu> in bohr, R being the position of the atom of nu (the column).
    pub dipole: [Vec<f64>; 3],
    /// `quadrupole[c][mu + n * nu]` = <mu| (3 r_k r_l - delta_kl r^2) / 2 |nu> in bohr^2, r counted from the atom of
    /// nu (the column); c runs over xx, xy, yy, xz, yz, zz.
    pub quadrupole: [Vec<f64>; 6],
    /// Pairs (i, j) of shells, `i >= j`, that are near enough to have elements; the same shell and atom included.
    pub pairs: Vec<(usize, usize)>,
}

impl Integrals {
    /// Memory for the matrices of this basis.
    pub fn new(basis: &Basis) -> Integrals {
        let n = basis.orbitals();
        let shells = basis.shells.len();
        let matrix = || vec![0.0; n * n];
        Integrals {
            n,
            overlap: matrix(),
            dipole: std::array::from_fn(|_| matrix()),
            quadrupole: std::array::from_fn(|_| matrix()),
            pairs: Vec::with_capacity(shells * (shells + 1) / 2),
        }
    }

    /// Computes all matrices at `positions` (bohr).
    pub fn compute(&mut self, basis: &Basis, positions: &[[f64; 3]]) {
        self.find_pairs(basis, positions);
        let shells = basis.shells.len();
        if self.pairs.len() < shells * (shells + 1) / 2 {
            self.overlap.fill(0.0);
            self.dipole.iter_mut().for_each(|m| m.fill(0.0));
            self.quadrupole.iter_mut().for_each(|m| m.fill(0.0));
        }
        let Integrals { n, overlap, dipole: [dx, dy, dz], quadrupole: [xx, xy, yy, xz, yz, zz], pairs } =
            self;
        let mut matrices: [&mut [f64]; 10] = [overlap, dx, dy, dz, xx, xy, yy, xz, yz, zz];
        for &(i, j) in pairs.iter() {
            let (a, b) = ordered(&basis.shells[i], &basis.shells[j]);
            let mut block = Block::new(&mut matrices, *n, a, b, positions);
            kernels::fill(basis, a, b, &mut block);
        }
    }

    /// Lists the pairs of shells that are not negligible.
    fn find_pairs(&mut self, basis: &Basis, positions: &[[f64; 3]]) {
        self.pairs.clear();
        for (i, a) in basis.shells.iter().enumerate() {
            for (j, b) in basis.shells[..=i].iter().enumerate() {
                let r = difference(&positions[a.atom], &positions[b.atom]);
                let (low, high) = (a.kind.min(b.kind), a.kind.max(b.kind));
                if tensor::dot(&r, &r) <= basis.products.reach(low, high) {
                    self.pairs.push((i, j));
                }
            }
        }
    }
}

/// The two shells in the order in which `Products` knows them.
#[inline(always)]
fn ordered<'a>(a: &'a Shell, b: &'a Shell) -> (&'a Shell, &'a Shell) {
    if a.kind <= b.kind { (a, b) } else { (b, a) }
}

/// a - b
#[inline(always)]
fn difference(a: &Vector, b: &Vector) -> Vector {
    std::array::from_fn(|k| a[k] - b[k])
}

/// Where the elements of two shells go.
struct Block<'a, 'm> {
    matrices: &'a mut [&'m mut [f64]; 10],
    n: usize,
    /// First function of each shell.
    first: [usize; 2],
    /// R = A - B.
    r: Vector,
    r2: f64,
    /// `(3 R R - R^2) / 2`.
    rr: Symmetric,
}

impl<'a, 'm> Block<'a, 'm> {
    #[inline(always)]
    fn new(
        matrices: &'a mut [&'m mut [f64]; 10],
        n: usize,
        a: &Shell,
        b: &Shell,
        positions: &[Vector],
    ) -> Self {
        let r = difference(&positions[a.atom], &positions[b.atom]);
        let rr = tensor::scaled(0.5, &traceless(&r, &r));
        Block { matrices, n, first: [a.orbitals.start, b.orbitals.start], r, r2: tensor::dot(&r, &r), rr }
    }

    /// Writes the elements of function i of a and j of b, given with moments about B, into both triangles; moments
    /// about A, for the column of a, follow from `r_A = r_B - R`.
    #[inline(always)]
    fn put(&mut self, i: usize, j: usize, overlap: f64, dipole: &Vector, quadrupole: &Symmetric) {
        let (row, column) = (self.first[0] + i, self.first[1] + j);
        let there = row + self.n * column;
        let back = column + self.n * row;
        let cross = traceless(&self.r, dipole);
        self.matrices[0][there] = overlap;
        self.matrices[0][back] = overlap;
        for k in 0..3 {
            self.matrices[1 + k][there] = dipole[k];
            self.matrices[1 + k][back] = dipole[k] - self.r[k] * overlap;
        }
        for c in 0..6 {
            self.matrices[4 + c][there] = quadrupole[c];
            self.matrices[4 + c][back] = quadrupole[c] - cross[c] + self.rr[c] * overlap;
        }
    }
}
