//! One stream of records from three formats.

use super::spec::{LibraryFormat, LibrarySpec};
use crate::error::SpaceError;
use matter::files::{self, FileError, SdfReader, SmilesReader};
use matter::{Molecule, MoleculeError};
use std::fmt;
use std::io::BufRead;

type Stream = Box<dyn BufRead + Send>;

/// A molecule of a library.
pub(super) struct Record {
    pub(super) molecule: Molecule,
    pub(super) name: Option<String>,
    pub(super) line: usize,
}

/// A record that cannot be read.
pub(super) struct RecordError {
    pub(super) line: usize,
    pub(super) reason: String,
    /// Whether nothing can be read behind it.
    pub(super) ends_reading: bool,
}

/// The records of a library file.
pub(super) enum Records {
    Smiles(SmilesReader<Stream>),
    Csv(Box<CsvRecords>),
    Sdf(SdfReader<Stream>),
}

impl Records {
    pub(super) fn open(spec: &LibrarySpec) -> Result<Records, SpaceError> {
        let format = spec.format()?;
        for (field, value) in [("column", &spec.column), ("name_column", &spec.name_column)] {
            if format != LibraryFormat::Csv && value.is_some() {
                return Err(SpaceError::OnlyCsv { field, file: spec.file.clone() });
            }
        }
        let stream =
            files::open(&spec.file).map_err(|source| SpaceError::Open { file: spec.file.clone(), source })?;
        Ok(match format {
            LibraryFormat::Smiles => Records::Smiles(SmilesReader::new(stream)),
            LibraryFormat::Sdf => Records::Sdf(SdfReader::new(stream)),
            LibraryFormat::Csv => Records::Csv(Box::new(CsvRecords::open(stream, spec)?)),
        })
    }
}

impl Iterator for Records {
    type Item = Result<Record, RecordError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(match self {
            Records::Smiles(reader) => reader
                .next()?
                .map(|r| Record { molecule: r.molecule, name: r.name, line: r.line })
                .map_err(RecordError::from),
            Records::Csv(reader) => reader.next()?,
            Records::Sdf(reader) => reader.next()?.map_err(RecordError::from).and_then(|r| {
                let failed = |e: MoleculeError| RecordError::at(r.line, e.to_string());
                let charge = r.molecule.charge();
                let unpaired = r.molecule.unpaired();
                let graph = r
                    .molecule
                    .graph()
                    .cloned()
                    .ok_or_else(|| RecordError::at(r.line, "the record has no bonds".into()))?;
                let molecule = Molecule::from_graph(graph).and_then(|m| m.with_state(charge, unpaired));
                Ok(Record { molecule: molecule.map_err(failed)?, name: r.name, line: r.line })
            }),
        })
    }
}

impl RecordError {
    fn at(line: usize, reason: String) -> RecordError {
        RecordError { line, reason, ends_reading: false }
    }
}

impl From<FileError> for RecordError {
    fn from(error: FileError) -> RecordError {
        let ends_reading = error.ends_reading();
        RecordError { line: error.line, reason: error.problem.to_string(), ends_reading }
    }
}

impl fmt::Debug for Records {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Records::Smiles(_) => "Records::Smiles",
            Records::Csv(_) => "Records::Csv",
            Records::Sdf(_) => "Records::Sdf",
        })
    }
}

/// Rows of a CSV file (RFC 4180), of which one column holds SMILES.
pub(super) struct CsvRecords {
    rows: csv::Reader<Stream>,
    smiles: usize,
    name: Option<usize>,
    row: csv::StringRecord,
    ended: bool,
}

impl CsvRecords {
    fn open(stream: Stream, spec: &LibrarySpec) -> Result<CsvRecords, SpaceError> {
        // The length of each row is looked at here, so that a row with a mistake can be skipped.
        let mut rows = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::Headers).from_reader(stream);
        let header = rows.headers().map_err(|e| {
            let RecordError { line, reason, .. } = csv_error(&e, 1);
            SpaceError::Record { file: spec.file.clone(), line, reason, remedy: "" }
        })?;
        let names: Vec<String> =
            header.iter().map(|n| n.trim_start_matches('\u{feff}').trim().to_owned()).collect();
        let find = |field: &'static str, wanted: &str| {
            names.iter().position(|n| n == wanted).ok_or_else(|| SpaceError::NoColumn {
                file: spec.file.clone(),
                field,
                column: wanted.to_owned(),
                found: names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", "),
            })
        };
        let Some(column) = &spec.column else {
            return Err(SpaceError::ColumnNeeded { file: spec.file.clone() });
        };
        let smiles = find("column", column)?;
        let name = spec.name_column.as_deref().map(|n| find("name_column", n)).transpose()?;
        Ok(CsvRecords { rows, smiles, name, row: csv::StringRecord::new(), ended: false })
    }

    fn next(&mut self) -> Option<Result<Record, RecordError>> {
        if self.ended {
            return None;
        }
        let before = self.rows.position().line();
        match self.rows.read_record(&mut self.row) {
            Ok(false) => return None,
            Ok(true) => {}
            Err(error) => {
                let error = csv_error(&error, before);
                self.ended = error.ends_reading;
                return Some(Err(error));
            }
        }
        let line = self.row.position().map_or(before, csv::Position::line) as usize;
        let Some(smiles) = self.row.get(self.smiles).filter(|s| !s.trim().is_empty()) else {
            let (found, column) = (self.row.len(), self.smiles + 1);
            return Some(Err(RecordError::at(
                line,
                format!("the row has {found} columns and no SMILES in column {column}"),
            )));
        };
        let molecule = match Molecule::from_smiles(smiles) {
            Ok(molecule) => molecule,
            Err(error) => return Some(Err(RecordError::at(line, error.to_string()))),
        };
        let name = self.name.and_then(|n| self.row.get(n)).map(str::trim);
        Some(Ok(Record { molecule, name: name.filter(|n| !n.is_empty()).map(str::to_owned), line }))
    }
}

fn csv_error(error: &csv::Error, line: u64) -> RecordError {
    let line = error.position().map_or(line, csv::Position::line).max(1) as usize;
    let ends_reading = error.is_io_error();
    let reason = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "is no text (its bytes are not UTF-8)".to_owned(),
        csv::ErrorKind::Io(error) => format!("cannot be read: {error}"),
        _ => error.to_string(),
    };
    RecordError { line, reason, ends_reading }
}
