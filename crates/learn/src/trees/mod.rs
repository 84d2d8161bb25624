//! Boosted trees and random forests as surrogates.

mod boosted;
mod classifier;
mod cross;
mod domain;
mod folds;
mod forest;
mod noise;
mod rows;
mod settings;
mod stored;
#[cfg(test)]
mod tests;

pub use boosted::BoostedTrees;
pub use classifier::{BoostedClassifier, ClassReport};
pub use forest::RandomForest;
pub use rows::TreeRows;
pub use settings::{TreeHyper, TreeModelSettings};
pub use stored::StoredParts;
