//! What can be wrong with data files: with a file as a whole, and with one record of it.

use crate::format::KNOWN;
use matter::files::FileProblem;
use std::io;
use std::path::PathBuf;

/// A list of files that cannot be read, or a table that cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordsError {
    /// No file was named.
    #[error("no data file is given: name at least one file or folder")]
    NoFiles,
    /// A folder without data files.
    #[error("{}: the folder has no data file (known endings: {KNOWN})", .folder.display())]
    EmptyFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// A file that is there twice.
    #[error("{}: the file is given twice (as itself, or in a folder): give it once", .file.display())]
    Twice {
        /// The file.
        file: PathBuf,
    },
    /// A file or folder that cannot be opened.
    #[error("{}: cannot be opened: {source}", .file.display())]
    Open {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A name that tells no format.
    #[error("{}: its ending tells no format: state the format, or name it by one of {KNOWN}", .file.display())]
    UnknownFormat {
        /// The file.
        file: PathBuf,
    },
    /// A header that cannot be read.
    #[error("{}: the names of the columns cannot be read: {reason}", .file.display())]
    Header {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A file that is not what its ending says.
    #[error("{}: is no {format} file: {reason}", .file.display())]
    Broken {
        /// The file.
        file: PathBuf,
        /// What it should be.
        format: &'static str,
        /// What the reader says.
        reason: String,
    },
    /// A column that the file does not have.
    #[error("{}: there is no column `{column}`: its columns are {}", .file.display(), listed(.found))]
    NoColumn {
        /// The file.
        file: PathBuf,
        /// The column wanted.
        column: String,
        /// The columns there are.
        found: Vec<String>,
    },
    /// No column that looks like structures.
    #[error(
        "{}: no column is called `smiles`, `formula` or the like: name the column of structures; its columns are {}",
        .file.display(), listed(.found)
    )]
    NoStructureColumn {
        /// The file.
        file: PathBuf,
        /// The columns there are.
        found: Vec<String>,
    },
    /// Several columns could be meant.
    #[error("{}: {what} could be any of the columns {}: name the one to use", .file.display(), listed(.columns))]
    Ambiguous {
        /// The file.
        file: PathBuf,
        /// What they could be.
        what: String,
        /// The columns.
        columns: Vec<String>,
    },
    /// Columns asked of a format that has none.
    #[error("{}: {format} has no columns, so `{column}` cannot be read from it", .file.display())]
    NoColumns {
        /// The file.
        file: PathBuf,
        /// Its format.
        format: &'static str,
        /// The column wanted.
        column: String,
    },
    /// A column whose values cannot be read.
    #[error("{}: column `{column}` is of type {found}: expected {expected}", .file.display())]
    ColumnType {
        /// The file.
        file: PathBuf,
        /// The column.
        column: String,
        /// Its type.
        found: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A column that is packed in a way that cannot be unpacked.
    #[error(
        "{}: column `{column}` is packed with {found}: write it with Snappy, gzip, LZ4, zstd or unpacked",
        .file.display()
    )]
    Packed {
        /// The file.
        file: PathBuf,
        /// The column.
        column: String,
        /// How it is packed.
        found: String,
    },
    /// A place to go on from that is not there.
    #[error("file {file} row {row} is behind the end of the files: they are not those read before")]
    NoSuchRow {
        /// Index of the file, from 0.
        file: usize,
        /// Index of the row, from 0.
        row: u64,
    },
    /// A file that cannot be written.
    #[error("{}: cannot be written: {reason}", .file.display())]
    Write {
        /// The file.
        file: PathBuf,
        /// What the system or the format says.
        reason: String,
    },
    /// A name that tells no format of tables.
    #[error("{}: tables are written as .csv, .csv.gz, .tsv, .tsv.gz or .parquet: end its name so", .file.display())]
    UnknownTable {
        /// The file.
        file: PathBuf,
    },
    /// A table whose columns have no names, or one name twice.
    #[error("a table cannot have the column `{column}`: names must be there, and differ")]
    BadColumn {
        /// The name.
        column: String,
    },
    /// A row that does not fit the columns of the table.
    #[error("row {row} does not fit the table: {reason}")]
    BadRow {
        /// Index of the row, from 0.
        row: u64,
        /// What does not fit.
        reason: String,
    },
}

/// A record that cannot be read, with its place.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {problem}", .file.display(), place(.row, .line))]
pub struct RecordError {
    /// The file.
    pub file: PathBuf,
    /// Index of the file in the stream, from 0.
    pub file_index: usize,
    /// Index of the record in the file, from 0.
    pub row: u64,
    /// Line where it begins (for a problem of one line: that line), from 1; `None` in a binary file.
    pub line: Option<u64>,
    /// What is wrong.
    #[source]
    pub problem: Problem,
    /// Whether this is about the file and not about a record: nothing more is read from the file, and the stream goes
    /// on with the next one.
    pub ends_file: bool,
}

/// What is wrong with a record.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The record is not what its format asks for.
    #[error("{0}")]
    Format(#[from] FileProblem),
    /// Text where a number was expected.
    #[error("column `{column}`: found `{found}`, expected a finite number, or nothing where there is none")]
    Number {
        /// The column or key.
        column: String,
        /// What was found, shortened.
        found: String,
    },
    /// No structure.
    #[error("column `{column}` is empty: expected a structure")]
    NoStructure {
        /// The column.
        column: String,
    },
    /// A row longer or shorter than the header.
    #[error("the row has {found} fields, but the header has {expected}")]
    Width {
        /// Fields of the row.
        found: usize,
        /// Columns of the header.
        expected: usize,
    },
    /// Bytes that are no UTF-8.
    #[error("column `{column}` is no text (its bytes are not UTF-8)")]
    NotText {
        /// The column.
        column: String,
    },
    /// A row too long for memory.
    #[error("a row is longer than {limit} bytes: is a quote not closed?")]
    LongRow {
        /// The limit.
        limit: u64,
    },
    /// A wanted key that no record of the file has.
    #[error("no record has the field `{column}`: the fields are {}", listed(.found))]
    NoField {
        /// The key wanted.
        column: String,
        /// Keys that were seen.
        found: Vec<String>,
    },
    /// The stream cannot be read.
    #[error("cannot be read: {0}")]
    Read(String),
}

fn place(row: &u64, line: &Option<u64>) -> String {
    match line {
        Some(line) => format!(", line {line}"),
        None => format!(", row {}", row.saturating_add(1)),
    }
}

/// Names in quotes; the first of many.
fn listed(names: &[String]) -> String {
    const MOST: usize = 40;
    if names.is_empty() {
        return "(none)".into();
    }
    let mut text =
        names.iter().take(MOST).map(|n| format!("`{}`", shortened(n))).collect::<Vec<_>>().join(", ");
    if names.len() > MOST {
        text += &format!(" and {} more", names.len() - MOST);
    }
    text
}

/// The beginning of a text, which may be a whole file in one field.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}
