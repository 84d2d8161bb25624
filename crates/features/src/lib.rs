//! Representations of molecules for surrogates.
//!
//! A [`Features`] implementation turns molecules into numbers, many at a time.
//! The one here, [`MorganCounts`], gives sparse counts of circular
//! environments; [`CountMatrix`] holds the counts of many molecules in three
//! flat arrays, and [`Counts`] is the view of one row. Every implementation is
//! tested with the kit in [`conformance`].
//!
//! Geometries become dense rows: [`GlobalFeatures`] gives one per molecule,
//! [`LocalFeatures`] one per atom. There are [`CoulombMatrix`],
//! [`CoulombEigenvalues`], [`Slatm`], [`Fchl19`], [`Soap`] and
//! [`AveragedSoap`]; the kit is in [`conformance::geometric`].
//!
//! All chemistry comes from the crate `matter`.

mod composition;
pub mod conformance;
mod coulomb;
mod counts;
mod dense;
mod descriptors;
mod error;
mod fchl19;
mod folded;
mod matrix;
mod morgan;
mod numeric;
mod slatm;
mod soap;

pub use composition::{Composition, CompositionFeatures, FormulaFault, Magpie, MagpieSettings, Missing};
pub use coulomb::{CoulombEigenvalues, CoulombMatrix, EigenvalueOrder, Packing};
pub use counts::{Counts, SparseCounts, tanimoto_from_shared};
pub use dense::{AtomRows, DenseMatrix, GlobalFeatures, LocalFeatures, LocalGradients};
pub use descriptors::{Descriptors, MorganDescriptors};
pub use error::{FeatureError, Unfit};
pub use fchl19::{Fchl19, Fchl19Settings};
pub use folded::{BitMatrix, CountColumns, FoldedCounts, FoldedMorgan, MorganBits};
pub use matrix::CountMatrix;
pub use morgan::{MorganCounts, Radius};
pub use slatm::{ManyBodyTypes, Slatm, SlatmSettings};
pub use soap::{AveragedSoap, Soap, SoapAverage, SoapSettings};

use matter::chem::Graph;

/// The stable name of a representation with all its settings, such as
/// `morgan-counts:r2`. Two representations with the same id give the same
/// numbers for the same molecule, so the id may be stored beside a model.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FeatureId(String);

impl FeatureId {
    /// Wraps a name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for FeatureId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Turns molecules into numbers.
///
/// Implementations must not depend on the order of the atoms, must give for a
/// batch what they give for each molecule alone, and must be deterministic for
/// any number of threads; [`conformance::check`] tests all three.
pub trait Features {
    /// What a batch becomes, e.g. [`CountMatrix`].
    type Matrix;

    /// The name of this representation with its settings.
    fn id(&self) -> FeatureId;

    /// The features of `molecules`, one row for each, in their order.
    ///
    /// # Errors
    /// [`FeatureError`] of the first molecule (lowest index) that has no
    /// features; nothing is returned for the others.
    fn compute(&self, molecules: &[Graph]) -> Result<Self::Matrix, FeatureError>;
}
