//! SMILES lines: `SMILES[ whitespace name]`; blank lines and lines that begin with `#` are left out, and so is a
//! first line that begins with the name of a column (`smiles zinc_id`).

use super::{Bad, Found, Reader};
use crate::columns::means_smiles;
use crate::packed::Stream;
use crate::record::Structure;
use matter::files::LineReader;

pub(crate) struct SmilesLines {
    lines: LineReader<Stream>,
    started: bool,
    /// Numbers that records of other formats have, and these not.
    numbers: usize,
}

impl SmilesLines {
    pub(crate) fn new(stream: Stream, numbers: usize) -> SmilesLines {
        SmilesLines { lines: LineReader::new(stream), started: false, numbers }
    }

    fn next_line(&mut self) -> Option<Result<String, Bad>> {
        loop {
            let text = match self.lines.next_line() {
                Ok(text) => text?,
                Err(error) => return Some(Err(error.into())),
            };
            let trimmed = text.trim_start();
            if trimmed.is_empty() || trimmed.starts_with('#') {
                continue;
            }
            let header = !self.started && trimmed.split_whitespace().next().is_some_and(means_smiles);
            self.started = true;
            if !header {
                return Some(Ok(text));
            }
        }
    }
}

impl Reader for SmilesLines {
    fn next(&mut self) -> Option<Result<Found, Bad>> {
        let text = match self.next_line()? {
            Ok(text) => text,
            Err(bad) => return Some(Err(bad)),
        };
        let (smiles, name) = text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
        let name = Some(name.trim().to_owned()).filter(|n| !n.is_empty());
        Some(Ok(Found {
            line: Some(self.lines.line() as u64),
            name,
            structure: Structure::Smiles(smiles.to_owned()),
            numbers: vec![None; self.numbers],
            texts: Vec::new(),
            per_atom: Vec::new(),
        }))
    }

    fn skip(&mut self, rows: u64) -> Result<u64, Bad> {
        for skipped in 0..rows {
            match self.next_line() {
                None => return Ok(skipped),
                Some(Err(bad)) if bad.ends_file => return Err(bad),
                Some(_) => {}
            }
        }
        Ok(rows)
    }
}
