//! Records: a molfile, its data fields, `$$$$`.

use super::super::error::{FileError, FileProblem};
use super::super::lines::LineReader;
use super::molfile;
use crate::molecule::Molecule;
use std::collections::{BTreeMap, VecDeque};
use std::io::BufRead;

/// A molecule of an SDF.
#[derive(Clone, Debug, PartialEq)]
pub struct SdfRecord {
    /// The molecule: always its graph, and its geometry if the coordinates are in space.
    pub molecule: Molecule,
    /// First line of the record, if it is not blank.
    pub name: Option<String>,
    /// Data fields.
    pub fields: BTreeMap<String, String>,
    /// Line where the record begins, from 1.
    pub line: usize,
}

/// Reads an SDF, or a single molfile.
///
/// Coordinates are taken as a geometry if the dimensional code of the second line says `3D`, or any z
/// coordinate is not zero; else they are a drawing, and the molecule has its graph only. A geometry must have all
/// hydrogens as atoms.
#[derive(Debug)]
pub struct SdfReader<R> {
    lines: LineReader<R>,
}

/// No record has more lines: 999 atoms and bonds of V2000, and data fields.
const MOST_LINES: usize = 1_000_000;

impl<R: BufRead> SdfReader<R> {
    /// Reads from `stream`.
    pub fn new(stream: R) -> SdfReader<R> {
        SdfReader { lines: LineReader::new(stream) }
    }

    /// Lines of the next record up to `$$$$` or the end; `None` if nothing but blank lines is left.
    fn record_lines(&mut self) -> Result<Option<(usize, VecDeque<String>)>, FileError> {
        let start = self.lines.line() + 1;
        let mut lines = VecDeque::new();
        let mut unreadable = None;
        loop {
            match self.lines.next_line() {
                Ok(Some(line)) if line.trim_end() == "$$$$" => break,
                Ok(Some(line)) => lines.push_back(line),
                Ok(None) if lines.iter().all(|l| l.trim().is_empty()) && unreadable.is_none() => {
                    return Ok(None);
                }
                Ok(None) => break,
                Err(error) if error.ends_reading() => return Err(error),
                // The record is lost, but the next is found behind the next `$$$$`.
                Err(error) => unreadable = unreadable.or(Some(error)),
            }
            if lines.len() > MOST_LINES {
                self.lines.end();
                let expected = format!("`$$$$` within {MOST_LINES} lines");
                return Err(FileError::last(start, FileProblem::field("record", "no end", expected)));
            }
        }
        unreadable.map_or(Ok(Some((start, lines))), Err)
    }
}

impl<R: BufRead> Iterator for SdfReader<R> {
    type Item = Result<SdfRecord, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.lines.is_ended() {
            return None;
        }
        match self.record_lines() {
            Ok(Some((start, lines))) => Some(record(start, &lines.into_iter().collect::<Vec<_>>())),
            Ok(None) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

fn record(start: usize, lines: &[String]) -> Result<SdfRecord, FileError> {
    let (molecule, used) = molfile::parse(start, lines)?;
    let name = lines.first().map(|l| l.trim().to_owned()).filter(|n| !n.is_empty());
    let fields = data_fields(start + used, &lines[used.min(lines.len())..])?;
    Ok(SdfRecord { molecule, name, fields, line: start })
}

/// `> <NAME>` lines, each followed by its value up to a blank line.
fn data_fields(start: usize, lines: &[String]) -> Result<BTreeMap<String, String>, FileError> {
    let mut fields = BTreeMap::new();
    let mut k = 0;
    while k < lines.len() {
        let header = lines[k].trim();
        if header.is_empty() {
            k += 1;
            continue;
        }
        let name = header
            .strip_prefix('>')
            .and_then(|rest| rest.split_once('<'))
            .and_then(|(_, rest)| rest.rsplit_once('>'))
            .map(|(name, _)| name.to_owned());
        let Some(name) = name else {
            let problem = FileProblem::field("data field", header, "`> <NAME>` or `$$$$`");
            return Err(FileError::new(start + k, problem));
        };
        let value: Vec<&str> =
            lines[k + 1..].iter().map(String::as_str).take_while(|l| !l.trim().is_empty()).collect();
        k += 1 + value.len();
        fields.insert(name, value.join("\n"));
    }
    Ok(fields)
}
