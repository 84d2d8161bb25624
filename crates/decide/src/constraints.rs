use crate::DecideError;
use crate::suggest;
use matter::{Element, Smarts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use crate::filter::Filter;

/// What must hold for a candidate. Everything here follows from the molecular
/// graph and is checked before anything is spent. What is left out is not
/// constrained.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Constraints {
    /// Molecular weight in g/mol, e.g. `{ min = 100, max = 400 }`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub molecular_weight: Option<Bounds>,
    /// The most atoms other than hydrogen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_heavy_atoms: Option<u32>,
    /// Symbols of the elements allowed, e.g. `["C", "N", "O"]`. Hydrogen is
    /// always allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elements: Option<Vec<String>>,
    /// Total charge in units of e, e.g. `0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge: Option<i32>,
    /// The highest synthetic accessibility score (Ertl and Schuffenhauer 2009),
    /// from 1 (easy to make) to 10 (very hard).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_sa_score: Option<f64>,
    /// SMARTS patterns of which none may be present.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude_smarts: Vec<String>,
    /// SMARTS patterns of which each must be present.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub require_smarts: Vec<String>,
}

/// A range with ends that may be left out; the ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Lowest value allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Highest value allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
}

impl Bounds {
    /// Whether the value lies in the range.
    pub fn contains(&self, value: f64) -> bool {
        self.min.is_none_or(|min| value >= min) && self.max.is_none_or(|max| value <= max)
    }

    fn check(&self, fields: [&'static str; 3]) -> Result<(), DecideError> {
        for (field, end) in [(fields[1], self.min), (fields[2], self.max)] {
            not_negative(field, end)?;
        }
        match (self.min, self.max) {
            (Some(low), Some(high)) if low > high => {
                Err(DecideError::EmptyRange { field: fields[0], low, high })
            }
            _ => Ok(()),
        }
    }
}

fn not_negative(field: &'static str, found: Option<f64>) -> Result<(), DecideError> {
    match found {
        Some(found) if !(found >= 0.0 && found.is_finite()) => {
            Err(DecideError::BadSetting { field, found, expected: "a finite number that is not negative" })
        }
        _ => Ok(()),
    }
}

impl Constraints {
    /// Reads symbols and patterns, and refuses what cannot hold.
    ///
    /// # Errors
    /// [`DecideError`] naming the field, what was found and what was expected.
    pub fn compile(&self) -> Result<Filter, DecideError> {
        if let Some(bounds) = self.molecular_weight {
            bounds.check([
                "constraints.molecular_weight",
                "constraints.molecular_weight.min",
                "constraints.molecular_weight.max",
            ])?;
        }
        match self.max_sa_score {
            Some(found) if !(1.0..=10.0).contains(&found) => {
                return Err(DecideError::BadSetting {
                    field: "constraints.max_sa_score",
                    found,
                    expected: "a score from 1 (easy to make) to 10 (very hard)",
                });
            }
            _ => {}
        }
        Ok(Filter {
            molecular_weight: self.molecular_weight,
            max_heavy_atoms: self.max_heavy_atoms,
            elements: self.elements.as_deref().map(read_elements).transpose()?,
            charge: self.charge,
            max_sa_score: self.max_sa_score,
            exclude: read_smarts("constraints.exclude_smarts", &self.exclude_smarts)?,
            require: read_smarts("constraints.require_smarts", &self.require_smarts)?,
        })
    }
}

fn read_elements(symbols: &[String]) -> Result<BTreeSet<Element>, DecideError> {
    if symbols.is_empty() {
        return Err(DecideError::Empty {
            field: "constraints.elements",
            expected: "symbols of elements, such as [\"C\", \"N\", \"O\"]; leave it out to allow all",
        });
    }
    let mut allowed = BTreeSet::from([Element::H]);
    for symbol in symbols {
        allowed.insert(Element::from_symbol(symbol).ok_or_else(|| DecideError::UnknownElement {
            found: symbol.clone(),
            nearest: nearest_element(symbol),
        })?);
    }
    Ok(allowed)
}

/// Wrong capitals first, then a symbol one edit away.
fn nearest_element(text: &str) -> Option<String> {
    let known: Vec<&str> = (1..).map_while(Element::from_number).map(Element::symbol).collect();
    let text = text.trim();
    known
        .iter()
        .find(|symbol| symbol.eq_ignore_ascii_case(text))
        .copied()
        .or_else(|| suggest::nearest(text, known.iter().copied()))
        .map(str::to_owned)
}

fn read_smarts(field: &'static str, patterns: &[String]) -> Result<Vec<Smarts>, DecideError> {
    patterns
        .iter()
        .map(|text| Smarts::parse(text).map_err(|source| DecideError::Smarts { field, source }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        toml::from_str::<Constraints>(text).unwrap().compile().unwrap_err().to_string()
    }

    #[test]
    fn messages_name_field_finding_and_way_out() {
        for (text, needles) in [
            ("elements = [\"C\", \"CL\"]", ["constraints.elements", "`CL`", "did you mean `Cl`?"]),
            ("elements = [\"Fee\"]", ["constraints.elements", "`Fee`", "did you mean `Fe`?"]),
            ("elements = []", ["constraints.elements", "empty", "leave it out"]),
            ("max_sa_score = 0.5", ["constraints.max_sa_score", "0.5", "1 (easy"]),
            ("molecular_weight = { min = 5, max = 2 }", ["constraints.molecular_weight", "5", "swap"]),
            ("molecular_weight = { min = -5 }", ["constraints.molecular_weight.min", "-5", "not negative"]),
            ("molecular_weight = { max = nan }", ["constraints.molecular_weight.max", "NaN", "finite"]),
            ("exclude_smarts = [\"[C\"]", ["constraints.exclude_smarts", "`[C`", "SMARTS"]),
            ("require_smarts = [\"\"]", ["constraints.require_smarts", "empty", "SMARTS"]),
        ] {
            let error = error(text);
            assert!(needles.iter().all(|needle| error.contains(needle)), "{error}");
        }
        let error = toml::from_str::<Constraints>("max_weight = 3").unwrap_err().to_string();
        assert!(error.contains("max_weight"), "{error}");
    }

    #[test]
    fn the_schema_describes_every_field() {
        let schema = serde_json::to_value(schemars::schema_for!(Constraints)).unwrap();
        let properties = schema["properties"].as_object().unwrap();
        assert_eq!(properties.len(), 7);
        for (name, property) in properties {
            assert!(property["description"].is_string(), "{name} is not described");
        }
    }
}
