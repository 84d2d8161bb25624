//! Cores with attachment points, substituents, and the molecules they make.

use super::graph::{Graph, GraphError};
use chematic::core::{AtomIdx, BondOrder, Molecule as Inner};
use chematic::smiles::{self, RdkitSmilesParams};
use std::fmt;

/// A core: a molecule with numbered attachment points `[*:1]`, `[*:2]`, ..., each on a single bond.
#[derive(Clone, Debug)]
pub struct Core {
    /// SMILES between the attachment points: one more piece than there are points.
    pieces: Vec<String>,
    /// Number of the point after each piece but the last.
    points: Vec<u32>,
    /// Highest ring-closure number in the pieces.
    closures: u32,
}

/// A substituent: a group with one attachment point `[*]`, on a single bond.
#[derive(Clone, Debug)]
pub struct Substituent {
    /// SMILES without the attachment point, beginning at the atom that was bonded to it.
    tail: String,
}

/// Why a SMILES is no core or no substituent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AttachmentError {
    /// The SMILES cannot be read.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// A core without attachment points, or with unnumbered or repeated ones.
    #[error("`{smiles}` {found}: write the attachment points of a core as `[*:1]`, `[*:2]`, ..., each once")]
    Points {
        /// The offending text.
        smiles: String,
        /// What was found.
        found: String,
    },
    /// A substituent without exactly one attachment point.
    #[error("`{smiles}` has {found} attachment points: a substituent has exactly one, e.g. `[*]C(F)(F)F`")]
    OnePoint {
        /// The offending text.
        smiles: String,
        /// How many were found.
        found: usize,
    },
    /// An attachment point with no bond, several bonds, or a bond that is not single.
    #[error("an attachment point of `{smiles}` has {found}: expected one single bond to a real atom")]
    Bond {
        /// The offending text.
        smiles: String,
        /// What was found.
        found: String,
    },
    /// More than one molecule.
    #[error("`{smiles}` has several parts (`.`): expected one")]
    Parts {
        /// The offending text.
        smiles: String,
    },
}

impl Core {
    /// Reads a core, e.g. `O=C1C([*:1])=C([*:2])C(=O)C([*:3])=C1[*:4]`.
    pub fn parse(text: &str) -> Result<Core, AttachmentError> {
        let text = text.trim();
        let inner = parse(text)?;
        let refuse = |found: String| AttachmentError::Points { smiles: text.into(), found };
        let points = attachment_points(&inner, text)?;
        if points.is_empty() {
            return Err(refuse("has no attachment point".into()));
        }
        let mut numbers = Vec::new();
        for &point in &points {
            let number = inner.atom(point).atom_map.unwrap_or(0);
            if number == 0 {
                return Err(refuse("has an attachment point without number".into()));
            }
            if numbers.contains(&number) {
                return Err(refuse(format!("has attachment point {number} more than once")));
            }
            numbers.push(number);
        }
        if let Some((_, atom)) = inner.atoms().find(|(_, a)| !a.wildcard && a.atom_map.is_some_and(|n| n > 0))
        {
            return Err(refuse(format!("numbers an atom of {}", atom.element.symbol())));
        }
        // Written again from a real atom, so that no attachment point comes first and each can be replaced
        // where it stands: the order of neighbours, on which `@` and `/` depend, stays as it is.
        let Some((root, _)) = inner.atoms().find(|(_, a)| !a.wildcard) else {
            return Err(refuse("has no real atom".into()));
        };
        let written = write_from(&inner, root, text)?;
        let mut core =
            Core { pieces: Vec::new(), points: Vec::new(), closures: highest_ring_closure(&written) };
        let mut rest = written.as_str();
        while let Some(start) = rest.find("[*:") {
            let number = rest[start + 3..].split(']').next().unwrap_or_default();
            let end = start + 3 + number.len() + 1;
            core.points.push(number.parse().map_err(|_| refuse(format!("was rewritten as `{written}`")))?);
            core.pieces.push(rest[..start].to_owned());
            rest = &rest[end..];
        }
        core.pieces.push(rest.to_owned());
        if core.points.len() != points.len() {
            return Err(refuse(format!("was rewritten as `{written}`")));
        }
        Ok(core)
    }

