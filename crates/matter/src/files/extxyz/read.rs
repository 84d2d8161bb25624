//! Reading frames.

use super::super::error::{FileError, FileProblem};
use super::super::lines::LineReader;
use super::comment::{self, Pairs};
use super::frame::{Column, ColumnData, Frame};
use crate::element::Element;
use crate::geometry::Geometry;
use std::io::BufRead;

/// Reads the frames of an XYZ or extended XYZ file.
#[derive(Debug)]
pub struct FrameReader<R> {
    lines: LineReader<R>,
}

impl<R: BufRead> FrameReader<R> {
    /// Reads from `stream`.
    pub fn new(stream: R) -> FrameReader<R> {
        FrameReader { lines: LineReader::new(stream) }
    }

    fn frame(&mut self, count: &str) -> Result<Frame, FileError> {
        let start = self.lines.line();
        let atoms: usize = count.trim().parse().ok().filter(|&n| n > 0).ok_or_else(|| {
            let problem = FileProblem::field("number of atoms", count.trim(), "a whole number above 0");
            FileError::last(start, problem)
        })?;
        let comment = self.lines.expect_line("the comment line of an XYZ frame")?;
        // All lines of the frame are read before they are looked at, so that the next frame is found whatever
        // is wrong with this one. The count is not trusted with memory.
        let mut rows = Vec::with_capacity(atoms.min(1024));
        for k in 0..atoms {
            rows.push(self.lines.expect_line(&format!("atom {} of {atoms}", k + 1))?);
        }
        let header = Header::parse(&comment).map_err(|problem| FileError::new(start + 1, problem))?;
        let mut table = Table::new(&header.columns);
        for (k, row) in rows.iter().enumerate() {
            table.push(row, k + 1).map_err(|problem| FileError::new(start + 2 + k, problem))?;
        }
        let geometry = Geometry::new(table.elements, table.positions)
            .map_err(|e| FileError::new(start, FileProblem::Geometry(e)))?;
        Ok(Frame {
            geometry,
            charge: header.charge,
            unpaired: header.unpaired,
            info: header.info.into_iter().collect(),
            comment: header.comment,
            columns: table.others,
            line: start,
        })
    }
}

