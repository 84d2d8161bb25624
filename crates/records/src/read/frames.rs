//! Extended XYZ frames.

use super::keyed::Fields;
use super::{Bad, Found, Reader};
use crate::columns::Columns;
use crate::packed::Stream;
use crate::record::Structure;
use matter::Molecule;
use matter::files::{FileProblem, Frame, FrameReader};

pub(crate) struct FrameRecords {
    frames: FrameReader<Stream>,
    fields: Fields,
}

impl FrameRecords {
    pub(crate) fn new(stream: Stream, want: &Columns) -> FrameRecords {
        FrameRecords { frames: FrameReader::new(stream), fields: Fields::new(want) }
    }

    fn found(&mut self, frame: Frame) -> Result<Found, Bad> {
        let line = frame.line as u64;
        let usual = frame.info.get("name").or(frame.comment.as_ref()).and_then(|t| crate::record::text(t));
        let (name, numbers, texts) = self.fields.take(line, &frame.info, usual)?;
        let charge = frame.charge.unwrap_or(0);
        // Without a word on spin: as few unpaired electrons as there can be.
        let electrons: i64 = frame.geometry.elements().iter().map(|e| i64::from(e.number())).sum();
        let fewest = (electrons - i64::from(charge)).rem_euclid(2) as u32;
        let molecule = Molecule::from_geometry(frame.geometry, charge, frame.unpaired.unwrap_or(fewest));
        let molecule = molecule.map_err(|source| {
            let remedy = "; state `charge=` and `uhf=` (number of unpaired electrons) in the comment line";
            Bad::record(Some(line), FileProblem::Molecule { source, remedy }.into())
        })?;
        let structure = Structure::Molecule(Box::new(molecule));
        Ok(Found { line: Some(line), name, structure, numbers, texts, per_atom: frame.columns })
    }
}

impl Reader for FrameRecords {
    fn next(&mut self) -> Option<Result<Found, Bad>> {
        match self.frames.next() {
            None => self.fields.at_end().map(Err),
            Some(Ok(frame)) => Some(self.found(frame)),
            Some(Err(error)) => Some(Err(error.into())),
        }
    }

    fn skip(&mut self, rows: u64) -> Result<u64, Bad> {
        self.fields.skipped();
        for skipped in 0..rows {
            match self.frames.next() {
                None => return Ok(skipped),
                Some(Err(error)) if error.ends_reading() => return Err(error.into()),
                Some(_) => {}
            }
        }
        Ok(rows)
    }
}
