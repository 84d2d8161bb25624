use super::{Composition, ElementBaseline, add, minus};
use crate::surrogate::check_labels;
use crate::{FitReport, LearnError, Predictions, Surrogate, Table};

/// Features with the composition of each structure.
#[derive(Debug, Clone, PartialEq)]
pub struct WithComposition<X> {
    pub(super) features: X,
    pub(super) composition: Composition,
}

impl<X: Table> WithComposition<X> {
    /// Joins features and compositions.
    ///
    /// # Errors
    /// [`LearnError::LengthMismatch`].
    pub fn new(features: X, composition: Composition) -> Result<Self, LearnError> {
        let (rows, labels) = (features.len(), composition.len());
        if rows != labels {
            return Err(LearnError::LengthMismatch { rows, labels });
        }
        Ok(Self { features, composition })
    }

    /// The features alone.
    pub fn features(&self) -> &X {
        &self.features
    }
}

impl<X: Table> Table for WithComposition<X> {
    fn len(&self) -> usize {
        self.features.len()
    }

    fn select(&self, indices: &[usize]) -> Self {
        Self { features: self.features.select(indices), composition: self.composition.select(indices) }
    }

    fn append(&mut self, other: &Self) -> Result<(), LearnError> {
        self.features.append(&other.features)?;
        self.composition.append(&other.composition)
    }
}

/// For extensive properties: any model learns what an [`ElementBaseline`]
/// leaves, and the baseline is added to what it predicts. Its report speaks of
/// what is left; leave-one-out errors do not refit the baseline.
#[derive(Debug, Clone, Default)]
pub struct Extensive<M> {
    pub(super) model: M,
    pub(super) baseline: Option<ElementBaseline>,
}

impl<M> Extensive<M> {
    /// Around a model.
    pub fn new(model: M) -> Self {
        Self { model, baseline: None }
    }

    /// The model of what the baseline leaves.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// The baseline of the last fit.
    pub fn baseline(&self) -> Option<&ElementBaseline> {
        self.baseline.as_ref()
    }

    fn known(&self, composition: &Composition) -> Result<Vec<f64>, LearnError> {
        self.baseline.as_ref().ok_or(LearnError::NotFitted)?.predict(composition)
    }
}

impl<M: Surrogate> Surrogate for Extensive<M>
where
    M::Input: Table,
{
    type Input = WithComposition<M::Input>;

    fn fit(&mut self, x: &Self::Input, y: &[f64]) -> Result<FitReport, LearnError> {
        let baseline = ElementBaseline::fit(&x.composition, y)?;
        let report = self.model.fit(&x.features, &minus(y, &baseline.predict(&x.composition)?))?;
        self.baseline = Some(baseline);
        Ok(report)
    }

    /// The baseline stays as it was fitted.
    ///
    /// # Errors
    /// Also [`LearnError::UnknownElement`]: fit anew to learn an element.
    fn extend(&mut self, x: &Self::Input, y: &[f64]) -> Result<FitReport, LearnError> {
        check_labels(x.len(), y)?;
        let baseline = self.known(&x.composition)?;
        self.model.extend(&x.features, &minus(y, &baseline))
    }

    /// # Errors
    /// Also [`LearnError::UnknownElement`].
    fn predict(&self, x: &Self::Input) -> Result<Predictions, LearnError> {
        let baseline = self.known(&x.composition)?;
        let mut seen = self.model.predict(&x.features)?;
        add(&mut seen.mean, &baseline);
        Ok(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::random_atoms;
    use crate::{KernelGp, KernelGpSettings, LocalKernel, Shape};

    #[test]
    fn larger_structures_than_learnt_are_predicted() {
        let atoms = random_atoms(300, 3, 1);
        let size = |i: usize| atoms.elements(i).len();
        let label = |i: usize| -> f64 {
            let each = |(z, row): (&u8, &[f64])| -300.0 * f64::from(*z) + (row[0] + 0.5 * row[2]).sin();
            atoms.elements(i).iter().zip(atoms.rows(i).chunks_exact(3)).map(each).sum()
        };
        let all = WithComposition::new(atoms.clone(), Composition::of(&atoms)).unwrap();
        let small: Vec<usize> = (0..300).filter(|&i| size(i) < 10).collect();
        let large: Vec<usize> = (0..300).filter(|&i| size(i) >= 10).collect();
        let labels = |set: &[usize]| set.iter().map(|&i| label(i)).collect::<Vec<f64>>();
        let gp = KernelGp::new(LocalKernel { shape: Shape::Gaussian }, KernelGpSettings::extensive());
        let mut model = Extensive::new(gp);
        assert_eq!(model.predict(&all), Err(LearnError::NotFitted));
        model.fit(&all.select(&small), &labels(&small)).unwrap();
        let seen = model.predict(&all.select(&large)).unwrap();
        let worst = seen.mean.iter().zip(labels(&large)).fold(0.0_f64, |w, (m, y)| w.max((m - y).abs()));
        assert!(worst < 0.3, "{worst} {:?}", model.baseline());

        let mut strange = crate::LocalRows::new(3).unwrap();
        strange.push(&[9], &[0.0; 3]).unwrap();
        let strange = WithComposition::new(strange.clone(), Composition::of(&strange)).unwrap();
        let unknown = LearnError::UnknownElement { row: 0, element: 9 };
        assert_eq!(model.predict(&strange), Err(unknown.clone()));
        assert_eq!(model.extend(&strange, &[1.0]), Err(unknown));
    }
}
