//! The candidates a campaign ends with.

use super::cost::Cost;
use super::evaluation::Estimate;
use serde::{Deserialize, Serialize};

/// A computed candidate of the short-list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShortListEntry {
    /// Place on the list, from 1.
    pub rank: u32,
    /// Canonical SMILES.
    pub smiles: String,
    /// Molecular formula, Hill order.
    pub formula: String,
    /// Molecular weight in g/mol.
    pub molecular_weight: f64,
    /// Synthetic accessibility score, 1 (easy) to 10 (hard); Ertl and Schuffenhauer 2009.
    pub sa_score: Option<f64>,
    /// Computed value of the property, in [`super::Question::unit`].
    pub value: f64,
    /// What was predicted before it was computed; `None` in the initial sample.
    pub predicted: Option<Estimate>,
    /// What computing it cost, all calculations of its recipe together.
    pub cost: Cost,
    /// Method that computed it: `gfn2`.
    pub method: String,
    /// Other properties worth showing.
    pub other: Vec<NamedValue>,
}

/// A number with its name and unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NamedValue {
    /// What it is.
    pub name: String,
    /// The number, in [`NamedValue::unit`].
    pub value: f64,
    /// Its unit; empty for a pure number.
    pub unit: String,
}

/// A candidate predicted to be good that was not computed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PromisingEntry {
    /// Canonical SMILES.
    pub smiles: String,
    /// Molecular formula, Hill order.
    pub formula: String,
    /// Synthetic accessibility score, 1 (easy) to 10 (hard).
    pub sa_score: Option<f64>,
    /// The prediction, in [`super::Question::unit`].
    pub predicted: Estimate,
    /// What computing it is expected to cost.
    pub predicted_cost: Option<Cost>,
}
