use super::{Table, check_columns, check_features};
use crate::LearnError;

/// Features of atoms in their surroundings: for each structure its atoms'
/// elements, and a row of numbers for each atom. All numbers are finite.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalRows {
    columns: usize,
    /// Atoms of structure `i`: `starts[i]..starts[i + 1]`.
    starts: Vec<usize>,
    elements: Vec<u8>,
    values: Vec<f64>,
}

impl LocalRows {
    /// No structures; atoms will have `columns` numbers each.
    ///
    /// # Errors
    /// [`LearnError::RaggedFeatures`] for zero columns.
    pub fn new(columns: usize) -> Result<Self, LearnError> {
        check_features(&[], columns, 0)?;
        Ok(Self { columns, starts: vec![0], elements: Vec::new(), values: Vec::new() })
    }

    /// Appends one structure: atomic numbers, and the atoms' rows one after
    /// another. On an error nothing changes.
    ///
    /// # Errors
    /// [`LearnError::LengthMismatch`] when atoms and rows do not pair up, and
    /// as [`DenseRows::new`](crate::DenseRows::new); rows are counted over all
    /// atoms of the table.
    pub fn push(&mut self, elements: &[u8], values: &[f64]) -> Result<(), LearnError> {
        check_features(values, self.columns, self.elements.len())?;
        let rows = values.len() / self.columns;
        if rows != elements.len() {
            return Err(LearnError::LengthMismatch { rows, labels: elements.len() });
        }
        self.elements.extend_from_slice(elements);
        self.values.extend_from_slice(values);
        self.starts.push(self.elements.len());
        Ok(())
    }

    /// Numbers for each atom.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Atomic numbers of structure `index`.
    ///
    /// # Panics
    /// If `index` is not below the number of structures, as slices do.
    pub fn elements(&self, index: usize) -> &[u8] {
        &self.elements[self.starts[index]..self.starts[index + 1]]
    }

    /// The rows of the atoms of structure `index`, one after another.
    ///
    /// # Panics
    /// If `index` is not below the number of structures, as slices do.
    pub fn rows(&self, index: usize) -> &[f64] {
        &self.values[self.starts[index] * self.columns..self.starts[index + 1] * self.columns]
    }
}

impl Table for LocalRows {
    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    fn select(&self, indices: &[usize]) -> Self {
        let mut part =
            Self { columns: self.columns, starts: vec![0], elements: Vec::new(), values: Vec::new() };
        for &i in indices {
            part.elements.extend_from_slice(self.elements(i));
            part.values.extend_from_slice(self.rows(i));
            part.starts.push(part.elements.len());
        }
        part
    }

    fn append(&mut self, other: &Self) -> Result<(), LearnError> {
        check_columns(self.columns, other.columns)?;
        let atoms = self.elements.len();
        self.elements.extend_from_slice(&other.elements);
        self.values.extend_from_slice(&other.values);
        self.starts.extend(other.starts[1..].iter().map(|start| atoms + start));
        Ok(())
    }
}
