//! Trees laid out for speed: rows go through them in groups, so that the
//! processor has several comparisons under way.

use crate::Rows;
use crate::tree::Tree;
use rayon::prelude::*;
use std::collections::VecDeque;

/// Rows that go through a tree together.
const LANES: usize = 16;
/// Rows that a thread takes at a time: their features and one tree fit into the
/// fast memory together.
const CHUNK: usize = 64;
/// Trees up to this depth are walked without looking whether all rows have
/// arrived.
const SHALLOW: usize = 8;

/// A node; leaves send every row to themselves.
#[derive(Debug, Clone, Copy)]
struct Step {
    threshold: f32,
    /// Position among the features that the trees use.
    feature: u32,
    /// The left child; the right one follows it.
    left: u32,
    missing_right: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Compiled {
    /// For each column, one more than its position among the used ones; or 0.
    used: Vec<u32>,
    width: usize,
    steps: Vec<Step>,
    values: Vec<f32>,
    /// Number of the leaf in its tree.
    leaf: Vec<u32>,
    roots: Vec<(u32, u32)>,
}

impl Compiled {
    pub(crate) fn new(columns: usize, trees: &[Tree]) -> Self {
        let mut all = Self { used: vec![0; columns], ..Self::default() };
        for node in trees.iter().flat_map(|tree| &tree.nodes).filter(|node| !node.is_leaf()) {
            let place = &mut all.used[node.feature as usize];
            if *place == 0 {
                all.width += 1;
                *place = all.width as u32;
            }
        }
        all.width = all.width.max(1);
        trees.iter().for_each(|tree| all.add(tree));
        all
    }

    /// Breadth first, so that siblings are neighbours.
    fn add(&mut self, tree: &Tree) {
        let root = self.steps.len();
        self.roots.push((root as u32, tree.depth() as u32));
        let mut leaves = tree.nodes.iter().scan(0, |count, node| {
            *count += u32::from(node.is_leaf());
            Some(count.saturating_sub(1))
        });
        let numbers: Vec<u32> = leaves.by_ref().collect();
        let mut queue = VecDeque::from([0_usize]);
        let mut next = root + 1;
        while let Some(at) = queue.pop_front() {
            let node = &tree.nodes[at];
            self.values.push(if node.is_leaf() { node.value as f32 } else { 0.0 });
            self.leaf.push(numbers[at]);
            if node.is_leaf() {
                let own = self.steps.len() as u32;
                // No feature is as large, and a missing one stays too.
                self.steps.push(Step {
                    threshold: f32::INFINITY,
                    feature: 0,
                    left: own,
                    missing_right: false,
                });
            } else {
                self.steps.push(Step {
                    threshold: node.threshold,
                    feature: self.used[node.feature as usize] - 1,
                    left: next as u32,
                    missing_right: !node.default_left,
                });
                next += 2;
                queue.extend([node.left as usize, node.right as usize]);
            }
        }
    }

    /// Sums of leaf values.
    pub(crate) fn sums(&self, rows: &Rows) -> Vec<f64> {
        let mut sums = vec![0.0; rows.len()];
        sums.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, sums)| {
            self.walk(rows, chunk, |row, _, node| sums[row] += f64::from(self.values[node]));
        });
        sums
    }

    /// Leaf values of each tree, row after row.
    pub(crate) fn values(&self, rows: &Rows) -> Vec<f32> {
        self.each(rows, |node| self.values[node])
    }

    /// Leaf numbers of each tree, row after row.
    pub(crate) fn leaves(&self, rows: &Rows) -> Vec<u32> {
        self.each(rows, |node| self.leaf[node])
    }

    fn each<T: Copy + Default + Send + Sync>(&self, rows: &Rows, of: impl Fn(usize) -> T + Sync) -> Vec<T> {
        let trees = self.roots.len();
        let mut all = vec![T::default(); rows.len() * trees];
        all.par_chunks_mut((CHUNK * trees).max(1)).enumerate().for_each(|(chunk, all)| {
            self.walk(rows, chunk, |row, tree, node| all[row * trees + tree] = of(node));
        });
        all
    }

    /// Sends the rows of a chunk through all trees and tells where they end:
    /// row of the chunk, tree, node.
    fn walk(&self, rows: &Rows, chunk: usize, mut tell: impl FnMut(usize, usize, usize)) {
        let first = chunk * CHUNK;
        let count = CHUNK.min(rows.len() - first);
        let features = self.gather(rows, first, count);
        for (tree, &(root, depth)) in self.roots.iter().enumerate() {
            for (group, features) in features.chunks_exact(LANES * self.width).enumerate() {
                let nodes = self.descend(features, root, depth as usize);
                for (lane, &node) in nodes.iter().enumerate() {
                    let row = group * LANES + lane;
                    if row < count {
                        tell(row, tree, node as usize);
                    }
                }
            }
        }
    }

    #[inline]
    fn descend(&self, features: &[f32], root: u32, depth: usize) -> [u32; LANES] {
        let mut at = [root; LANES];
        for level in 0..depth {
            let mut moved = 0;
            for (lane, at) in at.iter_mut().enumerate() {
                let step = &self.steps[*at as usize];
                let value = features[lane * self.width + step.feature as usize];
                let right = (value >= step.threshold) | (step.missing_right & value.is_nan());
                let next = step.left + u32::from(right);
                moved |= next ^ *at;
                *at = next;
            }
            if level >= SHALLOW && moved == 0 {
                break;
            }
        }
        at
    }

    /// The used features of some rows, row after row, and rows of zeros to fill
    /// the last group.
    fn gather(&self, rows: &Rows, first: usize, count: usize) -> Vec<f32> {
        let mut features = vec![0.0; count.next_multiple_of(LANES) * self.width];
        let dense = rows.dense_columns();
        for (i, features) in features.chunks_exact_mut(self.width).take(count).enumerate() {
            for (&used, &value) in self.used.iter().zip(rows.dense_row(first + i)) {
                if used > 0 {
                    features[used as usize - 1] = value;
                }
            }
            for (column, value) in rows.sparse_row(first + i) {
                let used = self.used[dense + column as usize];
                if used > 0 {
                    features[used as usize - 1] = value;
                }
            }
        }
        features
    }
}
