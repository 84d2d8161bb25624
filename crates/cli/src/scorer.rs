//! A model as what a screening asks.

use models::read::structure;
use models::{Expected, Model, ModelError, Structure};
use records::Record;
use screening::{Score, Scorer};
use sha2::{Digest, Sha256};
use std::path::Path;

/// Predicts the records of a library.
pub struct ModelScorer {
    model: Model,
    id: String,
}

impl ModelScorer {
    /// Reads a model file.
    ///
    /// # Errors
    /// Those of [`Model::load_expected`].
    pub fn load(path: &Path, expected: &Expected) -> Result<ModelScorer, ModelError> {
        let failed = |source| ModelError::File { path: path.to_owned(), source };
        let hash = Sha256::digest(std::fs::read(path).map_err(failed)?);
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let model = Model::load_expected(path, expected)?;
        let id = format!("{} {hash}", model.card().property.name);
        Ok(ModelScorer { model, id })
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }
}

impl Scorer for ModelScorer {
    fn score(&self, batch: &[Record]) -> Vec<Result<Score, String>> {
        let kind = self.model.card().representation.describes();
        let found: Vec<Result<Structure, String>> =
            batch.iter().map(|record| structure(&record.structure, Some(kind))).collect();
        let structures: Vec<Structure> = found.iter().filter_map(|s| s.as_ref().ok()).cloned().collect();
        let given: Vec<Vec<Option<f64>>> = found
            .iter()
            .zip(batch)
            .filter(|(structure, _)| structure.is_ok())
            .map(|(_, record)| record.numbers.clone())
            .collect();
        let mut seen = self.model.predict(&structures, Some(&given)).into_iter();
        found
            .into_iter()
            .map(|structure| {
                structure?;
                let p = seen.next().unwrap_or_else(|| Err("no prediction".to_owned()))?;
                let [mean, sd, lower, upper] = [p.mean, p.sd, p.lower, p.upper].map(told);
                Ok(Score { mean, sd, lower, upper, in_domain: p.in_domain })
            })
            .collect()
    }

    fn id(&self) -> String {
        self.id.clone()
    }
}

/// Twelve digits. The last digit of a Gaussian process depends on how many structures are asked
/// for together, which is another number in each shard: what is merged is to be the same.
fn told(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn last_digits_do_not_tell_scores_apart() {
        assert_eq!(told(0.2480687193258682), told(0.24806871932586816));
        assert_ne!(told(1.0), told(1.0 + 1e-10));
        for value in [0.0, -0.0, f64::INFINITY, 1e300, -3.5e-310] {
            assert!((told(value) - value).abs() <= 1e-11 * value.abs() || told(value) == value, "{value}");
        }
        assert!(told(f64::NAN).is_nan());
    }
}
