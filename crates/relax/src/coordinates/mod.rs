//! Redundant internal coordinates and the model Hessian in them.

mod model;
mod primitive;
mod topology;

pub(crate) use model::{Contacts, add_row, constants, rows_of};
pub(crate) use primitive::{Primitive, Row};
pub(crate) use topology::{Topology, bonds, cosine};
