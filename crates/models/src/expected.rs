//! What the caller of a model takes it for.

use crate::{Model, ModelError, Property};
use std::path::Path;

/// What a model must be a model of; `None` takes any.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expected {
    /// The name of the property.
    pub property: Option<String>,
    /// Its unit.
    pub unit: Option<String>,
    /// The level of theory.
    pub level: Option<String>,
}

impl Model {
    /// Reads a model, and refuses one of something else.
    ///
    /// # Errors
    /// Those of [`Model::load`], and [`ModelError::OtherModel`].
    pub fn load_expected(path: &Path, expected: &Expected) -> Result<Model, ModelError> {
        let model = Model::load(path)?;
        let Property { name, unit, level } = &model.card().property;
        let none = "none stated".to_owned();
        for (what, expected, found) in [
            ("property", &expected.property, name),
            ("unit", &expected.unit, unit),
            ("level", &expected.level, level.as_ref().unwrap_or(&none)),
        ] {
            if let Some(expected) = expected.as_ref().filter(|expected| *expected != found) {
                let (expected, found) = (expected.clone(), found.clone());
                return Err(ModelError::OtherModel { path: path.to_owned(), what, expected, found });
            }
        }
        Ok(model)
    }
}
