//! Parameters of GFN2-xTB by element.

use crate::tables::gfn2::ELEMENTS;

/// One electronvolt in hartree: CODATA 2010, which the method's own programs use. The levels in eV belong to it; a
/// newer value would move total energies by 4e-8 of themselves.
pub(crate) const EV: f64 = 1.0 / 27.211_385_05;

/// One angstrom in bohr (CODATA 2018).
pub(crate) const ANGSTROM: f64 = 1.0 / 0.529_177_210_903;

/// Parameters of a shell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ShellParameters {
    /// Principal quantum number.
    pub n: u8,
    /// Angular momentum.
    pub l: u8,
    /// Number of Gaussians.
    pub primitives: u8,
    /// Slater exponent zeta, 1/bohr.
    pub slater: f64,
    /// Level H, eV (GFN2, eq. 14).
    pub level: f64,
    /// Shift of the level per coordination number, eV (GFN2, eq. 14).
    pub level_by_cn: f64,
    /// Factor of the distance polynomial (GFN2, eq. 15).
    pub polynomial: f64,
    /// Electrons of the free atom in this shell.
    pub occupation: f64,
    /// Factor of the element's hardness for this shell (1 + kappa of GFN2, eq. 21).
    pub hardness: f64,
}

/// Parameters of an element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Element {
    /// Valence shells.
    pub shells: &'static [ShellParameters],
    /// Hardness eta, hartree.
    pub hardness: f64,
    /// Charge derivative of the hardness Gamma, hartree/e (GFN2, eq. 22).
    pub hardness_derivative: f64,
    /// Effective nuclear charge of the repulsion (GFN2, eq. 10).
    pub nuclear_charge: f64,
    /// Exponent alpha of the repulsion (GFN2, eq. 10).
    pub repulsion: f64,
    /// Electronegativity (GFN2, eq. 13).
    pub electronegativity: f64,
    /// Kernel of the on-site dipole term, hartree (GFN2, eq. 31).
    pub dipole_kernel: f64,
    /// Kernel of the on-site quadrupole term, hartree (GFN2, eq. 31).
    pub quadrupole_kernel: f64,
    /// Offset radius of the multipole damping, bohr (GFN2, eq. 29).
    pub multipole_radius: f64,
    /// Valence coordination number of the multipole damping (GFN2, eq. 29).
    pub multipole_valence: f64,
}

/// Parameters of the element with this atomic number, if the method has them.
pub(crate) fn element(number: u8) -> Option<&'static Element> {
    ELEMENTS.get(usize::from(number).checked_sub(1)?)
}
