//! Representations of molecules and materials for surrogates.
//!
//! **Graphs.** A [`Features`] implementation turns molecular graphs into
//! numbers, many at a time:
//!
//! | type | rows | reference |
//! |---|---|---|
//! | [`MorganCounts`] | sparse counts, [`CountMatrix`] | Rogers and Hahn, J. Chem. Inf. Model. 50, 742 (2010) |
//! | [`MorganBits`] | bits, [`BitMatrix`] | as above |
//! | [`FoldedMorgan`] | a byte for each count, [`FoldedCounts`] | as above |
//! | [`AtomPairs`] | sparse counts, [`CountMatrix`] | Carhart, Smith and Venkataraghavan, J. Chem. Inf. Comput. Sci. 25, 64 (1985) |
//! | [`Descriptors`] | 50 numbers, [`DenseMatrix`] | RDKit's names and numbers |
//! | [`MorganDescriptors`] | both of these, [`DenseMatrix`] | |
//!
//! Trees split on folded counts: [`FoldedCounts`] row by row, [`CountColumns`]
//! column by column without the zeros, both made from any [`CountMatrix`].
//!
//! ```
//! use features::{CountColumns, Descriptors, Features, FoldedCounts, MorganCounts};
//! use matter::chem::Graph;
//!
//! let molecules = [Graph::from_smiles("CCO")?, Graph::from_smiles("c1ccccc1O")?];
//! let counts = MorganCounts::default().compute(&molecules)?;
//! let rows = FoldedCounts::fold(&counts, 2048)?;
//! let columns = CountColumns::fold(&counts, 2048)?;
//! assert_eq!((rows.len(), columns.columns()), (2, 2048));
//! let table = Descriptors.compute(&molecules)?;
//! assert_eq!((Descriptors.names()[0], table.row(0)[0].round()), ("MolWt", 46.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Geometries** become dense rows: [`GlobalFeatures`] gives one per molecule,
//! [`LocalFeatures`] one per atom, [`LocalGradients`] their derivatives. There
//! are [`CoulombMatrix`], [`CoulombEigenvalues`], [`Slatm`], [`Fchl19`] and
//! [`Soap`] with derivatives, and [`AveragedSoap`].
//!
//! **Compositions** of crystals and alloys are read from formulas;
//! [`CompositionFeatures`] gives one row for each, as [`Magpie`] does.
//!
//! ```
//! use features::{Composition, CompositionFeatures, Magpie};
//!
//! let alloys = [Composition::parse("Fe0.5Ni0.5")?, Composition::parse("(Zr0.5Ti0.5)O2")?];
//! let table = Magpie::default().compute(&alloys)?;
//! assert_eq!((table.columns(), Magpie::default().names()[3].as_str()), (142, "mean Number"));
//! assert_eq!(table.row(0)[3], 27.0);
//! # Ok::<(), features::FeatureError>(())
//! ```
//!
//! Every implementation is tested with the kit in [`conformance`]. All chemistry
//! comes from the crate `matter`.

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
mod pairs;
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
pub use pairs::AtomPairs;
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
