//! Files of molecules: extended XYZ, SDF, SMILES lines.
//!
//! A reader is an iterator over the records of a stream; every error names its line. After an error a reader
//! goes on with the next record where it can find it, and ends where it cannot ([`FileError::ends_reading`]).

mod error;
mod extxyz;
mod lines;
mod sdf;
mod smiles;

pub use error::{FileError, FileProblem};
pub use extxyz::{Column, ColumnData, Frame, FrameReader, WriteError, write_frame};
pub use lines::{LineReader, open};
pub use sdf::{SdfReader, SdfRecord};
pub use smiles::{SmilesReader, SmilesRecord};
