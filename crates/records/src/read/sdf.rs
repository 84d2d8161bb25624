//! SDF records.

use super::keyed::Fields;
use super::{Bad, Found, Reader};
use crate::columns::Columns;
use crate::packed::Stream;
use crate::record::Structure;
use matter::files::{SdfReader, SdfRecord};

pub(crate) struct SdfRecords {
    records: SdfReader<Stream>,
    fields: Fields,
}

impl SdfRecords {
    pub(crate) fn new(stream: Stream, want: &Columns) -> SdfRecords {
        SdfRecords { records: SdfReader::new(stream), fields: Fields::new(want) }
    }

    fn found(&mut self, record: SdfRecord) -> Result<Found, Bad> {
        let line = record.line as u64;
        let (name, numbers, texts) = self.fields.take(line, &record.fields, record.name)?;
        let structure = Structure::Molecule(Box::new(record.molecule));
        Ok(Found { line: Some(line), name, structure, numbers, texts, per_atom: Vec::new() })
    }
}

impl Reader for SdfRecords {
    fn next(&mut self) -> Option<Result<Found, Bad>> {
        match self.records.next() {
            None => self.fields.at_end().map(Err),
            Some(Ok(record)) => Some(self.found(record)),
            Some(Err(error)) => Some(Err(error.into())),
        }
    }

    fn skip(&mut self, rows: u64) -> Result<u64, Bad> {
        self.fields.skipped();
        for skipped in 0..rows {
            match self.records.next() {
                None => return Ok(skipped),
                Some(Err(error)) if error.ends_reading() => return Err(error.into()),
                Some(_) => {}
            }
        }
        Ok(rows)
    }
}
