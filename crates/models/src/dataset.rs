//! Labelled structures.

use crate::{DuplicatePolicy, Duplicates, ModelError, Structure, conflict};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What is learnt: a named quantity in a unit, of a level of theory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property {
    /// Its name, as in the data.
    pub name: String,
    /// Its unit; `1` for a number without one.
    pub unit: String,
    /// The method or experiment that gave the labels.
    pub level: Option<String>,
}

/// One row of a data set.
#[derive(Debug, Clone)]
pub struct Labelled {
    /// File and line, for messages.
    pub place: String,
    /// The structure.
    pub structure: Structure,
    /// Its label, in the unit of the property.
    pub label: f64,
    /// The same quantity by a cheaper method, if the data set has it.
    pub low: Option<f64>,
}

/// Labelled structures of one property.
#[derive(Debug, Clone)]
pub struct DataSet {
    /// Where it comes from, for messages and the card.
    pub source: String,
    /// What the labels are.
    pub property: Property,
    /// The column of the cheaper method's values.
    pub low: Option<String>,
    /// The rows.
    pub rows: Vec<Labelled>,
}

impl DataSet {
    /// Refuses what cannot be learnt from, and keeps each structure once.
    ///
    /// # Errors
    /// [`ModelError::NoLabels`], [`ModelError::BadLabel`],
    /// [`ModelError::MissingLow`], [`ModelError::WrongStructures`] for a
    /// mixture, [`ModelError::Conflicts`] if the policy is to refuse them.
    pub fn settle(&mut self, policy: DuplicatePolicy) -> Result<Duplicates, ModelError> {
        let Some(first) = self.rows.first() else {
            return Err(ModelError::NoLabels {
                place: self.source.clone(),
                property: self.property.name.clone(),
                found: "the data set is empty".to_owned(),
            });
        };
        let kind = first.structure.kind();
        for row in &self.rows {
            let (place, property) = (row.place.clone(), self.property.name.clone());
            if !row.label.is_finite() {
                return Err(ModelError::BadLabel { place, property, value: row.label });
            }
            if let Some(column) = &self.low {
                match row.low {
                    None => {
                        return Err(ModelError::MissingLow { place, column: column.clone(), property });
                    }
                    Some(value) if !value.is_finite() => {
                        return Err(ModelError::BadLabel { place, property: column.clone(), value });
                    }
                    Some(_) => {}
                }
            }
            if row.structure.kind() != kind {
                return Err(ModelError::WrongStructures { expected: kind, found: row.structure.kind() });
            }
        }
        conflict::settle(self, policy)
    }

    /// SHA-256 over structures, labels and the cheaper method's values, in
    /// their order, as hexadecimal digits.
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new();
        let Property { name, unit, level } = &self.property;
        hash.update(format!("joulery data 1\n{name}\n{unit}\n{}\n", level.as_deref().unwrap_or_default()));
        for row in &self.rows {
            let low = row.low.map_or_else(String::new, |low| format!("{:x}", low.to_bits()));
            hash.update(format!("{} {:x} {low}\n", row.structure.key(), row.label.to_bits()));
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
