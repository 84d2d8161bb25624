//! Geometry optimisation, harmonic frequencies and thermochemistry for any method with gradients.

mod coordinates;
mod error;
mod linalg;
pub mod optimise;
mod vector;

pub use error::RelaxError;
