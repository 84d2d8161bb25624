//! Redundant internal coordinates and the model Hessian in them.

mod model;
mod primitive;
mod topology;

pub(crate) use model::{Atoms, Contacts, add_row, add_springs, springs};
pub(crate) use primitive::{Primitive, Row};
pub(crate) use topology::{Topology, bonds, cosine};
