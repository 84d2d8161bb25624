//! FCHL19, distributions of distances and angles about each atom.
//!
//! Christensen, Bratholm, Faber and von Lilienfeld, J. Chem. Phys. 152, 044107
//! (2020), in the numbers of qmllib 1.2.0. The row of atom i has, for each
//! element, the distances to its atoms j as log-normal distributions (eq. 4
//! and following)
//!
//! ```text
//! fc(r) r^-N2 / (R sigma sqrt(2 pi)) exp(-(ln R - mu)^2 / (2 sigma^2)),
//! mu = ln(r / sqrt(1 + eta2 / r^2)),   sigma^2 = ln(1 + eta2 / r^2),
//! ```
//!
//! on a grid of R, and for each pair of elements the pairs of atoms j, k
//!
//! ```text
//! ksi3 fc(rij) fc(rik) exp(-eta3 ((rij + rik) / 2 - R)^2) {2 exp(-(zeta o)^2 / 2) cos(o t), ... sin(o t)}
//! ksi3 = w (1 + 3 cos(t) cos(tj) cos(tk)) / (rij rik rjk)^N3,   fc(r) = (1 + cos(pi r / cutoff)) / 2,
//! ```
//!
//! on another grid of R and for odd o, with t, tj, tk the angles of the
//! triangle at i, j and k.

mod gradient;
mod pair;

use crate::dense::{finite, listed, positive};
use crate::numeric::GridGaussian;
use crate::{FeatureError, FeatureId, LocalFeatures, LocalGradients, Unfit};
use matter::{Element, Geometry};
use pair::{Pairs, TwoBody};
use std::f64::consts::PI;

/// Settings of [`Fchl19`], named as in qmllib but for case. The default is
/// qmllib's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fchl19Settings {
    /// Grid points of distances.
    pub n_rs2: usize,
    /// Grid points of the mean distance of two neighbours.
    pub n_rs3: usize,
    /// Orders of the Fourier series of the angle: 1, 3, ...
    pub n_fourier: usize,
    /// Width of the log-normal distributions, angstrom^2.
    pub eta2: f64,
    /// Exponent of the Gaussians of the mean distance, angstrom^-2.
    pub eta3: f64,
    /// Width of the angular distribution, radian.
    pub zeta: f64,
    /// Cutoff of terms of two atoms, angstrom.
    pub rcut: f64,
    /// Cutoff of terms of three atoms, angstrom.
    pub acut: f64,
    /// The power N2 of the distance.
    pub two_body_decay: f64,
    /// The power N3 of the product of the distances.
    pub three_body_decay: f64,
    /// Weight of terms of three atoms; w is this times sqrt(eta3 / pi).
    pub three_body_weight: f64,
}

impl Default for Fchl19Settings {
    fn default() -> Self {
        Self {
            n_rs2: 24,
            n_rs3: 20,
            n_fourier: 1,
            eta2: 0.32,
            eta3: 2.7,
            zeta: PI,
            rcut: 8.0,
            acut: 8.0,
            two_body_decay: 1.8,
            three_body_decay: 0.57,
            three_body_weight: 13.4,
        }
    }
}

/// The FCHL19 representation of each atom.
///
/// Derivatives with respect to positions exist unless three atoms are exactly
/// in a line, where the sine of their angle has none: its share is then left
/// out.
#[derive(Debug, Clone)]
pub struct Fchl19 {
    elements: Vec<Element>,
    listed: String,
    settings: Fchl19Settings,
    two: TwoBody,
    three: GridGaussian,
    /// The weights 2 exp(-(zeta o)^2 / 2) of the orders.
    orders: Vec<f64>,
    /// w.
    weight: f64,
}

impl Fchl19 {
    /// Columns for `elements` in this order, with qmllib's settings (whose
    /// list is H, C, N, O, S unless told).
    ///
    /// # Errors
    /// [`FeatureError::Setting`] if there is no element or one twice.
    pub fn new(elements: &[Element]) -> Result<Self, FeatureError> {
        Self::with(elements, Fchl19Settings::default())
    }

