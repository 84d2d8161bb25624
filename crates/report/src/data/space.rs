//! Where the candidates came from.

use super::repeat::KindCount;
use serde::{Deserialize, Serialize};

/// The space of candidates, counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpaceSummary {
    /// What the space is, in words: `3 quinone cores with up to 2 of 14 substituents`.
    pub description: String,
    /// Candidates left after all filters: what the campaign chose from.
    pub size: u64,
    /// Candidates before the filters, duplicates already removed.
    pub enumerated: u64,
    /// Candidates removed by the filters, by reason.
    pub filtered: Vec<KindCount>,
    /// Candidates met more than once and counted once.
    pub duplicates: u64,
    /// Lines of the library file that could not be read and were skipped, as the specification allowed.
    pub skipped_lines: u64,
}
