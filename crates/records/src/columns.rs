//! Which columns are wanted, and which of a file's columns they are.

use crate::error::RecordsError;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What is wanted from each record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Columns {
    /// Column of the structures in tables. If not given, it is found by its name: see [`Columns::default`].
    pub structure: Option<String>,
    /// What that column holds. If not given, its name tells: `formula`, `composition` and the like hold formulas,
    /// anything else SMILES.
    pub kind: Option<TextKind>,
    /// Column, key or data field of the names. If not given: in tables a column `name`, `id`, `title` or the like if
    /// there is one, in SMILES lines what follows the SMILES, in XYZ the key `name`, in SDF the title line.
    pub name: Option<String>,
    /// Columns, keys or data fields of numbers.
    pub numbers: Vec<String>,
    /// Columns, keys or data fields of text.
    pub texts: Vec<String>,
    /// Whether a file may lack columns of `numbers`: its records then have no value there. Otherwise such a file is
    /// refused.
    pub numbers_may_lack: bool,
}

/// What a column of text says about a structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextKind {
    /// SMILES.
    Smiles,
    /// Formulas or compositions.
    Formula,
}

impl Columns {
    /// Structures and names, found by the names of their columns, and these numbers.
    pub fn with_numbers<S: Into<String>>(numbers: impl IntoIterator<Item = S>) -> Columns {
        Columns { numbers: numbers.into_iter().map(Into::into).collect(), ..Columns::default() }
    }
}

/// Names, in lower case and without separators, that mean SMILES.
const SMILES: [&str; 6] =
    ["smiles", "canonicalsmiles", "isomericsmiles", "smi", "smilesstring", "structuresmiles"];
/// Names that mean formulas.
const FORMULAS: [&str; 6] =
    ["formula", "composition", "alloyformula", "alloys", "chemicalformula", "prettyformula"];
/// Names that mean names, the best first.
const NAMES: [&str; 11] = [
    "name",
    "id",
    "title",
    "identifier",
    "compoundid",
    "moleculeid",
    "molid",
    "zincid",
    "chemblid",
    "compoundname",
    "moleculename",
];

/// A name without what people vary in it.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether the first word of a SMILES file is the name of a column.
pub(crate) fn means_smiles(word: &str) -> bool {
    SMILES.contains(&plain(word).as_str())
}

/// Which columns of a table are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) structure: usize,
    pub(crate) kind: TextKind,
    pub(crate) name: Option<usize>,
    /// `None` for a column that the file may lack, and does.
    pub(crate) numbers: Vec<Option<usize>>,
    pub(crate) texts: Vec<usize>,
}

impl Plan {
    /// Finds the wanted columns in a header.
    pub(crate) fn new(want: &Columns, file: &Path, header: &[String]) -> Result<Plan, RecordsError> {
        let find = |name: &String| find(file, header, name);
        let (structure, kind) = match &want.structure {
            Some(name) => {
                let formula = FORMULAS.contains(&plain(name).as_str());
                let told = if formula { TextKind::Formula } else { TextKind::Smiles };
                (find(name)?, want.kind.unwrap_or(told))
            }
            None => detect(want.kind, file, header)?,
        };
        let name = match &want.name {
            Some(name) => Some(find(name)?),
            None => NAMES.iter().find_map(|n| header.iter().position(|h| plain(h) == *n)),
        };
        let number = |name: &String| match find(name) {
            Err(RecordsError::NoColumn { .. }) if want.numbers_may_lack => Ok(None),
            other => other.map(Some),
        };
        Ok(Plan {
            structure,
            kind,
            name: name.filter(|n| *n != structure),
            numbers: want.numbers.iter().map(number).collect::<Result<_, _>>()?,
            texts: want.texts.iter().map(find).collect::<Result<_, _>>()?,
        })
    }

    /// All columns that are read, each once, ascending.
    pub(crate) fn used(&self) -> Vec<usize> {
        let mut used = vec![self.structure];
        used.extend(self.name);
        used.extend(self.numbers.iter().flatten());
        used.extend(&self.texts);
        used.sort_unstable();
        used.dedup();
        used
    }
}