    /// With other settings.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] as above, or if a setting is not a finite
    /// number in its range.
    pub fn with(elements: &[Element], settings: Fchl19Settings) -> Result<Self, FeatureError> {
        let listed = listed(elements)?;
        for (name, points) in
            [("n_rs2", settings.n_rs2), ("n_rs3", settings.n_rs3), ("n_fourier", settings.n_fourier)]
        {
            if !(1..=100_000).contains(&points) {
                let expected = "between 1 and 100000";
                return Err(FeatureError::Setting { name, value: points.to_string(), expected });
            }
        }
        for (name, value) in [
            ("eta2", settings.eta2),
            ("eta3", settings.eta3),
            ("zeta", settings.zeta),
            ("rcut", settings.rcut),
            ("acut", settings.acut),
        ] {
            positive(name, value)?;
        }
        for (name, value) in [
            ("two_body_decay", settings.two_body_decay),
            ("three_body_decay", settings.three_body_decay),
            ("three_body_weight", settings.three_body_weight),
        ] {
            finite(name, value)?;
        }
        let step = settings.acut / settings.n_rs3 as f64;
        let order = |n: usize| 2.0 * (-(settings.zeta * (2 * n + 1) as f64).powi(2) / 2.0).exp();
        Ok(Self {
            elements: elements.to_vec(),
            listed,
            two: TwoBody::new(&settings),
            three: GridGaussian::new(settings.eta3, step, step, settings.n_rs3),
            orders: (0..settings.n_fourier).map(order).collect(),
            weight: settings.three_body_weight * (settings.eta3 / PI).sqrt(),
            settings,
        })
    }

    /// The place of each atom's element in the list.
    fn places(&self, geometry: &Geometry) -> Result<Vec<usize>, Unfit> {
        let place = |(atom, &element): (usize, &Element)| {
            self.elements.iter().position(|&other| other == element).ok_or_else(|| Unfit::Element {
                atom: atom + 1,
                element,
                covered: self.listed.clone(),
            })
        };
        geometry.elements().iter().enumerate().map(place).collect()
    }

    /// Numbers in the block of one pair of elements.
    fn block(&self) -> usize {
        2 * self.settings.n_fourier * self.settings.n_rs3
    }

    /// The first column of the block of two elements.
    fn start(&self, one: usize, other: usize) -> usize {
        let (low, high) = (one.min(other), one.max(other));
        let count = self.elements.len();
        // Blocks of pairs (low, high) with low <= high, low first.
        let before = low * count + high - low * (low + 1) / 2;
        count * self.settings.n_rs2 + before * self.block()
    }
}

impl LocalFeatures for Fchl19 {
    fn id(&self) -> FeatureId {
        let s = &self.settings;
        FeatureId::new(format!(
            "fchl19:{}:nRs2={}:nRs3={}:nFourier={}:eta2={}:eta3={}:zeta={}:rcut={}:acut={}:\
             two_body_decay={}:three_body_decay={}:three_body_weight={}",
            self.listed,
            s.n_rs2,
            s.n_rs3,
            s.n_fourier,
            s.eta2,
            s.eta3,
            s.zeta,
            s.rcut,
            s.acut,
            s.two_body_decay,
            s.three_body_decay,
            s.three_body_weight
        ))
    }

    fn columns(&self) -> usize {
        let count = self.elements.len();
        count * self.settings.n_rs2 + count * (count + 1) / 2 * self.block()
    }

    fn fill(&self, geometry: &Geometry, rows: &mut [f64]) -> Result<(), Unfit> {
        let places = self.places(geometry)?;
        let columns = self.columns();
        let pairs = Pairs::new(geometry, &self.settings);
        let mut scratch = vec![0.0; self.settings.n_rs2.max(self.three.width())];
        for i in 0..geometry.len() {
            for j in 0..i {
                let distance = pairs.distance(i, j);
                if distance > self.settings.rcut {
                    continue;
                }
                self.two.sample(distance, &mut scratch);
                for (atom, other) in [(i, j), (j, i)] {
                    let start = atom * columns + places[other] * self.settings.n_rs2;
                    let to = &mut rows[start..start + self.settings.n_rs2];
                    to.iter_mut().zip(&scratch).for_each(|(to, value)| *to += value);
                }
            }
        }
        pairs.triangles(|triangle| {
            let ksi = self.weight * triangle.strength;
            for [centre, one, other] in triangle.corners() {
                let (a, b, c) = (triangle.atoms[centre], triangle.atoms[one], triangle.atoms[other]);
                let (ab, ac) = (pairs.distance(a, b), pairs.distance(a, c));
                if ab > self.settings.acut || ac > self.settings.acut {
                    continue;
                }
                let strength = ksi * pairs.decay(a, b) * pairs.decay(a, c);
                let (first, points) = self.three.sample(0.5 * (ab + ac), &mut scratch);
                let start = a * columns + self.start(places[b], places[c]);
                let (cosine, sine) = (triangle.cosines[centre], triangle.sines[centre]);
                let width = 2 * self.orders.len();
                let to = &mut rows[start + first * width..start + (first + points) * width];
                if let [order] = self.orders[..] {
                    let (cosine, sine) = (strength * order * cosine, strength * order * sine);
                    for (to, value) in to.chunks_exact_mut(2).zip(&scratch) {
                        to[0] += cosine * value;
                        to[1] += sine * value;
                    }
                } else {
                    let mut turn = Turn::new(cosine, sine);
                    for (number, order) in self.orders.iter().enumerate() {
                        let (cosine, sine) = (strength * order * turn.cosine, strength * order * turn.sine);
                        for (to, value) in to.chunks_exact_mut(width).zip(&scratch) {
                            to[2 * number] += cosine * value;
                            to[2 * number + 1] += sine * value;
                        }
                        turn.advance();
                    }
                }
            }
        });
        Ok(())
    }
}

