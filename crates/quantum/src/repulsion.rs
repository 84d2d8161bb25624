//! Repulsion of the nuclei and cores.

use crate::coordination::push;
use crate::parameters::element;

/// Distance in bohr beyond which nothing is left of the repulsion.
const CUTOFF: f64 = 25.0;

/// Adds the repulsion energy in hartree, half of each pair to either atom: Z_A Z_B / R exp(-sqrt(alpha_A
/// alpha_B) R^k) with k = 1.5, or 1 if both atoms are hydrogen or helium (GFN2, eqs. 9 and 10; positions in
/// bohr).
pub(crate) fn add_energy(numbers: &[u8], positions: &[[f64; 3]], energy: &mut [f64]) {
    pairs(numbers, positions, |i, j, value, _| {
        energy[i] += 0.5 * value;
        energy[j] += 0.5 * value;
    });
}

/// As [`add_energy`], and adds the derivative by the positions (hartree/bohr).
pub(crate) fn add_energy_and_gradient(
    numbers: &[u8],
    positions: &[[f64; 3]],
    energy: &mut [f64],
    gradient: &mut [[f64; 3]],
) {
    pairs(numbers, positions, |i, j, value, slope| {
        energy[i] += 0.5 * value;
        energy[j] += 0.5 * value;
        push(positions, i, j, slope, gradient);
    });
}

/// Calls `visit` for every pair of atoms (i > j) with its energy, and the derivative of that by the distance
/// over the distance. Atoms without parameters do not repel.
fn pairs(numbers: &[u8], positions: &[[f64; 3]], mut visit: impl FnMut(usize, usize, f64, f64)) {
    // Square roots once per atom; the tables of a molecule are small enough to look up again in the inner
    // loop.
    let of = |number: u8| element(number).map_or((0.0, 0.0), |e| (e.nuclear_charge, e.repulsion.sqrt()));
    let parameters: Vec<(f64, f64)> = numbers.iter().map(|&number| of(number)).collect();
    for (i, a) in positions.iter().enumerate() {
        let (charge, root) = parameters[i];
        for (j, b) in positions[..i].iter().enumerate() {
            let (x, y, z) = (a[0] - b[0], a[1] - b[1], a[2] - b[2]);
            let square = x * x + y * y + z * z;
            if square > CUTOFF * CUTOFF {
                continue;
            }
            let distance = square.sqrt();
            let light = numbers[i] <= 2 && numbers[j] <= 2;
            let (power, exponent) = if light { (distance, 1.0) } else { (distance * distance.sqrt(), 1.5) };
            let argument = root * parameters[j].1 * power;
            let value = charge * parameters[j].0 / distance * (-argument).exp();
            visit(i, j, value, -value * (1.0 + exponent * argument) / square);
        }
    }
}
