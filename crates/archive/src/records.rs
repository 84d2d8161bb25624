//! What an archive holds, row by row.

use ledger::{Charge, Conversion, UnknownWord};
use matter::units::{CoreSeconds, Joules};
use matter::{Molecule, StructureId};
use method::{Calculation, CalculationId, Failure, MethodId, PropertyName};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Number of a campaign, in one archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CampaignId(pub(crate) i64);

impl fmt::Display for CampaignId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A campaign.
#[derive(Clone, Debug, PartialEq)]
pub struct Campaign {
    /// Its number.
    pub id: CampaignId,
    /// Its name, unique in the archive.
    pub name: String,
    /// The text of its specification.
    pub spec: String,
    /// Hash of what in the specification changes its decisions; the caller says what that is.
    pub spec_hash: String,
    /// When it was begun, Unix seconds.
    pub created: f64,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $what:literal, $expected:literal, { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The word as written in JSON and in the archive.
            pub fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<$name, UnknownWord> {
                let unknown = || UnknownWord { what: $what, found: text.to_owned(), expected: $expected };
                $name::ALL.iter().copied().find(|word| word.as_str() == text).ok_or_else(unknown)
            }
        }
    };
}

words!(
    /// What was paid for.
    ChargeKind, "kind of charge", "calculation, building, engine, pilot, reference or lost", {
        /// A calculation that the campaign decided on.
        Calculation = "calculation",
        /// Making starting geometries.
        Building = "building",
        /// The campaign's own work: features, fits, predictions, decisions.
        Engine = "engine",
        /// Calculations that measure costs before the campaign decides anything.
        Pilot = "pilot",
        /// Calculations that every candidate needs, such as H2 in a reduction.
        Reference = "reference",
        /// Work whose result was lost in a crash.
        Lost = "lost",
    }
);

words!(
    /// What happened in a campaign.
    EventKind, "kind of event", "planned, started, finished, failed, charged, fitted, decided or stopped", {
        /// Work was chosen and its budget reserved.
        Planned = "planned",
        /// Work began.
        Started = "started",
        /// Work ended with a result.
        Finished = "finished",
        /// Work ended without one.
        Failed = "failed",
        /// Something was charged to the budget.
        Charged = "charged",
        /// The surrogate learnt.
        Fitted = "fitted",
        /// The next steps were chosen.
        Decided = "decided",
        /// The campaign came to an end.
        Stopped = "stopped",
    }
);

/// A charge to be booked.
#[derive(Clone, Copy, Debug)]
pub struct NewCharge<'a> {
    /// What was paid for.
    pub kind: ChargeKind,
    /// The calculation it was, if it was one.
    pub calculation: Option<CalculationId>,
    /// How much.
    pub charge: Charge,
    /// How it was computed from core-seconds; kept with the charge.
    pub conversion: &'a Conversion,
}

/// A charge that was booked.
#[derive(Clone, Debug, PartialEq)]
pub struct BookedCharge {
    /// Its place in the ledger of the archive; grows with time.
    pub seq: i64,
    /// What was paid for.
    pub kind: ChargeKind,
    /// The calculation it was, in hexadecimal, if it was one.
    pub calculation: Option<String>,
    /// How much.
    pub charge: Charge,
    /// When, Unix seconds.
    pub charged: f64,
}

/// The charges of one kind together.
#[derive(Clone, Debug, PartialEq)]
pub struct KindTotal {
    /// What was paid for.
    pub kind: ChargeKind,
    /// How many charges.
    pub count: u64,
    /// Their sum.
    pub charge: Charge,
}

/// An event of a campaign.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its place in the log of the archive; grows with time.
    pub seq: i64,
    /// What happened.
    pub kind: EventKind,
    /// Its details.
    pub payload: serde_json::Value,
    /// When, Unix seconds.
    pub happened: f64,
}

/// A calculation that is done, with all that belongs to it; see [`Writer::record`](crate::Writer::record).
#[derive(Clone, Copy, Debug)]
pub struct Recording<'a> {
    /// The campaign that pays.
    pub campaign: CampaignId,
    /// Identity of the calculation, from the three that follow.
    pub id: CalculationId,
    /// The structure.
    pub molecule: &'a Molecule,
    /// The method.
    pub method: &'a MethodId,
    /// The task as text ([`method::Task`] shows itself so).
    pub task: &'a str,
    /// What came out.
    pub calculation: &'a Calculation,
    /// As what it is charged.
    pub kind: ChargeKind,
    /// What it is charged with.
    pub charge: Charge,
    /// How the charge was computed.
    pub conversion: &'a Conversion,
    /// What the log says of it: [`EventKind::Finished`] or [`EventKind::Failed`] with these details.
    pub payload: &'a serde_json::Value,
}

/// What recording a calculation came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Recorded {
    /// Outcome, charge and event are safe.
    Stored,
    /// The failure may pass: charge and event are safe, the outcome is not remembered.
    ChargedOnly,
    /// The archive had it already. Nothing was written, nothing charged: if the work was really done a second time,
    /// book it with [`Writer::charge`](crate::Writer::charge).
    AlreadyStored,
}

/// What a campaign knows of a structure.
#[derive(Clone, Copy, Debug)]
pub struct NewResult<'a> {
    /// The structure.
    pub molecule: &'a Molecule,
    /// The property.
    pub property: &'a PropertyName,
    /// Method and settings of the recipe, as text.
    pub recipe: &'a str,
    /// Its value in the unit of the property, or why there is none.
    pub outcome: Result<f64, &'a Failure>,
    /// Processor time it took.
    pub core_seconds: CoreSeconds,
    /// Energy it took.
    pub joules: Joules,
    /// Deterministic measure of the work it took, see [`method::Cost`].
    pub work: f64,
}

/// What a campaign knows of a structure, as read back.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredResult {
    /// Its place among the results of the archive; grows with time.
    pub seq: i64,
    /// The structure.
    pub structure: StructureId,
    /// Its canonical SMILES, if it has a graph.
    pub smiles: Option<String>,
    /// The property.
    pub property: PropertyName,
    /// Method and settings of the recipe.
    pub recipe: String,
    /// Its value in the unit of the property, or why there is none.
    pub outcome: Result<f64, Failure>,
    /// Processor time it took.
    pub core_seconds: CoreSeconds,
    /// Energy it took.
    pub joules: Joules,
    /// Deterministic measure of the work it took.
    pub work: f64,
    /// When, Unix seconds.
    pub recorded: f64,
}

/// How much an archive holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Structures.
    pub structures: u64,
    /// Calculations with an outcome.
    pub succeeded: u64,
    /// Calculations with a remembered failure.
    pub failed: u64,
    /// Charges.
    pub charges: u64,
    /// Events.
    pub events: u64,
}
