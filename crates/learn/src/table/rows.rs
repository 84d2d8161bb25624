use super::{Table, check_columns, check_features};
use crate::LearnError;

/// Dense features: one row of numbers for each structure, rows one after
/// another. All numbers are finite.
#[derive(Debug, Clone, PartialEq)]
pub struct DenseRows {
    values: Vec<f64>,
    columns: usize,
}

impl DenseRows {
    /// Rows of `columns` numbers each, one row after another.
    ///
    /// # Errors
    /// [`LearnError::RaggedFeatures`] when the values do not fill whole rows,
    /// [`LearnError::BadFeature`] for one that is not finite.
    pub fn new(values: Vec<f64>, columns: usize) -> Result<Self, LearnError> {
        check_features(&values, columns, 0)?;
        Ok(Self { values, columns })
    }

    /// Numbers in each row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// All numbers, row after row.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Row `index`.
    ///
    /// # Panics
    /// If `index` is not below the number of rows, as slices do.
    pub fn row(&self, index: usize) -> &[f64] {
        &self.values[index * self.columns..(index + 1) * self.columns]
    }
}

impl Table for DenseRows {
    fn len(&self) -> usize {
        self.values.len() / self.columns
    }

    fn select(&self, indices: &[usize]) -> Self {
        let values = indices.iter().flat_map(|&i| self.row(i)).copied().collect();
        Self { values, columns: self.columns }
    }

    fn append(&mut self, other: &Self) -> Result<(), LearnError> {
        check_columns(self.columns, other.columns)?;
        self.values.extend_from_slice(&other.values);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_finite_table_is_refused() {
        assert!(matches!(DenseRows::new(vec![1.0; 5], 2), Err(LearnError::RaggedFeatures { .. })));
        assert!(matches!(DenseRows::new(vec![], 0), Err(LearnError::RaggedFeatures { .. })));
        for bad in [f64::NAN, f64::INFINITY, -1e101] {
            let error = DenseRows::new(vec![0.0, 1.0, 2.0, bad], 2).unwrap_err();
            assert!(matches!(error, LearnError::BadFeature { row: 1, column: 1, .. }), "{error}");
        }
        let mut rows = DenseRows::new(vec![1.0, 2.0, 3.0, 4.0], 2).unwrap();
        assert_eq!(rows.select(&[1, 0]).values(), [3.0, 4.0, 1.0, 2.0]);
        let other = DenseRows::new(vec![5.0], 1).unwrap();
        assert_eq!(rows.append(&other), Err(LearnError::ColumnMismatch { expected: 2, found: 1 }));
        assert_eq!((rows.len(), rows.row(1)), (2, &[3.0, 4.0][..]));
    }
}
