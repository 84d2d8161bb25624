//! Harmonic vibrations and the thermochemistry that follows from them.

mod hessian;
mod modes;
mod rotor;
mod thermochemistry;

pub use hessian::{Allowed, Hessian, HessianOptions, hessian};
pub use modes::{Mode, Stationary, Vibrations, vibrations};
pub use rotor::{Rotor, RotorKind};
pub use thermochemistry::{Conditions, Entropy, Thermochemistry, thermochemistry};
