//! The connection table of a molfile, version V2000.

use super::super::error::{FileError, FileProblem};
use crate::chem::{BondKind, ConnectionTable, Graph, TableAtom, TableBond, Wedge};
use crate::element::Element;
use crate::geometry::Geometry;
use crate::molecule::Molecule;

/// Lines of a molfile with the number of the first.
struct Block<'a> {
    start: usize,
    lines: &'a [String],
}

impl Block<'_> {
    fn line(&self, k: usize, expected: &str) -> Result<&str, FileError> {
        self.lines
            .get(k)
            .map(String::as_str)
            .ok_or_else(|| self.error(self.lines.len(), FileProblem::Truncated { expected: expected.into() }))
    }

    fn error(&self, k: usize, problem: FileProblem) -> FileError {
        FileError::new(self.start + k, problem)
    }
}

/// Reads a molfile at the beginning of `lines`; gives the molecule and the number of lines up to and with
/// `M  END`.
pub(super) fn parse(start: usize, lines: &[String]) -> Result<(Molecule, usize), FileError> {
    let block = Block { start, lines };
    let counts = block.line(3, "the counts line, fourth of a molfile")?;
    let at = |k: usize| move |problem: FileProblem| FileError::new(start + k, problem);
    if counts.contains("V3000") {
        let remedy = "convert it to V2000, e.g. with Open Babel: `obabel in.sdf -O out.sdf`".into();
        return Err(at(3)(FileProblem::Unsupported { what: "the molfile version V3000".into(), remedy }));
    }
    let atoms: usize = integer(counts, 0, 3, "number of atoms").map_err(at(3))?;
    let bonds: usize = integer(counts, 3, 6, "number of bonds").map_err(at(3))?;
    let mut table = ConnectionTable::default();
    for k in 4..4 + atoms {
        let line = block.line(k, &format!("atom {} of {atoms}", k - 3))?;
        table.atoms.push(atom(line).map_err(at(k))?);
    }
    for k in 4 + atoms..4 + atoms + bonds {
        let line = block.line(k, &format!("bond {} of {bonds}", k - 3 - atoms))?;
        table.bonds.push(bond(line, atoms).map_err(at(k))?);
    }
    let mut k = 4 + atoms + bonds;
    let mut superseded = false;
    loop {
        let line = block.line(k, "`M  END`")?;
        if line.starts_with("M  END") {
            break;
        }
        if line.starts_with("M  CHG") || line.starts_with("M  RAD") {
            // Either kind of line replaces all charges and radicals of the atom block.
            if !superseded {
                table.atoms.iter_mut().for_each(|a| (a.charge, a.unpaired) = (0, 0));
            }
            superseded = true;
        }
        property(line, &mut table).map_err(at(k))?;
        k += 1;
    }
    let drawing = block.line(1, "the second line")?;
    let code = columns(drawing, 20, 22);
    table.spatial = code == "3D" || table.atoms.iter().any(|a| a.position[2] != 0.0);
    let name = lines[0].trim();
    let origin = if name.is_empty() { "the molfile" } else { name };
    molecule(&table, origin).map(|m| (m, k + 1)).map_err(at(0))
}

/// The molecule of a connection table.
fn molecule(table: &ConnectionTable, origin: &str) -> Result<Molecule, FileProblem> {
    let failed = |source| FileProblem::Molecule { source, remedy: "" };
    let graph = Graph::from_connection_table(table, origin)?;
    let unpaired: u32 = table.atoms.iter().map(|a| u32::from(a.unpaired)).sum();
    let mut molecule = Molecule::from_graph(graph).map_err(failed)?;
    if unpaired > 0 {
        let charge = molecule.charge();
        molecule = molecule.with_state(charge, unpaired).map_err(failed)?;
    }
    if !table.spatial {
        return Ok(molecule);
    }
    let elements = table.atoms.iter().map(|a| a.element).collect();
    let geometry = Geometry::new(elements, table.atoms.iter().map(|a| a.position).collect())?;
    let (implied, found) =
        (molecule.formula().map_err(|e| failed(e.into()))?, geometry.elements().iter().collect());
    if implied != found {
        return Err(FileProblem::Contradiction {
            first: format!("the geometry of {found}"),
            second: format!("its bonds and valences, which make {implied}"),
            remedy: "write all hydrogens as atoms, or mark the coordinates as a drawing (`2D`, z = 0)".into(),
        });
    }
    Ok(molecule.with_geometry(geometry))
}

/// Columns `from..to` of a line, without surrounding space; short lines end in nothing.
fn columns(line: &str, from: usize, to: usize) -> &str {
    let to = to.min(line.len());
    if from >= to { "" } else { line.get(from..to).unwrap_or("").trim() }
}

/// A number in fixed columns; blank is zero.
fn integer<T: std::str::FromStr + Default>(
    line: &str,
    from: usize,
    to: usize,
    field: &str,
) -> Result<T, FileProblem> {
    let text = columns(line, from, to);
    if text.is_empty() && line.is_char_boundary(from.min(line.len())) {
        return Ok(T::default());
    }
    text.parse()
        .map_err(|_| FileProblem::field(field, text, format!("a whole number in columns {}-{to}", from + 1)))
}

