//! Threads that work through an input and give lines in its order.

use super::{BulkJob, BulkLine};
use matter::Molecule;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

/// One structure of the input, or what is wrong with its record.
pub struct BulkInput {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The molecule, or a message that names the line.
    pub molecule: Result<Molecule, String>,
}

/// Lines that may wait for an earlier one, per thread. Bounds the memory when one molecule takes long.
const AHEAD: usize = 64;

/// Works through `input` on `threads` threads and hands every line to `emit`, in input order, as soon as it and
/// all before it are done. Ends early, without the unfinished ones, when `cancel` is set or `emit` says `false`.
///
/// The input is read as it is needed, so that it may be larger than memory.
pub fn run(
    job: &BulkJob,
    input: impl Iterator<Item = BulkInput> + Send,
    threads: usize,
    cancel: &AtomicBool,
    mut emit: impl FnMut(BulkLine) -> bool,
) {
    let threads = threads.max(1);
    let input = Mutex::new(input.enumerate());
    let stop = AtomicBool::new(false);
    let (sender, receiver) = mpsc::sync_channel::<(usize, Option<BulkLine>)>(AHEAD * threads);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let sender = sender.clone();
            let (input, stop) = (&input, &stop);
            scope.spawn(move || {
                loop {
                    if cancel.load(Ordering::Relaxed) || stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let Ok(mut guard) = input.lock() else { return };
                    let Some((index, item)) = guard.next() else { return };
                    drop(guard);
                    let line = one(job, index, item, cancel);
                    if sender.send((index, line)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        'lines: for (index, line) in receiver {
            waiting.insert(index, line);
            while let Some(line) = waiting.remove(&next) {
                next += 1;
                // `None` is a molecule that was dropped half-way: nothing after it is in order any more.
                let Some(line) = line else { break 'lines };
                if !emit(line) {
                    break 'lines;
                }
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
}

fn one(job: &BulkJob, index: usize, item: BulkInput, cancel: &AtomicBool) -> Option<BulkLine> {
    let mut line = match item.molecule {
        Err(message) => BulkLine::invalid(index, message, &job.conversion),
        Ok(molecule) => {
            let (calculation, geometry) = job.evaluate(&molecule, cancel);
            if cancel.load(Ordering::Relaxed) && calculation.outcome.is_err() {
                return None;
            }
            let mut line = BulkLine::of(index, calculation, &job.conversion);
            line.smiles = molecule.graph().map(|g| g.canonical_smiles().to_owned());
            let made = geometry.filter(|g| Some(g) != molecule.geometry());
            line.geometry = made.as_ref().map(Into::into);
            line
        }
    };
    line.name = item.name;
    Some(line)
}
