//! The methods there are, by name.
//!
//! `gfn2` is a method; who computes it is the engine: this process (`gfn2@native`, the default) or the xtb program
//! (`gfn2@xtb`). `table:FILE.csv` replays a published table as an oracle. [`resolve`] turns such a name into a
//! [`Method`].

mod error;
mod registry;
mod solvent;

pub use error::LadderError;
pub use registry::{EngineOptions, METHODS, MethodEntry, resolve};

#[doc(no_inline)]
pub use method::Method;
