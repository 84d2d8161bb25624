//! Outcomes as JSON.

use crate::error::ArchiveError;
use matter::units::Hartree;
use matter::{Element, Geometry};
use method::{Outcome, PropertyName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The JSON of an outcome: energies in hartree, gradient in hartree/bohr, charges in e, dipole in e bohr, positions
/// in angstrom; fields that are not known are left out. Numbers are written with as many digits as they need to
/// come back to the last bit.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OutcomeText {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    energy: Option<Hartree>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    homo: Option<Hartree>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lumo: Option<Hartree>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dipole: Option<[f64; 3]>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    values: BTreeMap<PropertyName, f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    charges: Option<Vec<f64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gradient: Option<Vec<[f64; 3]>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    geometry: Option<GeometryText>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GeometryText {
    /// Symbols, separated by spaces.
    elements: String,
    positions: Vec<[f64; 3]>,
}

/// The first number of an outcome that is not finite. JSON has no such numbers.
fn flaw(outcome: &Outcome) -> Option<(&'static str, f64)> {
    let energy = |e: Option<Hartree>| e.map(Hartree::value);
    let scalars = [
        ("outcome.energy", energy(outcome.energy)),
        ("outcome.homo", energy(outcome.homo)),
        ("outcome.lumo", energy(outcome.lumo)),
    ];
    let scalars = scalars.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let dipole = outcome.dipole.iter().flatten().map(|x| ("outcome.dipole", *x));
    let values = outcome.values.values().map(|x| ("outcome.values", *x));
    let charges = outcome.charges.iter().flatten().map(|x| ("outcome.charges", *x));
    let gradient = outcome.gradient.iter().flatten().flatten().map(|x| ("outcome.gradient", *x));
    let mut all = scalars.chain(dipole).chain(values).chain(charges).chain(gradient);
    all.find(|(_, x)| !x.is_finite())
}

/// The JSON text of an outcome.
pub(crate) fn outcome_to_json(outcome: &Outcome) -> Result<String, ArchiveError> {
    if let Some((field, value)) = flaw(outcome) {
        return Err(ArchiveError::BadNumber { field, value, expected: "finite numbers only" });
    }
    let geometry = outcome.geometry.as_ref().map(|g| GeometryText {
        elements: g.elements().iter().map(|e| e.symbol()).collect::<Vec<_>>().join(" "),
        positions: g.positions().to_vec(),
    });
    let text = OutcomeText {
        energy: outcome.energy,
        homo: outcome.homo,
        lumo: outcome.lumo,
        dipole: outcome.dipole,
        values: outcome.values.clone(),
        charges: outcome.charges.clone(),
        gradient: outcome.gradient.clone(),
        geometry,
    };
    serde_json::to_string(&text).map_err(|e| ArchiveError::Internal {
        path: Default::default(),
        doing: "writing an outcome as JSON",
        detail: e.to_string(),
    })
}

fn geometry(text: GeometryText) -> Result<Geometry, String> {
    let element = |symbol| Element::from_symbol(symbol).ok_or_else(|| format!("element `{symbol}`"));
    let elements = text.elements.split_whitespace().map(element).collect::<Result<Vec<_>, _>>()?;
    Geometry::new(elements, text.positions).map_err(|e| e.to_string())
}

/// The outcome back; what is wrong with the text otherwise.
pub(crate) fn outcome_from_json(json: &str) -> Result<Outcome, String> {
    let text: OutcomeText = serde_json::from_str(json).map_err(|e| e.to_string())?;
    Ok(Outcome {
        energy: text.energy,
        gradient: text.gradient,
        charges: text.charges,
        dipole: text.dipole,
        homo: text.homo,
        lumo: text.lumo,
        geometry: text.geometry.map(geometry).transpose()?,
        values: text.values,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_is_written() {
        let outcome = Outcome::value(PropertyName::new("gap"), 0.1 + 0.2);
        let json = outcome_to_json(&outcome).unwrap();
        assert_eq!(json, r#"{"values":{"gap":0.30000000000000004}}"#);
        assert_eq!(outcome_from_json(&json), Ok(outcome));
        assert_eq!(outcome_from_json("{}"), Ok(Outcome::default()));
        assert!(outcome_from_json(r#"{"enrgy":1.0}"#).unwrap_err().contains("enrgy"));
    }

    #[test]
    fn numbers_that_json_does_not_have_are_refused() {
        let bad = Outcome { gradient: Some(vec![[0.0, f64::NAN, 0.0]]), ..Outcome::default() };
        let error = outcome_to_json(&bad).unwrap_err().to_string();
        assert_eq!(error, "outcome.gradient is NaN: an archive holds finite numbers only");
        let bad = Outcome { lumo: Some(Hartree(f64::INFINITY)), ..Outcome::default() };
        assert!(outcome_to_json(&bad).is_err());
    }
}
