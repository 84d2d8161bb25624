//! Derivatives of the coordination numbers and of the repulsion against finite differences.

use super::{d4, d4_gradient, gfn2, gfn2_gradient};
use crate::repulsion;

/// Light and heavy atoms, at distances from short bonds to far away.
const NUMBERS: [u8; 10] = [1, 6, 8, 1, 14, 2, 26, 53, 79, 2];
const POSITIONS: [[f64; 3]; 10] = [
    [0.1, 0.2, -0.3],
    [2.0, 0.3, 0.1],
    [3.1, 2.2, -0.4],
    [0.3, -1.3, 0.2],
    [4.9, -1.2, 1.9],
    [0.4, 0.5, 1.7],
    [-2.5, 1.4, 1.0],
    [-6.6, 2.9, 3.3],
    [9.7, 1.1, -5.9],
    [-1.1, 0.9, 2.8],
];

/// The sum of a weighted property and its gradient from `gradient` agree.
fn check(value: impl Fn(&[[f64; 3]]) -> f64, gradient: &[[f64; 3]]) {
    let mut moved = POSITIONS;
    for atom in 0..NUMBERS.len() {
        for k in 0..3 {
            let mut at = |h: f64| {
                moved[atom][k] = POSITIONS[atom][k] + h;
                let found = value(&moved);
                moved[atom][k] = POSITIONS[atom][k];
                found
            };
            let h = 1e-3;
            let difference = (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h);
            let error = gradient[atom][k] - difference;
            assert!(
                error.abs() < 1e-8 * (1.0 + difference.abs()),
                "atom {atom}, {k}: {error:e} of {difference}"
            );
        }
    }
}

#[test]
fn derivatives_of_both() {
    type Count = fn(&[u8], &[[f64; 3]], &mut [f64]);
    type Slope = fn(&[u8], &[[f64; 3]], &[f64], &mut [[f64; 3]]);
    let weights = [0.3, -0.7, 1.1, 0.9, -0.2, 0.5, 0.8, -1.3, 0.4, 0.6];
    for (count, slope) in [(gfn2 as Count, gfn2_gradient as Slope), (d4 as Count, d4_gradient as Slope)] {
        let value = |positions: &[[f64; 3]]| {
            let mut cn = [0.0; 10];
            count(&NUMBERS, positions, &mut cn);
            cn.iter().zip(weights).map(|(c, w)| c * w).sum()
        };
        let mut gradient = [[0.0; 3]; 10];
        slope(&NUMBERS, &POSITIONS, &weights, &mut gradient);
        check(value, &gradient);
    }
}

#[test]
fn derivative_of_the_repulsion() {
    let value = |positions: &[[f64; 3]]| {
        let mut energy = [0.0; 10];
        repulsion::add_energy(&NUMBERS, positions, &mut energy);
        energy.iter().sum()
    };
    let (mut energy, mut gradient) = ([0.0; 10], [[0.0; 3]; 10]);
    repulsion::add_energy_and_gradient(&NUMBERS, &POSITIONS, &mut energy, &mut gradient);
    assert_eq!(energy.iter().sum::<f64>(), value(&POSITIONS));
    check(value, &gradient);
}
