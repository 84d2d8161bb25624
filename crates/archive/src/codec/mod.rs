//! How structures and outcomes are written into columns, and read back to the last bit.

mod geometry;
mod outcome;

pub(crate) use geometry::{geometry_from_blob, geometry_to_blob};
pub(crate) use outcome::{outcome_from_json, outcome_to_json};
