//! solvation/mod
