use crate::LearnError;
use serde::{Deserialize, Serialize};

/// Settings of models of trees. Hyper-parameters are not among them: they are
/// found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TreeModelSettings {
    /// For each feature 1 (the prediction must not fall with it), -1 (must not
    /// rise) or 0; empty for none.
    pub monotone: Vec<i8>,
    /// Parts that are left out in turn. Default 5.
    pub folds: usize,
    /// Rounds of boosting at most. Default 2000.
    pub max_rounds: usize,
    /// Trees of a forest. Default 200.
    pub forest_trees: usize,
    /// Share of the training structures that may be as far from the others as
    /// the threshold of the domain. Default 0.05.
    pub domain_quantile: f64,
    /// Decides which rows go together and what each tree sees.
    pub seed: u64,
}

impl Default for TreeModelSettings {
    fn default() -> Self {
        Self {
            monotone: Vec::new(),
            folds: 5,
            max_rounds: 2000,
            forest_trees: 200,
            domain_quantile: 0.05,
            seed: 0,
        }
    }
}

impl TreeModelSettings {
    pub(super) fn check(&self) -> Result<(), LearnError> {
        let bad = |setting, found, expected| Err(LearnError::BadSetting { setting, found, expected });
        if !(2..=100).contains(&self.folds) {
            return bad("folds", self.folds as f64, "2 to 100");
        }
        if self.max_rounds == 0 {
            return bad("max_rounds", 0.0, "1 or more");
        }
        if self.forest_trees < 2 {
            return bad("forest_trees", self.forest_trees as f64, "2 or more");
        }
        if !(0.0..1.0).contains(&self.domain_quantile) {
            return bad("domain_quantile", self.domain_quantile, "a number from 0 to below 1");
        }
        Ok(())
    }
}

/// Hyper-parameters that a fit has found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TreeHyper {
    /// Decisions on the way to a leaf, at most.
    pub depth: usize,
    /// Least number of rows in a leaf; for classes the least sum of `p (1 - p)`.
    pub min_child_weight: f64,
    /// Share of the columns for each tree of boosting, for each decision in a
    /// forest.
    pub columns: f64,
    /// Learning rate of boosting; 1 for a forest.
    pub learning_rate: f64,
    /// Trees of one member, on average.
    pub rounds: usize,
}

/// A number that looks random, from two.
pub(super) fn mixed(value: u64, seed: u64) -> u64 {
    let mut z = value.wrapping_add(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
