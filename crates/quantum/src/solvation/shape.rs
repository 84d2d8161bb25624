//! The size of a molecule as seen by its net charge.

/// Electrostatic size: the radius `A` of the sphere that has the same determinant of its tensor of inertia, atoms
/// taken for solid spheres of constant density (G. Sigalov, A. Fenley, A. Onufriev, J. Chem. Phys. 2006, 124,
/// 124902): `A^2 = 5/2 det(I)^(1/3) / M`, `M` the sum of the cubed radii.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// Squared van der Waals radii, bohr^2.
    squares: Vec<f64>,
    /// Cubed van der Waals radii, bohr^3.
    volumes: Vec<f64>,
    /// Sum of the cubed radii.
    total: f64,
    /// Where the sum of squared distances weighted by volume is least.
    centre: [f64; 3],
    /// `tr(J) - J` of the inverse J of the tensor of inertia: xx, xy, yy, xz, yz, zz.
    response: [f64; 6],
    /// The size A, bohr.
    pub size: f64,
}

impl Shape {
    pub fn new(vdw: &[f64]) -> Shape {
        let volumes: Vec<f64> = vdw.iter().map(|r| r * r * r).collect();
        Shape {
            squares: vdw.iter().map(|r| r * r).collect(),
            total: volumes.iter().sum(),
            volumes,
            centre: [0.0; 3],
            response: [0.0; 6],
            size: 0.0,
        }
    }

    /// Computes the size and what its derivative needs.
    pub fn place(&mut self, positions: &[[f64; 3]]) {
        self.centre = [0.0; 3];
        for (position, volume) in positions.iter().zip(&self.volumes) {
            for (c, x) in self.centre.iter_mut().zip(position) {
                *c += x * volume / self.total;
            }
        }
        let [mut xx, mut xy, mut yy, mut xz, mut yz, mut zz] = [0.0; 6];
        for ((position, volume), square) in positions.iter().zip(&self.volumes).zip(&self.squares) {
            let [x, y, z] = std::array::from_fn(|axis| position[axis] - self.centre[axis]);
            let own = 0.4 * square; // of a solid sphere
            xx += volume * (y * y + z * z + own);
            yy += volume * (x * x + z * z + own);
            zz += volume * (x * x + y * y + own);
            xy -= volume * x * y;
            xz -= volume * x * z;
            yz -= volume * y * z;
        }
        let (jxx, jxy, jxz) = (yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy);
        let (jyy, jyz, jzz) = (xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy);
        let determinant = xx * jxx + xy * jxy + xz * jxz;
        self.response = [jyy + jzz, -jxy, jxx + jzz, -jxz, -jyz, jxx + jyy].map(|j| j / determinant);
        self.size = (2.5 * determinant.cbrt() / self.total).sqrt();
    }

    /// Adds `by_size` times the gradient of the size: `dA/dx_k = A/3 v_k (tr(J) - J) (x_k - centre)`.
    pub fn add_gradient(&self, positions: &[[f64; 3]], by_size: f64, gradient: &mut [[f64; 3]]) {
        let [xx, xy, yy, xz, yz, zz] = self.response;
        for ((g, position), volume) in gradient.iter_mut().zip(positions).zip(&self.volumes) {
            let [x, y, z]: [f64; 3] = std::array::from_fn(|axis| position[axis] - self.centre[axis]);
            let factor = by_size * self.size / 3.0 * volume;
            g[0] += factor * (xx * x + xy * y + xz * z);
            g[1] += factor * (xy * x + yy * y + yz * z);
            g[2] += factor * (xz * x + yz * y + zz * z);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_of_a_sphere_is_its_radius() {
        let mut shape = Shape::new(&[2.7]);
        shape.place(&[[1.0, 2.0, 3.0]]);
        assert!((shape.size - 2.7).abs() < 1e-14);
    }
}