    /// Numbers of the attachment points, ascending.
    pub fn points(&self) -> Vec<u32> {
        let mut points = self.points.clone();
        points.sort_unstable();
        points
    }

    /// The molecule with these substituents at the attachment points of these numbers, hydrogen at all
    /// others. Numbers that the core does not have are left out.
    pub fn with(&self, substituents: &[(u32, &Substituent)]) -> Result<Graph, GraphError> {
        let mut product = String::new();
        for (piece, point) in self.pieces.iter().zip(&self.points) {
            product.push_str(piece);
            match substituents.iter().find(|(number, _)| number == point) {
                Some((_, substituent)) => {
                    join(&mut product, &shift_ring_closures(&substituent.tail, self.closures));
                }
                None => product.push_str("[H]"),
            }
        }
        product.extend(self.pieces.last().map(String::as_str));
        Graph::from_smiles(&product)
    }
}

impl Substituent {
    /// Reads a substituent, e.g. `[*]C(F)(F)F`.
    pub fn parse(text: &str) -> Result<Substituent, AttachmentError> {
        let text = text.trim();
        let inner = parse(text)?;
        let points = attachment_points(&inner, text)?;
        let [point] = points[..] else {
            return Err(AttachmentError::OnePoint { smiles: text.into(), found: points.len() });
        };
        // Written again from the attachment point; what follows it can stand behind any other atom.
        let written = write_from(&inner, point, text)?;
        let tail = match written.strip_prefix('*') {
            Some(tail) => tail,
            None => written.split_once(']').map(|(_, tail)| tail).unwrap_or_default(),
        };
        Ok(Substituent { tail: tail.strip_prefix('-').unwrap_or(tail).to_owned() })
    }
}

impl fmt::Display for Substituent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[*]{}", self.tail)
    }
}

/// Appends the SMILES of a substituent to that of a core, with the bond between them.
///
/// The bond may carry a direction (`/`, `\\`) from either side. Directions mean something only relative to
/// each other, so if the two sides disagree about their common bond, all directions of the substituent turn.
fn join(product: &mut String, tail: &str) {
    let directions = ['/', '\\'];
    if !tail.starts_with(directions) {
        // Two aromatic atoms side by side would be read as an aromatic bond.
        if !product.ends_with(['-', '/', '\\']) {
            product.push('-');
        }
        product.push_str(tail);
        return;
    }
    if product.ends_with('-') {
        product.pop();
    }
    match (product.ends_with(directions), product.ends_with(&tail[..1])) {
        (false, _) => product.push_str(tail),
        (true, true) => product.push_str(&tail[1..]),
        (true, false) => product.extend(tail[1..].chars().map(|c| match c {
            '/' => '\\',
            '\\' => '/',
            other => other,
        })),
    }
}

fn parse(text: &str) -> Result<Inner, AttachmentError> {
    let syntax = |reason: String| GraphError::Syntax { smiles: text.into(), reason };
    if text.is_empty() {
        return Err(syntax("it is empty".into()).into());
    }
    let inner = smiles::parse(text).map_err(|e| syntax(e.to_string()))?;
    if !inner.is_connected() {
        return Err(AttachmentError::Parts { smiles: text.into() });
    }
    Ok(inner)
}

/// Wildcard atoms; each must hang on a real atom by one single bond.
fn attachment_points(inner: &Inner, text: &str) -> Result<Vec<AtomIdx>, AttachmentError> {
    let refuse = |found: &str| AttachmentError::Bond { smiles: text.into(), found: found.into() };
    let mut points = Vec::new();
    for (index, atom) in inner.atoms() {
        if !atom.wildcard {
            continue;
        }
        let mut neighbours = inner.neighbors(index);
        let (Some((neighbour, bond)), None) = (neighbours.next(), neighbours.next()) else {
            return Err(refuse(if inner.degree(index) == 0 { "no bond" } else { "several bonds" }));
        };
        if inner.atom(neighbour).wildcard {
            return Err(refuse("a bond to another attachment point"));
        }
        if !matches!(inner.bond(bond).order, BondOrder::Single | BondOrder::Up | BondOrder::Down) {
            return Err(refuse("a bond that is not single"));
        }
        points.push(index);
    }
    Ok(points)
}

