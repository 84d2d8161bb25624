//! External programs and tables behind the method contract.
//!
//! `gfn2` is a method; who computes it is the engine. [`Xtb`] asks the xtb program; [`Table`] replays a published
//! table as an oracle.

mod error;
mod process;
mod scratch;
mod table;
mod xtb;

pub use error::EngineError;
pub use process::{ProcessEnd, ProcessReport, run};
pub use scratch::{Scratch, sweep};
pub use table::{Table, TableOptions};
pub use xtb::{Xtb, XtbOptions};

#[doc(no_inline)]
pub use method::Method;
