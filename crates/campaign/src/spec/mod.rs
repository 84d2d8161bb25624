//! The campaign file.

mod parse;

pub(crate) use parse::reread;
pub use parse::{Loaded, read};

use decide::{Constraints, Objective, StopRules};
use ledger::Conversion;
use method::OptimisationLevel;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use space::SpaceSpec;
use std::path::PathBuf;

/// A campaign: a space of candidates, what makes one good, a method and a budget.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Name of the campaign; results go to the folder `NAME.joulery` beside the campaign file.
    pub name: String,
    /// What the candidates are called in reports, singular and plural, e.g. `["quinone", "quinones"]`.
    #[serde(default = "default_candidates")]
    pub candidates: [String; 2],
    /// Seed of every random choice.
    #[serde(default)]
    pub seed: u64,
    /// All that may be spent, e.g. `"0.5 Wh"`, `"2 kWh"`, `"100 gCO2e"`, `"4 core-hours"`, `"5 EUR"`, `"30 min"`. The
    /// cap is hard: nothing is started that could pass it.
    pub budget: String,
    /// Who turns a structure into properties, e.g. `"gfn2"`, `"gfn2@xtb"` (by the xtb program), `"table:FILE.csv"`.
    pub method: String,
    /// The candidates.
    pub space: SpaceSpec,
    /// What makes a candidate good.
    pub objective: Objective,
    /// What must hold for a candidate.
    #[serde(default)]
    pub constraints: Constraints,
    /// How the next calculations are chosen.
    #[serde(default)]
    pub search: Search,
    /// When to stop before the budget is spent.
    #[serde(default)]
    pub stop: StopRules,
    /// How 3-D geometries are made and relaxed.
    #[serde(default)]
    pub geometry: GeometrySpec,
    /// How processor time becomes energy, CO2e and money.
    #[serde(default)]
    pub energy: Conversion,
    /// How engines are run.
    #[serde(default)]
    pub engine: EngineSpec,
    /// File of the archive, shared with other campaigns if they name the same; default
    /// `NAME.joulery/archive.sqlite` beside the campaign file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive: Option<PathBuf>,
}

fn default_candidates() -> [String; 2] {
    ["molecule".into(), "molecules".into()]
}

/// How the next calculations are chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Search {
    /// The rule that values the next step: `random`, `greedy`, `ei`, `ei_per_joule`, `ucb`, `thompson`.
    pub acquisition: String,
    /// Size of the random sample that starts the campaign.
    pub initial: u32,
    /// Calculations chosen at a time, diverse among themselves.
    pub batch: u32,
    /// How many good candidates are wanted: a step is worth what it is expected to improve on the worst of them.
    pub shortlist: u32,
    /// Radius of the Morgan environments that the surrogate sees, 2 or 3.
    pub morgan_radius: u32,
    /// Threads, one calculation each; 0: all cores.
    pub threads: u32,
}

impl Default for Search {
    fn default() -> Search {
        Search {
            acquisition: "ei_per_joule".into(),
            initial: 20,
            batch: 8,
            shortlist: 10,
            morgan_radius: 2,
            threads: 0,
        }
    }
}

/// How 3-D geometries are made and relaxed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GeometrySpec {
    /// Seed of the first conformer; the next ones use the numbers after it.
    pub seed: i32,
    /// Conformers made by ETKDG and MMFF94.
    pub conformers: u32,
    /// How many distinct ones the method compares before the best is relaxed.
    pub compared: u32,
    /// How far it is relaxed.
    pub optimisation: Optimisation,
}

impl Default for GeometrySpec {
    fn default() -> GeometrySpec {
        let settings = method::recipe::RecipeSettings::default();
        GeometrySpec {
            seed: settings.embed.seed,
            conformers: settings.embed.conformers,
            compared: settings.compared,
            optimisation: Optimisation::Normal,
        }
    }
}

/// How far a geometry is relaxed; names and thresholds of the xtb program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Optimisation {
    /// Energy 5e-4 hartree, gradient norm 1e-2 hartree/bohr.
    Crude,
    /// Energy 1e-4 hartree, gradient norm 6e-3 hartree/bohr.
    Sloppy,
    /// Energy 5e-5 hartree, gradient norm 4e-3 hartree/bohr.
    Loose,
    /// Energy 2e-5 hartree, gradient norm 2e-3 hartree/bohr.
    Lax,
    /// Energy 5e-6 hartree, gradient norm 1e-3 hartree/bohr.
    Normal,
    /// Energy 1e-6 hartree, gradient norm 8e-4 hartree/bohr.
    Tight,
    /// Energy 1e-7 hartree, gradient norm 2e-4 hartree/bohr.
    #[serde(rename = "vtight")]
    VeryTight,
    /// Energy 5e-8 hartree, gradient norm 5e-5 hartree/bohr.
    Extreme,
}

impl From<Optimisation> for OptimisationLevel {
    fn from(level: Optimisation) -> OptimisationLevel {
        match level {
            Optimisation::Crude => OptimisationLevel::Crude,
            Optimisation::Sloppy => OptimisationLevel::Sloppy,
            Optimisation::Loose => OptimisationLevel::Loose,
            Optimisation::Lax => OptimisationLevel::Lax,
            Optimisation::Normal => OptimisationLevel::Normal,
            Optimisation::Tight => OptimisationLevel::Tight,
            Optimisation::VeryTight => OptimisationLevel::VeryTight,
            Optimisation::Extreme => OptimisationLevel::Extreme,
        }
    }
}

/// How engines are run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EngineSpec {
    /// Solvent around every molecule (ALPB model), e.g. `"water"`, `"acetonitrile"`, `"dmso"`; default: the gas phase.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solvent: Option<String>,
    /// Name or path of the xtb program, for `gfn2@xtb`; default: the variable JOULERY_XTB, else `xtb`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xtb: Option<PathBuf>,
    /// Elapsed seconds after which one run of an external program is given up.
    pub timeout_seconds: f64,
    /// Folder for scratch files of external programs; default: the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scratch: Option<PathBuf>,
    /// Column of a `table:` file that holds the SMILES.
    pub table_smiles: String,
    /// Column of a `table:` file that holds the core-seconds of each value; without it replayed values are free.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table_cost: Option<String>,
}

impl Default for EngineSpec {
    fn default() -> EngineSpec {
        EngineSpec {
            solvent: None,
            xtb: None,
            timeout_seconds: 300.0,
            scratch: None,
            table_smiles: "smiles".into(),
            table_cost: None,
        }
    }
}

/// The JSON schema of the campaign file, made from the types that read it.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Spec)
}
