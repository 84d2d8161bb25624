//! The tests every representation of geometries must pass.

use super::Violation;
use crate::{FeatureError, FeatureId, GlobalFeatures, LocalFeatures, LocalGradients};
use matter::{Element, Geometry, GeometryError};

/// Largest change of a number under a motion or a renumbering, as a fraction
/// of the largest number of the molecule: what rounding does, with room.
const MOTION: f64 = 1e-9;

/// Largest difference of a derivative from a finite difference, as a fraction
/// of the largest derivative of the molecule. The step below makes an error of
/// about its square times the third derivative, and of rounding over itself.
const DERIVATIVE: f64 = 1e-6;

/// Half the difference of the two positions of a finite difference, angstrom.
const STEP: f64 = 1e-4;

/// Checks `features` on molecules made of `elements`: the same row after any
/// rotation, translation and renumbering of atoms, the same for a batch as for
/// each geometry alone, bit by bit the same in any number of threads, finite,
/// and an empty batch for no geometries.
///
/// # Errors
/// The first [`Violation`] found.
pub fn check_global<F: GlobalFeatures>(features: &F, elements: &[Element]) -> Result<(), Violation> {
    let report = Report(features.id());
    let geometries = molecules(elements).map_err(|e| report.broken("being a molecule", 0, e.to_string()))?;
    let compute = |batch: &[Geometry]| {
        features.compute(batch).map(|m| m.values().to_vec()).map_err(|e| report.failed(&e))
    };
    let batch = compute(&geometries)?;
    let columns = features.columns();
    for (index, geometry) in geometries.iter().enumerate() {
        let row = &batch[index * columns..(index + 1) * columns];
        report.all_finite(index, row)?;
        report.single(index, row, &compute(std::slice::from_ref(geometry))?)?;
        for moved in motions(geometry) {
            report.close("invariance under motion", index, row, &compute(&[moved])?)?;
        }
        let (renumbered, _) =
            renumber(geometry).map_err(|e| report.broken("renumbering", index, e.to_string()))?;
        report.close("invariance under atom order", index, row, &compute(&[renumbered])?)?;
    }
    report.threads(&batch, || compute(&geometries))?;
    report.empty(&compute(&[])?)
}

/// Checks `features` as [`check_global`] does, but the rows of renumbered
/// atoms must be the renumbered rows.
///
/// # Errors
/// The first [`Violation`] found.
pub fn check_local<F: LocalFeatures>(features: &F, elements: &[Element]) -> Result<(), Violation> {
    let report = Report(features.id());
    let geometries = molecules(elements).map_err(|e| report.broken("being a molecule", 0, e.to_string()))?;
    let compute = |batch: &[Geometry]| features.compute(batch).map_err(|e| report.failed(&e));
    let batch = compute(&geometries)?;
    let columns = features.columns();
    for (index, geometry) in geometries.iter().enumerate() {
        let rows = batch.molecule(index);
        if batch.elements()[batch.atoms(index)] != *geometry.elements() {
            return Err(report.broken("an element for each row", index, "they differ".to_owned()));
        }
        report.all_finite(index, rows)?;
        report.single(index, rows, compute(std::slice::from_ref(geometry))?.molecule(0))?;
        for moved in motions(geometry) {
            report.close("invariance under motion", index, rows, compute(&[moved])?.molecule(0))?;
        }
        let (renumbered, order) =
            renumber(geometry).map_err(|e| report.broken("renumbering", index, e.to_string()))?;
        let expected: Vec<f64> =
            order.iter().flat_map(|&a| &rows[a * columns..(a + 1) * columns]).copied().collect();
        report.close("rows follow their atoms", index, &expected, compute(&[renumbered])?.molecule(0))?;
    }
    report.threads(batch.matrix().values(), || Ok(compute(&geometries)?.matrix().values().to_vec()))?;
    report.empty(compute(&[])?.matrix().values())
}

