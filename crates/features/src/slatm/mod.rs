//! SLATM, the spectrum of London and Axilrod-Teller-Muto potentials.
//!
//! Huang and von Lilienfeld, Nat. Chem. 12, 945 (2020), in the numbers of
//! qmllib 1.2.0. A row is a list of blocks: for each element Z times the number
//! of its atoms; for each pair of elements the spectrum of distances
//!
//! ```text
//! sum over pairs of  Z1 Z2 dgrid / (sqrt(2 pi) sigma) x^-rpower exp(-(x - r)^2 / (2 sigma^2)),
//! ```
//!
//! and for each triple the spectrum of the angle at its middle atom
//!
//! ```text
//! sum over triples of  Z1 Z2 Z3 / 3 dgrid / (sqrt(2 pi) sigma) (1 + cos(x) cos(a) cos(c)) / (rab rbc rac)^3
//!                      exp(-(x - b)^2 / (2 sigma^2)),
//! ```
//!
//! with the angles a, b, c of the triangle.

mod types;

pub use types::ManyBodyTypes;

use crate::dense::{finite, positive};
use crate::numeric::GridGaussian;
use crate::{FeatureError, FeatureId, GlobalFeatures, Unfit};
use matter::Geometry;
use std::f64::consts::PI;

/// Settings of [`Slatm`], named as in qmllib. The default is qmllib's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SlatmSettings {
    /// Widths of the Gaussians: of distances in angstrom, of angles in radian.
    pub sigmas: [f64; 2],
    /// Steps of the grids: of distances in angstrom, of angles in radian. The
    /// grids' ends are fixed, so that the true steps are slightly larger.
    pub dgrids: [f64; 2],
    /// Atoms farther apart than this (angstrom) have no terms together.
    pub rcut: f64,
    /// The power of the distance in terms of two atoms.
    pub rpower: f64,
}

impl Default for SlatmSettings {
    fn default() -> Self {
        Self { sigmas: [0.05; 2], dgrids: [0.03; 2], rcut: 4.8, rpower: 6.0 }
    }
}

/// Where the grid of distances starts, in angstrom.
const FIRST_DISTANCE: f64 = 0.1;

/// How far the grid of angles goes below 0 and above pi: 20 degrees.
const ANGLE_MARGIN: f64 = PI / 9.0;

/// Columns for a term that the types do not have.
const NOWHERE: usize = usize::MAX;

/// The global SLATM representation; see the settings and [`ManyBodyTypes`].
#[derive(Debug, Clone)]
pub struct Slatm {
    types: ManyBodyTypes,
    settings: SlatmSettings,
    distances: GridGaussian,
    angles: GridGaussian,
    /// x^-rpower dgrid / (sqrt(2 pi) sigma) on the grid of distances.
    london: Vec<f64>,
    /// cos(x) on the grid of angles.
    cosines: Vec<f64>,
    /// The first column of a pair, by elements [a][b] in both orders.
    pair_starts: Vec<usize>,
    /// The first column of a triple, by elements [a][b][c], b in the middle.
    triple_starts: Vec<usize>,
    columns: usize,
}

impl Slatm {
    /// With qmllib's settings.
    ///
    /// # Errors
    /// None for these settings; the signature is that of [`Slatm::with`].
    pub fn new(types: ManyBodyTypes) -> Result<Self, FeatureError> {
        Self::with(types, SlatmSettings::default())
    }

