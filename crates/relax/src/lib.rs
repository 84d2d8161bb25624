//! Geometry optimisation, harmonic frequencies and thermochemistry for any method with gradients.

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
