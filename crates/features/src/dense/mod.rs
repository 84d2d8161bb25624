//! The contract of representations of geometries, and what holds their numbers.

mod matrix;
mod settings;

pub use matrix::{AtomRows, DenseMatrix};
pub(crate) use settings::{finite, listed, positive};

use crate::error::Unfit;
use crate::{FeatureError, FeatureId};
use matter::{Formula, Geometry};
use rayon::prelude::*;

/// Turns a geometry into one dense row.
///
/// Implementations must not depend on where the molecule is, how it is turned
/// and how its atoms are numbered, must give for a batch what they give for
/// each geometry alone, and must be deterministic for any number of threads;
/// [`conformance::geometric::check_global`](crate::conformance::geometric::check_global)
/// tests all of it.
pub trait GlobalFeatures: Sync {
    /// The name of this representation with all its settings.
    fn id(&self) -> FeatureId;

    /// The length of a row.
    fn columns(&self) -> usize;

    /// Writes the features of one geometry to `row`, which has
    /// [`GlobalFeatures::columns`] zeros.
    ///
    /// # Errors
    /// [`Unfit`] if this representation has no row for the geometry.
    fn fill(&self, geometry: &Geometry, row: &mut [f64]) -> Result<(), Unfit>;

    /// The features of `geometries`, one row for each, in their order;
    /// computed in the threads of the current rayon pool.
    ///
    /// # Errors
    /// [`FeatureError::Geometry`] of the first geometry (lowest index) that
    /// has no features; nothing is returned for the others.
    fn compute(&self, geometries: &[Geometry]) -> Result<DenseMatrix, FeatureError> {
        let mut matrix = DenseMatrix::zeros(geometries.len(), self.columns());
        let rows: Vec<&mut [f64]> = matrix.rows_mut().collect();
        let done: Vec<_> = rows.into_par_iter().zip(geometries).map(|(row, g)| self.fill(g, row)).collect();
        first_error(done, geometries, &self.id())?;
        Ok(matrix)
    }
}

/// Turns a geometry into one dense row for each atom.
///
/// The rules are those of [`GlobalFeatures`], but the rows follow the atoms
/// when these are renumbered;
/// [`conformance::geometric::check_local`](crate::conformance::geometric::check_local)
/// tests them.
pub trait LocalFeatures: Sync {
    /// The name of this representation with all its settings.
    fn id(&self) -> FeatureId;

    /// The length of a row.
    fn columns(&self) -> usize;

    /// Writes the features of all atoms of one geometry to `rows`, which has
    /// atoms x [`LocalFeatures::columns`] zeros, row after row.
    ///
    /// # Errors
    /// [`Unfit`] if this representation has no rows for the geometry.
    fn fill(&self, geometry: &Geometry, rows: &mut [f64]) -> Result<(), Unfit>;

    /// The features of all atoms of `geometries`, in their order; computed in
    /// the threads of the current rayon pool.
    ///
    /// # Errors
    /// [`FeatureError::Geometry`] of the first geometry (lowest index) that
    /// has no features; nothing is returned for the others.
    fn compute(&self, geometries: &[Geometry]) -> Result<AtomRows, FeatureError> {
        let mut rows = AtomRows::zeros(geometries, self.columns());
        let parts = rows.molecules_mut();
        let done: Vec<_> =
            parts.into_par_iter().zip(geometries).map(|(part, g)| self.fill(g, part)).collect();
        first_error(done, geometries, &self.id())?;
        Ok(rows)
    }
}

/// Per-atom features whose derivatives with respect to all positions are known.
pub trait LocalGradients: LocalFeatures {
    /// Writes the features to `rows` as [`LocalFeatures::fill`] does and their
    /// derivatives to `gradients`, which has atoms x atoms x 3 x columns
    /// zeros: `[a][b][axis][c]` becomes the derivative of column c of atom a
    /// with respect to a coordinate of atom b, per angstrom.
    ///
    /// # Errors
    /// [`Unfit`] if this representation has no rows for the geometry.
    fn fill_with_gradients(
        &self,
        geometry: &Geometry,
        rows: &mut [f64],
        gradients: &mut [f64],
    ) -> Result<(), Unfit>;

    /// Adds to `slopes`, one for each atom, the derivatives with respect to
    /// positions of a number whose derivatives with respect to the features are
    /// `weights` (atoms x [`LocalFeatures::columns`], row after row): the
    /// forces of a model of an energy, but for their sign; per angstrom.
    ///
    /// The same as summing `fill_with_gradients` times `weights`, which is what
    /// this does unless an implementation has a way without the large array.
    ///
    /// # Errors
    /// [`Unfit`] if this representation has no rows for the geometry.
    fn pull_back(&self, geometry: &Geometry, weights: &[f64], slopes: &mut [[f64; 3]]) -> Result<(), Unfit> {
        let columns = self.columns();
        let mut rows = vec![0.0; geometry.len() * columns];
        let mut gradients = vec![0.0; rows.len() * geometry.len() * 3];
        self.fill_with_gradients(geometry, &mut rows, &mut gradients)?;
        let mut parts = gradients.chunks_exact(columns.max(1));
        for weights in weights.chunks_exact(columns.max(1)) {
            for slope in slopes.iter_mut().flatten().take(geometry.len() * 3) {
                if let Some(part) = parts.next() {
                    *slope += part.iter().zip(weights).map(|(a, b)| a * b).sum::<f64>();
                }
            }
        }
        Ok(())
    }
}

/// Which geometry is reported must not depend on which thread was first, so
/// the outcomes are looked at in the order of the geometries.
fn first_error(
    outcomes: Vec<Result<(), Unfit>>,
    geometries: &[Geometry],
    id: &FeatureId,
) -> Result<(), FeatureError> {
    for (index, (outcome, geometry)) in outcomes.into_iter().zip(geometries).enumerate() {
        outcome.map_err(|source| FeatureError::Geometry {
            index,
            formula: geometry.elements().iter().collect::<Formula>().to_string(),
            features: id.to_string(),
            source,
        })?;
    }
    Ok(())
}
