//! Self-consistent D4 dispersion (E. Caldeweyher et al., J. Chem. Phys. 2019, 150, 154122) with the
//! parameters of GFN2: a two-body term that depends on the charges, and a three-body
//! term at zero charges.

mod damping;
mod group;
mod reference;
#[cfg(test)]
mod tests;
mod three_body;
mod weights;

pub(crate) use reference::Reference;

use crate::coordination::d4_pairs;
use crate::interaction::{Interaction, Moments, Placement};
use damping::Damping;
use group::{Group, dot, mix};
use three_body::Triples;

/// Distance in bohr beyond which a pair has no two-body energy, as in tblite.
const CUTOFF: f64 = 50.0;

/// A reference system whose weight is smaller on every atom of its element is left out of a geometry.
const NEGLIGIBLE: f64 = 1e-13;

/// Dispersion of a list of atoms.
///
/// Atoms are sorted by element, so that every product with coefficients of reference systems runs over
/// consecutive numbers: the energy is -1/2 w D C w with the weights w of the reference systems, the
/// coefficients C of their pairs and a damping D per pair of atoms. C w is small (few elements), D times that
/// one matrix-vector product per reference system of an element.
pub(crate) struct Dispersion {
    /// Atom of the caller at every place of the order.
    order: Vec<usize>,
    groups: Vec<Group>,
    /// Damping by pair of groups.
    dampings: Vec<Damping>,
    /// Positions in the order, bohr.
    positions: Vec<[f64; 3]>,
    /// Atomic numbers in the order.
    numbers: Vec<u8>,
    /// Pairs (i, j) of the order with the derivative of their D4 count by the distance over the distance.
    bonds: Vec<(u32, u32, f64)>,
    /// Damped distance function of every pair, `[n_atoms][n_atoms]`, zero on the diagonal.
    damped: Vec<f64>,
    /// Gaussian weights and their derivatives by the coordination number, by slot.
    gauss: Vec<f64>,
    gauss_slope: Vec<f64>,
    /// Weights at the charges `charges`.
    weights: Weights,
    /// The charges of the order, for which `weights` was made.
    charges: Vec<f64>,
    triples: Triples,
    /// Scratch, `[n_atoms]`.
    row: Vec<f64>,
    by_cn: Vec<f64>,
}

/// Weights of the reference systems and their products with coefficients.
#[derive(Default)]
struct Weights {
    /// Charge scaling, by slot.
    zeta: Vec<f64>,
    /// Weight, by slot.
    value: Vec<f64>,
    /// Derivative of the weight by the charge, by slot.
    slope: Vec<f64>,
    /// Sum of coefficients times weights over the references of each atom, by row (a reference of an element)
    /// and atom.
    mixed: Vec<f64>,
    /// Minus the derivative of the energy by the weight, by slot.
    product: Vec<f64>,
}

impl Dispersion {
    /// For these atomic numbers; an element outside of H to Rn has no dispersion.
    pub fn new(numbers: &[u8]) -> Dispersion {
        let n = numbers.len();
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by_key(|&atom| (numbers[atom], atom));
        let sorted: Vec<u8> = order.iter().map(|&atom| numbers[atom]).collect();
        let groups = group::groups(&sorted);
        let dampings = groups.iter().flat_map(|a| groups.iter().map(|b| Damping::new(a, b))).collect();
        Dispersion {
            order,
            groups,
            dampings,
            positions: vec![[0.0; 3]; n],
            numbers: sorted,
            bonds: Vec::new(),
            damped: vec![0.0; n * n],
            gauss: Vec::new(),
            gauss_slope: Vec::new(),
            weights: Weights::default(),
            charges: vec![f64::NAN; n],
            triples: Triples::default(),
            row: vec![0.0; n],
            by_cn: vec![0.0; n],
        }
    }

    fn len(&self) -> usize {
        self.order.len()
    }

