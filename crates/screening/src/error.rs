//! Why a screening cannot be done.

use crate::settings::Shard;
use records::RecordsError;
use std::path::PathBuf;

/// Why a screening cannot be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScreeningError {
    /// The library cannot be read, or the table not be written.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// A setting that makes no sense.
    #[error("{name} is {found}: expected {expected}")]
    Setting {
        /// Its name.
        name: &'static str,
        /// Its value.
        found: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A shard that is not there.
    #[error("`{found}` is no shard: expected i/n with i from 1 to n, such as 1/4")]
    Shard {
        /// What was found.
        found: String,
    },
    /// The threads cannot be started.
    #[error("the threads cannot be started: {reason}")]
    Threads {
        /// What the system says.
        reason: String,
    },
    /// A scorer that breaks its contract: a mistake in it.
    #[error("the scorer gave {found} scores for {expected} records: that is a mistake in the scorer")]
    Scorer {
        /// Scores given.
        found: usize,
        /// Records there were.
        expected: usize,
    },
    /// A state file that cannot be read or written.
    #[error("{}: the state of the screening cannot be {done}: {reason}", .file.display())]
    State {
        /// The file.
        file: PathBuf,
        /// What was tried.
        done: &'static str,
        /// What the system or the parser says.
        reason: String,
    },
    /// A state that would be overwritten.
    #[error("{}: holds a screening that is not finished: resume it, or remove the file to begin anew", .file.display())]
    Unfinished {
        /// The file.
        file: PathBuf,
    },
    /// A state of another screening.
    #[error("{}: is of another screening: {what} was {before}, and is {now}", .file.display())]
    Other {
        /// The file.
        file: PathBuf,
        /// What differs.
        what: String,
        /// What the state says.
        before: String,
        /// What is asked.
        now: String,
    },
    /// Nothing to merge.
    #[error("no shard is given: name the state files of all shards")]
    NoShards,
    /// A shard that is not done.
    #[error("{}: shard {shard} is not finished: resume it first", .file.display())]
    ShardUnfinished {
        /// The file.
        file: PathBuf,
        /// The shard.
        shard: Shard,
    },
    /// Shards that are not all of one screening.
    #[error("shard {shard} is {how}: give each of the {} shards once", .shard.of)]
    ShardSet {
        /// The shard.
        shard: Shard,
        /// Missing, or given twice.
        how: &'static str,
    },
}

impl ScreeningError {
    /// Whether the user's input is to blame, and not the disk or the program.
    pub fn is_input(&self) -> bool {
        !matches!(
            self,
            ScreeningError::Threads { .. }
                | ScreeningError::Scorer { .. }
                | ScreeningError::State { .. }
                | ScreeningError::Records(RecordsError::Write { .. })
        )
    }
}
