//! Why an engine cannot be set up.

use std::path::PathBuf;

/// Why an engine cannot be set up. (What goes wrong later, on one molecule, is a `method::Failure`.)
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The program is not there.
    #[error(
        "the program `{program}` cannot be started: {source}. Method `gfn2` needs no program; for `gfn2@xtb` install it \
         (Debian: `apt-get install xtb`; conda-forge: `xtb`) or name its path in `[engine] xtb = \"...\"` or the \
         variable JOULERY_XTB"
    )]
    NotInstalled {
        /// What was tried.
        program: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The program is there but does not say its version.
    #[error("`{program} --version` did not answer with a version (found: {found}): is it the xtb program?")]
    NoVersion {
        /// What was started.
        program: String,
        /// What it wrote.
        found: String,
    },
    /// A file cannot be read.
    #[error("the table `{path}` cannot be read: {source}; check the path behind `table:`")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A table has no such column.
    #[error("{path}: no column `{column}`; the columns are {found}")]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// Column asked for.
        column: String,
        /// Columns there are.
        found: String,
    },
    /// A row of a table cannot be used.
    #[error("{path}, line {line}: {problem}")]
    Row {
        /// The file.
        path: PathBuf,
        /// Line number, from 1.
        line: u64,
        /// What is wrong and what was expected.
        problem: String,
    },
}