fn find(file: &Path, header: &[String], name: &str) -> Result<usize, RecordsError> {
    let mut places = header.iter().enumerate().filter(|(_, h)| *h == name).map(|(i, _)| i);
    match (places.next(), places.next()) {
        (Some(place), None) => Ok(place),
        (Some(_), Some(_)) => Err(RecordsError::Ambiguous {
            file: file.to_owned(),
            what: format!("`{name}`"),
            columns: vec![name.to_owned(); 2],
        }),
        (None, _) => Err(RecordsError::NoColumn {
            file: file.to_owned(),
            column: name.to_owned(),
            found: header.to_vec(),
        }),
    }
}

/// The column of structures by its name. SMILES say more than formulas, so a formula beside them is no ambiguity.
fn detect(kind: Option<TextKind>, file: &Path, header: &[String]) -> Result<(usize, TextKind), RecordsError> {
    for (candidate, names, what) in [
        (TextKind::Smiles, SMILES.as_slice(), "the SMILES"),
        (TextKind::Formula, FORMULAS.as_slice(), "the formula"),
    ] {
        if kind.is_some_and(|k| k != candidate) {
            continue;
        }
        let places: Vec<usize> =
            (0..header.len()).filter(|i| names.contains(&plain(&header[*i]).as_str())).collect();
        match places.as_slice() {
            [] => {}
            [place] => return Ok((*place, candidate)),
            several => {
                return Err(RecordsError::Ambiguous {
                    file: file.to_owned(),
                    what: what.to_owned(),
                    columns: several.iter().map(|i| header[*i].clone()).collect(),
                });
            }
        }
    }
    Err(RecordsError::NoStructureColumn { file: file.to_owned(), found: header.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(want: &Columns, header: &[&str]) -> Result<Plan, String> {
        let header: Vec<String> = header.iter().map(|h| (*h).to_owned()).collect();
        Plan::new(want, "t.csv".as_ref(), &header).map_err(|e| e.to_string())
    }

    #[test]
    fn columns_are_found_by_name() {
        let found = plan(&Columns::default(), &["id", "Canonical_SMILES", "formula", "gap"]).unwrap();
        assert_eq!((found.structure, found.kind, found.name), (1, TextKind::Smiles, Some(0)));
        let found = plan(&Columns::with_numbers(["target"]), &["composition", "target"]).unwrap();
        assert_eq!((found.structure, found.kind), (0, TextKind::Formula));
        assert_eq!((found.numbers.as_slice(), found.used()), ([Some(1)].as_slice(), vec![0, 1]));
        let want = Columns { structure: Some("mol".into()), ..Columns::default() };
        assert_eq!(plan(&want, &["smiles", "mol"]).unwrap().structure, 1);
    }

    #[test]
    fn what_could_be_two_columns_is_refused() {
        let error = plan(&Columns::default(), &["smiles", "canonical_smiles", "x"]).unwrap_err();
        assert!(error.contains("`smiles`, `canonical_smiles`"), "{error}");
        let error = plan(&Columns::default(), &["a", "b"]).unwrap_err();
        assert!(error.contains("`a`, `b`"), "{error}");
        let error = plan(&Columns::with_numbers(["y"]), &["smiles", "y", "y"]).unwrap_err();
        assert!(error.contains("any of the columns `y`, `y`"), "{error}");
        let error = plan(&Columns::with_numbers(["z"]), &["smiles", "y"]).unwrap_err();
        assert!(error.contains("no column `z`"), "{error}");
        let want = Columns { numbers_may_lack: true, ..Columns::with_numbers(["y", "z"]) };
        assert_eq!(plan(&want, &["smiles", "y"]).unwrap().numbers, [Some(1), None]);
        let want = Columns { kind: Some(TextKind::Formula), ..Columns::default() };
        assert!(plan(&want, &["smiles"]).is_err());
    }
}
