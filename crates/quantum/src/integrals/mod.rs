//! integrals/mod
