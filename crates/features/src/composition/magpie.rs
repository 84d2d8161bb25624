//! Statistics of element properties.
//!
//! Ward, Agrawal, Choudhary and Wolverton, npj Comput. Mater. 2, 16028 (2016),
//! in the numbers of matminer 0.10.1. With the fractions x of the elements and
//! a property f of each, a property gives six columns:
//!
//! ```text
//! minimum, maximum, range = maximum - minimum,
//! mean = sum of x f,  avg_dev = sum of x |f - mean|,
//! mode = f of the element with the largest x (the smallest f of several).
//! ```
//!
//! Norms of the fractions are (sum of x^p)^(1/p) for p = 2, 3, 5, 7, 10, and
//! the number of elements for p = 0. Orbital fractions are the mean number of
//! valence electrons in s, p, d and f divided by that in all.
//!
//! Not here are the paper's attributes of ionic compounds, which need oxidation
//! states.

use super::table::{ELEMENTS, PROPERTIES};
use super::{Composition, CompositionFeatures};
use crate::{FeatureId, Unfit};
use std::sync::LazyLock;

const STATISTICS: [&str; 6] = ["minimum", "maximum", "range", "mean", "avg_dev", "mode"];
const NORMS: [u8; 6] = [0, 2, 3, 5, 7, 10];
const ORBITALS: [&str; 4] = ["s", "p", "d", "f"];

/// Where the valence electrons in s, p, d, f and all orbitals are among the
/// properties.
const VALENCE: [usize; 5] = [8, 9, 10, 11, 12];

/// Fractions that are below the largest by less than this share of it count as
/// equal to it: those of `Fe0.3333333Ni0.3333334` are, of `Fe0.333Ni0.334` not.
const EQUAL: f64 = 1e-5;

/// The mean of each property over the elements for which it is known.
static MEANS: LazyLock<[f64; PROPERTIES.len()]> = LazyLock::new(|| {
    std::array::from_fn(|property| {
        let known = || ELEMENTS.iter().map(|(_, values)| values[property]).filter(|value| !value.is_nan());
        known().sum::<f64>() / known().count() as f64
    })
});

/// What stands for a property that is not known of an element (electronegativity
/// of noble gases, covalent radius beyond curium, and a few others).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Missing {
    /// Its mean over the elements of which it is known, as in matminer. Every
    /// number is finite, so any model can use the table.
    #[default]
    Mean,
    /// NaN in all six columns of the property, for models that treat missing
    /// values themselves, such as trees; others refuse it.
    Nan,
}

/// Which columns [`Magpie`] has beside the statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MagpieSettings {
    /// The six norms of the fractions.
    pub stoichiometry: bool,
    /// The four fractions of valence electrons in orbitals.
    pub orbitals: bool,
    /// The fraction of each element from H to Cn.
    pub fractions: bool,
    /// What stands for properties that are not known.
    pub missing: Missing,
}

impl Default for MagpieSettings {
    /// Norms and orbitals, no fractions of elements; means for what is missing.
    fn default() -> Self {
        Self { stoichiometry: true, orbitals: true, fractions: false, missing: Missing::Mean }
    }
}

/// Statistics of 22 properties of the elements of a composition, with norms of
/// its fractions and fractions of its valence electrons: 142 columns by default.
#[derive(Debug, Clone, Copy, Default)]
pub struct Magpie {
    settings: MagpieSettings,
}

impl Magpie {
    /// With other settings.
    pub fn with(settings: MagpieSettings) -> Self {
        Self { settings }
    }

    /// A property of an element, or what stands for it.
    fn property(&self, number: u8, property: usize) -> f64 {
        let value = ELEMENTS[usize::from(number) - 1].1[property];
        match self.settings.missing {
            Missing::Mean if value.is_nan() => MEANS[property],
            _ => value,
        }
    }

    /// The mean of a property over the atoms.
    fn mean(&self, composition: &Composition, property: usize) -> f64 {
        composition.fractions().map(|(number, x)| x * self.property(number, property)).sum()
    }

    /// The six columns of one property.
    fn statistics(&self, composition: &Composition, property: usize) -> [f64; 6] {
        let values = || composition.fractions().map(|(number, x)| (self.property(number, property), x));
        if values().any(|(value, _)| value.is_nan()) {
            return [f64::NAN; 6];
        }
        let least = values().map(|(value, _)| value).fold(f64::INFINITY, f64::min);
        let most = values().map(|(value, _)| value).fold(f64::NEG_INFINITY, f64::max);
        let mean = self.mean(composition, property);
        let deviation = values().map(|(value, x)| x * (value - mean).abs()).sum();
        let largest = values().map(|(_, x)| x).fold(0.0, f64::max);
        let often = values().filter(|(_, x)| largest - x <= EQUAL * largest);
        let mode = often.map(|(value, _)| value).fold(f64::INFINITY, f64::min);
        [least, most, most - least, mean, deviation, mode]
    }
}

impl CompositionFeatures for Magpie {
    fn id(&self) -> FeatureId {
        let MagpieSettings { stoichiometry, orbitals, fractions, missing } = self.settings;
        let parts = [(stoichiometry, ":norms"), (orbitals, ":orbitals"), (fractions, ":fractions")];
        let parts: String = parts.iter().filter(|(there, _)| *there).map(|(_, name)| *name).collect();
        let missing = match missing {
            Missing::Mean => "mean",
            Missing::Nan => "nan",
        };
        FeatureId::new(format!("magpie{parts}:missing={missing}"))
    }

