//! SOAP, the power spectrum of the density about each atom.
//!
//! Bartok, Kondor and Csanyi, Phys. Rev. B 87, 184115 (2013), in the numbers of
//! dscribe 2.1.2 with its radial functions of Gaussian type (Jaeger et al., npj
//! Comput. Mater. 4, 37, 2018). The atoms of each element Z about a centre, the
//! centre included, are a sum of Gaussians of width sigma. It is expanded in
//! real spherical harmonics and orthonormal radial functions, and
//!
//! ```text
//! p(Z, Z', n, n', l) = pi sqrt(8 / (2 l + 1)) sum over m of c(Z, n, l, m) c(Z', n', l, m).
//! ```
//!
//! Columns are in the order of dscribe: pairs of elements with Z <= Z' by
//! atomic number, in each l, in each n and n'; n <= n' if Z = Z'.

mod average;
mod basis;
mod gradient;
mod harmonics;
mod spectrum;

pub use average::{AveragedSoap, SoapAverage};

use crate::dense::{listed, positive};
use crate::{FeatureError, FeatureId, LocalFeatures, Unfit};
use basis::RadialBasis;
use harmonics::Harmonics;
use matter::{Element, Geometry};

/// Settings of [`Soap`], named as in dscribe.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SoapSettings {
    /// Cutoff radius, angstrom; above 1. The outermost radial function has
    /// decayed to a thousandth there; atoms count as far as their Gaussians
    /// reach into it, 3.7 sigma farther.
    pub r_cut: f64,
    /// Radial functions.
    pub n_max: usize,
    /// The largest degree of the spherical harmonics.
    pub l_max: usize,
    /// Width of the Gaussians of the atoms, angstrom.
    pub sigma: f64,
}

impl Default for SoapSettings {
    /// 5 angstrom, 8 radial functions, degree 6; sigma is 1 angstrom as in
    /// dscribe, which has no defaults for the others.
    fn default() -> Self {
        Self { r_cut: 5.0, n_max: 8, l_max: 6, sigma: 1.0 }
    }
}

/// The SOAP power spectrum of each atom.
///
/// Orthonormal radial functions are sums of nearly dependent ones (eight of
/// them in 5 angstrom: smallest eigenvalue of the overlap 1e-8 of the largest),
/// which magnifies rounding: two programs agree to about 1e-10 of the largest
/// number of a row, not to that of each number.
#[derive(Debug, Clone)]
pub struct Soap {
    /// By atomic number.
    elements: Vec<Element>,
    listed: String,
    settings: SoapSettings,
    basis: RadialBasis,
    harmonics: Harmonics,
    /// How far atoms count.
    reach: f64,
}

impl Soap {
    /// Columns for `elements` (dscribe: `species`), in any order, with the
    /// default settings.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] if there is no element or one twice.
    pub fn new(elements: &[Element]) -> Result<Self, FeatureError> {
        Self::with(elements, SoapSettings::default())
    }

    /// With other settings.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] as above, or if a setting is out of range, or
    /// if the radial functions are so many that they are no longer independent.
    pub fn with(elements: &[Element], settings: SoapSettings) -> Result<Self, FeatureError> {
        listed(elements)?;
        let mut elements = elements.to_vec();
        elements.sort();
        positive("sigma", settings.sigma)?;
        if positive("r_cut", settings.r_cut)? <= 1.0 {
            let (value, expected) = (settings.r_cut.to_string(), "more than 1 angstrom");
            return Err(FeatureError::Setting { name: "r_cut", value, expected });
        }
        if settings.l_max > 20 {
            let (value, expected) = (settings.l_max.to_string(), "at most 20");
            return Err(FeatureError::Setting { name: "l_max", value, expected });
        }
        Ok(Self {
            listed: listed(&elements)?,
            basis: RadialBasis::new(&settings)?,
            harmonics: Harmonics::new(settings.l_max),
            reach: settings.r_cut + settings.sigma * (2.0 * 1000_f64.ln()).sqrt(),
            elements,
            settings,
        })
    }

    /// All settings, as they stand in ids.
    fn settings_text(&self) -> String {
        let SoapSettings { r_cut, n_max, l_max, sigma } = self.settings;
        format!("{}:r_cut={r_cut}:n_max={n_max}:l_max={l_max}:sigma={sigma}:gto", self.listed)
    }

    /// Columns of the block of an element with itself, and with another.
    fn blocks(&self) -> (usize, usize) {
        let SoapSettings { n_max, l_max, .. } = self.settings;
        (n_max * (n_max + 1) / 2 * (l_max + 1), n_max * n_max * (l_max + 1))
    }

    fn column_count(&self) -> usize {
        let (same, other) = self.blocks();
        let count = self.elements.len();
        count * same + count * (count - 1) / 2 * other
    }
}

impl LocalFeatures for Soap {
    fn id(&self) -> FeatureId {
        FeatureId::new(format!("soap:{}", self.settings_text()))
    }

    fn columns(&self) -> usize {
        self.column_count()
    }

    fn fill(&self, geometry: &Geometry, rows: &mut [f64]) -> Result<(), Unfit> {
        let density = self.expand(geometry)?;
        for (atom, row) in rows.chunks_exact_mut(self.column_count()).enumerate() {
            self.add_spectrum(&density, density.about(atom), 1.0, row);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::geometric;

    fn elements() -> Vec<Element> {
        [6, 1, 8, 53].into_iter().filter_map(Element::from_number).collect()
    }

    #[test]
    fn soap_conforms() {
        let small = SoapSettings { r_cut: 2.0, n_max: 3, l_max: 9, sigma: 0.3 };
        let flat = SoapSettings { n_max: 1, l_max: 0, ..Default::default() };
        for settings in [SoapSettings::default(), small, flat] {
            let soap = Soap::with(&elements(), settings).unwrap();
            geometric::check_local(&soap, &elements()).unwrap();
            geometric::check_gradients(&soap, &elements()).unwrap();
        }
    }

    #[test]
    fn columns_are_those_of_five_elements() {
        let five: Vec<Element> = [1, 6, 7, 8, 9].into_iter().filter_map(Element::from_number).collect();
        let soap = Soap::new(&five).unwrap();
        assert_eq!(soap.columns(), 5740);
        assert_eq!(soap.id().as_str(), "soap:H,C,N,O,F:r_cut=5:n_max=8:l_max=6:sigma=1:gto");
    }

    #[test]
    fn settings_are_checked() {
        let with = |settings| Soap::with(&elements(), settings).map(|_| ());
        assert!(with(SoapSettings { r_cut: 1.0, ..Default::default() }).is_err());
        assert!(with(SoapSettings { n_max: 0, ..Default::default() }).is_err());
        assert!(with(SoapSettings { n_max: 60, ..Default::default() }).is_err());
        assert!(with(SoapSettings { l_max: 21, ..Default::default() }).is_err());
        assert!(with(SoapSettings { sigma: f64::INFINITY, ..Default::default() }).is_err());
        assert!(Soap::new(&[Element::H, Element::H]).is_err());
    }
}
