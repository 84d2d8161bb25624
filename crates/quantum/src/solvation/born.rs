//! Born radii: how deep each atom lies under the surface of the molecule.

use super::distance;

/// Coefficients of the polynomial in the volume integral (A. Onufriev, D. Bashford, D. A. Case, Proteins 2004, 55,
/// 383, model II).
const POLYNOMIAL: [f64; 3] = [1.0, 0.8, 4.85];

/// The argument of the hyperbolic tangent ends here, where the atom is buried under tens of layers (or the
/// geometry is not one of a molecule): a radius of 1e30 bohr times anything has no polarisation energy left.
const DEEPEST: f64 = 35.0;

/// Born radii `a_i = c / (1/s_i - tanh(u_i) / v_i)`, with van der Waals radii `v`, `s = v - offset`, and the
/// polynomial `u = psi - 0.8 psi^2 + 4.85 psi^3` in `psi_i = s_i/2 sum_j I_ij`, where `I_ij` integrates `r^-4` over
/// the sphere of atom j, outside that of atom i, in the approximation of pairs.
#[derive(Clone, Debug)]
pub(super) struct BornRadii {
    /// Van der Waals radii, bohr.
    vdw: Vec<f64>,
    /// Radii of the spheres without solvent seen from other atoms, bohr.
    descreening: Vec<f64>,
    /// Factor on the radii.
    scale: f64,
    /// Subtracted from the van der Waals radii, bohr.
    offset: f64,
    /// Derivative of `I_ij` with respect to the distance, bohr^-2, at `i * n + j`.
    slope: Vec<f64>,
    /// The radii, bohr.
    pub radii: Vec<f64>,
    /// Derivative of each radius with respect to the sum over its `I`, bohr^2.
    by_integral: Vec<f64>,
}

impl BornRadii {
    pub fn new(vdw: Vec<f64>, descreening: Vec<f64>, scale: f64, offset: f64) -> BornRadii {
        let n = vdw.len();
        BornRadii {
            vdw,
            descreening,
            scale,
            offset,
            slope: vec![0.0; n * n],
            radii: vec![0.0; n],
            by_integral: vec![0.0; n],
        }
    }

    /// Computes the radii and their derivatives.
    pub fn place(&mut self, positions: &[[f64; 3]]) {
        let n = positions.len();
        self.radii.fill(0.0); // holds the sums over I until they are complete
        for i in 0..n {
            for j in 0..i {
                let r = distance(&positions[i], &positions[j]);
                let (value, slope) = descreen(r, self.vdw[i], self.descreening[j]);
                self.radii[i] += value;
                self.slope[i * n + j] = slope;
                let (value, slope) = descreen(r, self.vdw[j], self.descreening[i]);
                self.radii[j] += value;
                self.slope[j * n + i] = slope;
            }
        }
        for ((radius, by_integral), &v) in self.radii.iter_mut().zip(&mut self.by_integral).zip(&self.vdw) {
            let s = v - self.offset;
            let psi = 0.5 * s * *radius;
            let [a, b, c] = POLYNOMIAL;
            let u = psi * (a + psi * (c * psi - b));
            let slope = if u < DEEPEST { a + psi * (3.0 * c * psi - 2.0 * b) } else { 0.0 };
            // 1 - tanh(u) from the exponential, for deep atoms are the difference of two equal numbers
            let e = (2.0 * u.min(DEEPEST)).exp();
            let rest = 2.0 / (1.0 + e);
            *radius = self.scale / (1.0 / s - 1.0 / v + rest / v);
            *by_integral = *radius * *radius / self.scale * rest * rest * e / v * slope * 0.5 * s;
        }
    }

    /// Adds the gradient of an energy with these derivatives with respect to the radii.
    pub fn add_gradient(&self, positions: &[[f64; 3]], by_radius: &[f64], gradient: &mut [[f64; 3]]) {
        let n = positions.len();
        for i in 0..n {
            let by_i = by_radius[i] * self.by_integral[i];
            for j in 0..i {
                let by_j = by_radius[j] * self.by_integral[j];
                let slope = by_i * self.slope[i * n + j] + by_j * self.slope[j * n + i];
                let factor = slope / distance(&positions[i], &positions[j]);
                for axis in 0..3 {
                    let force = factor * (positions[i][axis] - positions[j][axis]);
                    gradient[i][axis] += force;
                    gradient[j][axis] -= force;
                }
            }
        }
    }
}

