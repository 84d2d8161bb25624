use super::{add, minus};
use crate::surrogate::{LABEL_LIMIT, check_labels};
use crate::{FitReport, LearnError, Predictions, Surrogate, Table};

/// Features with a baseline: a cheaper method's value of the same property in
/// the same unit, one for each structure.
#[derive(Debug, Clone, PartialEq)]
pub struct WithBaseline<X> {
    pub(super) features: X,
    baseline: Vec<f64>,
}

impl<X: Table> WithBaseline<X> {
    /// Joins features and baseline.
    ///
    /// # Errors
    /// [`LearnError::LengthMismatch`] or [`LearnError::BadBaseline`].
    pub fn new(features: X, baseline: Vec<f64>) -> Result<Self, LearnError> {
        check_labels(features.len(), &baseline).map_err(|error| match error {
            LearnError::BadLabel { index, value, .. } => {
                LearnError::BadBaseline { index, value, limit: LABEL_LIMIT }
            }
            other => other,
        })?;
        Ok(Self { features, baseline })
    }

    /// The features alone.
    pub fn into_features(self) -> X {
        self.features
    }
}

impl<X: Table> Table for WithBaseline<X> {
    fn len(&self) -> usize {
        self.baseline.len()
    }

    fn select(&self, indices: &[usize]) -> Self {
        let baseline = indices.iter().map(|&i| self.baseline[i]).collect();
        Self { features: self.features.select(indices), baseline }
    }

    fn append(&mut self, other: &Self) -> Result<(), LearnError> {
        self.features.append(&other.features)?;
        self.baseline.extend_from_slice(&other.baseline);
        Ok(())
    }
}

/// Difference learning (Ramakrishnan, Dral, Rupp and von Lilienfeld, J. Chem.
/// Theory Comput. 11, 2087, 2015): any model learns labels less the baseline,
/// and the baseline is added to what it predicts. Its report speaks of the
/// differences.
#[derive(Debug, Clone, Default)]
pub struct Difference<M> {
    pub(super) model: M,
}

impl<M> Difference<M> {
    /// Around a model.
    pub fn new(model: M) -> Self {
        Self { model }
    }

    /// The model of the differences.
    pub fn model(&self) -> &M {
        &self.model
    }
}

impl<M: Surrogate> Surrogate for Difference<M>
where
    M::Input: Table,
{
    type Input = WithBaseline<M::Input>;

    fn fit(&mut self, x: &Self::Input, y: &[f64]) -> Result<FitReport, LearnError> {
        check_labels(x.len(), y)?;
        self.model.fit(&x.features, &minus(y, &x.baseline))
    }

    fn extend(&mut self, x: &Self::Input, y: &[f64]) -> Result<FitReport, LearnError> {
        check_labels(x.len(), y)?;
        self.model.extend(&x.features, &minus(y, &x.baseline))
    }

    fn predict(&self, x: &Self::Input) -> Result<Predictions, LearnError> {
        let mut seen = self.model.predict(&x.features)?;
        add(&mut seen.mean, &x.baseline);
        Ok(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{random_rows, smooth_labels};
    use crate::{DenseKernel, KernelGp, KernelGpSettings, Shape};

    #[test]
    fn a_good_baseline_leaves_little_to_learn() {
        let x = random_rows(150, 4, 1);
        let y = smooth_labels(&x, 0.01, 2);
        let cheap: Vec<f64> = (0..150).map(|i| y[i] - 0.3 * x.row(i)[0] + 40.0).collect();
        let gp = || KernelGp::new(DenseKernel { shape: Shape::Gaussian }, KernelGpSettings::default());
        let rows = WithBaseline::new(x.clone(), cheap.clone()).unwrap();
        let (train, test): (Vec<usize>, Vec<usize>) = ((0..30).collect(), (30..150).collect());
        let (mut direct, mut difference) = (gp(), Difference::new(gp()));
        direct.fit(&x.select(&train), &y[..30]).unwrap();
        difference.fit(&rows.select(&train), &y[..30]).unwrap();
        let error = |mean: &[f64]| mean.iter().zip(&y[30..]).map(|(m, y)| (m - y).abs()).sum::<f64>() / 120.0;
        let one = error(&direct.predict(&x.select(&test)).unwrap().mean);
        let two = error(&difference.predict(&rows.select(&test)).unwrap().mean);
        assert!(two < 0.2 * one && two < 0.03, "{one} {two}");
        let before = difference.extend(&rows.select(&test), &y[30..]).unwrap();
        assert_eq!(before.labels, 150);

        let bad = WithBaseline::new(x.select(&[0, 1]), vec![0.0, f64::NAN]).unwrap_err();
        assert!(matches!(bad, LearnError::BadBaseline { index: 1, .. }), "{bad}");
        assert!(WithBaseline::new(x, vec![0.0]).is_err());
    }
}
