use crate::compiled::Compiled;
use crate::tree::{Node, Tree};
use crate::{Rows, TreeError};

/// Trees whose leaf values add up to a prediction.
#[derive(Debug, Clone)]
pub struct Ensemble {
    columns: usize,
    base: f64,
    trees: Vec<Tree>,
    compiled: Compiled,
}

/// Equal trees predict equally.
impl PartialEq for Ensemble {
    fn eq(&self, other: &Self) -> bool {
        (self.columns, self.base, &self.trees) == (other.columns, other.base, &other.trees)
    }
}

/// An ensemble as arrays: the nodes of all trees one after another.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arrays {
    /// Nodes of each tree.
    pub nodes: Vec<u32>,
    /// [`Node::feature`].
    pub feature: Vec<u32>,
    /// [`Node::threshold`].
    pub threshold: Vec<f64>,
    /// [`Node::default_left`]: 0 or 1.
    pub default_left: Vec<u32>,
    /// [`Node::left`], counted in the tree.
    pub left: Vec<u32>,
    /// [`Node::right`], counted in the tree.
    pub right: Vec<u32>,
    /// [`Node::value`].
    pub value: Vec<f64>,
    /// [`Node::cover`].
    pub cover: Vec<f64>,
    /// [`Node::gain`].
    pub gain: Vec<f64>,
}

impl Ensemble {
    /// Trees that this crate has grown.
    pub(crate) fn trusted(columns: usize, base: f64, trees: Vec<Tree>) -> Self {
        let compiled = Compiled::new(columns, &trees);
        Self { columns, base, trees, compiled }
    }

    /// Trees of other ensembles, e.g. some of them.
    ///
    /// # Errors
    /// [`TreeError::Damaged`] for trees of more than `columns` features.
    pub fn from_trees(columns: usize, base: f64, trees: Vec<Tree>) -> Result<Self, TreeError> {
        let most = trees.iter().flat_map(|tree| &tree.nodes).map(|node| node.feature as usize).max();
        if most.is_some_and(|feature| feature >= columns) || u32::try_from(columns).is_err() {
            return Err(TreeError::Damaged { what: "a decision is about a feature that does not exist" });
        }
        Ok(Self::trusted(columns, base, trees))
    }

    /// The number of features of each row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// What is predicted before the first tree.
    pub fn base(&self) -> f64 {
        self.base
    }

    /// The trees.
    pub fn trees(&self) -> &[Tree] {
        &self.trees
    }

    /// The sum of base and leaf values for each row, in parallel: predictions
    /// for squared errors, log odds for log loss.
    ///
    /// # Errors
    /// [`TreeError::ColumnMismatch`] for rows with other features.
    pub fn predict(&self, rows: &Rows) -> Result<Vec<f64>, TreeError> {
        self.check(rows)?;
        let mut sums = self.compiled.sums(rows);
        sums.iter_mut().for_each(|sum| *sum += self.base);
        Ok(sums)
    }

    /// What each tree adds, row after row.
    ///
    /// # Errors
    /// [`TreeError::ColumnMismatch`] for rows with other features.
    pub fn contributions(&self, rows: &Rows) -> Result<Vec<f32>, TreeError> {
        self.check(rows)?;
        Ok(self.compiled.values(rows))
    }

    /// The number of the leaf of each tree that a row comes to, row after row.
    /// Leaves of a tree are counted from 0 in the order of its nodes.
    ///
    /// # Errors
    /// [`TreeError::ColumnMismatch`] for rows with other features.
    pub fn leaves(&self, rows: &Rows) -> Result<Vec<u32>, TreeError> {
        self.check(rows)?;
        Ok(self.compiled.leaves(rows))
    }

    /// The gain of each feature, summed over all decisions.
    pub fn importance(&self) -> Vec<f64> {
        let mut gains = vec![0.0; self.columns];
        for node in self.trees.iter().flat_map(|tree| &tree.nodes).filter(|node| !node.is_leaf()) {
            gains[node.feature as usize] += node.gain;
        }
        gains
    }

