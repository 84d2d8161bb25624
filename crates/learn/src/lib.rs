//! Surrogates with calibrated uncertainty.
//!
//! A [`Surrogate`] learns a property from labelled structures and predicts it
//! for others with a mean, a calibrated standard deviation and a flag that says
//! whether the structure lies in the domain of what was learnt:
//!
//! - [`TanimotoGp`], an exact Gaussian process on Morgan counts; its
//!   [`Posterior`] gives covariances between candidates, for batches;
//! - [`KernelGp`], an exact Gaussian process or kernel ridge regression with any
//!   [`Kernel`] on dense rows ([`DenseKernel`]), atoms ([`LocalKernel`]) or
//!   counts ([`TanimotoKernel`]), of several properties at once;
//! - [`SparseGp`], the same through inducing points, for more than some 20,000
//!   labels;
//! - [`BoostedTrees`] and [`RandomForest`] on dense features, counts or both
//!   ([`TreeRows`]), and [`BoostedClassifier`] for the probability of a class;
//! - around any of them [`Extensive`] (energies of elements first) and
//!   [`Difference`] (a cheaper method first).
//!
//! Labels of several levels of theory, up to the experiment, are learnt together
//! by [`CoKriging`] (any number of rungs, any [`Kernel`]) or by a [`Combination`]
//! of models of single rungs. A [`Pilot`] says from a few structures whether a
//! lower rung pays, a [`Plan`] how many labels of which rung to buy next.
//!
//! [`SplitConformal`], [`CrossConformal`] and [`Conformal`] give intervals that
//! hold the asked share of labels, a [`ClassCalibration`] sets of classes. What is [`Storable`] goes into files.

mod baseline;
mod classes;
mod conformal;
mod error;
mod fidelity;
mod gp;
mod index;
mod kernel;
mod kernel_gp;
mod report;
mod sparse;
mod stored;
mod surrogate;
mod table;
#[cfg(test)]
mod testing;
mod trees;

pub use baseline::{Composition, Difference, ElementBaseline, Extensive, WithBaseline, WithComposition};
pub use classes::{ClassReport, Reliability};
pub use conformal::{
    Calibration, Choice, ClassCalibration, ClassSet, Conformal, ConformalSettings, CrossConformal, Intervals,
    LocalConformal, SplitConformal, shuffled,
};
pub use error::LearnError;
pub use fidelity::{
    CoKriging, CoKrigingHyper, CoKrigingSettings, Coefficients, Combination, CombinationReport,
    CombinationSettings, CurvePoint, LearningCurve, Member, Outlook, Pilot, PilotSettings, Plan, PlanRung,
    PlanSettings, PowerLaw, Purchase, RUNG_LIMIT, RungHyper, RungMean, RungPredictions, RungReport, Rungs,
    Verdict,
};
pub use gp::{GpSettings, HyperParameters, Mean, NoisePrior, Posterior, TanimotoGp};
pub use kernel::{DenseKernel, Kernel, LocalKernel, Shape, TanimotoForm, TanimotoKernel};
pub use kernel_gp::{Conflict, Copies, Criterion, KernelGp, KernelGpSettings, KernelHyper, KernelReport};
pub use report::{Bound, FitReport, LeaveOneOut, ScaleSource};
pub use sparse::{Approximation, Comparison, SparseGp, SparseReport, SparseSettings};
pub use stored::{Array, Storable, Stored};
pub use surrogate::{LABEL_LIMIT, Predictions, Surrogate};
pub use table::{DenseRows, FEATURE_LIMIT, LocalRows, Table};
pub use trees::{
    BoostedClassifier, BoostedTrees, RandomForest, StoredParts, TreeHyper, TreeModelSettings, TreeRows,
};
