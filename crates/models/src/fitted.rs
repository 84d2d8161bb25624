//! A learner with what is subtracted from the labels before it learns.

use crate::learner::{Design, Hyper};
use crate::{AnyTable, Learner, ModelError};
use learn::{Composition, ElementBaseline, Predictions, Surrogate, Table};
use serde::{Deserialize, Serialize};

/// A data set as numbers: one entry of each for each structure.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    pub(crate) table: AnyTable,
    /// For extensive properties.
    pub(crate) composition: Option<Composition>,
    /// Values of the cheaper method.
    pub(crate) low: Option<Vec<f64>>,
    /// Values of lower rungs that are known of the structures asked for.
    pub(crate) known: Option<Vec<Vec<Option<f64>>>>,
    /// For each column which way predictions may go; empty if any.
    pub(crate) monotone: Vec<i8>,
}

impl Prepared {
    pub(crate) fn select(&self, indices: &[usize]) -> Prepared {
        Prepared {
            table: self.table.select(indices),
            composition: self.composition.as_ref().map(|c| c.select(indices)),
            low: self.low.as_ref().map(|low| indices.iter().map(|&i| low[i]).collect()),
            known: self.known.as_ref().map(|known| indices.iter().map(|&i| known[i].clone()).collect()),
            monotone: self.monotone.clone(),
        }
    }
}

/// How the cheaper method's value enters: `slope * low + intercept`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LowFit {
    /// Factor of the cheaper method's value.
    pub slope: f64,
    /// Constant; zero for extensive properties, which have the energies of
    /// their elements instead.
    pub intercept: f64,
    /// Pearson correlation of the two methods (of what the elements' energies
    /// leave, for extensive properties).
    pub correlation: f64,
}

impl LowFit {
    /// Least squares. With a composition, both sides are first rid of the best
    /// energies of elements, so that the slope tells of chemistry and not of
    /// size (Frisch, Waugh and Lovell: the same slope as a joint fit).
    fn new(labels: &[f64], low: &[f64], composition: Option<&Composition>) -> Result<LowFit, ModelError> {
        let rid = |values: &[f64]| -> Result<Vec<f64>, ModelError> {
            let n = values.len().max(1) as f64;
            Ok(match composition {
                Some(composition) => {
                    let known = ElementBaseline::fit(composition, values)?.predict(composition)?;
                    values.iter().zip(known).map(|(v, k)| v - k).collect()
                }
                None => {
                    let mean = values.iter().sum::<f64>() / n;
                    values.iter().map(|v| v - mean).collect()
                }
            })
        };
        let (y, x) = (rid(labels)?, rid(low)?);
        let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        let (xx, yy, xy) = (dot(&x, &x), dot(&y, &y), dot(&x, &y));
        // A constant cheap value says nothing.
        let slope = if xx > 0.0 { xy / xx } else { 0.0 };
        let correlation = if xx > 0.0 && yy > 0.0 { xy / (xx * yy).sqrt() } else { 0.0 };
        let n = labels.len().max(1) as f64;
        let intercept = match composition {
            Some(_) => 0.0,
            None => labels.iter().zip(low).map(|(y, x)| y - slope * x).sum::<f64>() / n,
        };
        Ok(LowFit { slope, intercept, correlation })
    }

    fn value(&self, low: f64) -> f64 {
        self.slope * low + self.intercept
    }
}

/// A learner that has learnt.
#[derive(Debug, Clone)]
pub(crate) struct Fitted {
    pub(crate) low: Option<LowFit>,
    pub(crate) baseline: Option<ElementBaseline>,
    pub(crate) learner: Learner,
    /// Found by the fit; nothing after loading.
    pub(crate) hyper: Option<Hyper>,
    /// The same for the card.
    pub(crate) found: serde_json::Value,
}

impl Fitted {
    /// Learns, with hyper-parameters found before or else its own.
    pub(crate) fn fit(
        design: Design,
        hyper: Option<Hyper>,
        x: &Prepared,
        labels: &[f64],
    ) -> Result<Fitted, ModelError> {
        let (low, baseline, rest) = subtract(x, labels)?;
        let mut learner = Learner::with(design, hyper, &x.monotone);
        let report = learner.fit(&x.table, &rest)?;
        let hyper = learner.hyper(&report);
        let found = learner.card(&report);
        Ok(Fitted { low, baseline, learner, hyper, found })
    }

    pub(crate) fn predict(&self, x: &Prepared) -> Result<Predictions, ModelError> {
        let mut seen = match &x.known {
            Some(known) => self.learner.predict_given(&x.table, known)?,
            None => self.learner.predict(&x.table)?,
        };
        if let (Some(fit), Some(low)) = (&self.low, &x.low) {
            seen.mean.iter_mut().zip(low).for_each(|(mean, low)| *mean += fit.value(*low));
        }
        if let (Some(baseline), Some(composition)) = (&self.baseline, &x.composition) {
            let known = baseline.predict(composition)?;
            seen.mean.iter_mut().zip(known).for_each(|(mean, known)| *mean += known);
        }
        Ok(seen)
    }
}

/// What is known before learning, and what is left of the labels.
pub(crate) type Subtracted = (Option<LowFit>, Option<ElementBaseline>, Vec<f64>);

/// Takes off the cheaper method's value first, then energies of elements.
pub(crate) fn subtract(x: &Prepared, labels: &[f64]) -> Result<Subtracted, ModelError> {
    let mut rest = labels.to_vec();
    let low = match &x.low {
        Some(low) => {
            let fit = LowFit::new(labels, low, x.composition.as_ref())?;
            rest.iter_mut().zip(low).for_each(|(y, low)| *y -= fit.value(*low));
            Some(fit)
        }
        None => None,
    };
    let baseline = match &x.composition {
        Some(composition) => {
            let baseline = ElementBaseline::fit(composition, &rest)?;
            let known = baseline.predict(composition)?;
            rest.iter_mut().zip(known).for_each(|(y, known)| *y -= known);
            Some(baseline)
        }
        None => None,
    };
    Ok((low, baseline, rest))
}
