//! What a combinatorial library is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Cores with attachment points times substituents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CombinatorialSpec {
    /// The cores.
    pub core: Vec<CoreSpec>,
    /// The substituents; each may stand at any attachment point of any core, also several times.
    pub substituent: Vec<SubstituentSpec>,
}

/// A core of a combinatorial library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoreSpec {
    /// What people call it, e.g. `1,4-benzoquinone`.
    pub name: String,
    /// SMILES with attachment points `[*:1]`, `[*:2]`, ... on single bonds, e.g.
    /// `O=C1C([*:1])=C([*:2])C(=O)C([*:3])=C1[*:4]`. Points without a substituent carry hydrogen.
    pub smiles: String,
    /// Most attachment points that carry a substituent at once.
    pub max_substitutions: u32,
}

/// A substituent of a combinatorial library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubstituentSpec {
    /// What people call it, e.g. `hydroxy`.
    pub name: String,
    /// SMILES with one attachment point `[*]` on a single bond, e.g. `[*]O` or `[*]C(F)(F)F`.
    pub smiles: String,
}
