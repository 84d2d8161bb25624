use crate::TreeError;

/// Features must be smaller than this in size: the largest threshold.
pub const FEATURE_LIMIT: f32 = f32::MAX;

/// Rows of features: some columns with a number in each row, and after them
/// some columns that are zero in most rows and stored sparsely. NaN is a
/// missing value, anywhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    rows: usize,
    dense_columns: usize,
    sparse_columns: usize,
    dense: Vec<f32>,
    /// Entries of row `i`: `starts[i]..starts[i + 1]`.
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
}

impl Rows {
    /// No rows yet, of so many dense and so many sparse columns.
    ///
    /// # Errors
    /// [`TreeError::Ragged`] without any column.
    pub fn new(dense_columns: usize, sparse_columns: usize) -> Result<Self, TreeError> {
        let columns = dense_columns.saturating_add(sparse_columns);
        if columns == 0 || u32::try_from(columns).is_err() {
            return Err(TreeError::Ragged { values: 0, columns });
        }
        Ok(Self {
            rows: 0,
            dense_columns,
            sparse_columns,
            dense: Vec::new(),
            starts: vec![0],
            columns: Vec::new(),
            values: Vec::new(),
        })
    }

    /// No rows, of so many dense columns, at least one.
    pub fn empty(columns: usize) -> Self {
        let dense_columns = columns.clamp(1, u32::MAX as usize);
        let (dense, columns, values) = (Vec::new(), Vec::new(), Vec::new());
        Self { rows: 0, dense_columns, sparse_columns: 0, dense, starts: vec![0], columns, values }
    }

    /// Dense rows, one after another.
    ///
    /// # Errors
    /// [`TreeError::Ragged`] when the values do not fill whole rows,
    /// [`TreeError::BadFeature`] for an infinite one.
    pub fn dense(values: Vec<f32>, columns: usize) -> Result<Self, TreeError> {
        let mut table = Self::new(columns, 0)?;
        if !values.len().is_multiple_of(columns) {
            return Err(TreeError::Ragged { values: values.len(), columns });
        }
        if let Some(at) = values.iter().position(|v| v.abs() >= FEATURE_LIMIT) {
            let (row, column) = (at / columns, at % columns);
            return Err(TreeError::BadFeature { row, column, value: values[at], limit: FEATURE_LIMIT });
        }
        table.rows = values.len() / columns;
        table.starts = vec![0; table.rows + 1];
        table.dense = values;
        Ok(table)
    }

    /// Appends one row: its dense numbers, and its sparse ones as pairs (sparse
    /// column counted from 0, number) with ascending columns. On an error
    /// nothing changes.
    ///
    /// # Errors
    /// [`TreeError::Ragged`], [`TreeError::BadFeature`] or
    /// [`TreeError::BadColumn`] for what does not fit.
    pub fn push(&mut self, dense: &[f32], sparse: &[(u32, f32)]) -> Result<(), TreeError> {
        let row = self.rows;
        if dense.len() != self.dense_columns {
            return Err(TreeError::Ragged { values: dense.len(), columns: self.dense_columns });
        }
        let first = self.dense_columns;
        let numbers = dense.iter().copied().enumerate();
        let numbers = numbers.chain(sparse.iter().map(|&(c, v)| (first + c as usize, v)));
        for (column, value) in numbers {
            if value.abs() >= FEATURE_LIMIT {
                return Err(TreeError::BadFeature { row, column, value, limit: FEATURE_LIMIT });
            }
        }
        let mut least = 0;
        for &(column, _) in sparse {
            if column < least || column as usize >= self.sparse_columns {
                let (column, columns) = (first + column as usize, self.columns());
                return Err(TreeError::BadColumn { row, column, columns });
            }
            least = column + 1;
        }
        self.dense.extend_from_slice(dense);
        // Zeros are what is not stored.
        for &(column, value) in sparse.iter().filter(|pair| pair.1 != 0.0) {
            self.columns.push(column);
            self.values.push(value);
        }
        self.starts.push(self.columns.len());
        self.rows += 1;
        Ok(())
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// All columns: the dense ones, then the sparse ones.
    pub fn columns(&self) -> usize {
        self.dense_columns + self.sparse_columns
    }

    /// How many columns are dense.
    pub fn dense_columns(&self) -> usize {
        self.dense_columns
    }

    /// The dense numbers of row `index`.
    ///
    /// # Panics
    /// If `index` is not below the number of rows, as slices do.
    pub fn dense_row(&self, index: usize) -> &[f32] {
        &self.dense[index * self.dense_columns..(index + 1) * self.dense_columns]
    }

    /// The numbers of row `index` that are not zero, of the sparse columns
    /// (counted from the first sparse one, ascending).
    ///
    /// # Panics
    /// If `index` is not below the number of rows, as slices do.
    pub fn sparse_row(&self, index: usize) -> impl Iterator<Item = (u32, f32)> + '_ {
        let range = self.starts[index]..self.starts[index + 1];
        self.columns[range.clone()].iter().copied().zip(self.values[range].iter().copied())
    }

    /// The rows at `indices`, in that order.
    ///
    /// # Panics
    /// If an index is not below the number of rows, as slices do.
    pub fn select(&self, indices: &[usize]) -> Self {
        let mut part = Self {
            rows: indices.len(),
            dense: Vec::with_capacity(indices.len() * self.dense_columns),
            starts: Vec::with_capacity(indices.len() + 1),
            columns: Vec::new(),
            values: Vec::new(),
            ..*self
        };
        part.starts.push(0);
        for &i in indices {
            part.dense.extend_from_slice(self.dense_row(i));
            let range = self.starts[i]..self.starts[i + 1];
            part.columns.extend_from_slice(&self.columns[range.clone()]);
            part.values.extend_from_slice(&self.values[range]);
            part.starts.push(part.columns.len());
        }
        part
    }

    /// The same rows with one more dense column, after the other dense ones.
    ///
    /// # Errors
    /// [`TreeError::LengthMismatch`] unless there is a number for each row;
    /// [`TreeError::BadFeature`] for an infinite one.
    pub fn with_column(&self, values: &[f32]) -> Result<Self, TreeError> {
        if values.len() != self.rows {
            return Err(TreeError::LengthMismatch { rows: self.rows, labels: values.len() });
        }
        if let Some(row) = values.iter().position(|v| v.abs() >= FEATURE_LIMIT) {
            let (column, value) = (self.dense_columns, values[row]);
            return Err(TreeError::BadFeature { row, column, value, limit: FEATURE_LIMIT });
        }
        let mut dense = Vec::with_capacity(self.dense.len() + values.len());
        for (row, &value) in values.iter().enumerate() {
            dense.extend_from_slice(self.dense_row(row));
            dense.push(value);
        }
        Ok(Self { dense_columns: self.dense_columns + 1, dense, ..self.clone() })
    }

    /// Appends the rows of `other`. On an error nothing changes.
    ///
    /// # Errors
    /// [`TreeError::ColumnMismatch`] for other columns.
    pub fn append(&mut self, other: &Self) -> Result<(), TreeError> {
        if (self.dense_columns, self.sparse_columns) != (other.dense_columns, other.sparse_columns) {
            return Err(TreeError::ColumnMismatch { expected: self.columns(), found: other.columns() });
        }
        let entries = self.columns.len();
        self.rows += other.rows;
        self.dense.extend_from_slice(&other.dense);
        self.columns.extend_from_slice(&other.columns);
        self.values.extend_from_slice(&other.values);
        self.starts.extend(other.starts[1..].iter().map(|start| entries + start));
        Ok(())
    }
}
