//! Random forests (Breiman, Mach. Learn. 45, 5, 2001).

use crate::bins::Binned;
use crate::boost::check_labels;
use crate::grow::{Grower, Soil};
use crate::random::Random;
use crate::sample::Sample;
use crate::settings::{ForestSettings, Loss};
use crate::sums::Scale;
use crate::tree::Tree;
use crate::{Ensemble, TreeError};
use rayon::prelude::*;

/// A random forest, and what it says of each training row by the trees that
/// have not seen it.
#[derive(Debug, Clone)]
pub struct Forest {
    /// The trees; their leaf values are divided by the number of trees, so that
    /// they add up.
    pub ensemble: Ensemble,
    /// For each training row the mean of the trees that have not seen it; NaN if
    /// all have.
    pub out_of_bag: Vec<f64>,
    /// The variance over those trees; NaN for fewer than two.
    pub out_of_bag_variance: Vec<f64>,
}

/// Grows a random forest from all rows of the table: each tree from rows drawn
/// with replacement. `groups` gives rows that are drawn together the same
/// number, below that of rows; empty if each is drawn for itself.
///
/// # Errors
/// [`TreeError::LengthMismatch`], [`TreeError::BadLabel`] and
/// [`TreeError::BadSetting`] for what does not fit.
pub fn grow_forest(
    table: &Binned,
    labels: &[f64],
    groups: &[u32],
    settings: &ForestSettings,
) -> Result<Forest, TreeError> {
    settings.check(table.columns())?;
    check_labels(table.len(), labels, Loss::Squared)?;
    let n = table.len();
    if !groups.is_empty() && (groups.len() != n || groups.iter().any(|&group| group as usize >= n)) {
        return Err(TreeError::LengthMismatch { rows: n, labels: groups.len() });
    }
    let base = labels.iter().map(|y| y / n as f64).sum::<f64>();
    let largest = labels.iter().map(|y| (y - base).abs()).fold(0.0, f64::max);
    let numbers: Vec<usize> = (0..settings.trees).collect();
    // One after another in each thread; sums over trees are taken in their order.
    let (mut trees, mut sums) = (Vec::with_capacity(settings.trees), vec![[0.0_f64; 3]; n]);
    for group in numbers.chunks(16) {
        let grown: Vec<(Tree, Vec<(u32, f64)>)> = group
            .par_iter()
            .map(|&number| grow_one(table, labels, groups, settings, number, base, largest))
            .collect();
        for (tree, outside) in grown {
            for (row, value) in outside {
                let sum = &mut sums[row as usize];
                // Welford's running mean and variance.
                sum[0] += 1.0;
                let step = value - sum[1];
                sum[1] += step / sum[0];
                sum[2] += step * (value - sum[1]);
            }
            trees.push(tree);
        }
    }
    let share = 1.0 / settings.trees as f64;
    trees.iter_mut().flat_map(|tree| &mut tree.nodes).for_each(|node| node.value *= share);
    Ok(Forest {
        ensemble: Ensemble::trusted(table.columns(), base, trees),
        out_of_bag: sums.iter().map(|s| if s[0] > 0.0 { base + s[1] } else { f64::NAN }).collect(),
        out_of_bag_variance: sums
            .iter()
            .map(|s| if s[0] > 1.0 { s[2] / (s[0] - 1.0) } else { f64::NAN })
            .collect(),
    })
}

#[allow(clippy::too_many_arguments)]
/// A tree, and what it says of the rows it has not seen.
fn grow_one(
    table: &Binned,
    labels: &[f64],
    groups: &[u32],
    settings: &ForestSettings,
    number: usize,
    base: f64,
    largest: f64,
) -> (Tree, Vec<(u32, f64)>) {
    let n = table.len();
    let mut random = Random::new(settings.seed, 2 + number as u64);
    let mut weights = vec![0_u32; n];
    if groups.is_empty() {
        (0..n.min(settings.max_rows)).for_each(|_| weights[random.below(n)] += 1);
    } else {
        let count = groups.iter().max().map_or(0, |&last| last as usize + 1);
        let mut drawn = vec![0_u32; count];
        // As many groups as have so many rows on average.
        let wanted = (n.min(settings.max_rows) as f64 * count as f64 / n as f64).round().max(1.0) as usize;
        (0..wanted).for_each(|_| drawn[random.below(count)] += 1);
        weights.iter_mut().zip(groups).for_each(|(weight, &group)| *weight = drawn[group as usize]);
        if weights.iter().all(|&weight| weight == 0) {
            weights.fill(1);
        }
    }
    let rows: Vec<u32> = (0..n as u32).filter(|&i| weights[i as usize] > 0).collect();
    let heaviest = f64::from(weights.iter().copied().max().unwrap_or(1));
    let scale = Scale::new(largest * heaviest, heaviest, rows.len(), true);
    let packed: Vec<i64> = rows
        .iter()
        .map(|&i| {
            let weight = f64::from(weights[i as usize]);
            scale.pack(weight * (base - labels[i as usize]), weight)
        })
        .collect();
    let columns: Vec<usize> = (0..table.dense.len() + table.sparse.len()).collect();
    let mut sample = Sample::default();
    sample.take(table, rows, &columns);
    let soil = Soil {
        table,
        sample: &sample,
        packed: &packed,
        scale,
        settings: &settings.tree,
        shrink: 1.0,
        monotone: &settings.monotone,
    };
    let grown = Grower::default().grow(&soil, &mut random);
    let outside = (0..n).filter(|&i| weights[i] == 0);
    let outside =
        outside.map(|i| (i as u32, grown.tree.nodes[grown.leaf(table, i) as usize].value)).collect();
    (grown.tree, outside)
}
