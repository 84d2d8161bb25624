//! Constants of nature (CODATA 2018; those of the SI are exact).

/// Planck constant, J s.
pub(crate) const PLANCK: f64 = 6.626_070_15e-34;
/// Boltzmann constant, J/K.
pub(crate) const BOLTZMANN: f64 = 1.380_649e-23;
/// Speed of light, cm/s.
pub(crate) const LIGHT_CM: f64 = 2.997_924_58e10;
/// One hartree, J.
pub(crate) const HARTREE: f64 = 4.359_744_722_207_1e-18;
/// One hartree as a wavenumber, 1/cm.
pub(crate) const HARTREE_IN_WAVENUMBER: f64 = 219_474.631_363_20;
/// One dalton, kg.
pub(crate) const DALTON: f64 = 1.660_539_066_60e-27;
/// One dalton in electron masses.
pub(crate) const DALTON_IN_ELECTRONS: f64 = 1_822.888_486_209;
/// One bohr, m.
pub(crate) const BOHR: f64 = 5.291_772_109_03e-11;
