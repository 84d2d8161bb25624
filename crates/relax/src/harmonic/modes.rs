//! Normal modes of vibration.

use super::hessian::Hessian;
use super::rotor::{Frame, Rotor};
use crate::constants::{DALTON_IN_ELECTRONS, HARTREE_IN_WAVENUMBER};
use crate::error::RelaxError;
use crate::linalg::eigen;
use crate::vector::dot;
use matter::Element;

/// One vibration.
#[derive(Clone, Debug, PartialEq)]
pub struct Mode {
    /// Wavenumber, 1/cm; negative stands for imaginary.
    pub wavenumber: f64,
    /// Reduced mass, dalton: `1 / sum(l^2 / m)` for the normalised mass-weighted mode `l`.
    pub reduced_mass: f64,
    /// Force constant along the normalised displacement, hartree/bohr^2.
    pub force_constant: f64,
    /// Cartesian displacement of each atom, normalised to length 1 over all atoms.
    pub displacement: Vec<[f64; 3]>,
}

/// All vibrations of a molecule.
#[derive(Clone, Debug, PartialEq)]
pub struct Vibrations {
    /// 3 n - 6 modes (3 n - 5 of a linear molecule, none of an atom) by rising wavenumber.
    pub modes: Vec<Mode>,
    /// The molecule as a rigid body.
    pub rotor: Rotor,
}

/// What a stationary point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stationary {
    /// No imaginary mode.
    Minimum,
    /// This many imaginary modes (1: a transition state).
    Saddle(usize),
}

impl Vibrations {
    /// Wavenumbers, 1/cm, rising; negative stands for imaginary.
    pub fn wavenumbers(&self) -> Vec<f64> {
        self.modes.iter().map(|mode| mode.wavenumber).collect()
    }

    /// Minimum or saddle point, counting imaginary modes beyond `tolerance` (1/cm, positive): smaller ones are
    /// within the noise of finite differences and of an optimisation that stops somewhere. 20 is usual.
    pub fn stationary(&self, tolerance: f64) -> Stationary {
        match self.modes.iter().filter(|mode| mode.wavenumber < -tolerance.abs()).count() {
            0 => Stationary::Minimum,
            order => Stationary::Saddle(order),
        }
    }
}

/// Normal modes from a Hessian at `positions` (bohr), with standard atomic weights. Motions of the whole molecule
/// are projected out.
///
/// # Errors
/// Arguments whose sizes do not fit, or a matrix that is not finite.
pub fn vibrations(
    hessian: &Hessian,
    elements: &[Element],
    positions: &[[f64; 3]],
) -> Result<Vibrations, RelaxError> {
    let n = 3 * elements.len();
    if hessian.matrix.len() != n * n {
        let expected = format!("{} (square of three per atom)", n * n);
        return Err(RelaxError::Input {
            what: "elements of the Hessian",
            found: hessian.matrix.len().to_string(),
            expected,
        });
    }
    if hessian.matrix.iter().any(|h| !h.is_finite()) {
        let expected = "finite numbers".to_owned();
        return Err(RelaxError::Input { what: "Hessian", found: "NaN or infinity".to_owned(), expected });
    }
    let frame = Frame::new(elements, positions)?;
    let roots: Vec<f64> = elements.iter().flat_map(|e| [e.weight().sqrt(); 3]).collect();
    let mut matrix: Vec<f64> =
        hessian.matrix.iter().enumerate().map(|(k, h)| h / (roots[k / n] * roots[k % n])).collect();
    let motions = frame.motions(elements, positions);
    // Moved beyond all vibrations, motions of the whole molecule are the last eigenvectors and cannot mix with
    // soft modes.
    let beyond = 2.0
        * (0..n)
            .map(|j| matrix[j * n..(j + 1) * n].iter().map(|h| h.abs()).sum::<f64>())
            .fold(1e-6, f64::max);
    for motion in &motions {
        project(&mut matrix, n, motion);
    }
    for motion in &motions {
        for j in 0..n {
            for i in 0..n {
                matrix[j * n + i] += beyond * motion[i] * motion[j];
            }
        }
    }
    let (values, vectors) = eigen(&matrix, n)?;
    let count = n - motions.len();
    let modes = (0..count).map(|k| mode(values[k], &vectors[k * n..(k + 1) * n], &roots)).collect();
    Ok(Vibrations { modes, rotor: frame.rotor })
}

/// `(1 - m m^T) A (1 - m m^T)` for a normalised `m`.
fn project(matrix: &mut [f64], n: usize, motion: &[f64]) {
    let product: Vec<f64> = (0..n).map(|j| dot(&matrix[j * n..(j + 1) * n], motion)).collect();
    let twice = dot(&product, motion);
    for j in 0..n {
        for i in 0..n {
            matrix[j * n + i] +=
                twice * motion[i] * motion[j] - motion[i] * product[j] - product[i] * motion[j];
        }
    }
}

fn mode(value: f64, vector: &[f64], roots: &[f64]) -> Mode {
    let cartesian: Vec<f64> = vector.iter().zip(roots).map(|(l, m)| l / m).collect();
    let square = dot(&cartesian, &cartesian);
    let omega = (value.abs() / DALTON_IN_ELECTRONS).sqrt() * HARTREE_IN_WAVENUMBER;
    let length = square.sqrt();
    Mode {
        wavenumber: omega.copysign(value),
        reduced_mass: 1.0 / square,
        force_constant: value / square,
        displacement: cartesian
            .chunks_exact(3)
            .map(|d| [d[0] / length, d[1] / length, d[2] / length])
            .collect(),
    }
}