impl<R: BufRead> Iterator for FrameReader<R> {
    type Item = Result<Frame, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        let count = loop {
            match self.lines.next_line() {
                Ok(text) => {
                    let text = text?;
                    // Blank lines between frames and at the end are common.
                    if !text.trim().is_empty() {
                        break text;
                    }
                }
                Err(mut error) => {
                    self.lines.end();
                    error.ends_reading = true;
                    return Some(Err(error));
                }
            }
        };
        let frame = self.frame(&count).map_err(|mut error| {
            // Text that could not be read within a frame leaves its end unknown.
            if matches!(error.problem, FileProblem::NotText) {
                error.ends_reading = true;
            }
            if error.ends_reading {
                self.lines.end();
            }
            error
        });
        Some(frame)
    }
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Role {
    Symbol,
    Number,
    Position,
    Other(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct ColumnSpec {
    role: Role,
    letter: char,
    width: usize,
}

/// The comment line, understood.
struct Header {
    charge: Option<i32>,
    unpaired: Option<u32>,
    info: Vec<(String, String)>,
    comment: Option<String>,
    columns: Vec<ColumnSpec>,
}

impl Header {
    fn parse(line: &str) -> Result<Header, FileProblem> {
        // A comment without `=` is free text, as in plain XYZ.
        if !line.contains('=') {
            let comment = Some(line.trim().to_owned()).filter(|c| !c.is_empty());
            let columns = columns_of("species:S:1:pos:R:3")?;
            return Ok(Header { charge: None, unpaired: None, info: Vec::new(), comment, columns });
        }
        let mut pairs = comment::parse(line)?;
        let properties = take(&mut pairs, "Properties");
        let columns = columns_of(properties.as_deref().unwrap_or("species:S:1:pos:R:3"))?;
        refuse_cell(&mut pairs)?;
        let charge = agreeing(&mut pairs, [("charge", 0), ("total_charge", 0)])?;
        let unpaired = agreeing(&mut pairs, [("uhf", 0), ("multiplicity", 1)])?;
        let unpaired = match unpaired {
            Some(n) => Some(u32::try_from(n).map_err(|_| {
                FileProblem::field("number of unpaired electrons", n.to_string(), "0 or more")
            })?),
            None => None,
        };
        if unpaired.is_none() && pairs.iter().any(|(key, _)| key == "spin") {
            return Err(FileProblem::Unsupported {
                what: "the key `spin`".into(),
                remedy: "some programs mean 2S by it, others 2S + 1; write `uhf=` (number of unpaired \
                         electrons) or `multiplicity=`"
                    .into(),
            });
        }
        let info = pairs.into_iter().map(|(key, value)| (key, value.unwrap_or_else(|| "T".into()))).collect();
        Ok(Header { charge, unpaired, info, comment: None, columns })
    }
}

fn take(pairs: &mut Pairs, key: &str) -> Option<String> {
    let index = pairs.iter().position(|(k, _)| k == key)?;
    pairs.remove(index).1
}

/// A whole number that two keys may state, each counted from its own zero.
fn agreeing(pairs: &mut Pairs, keys: [(&str, i32); 2]) -> Result<Option<i32>, FileProblem> {
    let mut found: Option<(String, i32)> = None;
    for (key, zero) in keys {
        let Some(text) = take(pairs, key) else { continue };
        // Programs that know only floating-point numbers write 1.0.
        let value = text.trim().parse::<f64>().ok().filter(|v| v.fract() == 0.0 && v.abs() <= 1000.0);
        let value = value.ok_or_else(|| FileProblem::field(format!("`{key}`"), &text, "a whole number"))?;
        let value = value as i32 - zero;
        match &found {
            Some((other, first)) if *first != value => {
                return Err(FileProblem::Contradiction {
                    first: format!("`{other}`"),
                    second: format!("`{key}={text}`"),
                    remedy: "leave one of them out".into(),
                });
            }
            _ => found = Some((format!("{key}={text}"), value)),
        }
    }
    Ok(found.map(|(_, value)| value))
}

/// A molecule has no cell: `Lattice` may only stand beside `pbc="F F F"`.
fn refuse_cell(pairs: &mut Pairs) -> Result<(), FileProblem> {
    let lattice = take(pairs, "Lattice");
    let pbc = take(pairs, "pbc");
    let free = |text: &str| {
        let flags: Vec<&str> = text.split([' ', ',']).filter(|f| !f.is_empty()).collect();
        flags.len() == 3 && flags.iter().all(|f| matches!(*f, "F" | "f" | "0" | "False" | "false"))
    };
    match (lattice, pbc) {
        (None, None) => Ok(()),
        (_, Some(pbc)) if free(&pbc) => Ok(()),
        (lattice, pbc) => Err(FileProblem::Unsupported {
            what: match pbc {
                Some(pbc) => format!("the periodic structure (`pbc=\"{pbc}\"`)"),
                None => format!("the cell (`Lattice=\"{}\"`)", lattice.unwrap_or_default()),
            },
            remedy: "only molecules can be read here; if it is one, write `pbc=\"F F F\"`".into(),
        }),
    }
}

fn columns_of(properties: &str) -> Result<Vec<ColumnSpec>, FileProblem> {
    let refuse = |found: &str, expected: &str| FileProblem::field("`Properties`", found, expected);
    let parts: Vec<&str> = properties.split(':').collect();
    let mut columns: Vec<ColumnSpec> = Vec::new();
    for triple in parts.chunks(3) {
        let [name, letter, width] = triple else {
            return Err(refuse(properties, "triples `name:type:columns`, e.g. `species:S:1:pos:R:3`"));
        };
        let width: usize = width
            .parse()
            .ok()
            .filter(|w| (1..=4096).contains(w))
            .ok_or_else(|| refuse(width, "a number of columns from 1 to 4096"))?;
        let letter = match *letter {
            "S" => 'S',
            "R" => 'R',
            "I" => 'I',
            "L" => 'L',
            other => return Err(refuse(other, "a type `S`, `R`, `I` or `L`")),
        };
        let role = match (*name, letter, width) {
            ("species", 'S', 1) => Role::Symbol,
            ("Z" | "numbers", 'I', 1) => Role::Number,
            ("pos", 'R', 3) => Role::Position,
            ("species" | "pos", ..) => return Err(refuse(properties, "`species:S:1` and `pos:R:3`")),
            (other, ..) => Role::Other(other.to_owned()),
        };
        if columns.iter().any(|c| c.role == role) {
            return Err(refuse(name, "each name once"));
        }
        columns.push(ColumnSpec { role, letter, width });
    }
    let has = |role: Role| columns.iter().any(|c| c.role == role);
    if !has(Role::Position) || !(has(Role::Symbol) || has(Role::Number)) {
        return Err(refuse(properties, "at least `species:S:1` (or `Z:I:1`) and `pos:R:3`"));
    }
    Ok(columns)
}

/// The rows read so far, column by column.
struct Table<'a> {
    specs: &'a [ColumnSpec],
    /// Whether elements come from symbols; atomic numbers are then only checked against them.
    symbols: bool,
    elements: Vec<Element>,
    positions: Vec<[f64; 3]>,
    others: Vec<Column>,
}

impl Table<'_> {
    fn new(specs: &[ColumnSpec]) -> Table<'_> {
        let others = specs.iter().filter_map(|spec| match &spec.role {
            Role::Other(name) => Some(Column {
                name: name.clone(),
                width: spec.width,
                data: match spec.letter {
                    'R' => ColumnData::Real(Vec::new()),
                    'I' => ColumnData::Integer(Vec::new()),
                    'L' => ColumnData::Logical(Vec::new()),
                    _ => ColumnData::Text(Vec::new()),
                },
            }),
            _ => None,
        });
        let symbols = specs.iter().any(|s| s.role == Role::Symbol);
        Table { specs, symbols, elements: Vec::new(), positions: Vec::new(), others: others.collect() }
    }

    fn push(&mut self, row: &str, atom: usize) -> Result<(), FileProblem> {
        let mut words = row.split_whitespace();
        let mut other = 0;
        let expected: usize = self.specs.iter().map(|s| s.width).sum();
        let missing = |found: usize| {
            FileProblem::field(format!("atom {atom}"), row.trim(), format!("{expected} columns, not {found}"))
        };
        let count = row.split_whitespace().count();
        // Plain XYZ often carries more columns than are declared; they have no name and are left out.
        if count < expected {
            return Err(missing(count));
        }
        let mut number = None;
        for spec in self.specs {
            for k in 0..spec.width {
                let Some(word) = words.next() else { return Err(missing(count)) };
                let field = || format!("atom {atom}, column `{}`", spec.role.name());
                match &spec.role {
                    Role::Symbol => {
                        let element = Element::from_symbol(word);
                        self.elements.push(element.ok_or_else(|| {
                            FileProblem::field(field(), word, "the symbol of an element from H to Rn")
                        })?);
                    }
                    Role::Number => {
                        let element = word.parse().ok().and_then(Element::from_number);
                        number = Some(element.ok_or_else(|| {
                            FileProblem::field(field(), word, "an atomic number from 1 to 86")
                        })?);
                    }
                    Role::Position => {
                        let x = real(word).ok_or_else(|| FileProblem::field(field(), word, "a number"))?;
                        if k == 0 {
                            self.positions.push([0.0; 3]);
                        }
                        if let Some(position) = self.positions.last_mut() {
                            position[k] = x;
                        }
                    }
                    Role::Other(_) => {
                        let refuse = |expected| Err(FileProblem::field(field(), word, expected));
                        match &mut self.others[other].data {
                            ColumnData::Text(values) => values.push(word.to_owned()),
                            ColumnData::Real(values) => match real(word) {
                                Some(x) => values.push(x),
                                None => return refuse("a number"),
                            },
                            ColumnData::Integer(values) => match word.parse() {
                                Ok(n) => values.push(n),
                                Err(_) => return refuse("a whole number"),
                            },
                            ColumnData::Logical(values) => match word {
                                "T" | "True" | "true" | "1" => values.push(true),
                                "F" | "False" | "false" | "0" => values.push(false),
                                _ => return refuse("`T` or `F`"),
                            },
                        }
                    }
                }
            }
            other += usize::from(matches!(spec.role, Role::Other(_)));
        }
        match (self.symbols, number, self.elements.last()) {
            (false, Some(number), _) => self.elements.push(number),
            (true, Some(number), Some(element)) if number != *element => {
                return Err(FileProblem::Contradiction {
                    first: format!("the symbol {element} of atom {atom}"),
                    second: format!("its atomic number {}", number.number()),
                    remedy: "correct one of them".into(),
                });
            }
            _ => {}
        }
        Ok(())
    }
}

impl Role {
    fn name(&self) -> &str {
        match self {
            Role::Symbol => "species",
            Role::Number => "Z",
            Role::Position => "pos",
            Role::Other(name) => name,
        }
    }
}

/// A number, also with a Fortran exponent (`1.0D-3`).
fn real(word: &str) -> Option<f64> {
    word.parse().ok().or_else(|| word.replace(['D', 'd'], "e").parse().ok())
}
