//! What a model says of itself.

use crate::learner::Design;
use crate::{
    ClassCard, Curve, DuplicatePolicy, Duplicates, Evaluation, LadderCard, Monotone, Property, Representation,
};
use ledger::Charge;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The data a model was trained on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataCard {
    /// Where they came from.
    pub source: String,
    /// SHA-256 over structures and labels.
    pub sha256: String,
    /// The licence of the data, as the user stated it.
    pub licence: Option<String>,
    /// Labelled structures in the data set, each counted once.
    pub structures: usize,
    /// Those of them that the model has learnt.
    pub used: usize,
    /// Structures met more than once.
    pub duplicates: Duplicates,
    /// What was done about different labels of one structure.
    pub policy: DuplicatePolicy,
    /// Least label learnt.
    pub least: f64,
    /// Largest label learnt.
    pub most: f64,
    /// Mean label learnt.
    pub mean: f64,
    /// Standard deviation of the labels learnt.
    pub sd: f64,
    /// In how many structures each element is.
    pub elements: BTreeMap<String, usize>,
}

/// The cheaper method's part in a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LowCard {
    /// The column that a prediction needs too.
    pub column: String,
    /// Factor of its value.
    pub slope: f64,
    /// Constant.
    pub intercept: f64,
    /// Correlation of the two methods.
    pub correlation: f64,
}

/// Energies of elements that were subtracted first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BaselineCard {
    /// By symbol, in the unit of the property.
    pub energies: BTreeMap<String, f64>,
    /// Root mean squared difference of labels and baseline.
    pub rmse: f64,
}

/// Everything about a model but its numbers. It is part of the model file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Version of the file format.
    pub format: u32,
    /// The program that wrote it.
    pub joulery: String,
    /// What it predicts.
    pub property: Property,
    /// The data.
    pub data: DataCard,
    /// How structures are described.
    pub representation: Representation,
    /// Name of the representation with all settings.
    pub features: String,
    /// The family of the model.
    pub design: Design,
    /// Which way predictions may go with some features.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub monotone: Vec<Monotone>,
    /// Hyper-parameters found.
    pub hyper_parameters: serde_json::Value,
    /// The cheaper method, if it takes one.
    pub low: Option<LowCard>,
    /// The levels it has learnt from, if several.
    #[serde(default)]
    pub ladder: Option<LadderCard>,
    /// Energies of elements, for extensive properties.
    pub baseline: Option<BaselineCard>,
    /// What it says of classes, if it is a model of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ClassCard>,
    /// What it is worth.
    pub evaluation: Evaluation,
    /// How that grew with the labels.
    pub curve: Curve,
    /// Seed of every random choice.
    pub seed: u64,
    /// What training cost, evaluation included.
    pub cost: Charge,
    /// Level of the intervals given with predictions.
    pub interval_level: f64,
    /// Factor of the standard deviation that makes them.
    pub interval_factor: f64,
}

/// Columns beside the structures that predictions can make use of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Takes {
    /// Their names.
    pub columns: Vec<String>,
    /// Whether there is no prediction without them.
    pub needed: bool,
}

impl Card {
    /// What predictions can be given beside the structure.
    pub fn takes(&self) -> Takes {
        match (&self.low, &self.ladder) {
            (Some(low), _) => Takes { columns: vec![low.column.clone()], needed: true },
            (None, Some(ladder)) if ladder.used => {
                let lower = ladder.rungs.split_last().map_or(&[][..], |(_, lower)| lower);
                Takes { columns: lower.iter().map(|rung| rung.name.clone()).collect(), needed: false }
            }
            _ => Takes::default(),
        }
    }
}
