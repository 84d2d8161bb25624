//! A table of any kind of features.

use features::CountMatrix;
use learn::{DenseRows, LearnError, LocalRows, Rungs, Table, TreeRows};
use std::borrow::Cow;

/// Features of structures, whatever the representation.
#[derive(Debug, Clone)]
pub enum AnyTable {
    /// Sparse counts.
    Counts(CountMatrix),
    /// A row of numbers for each structure.
    Dense(DenseRows),
    /// A row of numbers for each atom.
    Local(LocalRows),
    /// Numbers and counts side by side, for trees.
    Trees(TreeRows),
    /// Counts of structures on several rungs.
    RungCounts(Rungs<CountMatrix>),
    /// A row for each structure, on several rungs.
    RungDense(Rungs<DenseRows>),
    /// A row for each atom, on several rungs.
    RungLocal(Rungs<LocalRows>),
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
            AnyTable::Trees(table) => table.len(),
            AnyTable::RungCounts(table) => table.len(),
            AnyTable::RungDense(table) => table.len(),
            AnyTable::RungLocal(table) => table.len(),
        }
    }

    fn select(&self, indices: &[usize]) -> Self {
        match self {
            AnyTable::Counts(table) => AnyTable::Counts(table.select(indices)),
            AnyTable::Dense(table) => AnyTable::Dense(table.select(indices)),
            AnyTable::Local(table) => AnyTable::Local(table.select(indices)),
            AnyTable::Trees(table) => AnyTable::Trees(table.select(indices)),
            AnyTable::RungCounts(table) => AnyTable::RungCounts(table.select(indices)),
            AnyTable::RungDense(table) => AnyTable::RungDense(table.select(indices)),
            AnyTable::RungLocal(table) => AnyTable::RungLocal(table.select(indices)),
        }
    }

    fn append(&mut self, other: &Self) -> Result<(), LearnError> {
        match (self, other) {
            (AnyTable::Counts(one), AnyTable::Counts(two)) => Table::append(one, two),
            (AnyTable::Dense(one), AnyTable::Dense(two)) => one.append(two),
            (AnyTable::Local(one), AnyTable::Local(two)) => one.append(two),
            (AnyTable::Trees(one), AnyTable::Trees(two)) => one.append(two),
            (AnyTable::RungCounts(one), AnyTable::RungCounts(two)) => one.append(two),
            (AnyTable::RungDense(one), AnyTable::RungDense(two)) => one.append(two),
            (AnyTable::RungLocal(one), AnyTable::RungLocal(two)) => one.append(two),
            _ => Err(MIXED),
        }
    }
}

/// Counts are folded to so many columns for trees.
pub(crate) const FOLDED: usize = 2048;

impl AnyTable {
    /// The same features for trees.
    pub(crate) fn for_trees(&self) -> Result<Cow<'_, TreeRows>, LearnError> {
        match self {
            AnyTable::Trees(table) => Ok(Cow::Borrowed(table)),
            AnyTable::Dense(table) => TreeRows::new(table.values(), table.columns()).map(Cow::Owned),
            AnyTable::Counts(table) => TreeRows::folded(table, FOLDED).map(Cow::Owned),
            _ => Err(MIXED),
        }
    }
}
