//! Solvent-accessible surface area.

use super::grid::{GRID, Grid};
use crate::parameters::ANGSTROM;

/// Half the thickness of the shell over which a sphere stops covering, bohr.
const SMOOTHING: f64 = 0.3 * ANGSTROM;

/// Area of each atom's sphere of van der Waals plus probe radius that no other sphere covers (W. Im, M. S. Lee,
/// C. L. Brooks, J. Comput. Chem. 2003, 24, 1691, eqs. 4 to 9, as in ALPB):
/// `A_i = (R_i^2 + w^2/5) sum_p w_p prod_j h(|x_p - x_j| - R_j)`, `h` the smooth step of half width `w`,
/// `h(u) = 1/2 + 3u/4w - u^3/4w^3`; the factor is the integral of `r^2 dh/dr` over the shell. Unlike tblite, points
/// of which less than 1e-6 is open are kept: the energy cannot tell, but the gradient is that of the energy then.
#[derive(Clone, Debug)]
pub(super) struct Surface {
    /// Radii of the spheres, bohr.
    radii: Vec<f64>,
    /// The areas, bohr^2.
    pub areas: Vec<f64>,
    /// Derivative of the area of an atom with respect to the position of another, bohr.
    derivatives: Vec<Derivative>,
    /// Where the derivatives of each atom begin, and the end.
    starts: Vec<usize>,
    scratch: Scratch,
}

#[derive(Clone, Copy, Debug)]
struct Derivative {
    other: usize,
    value: [f64; 3],
}

/// An atom whose sphere covers part of the sphere at work.
#[derive(Clone, Copy, Debug)]
struct Neighbour {
    atom: usize,
    /// From the neighbour to the centre of the sphere at work, bohr.
    vector: [f64; 3],
    /// Squared distance, bohr^2.
    square: f64,
    /// Cosine of the half angle of the cap it covers: the smaller, the larger the cap.
    cosine: f64,
}

/// A point in the shell of a neighbour.
#[derive(Clone, Copy, Debug, Default)]
struct Partial {
    point: u32,
    neighbour: u32,
    /// Squared distance from the neighbour, bohr^2; later `dh/du / (h t)` at the distance t.
    value: f64,
}

#[derive(Clone, Debug, Default)]
struct Scratch {
    neighbours: Vec<Neighbour>,
    /// Patches with an open point.
    patches: Vec<usize>,
    /// Weight of each point times the steps of the neighbours so far: zero where one covers it.
    exposure: Vec<f64>,
    partial: Vec<Partial>,
    sums: Vec<[f64; 3]>,
}

impl Surface {
    pub fn new(radii: Vec<f64>) -> Surface {
        let n = radii.len();
        Surface {
            areas: vec![0.0; n],
            derivatives: Vec::with_capacity(4 * n),
            starts: vec![0; n + 1],
            scratch: Scratch::default(),
            radii,
        }
    }

    /// Computes areas and derivatives.
    pub fn place(&mut self, positions: &[[f64; 3]]) {
        self.derivatives.clear();
        for atom in 0..positions.len() {
            self.starts[atom] = self.derivatives.len();
            self.areas[atom] =
                if self.find_neighbours(atom, positions) { self.scan(self.radii[atom]) } else { 0.0 };
        }
        self.starts[positions.len()] = self.derivatives.len();
    }

    /// Lists the spheres that cover part of one sphere, largest cap first; `false` if one covers it all.
    fn find_neighbours(&mut self, atom: usize, positions: &[[f64; 3]]) -> bool {
        let radius = self.radii[atom];
        let centre = positions[atom];
        let neighbours = &mut self.scratch.neighbours;
        neighbours.clear();
        for (other, (position, &their)) in positions.iter().zip(&self.radii).enumerate() {
            let vector: [f64; 3] = std::array::from_fn(|axis| centre[axis] - position[axis]);
            let square = dot(&vector, &vector);
            let reach = radius + their + SMOOTHING;
            if square >= reach * reach || other == atom {
                continue;
            }
            let distance = square.sqrt();
            if distance + radius <= their - SMOOTHING {
                return false;
            }
            if radius - distance >= their + SMOOTHING {
                continue; // wholly inside
            }
            let inner = their - SMOOTHING;
            let cosine = (square + radius * radius - inner * inner) / (2.0 * radius * distance);
            neighbours.push(Neighbour { atom: other, vector, square, cosine });
        }
        neighbours.sort_unstable_by(|a, b| a.cosine.total_cmp(&b.cosine));
        true
    }

    /// Area of the sphere left open by the neighbours listed; appends its derivatives.
    fn scan(&mut self, radius: f64) -> f64 {
        let grid = &*GRID;
        if !self.scratch.cover(grid, radius, &self.radii) {
            return 0.0;
        }
        let shell = radius * radius + 0.2 * SMOOTHING * SMOOTHING;
        let derivatives = self.scratch.differentiate(grid, radius, shell, &self.radii);
        self.derivatives.extend(derivatives);
        let Scratch { patches, exposure, .. } = &self.scratch;
        shell * patches.iter().flat_map(|&patch| &exposure[grid.patches[patch].points.clone()]).sum::<f64>()
    }

