//! Coordination numbers: the one of the Hamiltonian and the multipole radii (GFN2), and the one of D4.

mod erfc;
#[cfg(test)]
mod tests;

use crate::parameters::ANGSTROM;
use crate::tables::elements::{COVALENT_RADII, ELECTRONEGATIVITIES};

/// Distance in bohr beyond which no pair counts; the GFN2 count has fallen below 1e-12 there.
const CUTOFF: f64 = 25.0;

/// Steepness of the two factors of the GFN2 count and the shift of the second in bohr.
const KA: f64 = 10.0;
const KB: f64 = 20.0;
const SHIFT: f64 = 2.0;

/// Steepness of the D4 count and the parameters of its electronegativity factor k4 exp(-(|dEN| + k5)^2 / k6).
const K0: f64 = 7.5;
const K4: f64 = 4.10451;
const K5: f64 = 19.08857;
const K6: f64 = 2.0 * 11.28174 * 11.28174;

/// Where the D4 count, erfc of this over two, is below the resolution of a double (next to one).
const VANISHED: f64 = 6.0;

/// Entry of a table by atomic number; zero outside of it.
pub(crate) fn entry(table: &[f64], number: u8) -> f64 {
    usize::from(number).checked_sub(1).and_then(|i| table.get(i)).copied().unwrap_or(0.0)
}

/// Radius of an element in coordination numbers, bohr: 4/3 of the covalent radius (S. Grimme, J. Antony, S.
/// Ehrlich, H. Krieg, J. Chem. Phys. 2010, 132, 154104).
pub(crate) fn radius(number: u8) -> f64 {
    4.0 / 3.0 * ANGSTROM * entry(&COVALENT_RADII, number)
}

/// Adds to `cn` (shape `[n_atoms]`) the GFN2 coordination number of every atom: a product of two logistic
/// functions of the distance (GFN2; positions in bohr).
pub(crate) fn gfn2(numbers: &[u8], positions: &[[f64; 3]], cn: &mut [f64]) {
    pairs(numbers, positions, |i, j, square, radii| {
        let (count, _) = double_exponential(square, radii);
        cn[i] += count;
        cn[j] += count;
    });
}

/// Adds to `gradient` (hartree/bohr) what an energy changes by through the GFN2 coordination numbers, given
/// its derivative `by_cn` with respect to each (hartree).
pub(crate) fn gfn2_gradient(
    numbers: &[u8],
    positions: &[[f64; 3]],
    by_cn: &[f64],
    gradient: &mut [[f64; 3]],
) {
    pairs(numbers, positions, |i, j, square, radii| {
        let (_, slope) = double_exponential(square, radii);
        push(positions, i, j, (by_cn[i] + by_cn[j]) * slope, gradient);
    });
}

/// Adds to `cn` (shape `[n_atoms]`) the D4 coordination number of every atom: an error function of the
/// distance with a factor for the difference of the electronegativities (E. Caldeweyher, C. Bannwarth, S.
/// Grimme, J. Chem. Phys. 2017, 147, 034112; positions in bohr).
#[cfg(test)]
pub(crate) fn d4(numbers: &[u8], positions: &[[f64; 3]], cn: &mut [f64]) {
    d4_pairs(numbers, positions, |i, j, count, _| {
        cn[i] += count;
        cn[j] += count;
    });
}

/// As [`gfn2_gradient`], for the D4 coordination numbers.
#[cfg(test)]
pub(crate) fn d4_gradient(numbers: &[u8], positions: &[[f64; 3]], by_cn: &[f64], gradient: &mut [[f64; 3]]) {
    d4_pairs(numbers, positions, |i, j, _, slope| {
        push(positions, i, j, (by_cn[i] + by_cn[j]) * slope, gradient);
    });
}

/// Calls `visit` for every pair of atoms (i > j) that counts in the D4 coordination number, with the count
/// and its derivative by the distance over the distance (1/bohr^2).
pub(crate) fn d4_pairs(
    numbers: &[u8],
    positions: &[[f64; 3]],
    mut visit: impl FnMut(usize, usize, f64, f64),
) {
    pairs(numbers, positions, |i, j, square, radii| {
        let end = radii * (1.0 + VANISHED / K0);
        if square >= end * end {
            return;
        }
        let distance = square.sqrt();
        let x = K0 * (distance - radii) / radii;
        let difference = entry(&ELECTRONEGATIVITIES, numbers[i]) - entry(&ELECTRONEGATIVITIES, numbers[j]);
        let factor = K4 * (-(difference.abs() + K5).powi(2) / K6).exp();
        let (complement, gaussian) = erfc::erfc(x);
        let slope = -std::f64::consts::FRAC_2_SQRT_PI * 0.5 * gaussian * K0 / (radii * distance);
        visit(i, j, factor * 0.5 * complement, factor * slope);
    });
}

/// Adds `slope` times the vector from j to i to the gradient of i, and takes it off that of j.
pub(crate) fn push(positions: &[[f64; 3]], i: usize, j: usize, slope: f64, gradient: &mut [[f64; 3]]) {
    for k in 0..3 {
        let part = slope * (positions[i][k] - positions[j][k]);
        gradient[i][k] += part;
        gradient[j][k] -= part;
    }
}

/// Calls `visit` for every pair of atoms (i > j) within the cutoff, with the squared distance and the sum of
/// the radii.
fn pairs(numbers: &[u8], positions: &[[f64; 3]], mut visit: impl FnMut(usize, usize, f64, f64)) {
    for (i, (&number, a)) in numbers.iter().zip(positions).enumerate() {
        let radius_i = radius(number);
        for (j, b) in positions[..i].iter().enumerate() {
            let (x, y, z) = (a[0] - b[0], a[1] - b[1], a[2] - b[2]);
            let square = x * x + y * y + z * z;
            if square <= CUTOFF * CUTOFF {
                visit(i, j, square, radius_i + radius(numbers[j]));
            }
        }
    }
}

/// The GFN2 count of a pair and its derivative by the distance over the distance.
fn double_exponential(square: f64, radii: f64) -> (f64, f64) {
    let distance = square.sqrt();
    let inverse = 1.0 / distance;
    let first = (KA * (1.0 - radii * inverse)).exp();
    let second = (KB * (1.0 - (radii + SHIFT) * inverse)).exp();
    let count = 1.0 / ((1.0 + first) * (1.0 + second));
    // d/dR of 1/(1 + e) with e = exp(k (1 - R0/R)) is -1/(1 + e)^2 e k R0/R^2.
    let slope = first / (1.0 + first) * KA * radii + second / (1.0 + second) * KB * (radii + SHIFT);
    (count, -count * slope * inverse * inverse * inverse)
}
