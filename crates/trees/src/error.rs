/// Why trees could not be grown or read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TreeError {
    /// No rows to learn from.
    #[error("there is nothing to learn from: give at least one row with a label")]
    NoData,
    /// More rows than the sums of the histograms are safe for.
    #[error("{rows} rows are more than the {limit} that can be learnt from: take a random part of them")]
    TooManyRows {
        /// Rows given.
        rows: usize,
        /// Rows allowed.
        limit: usize,
    },
    /// Numbers that do not fill whole rows.
    #[error("{values} numbers do not make rows of {columns}: give as many for each row, at least one")]
    Ragged {
        /// Numbers given.
        values: usize,
        /// Numbers in each row.
        columns: usize,
    },
    /// A feature that is infinite or too large for single precision.
    #[error(
        "feature {column} of row {row} (both counted from 0) is {value}: expected a number below {limit:e} in size, \
         or NaN for a missing one"
    )]
    BadFeature {
        /// Row, counted from 0.
        row: usize,
        /// Column, counted from 0.
        column: usize,
        /// What was found.
        value: f32,
        /// The largest size accepted.
        limit: f32,
    },
    /// A column that does not exist, or twice the same in a row.
    #[error(
        "column {column} of row {row} (both counted from 0) is not expected: ascending columns below {columns}"
    )]
    BadColumn {
        /// Row, counted from 0.
        row: usize,
        /// Column, counted from 0.
        column: usize,
        /// Columns there are.
        columns: usize,
    },
    /// Rows of more or fewer features than before.
    #[error("rows of {found} features do not fit {expected}: describe all rows in the same way")]
    ColumnMismatch {
        /// Features expected.
        expected: usize,
        /// Features found.
        found: usize,
    },
    /// Rows and labels do not pair up.
    #[error("{rows} rows but {labels} labels: expected one label for each row")]
    LengthMismatch {
        /// Rows given.
        rows: usize,
        /// Labels given.
        labels: usize,
    },
    /// A label that cannot be learnt from.
    #[error("label {index} (counted from 0) is {value}: expected {expected}")]
    BadLabel {
        /// Position, counted from 0.
        index: usize,
        /// What was found.
        value: f64,
        /// What is accepted.
        expected: &'static str,
    },
    /// A setting is outside its range.
    #[error("setting `{setting}` is {found}: expected {expected}")]
    BadSetting {
        /// Name of the setting.
        setting: &'static str,
        /// Value found.
        found: f64,
        /// Values allowed.
        expected: &'static str,
    },
    /// Stored trees that are none.
    #[error("stored trees are damaged: {what}; train the model again")]
    Damaged {
        /// What does not fit.
        what: &'static str,
    },
}
