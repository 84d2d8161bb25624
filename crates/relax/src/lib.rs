//! Geometry optimisation, harmonic frequencies and thermochemistry for any method with gradients.

mod constants;
mod coordinates;
mod error;
pub mod harmonic;
mod linalg;
pub mod optimise;
mod vector;

pub use error::RelaxError;
