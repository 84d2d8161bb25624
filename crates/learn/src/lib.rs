//! Surrogates with calibrated uncertainty.
//!
//! A [`Surrogate`] learns a property from labelled structures and predicts it
//! for others with a mean, a calibrated standard deviation and a flag that says
//! whether the structure lies in the domain of what was learnt. The one here is
//! [`TanimotoGp`], an exact Gaussian process on Morgan counts; its
//! [`Posterior`] gives covariances between candidates, for batches.

mod error;
mod gp;
mod index;
mod kernel;
mod report;
mod surrogate;
mod table;
#[cfg(test)]
mod testing;

pub use error::LearnError;
pub use gp::{GpSettings, HyperParameters, Mean, NoisePrior, Posterior, TanimotoGp};
pub use kernel::{DenseKernel, Kernel, LocalKernel, Shape};
pub use report::{Bound, FitReport, LeaveOneOut, ScaleSource};
pub use surrogate::{LABEL_LIMIT, Predictions, Surrogate};
pub use table::{DenseRows, FEATURE_LIMIT, LocalRows, Table};
