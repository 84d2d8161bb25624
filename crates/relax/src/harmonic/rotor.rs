//! The molecule as a rigid body.

use crate::error::RelaxError;
use crate::linalg::eigen;
use crate::vector::{Vec3, cross, dot, sub};
use matter::Element;

/// A moment of inertia below this (dalton bohr^2) is none: the molecule is linear. Real bent molecules have 0.7
/// (methylene) and more, a linear molecule bent by one degree has less than 0.02.
const NO_MOMENT: f64 = 0.04;

/// Mass and moments of inertia of a rigid molecule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rotor {
    /// Mass, dalton (standard atomic weights).
    pub mass: f64,
    /// Principal moments of inertia, dalton bohr^2, rising.
    pub moments: [f64; 3],
}

/// How many axes a molecule turns about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotorKind {
    /// An atom does not turn.
    Atom,
    /// A linear molecule turns about two axes.
    Linear,
    /// All others about three.
    General,
}

impl Rotor {
    /// From elements and positions (bohr).
    ///
    /// # Errors
    /// Lists of different length, or coordinates that are not finite.
    pub fn new(elements: &[Element], positions: &[[f64; 3]]) -> Result<Rotor, RelaxError> {
        Frame::new(elements, positions).map(|frame| frame.rotor)
    }

    /// Whether it is an atom, linear or neither.
    pub fn kind(&self) -> RotorKind {
        match self.moments {
            [_, _, c] if c < NO_MOMENT => RotorKind::Atom,
            [a, _, _] if a < NO_MOMENT => RotorKind::Linear,
            _ => RotorKind::General,
        }
    }

    /// Degrees of freedom that are not vibrations: 3, 5 or 6.
    pub fn rigid_motions(&self) -> usize {
        match self.kind() {
            RotorKind::Atom => 3,
            RotorKind::Linear => 5,
            RotorKind::General => 6,
        }
    }
}

/// A rotor with its axes.
pub(super) struct Frame {
    pub(super) rotor: Rotor,
    centre: Vec3,
    axes: [Vec3; 3],
}

impl Frame {
    pub(super) fn new(elements: &[Element], positions: &[Vec3]) -> Result<Frame, RelaxError> {
        if elements.len() != positions.len() || elements.is_empty() {
            let expected = format!("{} (one per element)", elements.len().max(1));
            return Err(RelaxError::Input {
                what: "number of positions",
                found: positions.len().to_string(),
                expected,
            });
        }
        let mass: f64 = elements.iter().map(|e| e.weight()).sum();
        let mut centre = [0.0; 3];
        for (element, p) in elements.iter().zip(positions) {
            for c in 0..3 {
                centre[c] += element.weight() / mass * p[c];
            }
        }
        let mut tensor = [0.0; 9];
        for (element, p) in elements.iter().zip(positions) {
            let d = sub(*p, centre);
            let square = d.iter().map(|x| x * x).sum::<f64>();
            for i in 0..3 {
                for j in 0..3 {
                    tensor[3 * i + j] += element.weight() * (if i == j { square } else { 0.0 } - d[i] * d[j]);
                }
            }
        }
        if tensor.iter().any(|t| !t.is_finite()) {
            let expected = "finite numbers of bohr".to_owned();
            return Err(RelaxError::Input {
                what: "positions",
                found: "NaN or infinity".to_owned(),
                expected,
            });
        }
        let (values, vectors) = eigen(&tensor, 3)?;
        let axes = std::array::from_fn(|k| [vectors[3 * k], vectors[3 * k + 1], vectors[3 * k + 2]]);
        let moments = std::array::from_fn(|k| values[k].max(0.0));
        Ok(Frame { rotor: Rotor { mass, moments }, centre, axes })
    }

    /// Shifts and turns in mass-weighted coordinates, normalised; they are orthogonal because the axes are
    /// principal.
    pub(super) fn motions(&self, elements: &[Element], positions: &[Vec3]) -> Vec<Vec<f64>> {
        let roots: Vec<f64> = elements.iter().map(|e| e.weight().sqrt()).collect();
        let shifts = (0..3).map(|k| {
            let shifted = roots
                .iter()
                .flat_map(|m| std::array::from_fn::<f64, 3, _>(|c| if c == k { *m } else { 0.0 }));
            shifted.collect::<Vec<f64>>()
        });
        let skip = match self.rotor.kind() {
            RotorKind::Atom => 3,
            RotorKind::Linear => 1,
            RotorKind::General => 0,
        };
        let turns = self.axes[skip..].iter().map(|axis| {
            let turned = positions
                .iter()
                .zip(&roots)
                .flat_map(|(p, m)| cross(*axis, sub(*p, self.centre)).map(|x| x * m));
            turned.collect::<Vec<f64>>()
        });
        let mut motions: Vec<Vec<f64>> = shifts.chain(turns).collect();
        for motion in &mut motions {
            let length = dot(motion, motion).sqrt();
            motion.iter_mut().for_each(|x| *x /= length);
        }
        motions
    }
}
