//! Geometry optimisation, harmonic frequencies and thermochemistry for any method with gradients.
