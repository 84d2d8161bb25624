use super::{Charges, checked, eigenvalues::eigenvalues, fits, most_atoms};
use crate::{FeatureError, FeatureId, GlobalFeatures, Unfit};
use matter::Geometry;

/// In which order eigenvalues are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum EigenvalueOrder {
    /// The largest first; padding zeros come before negative eigenvalues. As
    /// qmllib 1.2.0 has it.
    #[default]
    Value,
    /// The largest magnitude first, then padding zeros. As dscribe 2.1.2 has
    /// it with `permutation="eigenspectrum"`.
    Magnitude,
}

/// The eigenvalues of the Coulomb matrix, padded with zeros to `size`.
///
/// Rupp et al., Phys. Rev. Lett. 108, 058301 (2012). Unlike the sorted matrix
/// it is continuous and the same for any order of the atoms.
#[derive(Debug, Clone, PartialEq)]
pub struct CoulombEigenvalues {
    size: usize,
    order: EigenvalueOrder,
    charges: Charges,
}

impl CoulombEigenvalues {
    /// Rows for molecules of up to `size` atoms.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] if `size` is 0.
    pub fn new(size: usize, order: EigenvalueOrder) -> Result<Self, FeatureError> {
        Ok(Self { size: checked(size)?, order, charges: Charges::new() })
    }

    /// Rows for molecules as large as the largest of `geometries`.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] if there are none.
    pub fn fitting(geometries: &[Geometry], order: EigenvalueOrder) -> Result<Self, FeatureError> {
        Self::new(most_atoms(geometries), order)
    }
}

impl GlobalFeatures for CoulombEigenvalues {
    fn id(&self) -> FeatureId {
        let order = match self.order {
            EigenvalueOrder::Value => "value",
            EigenvalueOrder::Magnitude => "magnitude",
        };
        FeatureId::new(format!("coulomb-eigenvalues:{order}:size{}", self.size))
    }

    fn columns(&self) -> usize {
        self.size
    }

    fn fill(&self, geometry: &Geometry, row: &mut [f64]) -> Result<(), Unfit> {
        let atoms = fits(geometry, self.size)?;
        let values = eigenvalues(self.charges.matrix(geometry), atoms);
        row[..atoms].copy_from_slice(&values);
        match self.order {
            EigenvalueOrder::Value => row.sort_by(|a, b| b.total_cmp(a)),
            EigenvalueOrder::Magnitude => row[..atoms].sort_by(|a, b| b.abs().total_cmp(&a.abs())),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::geometric;
    use matter::Element;

    #[test]
    fn eigenvalues_conform() {
        for order in [EigenvalueOrder::Value, EigenvalueOrder::Magnitude] {
            let features = CoulombEigenvalues::new(14, order).unwrap();
            geometric::check_global(&features, &[Element::H, Element::C, Element::O]).unwrap();
        }
    }

    #[test]
    fn two_atoms_have_the_eigenvalues_of_a_two_by_two_matrix() {
        // 0.5 on the diagonal, 1/0.5 = 2 beside it: 2.5 and -1.5.
        let h2 = Geometry::new(vec![Element::H; 2], vec![[0.0; 3], [0.0, 0.0, 0.5]]).unwrap();
        let row =
            |order| CoulombEigenvalues::new(3, order).unwrap().compute(std::slice::from_ref(&h2)).unwrap();
        for (order, expected) in
            [(EigenvalueOrder::Value, [2.5, 0.0, -1.5]), (EigenvalueOrder::Magnitude, [2.5, -1.5, 0.0])]
        {
            for (value, expected) in row(order).row(0).iter().zip(expected) {
                assert!((value - expected).abs() < 1e-14);
            }
        }
    }
}
