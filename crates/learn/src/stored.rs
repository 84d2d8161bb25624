//! Fitted models as settings and arrays, for files.
//!
//! A [`Storable`] model gives what it learnt as a [`Stored`]: small things as
//! JSON settings, with numbers that come back exactly, and long lists as named
//! arrays. Features of the training structures are not in it: whoever reads
//! the file computes them again from the structures and hands them to
//! [`Storable::restore`], which compares a few of them with what was learnt.
//! Every model states its kind and version in the settings; a model around
//! another holds it as a part ([`Stored::insert_part`]).
//!
//! A restored Gaussian process predicts bit for bit as before, on the same kind
//! of processor, if its Cholesky factor was stored; else means do, and standard
//! deviations to rounding.

use crate::{LearnError, Surrogate};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A fitted model as settings and named arrays of numbers, for a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stored {
    /// A JSON object: kind, version and what is small.
    pub settings: Value,
    /// Long lists by name; names of a part's arrays start with the part's name
    /// and a full stop.
    pub arrays: BTreeMap<String, Array>,
}

/// A list of numbers of one type.
#[derive(Debug, Clone, PartialEq)]
pub enum Array {
    /// 64-bit floats.
    F64(Vec<f64>),
    /// 64-bit unsigned integers.
    U64(Vec<u64>),
    /// 32-bit unsigned integers.
    U32(Vec<u32>),
    /// Bytes.
    U8(Vec<u8>),
}

/// A surrogate that can be kept in a file.
pub trait Storable: Surrogate {
    /// What was learnt.
    ///
    /// # Errors
    /// [`LearnError::NotFitted`] before the first fit.
    fn store(&self) -> Result<Stored, LearnError>;

    /// Makes this the model that was stored, settings included. `x` are the
    /// features of the training structures, in the order they were learnt in.
    /// On an error the model is as before.
    ///
    /// # Errors
    /// [`LearnError::BadStored`] naming the field that does not fit,
    /// [`LearnError::LengthMismatch`] or [`LearnError::StrangeFeatures`] for
    /// features of other structures.
    fn restore(&mut self, x: &Self::Input, stored: &Stored) -> Result<(), LearnError>;
}

impl Stored {
    /// Nothing but kind and version.
    pub fn new(kind: &str, version: u64) -> Self {
        let settings = [("kind", Value::from(kind)), ("version", Value::from(version))];
        let settings = settings.into_iter().map(|(name, value)| (name.to_owned(), value));
        Self { settings: Value::Object(settings.collect()), arrays: BTreeMap::new() }
    }

    /// Refuses another kind or version.
    ///
    /// # Errors
    /// [`LearnError::BadStored`].
    pub fn expect(&self, kind: &str, version: u64) -> Result<(), LearnError> {
        let found: String = self.get("kind")?;
        if found != kind {
            return Err(bad("kind", format!("is `{found}`, expected `{kind}`")));
        }
        let found: u64 = self.get("version")?;
        if found != version {
            return Err(bad("version", format!("is {found}, expected {version}: store the model anew")));
        }
        Ok(())
    }

    /// Adds a setting.
    ///
    /// # Errors
    /// [`LearnError::BadStored`] for a value that JSON cannot hold.
    pub fn set(&mut self, name: &str, value: impl Serialize) -> Result<(), LearnError> {
        let value = serde_json::to_value(value).map_err(|e| bad(name, e.to_string()))?;
        match &mut self.settings {
            Value::Object(map) => {
                map.insert(name.to_owned(), value);
            }
            other => *other = Value::Object(Map::from_iter([(name.to_owned(), value)])),
        }
        Ok(())
    }

    /// A setting.
    ///
    /// # Errors
    /// [`LearnError::BadStored`] if it is missing or of another type.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Result<T, LearnError> {
        let value = self.settings.get(name).ok_or_else(|| bad(name, "is missing".into()))?;
        serde_json::from_value(value.clone()).map_err(|e| bad(name, e.to_string()))
    }

    /// Adds a list of floats.
    pub fn insert(&mut self, name: &str, values: Vec<f64>) {
        self.arrays.insert(name.to_owned(), Array::F64(values));
    }

    /// A list of finite floats, `length` of them.
    ///
    /// # Errors
    /// [`LearnError::BadStored`].
    pub fn floats(&self, name: &str, length: usize) -> Result<&[f64], LearnError> {
        let Some(Array::F64(values)) = self.arrays.get(name) else {
            return Err(bad(name, "is missing, or no list of 64-bit floats".into()));
        };
        if values.len() != length {
            return Err(bad(name, format!("has {} numbers, expected {length}", values.len())));
        }
        match values.iter().position(|v| !v.is_finite()) {
            Some(at) => Err(bad(name, format!("is {} at {at}, expected a finite number", values[at]))),
            None => Ok(values),
        }
    }

    /// A list of indices below `limit`, of any length.
    ///
    /// # Errors
    /// [`LearnError::BadStored`].
    pub fn indices(&self, name: &str, limit: usize) -> Result<Vec<usize>, LearnError> {
        let Some(Array::U64(values)) = self.arrays.get(name) else {
            return Err(bad(name, "is missing, or no list of 64-bit integers".into()));
        };
        let index = |&value: &u64| usize::try_from(value).ok().filter(|&index| index < limit);
        values
            .iter()
            .map(|value| {
                index(value).ok_or_else(|| bad(name, format!("has {value}, expected below {limit}")))
            })
            .collect()
    }

    /// Adds another stored model as part `name`: its settings under that name,
    /// its arrays with `name.` before theirs.
    pub fn insert_part(&mut self, name: &str, part: Stored) -> Result<(), LearnError> {
        self.set(name, part.settings)?;
        self.arrays.extend(part.arrays.into_iter().map(|(own, array)| (format!("{name}.{own}"), array)));
        Ok(())
    }

    /// The part `name`.
    ///
    /// # Errors
    /// [`LearnError::BadStored`] if it is missing.
    pub fn part(&self, name: &str) -> Result<Stored, LearnError> {
        let start = format!("{name}.");
        let arrays = self
            .arrays
            .iter()
            .filter_map(|(full, array)| full.strip_prefix(&start).map(|own| (own.to_owned(), array.clone())));
        Ok(Stored { settings: self.get(name)?, arrays: arrays.collect() })
    }
}

/// A stored field that does not fit.
pub(crate) fn bad(field: &str, problem: String) -> LearnError {
    LearnError::BadStored { field: field.to_owned(), problem }
}

/// A stored number that must be above zero.
pub(crate) fn positive(field: &str, value: f64) -> Result<f64, LearnError> {
    if value > 0.0 && value.is_finite() {
        Ok(value)
    } else {
        Err(bad(field, format!("is {value}, expected a finite number above zero")))
    }
}

/// A stored list of numbers above zero.
pub(crate) fn all_positive(field: &str, values: &[f64]) -> Result<(), LearnError> {
    values.iter().try_for_each(|&value| positive(field, value).map(|_| ()))
}

#[cfg(test)]
mod tests;
