//! A thread that reads, threads that score, and one that keeps the best.

use crate::error::ScreeningError;
use crate::outcome::{Counts, Failure, Outcome, Unread};
use crate::score::Scorer;
use crate::settings::Settings;
use crate::state::{Fingerprint, State};
use crate::work::{self, Batch, Done};
use records::{Records, Source};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// How a screening is done; nothing of it changes the result.
#[derive(Clone, Debug)]
pub struct Options {
    /// Threads that score; all cores if not given. Reading takes a thread of its own, which is idle most of the time.
    pub threads: Option<NonZeroUsize>,
    /// Records at a time.
    pub batch: NonZeroUsize,
    /// Where the state is written; without it, a screening cannot be resumed.
    pub state: Option<PathBuf>,
    /// How often; less often where saving takes more than a twentieth of the time.
    pub save_every: Duration,
    /// Whether to go on from the state in that file, if there is one.
    pub resume: bool,
}

impl Default for Options {
    /// All cores, 512 records at a time, no state.
    fn default() -> Options {
        Options {
            threads: None,
            batch: NonZeroUsize::new(512).unwrap_or(NonZeroUsize::MIN),
            state: None,
            save_every: Duration::from_secs(5),
            resume: false,
        }
    }
}

/// How far a screening is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Share of the library's bytes that are done, from 0 to 1.
    pub fraction: f64,
    /// Records so far, resumed ones included.
    pub counts: Counts,
    /// Records per second since it was begun or resumed.
    pub rate: f64,
    /// How many are kept so far.
    pub kept: usize,
}

/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// Saving the state takes at most one part in so many of the time.
const SAVING_PART: u32 = 20;

/// Stack of a scoring thread: structures are trees, and some are deep.
const STACK: usize = 16 << 20;

/// Streams the library through the scorer and keeps the best.
///
/// When `cancel` becomes true, what was read is scored, the state is written, and the outcome says that it is not
/// finished. `progress` is called on the calling thread, a few times a second.
///
/// # Errors
/// Settings that make no sense; a library that cannot be opened; a state that cannot be written, is of another
/// screening, or (without [`Options::resume`]) would be lost. Records that cannot be read or scored, and files that
/// break off, are no errors but counted and listed in the outcome.
pub fn run(
    scorer: &dyn Scorer,
    source: &Source,
    settings: &Settings,
    options: &Options,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Outcome, ScreeningError> {
    settings.check()?;
    let mut records = source.open(&settings.columns)?;
    let fingerprint = Fingerprint::new(scorer.id(), settings, source, &records);
    let mut state = State::new(fingerprint);
    if let Some(path) = options.state.as_deref().filter(|path| path.exists()) {
        let before = State::load(path);
        if options.resume {
            let before = before?;
            state.fingerprint.check(&before.fingerprint, path, true)?;
            if before.finished {
                return Ok(before.into_outcome());
            }
            records = source.open_at(&settings.columns, before.file, before.row)?;
            state = before;
        } else if before.is_ok_and(|before| !before.finished) {
            return Err(ScreeningError::Unfinished { file: path.to_owned() });
        }
    }
    let threads = options.threads.or_else(|| std::thread::available_parallelism().ok());
    let threads = threads.map_or(1, NonZeroUsize::get);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .stack_size(STACK)
        .build()
        .map_err(|e| ScreeningError::Threads { reason: e.to_string() })?;
    Flow { scorer, settings, options, cancel, pool, threads }.run(records, state, progress)
}

struct Flow<'a> {
    scorer: &'a dyn Scorer,
    settings: &'a Settings,
    options: &'a Options,
    cancel: &'a AtomicBool,
    pool: rayon::ThreadPool,
    threads: usize,
}

