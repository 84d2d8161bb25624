/// Why a surrogate could not be fitted or asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LearnError {
    /// No labels at all.
    #[error("there is nothing to learn from: give at least one labelled structure")]
    NoData,
    /// Rows and labels do not pair up.
    #[error("{rows} rows of features but {labels} labels: expected one label for each row")]
    LengthMismatch {
        /// Rows of features given.
        rows: usize,
        /// Labels given.
        labels: usize,
    },
    /// A label is not a number that can be computed with.
    #[error(
        "label {index} (counted from 0) is {value}: expected a finite number of at most {limit:e} in size; \
         leave out structures whose calculation failed"
    )]
    BadLabel {
        /// Position of the label, counted from 0.
        index: usize,
        /// What was found.
        value: f64,
        /// The largest size accepted.
        limit: f64,
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
    /// A prediction was asked of a model without data.
    #[error("the model has not been fitted: call `fit` with at least one label first")]
    NotFitted,
    /// The covariance matrix of the labels has no Cholesky factor.
    #[error(
        "the covariance matrix of {labels} labels is singular at row {row} with noise variance \
         {noise_variance:e} and signal variance {signal_variance:e}: raise the noise variance or let it be estimated"
    )]
    SingularCovariance {
        /// Number of labels.
        labels: usize,
        /// First row without a positive pivot.
        row: usize,
        /// Noise variance in use, squared units of the label.
        noise_variance: f64,
        /// Signal variance in use, squared units of the label.
        signal_variance: f64,
    },
    /// A candidate that is not there.
    #[error("candidate {index} (counted from 0) does not exist: there are {candidates}")]
    NoSuchCandidate {
        /// The index asked for.
        index: usize,
        /// The number of candidates.
        candidates: usize,
    },
    /// The joint posterior would not fit into memory.
    #[error(
        "a joint posterior of {candidates} candidates with {labels} labels needs {bytes} bytes, more than the \
         limit of {limit}: keep the best {fits} candidates, or predict without covariances"
    )]
    PosteriorTooLarge {
        /// Candidates asked for.
        candidates: usize,
        /// Labels of the model.
        labels: usize,
        /// Memory it would take.
        bytes: usize,
        /// Memory allowed.
        limit: usize,
        /// Candidates that would fit.
        fits: usize,
    },
    /// Numbers that do not fill whole rows.
    #[error("{values} numbers do not make rows of {columns}: give as many for each row, at least one")]
    RaggedFeatures {
        /// Numbers given.
        values: usize,
        /// Numbers in each row.
        columns: usize,
    },
    /// A feature is not a number that can be computed with.
    #[error(
        "feature {column} of row {row} (both counted from 0) is {value}: expected a finite number of at most \
         {limit:e} in size; leave out the structure or the feature"
    )]
    BadFeature {
        /// Row, counted from 0.
        row: usize,
        /// Column, counted from 0.
        column: usize,
        /// What was found.
        value: f64,
        /// The largest size accepted.
        limit: f64,
    },
    /// Features that the model was not fitted to.
    #[error(
        "rows of {found} features do not fit {expected}: describe all structures with the same \
         representation and the same parameters"
    )]
    ColumnMismatch {
        /// Features in each row so far.
        expected: usize,
        /// Features in each row given.
        found: usize,
    },
    /// Labels of more or fewer properties than before.
    #[error(
        "labels of {found} properties, expected {expected}: give each label of each property, in the same order"
    )]
    PropertyMismatch {
        /// Properties expected.
        expected: usize,
        /// Properties given.
        found: usize,
    },
    /// Too few labels for what was asked.
    #[error("{labels} labels are too few for {what}, which needs {needed}: label more structures")]
    TooFewLabels {
        /// Labels given.
        labels: usize,
        /// Labels needed.
        needed: usize,
        /// What needs them.
        what: &'static str,
    },
    /// A baseline is not a number that can be computed with.
    #[error(
        "baseline {index} (counted from 0) is {value}: expected a finite number of at most {limit:e} in size; \
         leave out structures whose cheap calculation failed"
    )]
    BadBaseline {
        /// Position of the baseline, counted from 0.
        index: usize,
        /// What was found.
        value: f64,
        /// The largest size accepted.
        limit: f64,
    },
    /// A structure with an element that no training structure has.
    #[error(
        "row {row} (counted from 0) has element {element}, which no training structure has: \
         label structures with it, or leave the row out"
    )]
    UnknownElement {
        /// Row, counted from 0.
        row: usize,
        /// Atomic number.
        element: u8,
    },
    /// A stored model that cannot be restored.
    #[error("stored model: `{field}` {problem}; read the file this version wrote, or train the model again")]
    BadStored {
        /// Name of the setting or array.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Features that a stored model did not learn from.
    #[error(
        "the features of training structure {row} (counted from 0) are not those the stored model was fitted to: \
         compute them from the same structures, in the same order, with the same representation"
    )]
    StrangeFeatures {
        /// Row, counted from 0.
        row: usize,
    },
    /// Trees could not be grown or read.
    #[error(transparent)]
    Trees(#[from] trees::TreeError),
    /// A model restored without its training structures cannot learn more.
    #[error(
        "the model was restored without its training structures: hand them over, or fit it again with all labels"
    )]
    NoTrainingRows,
    /// A label of a rung is not a number that can be computed with.
    #[error(
        "the label of row {row} on rung {rung} (both counted from 0) is {value}: expected a finite number of at \
         most {limit:e} in size; leave out structures whose calculation or measurement failed"
    )]
    BadRungLabel {
        /// Rung, 0 the lowest.
        rung: usize,
        /// Row, counted from 0.
        row: usize,
        /// What was found.
        value: f64,
        /// The largest size accepted.
        limit: f64,
    },
    /// A row on a rung that the ladder does not have.
    #[error("row {row} is on rung {rung} (both counted from 0), but there are {rungs} rungs")]
    NoSuchRung {
        /// Row, counted from 0.
        row: usize,
        /// Its rung.
        rung: usize,
        /// The number of rungs.
        rungs: usize,
    },
    /// A rung without a label.
    #[error(
        "rung {rung} (counted from 0) of {rungs} has no label: label structures on it, or leave the rung out"
    )]
    EmptyRung {
        /// Rung, 0 the lowest.
        rung: usize,
        /// The number of rungs.
        rungs: usize,
    },
    /// A point of a learning curve that cannot be.
    #[error(
        "point {point} (counted from 0) of the learning curve has {labels} labels and error {error}: expected at \
         least one label and a finite error above zero"
    )]
    BadCurvePoint {
        /// Position of the point, counted from 0.
        point: usize,
        /// Its labels.
        labels: usize,
        /// Its error.
        error: f64,
    },
    /// Rows without their elements.
    #[error("the rows do not say which elements they have: add them with `Rungs::with_elements`")]
    NoElements,
    /// A bug in this crate.
    #[error("internal error in `learn`: {what}; please report it")]
    Internal {
        /// What should not have happened.
        what: &'static str,
    },
}
