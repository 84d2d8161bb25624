//! Each molecule once.

use crate::contract::Seen;
use std::collections::HashSet;

/// The molecules met so far, by what makes up their canonical identity.
#[derive(Debug, Default)]
pub(crate) struct Distinct {
    keys: HashSet<String>,
    pub(crate) seen: Seen,
}

impl Distinct {
    /// Whether this key comes for the first time; counts a candidate or a duplicate.
    pub(crate) fn admit(&mut self, key: String) -> bool {
        let new = self.keys.insert(key);
        if new {
            self.seen.candidates += 1;
        } else {
            self.seen.duplicates += 1;
        }
        new
    }
}
