//! The methods there are, by name.
//!
//! `gfn2` is a method; who computes it is the engine. `gfn2@xtb` asks the xtb program; `table:FILE.csv`
//! replays a published table as an oracle. [`resolve`] turns such a name into a [`Method`].

mod error;
mod registry;

pub use error::LadderError;
pub use registry::{EngineOptions, METHODS, MethodEntry, resolve};

#[doc(no_inline)]
pub use method::Method;