    fn check(&self, rows: &Rows) -> Result<(), TreeError> {
        let (expected, found) = (self.columns, rows.columns());
        if expected == found { Ok(()) } else { Err(TreeError::ColumnMismatch { expected, found }) }
    }

    /// The trees as arrays, for a file.
    pub fn to_arrays(&self) -> Arrays {
        let mut arrays = Arrays::default();
        for tree in &self.trees {
            arrays.nodes.push(tree.nodes.len() as u32);
            for node in &tree.nodes {
                arrays.feature.push(node.feature);
                arrays.threshold.push(f64::from(node.threshold));
                arrays.default_left.push(u32::from(node.default_left));
                arrays.left.push(node.left);
                arrays.right.push(node.right);
                arrays.value.push(node.value);
                arrays.cover.push(node.cover);
                arrays.gain.push(node.gain);
            }
        }
        arrays
    }

    /// Trees from arrays, e.g. of a file.
    ///
    /// # Errors
    /// [`TreeError::Damaged`] for what this crate would not have written:
    /// lengths, children that are not later nodes, features beyond `columns`,
    /// numbers that are not finite.
    pub fn from_arrays(columns: usize, base: f64, arrays: &Arrays) -> Result<Self, TreeError> {
        let damaged = |what| TreeError::Damaged { what };
        let total = arrays.nodes.iter().try_fold(0_usize, |sum, &n| sum.checked_add(n as usize));
        let total = total.ok_or(damaged("the numbers of nodes add up to too many"))?;
        let lengths = [
            arrays.feature.len(),
            arrays.threshold.len(),
            arrays.default_left.len(),
            arrays.left.len(),
            arrays.right.len(),
            arrays.value.len(),
            arrays.cover.len(),
            arrays.gain.len(),
        ];
        if lengths.iter().any(|&length| length != total) {
            return Err(damaged("the arrays differ in length"));
        }
        if !base.is_finite() {
            return Err(damaged("the base is not finite"));
        }
        if columns == 0 || u32::try_from(columns).is_err() {
            return Err(damaged("the number of features is out of range"));
        }
        let (mut trees, mut start) = (Vec::with_capacity(arrays.nodes.len()), 0);
        for &count in &arrays.nodes {
            let nodes = (start..start + count as usize).map(|i| Node {
                feature: arrays.feature[i],
                threshold: arrays.threshold[i] as f32,
                default_left: arrays.default_left[i] == 1,
                left: arrays.left[i],
                right: arrays.right[i],
                value: arrays.value[i],
                cover: arrays.cover[i],
                gain: arrays.gain[i],
            });
            trees.push(Tree { nodes: checked(nodes.collect(), columns)? });
            start += count as usize;
        }
        Ok(Self::trusted(columns, base, trees))
    }
}

/// Nodes that make a tree: each but the root is the child of one earlier node.
fn checked(nodes: Vec<Node>, columns: usize) -> Result<Vec<Node>, TreeError> {
    let damaged = |what| TreeError::Damaged { what };
    if nodes.is_empty() {
        return Err(damaged("a tree has no node"));
    }
    let mut parents = vec![0_u8; nodes.len()];
    for (i, node) in nodes.iter().enumerate() {
        if ![node.value, node.cover, node.gain, f64::from(node.threshold)].iter().all(|v| v.is_finite()) {
            return Err(damaged("a number is not finite"));
        }
        if node.is_leaf() {
            if node.right != 0 {
                return Err(damaged("a node has one child"));
            }
            continue;
        }
        if node.feature as usize >= columns {
            return Err(damaged("a decision is about a feature that does not exist"));
        }
        for child in [node.left as usize, node.right as usize] {
            if child <= i || child >= nodes.len() || parents[child] != 0 {
                return Err(damaged("a child is not a later node, or has two parents"));
            }
            parents[child] = 1;
        }
    }
    if parents[1..].contains(&0) {
        return Err(damaged("a node is nobody's child"));
    }
    Ok(nodes)
}