    /// With other settings.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] if one is not a positive finite number, or a
    /// grid would have fewer than two or more than a million points.
    pub fn with(types: ManyBodyTypes, settings: SlatmSettings) -> Result<Self, FeatureError> {
        for sigma in settings.sigmas {
            positive("sigmas", sigma)?;
        }
        for dgrid in settings.dgrids {
            positive("dgrids", dgrid)?;
        }
        positive("rcut", settings.rcut)?;
        finite("rpower", settings.rpower)?;
        let grid = |sigma: f64, start: f64, end: f64, dgrid: f64| {
            let points = (end - start) / dgrid + 1.0;
            if !(2.0..1e6).contains(&points) {
                return Err(FeatureError::Setting {
                    name: "dgrids",
                    value: dgrid.to_string(),
                    expected: "a step that makes between two and a million points up to rcut",
                });
            }
            let points = points as usize;
            let step = (end - start) / (points - 1) as f64;
            Ok((GridGaussian::new(0.5 / (sigma * sigma), start, step, points), start, step, points))
        };
        let [sigma2, sigma3] = settings.sigmas;
        let (distances, start, step, points2) =
            grid(sigma2, FIRST_DISTANCE, settings.rcut, settings.dgrids[0])?;
        let norm = settings.dgrids[0] / ((2.0 * PI).sqrt() * sigma2);
        let power = |point: usize| norm / (start + point as f64 * step).powf(settings.rpower);
        let london = (0..points2).map(power).collect();
        let (angles, start, step, points3) =
            grid(sigma3, -ANGLE_MARGIN, PI + ANGLE_MARGIN, settings.dgrids[1])?;
        let cosines = (0..points3).map(|point| (start + point as f64 * step).cos()).collect();

        let count = types.elements().len();
        let mut columns = count;
        let mut pair_starts = vec![NOWHERE; count * count];
        for &[a, b] in types.pairs() {
            (pair_starts[a * count + b], pair_starts[b * count + a]) = (columns, columns);
            columns += points2;
        }
        let mut triple_starts = vec![NOWHERE; count * count * count];
        for &[a, b, c] in types.triples() {
            triple_starts[(a * count + b) * count + c] = columns;
            triple_starts[(c * count + b) * count + a] = columns;
            columns += points3;
        }
        Ok(Self { types, settings, distances, angles, london, cosines, pair_starts, triple_starts, columns })
    }

    /// The terms there are columns for.
    pub fn types(&self) -> &ManyBodyTypes {
        &self.types
    }

    /// Adds the spectrum of one distance.
    fn add_pair(&self, start: usize, charges: f64, distance: f64, scratch: &mut [f64], row: &mut [f64]) {
        let (first, points) = self.distances.sample(distance, scratch);
        let Some(to) = row.get_mut(start.saturating_add(first)..start.saturating_add(first + points)) else {
            return;
        };
        for ((to, gaussian), london) in to.iter_mut().zip(&*scratch).zip(&self.london[first..]) {
            *to += charges * london * gaussian;
        }
    }

    /// Adds the spectrum of one angle; `weight` is the constant part and
    /// `slope` what the cosine of the grid's angle is multiplied with.
    #[inline]
    fn add_angle(
        &self,
        start: usize,
        [angle, weight, slope]: [f64; 3],
        scratch: &mut [f64],
        row: &mut [f64],
    ) {
        let (first, points) = self.angles.sample(angle, scratch);
        let Some(to) = row.get_mut(start.saturating_add(first)..start.saturating_add(first + points)) else {
            return;
        };
        for ((to, gaussian), cosine) in to.iter_mut().zip(&*scratch).zip(&self.cosines[first..]) {
            *to += (weight + slope * cosine) * gaussian;
        }
    }
}

impl GlobalFeatures for Slatm {
    fn id(&self) -> FeatureId {
        let SlatmSettings { sigmas: [s2, s3], dgrids: [d2, d3], rcut, rpower } = self.settings;
        let types = &self.types;
        FeatureId::new(format!("slatm:sigmas{s2},{s3}:dgrids{d2},{d3}:rcut{rcut}:rpower{rpower}:{types}"))
    }

    fn columns(&self) -> usize {
        self.columns
    }