fn write_from(inner: &Inner, root: AtomIdx, text: &str) -> Result<String, AttachmentError> {
    let params = RdkitSmilesParams { rooted_at_atom: Some(root.0 as usize), ..RdkitSmilesParams::default() };
    smiles::rdkit_smiles(inner, &params).map_err(|e| {
        let smiles = text.to_owned();
        AttachmentError::Graph(match e {
            smiles::RdkitSmilesError::Sanitization(reason) => GraphError::Chemistry { smiles, reason },
            smiles::RdkitSmilesError::Unsupported(reason) => GraphError::Unsupported { smiles, reason },
        })
    })
}

/// A stretch of SMILES: a ring-closure number, or text that is none.
enum Stretch<'a> {
    Closure(u32),
    Text(&'a str),
}

/// Splits SMILES at its ring closures (`1`, `%12`, `%(123)`), which are the digits outside brackets.
fn stretches(text: &str) -> Vec<Stretch<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut i, mut start) = (0, 0);
    while i < bytes.len() {
        let (end, digits) = match bytes[i] {
            b'[' => {
                i += text[i..].find(']').map_or(text.len() - i, |n| n + 1);
                continue;
            }
            b'0'..=b'9' => (i + 1, &text[i..=i]),
            b'%' if bytes.get(i + 1) == Some(&b'(') => {
                let close = text[i..].find(')').map_or(text.len(), |n| i + n);
                ((close + 1).min(text.len()), text.get(i + 2..close).unwrap_or_default())
            }
            b'%' => ((i + 3).min(text.len()), text.get(i + 1..i + 3).unwrap_or_default()),
            _ => {
                i += 1;
                continue;
            }
        };
        if let Ok(number) = digits.parse() {
            found.push(Stretch::Text(&text[start..i]));
            found.push(Stretch::Closure(number));
            start = end;
        }
        i = end;
    }
    found.push(Stretch::Text(&text[start..]));
    found
}

fn highest_ring_closure(text: &str) -> u32 {
    let number = |stretch: &Stretch| match stretch {
        Stretch::Closure(number) => *number,
        Stretch::Text(_) => 0,
    };
    stretches(text).iter().map(number).max().unwrap_or(0)
}

