//! Structures with labels of several levels.

use crate::read::{Ask, Report};
use crate::{DataSet, DuplicatePolicy, Duplicates, Labelled, ModelError, Property, Structure};
use records::{Columns, Source};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// A level below the property's own.
#[derive(Debug, Clone, PartialEq)]
pub struct Rung {
    /// The column or key of its labels, which are in the unit of the property's.
    pub column: String,
    /// What a label costs, in a unit that all levels share.
    pub cost: Option<f64>,
}

/// One structure with what is known of it.
#[derive(Debug, Clone)]
pub struct RungRow {
    /// File and line, for messages.
    pub place: String,
    /// The structure.
    pub structure: Structure,
    /// A label or none of each level: the lower ones in their order, last the
    /// property's own.
    pub labels: Vec<Option<f64>>,
}

/// Structures with labels of several levels. Not every structure has a label of
/// each.
#[derive(Debug, Clone)]
pub struct LadderSet {
    /// Where it comes from.
    pub source: String,
    /// What is asked for: the highest level.
    pub property: Property,
    /// What a label of it costs.
    pub cost: Option<f64>,
    /// The other levels, cheapest first.
    pub lower: Vec<Rung>,
    /// The rows.
    pub rows: Vec<RungRow>,
}

impl LadderSet {
    /// Reads structures with labels of any of the levels, from files that may
    /// have the columns of some levels only. `ask.low` plays no part.
    ///
    /// # Errors
    /// As [`DataSet::read`]; [`ModelError::NoLabels`] for a level without any.
    pub fn read(
        source: &Source,
        ask: &Ask,
        lower: Vec<Rung>,
        cost: Option<f64>,
    ) -> Result<(LadderSet, Report), ModelError> {
        let names = lower.iter().map(|rung| &rung.column).chain([&ask.property.name]);
        let columns = Columns {
            structure: ask.structure.clone(),
            numbers_may_lack: true,
            ..Columns::with_numbers(names.clone())
        };
        let (source, rows, report) = crate::read::rows(source, &columns, ask.skip_bad, |record, place| {
            if record.numbers.iter().all(Option::is_none) {
                return Ok(None);
            }
            let structure = crate::read::structure(&record.structure, None)
                .map_err(|reason| ModelError::Row { place: place.clone(), reason })?;
            Ok(Some(RungRow { place, structure, labels: record.numbers }))
        })?;
        for (level, name) in names.enumerate() {
            if !rows.iter().any(|row| row.labels.get(level).is_some_and(Option::is_some)) {
                let found = format!("{} rows were read, and none has a value there", report.rows);
                return Err(ModelError::NoLabels { place: source, property: name.clone(), found });
            }
        }
        Ok((LadderSet { source, property: ask.property.clone(), cost, lower, rows }, report))
    }

    /// The names of all levels, cheapest first.
    pub fn names(&self) -> Vec<String> {
        let lower = self.lower.iter().map(|rung| rung.column.clone());
        lower.chain([self.property.name.clone()]).collect()
    }

    /// Refuses what cannot be learnt from, and keeps each structure once, with
    /// one label of each level.
    ///
    /// # Errors
    /// As [`DataSet::settle`], of each level.
    pub fn settle(&mut self, policy: DuplicatePolicy) -> Result<Duplicates, ModelError> {
        let names = self.names();
        let mut kept: Vec<RungRow> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut found = Duplicates::default();
        for (level, name) in names.iter().enumerate() {
            let mut one = self.level(level, name);
            let duplicates = one.settle(policy)?;
            found.rows += duplicates.rows;
            found.conflicting += duplicates.conflicting;
            if duplicates.largest > found.largest {
                (found.largest, found.worst) = (duplicates.largest, duplicates.worst);
            }
            for Labelled { place, structure, label, .. } in one.rows {
                let at = *places.entry(structure.key()).or_insert_with(|| {
                    kept.push(RungRow { place, structure, labels: vec![None; names.len()] });
                    kept.len() - 1
                });
                kept[at].labels[level] = Some(label);
            }
        }
        if let Some(odd) = kept.iter().find(|row| row.structure.kind() != kept[0].structure.kind()) {
            let (expected, found) = (kept[0].structure.kind(), odd.structure.kind());
            return Err(ModelError::WrongStructures { expected, found });
        }
        self.rows = kept;
        Ok(found)
    }

    /// As [`DataSet::hash`], with the labels of all levels.
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new();
        let Property { name, unit, level } = &self.property;
        let columns: Vec<&str> = self.lower.iter().map(|rung| rung.column.as_str()).collect();
        hash.update(format!("joulery levels 1\n{name}\n{unit}\n{}\n", level.as_deref().unwrap_or_default()));
        hash.update(format!("{}\n", columns.join("\t")));
        for row in &self.rows {
            let labels: Vec<String> = (row.labels.iter())
                .map(|label| label.map_or_else(String::new, |label| format!("{:x}", label.to_bits())))
                .collect();
            hash.update(format!("{} {}\n", row.structure.key(), labels.join(" ")));
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// One level alone.
    pub(super) fn level(&self, level: usize, name: &str) -> DataSet {
        let row = |row: &RungRow| {
            let label = row.labels.get(level).copied().flatten()?;
            Some(Labelled { place: row.place.clone(), structure: row.structure.clone(), label, low: None })
        };
        DataSet {
            source: self.source.clone(),
            property: Property { name: name.to_owned(), ..self.property.clone() },
            low: None,
            rows: self.rows.iter().filter_map(row).collect(),
        }
    }
}
