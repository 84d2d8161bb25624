//! The method trait.

use crate::calculation::Calculation;
use crate::failure::{Failure, FailureKind};
use crate::identity::MethodId;
use crate::meter::ThreadMeter;
use crate::property::Property;
use matter::Molecule;
use matter::units::CoreSeconds;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

/// How far a geometry is optimised; names and thresholds are those of the xtb program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptimisationLevel {
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

impl OptimisationLevel {
    /// All levels, from the coarsest.
    pub const ALL: [OptimisationLevel; 8] = [
        OptimisationLevel::Crude,
        OptimisationLevel::Sloppy,
        OptimisationLevel::Loose,
        OptimisationLevel::Lax,
        OptimisationLevel::Normal,
        OptimisationLevel::Tight,
        OptimisationLevel::VeryTight,
        OptimisationLevel::Extreme,
    ];

    /// The level's name.
    pub fn as_str(self) -> &'static str {
        match self {
            OptimisationLevel::Crude => "crude",
            OptimisationLevel::Sloppy => "sloppy",
            OptimisationLevel::Loose => "loose",
            OptimisationLevel::Lax => "lax",
            OptimisationLevel::Normal => "normal",
            OptimisationLevel::Tight => "tight",
            OptimisationLevel::VeryTight => "vtight",
            OptimisationLevel::Extreme => "extreme",
        }
    }

    /// Threshold of the change of the energy, hartree.
    pub fn energy_threshold(self) -> f64 {
        match self {
            OptimisationLevel::Crude => 5e-4,
            OptimisationLevel::Sloppy => 1e-4,
            OptimisationLevel::Loose => 5e-5,
            OptimisationLevel::Lax => 2e-5,
            OptimisationLevel::Normal => 5e-6,
            OptimisationLevel::Tight => 1e-6,
            OptimisationLevel::VeryTight => 1e-7,
            OptimisationLevel::Extreme => 5e-8,
        }
    }

    /// Threshold of the norm of the gradient (of all its components together), hartree/bohr.
    pub fn gradient_threshold(self) -> f64 {
        match self {
            OptimisationLevel::Crude => 1e-2,
            OptimisationLevel::Sloppy => 6e-3,
            OptimisationLevel::Loose => 4e-3,
            OptimisationLevel::Lax => 2e-3,
            OptimisationLevel::Normal => 1e-3,
            OptimisationLevel::Tight => 8e-4,
            OptimisationLevel::VeryTight => 2e-4,
            OptimisationLevel::Extreme => 5e-5,
        }
    }
}

/// What is to be done with a structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Task {
    /// Energy and properties at the given geometry.
    SinglePoint,
    /// The same with the gradient.
    Gradient,
    /// Relaxation from the given geometry, then energy and properties there.
    Optimise(OptimisationLevel),
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Task::SinglePoint => f.write_str("single_point"),
            Task::Gradient => f.write_str("gradient"),
            Task::Optimise(level) => write!(f, "optimise:{}", level.as_str()),
        }
    }
}

/// A task with the limits it must keep.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// What to do.
    pub task: Task,
    /// Processor time that must not be exceeded; the method stops itself at it.
    pub limit: Option<CoreSeconds>,
    /// Set by someone else when the work should be dropped.
    pub cancel: &'a AtomicBool,
}

impl Request<'_> {
    /// Whether work that began when `meter` started may go on: the question that a method computing in the calling
    /// thread asks itself between two steps.
    ///
    /// # Errors
    /// Cancelled, or the granted processor time is used up; `who` works on the molecule `label`.
    pub fn may_go_on(&self, meter: &ThreadMeter, who: &str, label: &str) -> Result<(), Failure> {
        if self.is_cancelled() {
            return Err(Failure::new(
                FailureKind::Cancelled,
                format!("stopped while {who} worked on {label}"),
            ));
        }
        let Some(limit) = self.limit else { return Ok(()) };
        let spent = meter.elapsed().0;
        if spent <= limit {
            return Ok(());
        }
        let message = format!(
            "{who} was stopped on {label} after {:.2} core-seconds: all that was left of what the budget grants this \
             candidate",
            spent.value()
        );
        Err(Failure::new(FailureKind::LimitReached, message))
    }

    /// Whether the work should be dropped.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}

/// Turns a structure into properties, at a cost. One file per implementation.
///
/// Implementations never panic on any molecule: what cannot be done is a
/// [`Failure`](crate::Failure) with the cost it had. The
/// same molecule and task give the same outcome. `conformance` holds the tests that every one must pass.
pub trait Method: Send + Sync {
    /// Name with everything that changes the numbers.
    fn id(&self) -> &MethodId;

    /// What it can give.
    fn provides(&self) -> &[Property];

    /// Whether it needs a geometry (else a graph is enough).
    fn needs_geometry(&self) -> bool {
        true
    }

    /// Does the work in the calling thread.
    fn evaluate(&self, molecule: &Molecule, request: &Request) -> Calculation;
}
