//! Writing to standard output.

use std::fmt::Arguments;
use std::io::{self, Write};

/// Writes a line to standard output. The macro `println!` would panic when the reader of a pipe has gone (`joulery
/// schema | head`); here it is an error, and the program ends quietly.
pub fn line(text: Arguments) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_fmt(text)?;
    out.write_all(b"\n")
}

/// Whether an error only says that nobody reads any more.
pub fn nobody_reads(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|e| e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe))
}

/// `println!` with an error value in place of the panic; for functions that return a `Result`.
macro_rules! outln {
    ($($part:tt)*) => { $crate::out::line(format_args!($($part)*))? };
}
pub(crate) use outln;
