//! What a space is, as written in a campaign file.

use crate::combinatorial::{CombinatorialSpace, CombinatorialSpec, CoreSpec, SubstituentSpec};
use crate::contract::Space;
use crate::error::SpaceError;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

/// The candidates of a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SpaceSpec {
    /// Cores with attachment points times substituents.
    Combinatorial(CombinatorialSpec),
}

impl SpaceSpec {
    /// Makes the space ready.
    pub fn open(&self) -> Result<Box<dyn Space>, SpaceError> {
        match self {
            SpaceSpec::Combinatorial(spec) => Ok(Box::new(CombinatorialSpace::new(spec)?)),
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
    #[serde(default)]
    core: Option<Vec<CoreSpec>>,
    #[serde(default)]
    substituent: Option<Vec<SubstituentSpec>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Combinatorial,
}

impl<'de> Deserialize<'de> for SpaceSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SpaceSpec, D::Error> {
        let fields = Fields::deserialize(deserializer)?;
        match fields.kind {
            Kind::Combinatorial => Ok(SpaceSpec::Combinatorial(CombinatorialSpec {
                core: fields.core.unwrap_or_default(),
                substituent: fields.substituent.unwrap_or_default(),
            })),
        }
    }
}
