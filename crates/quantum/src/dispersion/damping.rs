//! Damping of the two-body energy at short distance.

use super::group::Group;

/// Damping and scaling of the energies (GFN2).
const S6: f64 = 1.0;
const S8: f64 = 2.7;
const A1: f64 = 0.52;
const A2: f64 = 5.0;

/// Damping of a pair of elements.
#[derive(Clone, Copy)]
pub(super) struct Damping {
    /// C8 by C6, bohr^2.
    pub(super) ratio: f64,
    /// Critical radius, bohr.
    pub(super) radius: f64,
}

impl Damping {
    pub(super) fn new(a: &Group, b: &Group) -> Damping {
        let root = 3f64.sqrt() * (a.moment * b.moment);
        Damping { ratio: root * root, radius: A1 * root + A2 }
    }

    /// Energy of a pair by its C6 (without sign) and the derivative of that by the squared distance.
    pub(super) fn value(&self, square: f64) -> (f64, f64) {
        let radius2 = self.radius * self.radius;
        let radius6 = radius2 * radius2 * radius2;
        let cube = square * square * square;
        let six = 1.0 / (cube + radius6);
        let eight = 1.0 / (cube * square + radius6 * radius2);
        let scale = S8 * self.ratio;
        let slope = -(3.0 * S6 * square * square * six * six + 4.0 * scale * cube * eight * eight);
        (S6 * six + scale * eight, slope)
    }
}
