//! The best so far.

use crate::score::Score;
use crate::settings::Settings;
use records::{Record, Structure};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// A record among the best.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hit {
    /// Index of its file, from 0.
    pub file: usize,
    /// Index of its record in the file, from 0.
    pub row: u64,
    /// Line of the record, from 1, if the file has lines.
    pub line: Option<u64>,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The structure as its file has it.
    pub structure: String,
    /// What `structure` is.
    pub kind: HitKind,
    /// Canonical SMILES, or what else tells that two records are one molecule.
    pub identity: String,
    /// What the scorer says.
    pub score: Score,
}

/// How a structure is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HitKind {
    /// SMILES.
    Smiles,
    /// A formula or composition.
    Formula,
    /// The formula of a geometry without bonds.
    Geometry,
}

impl Hit {
    /// Of a record. SMILES are parsed here for their canonical form, so this is done for few.
    pub(crate) fn new(record: &Record, score: Score) -> Hit {
        let structure = record.structure.label();
        let (kind, identity) = match &record.structure {
            Structure::Smiles(text) => {
                let canonical = record.structure.graph().map(|g| g.canonical_smiles().to_owned());
                // A scorer may take what is no molecule.
                (HitKind::Smiles, canonical.unwrap_or_else(|_| text.clone()))
            }
            Structure::Formula(text) => (HitKind::Formula, text.split_whitespace().collect()),
            Structure::Molecule(molecule) => match molecule.graph() {
                Some(graph) => (HitKind::Smiles, graph.canonical_smiles().to_owned()),
                None => (HitKind::Geometry, molecule.id().to_string()),
            },
        };
        let Record { file, row, line, name, .. } = record;
        Hit { file: *file, row: *row, line: *line, name: name.clone(), structure, kind, identity, score }
    }
}

/// A cost as an integer of the same order.
pub(crate) fn ordered(cost: f64) -> u64 {
    let bits = cost.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// Place in the order: cost, file, row.
type Place = (u64, usize, u64);

/// The best records, each molecule once, at most so many.
///
/// It holds after any records the best of each molecule for the best molecules among them: a molecule that was dropped
/// had its best record behind all that are here, and if a better record of it comes, that one decides alone. So the
/// order in which records come does not matter, and merging parts is exact.
#[derive(Clone, Debug)]
pub(crate) struct Top {
    most: usize,
    hits: BTreeMap<Place, Hit>,
    places: HashMap<String, Place>,
}

impl Top {
    pub(crate) fn new(most: usize) -> Top {
        Top { most, hits: BTreeMap::new(), places: HashMap::new() }
    }

    /// The cost above which nothing can enter; `u64::MAX` while there is room.
    pub(crate) fn limit(&self) -> u64 {
        match self.hits.last_key_value() {
            Some(((cost, ..), _)) if self.hits.len() >= self.most => *cost,
            _ => u64::MAX,
        }
    }

    pub(crate) fn push(&mut self, hit: Hit, settings: &Settings) {
        let place = (ordered(settings.cost(&hit.score)), hit.file, hit.row);
        match self.places.get_mut(&hit.identity) {
            Some(old) if *old <= place => return,
            Some(old) => {
                self.hits.remove(old);
                *old = place;
            }
            None => {
                let full = self.hits.len() >= self.most;
                if full && self.hits.last_key_value().is_some_and(|(worst, _)| *worst < place) {
                    return;
                }
                self.places.insert(hit.identity.clone(), place);
            }
        }
        self.hits.insert(place, hit);
        if self.hits.len() > self.most
            && let Some((_, worst)) = self.hits.pop_last()
        {
            self.places.remove(&worst.identity);
        }
    }

    /// From the best to the worst.
    pub(crate) fn hits(&self) -> impl ExactSizeIterator<Item = &Hit> {
        self.hits.values()
    }

    /// From the best to the worst.
    pub(crate) fn into_hits(self) -> Vec<Hit> {
        self.hits.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_costs_is_that_of_numbers() {
        let costs = [f64::NEG_INFINITY, -1e300, -1.0, -1e-310, 0.0, 1e-310, 1.0, 2.0, f64::INFINITY];
        assert!(costs.map(ordered).is_sorted_by(|a, b| a < b));
    }
}