    fn fill(&self, geometry: &Geometry, row: &mut [f64]) -> Result<(), Unfit> {
        let places = self.types.places(geometry)?;
        let count = self.types.elements().len();
        let (atoms, positions, rcut) = (geometry.len(), geometry.positions(), self.settings.rcut);
        let charges: Vec<f64> = geometry.elements().iter().map(|e| f64::from(e.number())).collect();
        let mut scratch = vec![0.0; self.distances.width().max(self.angles.width())];
        // Distances, 0 where an atom is out of reach, and their inverse cubes.
        let (mut distances, mut cubes) = (vec![0.0; atoms * atoms], vec![0.0; atoms * atoms]);
        for i in 0..atoms {
            row[places[i]] += charges[i];
            for j in 0..i {
                let distance = geometry.distance(i, j);
                if distance < rcut {
                    let start = self.pair_starts[places[i] * count + places[j]];
                    self.add_pair(start, charges[i] * charges[j], distance, &mut scratch, row);
                }
                if distance <= rcut {
                    let cube = 1.0 / (distance * distance * distance);
                    for place in [i * atoms + j, j * atoms + i] {
                        (distances[place], cubes[place]) = (distance, cube);
                    }
                }
            }
        }
        let norm = self.settings.dgrids[1] / (3.0 * (2.0 * PI).sqrt() * self.settings.sigmas[1]);
        for i in 0..atoms {
            for j in 0..i {
                let ij = distances[i * atoms + j];
                if ij == 0.0 {
                    continue;
                }
                let u = difference(positions[j], positions[i]);
                for k in 0..j {
                    let (ik, jk) = (distances[i * atoms + k], distances[j * atoms + k]);
                    if ik == 0.0 || jk == 0.0 {
                        continue;
                    }
                    // Twice the area is the same seen from each corner; with it
                    // the angles are exact to rounding even in a line of atoms.
                    let v = difference(positions[k], positions[i]);
                    let w = difference(v, u);
                    let area = norm_of_cross(u, v);
                    let dots = [dot(u, v), -dot(u, w), dot(v, w)];
                    let cosines = [dots[0] / (ij * ik), dots[1] / (ij * jk), dots[2] / (ik * jk)];
                    let (at_i, at_j) = (area.atan2(dots[0]), area.atan2(dots[1]));
                    let angles = [at_i, at_j, PI - at_i - at_j];
                    let cube = cubes[i * atoms + j] * cubes[i * atoms + k] * cubes[j * atoms + k];
                    let weight = norm * charges[i] * charges[j] * charges[k] * cube;
                    for (corner, [a, b, c]) in [[j, i, k], [i, j, k], [i, k, j]].into_iter().enumerate() {
                        let others = cosines[(corner + 1) % 3] * cosines[(corner + 2) % 3];
                        let start = self.triple_starts[(places[a] * count + places[b]) * count + places[c]];
                        self.add_angle(start, [angles[corner], weight, weight * others], &mut scratch, row);
                    }
                }
            }
        }
        Ok(())
    }
}

fn difference(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn norm_of_cross(a: [f64; 3], b: [f64; 3]) -> f64 {
    let c = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
    dot(c, c).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::geometric;
    use matter::Element;

    fn elements() -> Vec<Element> {
        [1, 6, 8, 17, 53].into_iter().filter_map(Element::from_number).collect()
    }

    #[test]
    fn slatm_conforms() {
        let slatm = Slatm::new(ManyBodyTypes::all(&elements()).unwrap()).unwrap();
        geometric::check_global(&slatm, &elements()).unwrap();
    }

    #[test]
    fn ids_name_every_setting() {
        let slatm = Slatm::new(ManyBodyTypes::all(&[Element::O]).unwrap()).unwrap();
        assert_eq!(slatm.id().as_str(), "slatm:sigmas0.05,0.05:dgrids0.03,0.03:rcut4.8:rpower6:O3");
    }

    #[test]
    fn what_has_no_columns_is_named() {
        let water = Geometry::new(
            vec![Element::O, Element::H, Element::H],
            vec![[0.0; 3], [0.96, 0.0, 0.0], [-0.24, 0.93, 0.0]],
        )
        .unwrap();
        let missing = |counts: &[(Element, usize)]| {
            let types = ManyBodyTypes::from_counts(counts.iter().copied().collect()).unwrap();
            Slatm::new(types).unwrap().compute(std::slice::from_ref(&water)).unwrap_err().to_string()
        };
        let error = missing(&[(Element::H, 2)]);
        assert!(error.contains("atom 1 is O"), "{error}");
        let error = missing(&[(Element::H, 1), (Element::O, 3)]);
        assert!(error.contains("2 atoms of H"), "{error}");
    }

    #[test]
    fn settings_are_checked() {
        let types = ManyBodyTypes::all(&[Element::C]).unwrap();
        for settings in [
            SlatmSettings { rcut: f64::NAN, ..Default::default() },
            SlatmSettings { dgrids: [0.0, 0.03], ..Default::default() },
            SlatmSettings { dgrids: [1e-9, 0.03], ..Default::default() },
            SlatmSettings { rcut: 0.05, ..Default::default() },
        ] {
            assert!(Slatm::with(types.clone(), settings).is_err(), "{settings:?}");
        }
    }
}
