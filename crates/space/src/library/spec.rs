//! What a library is.

use crate::error::SpaceError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// A file of molecules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LibrarySpec {
    /// The file, relative to the campaign file; may be compressed with gzip.
    pub file: PathBuf,
    /// Its format; if not given, the ending of its name tells: `.smi` or `.smiles`, `.csv`, `.sdf` or `.mol`, each
    /// also with `.gz`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<LibraryFormat>,
    /// CSV: name of the column with SMILES.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// CSV: name of the column with the names of the molecules, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_column: Option<String>,
    /// What to do about a record that cannot be read.
    #[serde(default)]
    pub on_error: OnError,
}

/// Format of a library file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LibraryFormat {
    /// A SMILES per line, with a name behind white space if you like; blank lines and lines that begin with `#`
    /// are left out.
    Smiles,
    /// Comma-separated values with a line of column names, one column with SMILES.
    Csv,
    /// Molfiles (V2000) with data fields.
    Sdf,
}

/// What to do about a record that cannot be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnError {
    /// Stop, and name the line.
    #[default]
    Stop,
    /// Leave it out and count it; the report says how many.
    Skip,
}

impl LibrarySpec {
    /// A file whose ending tells its format, read until the first mistake.
    pub fn new(file: impl Into<PathBuf>) -> LibrarySpec {
        LibrarySpec {
            file: file.into(),
            format: None,
            column: None,
            name_column: None,
            on_error: OnError::Stop,
        }
    }

    /// The format, stated or told by the ending.
    pub(super) fn format(&self) -> Result<LibraryFormat, SpaceError> {
        if let Some(format) = self.format {
            return Ok(format);
        }
        let name = self.file.to_string_lossy().to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let endings = [
            (".smi", LibraryFormat::Smiles),
            (".smiles", LibraryFormat::Smiles),
            (".csv", LibraryFormat::Csv),
            (".sdf", LibraryFormat::Sdf),
            (".mol", LibraryFormat::Sdf),
        ];
        let found = endings.iter().find(|(ending, _)| name.ends_with(ending));
        found.map(|(_, format)| *format).ok_or_else(|| SpaceError::UnknownFormat { file: self.file.clone() })
    }
}
