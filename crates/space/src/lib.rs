//! Spaces of candidates: library files and combinatorial libraries.
