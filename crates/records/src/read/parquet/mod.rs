//! Parquet: the wanted columns only, a few thousand rows at a time.

mod cells;

use super::{Bad, Found, Reader};
use crate::columns::{Columns, Plan, TextKind};
use crate::error::{Problem, RecordsError};
use crate::packed::Counter;
use crate::record::Structure;
use ::parquet::basic::Compression;
use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use cells::ColumnCells;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Rows that are unpacked at a time.
const ROWS: u64 = 4096;

pub(crate) struct ParquetReader {
    file: SerializedFileReader<File>,
    columns: Vec<ColumnCells>,
    /// Place in `columns` of every column of the file that is read.
    plan: Plan,
    /// The row group that comes next.
    group: usize,
    /// Rows of the open row group that are not unpacked yet.
    left: u64,
    /// Rows that are unpacked, and how many of them are given.
    unpacked: usize,
    given: usize,
    passed: Passed,
}

/// Says how far in the file the rows given are.
struct Passed {
    counter: Counter,
    rows: u64,
    of: u64,
    bytes: u64,
}

impl Passed {
    fn add(&mut self, rows: u64) {
        self.rows = self.rows.saturating_add(rows);
        let share = if self.of == 0 { 1.0 } else { (self.rows as f64 / self.of as f64).min(1.0) };
        self.counter.set((share * self.bytes as f64) as u64);
    }
}

/// What the Parquet library makes of bytes that are no Parquet is an error, whatever it does.
fn guarded<T>(work: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("its bytes contradict each other".into()),
    }
}

/// Refuses columns that cannot be unpacked, before the work.
fn refuse_packing(
    path: &Path,
    file: &SerializedFileReader<File>,
    used: &[usize],
    header: &[String],
) -> Result<(), RecordsError> {
    for group in file.metadata().row_groups() {
        for &leaf in used {
            let packing = group.columns().get(leaf).map(|column| column.compression());
            if let Some(packing @ (Compression::BROTLI(_) | Compression::LZO)) = packing {
                let found = packing.to_string().split('(').next().unwrap_or_default().to_owned();
                return Err(RecordsError::Packed {
                    file: path.to_owned(),
                    column: header[leaf].clone(),
                    found,
                });
            }
        }
    }
    Ok(())
}

impl ParquetReader {
    pub(crate) fn open(
        path: &Path,
        file: File,
        want: &Columns,
        counter: &Counter,
    ) -> Result<ParquetReader, RecordsError> {
        let bytes = std::fs::metadata(path).map(|m| m.len()).unwrap_or(0);
        let file = guarded(|| SerializedFileReader::new(file)).map_err(|reason| RecordsError::Broken {
            file: path.to_owned(),
            format: "Parquet",
            reason,
        })?;
        let leaves = file.metadata().file_metadata().schema_descr().columns();
        let header: Vec<String> = leaves.iter().map(|leaf| leaf.path().parts().join(".")).collect();
        let wanted = Plan::new(want, path, &header)?;
        let used = wanted.used();
        let mut columns = Vec::with_capacity(used.len());
        for &leaf in &used {
            columns.push(ColumnCells::new(leaf, header[leaf].clone(), &leaves[leaf]).map_err(
                |(found, expected)| RecordsError::ColumnType {
                    file: path.to_owned(),
                    column: header[leaf].clone(),
                    found,
                    expected,
                },
            )?);
        }
        refuse_packing(path, &file, &used, &header)?;
        // Columns of the file become places in `columns`.
        let place = |leaf: &usize| used.partition_point(|u| u < leaf);
        let plan = Plan {
            structure: place(&wanted.structure),
            kind: wanted.kind,
            name: wanted.name.as_ref().map(place),
            numbers: wanted.numbers.iter().map(|leaf| leaf.as_ref().map(place)).collect(),
            texts: wanted.texts.iter().map(place).collect(),
        };
        let of = u64::try_from(file.metadata().file_metadata().num_rows()).unwrap_or(0);
        let passed = Passed { counter: counter.clone(), rows: 0, of, bytes };
        Ok(ParquetReader { file, columns, plan, group: 0, left: 0, unpacked: 0, given: 0, passed })
    }

    fn group_rows(&self, group: usize) -> u64 {
        u64::try_from(self.file.metadata().row_group(group).num_rows()).unwrap_or(0)
    }

    /// Unpacks more rows, if there are any.
    fn fill(&mut self) -> Result<bool, Bad> {
        (self.unpacked, self.given) = (0, 0);
        let broken = |reason: String| Bad::file(None, Problem::Read(reason));
        while self.left == 0 {
            if self.group >= self.file.metadata().num_row_groups() {
                return Ok(false);
            }
            self.left = self.group_rows(self.group);
            guarded(|| {
                let group = self.file.get_row_group(self.group)?;
                self.columns.iter_mut().try_for_each(|column| column.start(&*group))
            })
            .map_err(broken)?;
            self.group += 1;
        }
        let rows = self.left.min(ROWS) as usize;
        for column in &mut self.columns {
            let found = guarded(|| column.read(rows)).map_err(broken)?;
            if found != rows {
                let name = column.name();
                return Err(broken(format!("column `{name}` ends before the others do")));
            }
        }
        self.left -= rows as u64;
        self.unpacked = rows;
        Ok(true)
    }

    fn found(&self, row: usize) -> Result<Found, Problem> {
        let column = &self.columns[self.plan.structure];
        let structure =
            column.text(row)?.ok_or_else(|| Problem::NoStructure { column: column.name().to_owned() })?;
        let numbers = self.plan.numbers.iter().map(|place| match *place {
            Some(c) => self.columns[c].number(row),
            None => Ok(None),
        });
        let texts = self.plan.texts.iter().map(|&c| self.columns[c].text(row));
        Ok(Found {
            line: None,
            name: match self.plan.name {
                Some(c) => self.columns[c].text(row)?,
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

impl Reader for ParquetReader {
    fn next(&mut self) -> Option<Result<Found, Bad>> {
        if self.given == self.unpacked {
            match self.fill() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(bad) => return Some(Err(bad)),
            }
        }
        let row = self.given;
        self.given += 1;
        self.passed.add(1);
        Some(self.found(row).map_err(|problem| Bad::record(None, problem)))
    }

    fn skip(&mut self, rows: u64) -> Result<u64, Bad> {
        let mut skipped = 0;
        while skipped < rows {
            let ready = (self.unpacked - self.given) as u64;
            if ready > 0 {
                let step = ready.min(rows - skipped);
                self.given += step as usize;
                skipped += step;
            } else if self.left == 0
                && self.group < self.file.metadata().num_row_groups()
                && self.group_rows(self.group) <= rows - skipped
            {
                skipped += self.group_rows(self.group);
                self.group += 1;
            } else if !self.fill()? {
                break;
            }
        }
        self.passed.add(skipped);
        Ok(skipped)
    }
}
