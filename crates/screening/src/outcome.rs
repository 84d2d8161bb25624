//! What a screening gives.

use crate::error::ScreeningError;
use crate::top::{Hit, HitKind};
use records::{Kind, TableWriter, Value};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// How many failures are kept as examples.
pub(crate) const EXAMPLES: usize = 20;

/// How many records there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Records read, good or bad.
    pub rows: u64,
    /// Records that could not be read or scored.
    pub failed: u64,
    /// Scored records outside the scorer's domain.
    pub out_of_domain: u64,
}

impl Counts {
    /// Records with a score.
    pub fn scored(&self) -> u64 {
        self.rows.saturating_sub(self.failed)
    }

    /// The share of scored records outside the scorer's domain; 0 where none is scored.
    pub fn share_out_of_domain(&self) -> f64 {
        if self.scored() == 0 { 0.0 } else { self.out_of_domain as f64 / self.scored() as f64 }
    }

    pub(crate) fn add(&mut self, other: Counts) {
        // A state file may say anything.
        self.rows = self.rows.saturating_add(other.rows);
        self.failed = self.failed.saturating_add(other.failed);
        self.out_of_domain = self.out_of_domain.saturating_add(other.out_of_domain);
    }
}

/// A record that could not be read or scored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// Index of its file, from 0.
    pub file: usize,
    /// Index of the record, from 0.
    pub row: u64,
    /// Its line, from 1, if the file has lines.
    pub line: Option<u64>,
    /// Why.
    pub reason: String,
}

/// A file that could not be read to its end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unread {
    /// Index of the file, from 0.
    pub file: usize,
    /// Records read before.
    pub rows: u64,
    /// Why.
    pub reason: String,
}

/// What a screening gives.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// Whether the library was read to its end; if not, the screening was stopped and can be resumed.
    pub finished: bool,
    /// The best, from the first rank on.
    pub hits: Vec<Hit>,
    /// How many records there were.
    pub counts: Counts,
    /// The first failures.
    pub failures: Vec<Failure>,
    /// Files that could not be read to their end: their rest is missing.
    pub unread: Vec<Unread>,
    /// Time it took in s, resumed parts included; of merged shards: the sum.
    pub seconds: f64,
    /// Names of the files.
    pub files: Vec<String>,
}

impl Outcome {
    /// Records per second; 0 where there was no time.
    pub fn rate(&self) -> f64 {
        if self.seconds > 0.0 { self.counts.rows as f64 / self.seconds } else { 0.0 }
    }

    /// Name of a file of the library.
    pub fn file_name(&self, file: usize) -> &str {
        self.files.get(file).map_or("", String::as_str)
    }

    /// Writes the best as a table (`.csv`, `.csv.gz`, `.tsv`, `.parquet`), in one step.
    ///
    /// # Errors
    /// An ending that is no table's; a disk that does not take it.
    pub fn write(&self, path: &Path) -> Result<(), ScreeningError> {
        let all = |kind: HitKind| !self.hits.is_empty() && self.hits.iter().all(|h| h.kind == kind);
        let structure = if all(HitKind::Formula) {
            "formula"
        } else if all(HitKind::Smiles) || self.hits.is_empty() {
            "smiles"
        } else {
            "structure"
        };
        let columns = [
            ("rank", Kind::Integer),
            (structure, Kind::Text),
            ("name", Kind::Text),
            ("mean", Kind::Number),
            ("sd", Kind::Number),
            ("lower", Kind::Number),
            ("upper", Kind::Number),
            ("in_domain", Kind::Bool),
            ("file", Kind::Text),
            ("row", Kind::Integer),
        ];
        let mut table = TableWriter::create(path, &columns)?;
        for (rank, hit) in self.hits.iter().enumerate() {
            table.push(&[
                Value::Integer(rank as i64 + 1),
                hit.structure.as_str().into(),
                hit.name.as_deref().into(),
                hit.score.mean.into(),
                hit.score.sd.into(),
                hit.score.lower.into(),
                hit.score.upper.into(),
                hit.score.in_domain.into(),
                self.file_name(hit.file).into(),
                // People count from 1.
                Value::Integer(i64::try_from(hit.row).unwrap_or(i64::MAX).saturating_add(1)),
            ])?;
        }
        Ok(table.finish()?)
    }
}
