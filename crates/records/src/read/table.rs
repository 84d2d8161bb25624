//! Rows of CSV (RFC 4180) and TSV, with quoted fields and a header.

use super::{Bad, Found, Reader};
use crate::columns::{Columns, Plan, TextKind};
use crate::error::{Problem, RecordsError};
use crate::packed::Stream;
use crate::record::{Structure, number, text};
use csv::ByteRecord;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// No row is longer: a bound on memory when a quote is not closed.
const LONGEST_ROW: u64 = 1 << 24;

/// What one call of `read` may give; what the parser has in its buffer comes from the call before.
const CSV_BUFFER: usize = 1 << 16;

/// Refuses to read on when a row has taken too much, and notes what the parser does not say about line ends.
struct Watched {
    inner: Stream,
    notes: Arc<Notes>,
    last: u8,
    total: u64,
}

#[derive(Default)]
struct Notes {
    /// Bytes that this row may still take.
    left: AtomicU64,
    /// Whether lines end in `\r\n`, as the first one does.
    carriage_returns: AtomicBool,
    /// Length of a stream that does not end in a line end; 0 before the end, and if it does.
    open_end: AtomicU64,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.notes.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "the row is too long"));
        }
        let read = self.inner.read(buffer)?;
        self.notes.left.store(left.saturating_sub(read as u64), Ordering::Relaxed);
        let new = &buffer[..read];
        if self.total == 0
            && let Some(end) = new.iter().position(|b| *b == b'\n')
        {
            self.notes.carriage_returns.store(end > 0 && new[end - 1] == b'\r', Ordering::Relaxed);
        }
        self.total += read as u64;
        match new.last() {
            Some(last) => self.last = *last,
            None if self.last != b'\n' => self.notes.open_end.store(self.total, Ordering::Relaxed),
            None => {}
        }
        Ok(read)
    }
}

pub(crate) struct TableReader {
    rows: csv::Reader<Watched>,
    notes: Arc<Notes>,
    row: ByteRecord,
    header: Vec<String>,
    plan: Plan,
}

impl TableReader {
    pub(crate) fn open(
        path: &Path,
        stream: Stream,
        delimiter: u8,
        want: &Columns,
    ) -> Result<TableReader, RecordsError> {
        let notes = Arc::new(Notes::default());
        notes.left.store(LONGEST_ROW, Ordering::Relaxed);
        let watched = Watched { inner: stream, notes: Arc::clone(&notes), last: b'\n', total: 0 };
        // The header is read as a row and the width of rows looked at here, so that a bad row can be passed over.
        let mut rows = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(CSV_BUFFER)
            .from_reader(watched);
        let mut row = ByteRecord::new();
        let refuse = |reason: String| RecordsError::Header { file: path.to_owned(), reason };
        // Remarks above the header, as tables of calculations have them; `#id` may be the name of a column.
        loop {
            match rows.read_byte_record(&mut row) {
                Ok(true) if row.get(0).is_some_and(|first| first.starts_with(b"# ")) => {}
                Ok(true) => break,
                Ok(false) => return Err(refuse("the file is empty".into())),
                Err(error) => return Err(refuse(problem(&error).to_string())),
            }
        }
        let mut header = Vec::with_capacity(row.len());
        for (i, field) in row.iter().enumerate() {
            let name =
                std::str::from_utf8(field).map_err(|_| refuse(format!("column {} is no text", i + 1)))?;
            let name = if i == 0 { name.trim_start_matches('\u{feff}') } else { name };
            // A quoted first name behind a byte order mark keeps its quotes.
            header.push(name.trim().trim_matches('"').to_owned());
        }
        let plan = Plan::new(want, path, &header)?;
        Ok(TableReader { rows, notes, row, header, plan })
    }

    /// Reads the next row into `self.row`, if there is one.
    fn advance(&mut self) -> Result<bool, Bad> {
        self.notes.left.store(LONGEST_ROW, Ordering::Relaxed);
        let before = self.rows.position().line();
        self.rows.read_byte_record(&mut self.row).map_err(|e| Bad::file(Some(before), problem(&e)))
    }

    /// Line where the row begins.
    ///
    /// The parser says where it was before the row and the blank lines above it, and takes the `\n` of a `\r\n` with
    /// the next row; so the line is counted back from the end.
    fn line(&self) -> u64 {
        let end = self.rows.position();
        let within = self.row.as_slice().iter().filter(|b| **b == b'\n').count() as u64;
        let open = self.notes.open_end.load(Ordering::Relaxed) == end.byte();
        let behind = u64::from(!open && !self.notes.carriage_returns.load(Ordering::Relaxed));
        end.line().saturating_sub(within + behind).max(1)
    }

    fn field(&self, column: usize) -> Result<&str, Problem> {
        let bytes = self.row.get(column).unwrap_or_default();
        std::str::from_utf8(bytes).map_err(|_| Problem::NotText { column: self.header[column].clone() })
    }

    fn found(&self, line: u64) -> Result<Found, Problem> {
        if self.row.len() != self.header.len() {
            return Err(Problem::Width { found: self.row.len(), expected: self.header.len() });
        }
        let structure = text(self.field(self.plan.structure)?)
            .ok_or_else(|| Problem::NoStructure { column: self.header[self.plan.structure].clone() })?;
        let numbers = self.plan.numbers.iter().map(|place| match *place {
            Some(c) => number(&self.header[c], self.field(c)?),
            None => Ok(None),
        });
        let texts = self.plan.texts.iter().map(|&c| self.field(c).map(text));
        Ok(Found {
            line: Some(line),
            name: match self.plan.name {
                Some(column) => text(self.field(column)?),
                None => None,
            },
            structure: match self.plan.kind {
                TextKind::Smiles => Structure::Smiles(structure),
                TextKind::Formula => Structure::Formula(structure),
            },
            numbers: numbers.collect::<Result<_, _>>()?,
            texts: texts.collect::<Result<_, _>>()?,
            per_atom: Vec::new(),
        })
    }
}

impl Reader for TableReader {
    fn next(&mut self) -> Option<Result<Found, Bad>> {
        match self.advance() {
            Err(bad) => Some(Err(bad)),
            Ok(false) => None,
            Ok(true) => {
                let line = self.line();
                Some(self.found(line).map_err(|problem| Bad::record(Some(line), problem)))
            }
        }
    }

    fn skip(&mut self, rows: u64) -> Result<u64, Bad> {
        for skipped in 0..rows {
            if !self.advance()? {
                return Ok(skipped);
            }
        }
        Ok(rows)
    }
}

fn problem(error: &csv::Error) -> Problem {
    match error.kind() {
        csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            Problem::LongRow { limit: LONGEST_ROW }
        }
        csv::ErrorKind::Io(error) => Problem::Read(error.to_string()),
        _ => Problem::Read(error.to_string()),
    }
}
