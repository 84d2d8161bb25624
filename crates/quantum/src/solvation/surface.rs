//! Solvent-accessible surface area.

use std::sync::LazyLock;

use crate::parameters::ANGSTROM;
use crate::tables::lebedev::{GENERATORS, POINTS};

/// Half the thickness of the shell over which a sphere stops covering, bohr.
const SMOOTHING: f64 = 0.3 * ANGSTROM;

/// Points on the unit sphere with their weights, which sum to 4 pi.
static GRID: LazyLock<Vec<([f64; 3], f64)>> = LazyLock::new(grid);

/// Area of each atom's sphere of van der Waals plus probe radius that no other sphere covers (W. Im, M. S. Lee,
/// C. L. Brooks, J. Comput. Chem. 2003, 24, 1691, eqs. 4 to 9, as in ALPB):
/// `A_i = (R_i^2 + w^2/5) sum_p w_p prod_j h(|x_p - x_j| - R_j)`, `h` the smooth step of half width `w`,
/// `h(u) = 1/2 + 3u/4w - u^3/4w^3`; the factor is the integral of `r^2 dh/dr` over the shell.
#[derive(Clone, Debug)]
pub(super) struct Surface {
    /// Radii of the spheres, bohr.
    radii: Vec<f64>,
    /// Areas, bohr^2.
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
#[derive(Clone, Copy, Debug)]
struct Partial {
    point: usize,
    neighbour: usize,
    /// `dh/du / (h t)` at the distance t from the neighbour.
    slope: f64,
}

#[derive(Clone, Debug, Default)]
struct Scratch {
    neighbours: Vec<Neighbour>,
    open: Vec<usize>,
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
            let square = vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2];
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
        let Scratch { neighbours, open, exposure, partial, sums } = &mut self.scratch;
        let grid = GRID.as_slice();
        open.clear();
        open.extend(0..grid.len());
        exposure.clear();
        exposure.extend(grid.iter().map(|g| g.1));
        partial.clear();
        for (index, neighbour) in neighbours.iter().enumerate() {
            let their = self.radii[neighbour.atom];
            let (inner, outer) = (their - SMOOTHING, their + SMOOTHING);
            let (inner, outer) = (inner * inner, outer * outer);
            // squared distance of a point from the neighbour: linear in the unit vector of the point
            let constant = neighbour.square + radius * radius;
            let [x, y, z] = neighbour.vector.map(|d| 2.0 * radius * d);
            let mut kept = 0;
            for k in 0..open.len() {
                let point = open[k];
                let unit = &grid[point].0;
                let square = constant + x * unit[0] + y * unit[1] + z * unit[2];
                open[kept] = point;
                kept += usize::from(square > inner);
                if square > inner && square < outer {
                    let distance = square.sqrt();
                    let u = (distance - their) / SMOOTHING;
                    let step = 0.5 + u * (0.75 - 0.25 * u * u);
                    let slope = 0.75 / SMOOTHING * (1.0 - u * u);
                    if step > 0.0 {
                        exposure[point] *= step;
                        partial.push(Partial { point, neighbour: index, slope: slope / (step * distance) });
                    } else {
                        kept -= 1; // rounding, at the inner edge
                    }
                }
            }
            // points that stay are marked by what is left of `open`
            open.truncate(kept);
            if open.is_empty() {
                return 0.0;
            }
        }
        let shell = radius * radius + 0.2 * SMOOTHING * SMOOTHING;
        let area: f64 = open.iter().map(|&point| exposure[point]).sum();
        if !partial.is_empty() {
            differentiate(neighbours, open, exposure, partial, sums, radius, shell);
            let derivatives = neighbours.iter().zip(sums.iter()).filter(|(_, s)| **s != [0.0; 3]);
            self.derivatives.extend(derivatives.map(|(n, &value)| Derivative { other: n.atom, value }));
        }
        shell * area
    }

    /// Adds the gradient of an energy with these derivatives with respect to the areas.
    pub fn add_gradient(&self, by_area: impl Fn(usize) -> f64, gradient: &mut [[f64; 3]]) {
        for (atom, range) in self.starts.windows(2).enumerate() {
            let factor = by_area(atom);
            for derivative in &self.derivatives[range[0]..range[1]] {
                for axis in 0..3 {
                    let force = factor * derivative.value[axis];
                    gradient[derivative.other][axis] += force;
                    gradient[atom][axis] -= force;
                }
            }
        }
    }
}

/// Sums the derivative of the area with respect to the position of each neighbour.
fn differentiate(
    neighbours: &[Neighbour],
    open: &[usize],
    exposure: &mut [f64],
    partial: &[Partial],
    sums: &mut Vec<[f64; 3]>,
    radius: f64,
    shell: f64,
) {
    // what later neighbours covered counts no more
    let mut from = 0;
    for &point in open {
        exposure[from..point].fill(0.0);
        from = point + 1;
    }
    exposure[from..].fill(0.0);
    sums.clear();
    sums.resize(neighbours.len(), [0.0; 3]);
    for p in partial {
        let factor = -shell * exposure[p.point] * p.slope;
        let unit = &GRID[p.point].0;
        for axis in 0..3 {
            sums[p.neighbour][axis] += factor * (neighbours[p.neighbour].vector[axis] + radius * unit[axis]);
        }
    }
}

/// Expands the generators: all permutations and signs of their coordinates.
fn grid() -> Vec<([f64; 3], f64)> {
    let mut points: Vec<([f64; 3], f64)> = Vec::with_capacity(POINTS);
    for (generator, weight) in GENERATORS {
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            for signs in 0..8 {
                let point = std::array::from_fn(|axis| {
                    let x: f64 = generator[order[axis]];
                    if signs >> axis & 1 == 1 { -x } else { x }
                });
                if !points.iter().any(|(other, _)| *other == point) {
                    points.push((point, weight));
                }
            }
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    #[test]
    fn grid_integrates_polynomials_of_degree_25() {
        assert_eq!(GRID.len(), POINTS);
        let mean = |f: fn(&[f64; 3]) -> f64| GRID.iter().map(|(x, w)| w * f(x)).sum::<f64>() / (4.0 * PI);
        assert!((mean(|_| 1.0) - 1.0).abs() < 1e-14);
        assert!((mean(|x| x[2].powi(24)) - 1.0 / 25.0).abs() < 1e-14);
        // mean of x^2a y^2b z^2c: (2a-1)!! (2b-1)!! (2c-1)!! / (2a+2b+2c+1)!!
        let double: fn(u32) -> f64 = |n| (1..=n).rev().step_by(2).map(f64::from).product();
        let product = mean(|x| (x[0] * x[1] * x[2]).powi(8));
        assert!((product / (double(7).powi(3) / double(25)) - 1.0).abs() < 1e-9);
        assert!(mean(|x| x[0].powi(13) * x[1].powi(12)).abs() < 1e-14);
    }

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
