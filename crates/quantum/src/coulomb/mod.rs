//! Electrostatics of GFN2-xTB between the partial charges and multipole moments of atoms (GFN2, section 2.2).
//!
//! | term | GFN2 | what interacts |
//! |---|---|---|
//! | [`Isotropic`] | eqs. 19 to 21 | charges of shells, by a Coulomb law that ends in the hardness |
//! | [`ThirdOrder`] | eq. 22 | the charge of a shell with itself, to the third power |
//! | [`Anisotropic`] | eqs. 24 to 31 | charges, dipoles and quadrupoles of atoms; moments with themselves |

mod anisotropic;
mod isotropic;
mod lanes;
#[cfg(test)]
mod tests;
mod third_order;

pub(crate) use anisotropic::Anisotropic;
pub(crate) use isotropic::Isotropic;
pub(crate) use third_order::ThirdOrder;
