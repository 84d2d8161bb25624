//! repulsion