    /// Gaussian weights of the reference systems at these D4 coordination numbers (of the order), of those
    /// that matter.
    fn weigh(&mut self, cn: &[f64]) {
        self.gauss.clear();
        self.gauss_slope.clear();
        let mut row = 0;
        let mut values: Vec<(f64, f64)> = Vec::new();
        for group in &mut self.groups {
            let known = group.references.len();
            values.clear();
            values.resize(known * group.len(), (0.0, 0.0));
            for (atom, &cn) in cn[group.start..group.end].iter().enumerate() {
                weights::gaussian(cn, group.references, |r, value, slope| {
                    values[atom * known + r] = (value, slope)
                });
            }
            let matters = |r: usize| values.iter().skip(r).step_by(known).any(|v| v.0 > NEGLIGIBLE);
            group.active.clear();
            group.active.extend((0..known).filter(|&r| matters(r)));
            group.slot = self.gauss.len();
            group.row = row;
            row += group.active.len();
            for &r in &group.active {
                self.gauss.extend(values.iter().skip(r).step_by(known).map(|v| v.0));
                self.gauss_slope.extend(values.iter().skip(r).step_by(known).map(|v| v.1));
            }
        }
        let slots = self.gauss.len();
        let Weights { zeta, value, slope, product, .. } = &mut self.weights;
        for values in [zeta, value, slope, product] {
            values.clear();
            values.resize(slots, 0.0);
        }
        self.weights.mixed.clear();
        self.weights.mixed.resize(row * self.order.len(), 0.0);
    }

    /// Weights and all products with them at these charges, unless they are there already.
    fn update(&mut self, charges: &[f64]) {
        if self.order.iter().zip(&self.charges).all(|(&atom, &charge)| charges[atom] == charge) {
            return;
        }
        for (charge, &atom) in self.charges.iter_mut().zip(&self.order) {
            *charge = charges[atom];
        }
        let n = self.order.len();
        let Weights { zeta, value, slope, mixed, product } = &mut self.weights;
        for group in &self.groups {
            for (r, &reference) in group.active.iter().enumerate() {
                let reference = group.references[reference].charge;
                for (slot, &charge) in group.range(r).zip(&self.charges[group.start..group.end]) {
                    // Spares two exponentials; the arrays are zero there since the weighing.
                    if self.gauss[slot] < NEGLIGIBLE {
                        continue;
                    }
                    let (scaling, by_charge) =
                        weights::zeta(group.nuclear, group.steepness, reference, charge);
                    zeta[slot] = scaling;
                    value[slot] = self.gauss[slot] * scaling;
                    slope[slot] = self.gauss[slot] * by_charge;
                }
            }
        }
        mix(&self.groups, n, value, mixed);
        for group in &self.groups {
            for i in group.start..group.end {
                let damped = &self.damped[i * n..(i + 1) * n];
                for r in 0..group.active.len() {
                    let row = (group.row + r) * n;
                    product[group.at(r, i)] = dot(damped, &mixed[row..row + n]);
                }
            }
        }
    }

    /// Adds what the energy changes by through the D4 coordination numbers (derivatives in `by_cn`, of the
    /// order).
    fn chain(&self, by_cn: &[f64], gradient: &mut [[f64; 3]]) {
        for &(i, j, slope) in &self.bonds {
            let (i, j) = (i as usize, j as usize);
            self.push(i, j, (by_cn[i] + by_cn[j]) * slope, gradient);
        }
    }

    /// Adds `slope` times the vector between two atoms of the order to the caller's gradient.
    fn push(&self, i: usize, j: usize, slope: f64, gradient: &mut [[f64; 3]]) {
        let (a, b) = (self.order[i], self.order[j]);
        let (from, to) = (self.positions[i], self.positions[j]);
        for k in 0..3 {
            let part = slope * (from[k] - to[k]);
            gradient[a][k] += part;
            gradient[b][k] -= part;
        }
    }
}

