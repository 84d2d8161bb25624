//! What failed, and all that is needed to do it again.

use serde::{Deserialize, Serialize};

/// A count of one kind of thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindCount {
    /// The kind, in words.
    pub kind: String,
    /// How many.
    pub count: u64,
}

/// One failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// SMILES of the candidate.
    pub smiles: String,
    /// Kind of failure: `connectivity changed`, `timed out`.
    pub kind: String,
    /// What the method said.
    pub message: String,
}

/// All that is needed to repeat a campaign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repeat {
    /// Name of the campaign file.
    pub spec_file: String,
    /// Its text.
    pub spec: String,
    /// Seed of every random choice.
    pub seed: u64,
    /// Commands, in order.
    pub commands: Vec<String>,
    /// Methods used.
    pub methods: Vec<MethodUsed>,
    /// Joulery, external programs, data tables.
    pub versions: Vec<Version>,
    /// The machine.
    pub machine: Machine,
}

/// A method as it was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodUsed {
    /// Identifier: `gfn2`.
    pub id: String,
    /// Who computed it: `xtb 6.5.1`.
    pub engine: String,
    /// Settings that change the result, in words or as a content hash.
    pub settings: String,
}

/// Version of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The thing.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The machine a campaign ran on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// Model of the processor.
    pub cpu: String,
    /// Cores used.
    pub cores: u32,
    /// Memory in GiB, if known.
    pub memory_gib: Option<f64>,
    /// Operating system.
    pub system: String,
}
