//! A trained model.

use crate::fitted::{Fitted, Prepared};
use crate::{Card, ModelError, Structure};
use learn::{ClassSet, Composition, Predictions};
use serde::Serialize;

/// What a model says of one structure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Prediction {
    /// Expected value, in the unit of the property.
    pub mean: f64,
    /// Standard deviation of a new label.
    pub sd: f64,
    /// Lower end of the interval, see [`Card::interval_level`].
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
    /// Similarity to the most similar training structure, 0 to 1.
    pub similarity: f64,
    /// Whether the structure is near enough to what was learnt for the numbers
    /// to be trusted.
    pub in_domain: bool,
    /// The classes that the structure may have, of a model of classes. Its `mean`
    /// is then the probability of class 1, its `sd` how far the probabilities of
    /// several models are apart, and `lower` and `upper` are the least and the
    /// largest class of the set, which are the interval of the label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<ClassSet>,
}

/// A trained model with its card.
#[derive(Debug, Clone)]
pub struct Model {
    pub(crate) card: Card,
    pub(crate) fitted: Fitted,
    /// The structures learnt from, for models that compare with them: features are
    /// computed again on loading.
    pub(crate) structures: Vec<Structure>,
}

/// The atomic numbers of a structure, and the cheaper method's value.
type Asked = (Vec<u8>, Option<f64>);

/// Structures predicted at a time: features of atoms take some 100 kB each.
const BLOCK: usize = 512;

impl Model {
    /// What the model says of itself.
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// Predicts each structure, in order; `low` holds the cheaper method's
    /// value of each, for models that need it. Reasons why a structure has no
    /// prediction are texts for the user.
    pub fn predict(
        &self,
        structures: &[Structure],
        low: Option<&[Option<f64>]>,
    ) -> Vec<Result<Prediction, String>> {
        let mut all = Vec::with_capacity(structures.len());
        for (number, block) in structures.chunks(BLOCK).enumerate() {
            let from = number * BLOCK;
            let low = low.and_then(|low| low.get(from..from + block.len()));
            all.extend(self.predict_block(block, low));
        }
        all
    }

    fn predict_block(
        &self,
        structures: &[Structure],
        low: Option<&[Option<f64>]>,
    ) -> Vec<Result<Prediction, String>> {
        let ready: Vec<Result<Asked, String>> = structures
            .iter()
            .enumerate()
            .map(|(i, structure)| self.admit(structure, low.and_then(|low| low[i])))
            .collect();
        let good: Vec<usize> = (0..structures.len()).filter(|&i| ready[i].is_ok()).collect();
        let numbers: Vec<&Asked> = ready.iter().filter_map(|r| r.as_ref().ok()).collect();
        let chosen: Vec<Structure> = good.iter().map(|&i| structures[i].clone()).collect();
        let mut results: Vec<Result<Prediction, String>> = match self.together(&chosen, &numbers) {
            Ok(list) => list.into_iter().map(Ok).collect(),
            // One that has no features spoils the batch: each is asked alone.
            Err(_) => chosen
                .iter()
                .zip(&numbers)
                .map(|(structure, numbers)| {
                    let one = self.together(std::slice::from_ref(structure), &[numbers]);
                    one.map_err(|error| error.to_string())?.pop().ok_or_else(|| "no prediction".to_owned())
                })
                .collect(),
        };
        results.reverse();
        ready
            .into_iter()
            .map(|ready| match ready {
                Ok(_) => results.pop().unwrap_or_else(|| Err("no prediction".to_owned())),
                Err(reason) => Err(reason),
            })
            .collect()
    }

    /// What a prediction needs, or why there is none.
    fn admit(&self, structure: &Structure, low: Option<f64>) -> Result<Asked, String> {
        let expected = self.card.representation.describes();
        if structure.kind() != expected {
            let found = structure.kind();
            return Err(ModelError::WrongStructures { expected, found }.to_string());
        }
        let numbers = structure.atomic_numbers()?;
        let known = &self.card.data.elements;
        let unknown = numbers
            .iter()
            .filter_map(|z| matter::Element::from_number(u32::from(*z)))
            .find(|e| !known.contains_key(e.symbol()));
        if let Some(element) = unknown {
            let list: Vec<&str> = known.keys().map(String::as_str).collect();
            return Err(format!(
                "it has {element}, and the model has learnt only {}: train it with structures that have {element}",
                list.join(", ")
            ));
        }
        match &self.card.low {
            None => Ok((numbers, None)),
            Some(card) => match low {
                Some(value) if value.is_finite() => Ok((numbers, Some(value))),
                _ => Err(format!(
                    "it has no value of `{}`, which this model needs beside the structure",
                    card.column
                )),
            },
        }
    }

    fn together(&self, structures: &[Structure], numbers: &[&Asked]) -> Result<Vec<Prediction>, ModelError> {
        if structures.is_empty() {
            return Ok(Vec::new());
        }
        let x = Prepared {
            table: self.card.representation.describe(structures)?,
            composition: self
                .fitted
                .baseline
                .is_some()
                .then(|| Composition::new(numbers.iter().map(|(z, _)| z.as_slice()))),
            low: self
                .fitted
                .low
                .is_some()
                .then(|| numbers.iter().map(|(_, low)| low.unwrap_or(f64::NAN)).collect()),
            monotone: Vec::new(),
        };
        let seen: Predictions = self.fitted.predict(&x)?;
        let factor = self.card.interval_factor;
        let mut all: Vec<Prediction> = (0..seen.len())
            .map(|i| Prediction {
                mean: seen.mean[i],
                sd: seen.sd[i],
                lower: seen.mean[i] - factor * seen.sd[i],
                upper: seen.mean[i] + factor * seen.sd[i],
                similarity: seen.nearest[i],
                in_domain: seen.in_domain[i],
                class: None,
            })
            .collect();
        if let Some(class) = &self.card.class {
            all.iter_mut().zip(&seen.sd_latent).for_each(|(one, spread)| class.complete(one, *spread));
        }
        Ok(all)
    }
}
