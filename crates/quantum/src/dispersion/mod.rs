//! dispersion/mod
