//! Each molecule once.

use crate::contract::{Candidate, Seen};
use matter::StructureId;
use std::collections::HashSet;

/// The molecules met so far, by canonical identity.
#[derive(Debug, Default)]
pub(crate) struct Distinct {
    ids: HashSet<StructureId>,
    pub(crate) seen: Seen,
}

impl Distinct {
    /// Hands the candidate back if its molecule is new, else counts a duplicate.
    pub(crate) fn admit(&mut self, id: StructureId, candidate: Candidate) -> Option<Candidate> {
        if self.ids.insert(id) {
            self.seen.candidates += 1;
            Some(candidate)
        } else {
            self.seen.duplicates += 1;
            None
        }
    }
}
