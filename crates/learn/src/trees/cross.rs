//! Boosting with labels left out in turn.

use super::folds::{others, parts};
use super::settings::{TreeHyper, TreeModelSettings, mixed};
use crate::LearnError;
use ::trees::{Binned, BoostSettings, Boosting, Ensemble, Loss, Rows, TreeSettings};
use rayon::prelude::*;

/// Models that each have not seen one part of the labels, and what they say of
/// it.
#[derive(Debug)]
pub(super) struct Crossed {
    pub(super) members: Vec<Ensemble>,
    /// For each row the prediction of the model that has not seen it.
    pub(super) left_out: Vec<f64>,
    pub(super) hyper: TreeHyper,
    /// Rounds grown, of all members and the search.
    pub(super) grown: usize,
}

/// One fold each: rows to learn from and rows to watch.
pub(super) type Fold = (Vec<usize>, Vec<usize>);

pub(super) fn folds(table: &Binned, settings: &TreeModelSettings) -> Vec<Fold> {
    let n = table.len();
    let mut found = parts(&table.fingerprints(), settings.folds.min(n), settings.seed);
    if found.len() < 2 {
        // All rows are equal: what can be learnt is their mean.
        found = (0..2).map(|odd| (odd..n).step_by(2).collect()).collect();
    }
    found.into_iter().map(|part| (others(n, &part), part)).collect()
}

fn boost_settings(loss: Loss, settings: &TreeModelSettings, hyper: &TreeHyper, fold: usize) -> BoostSettings {
    BoostSettings {
        loss,
        tree: TreeSettings {
            max_depth: hyper.depth,
            min_child_weight: hyper.min_child_weight,
            ..TreeSettings::default()
        },
        learning_rate: hyper.learning_rate,
        max_rounds: settings.max_rounds,
        patience: 40,
        columns_per_tree: hyper.columns,
        monotone: settings.monotone.clone(),
        seed: mixed(fold as u64, settings.seed),
        ..BoostSettings::default()
    }
}

/// Boosts each fold, early stopping on its part left out.
pub(super) fn cross(
    rows: &Rows,
    table: &Binned,
    labels: &[f64],
    loss: Loss,
    settings: &TreeModelSettings,
    hyper: TreeHyper,
) -> Result<Crossed, LearnError> {
    let folds = folds(table, settings);
    let fitted: Vec<(Ensemble, Vec<f64>, usize)> = folds
        .par_iter()
        .enumerate()
        .map(|(fold, (train, valid))| {
            let mut settings = boost_settings(loss, settings, &hyper, fold);
            settings.max_rounds = settings.max_rounds.min(most_rounds(table.len()));
            let mut boosting = Boosting::new(table, labels, train, valid, settings)?;
            boosting.run();
            let (rounds, grown) = (boosting.best_rounds(), boosting.losses().len());
            let model = boosting.finish(rounds);
            let left_out = model.predict(&rows.select(valid))?;
            Ok((model, left_out, grown))
        })
        .collect::<Result<_, LearnError>>()?;
    let mut all = Crossed { members: Vec::new(), left_out: vec![0.0; labels.len()], hyper, grown: 0 };
    for ((_, valid), (model, seen, grown)) in folds.iter().zip(fitted) {
        valid.iter().zip(seen).for_each(|(&row, value)| all.left_out[row] = value);
        all.members.push(model);
        all.grown += grown;
    }
    let rounds: usize = all.members.iter().map(|member| member.trees().len()).sum();
    all.hyper.rounds = rounds / all.members.len().max(1);
    Ok(all)
}

/// Where a search starts, and what a model without one has.
pub(super) const DEFAULT: TreeHyper =
    TreeHyper { depth: 6, min_child_weight: 3.0, columns: 0.5, learning_rate: 0.1, rounds: 0 };

/// Rows above which trees learn faster.
const SEVERAL: usize = 10_000;
/// Rows above which deeper trees are worth trying.
const MANY: usize = 50_000;
/// A search takes every second row, every third or every fourth of a table with
/// more rows than once, twice or three times [`SEVERAL`],
const SEARCH_STEP: usize = 4;
/// and watches at least so many rows left out, if there are.
const SEARCH_WATCHED: usize = 1000;
/// The error (a square) must be lower by this share for another candidate to win
/// over the first, which is seldom bad.
const MARGIN: f64 = 0.01;