    /// Adds the gradient of an energy with these derivatives with respect to the areas.
    pub fn add_gradient(&self, by_area: impl Fn(usize) -> f64, gradient: &mut [[f64; 3]]) {
        for (atom, range) in self.starts.windows(2).enumerate() {
            let factor = by_area(atom);
            for derivative in &self.derivatives[range[0]..range[1]] {
                for (axis, value) in derivative.value.iter().enumerate() {
                    gradient[derivative.other][axis] += factor * value;
                    gradient[atom][axis] -= factor * value;
                }
            }
        }
    }
}

impl Scratch {
    /// Closes the points that neighbours cover and lists those in their shells; `false` if none is left open.
    fn cover(&mut self, grid: &Grid, radius: f64, radii: &[f64]) -> bool {
        let Scratch { neighbours, patches, exposure, partial, .. } = self;
        patches.clear();
        patches.extend(0..grid.patches.len());
        exposure.clear();
        exposure.extend_from_slice(&grid.weights);
        partial.clear();
        for (index, neighbour) in neighbours.iter().enumerate() {
            let their = radii[neighbour.atom];
            let (inner, outer) = (their - SMOOTHING, their + SMOOTHING);
            let (inner, outer) = (inner * inner, outer * outer);
            // squared distance of a point from the neighbour: linear in the unit vector of the point
            let constant = neighbour.square + radius * radius;
            let slope = neighbour.vector.map(|d| 2.0 * radius * d);
            let steepness = 2.0 * radius * neighbour.square.sqrt();
            patches.retain(|&patch| {
                let patch = &grid.patches[patch];
                let middle = constant + dot(&slope, &patch.centre);
                let range = steepness * patch.reach;
                let points = patch.points.clone();
                if middle - range >= outer {
                    return true;
                }
                if middle + range <= inner {
                    exposure[points].fill(0.0);
                    return false;
                }
                let mut open = false;
                for point in points {
                    let square = constant + dot(&slope, &grid.points[point]);
                    if square <= inner {
                        exposure[point] = 0.0;
                    } else if square < outer && exposure[point] != 0.0 {
                        partial.push(Partial { point: point as u32, neighbour: index as u32, value: square });
                    }
                    open |= exposure[point] != 0.0;
                }
                open
            });
            if patches.is_empty() {
                return false;
            }
        }
        true
    }

    /// Multiplies the exposures by the steps, and returns the derivatives of the area.
    fn differentiate(
        &mut self,
        grid: &Grid,
        radius: f64,
        shell: f64,
        radii: &[f64],
    ) -> impl Iterator<Item = Derivative> {
        let Scratch { neighbours, exposure, partial, sums, .. } = self;
        // points may have been closed after they were listed
        partial.retain(|p| exposure[p.point as usize] != 0.0);
        for p in partial.iter_mut() {
            let distance = p.value.sqrt();
            let u = (distance - radii[neighbours[p.neighbour as usize].atom]) / SMOOTHING;
            // h = (1 + u)^2 (2 - u) / 4, dh/du = 3 (1 + u) (1 - u) / 4
            let above = (1.0 + u).max(f64::EPSILON); // rounding, at the inner edge
            exposure[p.point as usize] *= 0.25 * above * above * (2.0 - u);
            p.value = 3.0 * (1.0 - u) / (SMOOTHING * distance * above * (2.0 - u));
        }
        sums.clear();
        sums.resize(neighbours.len(), [0.0; 3]);
        for p in partial.iter() {
            let factor = -shell * exposure[p.point as usize] * p.value;
            let (unit, neighbour) = (&grid.points[p.point as usize], &neighbours[p.neighbour as usize]);
            let sum = &mut sums[p.neighbour as usize];
            for axis in 0..3 {
                sum[axis] += factor * (neighbour.vector[axis] + radius * unit[axis]);
            }
        }
        let felt = neighbours.iter().zip(sums.iter()).filter(|(_, sum)| **sum != [0.0; 3]);
        felt.map(|(neighbour, &value)| Derivative { other: neighbour.atom, value })
    }
}

#[inline(always)]
fn dot(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    /// A sphere alone, and two spheres against the analytic area of a cap averaged over the shell.
    #[test]
    fn areas_of_one_and_two_spheres() {
        let mut one = Surface::new(vec![3.0]);
        one.place(&[[0.1, 0.2, 0.3]]);
        assert!((one.areas[0] - 4.0 * PI * (9.0 + 0.2 * SMOOTHING * SMOOTHING)).abs() < 1e-11);
        let mut two = Surface::new(vec![3.0, 2.0]);
        two.place(&[[0.0; 3], [0.0, 0.0, 3.5]]);
        let cap = 2.0 * PI * 3.0 * (3.0 - (9.0 + 3.5 * 3.5 - 4.0) / 7.0);
        assert!((two.areas[0] / (4.0 * PI * 9.0 - cap) - 1.0).abs() < 0.02);
    }

    #[test]
    fn a_sphere_inside_another_has_no_surface() {
        let mut two = Surface::new(vec![1.0, 4.0]);
        two.place(&[[0.0; 3], [0.0, 0.0, 1.5]]);
        assert_eq!(two.areas[0], 0.0);
        assert!((two.areas[1] - 4.0 * PI * (16.0 + 0.2 * SMOOTHING * SMOOTHING)).abs() < 1e-10);
    }
}