/// The integral over a sphere of radius `rho` at distance `r` outside a sphere of radius `v`, and its derivative
/// with respect to `r` (G. D. Hawkins, C. J. Cramer, D. G. Truhlar, Chem. Phys. Lett. 1995, 246, 122, eq. 13), with
/// `U = r + rho` and `L` the larger of `v` and `r - rho`. Its derivatives with respect to U and to an L of `r - rho`
/// vanish.
#[inline]
fn descreen(r: f64, v: f64, rho: f64) -> (f64, f64) {
    let upper = r + rho;
    if upper <= v {
        return (0.0, 0.0); // all within atom i
    }
    let lower = if r - rho > v { r - rho } else { v };
    let (inverse_r, inverse_u, inverse_l) = (1.0 / r, 1.0 / upper, 1.0 / lower);
    let squares = 0.25 * (inverse_u * inverse_u - inverse_l * inverse_l);
    let half_log = 0.5 * inverse_r * (lower * inverse_u).ln();
    let ratio = rho * rho * inverse_r;
    let value = inverse_l - inverse_u + (r - ratio) * squares + half_log;
    let slope = (1.0 + ratio * inverse_r) * squares - half_log * inverse_r;
    (value, slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_atom_alone_has_its_own_radius() {
        let mut born = BornRadii::new(vec![3.1], vec![2.0], 1.4, 0.1);
        born.place(&[[0.3, 0.2, 0.1]]);
        assert!((born.radii[0] - 1.4 * 3.0).abs() < 1e-14);
    }

    /// Against the integral by quadrature, for spheres apart, overlapping, and one within the other.
    #[test]
    fn integral_over_a_sphere() {
        for (r, v, rho) in
            [(6.0, 2.1, 1.7), (2.5, 2.1, 1.7), (1.1, 2.1, 1.7), (0.3, 2.1, 1.7), (0.6, 1.0, 1.7)]
        {
            // shells of radius s about atom i: the part within the sphere of j is 2 pi s^2 (1 - cos)
            let steps = 200_000;
            let (low, high) = (f64::max(v, r - rho), r + rho);
            let width = (high - low) / f64::from(steps);
            let sum: f64 = (0..steps)
                .map(|k| low + width * (f64::from(k) + 0.5))
                .map(|s| 0.5 * (1.0 - (s * s + r * r - rho * rho) / (2.0 * s * r)) / (s * s) * width)
                .sum();
            let expected = if high > low { 2.0 * sum } else { 0.0 };
            let (value, slope) = descreen(r, v, rho);
            assert!((value - expected).abs() < 1e-9, "{r} {v} {rho}: {value} {expected}");
            let h = 1e-5;
            let numeric = (descreen(r + h, v, rho).0 - descreen(r - h, v, rho).0) / (2.0 * h);
            assert!((slope - numeric).abs() < 1e-9, "{r} {v} {rho}: {slope} {numeric}");
        }
    }

    /// Atoms much too close together: large radii, no NaN.
    #[test]
    fn buried_without_end() {
        let positions: Vec<[f64; 3]> = (0..200)
            .map(|k| [0.11 * f64::from(k % 6), 0.11 * f64::from(k / 36), 0.11 * f64::from(k / 6 % 6)])
            .collect();
        let mut born = BornRadii::new(vec![2.0; 200], vec![2.5; 200], 1.0, 0.0);
        born.place(&positions);
        let mut gradient = vec![[0.0; 3]; 200];
        born.add_gradient(&positions, &[1.0; 200], &mut gradient);
        assert!(born.radii.iter().all(|r| r.is_finite() && *r > 0.0));
        assert!(gradient.iter().flatten().all(|g| g.is_finite()));
    }
}
