//! Can it be made: synthesizability scores.
//!
//! ```
//! let aspirin = matter::Graph::from_smiles("CC(=O)Oc1ccccc1C(=O)O")?;
//! let score = synthesis::sa_score(&aspirin)?;
//! assert!((score.value() - 1.580).abs() < 5e-4);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod fragments;
mod sa;

pub use error::SynthesisError;
pub use sa::{SaScore, sa_score};
