//! Scoring one batch.

use crate::error::ScreeningError;
use crate::outcome::{Counts, EXAMPLES, Failure, Unread};
use crate::score::{Score, Scorer};
use crate::settings::Settings;
use crate::top::{Hit, ordered};
use records::Record;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What was read at a time.
pub(crate) struct Batch {
    /// Its place among the batches.
    pub(crate) number: u64,
    pub(crate) records: Vec<Record>,
    /// Records that could not be read, and files.
    pub(crate) failures: Vec<Failure>,
    pub(crate) unread: Vec<Unread>,
    /// The record behind it: index of its file, and index in it.
    pub(crate) next: (usize, u64),
    /// Share of the library's bytes read so far.
    pub(crate) fraction: f64,
    /// Whether nothing is behind it.
    pub(crate) last: bool,
}

/// What became of it.
pub(crate) struct Done {
    pub(crate) number: u64,
    pub(crate) hits: Vec<Hit>,
    pub(crate) counts: Counts,
    /// In the order of rows, the first only.
    pub(crate) failures: Vec<Failure>,
    pub(crate) unread: Vec<Unread>,
    pub(crate) next: (usize, u64),
    pub(crate) fraction: f64,
    pub(crate) last: bool,
}

/// Scores a batch; `limit` is the ordered cost above which nothing can be among the best.
pub(crate) fn score(
    scorer: &dyn Scorer,
    settings: &Settings,
    batch: Batch,
    limit: u64,
) -> Result<Done, ScreeningError> {
    let Batch { number, records, mut failures, unread, next, fraction, last } = batch;
    let scores = scores(scorer, &records)?;
    let mut counts = Counts {
        rows: (records.len() + failures.len()) as u64,
        failed: failures.len() as u64,
        out_of_domain: 0,
    };
    let mut hits = Vec::new();
    for (record, score) in records.iter().zip(scores) {
        let score = score.and_then(|score| match score.problem() {
            Some(problem) => Err(format!("the score cannot be used: {problem}")),
            None => Ok(score),
        });
        match score {
            Err(reason) => {
                counts.failed += 1;
                let Record { file, row, line, .. } = record;
                failures.push(Failure { file: *file, row: *row, line: *line, reason });
            }
            Ok(score) => {
                counts.out_of_domain += u64::from(!score.in_domain);
                let wanted = score.in_domain || !settings.only_in_domain;
                if wanted && ordered(settings.cost(&score)) <= limit {
                    hits.push(Hit::new(record, score));
                }
            }
        }
    }
    failures.sort();
    failures.truncate(EXAMPLES);
    Ok(Done { number, hits, counts, failures, unread, next, fraction, last })
}

/// The scores of a batch. Where the scorer panics, its records are scored one by one, so that the one that cannot be
/// scored is a failure and the others are not.
fn scores(scorer: &dyn Scorer, records: &[Record]) -> Result<Vec<Result<Score, String>>, ScreeningError> {
    let ask = |part: &[Record]| -> Result<Option<Vec<Result<Score, String>>>, ScreeningError> {
        let Ok(scores) = catch_unwind(AssertUnwindSafe(|| scorer.score(part))) else { return Ok(None) };
        if scores.len() != part.len() {
            return Err(ScreeningError::Scorer { found: scores.len(), expected: part.len() });
        }
        Ok(Some(scores))
    };
    if records.is_empty() {
        return Ok(Vec::new());
    }
    if let Some(scores) = ask(records)? {
        return Ok(scores);
    }
    let mut all = Vec::with_capacity(records.len());
    for record in records.chunks(1) {
        let scores = ask(record)?;
        all.extend(scores.unwrap_or_else(|| vec![Err("the scorer broke off at this record".into())]));
    }
    Ok(all)
}
