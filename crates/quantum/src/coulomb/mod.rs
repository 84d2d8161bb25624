//! coulomb/mod
