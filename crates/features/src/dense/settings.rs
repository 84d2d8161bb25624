//! Checks of the settings of representations.

use crate::FeatureError;
use matter::Element;

/// The value, if it is a finite number above zero.
pub(crate) fn positive(name: &'static str, value: f64) -> Result<f64, FeatureError> {
    if value.is_finite() && value > 0.0 {
        return Ok(value);
    }
    Err(FeatureError::Setting { name, value: value.to_string(), expected: "a finite number above 0" })
}

/// The value, if it is a finite number.
pub(crate) fn finite(name: &'static str, value: f64) -> Result<f64, FeatureError> {
    if value.is_finite() {
        return Ok(value);
    }
    Err(FeatureError::Setting { name, value: value.to_string(), expected: "a finite number" })
}

/// The symbols of `elements`, such as `H,C,O`, if there are any and none twice.
pub(crate) fn listed(elements: &[Element]) -> Result<String, FeatureError> {
    let symbols: Vec<&str> = elements.iter().map(|element| element.symbol()).collect();
    let text = symbols.join(",");
    let twice = elements.iter().enumerate().any(|(i, element)| elements[..i].contains(element));
    if elements.is_empty() || twice {
        return Err(FeatureError::Setting {
            name: "elements",
            value: text,
            expected: "at least one element and none twice",
        });
    }
    Ok(text)
}
