//! What a ladder is worth on structures of which no label was seen.

use super::Rows;
use super::card::Given;
use super::work::Work;
use crate::curve::CurvePoint;
use crate::evaluate::{Evaluation, Split, Unseen, predict_unseen};
use crate::fitted::{Fitted, Prepared};
use crate::learner::Hyper;
use crate::train::{LEAST, Started};
use crate::{ModelError, Stage};
use learn::Table;
use std::collections::{HashMap, HashSet};

/// Structures with lower values below which nothing is said of these.
const FEW: usize = 20;

/// Errors on labels not seen.
pub(super) struct Compared {
    /// All levels together, nothing known of the structure.
    pub(super) together: Evaluation,
    /// The highest level alone.
    pub(super) alone: Evaluation,
    /// All levels together, with the lower labels of the structure known.
    pub(super) given: Option<Given>,
}

impl Compared {
    /// Whether the lower levels help.
    pub(super) fn used(&self) -> bool {
        self.together.mae <= self.alone.mae
    }
}

/// The learning curve of the highest level, the others keeping all their labels. The
/// largest part finds the hyper-parameters of all fits: the search is what takes the time.
pub(super) fn curve(
    work: &Work,
    hyper: &mut Option<Hyper>,
    go_on: &mut dyn FnMut(Stage) -> Result<(), ModelError>,
) -> Result<Vec<CurvePoint>, ModelError> {
    let mut points = Vec::new();
    let Some((learnt, held)) = work.split.parts.first() else { return Ok(points) };
    let sizes = [1, 2, 4].map(|share| learnt.len() / share);
    for size in sizes.into_iter().filter(|size| *size >= LEAST.min(learnt.len())) {
        let before = Started::now();
        let part = Split { how: String::new(), parts: vec![(learnt[..size].to_vec(), held.clone())] };
        let (seen, _) = predict_parts(work, hyper, &part, &mut || Ok(()))?;
        let core_seconds = before.cost().core_seconds.value();
        let point = CurvePoint { labels: size, mae: seen.mae(), core_seconds, class: None };
        points.insert(0, point);
        go_on(Stage::Curve(point))?;
    }
    Ok(points)
}

/// Judges the levels together and the highest alone on the same labels.
pub(super) fn compare(
    work: &Work,
    hyper: &mut Option<Hyper>,
    go_on: &mut dyn FnMut(Stage) -> Result<(), ModelError>,
) -> Result<Compared, ModelError> {
    let (mut done, parts) = (0, 2 * work.split.parts.len());
    let mut after = || {
        done += 1;
        go_on(Stage::Judging(done, parts))
    };
    let (bare, given) = predict_parts(work, hyper, &work.split, &mut after)?;
    let places: HashMap<usize, usize> = work.labelled.iter().enumerate().map(|(at, &i)| (i, at)).collect();
    let place = |set: &[usize]| set.iter().filter_map(|i| places.get(i).copied()).collect::<Vec<usize>>();
    let own = work.split.parts.iter().map(|(learnt, held)| (place(learnt), place(held)));
    let own = Split { how: work.split.how.clone(), parts: own.collect() };
    let alone = predict_unseen(work.alone, &mut None, &work.own, &work.own_labels, &own, &mut after)?;
    Ok(Compared { together: bare.judge(), alone: alone.judge(), given: self::given(&given) })
}

/// Fits and predicts each part of a split of structures: with nothing known of the
/// structure, and with its lower labels known.
fn predict_parts(
    work: &Work,
    hyper: &mut Option<Hyper>,
    split: &Split,
    after: &mut dyn FnMut() -> Result<(), ModelError>,
) -> Result<(Unseen, Unseen), ModelError> {
    let (design, x, rows, labels) = (work.design, &work.on_rungs, &work.rows, &work.labels);
    let top = rows.rung.iter().copied().max().unwrap_or(0);
    let (mut bare, mut given) = (Unseen::new(&split.how), Unseen::new(&split.how));
    for (learnt, held) in &split.parts {
        let (learnt, held): (HashSet<&usize>, HashSet<&usize>) =
            (learnt.iter().collect(), held.iter().collect());
        // Structures of neither part have lower labels only: all are learnt.
        let known: Vec<usize> = (0..labels.len())
            .filter(|&row| {
                let structure = &rows.structure[row];
                learnt.contains(structure) || (!held.contains(structure) && rows.rung[row] < top)
            })
            .collect();
        let asked: Vec<usize> = (0..labels.len())
            .filter(|&row| rows.rung[row] == top && held.contains(&rows.structure[row]))
            .collect();
        let pick = |set: &[usize]| set.iter().map(|&i| labels[i]).collect::<Vec<f64>>();
        let fitted = Fitted::fit(design, hyper.clone(), &x.select(&known), &pick(&known))?;
        *hyper = hyper.take().or(fitted.hyper.clone());
        let questions = x.select(&asked);
        let truth = pick(&asked);
        bare.add(&truth, &fitted.predict(&questions)?);
        let lower = lower_values(rows, labels, &asked, top);
        let told: Vec<usize> = (0..asked.len()).filter(|&i| lower[i].iter().any(Option::is_some)).collect();
        let questions = Prepared {
            known: Some(told.iter().map(|&i| lower[i].clone()).collect()),
            ..questions.select(&told)
        };
        if !questions.table.is_empty() {
            let truth: Vec<f64> = told.iter().map(|&i| truth[i]).collect();
            given.add(&truth, &fitted.predict(&questions)?);
        }
        after()?;
    }
    Ok((bare, given))
}

/// For each row asked the values of all levels below the highest.
fn lower_values(rows: &Rows, labels: &[f64], asked: &[usize], top: usize) -> Vec<Vec<Option<f64>>> {
    let place: HashMap<usize, usize> =
        asked.iter().enumerate().map(|(at, &row)| (rows.structure[row], at)).collect();
    let mut values = vec![vec![None; top + 1]; asked.len()];
    for (row, label) in labels.iter().enumerate() {
        if let Some(&at) = place.get(&rows.structure[row])
            && rows.rung[row] < top
        {
            values[at][rows.rung[row]] = Some(*label);
        }
    }
    values
}

/// The part of an evaluation that is told of known lower values.
fn given(unseen: &Unseen) -> Option<Given> {
    let judged = unseen.judge();
    (judged.labels >= FEW).then(|| Given {
        labels: judged.labels,
        mae: judged.mae,
        rmse: judged.rmse,
        factor_90: judged.factor_90,
        coverage_90: judged.coverage_90(),
    })
}
