//! Boosted trees and random forests as surrogates.
//!
//! Features come as [`TreeRows`]: of dense rows ([`TreeRows::new`], NaN where a
//! number is missing), of counts ([`TreeRows::folded`]), or of both
//! ([`TreeRows::beside`]). [`BoostedTrees`] is the usual choice;
//! [`RandomForest`] is a little less exact and knows better where it is unsure;
//! [`BoostedClassifier`] gives the probability that a constraint holds.
//!
//! The standard deviation is learnt from errors on labels left out: two small
//! boosted models of the logarithm of their size, each judged by the errors that
//! the other learnt from, times one factor so that nine of ten labels lie in the
//! nominal 90 % interval. Boosted trees are calibrated by the errors of single
//! models and predict by the mean of five, so that their intervals hold a little
//! more than they say; [`SplitConformal`](crate::SplitConformal) takes that back.
//!
//! Which features matter is asked of the trees themselves:
//! [`BoostedTrees::members`] shows each node, with its cover and its value.

mod boosted;
mod classifier;
mod cross;
mod domain;
mod folds;
mod forest;
mod noise;
mod rows;
mod settings;
mod storable;
mod stored;
#[cfg(test)]
mod tests;

pub use boosted::BoostedTrees;
pub use classifier::BoostedClassifier;
pub use forest::RandomForest;
pub use rows::TreeRows;
pub use settings::{TreeHyper, TreeModelSettings};
pub use stored::StoredParts;
