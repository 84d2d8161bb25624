use matter::chem::GraphError;

/// Why features could not be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FeatureError {
    /// The counts of one molecule add up to more than 32 bits hold.
    #[error(
        "the feature counts of one molecule add up to {total}, more than the {max} that a row can hold; \
         leave this molecule out"
    )]
    TooManyCounts {
        /// The sum that was found.
        total: u64,
        /// The largest sum a row can hold.
        max: u64,
    },
    /// The chemistry layer could not describe a molecule.
    #[error(
        "molecule {index} (counted from 0), `{smiles}`, has no {features} features: {source}; \
         leave this molecule out"
    )]
    Molecule {
        /// Position of the molecule in the batch, counted from 0.
        index: usize,
        /// Its canonical SMILES.
        smiles: String,
        /// The representation that was asked for.
        features: String,
        /// What the chemistry layer said.
        source: GraphError,
    },
}
