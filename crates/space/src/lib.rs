//! Spaces of candidates: library files and combinatorial libraries.
//!
//! A [`SpaceSpec`] says what a space is; [`SpaceSpec::open`] gives a [`Space`], which hands out its candidates
//! a batch at a time, each molecule once, always in the same order.

mod combinatorial;
mod contract;
mod distinct;
mod error;
mod library;
mod spec;

pub use combinatorial::{CombinatorialSpace, CombinatorialSpec, CoreSpec, SubstituentSpec};
pub use contract::{Candidate, Origin, Seen, Size, Skipped, Space};
pub use error::SpaceError;
pub use library::{LibraryFormat, LibrarySpace, LibrarySpec, OnError};
pub use spec::SpaceSpec;
