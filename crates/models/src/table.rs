//! A table of any kind of features.

use features::CountMatrix;
use learn::{DenseRows, LearnError, LocalRows, Table};

/// Features of structures, whatever the representation.
#[derive(Debug, Clone)]
pub enum AnyTable {
    /// Sparse counts.
    Counts(CountMatrix),
    /// A row of numbers for each structure.
    Dense(DenseRows),
    /// A row of numbers for each atom.
    Local(LocalRows),
}

/// Tables of different kinds meet only by a mistake in this crate.
pub(crate) const MIXED: LearnError =
    LearnError::Internal { what: "tables of different kinds of features were joined" };

impl Table for AnyTable {
    fn len(&self) -> usize {
        match self {
            AnyTable::Counts(table) => Table::len(table),
            AnyTable::Dense(table) => table.len(),
            AnyTable::Local(table) => table.len(),
        }
    }

    fn select(&self, indices: &[usize]) -> Self {
        match self {
            AnyTable::Counts(table) => AnyTable::Counts(table.select(indices)),
            AnyTable::Dense(table) => AnyTable::Dense(table.select(indices)),
            AnyTable::Local(table) => AnyTable::Local(table.select(indices)),
        }
    }

    fn append(&mut self, other: &Self) -> Result<(), LearnError> {
        match (self, other) {
            (AnyTable::Counts(one), AnyTable::Counts(two)) => Table::append(one, two),
            (AnyTable::Dense(one), AnyTable::Dense(two)) => one.append(two),
            (AnyTable::Local(one), AnyTable::Local(two)) => one.append(two),
            _ => Err(MIXED),
        }
    }
}
