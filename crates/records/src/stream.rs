//! The records of several files, one after the other.

use crate::columns::Columns;
use crate::error::{Problem, RecordError, RecordsError};
use crate::format::Format;
use crate::packed::Counter;
use crate::read::{self, Bad, Found, Reader};
use crate::record::Record;
use std::path::PathBuf;

/// A stream of records: an iterator that holds one file open, and a bounded part of it in memory.
pub struct Records {
    files: Vec<(PathBuf, Format)>,
    sizes: Vec<u64>,
    want: Columns,
    file: usize,
    row: u64,
    reader: Option<Box<dyn Reader>>,
    counter: Counter,
    /// Bytes of the files before this one.
    before: u64,
}

/// How far a stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Index of the file that is read, from 0; the number of files at the end.
    pub file: usize,
    /// Index of the next record in that file, from 0.
    pub row: u64,
    /// Bytes that were read, as they lie on the disk: readers read ahead, a little.
    pub bytes: u64,
    /// Bytes of all files.
    pub total_bytes: u64,
}

impl Position {
    /// The share of bytes that were read, from 0 to 1.
    pub fn fraction(&self) -> f64 {
        if self.total_bytes == 0 { 1.0 } else { (self.bytes as f64 / self.total_bytes as f64).min(1.0) }
    }
}

impl Records {
    pub(crate) fn new(files: Vec<(PathBuf, Format)>, want: Columns) -> Records {
        let sizes = files.iter().map(|(file, _)| std::fs::metadata(file).map_or(0, |m| m.len())).collect();
        Records { files, sizes, want, file: 0, row: 0, reader: None, counter: Counter::default(), before: 0 }
    }

    /// The files of the stream.
    pub fn files(&self) -> impl ExactSizeIterator<Item = &PathBuf> {
        self.files.iter().map(|(file, _)| file)
    }

    /// Where the next record comes from.
    pub fn position(&self) -> Position {
        let here = self.sizes.get(self.file).copied().unwrap_or(0);
        Position {
            file: self.file,
            row: self.row,
            bytes: self.before + self.counter.get().min(here),
            total_bytes: self.sizes.iter().sum(),
        }
    }

    /// The next `most` records, or fewer at the end; none at the end only.
    pub fn batch(&mut self, most: usize) -> Vec<Result<Record, RecordError>> {
        // The number is not trusted with memory.
        let mut batch = Vec::with_capacity(most.min(4096));
        while batch.len() < most {
            let Some(record) = self.next() else { break };
            batch.push(record);
        }
        batch
    }

    pub(crate) fn go_to(&mut self, file: usize, row: u64) -> Result<(), RecordsError> {
        let gone = RecordsError::NoSuchRow { file, row };
        if file > self.files.len() || (file == self.files.len() && row > 0) {
            return Err(gone);
        }
        while self.file < file {
            self.end_file();
        }
        if row == 0 {
            return Ok(());
        }
        self.open()?;
        let Some(reader) = &mut self.reader else { return Err(gone) };
        match reader.skip(row) {
            Ok(skipped) if skipped == row => {
                self.row = row;
                Ok(())
            }
            _ => Err(gone),
        }
    }

    fn open(&mut self) -> Result<(), RecordsError> {
        if self.reader.is_none()
            && let Some((file, format)) = self.files.get(self.file)
        {
            self.counter = Counter::default();
            self.reader = Some(read::open(file, *format, &self.want, &self.counter)?);
        }
        Ok(())
    }

    fn end_file(&mut self) {
        self.before += self.sizes.get(self.file).copied().unwrap_or(0);
        self.counter = Counter::default();
        self.reader = None;
        self.file += 1;
        self.row = 0;
    }

    fn record(&mut self, found: Found) -> Record {
        let Found { line, name, structure, numbers, texts, per_atom } = found;
        let row = self.row;
        self.row += 1;
        Record { file: self.file, row, line, name, structure, numbers, texts, per_atom }
    }

    fn error(&mut self, bad: Bad) -> RecordError {
        let Bad { line, problem, ends_file } = bad;
        let file = self.files.get(self.file).map(|(file, _)| file.clone()).unwrap_or_default();
        let error = RecordError { file, file_index: self.file, row: self.row, line, problem, ends_file };
        self.row += 1;
        if ends_file {
            self.end_file();
        }
        error
    }
}

impl Iterator for Records {
    type Item = Result<Record, RecordError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.file < self.files.len() {
            // The file was there when the stream was opened, but that may be long ago.
            if let Err(error) = self.open() {
                let problem = Problem::Read(error.to_string());
                return Some(Err(self.error(Bad::file(None, problem))));
            }
            match self.reader.as_mut().and_then(|reader| reader.next()) {
                Some(Ok(found)) => return Some(Ok(self.record(found))),
                Some(Err(bad)) => return Some(Err(self.error(bad))),
                None => self.end_file(),
            }
        }
        None
    }
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").field("files", &self.files).field("position", &self.position()).finish()
    }
}
