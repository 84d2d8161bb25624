//! Gradient-boosted trees and random forests by histograms.
//!
//! [`Rows`] of features (dense and sparse columns, NaN for a missing number)
//! become a [`Binned`] table once: at most 255 quantile bins for each column.
//! From it [`Boosting`] grows trees one after another, and [`grow_forest`] many
//! independent ones; both give an [`Ensemble`], which predicts, shows its trees
//! ([`Node`]: feature, threshold, way of missing values, children, value, cover,
//! gain) and goes to and from plain [`Arrays`].
//!
//! For a node with sums `G` and `H` of the first and second derivatives of the
//! loss, a leaf has the value `w = -G / (H + lambda)`, and a split into left and
//! right the gain
//!
//! ```text
//! G_L^2 / (H_L + lambda) + G_R^2 / (H_R + lambda) - G^2 / (H + lambda)
//! ```
//!
//! (Chen and Guestrin, KDD 2016, eqs. 5 and 7). Each split is tried with missing
//! values on either side; if a node has none of a feature, they go with most of
//! its rows. Trees grow until no split has a gain, to [`TreeSettings::max_depth`].
//! A threshold lies half way between the bins that have rows.
//!
//! Derivatives are summed as whole numbers (of 14 bits or
//! more of the largest one, mostly 28), so sums are exact: the same data give the
//! same trees for any number of threads. Monotone constraints bound the values of
//! both children by their middle, as in XGBoost.
//!
//! Columns in which nearly all rows have one bin cost nothing where they have it;
//! thousands of count columns are no burden.

mod bins;
mod boost;
mod compiled;
mod ensemble;
mod error;
mod forest;
mod grow;
mod histogram;
mod random;
mod rows;
mod sample;
mod settings;
mod split;
mod sums;
mod tree;

pub use bins::Binned;
pub use boost::Boosting;
pub use ensemble::{Arrays, Ensemble};
pub use error::TreeError;
pub use forest::{Forest, grow_forest};
pub use rows::{FEATURE_LIMIT, Rows};
pub use settings::{BoostSettings, ForestSettings, Loss, TreeSettings};
pub use tree::{Node, Tree};
