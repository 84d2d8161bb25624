//! Streams of records from data files larger than memory, and tables written atomically.
//!
//! A [`Source`] is a list of files and folders: SMILES lines, CSV, TSV, extended XYZ, SDF and Parquet, each plain or
//! compressed with gzip or zstd. [`Source::open`] makes one stream of them, with the [`Columns`] that are wanted; each
//! [`Record`] has its place (file, row, line), a [`Structure`], and the numbers and texts asked for. What is wrong with
//! a record is an error of that record, with its place; the stream goes on behind it.
//!
//! ```
//! use records::{Columns, Source, Structure};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("solubility.csv");
//! std::fs::write(&path, "id,smiles,logS\nethanol,CCO,1.1\nbenzene,c1ccccc1,-1.6\nmethane,C,\n")?;
//! let mut stream = Source::new([&path]).open(&Columns::with_numbers(["logS"]))?;
//! let first = stream.next().expect("a first record")?;
//! assert_eq!(first.structure, Structure::Smiles("CCO".into()));
//! assert_eq!((first.name.as_deref(), first.numbers[0], first.line), (Some("ethanol"), Some(1.1), Some(2)));
//! assert_eq!(stream.last().expect("a last record")?.numbers[0], None);
//! # Ok(())
//! # }
//! ```
//!
//! # Formats
//!
//! | format | endings | structure | fields |
//! |---|---|---|---|
//! | SMILES lines | `.smi`, `.smiles` | the first word | the rest of the line is the name |
//! | CSV, TSV | `.csv`, `.tsv` | a column of SMILES or formulas | columns of the header |
//! | extended XYZ | `.xyz`, `.extxyz` | the geometry | keys of the comment line; columns per atom |
//! | SDF | `.sdf`, `.sd`, `.mol` | the molecule | data fields |
//! | Parquet | `.parquet`, `.pq` | a column of SMILES or formulas | columns; nested ones as `a.b` |
//!
//! Each may end in `.gz` or `.zst` too; what a file is packed in is recognised by its content. Parquet pages may be
//! packed with Snappy, gzip, LZ4 or zstd. Nothing is a missing number; text that is no finite number is an error.
//!
//! Lines above the header of a table that begin with `# ` are remarks.
//!
//! The column of structures is found by its name if it is not given: `smiles`, `SMILES`, `canonical_smiles`,
//! `isomeric_smiles`, `smi`; if there is none, `formula`, `composition`, `alloy_formula`. Two such columns are an error
//! that lists them.
//!
//! # Tables
//!
//! [`TableWriter`] writes rows of named columns as CSV, TSV or Parquet. The file appears under its name when it is
//! complete, in one step.

mod columns;
mod error;
mod format;
mod packed;
mod read;
mod record;
mod source;
mod stream;
mod write;

pub use columns::{Columns, TextKind};
pub use error::{Problem, RecordError, RecordsError};
pub use format::Format;
pub use record::{Record, Structure, StructureError};
pub use source::Source;
pub use stream::{Position, Records};
pub use write::{Kind, TableWriter, Value};
