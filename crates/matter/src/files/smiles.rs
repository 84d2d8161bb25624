//! SMILES lines: `SMILES[ whitespace name]`.

use super::error::{FileError, FileProblem};
use super::lines::LineReader;
use crate::molecule::Molecule;
use std::io::BufRead;

/// A molecule of a SMILES file.
#[derive(Clone, Debug, PartialEq)]
pub struct SmilesRecord {
    /// The molecule.
    pub molecule: Molecule,
    /// What follows the SMILES on its line, if anything does.
    pub name: Option<String>,
    /// Its line, from 1.
    pub line: usize,
}

/// Reads SMILES lines. Blank lines and lines that begin with `#` are left out.
#[derive(Debug)]
pub struct SmilesReader<R> {
    lines: LineReader<R>,
}

impl<R: BufRead> SmilesReader<R> {
    /// Reads from `stream`.
    pub fn new(stream: R) -> SmilesReader<R> {
        SmilesReader { lines: LineReader::new(stream) }
    }

    fn record(&self, text: &str) -> Result<SmilesRecord, FileError> {
        let line = self.lines.line();
        let (smiles, name) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let molecule = Molecule::from_smiles(smiles)
            .map_err(|source| FileError::new(line, FileProblem::Molecule { source, remedy: "" }))?;
        let name = Some(name.trim().to_owned()).filter(|n| !n.is_empty());
        Ok(SmilesRecord { molecule, name, line })
    }
}

impl<R: BufRead> Iterator for SmilesReader<R> {
    type Item = Result<SmilesRecord, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let text = match self.lines.next_line() {
                Ok(text) => text?,
                Err(error) => return Some(Err(error)),
            };
            let text = text.trim();
            if !text.is_empty() && !text.starts_with('#') {
                return Some(self.record(text));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_comments_and_blank_lines() {
        let text = "# a library\n\nOCC  ethyl alcohol \r\n\tC\nC1CC ring\nc1ccccc1\tbenzene";
        let records: Vec<_> = SmilesReader::new(text.as_bytes()).collect();
        assert_eq!(records.len(), 4);
        let first = records[0].as_ref().unwrap();
        assert_eq!((first.name.as_deref(), first.line), (Some("ethyl alcohol"), 3));
        assert_eq!(first.molecule.label(), "CCO");
        assert_eq!(records[1].as_ref().unwrap().name, None);
        let error = records[2].as_ref().unwrap_err();
        assert!(error.to_string().starts_with("line 5: `C1CC` is not a valid SMILES"), "{error}");
        assert_eq!(records[3].as_ref().unwrap().line, 6);
    }
}
