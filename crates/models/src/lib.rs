//! Trained models as files: from a data set to a model with a card, and from a
//! model to predictions.
//!
//! A [`DataSet`] holds structures with labels of one property, in one unit, of
//! one level of theory, or with classes (yes or no). [`train`] chooses a [`Representation`] and a
//! [`Learner`] for it (or takes those asked for), measures by cross-validation
//! what the model is worth, and gives a [`Model`], whose [`Card`] says all of
//! it. A model is saved as one file ([`Model::save`], container: safetensors)
//! and predicts, after [`Model::load`], what it predicted before.

mod card;
mod choice;
mod class;
mod conflict;
mod curve;
mod dataset;
mod error;
mod evaluate;
mod expected;
mod file;
mod finish;
mod fitted;
mod learner;
mod model;
mod monotone;
pub mod read;
mod representation;
mod rungs;
mod structure;
mod table;
mod train;

pub use card::{BaselineCard, Card, DataCard, LowCard, Takes};
pub use choice::{Features, Kind, Wish};
pub use class::{ClassCard, ClassEvaluation, SetReport};
pub use conflict::{DuplicatePolicy, Duplicates};
pub use curve::{ClassPoint, Curve, CurvePoint};
pub use dataset::{DataSet, Labelled, Property};
pub use error::ModelError;
pub use evaluate::{Calibration, Evaluation};
pub use expected::Expected;
pub use learn::{ClassCalibration, ClassReport, ClassSet, Reliability};
pub use learner::{Learner, RungKernel};
pub use model::{Model, Prediction};
pub use monotone::Monotone;
pub use representation::Representation;
pub use rungs::{
    Alone, Given, LadderCard, LadderSet, PilotCard, PlanCard, PlannedRung, Rung, RungCard, RungRow,
    train_ladder,
};
pub use structure::{Structure, StructureKind};
pub use table::AnyTable;
pub use train::{Options, Stage, Watch, train};
