//! Why a calculation gave no number.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What kind of failure; decides what a campaign does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FailureKind {
    /// The method cannot treat this molecule (element, spin, no graph for a recipe that needs one).
    Unsupported,
    /// No 3-D geometry could be made.
    NoGeometry,
    /// The SCF or the optimisation did not converge.
    NotConverged,
    /// Elapsed time ran out.
    TimedOut,
    /// The processor time granted for this calculation ran out.
    LimitReached,
    /// The program ended abnormally.
    Crashed,
    /// The program ended well but what it wrote cannot be right.
    BadOutput,
    /// After an optimisation the molecule had other bonds.
    ConnectivityChanged,
    /// A table has no value for this molecule.
    NoValue,
    /// The user asked to stop.
    Cancelled,
    /// The program cannot be started.
    EngineMissing,
    /// Scratch space could not be written or read.
    Scratch,
}

impl FailureKind {
    /// Whether doing the very same calculation again could end otherwise (with more time, with space on the
    /// disk): then it is not the molecule's fault and is not remembered against it.
    pub fn is_transient(self) -> bool {
        matches!(self, FailureKind::TimedOut | FailureKind::LimitReached) || self.stops_everything()
    }

    /// Whether no other calculation can be expected to fare better now.
    pub fn stops_everything(self) -> bool {
        matches!(self, FailureKind::Cancelled | FailureKind::EngineMissing | FailureKind::Scratch)
    }

    /// The kind as written in JSON and in the archive.
    pub fn as_str(self) -> &'static str {
        match self {
            FailureKind::Unsupported => "unsupported",
            FailureKind::NoGeometry => "no_geometry",
            FailureKind::NotConverged => "not_converged",
            FailureKind::TimedOut => "timed_out",
            FailureKind::LimitReached => "limit_reached",
            FailureKind::Crashed => "crashed",
            FailureKind::BadOutput => "bad_output",
            FailureKind::ConnectivityChanged => "connectivity_changed",
            FailureKind::NoValue => "no_value",
            FailureKind::Cancelled => "cancelled",
            FailureKind::EngineMissing => "engine_missing",
            FailureKind::Scratch => "scratch",
        }
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A failed calculation: kind and message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{kind}: {message}")]
pub struct Failure {
    /// What kind.
    pub kind: FailureKind,
    /// What happened, in words for the user.
    pub message: String,
}

impl Failure {
    /// A failure from kind and message.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Failure {
        Failure { kind, message: message.into() }
    }
}
