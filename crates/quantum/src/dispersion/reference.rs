//! Reference systems of an element and the dispersion coefficients between them.

use std::sync::OnceLock;

use crate::tables::d4::REFERENCES;

/// Number of imaginary frequencies of the polarisabilities.
const FREQUENCIES: usize = 23;

/// Trapezoidal weights of the frequencies 0.000001, 0.05, 0.1, 0.2, ... 1.0, 1.2, ... 2.0, 2.5, 3, 4, 5, 7.5,
/// 10 hartree.
#[rustfmt::skip]
const WEIGHTS: [f64; FREQUENCIES] = [
    0.0249995, 0.0499995, 0.075, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.15,
    0.2, 0.2, 0.2, 0.2, 0.35, 0.5, 0.75, 1.0, 1.75, 2.5, 1.25,
];

/// An atom in a molecule for which the polarisability was calculated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reference {
    /// D4 coordination number.
    pub cn: f64,
    /// GFN2 charge, e.
    pub charge: f64,
    /// Number of Gaussians of the weight.
    pub gaussians: u8,
    /// Dipole polarisability of the atom at the imaginary frequencies, bohr^3.
    pub alpha: [f64; FREQUENCIES],
}

/// Reference systems of an element; none for an element without.
pub(super) fn references(number: u8) -> &'static [Reference] {
    usize::from(number).checked_sub(1).and_then(|i| REFERENCES.get(i)).copied().unwrap_or(&[])
}

/// C6 coefficients (hartree bohr^6) between all reference systems of two elements by the Casimir-Polder
/// integral, shape `[references of a][references of b]`. Made once per pair of elements and process.
pub(super) fn coefficients(a: u8, b: u8) -> &'static [f64] {
    const ELEMENTS: usize = 87;
    static CACHE: [OnceLock<Box<[f64]>>; ELEMENTS * ELEMENTS] =
        [const { OnceLock::new() }; ELEMENTS * ELEMENTS];
    let slot = usize::from(a) * ELEMENTS + usize::from(b);
    let Some(cell) = CACHE.get(slot) else { return &[] };
    cell.get_or_init(|| {
        let integral = |x: &Reference, y: &Reference| -> f64 {
            let sum: f64 = (0..FREQUENCIES).map(|w| WEIGHTS[w] * x.alpha[w] * y.alpha[w]).sum();
            3.0 / std::f64::consts::PI * sum
        };
        references(a).iter().flat_map(|x| references(b).iter().map(move |y| integral(x, y))).collect()
    })
}
