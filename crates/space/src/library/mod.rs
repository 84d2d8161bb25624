//! Library files: SMILES lines, CSV with a column of SMILES, SDF.

mod records;
mod spec;

pub use spec::{LibraryFormat, LibrarySpec, OnError};

use crate::contract::{Candidate, Origin, Seen, Size, Skipped, Space};
use crate::distinct::Distinct;
use crate::error::SpaceError;
use records::{Record, RecordError, Records};

/// How many of the skipped records are kept for the report.
const SKIPPED_KEPT: usize = 20;

/// The molecules of a library file in its order, each once, as first met.
///
/// Candidates are graphs: a geometry that an SDF has is left out, so that two conformers are one candidate and
/// every candidate gets its geometry in the same way.
#[derive(Debug)]
pub struct LibrarySpace {
    spec: LibrarySpec,
    records: Records,
    finished: bool,
    distinct: Distinct,
}

impl LibrarySpace {
    /// Opens the file.
    ///
    /// # Errors
    /// A file that cannot be opened, a format that its name does not tell, a column that it does not have.
    pub fn open(spec: &LibrarySpec) -> Result<LibrarySpace, SpaceError> {
        let records = Records::open(spec)?;
        Ok(LibrarySpace { spec: spec.clone(), records, finished: false, distinct: Distinct::default() })
    }

    /// The next record that gives a new candidate; `None` at the end.
    fn next_candidate(&mut self) -> Result<Option<Candidate>, SpaceError> {
        loop {
            match self.records.next() {
                None => {
                    self.finished = true;
                    return Ok(None);
                }
                Some(Ok(Record { molecule, name, line })) => {
                    let (charge, unpaired) = (molecule.charge(), molecule.unpaired());
                    if self.distinct.admit(format!("{} {charge} {unpaired}", molecule.label())) {
                        let origin = Origin::Read { file: self.spec.file.clone(), line };
                        return Ok(Some(Candidate { molecule, name, origin }));
                    }
                }
                Some(Err(error)) => {
                    if self.spec.on_error == OnError::Stop || error.ends_reading {
                        return Err(self.refused(error));
                    }
                    let seen = &mut self.distinct.seen;
                    seen.skipped += 1;
                    if seen.first_skipped.len() < SKIPPED_KEPT {
                        seen.first_skipped.push(Skipped { line: error.line, reason: error.reason });
                    }
                }
            }
        }
    }

    fn refused(&self, error: RecordError) -> SpaceError {
        let RecordError { line, reason, ends_reading } = error;
        // What ends the file cannot be skipped.
        let remedy = if ends_reading {
            ""
        } else {
            "; correct it, or set `on_error = \"skip\"` to leave out what cannot be read"
        };
        SpaceError::Record { file: self.spec.file.clone(), line, reason, remedy }
    }
}

impl Space for LibrarySpace {
    fn candidates(&mut self, want: usize) -> Result<Vec<Candidate>, SpaceError> {
        let mut found = Vec::new();
        while found.len() < want {
            let Some(candidate) = self.next_candidate()? else { break };
            found.push(candidate);
        }
        Ok(found)
    }

    fn size(&self) -> Size {
        if self.finished { Size::Exactly(self.distinct.seen.candidates) } else { Size::Unknown }
    }

    fn seen(&self) -> &Seen {
        &self.distinct.seen
    }
}