impl Flow<'_> {
    fn run(
        &self,
        records: Records,
        mut state: State,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Outcome, ScreeningError> {
        // So many batches are on their way at most, however long one of them takes: for each that is done, a token
        // goes back to the reader. Both channels have room for all of them, so that sending never waits.
        let window = 4 * self.threads + 4;
        let (give, take) = sync_channel::<()>(window);
        for _ in 0..window {
            // There is room for all of them.
            let _ = give.try_send(());
        }
        let (read, to_score) = sync_channel::<Batch>(window);
        let (scored, to_keep) = sync_channel::<Result<Done, ScreeningError>>(window);
        let to_score = Mutex::new(to_score);
        let limit = AtomicU64::new(state.top.limit());
        let stop = AtomicBool::new(false);
        let outcome = std::thread::scope(|scope| {
            let stop = &stop;
            scope.spawn(move || self.read(records, take, read, stop));
            let (to_score, limit) = (&to_score, &limit);
            scope.spawn(move || self.pool.broadcast(|_| self.work(to_score, scored.clone(), limit)));
            let kept = self.keep(&mut state, to_keep, &give, limit, progress);
            // After an error nobody waits: the reader finds no token, the workers no batch and no one to tell.
            stop.store(true, Ordering::Relaxed);
            drop(give);
            kept
        });
        outcome?;
        if let Some(path) = &self.options.state {
            state.save(path)?;
        }
        Ok(state.into_outcome())
    }

    /// Reads batches until the end, or until nobody wants more.
    fn read(&self, mut records: Records, take: Receiver<()>, read: SyncSender<Batch>, stop: &AtomicBool) {
        let size = self.options.batch.get();
        let mut number = 0;
        while !stop.load(Ordering::Relaxed) && !self.cancel.load(Ordering::Relaxed) && take.recv().is_ok() {
            let mut batch = Batch {
                number,
                records: Vec::with_capacity(size.min(4096)),
                failures: Vec::new(),
                unread: Vec::new(),
                next: (0, 0),
                fraction: 0.0,
                last: false,
            };
            number += 1;
            // Most rows may be of other shards; a batch may be small then, so that a stop is heard soon.
            for _ in 0..size.saturating_mul(16) {
                if batch.records.len() + batch.failures.len() >= size {
                    break;
                }
                match records.next() {
                    Some(Ok(record)) if self.settings.takes(&record) => batch.records.push(record),
                    Some(Ok(_)) => {}
                    Some(Err(error)) if error.ends_file => {
                        let (file, rows, reason) = (error.file_index, error.row, error.to_string());
                        batch.unread.push(Unread { file, rows, reason });
                    }
                    Some(Err(error)) => {
                        let (file, row, line) = (error.file_index, error.row, error.line);
                        if self.settings.shard.takes(file, row) {
                            let reason = error.problem.to_string();
                            batch.failures.push(Failure { file, row, line, reason });
                        }
                    }
                    None => {
                        batch.last = true;
                        break;
                    }
                }
            }
            let position = records.position();
            (batch.next, batch.fraction) = ((position.file, position.row), position.fraction());
            let last = batch.last;
            if read.send(batch).is_err() || last {
                break;
            }
        }
    }

    /// Scores batches as long as there are any.
    fn work(
        &self,
        to_score: &Mutex<Receiver<Batch>>,
        scored: SyncSender<Result<Done, ScreeningError>>,
        limit: &AtomicU64,
    ) {
        loop {
            // Only waiting is done under the lock.
            let batch = match to_score.lock() {
                Ok(receiver) => receiver.recv(),
                Err(_) => return,
            };
            let Ok(batch) = batch else { return };
            let done = work::score(self.scorer, self.settings, batch, limit.load(Ordering::Relaxed));
            let failed = done.is_err();
            if scored.send(done).is_err() || failed {
                return;
            }
        }
    }

    /// Takes what is scored in the order in which it was read, so that the state is at every time that of the records
    /// up to one place.
    fn keep(
        &self,
        state: &mut State,
        to_keep: Receiver<Result<Done, ScreeningError>>,
        give: &SyncSender<()>,
        limit: &AtomicU64,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<(), ScreeningError> {
        let begun = Instant::now();
        let (mut saved, mut told) = (begun, begun);
        let (seconds, rows) = (state.seconds, state.counts.rows);
        let mut early = BTreeMap::new();
        let mut number = 0;
        let mut fraction = 0.0;
        let mut pause = self.options.save_every;
        for done in to_keep {
            let done = done?;
            early.insert(done.number, done);
            while let Some(done) = early.remove(&number) {
                number += 1;
                fraction = done.fraction;
                self.add(state, done);
                limit.store(state.top.limit(), Ordering::Relaxed);
                // The reader may have ended.
                let _ = give.try_send(());
            }
            let elapsed = begun.elapsed().as_secs_f64();
            state.seconds = seconds + elapsed;
            if told.elapsed() >= TELL_EVERY || state.finished {
                let rate = state.counts.rows.saturating_sub(rows) as f64 / elapsed.max(1e-9);
                progress(&Progress { fraction, counts: state.counts, rate, kept: state.top.hits().len() });
                told = Instant::now();
            }
            if saved.elapsed() >= pause
                && let Some(path) = &self.options.state
            {
                let start = Instant::now();
                state.save(path)?;
                saved = Instant::now();
                // Where very many are kept, saving takes its time: at most a part of it all.
                pause = self.options.save_every.max(SAVING_PART * start.elapsed());
            }
        }
        Ok(())
    }

    fn add(&self, state: &mut State, done: Done) {
        state.counts.add(done.counts);
        state.add_failures(done.failures);
        state.unread.extend(done.unread);
        for hit in done.hits {
            state.top.push(hit, self.settings);
        }
        (state.file, state.row) = done.next;
        state.finished = done.last;
    }
}
