//! linalg/mod
