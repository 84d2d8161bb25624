//! What a Gaussian process learnt, for a file.

use super::factor::{Factor, dot, packed_len};
use super::likelihood::{MeanPrior, Weights};
use super::scale::Scale;
use super::settings::{GpSettings, Mean};
use super::state::{Core, State};
use crate::index::TanimotoIndex;
use crate::stored::{all_positive, bad, positive};
use crate::surrogate::check_labels;
use crate::{LearnError, Storable, Stored, TanimotoGp};
use features::CountMatrix;

const KIND: &str = "tanimoto_gp";
const VERSION: u64 = 1;

/// Training rows that are compared with what was learnt.
pub(crate) const SAMPLED: usize = 64;

impl Storable for TanimotoGp {
    fn store(&self) -> Result<Stored, LearnError> {
        let State { core, weights, .. } = self.state()?;
        let mut stored = Stored::new(KIND, VERSION);
        stored.set("labels", core.labels.len())?;
        stored.set("settings", self.settings)?;
        stored.set("scale", core.scale)?;
        stored.set("offset", core.offset)?;
        stored.set("mean", weights.mean)?;
        stored.insert("labels", core.labels.clone());
        stored.insert("alpha", weights.alpha.clone());
        stored.insert("beta", weights.beta.clone());
        stored.insert("inverse_diagonal", core.inverse_diagonal.clone());
        stored.insert("nearest", core.nearest.clone());
        if core.labels.len() <= self.settings.stored_factor {
            stored.insert("factor", core.factor.packed());
        }
        Ok(stored)
    }

    fn restore(&mut self, x: &CountMatrix, stored: &Stored) -> Result<(), LearnError> {
        stored.expect(KIND, VERSION)?;
        let n = labels(stored, x.len())?;
        let settings: GpSettings = stored.get("settings")?;
        settings.check()?;
        let scale: Scale = stored.get("scale")?;
        positive("scale.signal", scale.signal)?;
        positive("scale.ratio", scale.ratio)?;
        let labels = stored.floats("labels", n)?.to_vec();
        check_labels(n, &labels)?;
        let offset: f64 = stored.get("offset")?;
        let mean = prior(settings.mean);
        let weights = weights(stored.get("mean")?, stored.floats("alpha", n)?, beta(stored, mean, n)?)?;
        let inverse_diagonal = stored.floats("inverse_diagonal", n)?.to_vec();
        all_positive("inverse_diagonal", &inverse_diagonal)?;
        let nearest = stored.floats("nearest", n)?.to_vec();
        let index = TanimotoIndex::new(x);
        let centred: Vec<f64> = labels.iter().map(|y| y - offset).collect();
        let (mut shared, mut column) = (vec![0; n], vec![0.0; n]);
        for row in sampled(n) {
            index.similarities(x.row(row), &mut shared, &mut column);
            agrees(row, &column, scale.ratio, &weights, &centred)?;
        }
        let factor = match factor(stored, n, &vec![1.0; n], scale.ratio)? {
            Some(factor) => factor,
            None => Factor::of_gram(&index.columns(x), n, scale.ratio)
                .map_err(|e| LearnError::StrangeFeatures { row: e.row })?,
        };
        let core = Core { labels, offset, mean, scale, factor, inverse_diagonal, nearest };
        let report = core.report(&settings, &weights);
        self.settings = settings;
        self.state = Some(State { index, core, weights, report });
        Ok(())
    }
}

/// The number of labels, which is that of the rows given.
pub(crate) fn labels(stored: &Stored, rows: usize) -> Result<usize, LearnError> {
    let labels: usize = stored.get("labels")?;
    if labels == 0 {
        return Err(bad("labels", "is 0, expected 1 or more".into()));
    }
    if labels == rows { Ok(rows) } else { Err(LearnError::LengthMismatch { rows, labels }) }
}

pub(crate) fn prior(mean: Mean) -> MeanPrior {
    match mean {
        Mean::Estimated => MeanPrior::Flat,
        Mean::Known(_) => MeanPrior::Known,
    }
}

/// Empty where the mean is known.
pub(crate) fn beta(stored: &Stored, mean: MeanPrior, n: usize) -> Result<&[f64], LearnError> {
    stored.floats("beta", if mean == MeanPrior::Flat { n } else { 0 })
}

pub(crate) fn weights(mean: f64, alpha: &[f64], beta: &[f64]) -> Result<Weights, LearnError> {
    let precision = if beta.is_empty() { f64::INFINITY } else { positive("beta", beta.iter().sum())? };
    Ok(Weights { mean, alpha: alpha.to_vec(), beta: beta.to_vec(), precision })
}

/// The stored factor of a matrix of diagonal `diagonal + ratio`; `None` if it
/// was left out.
pub(crate) fn factor(
    stored: &Stored,
    n: usize,
    diagonal: &[f64],
    ratio: f64,
) -> Result<Option<Factor>, LearnError> {
    if !stored.arrays.contains_key("factor") {
        return Ok(None);
    }
    let packed = stored.floats("factor", packed_len(n))?;
    let factor = Factor::from_packed(packed, n)
        .ok_or_else(|| bad("factor", "has a diagonal that is not above zero".into()))?;
    for (row, (found, own)) in factor.diagonal().iter().zip(diagonal).enumerate() {
        if (found - own - ratio).abs() > 1e-8 * (own + ratio) {
            return Err(LearnError::StrangeFeatures { row });
        }
    }
    Ok(Some(factor))
}

/// Evenly spaced rows.
pub(crate) fn sampled(n: usize) -> impl Iterator<Item = usize> {
    let count = SAMPLED.min(n);
    (0..count).map(move |i| i * n / count)
}

/// Whether covariances `column` of a training structure with all are those that
/// the weights solve: `k alpha + r alpha_i + mean = y_i`.
pub(crate) fn agrees(
    row: usize,
    column: &[f64],
    ratio: f64,
    weights: &Weights,
    centred: &[f64],
) -> Result<(), LearnError> {
    let terms: f64 = column.iter().zip(&weights.alpha).map(|(k, a)| (k * a).abs()).sum();
    let largest = centred.iter().fold(0.0_f64, |most, y| most.max(y.abs()));
    let off = dot(column, &weights.alpha) + ratio * weights.alpha[row] + weights.mean - centred[row];
    // What is left of the terms after cancelling carries their rounding.
    if off.abs() <= 1e-10 * terms + 1e-6 * largest {
        Ok(())
    } else {
        Err(LearnError::StrangeFeatures { row })
    }
}