impl Interaction for Dispersion {
    fn place(&mut self, placement: Placement) {
        let n = self.len();
        for (position, &atom) in self.positions.iter_mut().zip(&self.order) {
            *position = placement.positions[atom];
        }
        let mut cn = std::mem::take(&mut self.row);
        cn.fill(0.0);
        self.bonds.clear();
        let bonds = &mut self.bonds;
        d4_pairs(&self.numbers, &self.positions, |i, j, count, slope| {
            cn[i] += count;
            cn[j] += count;
            bonds.push((i as u32, j as u32, slope));
        });
        self.weigh(&cn);
        self.row = cn;
        self.charges.fill(f64::NAN);
        for (a, first) in self.groups.iter().enumerate() {
            for (b, second) in self.groups[..=a].iter().enumerate() {
                let damping = self.dampings[a * self.groups.len() + b];
                for i in first.start..first.end {
                    for j in second.start..second.end.min(i) {
                        let square = distance2(&self.positions, i, j);
                        let value = if square > CUTOFF * CUTOFF { 0.0 } else { damping.value(square).0 };
                        self.damped[i * n + j] = value;
                        self.damped[j * n + i] = value;
                    }
                }
            }
        }
    }

    fn add_potential(&mut self, moments: &Moments, potential: &mut Moments) {
        self.update(&moments.atom);
        let Weights { slope, product, .. } = &self.weights;
        for group in &self.groups {
            for r in 0..group.active.len() {
                for (slot, atom) in group.range(r).zip(&self.order[group.start..group.end]) {
                    potential.atom[*atom] -= slope[slot] * product[slot];
                }
            }
        }
    }

    fn add_energy(&mut self, moments: &Moments, energy: &mut [f64]) {
        self.update(&moments.atom);
        let Weights { value, product, .. } = &self.weights;
        for group in &self.groups {
            for r in 0..group.active.len() {
                for (slot, atom) in group.range(r).zip(&self.order[group.start..group.end]) {
                    energy[*atom] -= 0.5 * value[slot] * product[slot];
                }
            }
        }
    }

    fn add_gradient(
        &mut self,
        _placement: Placement,
        moments: &Moments,
        gradient: &mut [[f64; 3]],
        _by_cn: &mut [f64],
    ) {
        self.update(&moments.atom);
        let n = self.len();
        let mut by_cn = std::mem::take(&mut self.by_cn);
        by_cn.fill(0.0);
        let mut c6 = std::mem::take(&mut self.row);
        for (a, first) in self.groups.iter().enumerate() {
            for (i, by_cn) in (first.start..first.end).zip(&mut by_cn[first.start..]) {
                c6.fill(0.0);
                for r in 0..first.active.len() {
                    let slot = first.at(r, i);
                    *by_cn -= self.gauss_slope[slot] * self.weights.zeta[slot] * self.weights.product[slot];
                    let weight = self.weights.value[slot];
                    let mixed = &self.weights.mixed[(first.row + r) * n..][..i];
                    for (sum, value) in c6.iter_mut().zip(mixed) {
                        *sum += weight * value;
                    }
                }
                for (b, second) in self.groups[..=a].iter().enumerate() {
                    let damping = self.dampings[a * self.groups.len() + b];
                    for (j, c6) in (second.start..second.end.min(i)).zip(&c6[second.start..]) {
                        let square = distance2(&self.positions, i, j);
                        if square <= CUTOFF * CUTOFF {
                            self.push(i, j, -2.0 * c6 * damping.value(square).1, gradient);
                        }
                    }
                }
            }
        }
        self.chain(&by_cn, gradient);
        self.row = c6;
        self.by_cn = by_cn;
    }
}

/// Squared distance of two atoms.
fn distance2(positions: &[[f64; 3]], i: usize, j: usize) -> f64 {
    let (a, b) = (positions[i], positions[j]);
    let (x, y, z) = (a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    x * x + y * y + z * z
}