    fn names(&self) -> Vec<String> {
        let of_property = |name: &&str| STATISTICS.map(|statistic| format!("{statistic} {name}"));
        let mut names: Vec<String> = PROPERTIES.iter().flat_map(of_property).collect();
        if self.settings.stoichiometry {
            names.extend(NORMS.map(|p| format!("{p}-norm")));
        }
        if self.settings.orbitals {
            names.extend(ORBITALS.map(|orbital| format!("frac {orbital} valence electrons")));
        }
        if self.settings.fractions {
            names.extend(ELEMENTS.iter().map(|(symbol, _)| format!("fraction {symbol}")));
        }
        names
    }

    fn columns(&self) -> usize {
        let MagpieSettings { stoichiometry, orbitals, fractions, .. } = self.settings;
        let more = [(stoichiometry, NORMS.len()), (orbitals, ORBITALS.len()), (fractions, ELEMENTS.len())];
        let more: usize = more.iter().filter(|(there, _)| *there).map(|(_, columns)| columns).sum();
        PROPERTIES.len() * STATISTICS.len() + more
    }

    fn fill(&self, composition: &Composition, row: &mut [f64]) -> Result<(), Unfit> {
        let mut places = row.iter_mut();
        let mut put = |value: f64| {
            if let Some(place) = places.next() {
                *place = value;
            }
        };
        for property in 0..PROPERTIES.len() {
            self.statistics(composition, property).into_iter().for_each(&mut put);
        }
        if self.settings.stoichiometry {
            for p in NORMS {
                put(match p {
                    0 => composition.elements() as f64,
                    p => {
                        let sum: f64 = composition.fractions().map(|(_, x)| x.powi(i32::from(p))).sum();
                        sum.powf(1.0 / f64::from(p))
                    }
                });
            }
        }
        if self.settings.orbitals {
            let all = self.mean(composition, VALENCE[4]);
            for orbital in &VALENCE[..4] {
                let part = self.mean(composition, *orbital);
                put(if all > 0.0 { part / all } else { 0.0 });
            }
        }
        if self.settings.fractions {
            let mut fractions = [0.0; ELEMENTS.len()];
            composition.fractions().for_each(|(number, x)| fractions[usize::from(number) - 1] = x);
            fractions.into_iter().for_each(put);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance;

    fn row(settings: MagpieSettings, text: &str) -> Vec<f64> {
        let composition = Composition::parse(text).unwrap();
        Magpie::with(settings).compute(&[composition]).unwrap().values().to_vec()
    }

    #[test]
    fn magpie_conforms() {
        conformance::composition::check(&Magpie::default()).unwrap();
        let all = MagpieSettings { fractions: true, ..Default::default() };
        conformance::composition::check(&Magpie::with(all)).unwrap();
    }

    #[test]
    fn statistics_of_atomic_numbers_are_those_by_hand() {
        let row = row(MagpieSettings::default(), "Fe2O3");
        let mean = (2.0 * 26.0 + 3.0 * 8.0) / 5.0;
        let deviation = 0.4 * (26.0 - mean) + 0.6 * (mean - 8.0);
        let expected = [8.0, 26.0, 18.0, mean, deviation, 8.0];
        for (value, expected) in row.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-12, "{value} {expected}");
        }
        let norms = &row[132..138];
        assert_eq!(norms[0], 2.0);
        assert!((norms[1] - (0.4_f64 * 0.4 + 0.6 * 0.6).sqrt()).abs() < 1e-15);
        let orbitals: f64 = row[138..].iter().sum();
        assert!((orbitals - 1.0).abs() < 1e-12);
    }

    #[test]
    fn columns_have_names() {
        let orbitals = ["NsValence", "NpValence", "NdValence", "NfValence", "NValence"];
        assert_eq!(VALENCE.map(|property| PROPERTIES[property]), orbitals);
        let all = Magpie::with(MagpieSettings { fractions: true, ..Default::default() });
        assert_eq!((Magpie::default().columns(), all.columns()), (142, 254));
        assert_eq!((Magpie::default().names().len(), all.names().len()), (142, 254));
        assert_eq!(all.names()[253], "fraction Cn");
        assert_eq!(all.id().as_str(), "magpie:norms:orbitals:fractions:missing=mean");
    }

    #[test]
    fn unknown_properties_are_means_or_nan() {
        let electronegativity = 7 * 6;
        let mean = row(MagpieSettings::default(), "XeAr");
        assert!(mean.iter().all(|value| value.is_finite()));
        // The mean over 98 elements, as matminer has it.
        let nan = row(MagpieSettings { missing: Missing::Nan, ..Default::default() }, "XeAr");
        assert!(nan[electronegativity..electronegativity + 6].iter().all(|value| value.is_nan()));
        assert_eq!(nan.iter().filter(|value| value.is_nan()).count(), 6);
        let argon = row(MagpieSettings::default(), "Ar");
        assert!((argon[electronegativity + 3] - 1.715_102_040_816_327).abs() < 1e-12);
    }
}
