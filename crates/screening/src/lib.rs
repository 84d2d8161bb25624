//! The best of a library larger than memory.
//!
//! [`run`] streams the records of a [`records::Source`] through a [`Scorer`] on several threads and keeps the best
//! [`Settings::top`] of them, exactly: the result does not depend on the number of threads, on the size of batches, on
//! where it was stopped and resumed, or on how it was split into shards. Memory is bounded by the number kept and a few
//! batches, whatever the size of the library.
//!
//! # Rank
//!
//! Records are ordered by their cost: for a score with mean m and standard deviation s, with `k` of [`By::Bound`] (0 for
//! [`By::Mean`]),
//!
//! ```text
//! Minimise: m + k s        Maximise: -(m - k s)        Target(t): |m - t| + k s
//! ```
//!
//! so that a positive k is cautious (a high rank needs certainty) and a negative k hopeful. Equal costs are ordered by
//! file and row. Of records of one molecule (equal canonical SMILES; of formulas: equal text) the best is kept, so the
//! result is the K best molecules, each by its best record.
//!
//! # Stop, resume, shards
//!
//! The state is written to a file every few seconds and at the end, in one step: rows done, the best so far, counts,
//! and a fingerprint of scorer, files and settings. Resuming refuses a state that does not fit. Shard i of n takes the
//! rows whose number (row in its file + index of the file) is i modulo n; its final state is its result, and [`merge`]
//! of all n is the result of one run.
//!
//! ```
//! use screening::{Direction, Options, Score, Scorer, Settings};
//!
//! struct Length;
//! impl Scorer for Length {
//!     fn score(&self, batch: &[records::Record]) -> Vec<Result<Score, String>> {
//!         batch.iter().map(|r| Ok(Score::certain(r.structure.label().len() as f64))).collect()
//!     }
//!     fn id(&self) -> String {
//!         "length".into()
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("library.smi");
//! std::fs::write(&path, "CCO\nCCCC\nOCC\nC\n")?;
//! let settings = Settings { top: 2, direction: Direction::Maximise, ..Settings::default() };
//! let outcome = screening::run(
//!     &Length,
//!     &records::Source::new([&path]),
//!     &settings,
//!     &Options::default(),
//!     &false.into(),
//!     &mut |_| {},
//! )?;
//! let best: Vec<&str> = outcome.hits.iter().map(|hit| hit.structure.as_str()).collect();
//! assert_eq!(best, ["CCCC", "CCO"]); // OCC is CCO again
//! # Ok(())
//! # }
//! ```

mod error;
mod exact;
mod merge;
mod outcome;
mod run;
mod score;
mod settings;
mod state;
mod top;
mod work;

pub use error::ScreeningError;
pub use merge::merge;
pub use outcome::{Counts, Failure, Outcome, Unread};
pub use run::{Options, Progress, run};
pub use score::{Score, Scorer};
pub use settings::{By, Direction, Settings, Shard};
pub use top::{Hit, HitKind};
