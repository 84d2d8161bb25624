//! A trained model.

use crate::card::Takes;
use crate::fitted::{Fitted, Prepared};
use crate::learner::Design;
use crate::rungs::{Rows, on_rungs};
use crate::{Card, ModelError, Structure};
use learn::{ClassSet, Composition, Predictions};
use serde::Serialize;
use std::collections::HashMap;

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
    /// For several levels: which label is of which structure and level.
    pub(crate) rows: Option<Rows>,
    /// For several levels: the levels learnt of each structure, by its key.
    learnt: HashMap<String, Vec<usize>>,
}

/// What a prediction is made from.
struct Asked {
    numbers: Vec<u8>,
    /// Values of the columns that the model takes.
    given: Vec<Option<f64>>,
}

/// Structures predicted at a time: features of atoms take some 100 kB each.
const BLOCK: usize = 512;

impl Model {
    /// What the model says of itself.
    pub fn card(&self) -> &Card {
        &self.card
    }

    pub(crate) fn new(card: Card, fitted: Fitted, structures: Vec<Structure>, rows: Option<Rows>) -> Model {
        let learnt = rows.as_ref().map_or_else(HashMap::new, |rows| {
            rows.known(&structures.iter().map(Structure::key).collect::<Vec<_>>())
        });
        Model { card, fitted, structures, rows, learnt }
    }

    /// Predicts each structure, in order; `given` holds for each the values of the
    /// columns that the model takes beside the structure ([`Card::takes`]), as far
    /// as they are known. Reasons why a structure has no prediction are texts for
    /// the user.
    pub fn predict(
        &self,
        structures: &[Structure],
        given: Option<&[Vec<Option<f64>>]>,
    ) -> Vec<Result<Prediction, String>> {
        let mut all = Vec::with_capacity(structures.len());
        for (number, block) in structures.chunks(BLOCK).enumerate() {
            let from = number * BLOCK;
            let given = given.and_then(|given| given.get(from..from + block.len()));
            all.extend(self.predict_block(block, given));
        }
        all
    }

    fn predict_block(
        &self,
        structures: &[Structure],
        given: Option<&[Vec<Option<f64>>]>,
    ) -> Vec<Result<Prediction, String>> {
        let takes = self.card.takes();
        let ready: Vec<Result<Asked, String>> = structures
            .iter()
            .enumerate()
            .map(|(i, structure)| {
                let values = given.map_or(&[][..], |given| &given[i]);
                let given = (0..takes.columns.len()).map(|c| values.get(c).copied().flatten());
                self.admit(structure, given.collect(), &takes)
            })
            .collect();
        let good: Vec<usize> = (0..structures.len()).filter(|&i| ready[i].is_ok()).collect();
        let asked: Vec<&Asked> = ready.iter().filter_map(|r| r.as_ref().ok()).collect();
        let chosen: Vec<Structure> = good.iter().map(|&i| structures[i].clone()).collect();
        let mut results: Vec<Result<Prediction, String>> = match self.together(&chosen, &asked) {
            Ok(list) => list.into_iter().map(Ok).collect(),
            // One that has no features spoils the batch: each is asked alone.
            Err(_) => chosen
                .iter()
                .zip(&asked)
                .map(|(structure, asked)| {
                    let one = self.together(std::slice::from_ref(structure), &[asked]);
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
    fn admit(&self, structure: &Structure, given: Vec<Option<f64>>, takes: &Takes) -> Result<Asked, String> {
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
        let wrong = given.iter().zip(&takes.columns).find(|(value, _)| match value {
            Some(value) => !value.is_finite(),
            None => takes.needed,
        });
        match wrong {
            None => Ok(Asked { numbers, given }),
            Some((Some(value), column)) => {
                Err(format!("its value of `{column}` is {value}: expected a finite number"))
            }
            Some((None, column)) => {
                Err(format!("it has no value of `{column}`, which this model needs beside the structure"))
            }
        }
    }

    /// The values known of the lower levels, but for those that the model has learnt: these would
    /// count twice.
    fn known(&self, structure: &Structure, asked: &Asked) -> Vec<Option<f64>> {
        let learnt = self.learnt.get(&structure.key());
        let new = |rung: usize| learnt.is_none_or(|rungs| !rungs.contains(&rung));
        let values = asked.given.iter().enumerate().map(|(rung, value)| value.filter(|_| new(rung)));
        // The highest level is the one asked for.
        values.chain([None]).collect()
    }

    fn together(&self, structures: &[Structure], asked: &[&Asked]) -> Result<Vec<Prediction>, ModelError> {
        if structures.is_empty() {
            return Ok(Vec::new());
        }
        let mut x = Prepared {
            table: self.card.representation.describe(structures)?,
            composition: self
                .fitted
                .baseline
                .is_some()
                .then(|| Composition::new(asked.iter().map(|asked| asked.numbers.as_slice()))),
            low: self.fitted.low.is_some().then(|| {
                asked.iter().map(|asked| asked.given.first().copied().flatten().unwrap_or(f64::NAN)).collect()
            }),
            known: None,
            monotone: Vec::new(),
        };
        if let Design::CoKriging { rungs, extensive, .. } = self.card.design {
            let numbers = extensive.then(|| asked.iter().map(|asked| asked.numbers.clone()).collect());
            x.table = on_rungs(x.table, vec![rungs.saturating_sub(1); structures.len()], numbers)?;
            x.known = Some(structures.iter().zip(asked).map(|(s, asked)| self.known(s, asked)).collect());
        }
        let seen: Predictions = self.fitted.predict(&x)?;
        let told = |i: usize| x.known.as_ref().is_some_and(|known| known[i].iter().any(Option::is_some));
        let factor_told = self.card.ladder.as_ref().and_then(|ladder| ladder.given.as_ref()?.factor_90);
        let mut all: Vec<Prediction> = (0..seen.len())
            .map(|i| {
                let factor = match factor_told {
                    Some(factor) if told(i) => factor,
                    _ => self.card.interval_factor,
                };
                Prediction {
                    mean: seen.mean[i],
                    sd: seen.sd[i],
                    lower: seen.mean[i] - factor * seen.sd[i],
                    upper: seen.mean[i] + factor * seen.sd[i],
                    similarity: seen.nearest[i],
                    in_domain: seen.in_domain[i],
                    class: None,
                }
            })
            .collect();
        if let Some(class) = &self.card.class {
            all.iter_mut().zip(&seen.sd_latent).for_each(|(one, spread)| class.complete(one, *spread));
        }
        Ok(all)
    }
}