/// Checks the derivatives of `features` against central finite differences,
/// that the features beside them are those without derivatives, and that
/// pulling weights back gives the derivatives times these weights.
///
/// # Errors
/// The first [`Violation`] found.
pub fn check_gradients<F: LocalGradients>(features: &F, elements: &[Element]) -> Result<(), Violation> {
    let report = Report(features.id());
    let geometries = molecules(elements).map_err(|e| report.broken("being a molecule", 0, e.to_string()))?;
    for (index, geometry) in geometries.iter().enumerate() {
        let columns = features.columns();
        let (atoms, size) = (geometry.len(), geometry.len() * columns);
        let rows_of = |geometry: &Geometry| {
            let mut rows = vec![0.0; size];
            features.fill(geometry, &mut rows).map(|()| rows)
        };
        let unfit = |e: crate::Unfit| report.broken("having features", index, e.to_string());
        let (mut rows, mut gradients) = (vec![0.0; size], vec![0.0; size * atoms * 3]);
        features.fill_with_gradients(geometry, &mut rows, &mut gradients).map_err(unfit)?;
        report.close("features beside gradients", index, &rows_of(geometry).map_err(unfit)?, &rows)?;
        report.all_finite(index, &gradients)?;
        let mut random = Random(97);
        let weights: Vec<f64> = (0..size).map(|_| random.next() - 0.5).collect();
        let mut slopes = vec![[0.0; 3]; atoms];
        features.pull_back(geometry, &weights, &mut slopes).map_err(unfit)?;
        let mut expected = vec![0.0; atoms * 3];
        for (place, gradient) in gradients.iter().enumerate() {
            let (atom, rest) = (place / (atoms * 3 * columns), place % (atoms * 3 * columns));
            expected[rest / columns] += gradient * weights[atom * columns + rest % columns];
        }
        report.close("pulling back is multiplying", index, &expected, slopes.as_flattened())?;
        let scale = largest(&gradients);
        for moved in 0..atoms {
            for axis in 0..3 {
                let shifted = |by: f64| {
                    let mut positions = geometry.positions().to_vec();
                    positions[moved][axis] += by;
                    let geometry = geometry.with_positions(positions);
                    let geometry = geometry.map_err(|e| report.broken("moving", index, e.to_string()))?;
                    rows_of(&geometry).map_err(unfit)
                };
                let (ahead, behind) = (shifted(STEP)?, shifted(-STEP)?);
                for (place, (a, b)) in ahead.iter().zip(&behind).enumerate() {
                    let (atom, column) = (place / features.columns(), place % features.columns());
                    let exact = gradients[((atom * atoms + moved) * 3 + axis) * features.columns() + column];
                    let finite = (a - b) / (2.0 * STEP);
                    if (exact - finite).abs() > DERIVATIVE * scale {
                        let seen = format!(
                            "column {column} of atom {atom} by axis {axis} of atom {moved}: {exact:e}, and \
                             {finite:e} by finite differences"
                        );
                        return Err(report.broken("gradients are derivatives", index, seen));
                    }
                }
            }
        }
    }
    Ok(())
}

/// Says what is wrong, in the name of one representation.
struct Report(FeatureId);

impl Report {
    fn broken(&self, rule: &'static str, index: usize, detail: String) -> Violation {
        let molecule = format!("test molecule {index}");
        Violation { representation: self.0.to_string(), rule, molecule, detail }
    }

    fn failed(&self, error: &FeatureError) -> Violation {
        self.broken("having features", 0, error.to_string())
    }

    fn all_finite(&self, index: usize, values: &[f64]) -> Result<(), Violation> {
        match values.iter().position(|value| !value.is_finite()) {
            None => Ok(()),
            Some(place) => Err(self.broken("finite numbers", index, format!("{} at {place}", values[place]))),
        }
    }

    fn single(&self, index: usize, batch: &[f64], single: &[f64]) -> Result<(), Violation> {
        if batch == single {
            return Ok(());
        }
        Err(self.broken("batch equals single", index, "they differ".to_owned()))
    }

    fn close(&self, rule: &'static str, index: usize, a: &[f64], b: &[f64]) -> Result<(), Violation> {
        if a.len() != b.len() {
            return Err(self.broken(rule, index, format!("{} numbers and {}", a.len(), b.len())));
        }
        let allowed = MOTION * largest(a);
        match a.iter().zip(b).position(|(a, b)| (a - b).abs() > allowed) {
            None => Ok(()),
            Some(at) => Err(self.broken(rule, index, format!("{:e} is not {:e} at {at}", b[at], a[at]))),
        }
    }

    fn threads<C>(&self, batch: &[f64], compute: C) -> Result<(), Violation>
    where
        C: Fn() -> Result<Vec<f64>, Violation> + Send + Sync,
    {
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            let pool = pool.map_err(|e| self.broken("running in threads", 0, e.to_string()))?;
            let again = pool.install(&compute)?;
            if again.iter().map(|x| x.to_bits()).ne(batch.iter().map(|x| x.to_bits())) {
                return Err(self.broken("independence of threads", 0, format!("{threads} threads differ")));
            }
        }
        Ok(())
    }

    fn empty(&self, values: &[f64]) -> Result<(), Violation> {
        if values.is_empty() {
            return Ok(());
        }
        Err(self.broken("an empty batch has no rows", 0, "rows were made".to_owned()))
    }
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most, value| value.abs().max(most))
}

