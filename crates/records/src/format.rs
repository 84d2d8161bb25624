//! Formats of files, told by the endings of their names.

use serde::{Deserialize, Serialize};
use std::path::Path;

/// What a data file is, whatever it is packed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A SMILES per line, with a name behind white space if there is one.
    Smiles,
    /// Comma-separated values with a line of column names (RFC 4180).
    Csv,
    /// Tab-separated values with a line of column names.
    Tsv,
    /// XYZ and extended XYZ.
    Xyz,
    /// Molfiles (V2000) with data fields.
    Sdf,
    /// Apache Parquet.
    Parquet,
}

/// Endings of names, without what the file is packed in.
const ENDINGS: [(&str, Format); 11] = [
    (".smi", Format::Smiles),
    (".smiles", Format::Smiles),
    (".csv", Format::Csv),
    (".tsv", Format::Tsv),
    (".xyz", Format::Xyz),
    (".extxyz", Format::Xyz),
    (".sdf", Format::Sdf),
    (".sd", Format::Sdf),
    (".mol", Format::Sdf),
    (".parquet", Format::Parquet),
    (".pq", Format::Parquet),
];

/// The endings that are known, for messages.
pub(crate) const KNOWN: &str = ".smi, .smiles, .csv, .tsv, .xyz, .extxyz, .sdf, .mol, .parquet, each also with .gz \
                                or .zst";

impl Format {
    /// The format that the name of a file tells, `.gz` and `.zst` apart; `None` if it tells none.
    ///
    /// ```
    /// use records::Format;
    /// assert_eq!(Format::of("library.CSV.gz".as_ref()), Some(Format::Csv));
    /// assert_eq!(Format::of("notes.txt".as_ref()), None);
    /// ```
    pub fn of(path: &Path) -> Option<Format> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
        ENDINGS.iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, format)| *format)
    }

    /// Whether columns have names in a header.
    pub fn is_table(self) -> bool {
        matches!(self, Format::Csv | Format::Tsv | Format::Parquet)
    }

    /// Its name in messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Smiles => "SMILES lines",
            Format::Csv => "CSV",
            Format::Tsv => "TSV",
            Format::Xyz => "XYZ",
            Format::Sdf => "SDF",
            Format::Parquet => "Parquet",
        }
    }
}
