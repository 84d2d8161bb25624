//! The frame in which the program is asked.
//!
//! xtb 6.5.1 gives a wrong analytic gradient (by up to 1.6e-2 hartree/bohr) whenever two atoms lie exactly on
//! a line parallel to a coordinate axis. Every geometry is therefore turned by one fixed generic rotation
//! before the run, and what comes back is turned back.

use matter::Geometry;

/// Rotation vector (axis times angle in radian) that leaves no ordinary molecule axis-aligned.
const ROTATION_VECTOR: [f64; 3] = [0.3, 0.7, -0.4];

/// The rotation from our frame to the program's: `R = I + sin(a) K + (1 - cos(a)) K^2` (Rodrigues).
pub(super) fn rotation() -> [[f64; 3]; 3] {
    let [x, y, z] = ROTATION_VECTOR;
    let angle = (x * x + y * y + z * z).sqrt();
    let k = [[0.0, -z / angle, y / angle], [z / angle, 0.0, -x / angle], [-y / angle, x / angle, 0.0]];
    let mut r = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            let squared: f64 = (0..3).map(|m| k[i][m] * k[m][j]).sum();
            let unit = if i == j { 1.0 } else { 0.0 };
            r[i][j] = unit + angle.sin() * k[i][j] + (1.0 - angle.cos()) * squared;
        }
    }
    r
}

/// The rotation back.
pub(super) fn inverse() -> [[f64; 3]; 3] {
    let r = rotation();
    [[r[0][0], r[1][0], r[2][0]], [r[0][1], r[1][1], r[2][1]], [r[0][2], r[1][2], r[2][2]]]
}

/// The geometry in the program's frame, as an XYZ file.
pub(super) fn to_program(geometry: &Geometry) -> String {
    let turned = geometry.rotated(&rotation());
    let mut text = format!("{}\n\n", turned.len());
    for (element, p) in turned.elements().iter().zip(turned.positions()) {
        text.push_str(&format!("{element} {:.12} {:.12} {:.12}\n", p[0], p[1], p[2]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use matter::rotate;

    #[test]
    fn there_and_back_is_nothing() {
        for axis in 0..3 {
            let mut v = [0.0; 3];
            v[axis] = 1.0;
            let back = rotate(&inverse(), rotate(&rotation(), v));
            for k in 0..3 {
                assert!((back[k] - v[k]).abs() < 1e-15);
            }
            // No axis is mapped near another axis.
            assert!(rotate(&rotation(), v).iter().all(|x| x.abs() > 0.05 && x.abs() < 0.999));
        }
    }
}