/// The same SMILES with every ring-closure number raised by `offset`.
fn shift_ring_closures(text: &str, offset: u32) -> String {
    let mut shifted = String::with_capacity(text.len() + 4);
    for stretch in stretches(text) {
        match stretch {
            Stretch::Text(text) => shifted.push_str(text),
            Stretch::Closure(number) => match number + offset {
                n @ 0..=9 => shifted.push_str(&n.to_string()),
                n @ 10..=99 => shifted.push_str(&format!("%{n}")),
                n => shifted.push_str(&format!("%({n})")),
            },
        }
    }
    shifted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(core: &str, substituents: &[(u32, &str)]) -> String {
        let parsed: Vec<(u32, Substituent)> =
            substituents.iter().map(|(n, s)| (*n, Substituent::parse(s).unwrap())).collect();
        let refs: Vec<(u32, &Substituent)> = parsed.iter().map(|(n, s)| (*n, s)).collect();
        Core::parse(core).unwrap().with(&refs).unwrap().canonical_smiles().to_owned()
    }

    fn canonical(text: &str) -> String {
        Graph::from_smiles(text).unwrap().canonical_smiles().to_owned()
    }

    const QUINONE: &str = "O=C1C([*:1])=C([*:2])C(=O)C([*:3])=C1[*:4]";

    #[test]
    fn open_points_become_hydrogen() {
        assert_eq!(product(QUINONE, &[]), "O=C1C=CC(=O)C=C1");
        assert_eq!(product("C1=CC=CN1[*:1]", &[]), "c1cc[nH]c1");
        assert_eq!(product("[*:3]C", &[]), "C");
    }

    #[test]
    fn substituents_land_where_the_number_says() {
        assert_eq!(
            product(QUINONE, &[(1, "[*]O"), (2, "FC(F)(F)[*]")]),
            canonical("O=C1C(O)=C(C(F)(F)F)C(=O)C=C1")
        );
        assert_eq!(product(QUINONE, &[(1, "*O"), (3, "[*]Cl")]), canonical("O=C1C(O)=CC(=O)C(Cl)=C1"));
        assert_eq!(
            product("[*:1]c1ccc([*:2])cc1", &[(1, "[*]c1ccncc1"), (2, "[*]c1ccc2ccccc2c1")]),
            canonical("n1ccc(cc1)-c1ccc(cc1)-c1ccc2ccccc2c1")
        );
    }

    #[test]
    fn stereo_survives_the_attachment() {
        for (core, expected) in [
            ("[*:1][C@H](F)Cl", "Br[C@H](F)Cl"),
            ("F[C@H]([*:1])Cl", "F[C@H](Br)Cl"),
            ("F[C@@H](Cl)[*:1]", "F[C@@H](Cl)Br"),
            ("[*:1]/C=C/F", "Br/C=C/F"),
            ("F/C=C(\\[*:1])Cl", "F/C=C(\\Br)Cl"),
        ] {
            assert_eq!(product(core, &[(1, "[*]Br")]), canonical(expected), "{core}");
        }
        assert_eq!(product("C[*:1]", &[(1, "F[C@H]([*])Cl")]), canonical("F[C@H](C)Cl"));
        assert_eq!(product("C[*:1]", &[(1, "[*]C/C=C\\F")]), canonical("CC/C=C\\F"));
    }

    #[test]
    fn directions_of_both_sides_are_reconciled() {
        for (core, substituent, expected) in [
            ("C[*:1]", "[*]/C=C/F", "C/C=C/F"),
            ("c1ccccc1[*:1]", "[*]\\C=C/F", "c1ccccc1\\C=C/F"),
            ("F/C=C/[*:1]", "[*]/C=C/Cl", "F/C=C/C=C/Cl"),
            ("F/C=C/[*:1]", "[*]\\C=C\\Cl", "F/C=C/C=C/Cl"),
            ("F/C=C/[*:1]", "[*]\\C=C/Cl", "F/C=C/C=C\\Cl"),
            ("F/C=C\\[*:1]", "Cl/C=C/[*]", "F/C=C\\C=C\\Cl"),
        ] {
            assert_eq!(product(core, &[(1, substituent)]), canonical(expected), "{core} {substituent}");
        }
    }

    #[test]
    fn what_is_no_core_is_refused() {
        for (text, needle) in [
            ("c1ccccc1", "no attachment point"),
            ("*c1ccccc1", "without number"),
            ("[1*]c1ccccc1", "without number"),
            ("[*:1]C[*:1]", "more than once"),
            ("[*:1]=C", "not single"),
            ("C[*:1]C", "several bonds"),
            ("[*:1][*:2]", "another attachment point"),
            ("[*:1]C.C", "several parts"),
            ("[*:1][CH2:4]C", "numbers an atom of C"),
            ("[*:1]c1cccc1", "not a possible molecule"),
            ("[*:1]c1ccc", "not a valid SMILES"),
            ("", "empty"),
        ] {
            let error = Core::parse(text).unwrap_err().to_string();
            assert!(error.contains(needle), "{text}: {error}");
        }
    }

    #[test]
    fn what_is_no_substituent_is_refused() {
        for (text, needle) in [
            ("C", "has 0 attachment points"),
            ("[*]C[*]", "has 2 attachment points"),
            ("[*]=O", "not single"),
            ("[*]", "no bond"),
            ("[*]C(C)(C)(C)C", "not a possible molecule"),
        ] {
            let error = Substituent::parse(text).unwrap_err().to_string();
            assert!(error.contains(needle), "{text}: {error}");
        }
    }

    #[test]
    fn ring_closures_are_shifted_outside_brackets_only() {
        assert_eq!(shift_ring_closures("C1CC[13CH]1C%10%(100)", 95), "C%96CC[13CH]%96C%(105)%(195)");
        assert_eq!(highest_ring_closure("C1CC[13CH2]1C%12"), 12);
    }
}