/// Small molecules without symmetry made of `elements`, up to twelve atoms, at
/// least 0.9 angstrom apart, and single atoms.
pub(crate) fn molecules(elements: &[Element]) -> Result<Vec<Geometry>, GeometryError> {
    let mut random = Random(20_200_131);
    let mut geometries = Vec::new();
    for (number, atoms) in [1, 2, 3, 4, 5, 7, 9, 12].into_iter().enumerate() {
        let mut positions: Vec<[f64; 3]> = Vec::with_capacity(atoms);
        while positions.len() < atoms {
            let width = 1.1 + (atoms as f64).cbrt();
            let place = [0; 3].map(|_| width * (2.0 * random.next() - 1.0));
            let apart = |other: &[f64; 3]| (0..3).map(|x| (place[x] - other[x]).powi(2)).sum::<f64>() > 0.81;
            if positions.iter().all(apart) {
                positions.push(place);
            }
        }
        let named = (0..atoms).filter_map(|atom| elements.get((atom * 5 + number) % elements.len().max(1)));
        geometries.push(Geometry::new(named.copied().collect(), positions)?);
    }
    Ok(geometries)
}

/// The geometry turned about three axes, shifted, and both.
fn motions(geometry: &Geometry) -> Vec<Geometry> {
    let turn = |x: usize, angle: f64| {
        let (s, c) = angle.sin_cos();
        let (y, z) = ((x + 1) % 3, (x + 2) % 3);
        let mut matrix = [[0.0; 3]; 3];
        matrix[x][x] = 1.0;
        (matrix[y][y], matrix[y][z], matrix[z][y], matrix[z][z]) = (c, -s, s, c);
        matrix
    };
    let turned = geometry.rotated(&turn(0, 0.7)).rotated(&turn(1, -1.9)).rotated(&turn(2, 2.6));
    let shift = |geometry: &Geometry| {
        let moved = geometry.positions().iter().map(|p| [p[0] + 3.25, p[1] - 17.5, p[2] + 0.625]).collect();
        geometry.with_positions(moved).ok()
    };
    let both = shift(&turned);
    [shift(geometry), Some(turned), both].into_iter().flatten().collect()
}

/// The same atoms in another order, and which old atom is at each new place.
fn renumber(geometry: &Geometry) -> Result<(Geometry, Vec<usize>), GeometryError> {
    let mut order: Vec<usize> = (0..geometry.len()).rev().collect();
    order.rotate_left(geometry.len() / 3);
    if order.len() > 3 {
        order.swap(0, 2);
    }
    let elements = order.iter().map(|&atom| geometry.elements()[atom]).collect();
    let positions = order.iter().map(|&atom| geometry.positions()[atom]).collect();
    Ok((Geometry::new(elements, positions)?, order))
}

/// Numbers in [0, 1) that look random and are always the same (Marsaglia's
/// xorshift with a multiplication, J. Stat. Softw. 8, 14, 2003).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Unfit;

    /// The first coordinate of each atom: knows where the molecule is.
    struct Position;

    impl LocalFeatures for Position {
        fn id(&self) -> FeatureId {
            FeatureId::new("position")
        }

        fn columns(&self) -> usize {
            1
        }

        fn fill(&self, geometry: &Geometry, rows: &mut [f64]) -> Result<(), Unfit> {
            rows.iter_mut().zip(geometry.positions()).for_each(|(row, p)| *row = p[0].powi(2));
            Ok(())
        }
    }

    impl LocalGradients for Position {
        fn fill_with_gradients(
            &self,
            geometry: &Geometry,
            rows: &mut [f64],
            gradients: &mut [f64],
        ) -> Result<(), Unfit> {
            for (atom, p) in geometry.positions().iter().enumerate() {
                // The factor 2 is forgotten.
                gradients[(atom * geometry.len() + atom) * 3] = p[0];
            }
            self.fill(geometry, rows)
        }
    }

    /// The number of the first atom's element: knows the order of the atoms.
    struct FirstElement;

    impl GlobalFeatures for FirstElement {
        fn id(&self) -> FeatureId {
            FeatureId::new("first-element")
        }

        fn columns(&self) -> usize {
            1
        }

        fn fill(&self, geometry: &Geometry, row: &mut [f64]) -> Result<(), Unfit> {
            row[0] = f64::from(geometry.elements()[0].number());
            Ok(())
        }
    }

    #[test]
    fn the_kit_finds_what_is_wrong() {
        let elements = [Element::H, Element::C, Element::O];
        assert_eq!(check_local(&Position, &elements).unwrap_err().rule, "invariance under motion");
        assert_eq!(check_gradients(&Position, &elements).unwrap_err().rule, "gradients are derivatives");
        assert_eq!(check_global(&FirstElement, &elements).unwrap_err().rule, "invariance under atom order");
    }
}
