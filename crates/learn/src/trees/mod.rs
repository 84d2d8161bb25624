//! Boosted trees and random forests as surrogates.

mod boosted;
mod cross;
mod domain;
mod folds;
mod noise;
mod rows;
mod settings;

pub use boosted::BoostedTrees;
pub use rows::TreeRows;
pub use settings::{TreeHyper, TreeModelSettings};
