//! Why a name gives no method.

use engines::EngineError;
use quantum::QuantumError;

/// Why a name gives no method.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LadderError {
    /// No method of this name.
    #[error("there is no method `{name}`: expected one of {known}{hint}")]
    UnknownMethod {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
        /// "; did you mean ...?" or nothing.
        hint: String,
    },
    /// No solvent of this name.
    #[error(transparent)]
    UnknownSolvent(QuantumError),
    /// The method knows no solvents.
    #[error(
        "method `{method}` knows no solvents: leave out the solvent `{solvent}`, or choose a method that computes (gfn2)"
    )]
    NoSolvents {
        /// The method.
        method: String,
        /// The solvent that was asked for.
        solvent: String,
    },
    /// The engine behind the name cannot be set up.
    #[error(transparent)]
    Engine(#[from] EngineError),
}
