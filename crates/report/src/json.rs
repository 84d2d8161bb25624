//! JSON.

use crate::data::Report;

/// The report as JSON: the fields of [`Report`], indented. Numbers that are not finite become `null`.
///
/// # Errors
/// Only if the serialiser fails, which plain data gives it no reason to.
pub fn json(report: &Report) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    Ok(text)
}
