//! Structures with the rung that their labels are of.

use crate::{LearnError, Table};
use std::collections::BTreeMap;

/// The most rungs of one ladder.
pub const RUNG_LIMIT: usize = 16;

/// Features of structures, each with a rung of the ladder: 0 is the cheapest
/// level, the highest the one asked for in the end (an experiment, say). A
/// structure labelled on two rungs is two rows; rows with equal features are
/// the same structure.
///
/// With [`Rungs::with_elements`] the rows also know their composition, which
/// extensive properties need.
#[derive(Debug, Clone, PartialEq)]
pub struct Rungs<X> {
    pub(super) features: X,
    pub(super) rung: Vec<usize>,
    pub(super) elements: Option<Vec<BTreeMap<u8, u32>>>,
}

impl<X: Table> Rungs<X> {
    /// Joins features and rungs.
    ///
    /// # Errors
    /// [`LearnError::LengthMismatch`], or [`LearnError::NoSuchRung`] from
    /// [`RUNG_LIMIT`] on.
    pub fn new(features: X, rung: Vec<usize>) -> Result<Self, LearnError> {
        let (rows, labels) = (features.len(), rung.len());
        if rows != labels {
            return Err(LearnError::LengthMismatch { rows, labels });
        }
        if let Some(row) = rung.iter().position(|&r| r >= RUNG_LIMIT) {
            return Err(LearnError::NoSuchRung { row, rung: rung[row], rungs: RUNG_LIMIT });
        }
        Ok(Self { features, rung, elements: None })
    }

    /// All rows on one rung.
    ///
    /// # Errors
    /// As [`Rungs::new`].
    pub fn at(features: X, rung: usize) -> Result<Self, LearnError> {
        let rows = features.len();
        Self::new(features, vec![rung; rows])
    }

    /// Adds the atomic numbers of each row's atoms.
    ///
    /// # Errors
    /// [`LearnError::LengthMismatch`].
    pub fn with_elements<'a>(
        self,
        structures: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, LearnError> {
        let count = |elements: &[u8]| {
            let mut row = BTreeMap::new();
            elements.iter().for_each(|&z| *row.entry(z).or_default() += 1);
            row
        };
        let elements: Vec<BTreeMap<u8, u32>> = structures.into_iter().map(count).collect();
        let (rows, labels) = (self.rung.len(), elements.len());
        if rows != labels {
            return Err(LearnError::LengthMismatch { rows, labels });
        }
        Ok(Self { elements: Some(elements), ..self })
    }

    /// The rung of each row.
    pub fn rungs(&self) -> &[usize] {
        &self.rung
    }

    /// The features alone.
    pub fn features(&self) -> &X {
        &self.features
    }

    /// The same structures, all on one rung.
    ///
    /// # Errors
    /// [`LearnError::NoSuchRung`].
    pub fn moved_to(&self, rung: usize) -> Result<Self, LearnError> {
        let moved = Self::at(self.features.clone(), rung)?;
        Ok(Self { elements: self.elements.clone(), ..moved })
    }
}

impl<X: Table> Table for Rungs<X> {
    fn len(&self) -> usize {
        self.rung.len()
    }

    fn select(&self, indices: &[usize]) -> Self {
        let elements = self.elements.as_ref();
        Self {
            features: self.features.select(indices),
            rung: indices.iter().map(|&i| self.rung[i]).collect(),
            elements: elements.map(|rows| indices.iter().map(|&i| rows[i].clone()).collect()),
        }
    }

    /// # Errors
    /// Also [`LearnError::NoElements`] when only one of the two has them.
    fn append(&mut self, other: &Self) -> Result<(), LearnError> {
        if self.elements.is_some() != other.elements.is_some() {
            return Err(LearnError::NoElements);
        }
        self.features.append(&other.features)?;
        self.rung.extend_from_slice(&other.rung);
        if let (Some(rows), Some(more)) = (&mut self.elements, &other.elements) {
            rows.extend_from_slice(more);
        }
        Ok(())
    }
}
