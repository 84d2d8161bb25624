//! Atoms of one element, and products over their reference systems.

use super::reference::{self, Reference};
use super::weights;
use crate::coordination::entry;
use crate::tables::elements::{EFFECTIVE_CHARGES, HARDNESSES, R4_OVER_R2};

/// The atoms of one element: consecutive in the order of the calculation.
pub(super) struct Group {
    pub(super) number: u8,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) references: &'static [Reference],
    /// Effective nuclear charge and steepness of the charge scaling.
    pub(super) nuclear: f64,
    pub(super) steepness: f64,
    /// Fourth root of 1/2 sqrt(Z) <r^4>/<r^2>, bohr^(1/2).
    pub(super) moment: f64,
    /// Reference systems that matter in this geometry, as indices into `references`.
    pub(super) active: Vec<usize>,
    /// Where the values of the first active reference begin in arrays by reference and atom of the element:
    /// value of active reference r of atom i (of the order) at `slot + r * (end - start) + i - start`.
    pub(super) slot: usize,
    /// The first row of this element's active references in arrays by reference and atom of the molecule.
    pub(super) row: usize,
}

impl Group {
    pub(super) fn len(&self) -> usize {
        self.end - self.start
    }

    /// Range of the values of active reference `r`.
    pub(super) fn range(&self, r: usize) -> std::ops::Range<usize> {
        let start = self.slot + r * self.len();
        start..start + self.len()
    }

    /// Place of the value of active reference `r` of atom `i` of the order.
    pub(super) fn at(&self, r: usize, i: usize) -> usize {
        self.slot + r * self.len() + i - self.start
    }
}

/// Groups of atoms sorted by element.
pub(super) fn groups(sorted: &[u8]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (place, &number) in sorted.iter().enumerate() {
        if let Some(last) = groups.last_mut()
            && last.number == number
        {
            last.end = place + 1;
            continue;
        }
        groups.push(Group {
            number,
            start: place,
            end: place + 1,
            references: reference::references(number),
            nuclear: entry(&EFFECTIVE_CHARGES, number),
            steepness: weights::GC * entry(&HARDNESSES, number),
            moment: (0.5 * entry(&R4_OVER_R2, number) * f64::from(number).sqrt()).sqrt().sqrt(),
            active: Vec::new(),
            slot: 0,
            row: 0,
        });
    }
    groups
}

/// For every row (reference of an element) and atom: the sum of coefficients times the atom's weights.
pub(super) fn mix(groups: &[Group], n: usize, weights: &[f64], mixed: &mut [f64]) {
    mixed.fill(0.0);
    for a in groups {
        for b in groups {
            let coefficients = reference::coefficients(a.number, b.number);
            for (r, &first) in a.active.iter().enumerate() {
                let target = &mut mixed[(a.row + r) * n + b.start..(a.row + r) * n + b.end];
                for (s, &second) in b.active.iter().enumerate() {
                    let coefficient = coefficients[first * b.references.len() + second];
                    for (sum, weight) in target.iter_mut().zip(&weights[b.range(s)]) {
                        *sum += coefficient * weight;
                    }
                }
            }
        }
    }
}

/// Scalar product in four independent sums, which the compiler can keep in vector registers.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (left, right) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = left.remainder().iter().zip(right.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in left.zip(right) {
        for k in 0..4 {
            sums[k] += x[k] * y[k];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}
