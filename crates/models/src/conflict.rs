//! Structures that are met more than once.

use crate::{DataSet, Labelled, ModelError};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What is done with a structure that has several different labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DuplicatePolicy {
    /// The mean of its labels counts, once.
    #[default]
    Mean,
    /// The label met first counts.
    First,
    /// Nothing is trained.
    Refuse,
}

/// What was found of structures met more than once.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Duplicates {
    /// Rows whose structure had been met before.
    pub rows: usize,
    /// Structures whose labels differ.
    pub conflicting: usize,
    /// The largest difference of two labels of one structure, in the unit of
    /// the labels.
    pub largest: f64,
    /// Where it is: the two places.
    pub worst: Option<(String, String)>,
}

/// Labels that differ by less than this share of the larger are the same.
const ROUNDING: f64 = 1e-9;

/// Keeps each structure once, so that no copy of a structure that is learnt is
/// among those that the model is judged by.
pub(crate) fn settle(data: &mut DataSet, policy: DuplicatePolicy) -> Result<Duplicates, ModelError> {
    let mut found = Duplicates::default();
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    let mut order: Vec<String> = Vec::new();
    for (index, row) in data.rows.iter().enumerate() {
        let key = row.structure.key();
        let rows = places.entry(key.clone()).or_default();
        if rows.is_empty() {
            order.push(key);
        }
        rows.push(index);
    }
    let mut kept: Vec<Labelled> = Vec::with_capacity(order.len());
    let mut first_conflict = None;
    for key in &order {
        let rows = &places[key];
        let mut row = data.rows[rows[0]].clone();
        found.rows += rows.len() - 1;
        let (mut low, mut high) = (rows[0], rows[0]);
        for &i in rows {
            let label = data.rows[i].label;
            if label < data.rows[low].label {
                low = i;
            }
            if label > data.rows[high].label {
                high = i;
            }
        }
        let (least, most) = (data.rows[low].label, data.rows[high].label);
        if most - least > ROUNDING * most.abs().max(least.abs()) {
            found.conflicting += 1;
            first_conflict.get_or_insert((low, high));
            if most - least > found.largest {
                found.largest = most - least;
                found.worst = Some((data.rows[low].place.clone(), data.rows[high].place.clone()));
            }
            if policy == DuplicatePolicy::Mean {
                let sum: f64 = rows.iter().map(|&i| data.rows[i].label).sum();
                row.label = sum / rows.len() as f64;
            }
        }
        kept.push(row);
    }
    if let (DuplicatePolicy::Refuse, Some((low, high))) = (policy, first_conflict) {
        let (one, two) = (&data.rows[low], &data.rows[high]);
        return Err(ModelError::Conflicts {
            structures: found.conflicting,
            first: one.place.clone(),
            second: two.place.clone(),
            one: one.label,
            two: two.label,
        });
    }
    data.rows = kept;
    Ok(found)
}
