//! Why a name gives no method.

use engines::EngineError;

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
    /// The engine behind the name cannot be set up.
    #[error(transparent)]
    Engine(#[from] EngineError),
}
