use super::Soap;
use crate::{FeatureId, GlobalFeatures, Unfit};
use matter::Geometry;

/// What is averaged over the atoms; named as in dscribe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SoapAverage {
    /// The power spectra: the mean of the rows of [`Soap`].
    #[default]
    Outer,
    /// The expansion coefficients, before the power spectrum is made.
    Inner,
}

/// The SOAP power spectrum of a whole molecule: an average over its atoms, so
/// that it does not grow with the molecule.
#[derive(Debug, Clone)]
pub struct AveragedSoap {
    soap: Soap,
    average: SoapAverage,
}

impl AveragedSoap {
    /// An average of these spectra.
    pub fn new(soap: Soap, average: SoapAverage) -> Self {
        Self { soap, average }
    }
}

impl GlobalFeatures for AveragedSoap {
    fn id(&self) -> FeatureId {
        let average = match self.average {
            SoapAverage::Outer => "outer",
            SoapAverage::Inner => "inner",
        };
        FeatureId::new(format!("soap-{average}:{}", self.soap.settings_text()))
    }

    fn columns(&self) -> usize {
        self.soap.column_count()
    }

    fn fill(&self, geometry: &Geometry, row: &mut [f64]) -> Result<(), Unfit> {
        let density = self.soap.expand(geometry)?;
        match self.average {
            SoapAverage::Inner => self.soap.add_spectrum(&density, &density.mean(), 1.0, row),
            SoapAverage::Outer => {
                let share = 1.0 / geometry.len() as f64;
                for atom in 0..geometry.len() {
                    self.soap.add_spectrum(&density, density.about(atom), share, row);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LocalFeatures, conformance::geometric};
    use matter::Element;

    #[test]
    fn averages_conform() {
        let elements = [Element::H, Element::C, Element::O];
        for average in [SoapAverage::Outer, SoapAverage::Inner] {
            let features = AveragedSoap::new(Soap::new(&elements).unwrap(), average);
            geometric::check_global(&features, &elements).unwrap();
        }
    }

    #[test]
    fn the_outer_average_is_the_mean_of_the_rows() {
        let elements = [Element::H, Element::C, Element::O];
        let soap = Soap::new(&elements).unwrap();
        let geometries = geometric::molecules(&elements).unwrap();
        let rows = soap.compute(&geometries).unwrap();
        let means = AveragedSoap::new(soap, SoapAverage::Outer).compute(&geometries).unwrap();
        for (index, geometry) in geometries.iter().enumerate() {
            for column in 0..means.columns() {
                let sum: f64 = rows.atoms(index).map(|atom| rows.matrix().row(atom)[column]).sum();
                let mean = sum / geometry.len() as f64;
                assert!((means.row(index)[column] - mean).abs() <= 1e-12 * (1.0 + mean.abs()));
            }
        }
    }
}