impl LocalGradients for Fchl19 {
    fn fill_with_gradients(
        &self,
        geometry: &Geometry,
        rows: &mut [f64],
        gradients: &mut [f64],
    ) -> Result<(), Unfit> {
        self.fill(geometry, rows)?;
        let places = self.places(geometry)?;
        self.add_gradients(geometry, &places, gradients);
        Ok(())
    }
}

/// Cosine and sine of odd multiples of an angle, one after the other.
struct Turn {
    order: f64,
    cosine: f64,
    sine: f64,
    /// Of twice the angle.
    double: [f64; 2],
}

impl Turn {
    fn new(cosine: f64, sine: f64) -> Self {
        Self { order: 1.0, cosine, sine, double: [cosine * cosine - sine * sine, 2.0 * cosine * sine] }
    }

    fn advance(&mut self) {
        let [c, s] = self.double;
        (self.cosine, self.sine) = (self.cosine * c - self.sine * s, self.sine * c + self.cosine * s);
        self.order += 2.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::geometric;

    fn elements() -> Vec<Element> {
        [1, 6, 8, 16, 35].into_iter().filter_map(Element::from_number).collect()
    }

    fn variants() -> Vec<Fchl19> {
        let short = Fchl19Settings { rcut: 2.5, acut: 2.9, n_rs3: 7, ..Default::default() };
        let wide = Fchl19Settings { n_fourier: 3, zeta: 0.4, n_rs2: 5, n_rs3: 4, ..Default::default() };
        let all = [Fchl19Settings::default(), short, wide];
        all.map(|settings| Fchl19::with(&elements(), settings).unwrap()).to_vec()
    }

    #[test]
    fn fchl19_conforms() {
        for features in variants() {
            geometric::check_local(&features, &elements()).unwrap();
        }
    }

    #[test]
    fn gradients_are_those_of_finite_differences() {
        for features in variants() {
            geometric::check_gradients(&features, &elements()).unwrap();
        }
    }

    #[test]
    fn atoms_in_a_line_have_finite_derivatives() {
        let elements = vec![Element::H, Element::C, Element::C, Element::H];
        let positions = [-1.66, -0.6, 0.6, 1.66].map(|z| [0.0, 0.0, z]).to_vec();
        let acetylene = Geometry::new(elements, positions).unwrap();
        for features in variants() {
            let size = acetylene.len() * features.columns();
            let (mut rows, mut gradients) = (vec![0.0; size], vec![0.0; size * acetylene.len() * 3]);
            features.fill_with_gradients(&acetylene, &mut rows, &mut gradients).unwrap();
            assert!(rows.iter().chain(&gradients).all(|value| value.is_finite()));
        }
    }

    #[test]
    fn five_elements_have_720_columns() {
        assert_eq!(variants()[0].columns(), 720);
        let id = variants()[0].id();
        assert!(id.as_str().starts_with("fchl19:H,C,O,S,Br:nRs2=24:nRs3=20:nFourier=1:eta2=0.32"), "{id}");
    }

    #[test]
    fn an_element_without_columns_is_named() {
        let helium = Element::from_number(2).unwrap();
        let geometry = Geometry::new(vec![Element::H, helium], vec![[0.0; 3], [1.0, 0.0, 0.0]]).unwrap();
        let error = variants()[0].compute(&[geometry]).unwrap_err().to_string();
        assert!(error.contains("atom 2 is He") && error.contains("H,C,O,S,Br"), "{error}");
        assert!(Fchl19::new(&[]).is_err() && Fchl19::new(&[helium, helium]).is_err());
        let settings = Fchl19Settings { rcut: -1.0, ..Default::default() };
        assert!(Fchl19::with(&[helium], settings).is_err());
    }
}
