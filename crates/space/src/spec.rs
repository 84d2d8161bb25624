//! What a space is, as written in a campaign file.

use crate::combinatorial::{CombinatorialSpace, CombinatorialSpec, CoreSpec, SubstituentSpec};
use crate::contract::Space;
use crate::error::SpaceError;
use crate::library::{LibraryFormat, LibrarySpace, LibrarySpec, OnError};
use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use std::path::{Path, PathBuf};

/// The candidates of a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SpaceSpec {
    /// Cores with attachment points times substituents.
    Combinatorial(CombinatorialSpec),
    /// A file of molecules.
    Library(LibrarySpec),
}

impl SpaceSpec {
    /// The same space, with files that are named relative to `folder`.
    pub fn relative_to(mut self, folder: &Path) -> SpaceSpec {
        if let SpaceSpec::Library(library) = &mut self {
            // Joining keeps an absolute path as it is.
            library.file = folder.join(&library.file);
        }
        self
    }

    /// Makes the space ready.
    pub fn open(&self) -> Result<Box<dyn Space>, SpaceError> {
        match self {
            SpaceSpec::Combinatorial(spec) => Ok(Box::new(CombinatorialSpace::new(spec)?)),
            SpaceSpec::Library(spec) => Ok(Box::new(LibrarySpace::open(spec)?)),
        }
    }
}

/// All fields of all kinds of space.
///
/// Serde's own reader of tagged enums reads the whole table before it looks at `kind`, and so forgets where in
/// the file each field stood. Read like this, an error points at its line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    kind: Kind,
    core: Option<Vec<CoreSpec>>,
    substituent: Option<Vec<SubstituentSpec>>,
    file: Option<PathBuf>,
    format: Option<LibraryFormat>,
    column: Option<String>,
    name_column: Option<String>,
    on_error: Option<OnError>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Combinatorial,
    Library,
}

impl Fields {
    /// A field that the other kind has, if one is given.
    fn misplaced(&self) -> Option<&'static str> {
        let given = [
            (Kind::Combinatorial, "core", self.core.is_some()),
            (Kind::Combinatorial, "substituent", self.substituent.is_some()),
            (Kind::Library, "file", self.file.is_some()),
            (Kind::Library, "format", self.format.is_some()),
            (Kind::Library, "column", self.column.is_some()),
            (Kind::Library, "name_column", self.name_column.is_some()),
            (Kind::Library, "on_error", self.on_error.is_some()),
        ];
        given.iter().find(|(kind, _, given)| *given && *kind != self.kind).map(|(_, name, _)| *name)
    }
}

impl<'de> Deserialize<'de> for SpaceSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SpaceSpec, D::Error> {
        let fields = Fields::deserialize(deserializer)?;
        let (this, other) = match fields.kind {
            Kind::Combinatorial => ("combinatorial", "library"),
            Kind::Library => ("library", "combinatorial"),
        };
        if let Some(field) = fields.misplaced() {
            let message =
                format!("a space of kind `{this}` has no field `{field}`: that is for kind `{other}`");
            return Err(D::Error::custom(message));
        }
        Ok(match fields.kind {
            Kind::Combinatorial => SpaceSpec::Combinatorial(CombinatorialSpec {
                core: fields.core.unwrap_or_default(),
                substituent: fields.substituent.unwrap_or_default(),
            }),
            Kind::Library => SpaceSpec::Library(LibrarySpec {
                file: fields.file.ok_or_else(|| D::Error::missing_field("file"))?,
                format: fields.format,
                column: fields.column,
                name_column: fields.name_column,
                on_error: fields.on_error.unwrap_or_default(),
            }),
        })
    }
}
