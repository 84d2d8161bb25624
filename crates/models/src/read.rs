//! From data files to labelled structures.

use crate::class;
use crate::{DataSet, Labelled, ModelError, Property, Structure, StructureKind, Takes};
use features::Composition;
use rayon::prelude::*;
use records::{Columns, Record, RecordError, Records, Source};

/// What is asked of data files.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The column or key of the labels, with unit and level.
    pub property: Property,
    /// The column or key of a cheaper method's values.
    pub low: Option<String>,
    /// Whether labels are classes: 1 or 0, true or false, yes or no.
    pub classify: bool,
    /// The column of structures; found by its name otherwise.
    pub structure: Option<String>,
    /// Whether rows that cannot be read are left out instead of ending it all.
    pub skip_bad: bool,
}

/// What was read.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Rows in the files.
    pub rows: u64,
    /// Rows without a label.
    pub unlabelled: u64,
    /// Rows that could not be read and were left out.
    pub bad: u64,
    /// The first of them, as messages.
    pub first_bad: Vec<String>,
}

/// Rows parsed together.
const BATCH: usize = 4096;
const LISTED: usize = 5;

impl DataSet {
    /// Reads labelled structures.
    ///
    /// # Errors
    /// [`ModelError::Records`] for files that cannot be read,
    /// [`ModelError::Row`] for the first bad row unless these are skipped,
    /// [`ModelError::NoLabels`].
    pub fn read(source: &Source, ask: &Ask) -> Result<(DataSet, Report), ModelError> {
        let mut columns = if ask.classify {
            Columns { texts: vec![ask.property.name.clone()], ..Columns::with_numbers(&ask.low) }
        } else {
            Columns::with_numbers([&ask.property.name].into_iter().chain(&ask.low))
        };
        columns.structure = ask.structure.clone();
        let (source, rows, report) = rows(source, &columns, ask.skip_bad, |record, place| {
            let mut numbers = record.numbers.iter().copied();
            let label = if ask.classify {
                let Some(value) = record.texts.first().cloned().flatten() else { return Ok(None) };
                class::label(&value).ok_or_else(|| {
                    let (place, property) = (place.clone(), ask.property.name.clone());
                    ModelError::BadClass { place, property, value }
                })?
            } else {
                let Some(label) = numbers.next().flatten() else { return Ok(None) };
                label
            };
            let low = numbers.next().flatten();
            let structure = structure(&record.structure, None)
                .map_err(|reason| ModelError::Row { place: place.clone(), reason })?;
            Ok(Some(Labelled { place, structure, label, low }))
        })?;
        if rows.is_empty() {
            let found = format!(
                "{} rows were read, {} without a value there, {} that could not be read",
                report.rows, report.unlabelled, report.bad
            );
            let property = ask.property.name.clone();
            return Err(ModelError::NoLabels { place: source, property, found });
        }
        let (property, low) = (ask.property.clone(), ask.low.clone());
        Ok((DataSet { source, property, low, rows }, report))
    }
}

/// All rows of some files, parsed by `parse` from a record and its place: `None`
/// is a row without a label. With the names of the files.
pub(crate) fn rows<T: Send>(
    source: &Source,
    columns: &Columns,
    skip_bad: bool,
    parse: impl Fn(Record, String) -> Result<Option<T>, ModelError> + Sync,
) -> Result<(String, Vec<T>, Report), ModelError> {
    let mut stream = source.open(columns)?;
    let files: Vec<String> = stream.files().map(|file| file.display().to_string()).collect();
    let (mut report, mut rows) = (Report::default(), Vec::new());
    let one = |record: Result<Record, RecordError>| -> Result<Option<T>, ModelError> {
        let record = record?;
        let place = place(&record, &files);
        parse(record, place)
    };
    loop {
        let batch = stream.batch(BATCH);
        if batch.is_empty() {
            return Ok((files.join(", "), rows, report));
        }
        report.rows += batch.len() as u64;
        let parsed: Vec<Result<Option<T>, ModelError>> = batch.into_par_iter().map(one).collect();
        for row in parsed {
            match row {
                Ok(Some(row)) => rows.push(row),
                Ok(None) => report.unlabelled += 1,
                Err(error) if skip_bad => {
                    report.bad += 1;
                    if report.first_bad.len() < LISTED {
                        report.first_bad.push(error.to_string());
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// File and line, or file and row.
pub fn place(record: &Record, files: &[String]) -> String {
    let file = files.get(record.file).map_or("?", String::as_str);
    match record.line {
        Some(line) => format!("{file}, line {line}"),
        None => format!("{file}, row {}", record.row + 1),
    }
}

/// A record's structure as a model sees it: where a molecule has both a
/// geometry and a graph, the kind wanted, or else the geometry.
///
/// # Errors
/// A text for the user: what is wrong with the structure.
pub fn structure(found: &records::Structure, wanted: Option<StructureKind>) -> Result<Structure, String> {
    match found {
        records::Structure::Formula(text) => {
            Composition::parse(text).map(Structure::Formula).map_err(|error| error.to_string())
        }
        records::Structure::Smiles(_) => {
            found.graph().map(|graph| Structure::Graph(Box::new(graph))).map_err(|error| error.to_string())
        }
        records::Structure::Molecule(molecule) => match (molecule.geometry(), molecule.graph(), wanted) {
            (_, Some(graph), Some(StructureKind::Graph)) | (None, Some(graph), _) => {
                Ok(Structure::Graph(Box::new(graph.clone())))
            }
            (Some(geometry), _, _) => Ok(Structure::Geometry(geometry.clone())),
            (None, None, _) => Err(format!("{} has neither a graph nor positions", molecule.label())),
        },
    }
}

/// A stream of structures to predict, with the columns a model needs.
///
/// # Errors
/// Those of [`Source::open`].
pub fn open(source: &Source, structure: Option<String>, takes: &Takes) -> Result<Records, ModelError> {
    let columns =
        Columns { structure, numbers_may_lack: !takes.needed, ..Columns::with_numbers(&takes.columns) };
    Ok(source.open(&columns)?)
}
