//! Shards become one result.

use crate::error::ScreeningError;
use crate::outcome::{EXAMPLES, Outcome};
use crate::settings::Shard;
use crate::state::{Fingerprint, State};
use std::collections::BTreeSet;
use std::path::Path;

/// The result of all shards of a screening, from their state files: that of one run over the whole library.
///
/// # Errors
/// A file that is no state; shards of different screenings (model, settings, library; the time of a file may differ, as
/// copies on several machines do); a shard that is not finished, missing, or given twice.
pub fn merge<P: AsRef<Path>>(files: &[P]) -> Result<Outcome, ScreeningError> {
    let mut whole: Option<State> = None;
    let mut seen = BTreeSet::new();
    for file in files {
        let file = file.as_ref();
        let state = State::load(file)?;
        let shard = state.fingerprint.settings.shard;
        if !state.finished {
            return Err(ScreeningError::ShardUnfinished { file: file.to_owned(), shard });
        }
        let state = State { fingerprint: of_all(&state.fingerprint), ..state };
        match &mut whole {
            None => whole = Some(state),
            Some(whole) => {
                // What each says of itself must be the same but for its number.
                if let Some(first) = seen.first().map(|s: &Shard| s.of)
                    && first != shard.of
                {
                    return Err(ScreeningError::Other {
                        file: file.to_owned(),
                        what: "the number of shards".into(),
                        before: shard.of.to_string(),
                        now: first.to_string(),
                    });
                }
                whole.fingerprint.check(&state.fingerprint, file, false)?;
                if seen.contains(&shard) {
                    return Err(ScreeningError::ShardSet { shard, how: "given twice" });
                }
                whole.counts.add(state.counts);
                whole.seconds += state.seconds;
                whole.failures.extend(state.failures);
                // Every shard reads all files, so each meets the same end.
                whole.unread.extend(state.unread);
                let settings = &whole.fingerprint.settings;
                state.top.into_hits().into_iter().for_each(|hit| whole.top.push(hit, settings));
            }
        }
        seen.insert(shard);
    }
    let (Some(mut whole), Some(of)) = (whole, seen.first().map(|s| s.of)) else {
        return Err(ScreeningError::NoShards);
    };
    if let Some(index) = (1..=of).find(|&index| !seen.contains(&Shard { index, of })) {
        return Err(ScreeningError::ShardSet { shard: Shard { index, of }, how: "missing" });
    }
    whole.failures.sort();
    whole.failures.truncate(EXAMPLES);
    whole.unread.sort();
    whole.unread.dedup();
    Ok(whole.into_outcome())
}

/// The fingerprint of the whole of which this is a shard.
fn of_all(fingerprint: &Fingerprint) -> Fingerprint {
    let mut whole = fingerprint.clone();
    whole.settings.shard = Shard::default();
    whole
}
