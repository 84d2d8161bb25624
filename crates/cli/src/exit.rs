//! Exit codes, decided in this one place.
//!
//! 0: all done. 1: an error of the world or of Joulery. 2: wrong input (command line, campaign file, data file).
//! 3: `compute` finished, but some structures failed; `screen` finished, but some files broke off. 130: stopped by Ctrl-C.

use std::process::ExitCode;

/// How a command ended, if it did not end in an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All that was asked is done.
    Done,
    /// Finished, but some structures have no result or could not be read.
    SomeFailed,
    /// Stopped by the user; what was finished is safe.
    Interrupted,
}

/// Marks an error as the user's input: exit code 2.
#[derive(Debug, Clone, Copy)]
pub struct BadInput;

impl std::fmt::Display for BadInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("wrong input")
    }
}

/// Adds `BadInput` below an error, so that `code` finds it.
pub fn bad_input(error: impl std::error::Error + Send + Sync + 'static) -> anyhow::Error {
    anyhow::Error::new(error).context(BadInput)
}

/// Prints an error and gives the exit code.
pub fn code(result: anyhow::Result<Ending>) -> ExitCode {
    match result {
        Ok(Ending::Done) => ExitCode::SUCCESS,
        Ok(Ending::SomeFailed) => ExitCode::from(3),
        Ok(Ending::Interrupted) => ExitCode::from(130),
        // `joulery ... | head` has got what it wanted.
        Err(error) if crate::out::nobody_reads(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let user = error.downcast_ref::<BadInput>().is_some();
            let mut lines: Vec<String> = Vec::new();
            for message in error.chain().map(ToString::to_string) {
                // The marker is for programs, and a wrapped error often repeats its source at its end.
                if message != BadInput.to_string() && !lines.iter().any(|l| l.contains(&message)) {
                    lines.push(message);
                }
            }
            eprintln!("error: {}", lines.join("\n  because: "));
            ExitCode::from(if user { 2 } else { 1 })
        }
    }
}
