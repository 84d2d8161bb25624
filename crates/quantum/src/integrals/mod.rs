//! Overlap, dipole and quadrupole integrals between basis functions, and their derivatives.
//!
//! An integral over a product of Gaussians at `P = B + t R` is an average over `r = P + xi` with
//! `<xi_k xi_l> = sigma delta_kl`, so it is a sum over the ways to pair (contract) the factors of the angular parts and
//! of the operator; factors left over are taken at `r_A = -u R` and `r_B = t R`. Spherical functions and traceless
//! operators are harmonic: pairs within one of them vanish, which leaves few terms. The radial sums of `Products`
//! collect what the primitives contribute to each.

mod elements;
mod exponential;
mod gradient;
mod gradient_d;
mod kernels;
mod radial;
mod tensor;
#[cfg(test)]
mod tests;

use crate::basis::{Basis, Shell};
use elements::Target;
pub(crate) use gradient::{PairWeights, pair_gradient};
use tensor::Vector;

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
    /// Whether the matrices hold elements of the pair (i, j) at `i (i + 1) / 2 + j`; the others are zero.
    filled: Vec<bool>,
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
            filled: vec![false; shells * (shells + 1) / 2],
        }
    }

    /// Computes all matrices at `positions` (bohr), for the basis this was made for.
    pub fn compute(&mut self, basis: &Basis, positions: &[[f64; 3]]) {
        let Integrals {
            n,
            overlap,
            dipole: [dx, dy, dz],
            quadrupole: [xx, xy, yy, xz, yz, zz],
            pairs,
            filled,
        } = self;
        let mut matrices: [&mut [f64]; 10] = [overlap, dx, dy, dz, xx, xy, yy, xz, yz, zz];
        let mut target = Target { matrices: &mut matrices, n: *n };
        pairs.clear();
        let mut filled = filled.iter_mut();
        for (i, first) in basis.shells.iter().enumerate() {
            for ((j, second), filled) in basis.shells[..=i].iter().enumerate().zip(&mut filled) {
                let (a, b) = ordered(first, second);
                let r = difference(&positions[a.atom], &positions[b.atom]);
                let near = tensor::dot(&r, &r) <= basis.products.reach(a.kind, b.kind);
                if near {
                    pairs.push((i, j));
                    kernels::fill(basis, a, b, &r, &mut target);
                } else if *filled {
                    target.clear(a.orbitals.clone(), b.orbitals.clone());
                }
                *filled = near;
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
