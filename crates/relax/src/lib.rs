//! Geometry optimisation, harmonic frequencies and thermochemistry for any method with gradients.
//!
//! ```
//! use matter::{EmbedOptions, Molecule};
//! use method::{GradientMethod, OptimisationLevel};
//! use relax::harmonic::{Conditions, HessianOptions, Stationary, hessian, thermochemistry, vibrations};
//! use relax::optimise::{OptimiseOptions, optimise};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let water = Molecule::from_smiles("O")?;
//! let water = water.clone().with_geometry(water.geometry_or_embed(&EmbedOptions::default())?);
//! let start = water.geometry().expect("just embedded");
//! let mut surface = quantum::Gfn2Method::new(Default::default()).surface(&water)?;
//!
//! let options = OptimiseOptions { level: OptimisationLevel::Tight, ..OptimiseOptions::default() };
//! let path = optimise(surface.as_mut(), start.elements(), &start.positions_bohr(), &options, &mut |_| Ok(()))?;
//! let end = path.last().expect("a relaxation that has not failed has an end");
//! assert!(path.gradients < 15);
//!
//! let second = hessian(surface.as_mut(), &end.positions, &HessianOptions::default(), &|| Ok(()))?;
//! let modes = vibrations(&second, start.elements(), &end.positions)?;
//! assert_eq!((modes.modes.len(), modes.stationary(20.0)), (3, Stationary::Minimum));
//! let heat = thermochemistry(&modes.wavenumbers(), &modes.rotor, &Conditions::default())?;
//! assert!(heat.zero_point.0 > 0.019 && heat.zero_point.0 < 0.022); // hartree
//! # Ok(())
//! # }
//! ```

mod constants;
mod coordinates;
mod error;
pub mod harmonic;
mod linalg;
pub mod optimise;
mod relaxing;
mod vector;

pub use error::RelaxError;
pub use relaxing::Relaxing;