fn atom(line: &str) -> Result<TableAtom, FileProblem> {
    let mut position = [0.0; 3];
    for (axis, x) in position.iter_mut().enumerate() {
        let (from, to) = (10 * axis, 10 * axis + 10);
        let text = columns(line, from, to);
        *x = text.parse().ok().filter(|x: &f64| x.is_finite()).ok_or_else(|| {
            let axis = ["x", "y", "z"][axis];
            FileProblem::field(axis, text, format!("a number in columns {}-{to}", from + 1))
        })?;
    }
    let symbol = columns(line, 31, 34);
    let (symbol, mut isotope) = match symbol {
        "D" => ("H", Some(2)),
        "T" => ("H", Some(3)),
        other => (other, None),
    };
    let element = Element::from_symbol(symbol).ok_or_else(|| {
        FileProblem::field("element", symbol, "the symbol of an element from H to Rn in columns 32-34")
    })?;
    let difference: i32 = integer(line, 34, 36, "mass difference")?;
    if difference != 0 {
        let mass = element.weight().round() as i32 + difference;
        isotope = Some(u16::try_from(mass).map_err(|_| {
            FileProblem::field("mass difference", difference.to_string(), "a number from -3 to 4")
        })?);
    }
    let code: u8 = integer(line, 36, 39, "charge code")?;
    let (charge, unpaired) = match code {
        0 => (0, 0),
        4 => (0, 1),
        1..=3 | 5..=7 => (4 - code as i8, 0),
        _ => return Err(FileProblem::field("charge code", code.to_string(), "a number from 0 to 7")),
    };
    let valence: u8 = integer(line, 48, 51, "valence")?;
    let valence = match valence {
        0 => None,
        15 => Some(0),
        1..=14 => Some(valence),
        _ => return Err(FileProblem::field("valence", valence.to_string(), "a number from 0 to 15")),
    };
    Ok(TableAtom { element, isotope, charge, unpaired, valence, position })
}

fn bond(line: &str, atoms: usize) -> Result<TableBond, FileProblem> {
    let end = |from: usize| -> Result<usize, FileProblem> {
        let index: usize = integer(line, from, from + 3, "atom of a bond")?;
        if (1..=atoms).contains(&index) {
            return Ok(index - 1);
        }
        Err(FileProblem::field("atom of a bond", index.to_string(), format!("a number from 1 to {atoms}")))
    };
    let (begin, other) = (end(0)?, end(3)?);
    let kind: u8 = integer(line, 6, 9, "bond type")?;
    let kind = match kind {
        1 => BondKind::Single,
        2 => BondKind::Double,
        3 => BondKind::Triple,
        4 => BondKind::Aromatic,
        other => {
            let expected = "1 (single), 2 (double), 3 (triple) or 4 (aromatic); others are for queries";
            return Err(FileProblem::field("bond type", other.to_string(), expected));
        }
    };
    let drawn: u8 = integer(line, 9, 12, "bond stereo")?;
    let wedge = match drawn {
        0 => Wedge::Plain,
        1 => Wedge::Up,
        6 => Wedge::Down,
        3 | 4 => Wedge::Unknown,
        other => return Err(FileProblem::field("bond stereo", other.to_string(), "0, 1, 3, 4 or 6")),
    };
    Ok(TableBond { begin, end: other, kind, wedge })
}

/// `M  CHGnn8 aaa vvv ...` and its like; lines that do not change the molecule are passed over.
fn property(line: &str, table: &mut ConnectionTable) -> Result<(), FileProblem> {
    let kind = line.get(..6).unwrap_or("");
    if matches!(kind, "M  RGP" | "M  ALS" | "M  LIN" | "M  SUB" | "M  UNS" | "M  RBC") {
        return Err(FileProblem::Unsupported {
            what: format!("the query feature `{kind}`"),
            remedy: "give whole molecules".into(),
        });
    }
    if !matches!(kind, "M  CHG" | "M  RAD" | "M  ISO") {
        return Ok(());
    }
    let entries: usize = integer(line, 6, 9, "number of entries")?;
    for entry in 0..entries {
        let from = 9 + 8 * entry;
        let atoms = table.atoms.len();
        let index: usize = integer(line, from, from + 4, "atom")?;
        let value: i32 = integer(line, from + 4, from + 8, "value")?;
        let refuse = |expected: &str| Err(FileProblem::field(kind, value.to_string(), expected));
        let Some(atom) = index.checked_sub(1).and_then(|i| table.atoms.get_mut(i)) else {
            let expected = format!("an atom from 1 to {atoms}");
            return Err(FileProblem::field(kind, index.to_string(), expected));
        };
        match kind {
            "M  CHG" => match i8::try_from(value) {
                Ok(charge) if charge.abs() <= 15 => atom.charge = charge,
                _ => return refuse("a charge from -15 to 15"),
            },
            "M  RAD" => match value {
                0 => atom.unpaired = 0,
                2 => atom.unpaired = 1,
                3 => atom.unpaired = 2,
                1 => {
                    return Err(FileProblem::Unsupported {
                        what: "the singlet diradical centre".into(),
                        remedy: "a carbene with paired electrons cannot be told from its bonds; \
                                 write `M  RAD` 3 for the triplet"
                            .into(),
                    });
                }
                _ => return refuse("2 (doublet) or 3 (triplet)"),
            },
            _ => match u16::try_from(value) {
                Ok(mass) if mass > 0 => atom.isotope = Some(mass),
                Ok(_) => atom.isotope = None,
                Err(_) => return refuse("a mass number"),
            },
        }
    }
    Ok(())
}
