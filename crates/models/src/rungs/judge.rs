//! What a ladder is worth on structures of which no label was seen.

use super::Rows;
use super::card::Given;
use crate::ModelError;
use crate::evaluate::{Split, Unseen};
use crate::fitted::{Fitted, Prepared};
use crate::learner::{Design, Hyper};
use learn::Table;
use std::collections::HashSet;

/// Structures with lower values below which nothing is said of these.
const FEW: usize = 20;

/// Fits and predicts each part of a split of structures: with nothing known of the
/// structure, and with its lower labels known.
pub(super) fn predict_unseen(
    design: Design,
    hyper: &mut Option<Hyper>,
    x: &Prepared,
    rows: &Rows,
    labels: &[f64],
    split: &Split,
    after: &mut dyn FnMut() -> Result<(), ModelError>,
) -> Result<(Unseen, Unseen), ModelError> {
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
    let place: std::collections::HashMap<usize, usize> =
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
pub(super) fn given(unseen: &Unseen) -> Option<Given> {
    let judged = unseen.judge();
    (judged.labels >= FEW).then(|| Given {
        labels: judged.labels,
        mae: judged.mae,
        rmse: judged.rmse,
        factor_90: judged.factor_90,
        coverage_90: judged.coverage_90(),
    })
}