/// Depths and shares of columns worth comparing, the usual one first.
fn candidates(rows: usize) -> &'static [(usize, f64)] {
    match rows {
        0..3000 => &[(6, 0.5), (4, 0.5), (6, 0.9)],
        3000..MANY => &[(6, 0.5), (8, 0.5), (8, 0.25)],
        _ => &[(8, 0.5), (6, 0.5), (10, 0.5)],
    }
}

/// Columns above which a tree sees so small a share of them that its time grows no
/// more: numbers of geometries (SOAP, SLATM) say nearly the same many times over.
const WIDE: usize = 3000;
/// A share is of this many columns then.
const OF_WIDE: f64 = 1024.0;

/// What a share of the columns of a narrow table is in one of `columns`.
fn narrowed(share: f64, columns: usize) -> f64 {
    if columns > WIDE { share * OF_WIDE / columns as f64 } else { share }
}

/// Rounds that are worth their time: fewer for more rows.
fn most_rounds(rows: usize) -> usize {
    (25_000_000 / rows.max(1)).clamp(200, 2000)
}

/// Hyper-parameters by the error of a few folds, on a part of the rows, with
/// trees that learn three times as fast as those of the model will.
pub(super) fn search(
    table: &Binned,
    labels: &[f64],
    loss: Loss,
    settings: &TreeModelSettings,
) -> Result<(TreeHyper, usize), LearnError> {
    let n = table.len();
    let mut folds = folds(table, settings);
    folds.truncate((SEARCH_WATCHED * folds.len()).div_ceil(n).max(1));
    let step = n.div_ceil(SEVERAL).min(SEARCH_STEP);
    for (train, valid) in &mut folds {
        *train = train.iter().copied().step_by(step).collect();
        *valid = valid.iter().copied().step_by(step).collect();
    }
    let tried: Vec<(f64, usize, TreeHyper)> = candidates(n)
        .par_iter()
        .map(|&(depth, share)| {
            let columns = narrowed(share, table.columns());
            let hyper = TreeHyper { depth, columns, learning_rate: 0.3, ..DEFAULT };
            let (mut sum, mut rounds) = (0.0, 0);
            for (fold, (train, valid)) in folds.iter().enumerate() {
                let settings = BoostSettings {
                    max_rounds: 120.min(settings.max_rounds),
                    patience: 10,
                    ..boost_settings(loss, settings, &hyper, fold)
                };
                let mut boosting = Boosting::new(table, labels, train, valid, settings)?;
                boosting.run();
                rounds += boosting.losses().len();
                let least = boosting.losses().iter().copied().fold(f64::INFINITY, f64::min);
                sum += least * valid.len() as f64;
            }
            Ok((sum, rounds, hyper))
        })
        .collect::<Result<_, LearnError>>()?;
    let mut best = (f64::INFINITY, DEFAULT);
    for (sum, _, hyper) in &tried {
        if *sum < (1.0 - MARGIN) * best.0 {
            best = (*sum, *hyper);
        }
    }
    let learning_rate = if n > SEVERAL { 0.15 } else { 0.1 };
    Ok((TreeHyper { learning_rate, ..best.1 }, tried.iter().map(|one| one.1).sum()))
}

/// Mean and standard deviation over members for each row.
pub(super) fn spread(members: &[Ensemble], rows: &Rows) -> Result<(Vec<f64>, Vec<f64>), LearnError> {
    let count = members.len().max(1) as f64;
    let each = members.iter().map(|member| member.predict(rows)).collect::<Result<Vec<_>, _>>()?;
    let mean: Vec<f64> =
        (0..rows.len()).map(|i| each.iter().map(|seen| seen[i]).sum::<f64>() / count).collect();
    let sd = mean.iter().enumerate().map(|(i, mean)| {
        let squares: f64 = each.iter().map(|seen| (seen[i] - mean) * (seen[i] - mean)).sum();
        (squares / (count - 1.0).max(1.0)).sqrt()
    });
    let sd = sd.collect();
    Ok((mean, sd))
}
