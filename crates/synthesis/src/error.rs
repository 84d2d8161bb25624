//! What can go wrong with a score.

use matter::GraphError;

/// Why a molecule has no score.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SynthesisError {
    /// The graph cannot be analysed.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// Our own data are damaged: a bug.
    #[error("the table of fragment contributions is damaged ({reason}): please report this")]
    Internal {
        /// What is wrong with it.
        reason: &'static str,
    },
}
