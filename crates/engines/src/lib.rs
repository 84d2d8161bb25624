//! External programs and tables behind the method contract.
//!
//! `gfn2` is a method; who computes it is the engine. `gfn2@xtb` asks the xtb program; `table:FILE.csv`
//! replays a published table as an oracle. [`resolve`] turns such a name into a [`Method`].

mod error;
mod process;
mod registry;
mod scratch;
mod table;
mod xtb;

pub use error::EngineError;
pub use process::{ProcessEnd, ProcessReport, run};
pub use registry::{EngineOptions, METHODS, MethodEntry, resolve};
pub use scratch::{Scratch, sweep};
pub use table::{Table, TableOptions};
pub use xtb::{Xtb, XtbOptions};

#[doc(no_inline)]
pub use method::Method;
