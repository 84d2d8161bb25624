//! The elements of one pair of shells on their way into the matrices.

use std::ops::Range;

use super::tensor::{Symmetric, Vector, add};

/// Elements between I functions of shell a and J functions of shell b, moments about b's atom; indexed `[j][i]`.
pub(super) struct Elements<const I: usize, const J: usize> {
    /// Overlap.
    pub overlap: [[f64; I]; J],
    /// Dipole; x, y, z.
    pub dipole: [[[f64; I]; J]; 3],
    /// Quadrupole; xx, xy, yy, xz, yz; zz follows, as the trace is zero.
    pub quadrupole: [[[f64; I]; J]; 5],
}

/// The matrices: overlap, three of the dipole, six of the quadrupole, each column-major `n * n`.
pub(super) struct Target<'a, 'm> {
    pub matrices: &'a mut [&'m mut [f64]; 10],
    pub n: usize,
}

impl Target<'_, '_> {
    /// Writes zeros for the functions of two shells.
    pub fn clear(&mut self, a: Range<usize>, b: Range<usize>) {
        for matrix in self.matrices.iter_mut() {
            for j in b.clone() {
                matrix[a.start + self.n * j..a.end + self.n * j].fill(0.0);
            }
            for i in a.clone() {
                matrix[b.start + self.n * i..b.end + self.n * i].fill(0.0);
            }
        }
    }

    /// Writes elements into both triangles; `first` holds the first function of a and that of b, `r` is A - B and
    /// `rr` its traceless square. Moments about A, for the columns of a, follow from `r_A = r_B - R`.
    #[inline(always)]
    pub fn store<const I: usize, const J: usize>(
        &mut self,
        elements: &Elements<I, J>,
        first: [usize; 2],
        r: &Vector,
        rr: &Symmetric,
    ) {
        let Elements { overlap, dipole, quadrupole } = elements;
        self.store_one(0, first, overlap, overlap);
        let mut along = [[0.0; I]; J];
        for k in 0..3 {
            let mut moved = dipole[k];
            for j in 0..J {
                add(&mut moved[j], -r[k], &overlap[j]);
                add(&mut along[j], r[k], &dipole[k][j]);
            }
            self.store_one(1 + k, first, &dipole[k], &moved);
        }
        let (mut last, mut last_moved) = ([[0.0; I]; J], [[0.0; I]; J]);
        for (c, (k, l)) in [(0, 0), (0, 1), (1, 1), (0, 2), (1, 2)].into_iter().enumerate() {
            let mut moved = quadrupole[c];
            for j in 0..J {
                add(&mut moved[j], rr[c], &overlap[j]);
                add(&mut moved[j], -1.5 * r[k], &dipole[l][j]);
                add(&mut moved[j], -1.5 * r[l], &dipole[k][j]);
                if k == l {
                    add(&mut moved[j], 1.0, &along[j]);
                    add(&mut last[j], -1.0, &quadrupole[c][j]);
                    add(&mut last_moved[j], -1.0, &moved[j]);
                }
            }
            self.store_one(4 + c, first, &quadrupole[c], &moved);
        }
        self.store_one(9, first, &last, &last_moved);
    }

    /// Writes one component: `there` for the columns of b, `back` for those of a.
    #[inline(always)]
    fn store_one<const I: usize, const J: usize>(
        &mut self,
        component: usize,
        first: [usize; 2],
        there: &[[f64; I]; J],
        back: &[[f64; I]; J],
    ) {
        let matrix = &mut *self.matrices[component];
        for (j, column) in there.iter().enumerate() {
            let start = first[0] + self.n * (first[1] + j);
            matrix[start..start + I].copy_from_slice(column);
        }
        for i in 0..I {
            let start = first[1] + self.n * (first[0] + i);
            let column = back.map(|row| row[i]);
            matrix[start..start + J].copy_from_slice(&column);
        }
    }
}
