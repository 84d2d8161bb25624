use crate::{DenseRows, LearnError, Table};
use ::trees::Rows;
use features::CountMatrix;

/// Counts are folded to so many columns unless told otherwise.
const FOLDED: usize = 2048;
/// Features beyond single precision are moved here; their order stays.
const LARGEST: f64 = 3e38;

/// Features for trees: dense columns, and after them sparse ones (counts).
/// NaN is a missing value. Numbers are kept in single precision.
#[derive(Debug, Clone, PartialEq)]
pub struct TreeRows {
    pub(super) rows: Rows,
}

impl TreeRows {
    /// Rows of `columns` numbers each, one row after another; NaN where a
    /// number is missing.
    ///
    /// # Errors
    /// [`LearnError::RaggedFeatures`] when the values do not fill whole rows,
    /// [`LearnError::BadFeature`] for an infinite one.
    pub fn new(values: &[f64], columns: usize) -> Result<Self, LearnError> {
        if columns == 0 || !values.len().is_multiple_of(columns) {
            return Err(LearnError::RaggedFeatures { values: values.len(), columns });
        }
        if let Some(at) = values.iter().position(|v| v.is_infinite()) {
            let (row, column, limit) = (at / columns, at % columns, f64::MAX);
            return Err(LearnError::BadFeature { row, column, value: values[at], limit });
        }
        Ok(Self { rows: Rows::dense(values.iter().map(|&v| single(v)).collect(), columns)? })
    }

    /// Counts folded to `columns` columns: feature `id` is counted in column
    /// `id % columns`.
    ///
    /// # Errors
    /// [`LearnError::RaggedFeatures`] for zero columns.
    pub fn folded(counts: &CountMatrix, columns: usize) -> Result<Self, LearnError> {
        let mut table = Self { rows: Rows::new(0, columns)? };
        table.add(counts, columns, |_| &[])?;
        Ok(table)
    }

    /// Dense features and, beside them, folded counts of the same structures.
    ///
    /// # Errors
    /// As [`TreeRows::folded`]; [`LearnError::LengthMismatch`] if the two do
    /// not pair up, or if the dense table already has counts.
    pub fn beside(dense: &Self, counts: &CountMatrix, columns: usize) -> Result<Self, LearnError> {
        let width = dense.rows.dense_columns();
        if dense.len() != counts.len() || width != dense.rows.columns() {
            return Err(LearnError::LengthMismatch { rows: counts.len(), labels: dense.len() });
        }
        let mut table = Self { rows: Rows::new(width, columns)? };
        table.add(counts, columns, |row| dense.rows.dense_row(row))?;
        Ok(table)
    }

    fn add<'a>(
        &mut self,
        counts: &CountMatrix,
        columns: usize,
        dense: impl Fn(usize) -> &'a [f32],
    ) -> Result<(), LearnError> {
        let mut folded = vec![0_u64; columns];
        for (row, counts) in counts.rows().enumerate() {
            let mut present: Vec<u32> = Vec::with_capacity(counts.len());
            for (id, count) in counts.iter() {
                let column = id as usize % columns;
                present.push(column as u32);
                folded[column] += u64::from(count);
            }
            present.sort_unstable();
            present.dedup();
            let pairs: Vec<(u32, f32)> = present.iter().map(|&c| (c, folded[c as usize] as f32)).collect();
            self.rows.push(dense(row), &pairs)?;
            present.iter().for_each(|&c| folded[c as usize] = 0);
        }
        Ok(())
    }

    /// All columns.
    pub fn columns(&self) -> usize {
        self.rows.columns()
    }

    /// The rows as the `trees` crate has them.
    pub fn rows(&self) -> &Rows {
        &self.rows
    }
}

fn single(value: f64) -> f32 {
    if value.is_nan() { f32::NAN } else { value.clamp(-LARGEST, LARGEST) as f32 }
}

impl From<Rows> for TreeRows {
    fn from(rows: Rows) -> Self {
        Self { rows }
    }
}

impl From<&DenseRows> for TreeRows {
    fn from(dense: &DenseRows) -> Self {
        let values = dense.values().iter().map(|&v| single(v)).collect();
        // Finite and in whole rows: a `DenseRows` is.
        Self { rows: Rows::dense(values, dense.columns()).unwrap_or_else(|_| Rows::empty(dense.columns())) }
    }
}

/// Folded to 2048 columns.
impl From<&CountMatrix> for TreeRows {
    fn from(counts: &CountMatrix) -> Self {
        Self::folded(counts, FOLDED).unwrap_or_else(|_| Self { rows: Rows::empty(FOLDED) })
    }
}

impl Table for TreeRows {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn select(&self, indices: &[usize]) -> Self {
        Self { rows: self.rows.select(indices) }
    }

    fn append(&mut self, other: &Self) -> Result<(), LearnError> {
        self.rows
            .append(&other.rows)
            .map_err(|_| LearnError::ColumnMismatch { expected: self.columns(), found: other.columns() })
    }
}
