//! One row for each label: a structure with a level.

use super::LadderSet;
use crate::{AnyTable, ModelError};
use learn::{RUNG_LIMIT, Rungs, Table};
use std::collections::HashMap;

/// Which structure and which level each label is of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Rows {
    pub(crate) structure: Vec<usize>,
    pub(crate) rung: Vec<usize>,
}

impl Rows {
    /// All labels of a data set, structure after structure, with the labels.
    pub(super) fn of(data: &LadderSet) -> (Rows, Vec<f64>) {
        let (mut rows, mut labels) = (Rows::default(), Vec::new());
        for (structure, row) in data.rows.iter().enumerate() {
            for (rung, label) in row.labels.iter().enumerate() {
                if let Some(label) = label {
                    rows.structure.push(structure);
                    rows.rung.push(rung);
                    labels.push(*label);
                }
            }
        }
        (rows, labels)
    }

    /// The labels' features, from those of the structures.
    pub(crate) fn table(
        &self,
        structures: &AnyTable,
        numbers: Option<&[Vec<u8>]>,
    ) -> Result<AnyTable, ModelError> {
        let numbers = numbers.map(|all| self.structure.iter().map(|&i| all[i].clone()).collect());
        on_rungs(structures.select(&self.structure), self.rung.clone(), numbers)
    }

    /// Whether these are rows of so many structures and levels, from a file that may be damaged.
    pub(crate) fn fit(&self, structures: usize) -> bool {
        self.structure.len() == self.rung.len()
            && self.structure.iter().all(|&i| i < structures)
            && self.rung.iter().all(|&rung| rung < RUNG_LIMIT)
    }

    /// The levels learnt of each structure, by its key.
    pub(crate) fn known(&self, keys: &[String]) -> HashMap<String, Vec<usize>> {
        let mut known: HashMap<String, Vec<usize>> = HashMap::new();
        for (&structure, &rung) in self.structure.iter().zip(&self.rung) {
            known.entry(keys[structure].clone()).or_default().push(rung);
        }
        known
    }
}

/// Puts structures on levels; `numbers` are the atoms of each, for extensive properties.
pub(crate) fn on_rungs(
    table: AnyTable,
    rung: Vec<usize>,
    numbers: Option<Vec<Vec<u8>>>,
) -> Result<AnyTable, ModelError> {
    fn join<X: Table>(x: X, rung: Vec<usize>, numbers: Option<Vec<Vec<u8>>>) -> Result<Rungs<X>, ModelError> {
        let rungs = Rungs::new(x, rung)?;
        Ok(match numbers {
            Some(numbers) => rungs.with_elements(numbers.iter().map(Vec::as_slice))?,
            None => rungs,
        })
    }
    Ok(match table {
        AnyTable::Counts(x) => AnyTable::RungCounts(join(x, rung, numbers)?),
        AnyTable::Dense(x) => AnyTable::RungDense(join(x, rung, numbers)?),
        AnyTable::Local(x) => AnyTable::RungLocal(join(x, rung, numbers)?),
        _ => return Err(crate::table::MIXED.into()),
    })
}
