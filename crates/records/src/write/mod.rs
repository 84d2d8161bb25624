//! Tables of named columns.

mod csv;
mod parquet;
mod place;

use crate::error::RecordsError;
use place::Place;
use std::io::Write;
use std::path::Path;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Numbers of double precision.
    Number,
    /// Whole numbers.
    Integer,
    /// Text.
    Text,
    /// True or false.
    Bool,
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number; NaN is written as missing.
    Number(f64),
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(String),
    /// True or false.
    Bool(bool),
    /// Nothing.
    Missing,
}

impl From<f64> for Value {
    fn from(x: f64) -> Value {
        Value::Number(x)
    }
}

impl From<i64> for Value {
    fn from(x: i64) -> Value {
        Value::Integer(x)
    }
}

impl From<bool> for Value {
    fn from(x: bool) -> Value {
        Value::Bool(x)
    }
}

impl From<&str> for Value {
    fn from(x: &str) -> Value {
        Value::Text(x.to_owned())
    }
}

impl From<String> for Value {
    fn from(x: String) -> Value {
        Value::Text(x)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(x: Option<T>) -> Value {
        x.map_or(Value::Missing, Into::into)
    }
}

impl Value {
    fn fits(&self, kind: Kind) -> bool {
        matches!(
            (self, kind),
            (Value::Missing, _)
                | (Value::Number(_), Kind::Number)
                | (Value::Integer(_), Kind::Integer)
                | (Value::Text(_), Kind::Text)
                | (Value::Bool(_), Kind::Bool)
        )
    }
}

/// Takes rows of one table.
trait Rows {
    fn push(&mut self, row: &[Value]) -> Result<(), String>;
    /// Writes what is left.
    fn finish(self: Box<Self>) -> Result<(), String>;
}

/// Writes a table row by row, in bounded memory.
///
/// The ending of the name tells the format: `.csv`, `.tsv`, each also with `.gz`, or `.parquet` (packed with Snappy). A
/// temporary file beside it takes the rows and gets the name in [`TableWriter::finish`]; if that is not called, or
/// anything fails, what had the name before stays and the temporary file is removed.
///
/// In CSV a number is the shortest decimal that is this number again, and a missing value is nothing.
pub struct TableWriter {
    rows: Box<dyn Rows>,
    place: Option<Place>,
    kinds: Vec<Kind>,
    written: u64,
    /// What messages call it.
    file: std::path::PathBuf,
}

impl TableWriter {
    /// Begins a table.
    ///
    /// # Errors
    /// An ending that tells no format; columns without names or with the same; a folder that cannot be written to.
    pub fn create(path: &Path, columns: &[(&str, Kind)]) -> Result<TableWriter, RecordsError> {
        check(columns)?;
        let name = path.file_name().map(|n| n.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        let (plain, packed) = match name.strip_suffix(".gz") {
            Some(plain) => (plain, true),
            None => (name.as_str(), false),
        };
        let delimiter = match plain.rsplit_once('.').map(|(_, ending)| ending) {
            Some("csv") => Some(b','),
            Some("tsv") => Some(b'\t'),
            Some("parquet" | "pq") if !packed => None,
            _ => return Err(RecordsError::UnknownTable { file: path.to_owned() }),
        };
        let failed = |reason: String| RecordsError::Write { file: path.to_owned(), reason };
        let (place, file) = Place::new(path).map_err(|e| failed(e.to_string()))?;
        let rows: Box<dyn Rows> = match delimiter {
            Some(delimiter) if packed => {
                Box::new(csv::CsvRows::packed(file, delimiter, columns).map_err(failed)?)
            }
            Some(delimiter) => Box::new(csv::CsvRows::plain(file, delimiter, columns).map_err(failed)?),
            None => Box::new(parquet::ParquetRows::new(file, columns).map_err(failed)?),
        };
        let kinds = columns.iter().map(|(_, kind)| *kind).collect();
        Ok(TableWriter { rows, place: Some(place), kinds, written: 0, file: path.to_owned() })
    }

    /// Begins a table as CSV on a stream, such as standard output.
    ///
    /// # Errors
    /// Columns without names or with the same; a stream that does not take the header.
    pub fn csv_to(
        stream: impl Write + 'static,
        columns: &[(&str, Kind)],
    ) -> Result<TableWriter, RecordsError> {
        check(columns)?;
        let file = std::path::PathBuf::from("the stream");
        let rows = csv::CsvRows::plain(stream, b',', columns)
            .map_err(|reason| RecordsError::Write { file: file.clone(), reason })?;
        let kinds = columns.iter().map(|(_, kind)| *kind).collect();
        Ok(TableWriter { rows: Box::new(rows), place: None, kinds, written: 0, file })
    }

    /// Writes a row: one value per column, of its kind or missing.
    ///
    /// # Errors
    /// A row that does not fit (nothing of it is written); a disk that does not take it.
    pub fn push(&mut self, row: &[Value]) -> Result<(), RecordsError> {
        let misfit = |reason: String| RecordsError::BadRow { row: self.written, reason };
        if row.len() != self.kinds.len() {
            return Err(misfit(format!("it has {} values, expected {}", row.len(), self.kinds.len())));
        }
        for (i, (value, kind)) in row.iter().zip(&self.kinds).enumerate() {
            if !value.fits(*kind) {
                return Err(misfit(format!("value {} is {value:?}, expected {kind:?}", i + 1)));
            }
        }
        self.rows.push(row).map_err(|reason| RecordsError::Write { file: self.file.clone(), reason })?;
        self.written += 1;
        Ok(())
    }

    /// Writes what is left and gives the file its name.
    ///
    /// # Errors
    /// A disk that does not take it; the file that had the name before is still there.
    pub fn finish(self) -> Result<(), RecordsError> {
        let file = self.file;
        let failed = |reason: String| RecordsError::Write { file: file.clone(), reason };
        self.rows.finish().map_err(failed)?;
        match self.place {
            Some(place) => place.take().map_err(|e| failed(e.to_string())),
            None => Ok(()),
        }
    }
}

impl std::fmt::Debug for TableWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TableWriter").field("file", &self.file).field("written", &self.written).finish()
    }
}

fn check(columns: &[(&str, Kind)]) -> Result<(), RecordsError> {
    for (i, (name, _)) in columns.iter().enumerate() {
        if name.is_empty() || columns[..i].iter().any(|(other, _)| other == name) {
            return Err(RecordsError::BadColumn { column: (*name).to_owned() });
        }
    }
    if columns.is_empty() {
        return Err(RecordsError::BadColumn { column: String::new() });
    }
    Ok(())
}
