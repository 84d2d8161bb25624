use crate::FormulaFault;
use matter::Element;
use matter::chem::GraphError;

/// Why features could not be computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
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
    /// A representation has no numbers for a geometry.
    #[error("geometry {index} (counted from 0), {formula}, has no {features} features: {source}")]
    Geometry {
        /// Position of the geometry in the batch, counted from 0.
        index: usize,
        /// Its formula.
        formula: String,
        /// The representation that was asked for.
        features: String,
        /// What does not fit.
        source: Unfit,
    },
    /// A text is no formula.
    #[error("`{formula}` is no formula: {fault}")]
    Formula {
        /// The text.
        formula: String,
        /// What is wrong with it.
        fault: FormulaFault,
    },
    /// A representation has no numbers for a composition.
    #[error("composition {index} (counted from 0), {formula}, has no {features} features: {source}")]
    Composition {
        /// Position of the composition in the batch, counted from 0.
        index: usize,
        /// Its formula.
        formula: String,
        /// The representation that was asked for.
        features: String,
        /// What does not fit.
        source: Unfit,
    },
    /// A representation cannot be made with this setting.
    #[error("{name} is {value}: expected {expected}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// What was given.
        value: String,
        /// What is possible.
        expected: &'static str,
    },
}

/// Why a representation has no numbers for one geometry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unfit {
    /// No column is for this element.
    #[error(
        "atom {atom} is {element}, and the columns are for {covered}; make the representation with \
         {element} too, or leave this geometry out"
    )]
    Element {
        /// Index of the atom, from 1.
        atom: usize,
        /// Its element.
        element: Element,
        /// The elements there are columns for.
        covered: String,
    },
    /// A row is too short for all atoms.
    #[error("it has {atoms} atoms, and rows are for {size}; make the representation with size {atoms}")]
    Size {
        /// Atoms of the geometry.
        atoms: usize,
        /// The atoms a row has place for.
        size: usize,
    },
    /// The columns are for molecules with fewer atoms of an element.
    #[error(
        "it has {count} atoms of {element}, and the columns are for {most} at most; make the many-body \
         types from a set that contains this geometry, or leave it out"
    )]
    Count {
        /// The element.
        element: Element,
        /// Its atoms in the geometry.
        count: usize,
        /// The most atoms of it that the columns are for.
        most: usize,
    },
}
