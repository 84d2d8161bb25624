//! Readers, one file each for every format.

pub(crate) mod frames;
pub(crate) mod keyed;
pub(crate) mod parquet;
pub(crate) mod sdf;
pub(crate) mod smiles;
pub(crate) mod table;

use crate::columns::Columns;
use crate::error::{Problem, RecordsError};
use crate::format::Format;
use crate::packed::{self, Counter};
use crate::record::Structure;
use matter::files::{Column, FileError, FileProblem};
use std::path::Path;

/// A record without its place in the stream.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) line: Option<u64>,
    pub(crate) name: Option<String>,
    pub(crate) structure: Structure,
    pub(crate) numbers: Vec<Option<f64>>,
    pub(crate) texts: Vec<Option<String>>,
    pub(crate) per_atom: Vec<Column>,
}

/// A problem without its place in the stream.
#[derive(Debug)]
pub(crate) struct Bad {
    pub(crate) line: Option<u64>,
    pub(crate) problem: Problem,
    /// Whether this is about the file, which gives nothing more, and not about a record.
    pub(crate) ends_file: bool,
}

impl Bad {
    pub(crate) fn record(line: Option<u64>, problem: Problem) -> Bad {
        Bad { line, problem, ends_file: false }
    }

    pub(crate) fn file(line: Option<u64>, problem: Problem) -> Bad {
        Bad { line, problem, ends_file: true }
    }
}

impl From<FileError> for Bad {
    fn from(error: FileError) -> Bad {
        let ends_file = error.ends_reading();
        let problem = match error.problem {
            FileProblem::Io(error) => Problem::Read(error.to_string()),
            other => Problem::Format(other),
        };
        Bad { line: Some(error.line as u64), problem, ends_file }
    }
}

/// Reads the records of one file.
pub(crate) trait Reader: Send {
    /// The next record; `None` at the end. After an error that ends the file there is no next call.
    fn next(&mut self) -> Option<Result<Found, Bad>>;

    /// Passes over `rows` records, good or bad, and gives how many there were: fewer only at the end.
    fn skip(&mut self, rows: u64) -> Result<u64, Bad> {
        for skipped in 0..rows {
            match self.next() {
                None => return Ok(skipped),
                Some(Err(bad)) if bad.ends_file => return Err(bad),
                Some(_) => {}
            }
        }
        Ok(rows)
    }
}

/// Opens a file and looks at its header.
pub(crate) fn open(
    path: &Path,
    format: Format,
    want: &Columns,
    counter: &Counter,
) -> Result<Box<dyn Reader>, RecordsError> {
    let cannot_open = |source| RecordsError::Open { file: path.to_owned(), source };
    if !format.is_table() {
        refuse_columns(path, format, want)?;
    }
    if format == Format::Parquet {
        let file = packed::open_seekable(path).map_err(cannot_open)?;
        return Ok(Box::new(parquet::ParquetReader::open(path, file, want, counter)?));
    }
    let stream = packed::open(path, counter).map_err(cannot_open)?;
    Ok(match format {
        Format::Csv => Box::new(table::TableReader::open(path, stream, b',', want)?),
        Format::Tsv => Box::new(table::TableReader::open(path, stream, b'\t', want)?),
        Format::Xyz => Box::new(frames::FrameRecords::new(stream, want)),
        Format::Sdf => Box::new(sdf::SdfRecords::new(stream, want)),
        Format::Smiles | Format::Parquet => Box::new(smiles::SmilesLines::new(stream, want.numbers.len())),
    })
}

/// Columns that the format cannot have.
fn refuse_columns(path: &Path, format: Format, want: &Columns) -> Result<(), RecordsError> {
    let mut wanted = want.structure.iter();
    let numbers: &[String] = if want.numbers_may_lack { &[] } else { &want.numbers };
    let mut others = want.name.iter().chain(numbers).chain(&want.texts);
    let column = wanted.next().or_else(|| if format == Format::Smiles { others.next() } else { None });
    match column {
        Some(column) => Err(RecordsError::NoColumns {
            file: path.to_owned(),
            format: format.as_str(),
            column: column.clone(),
        }),
        None => Ok(()),
    }
}
