//! Which representation and learner a data set is given.

use crate::{DataSet, ModelError, Representation, Structure, StructureKind};
use learn::{Composition, ElementBaseline};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Representations by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Features {
    /// Morgan counts of graphs.
    Morgan,
    /// Coulomb matrix of geometries.
    CoulombMatrix,
    /// Global SLATM of geometries.
    Slatm,
    /// FCHL19 of geometries, one row for each atom.
    Fchl19,
    /// Statistics of element properties of formulas.
    Magpie,
}

impl Features {
    /// Every name, as on the command line.
    pub const ALL: [Features; 5] =
        [Features::Morgan, Features::CoulombMatrix, Features::Slatm, Features::Fchl19, Features::Magpie];

    /// The name.
    pub fn as_str(self) -> &'static str {
        match self {
            Features::Morgan => "morgan",
            Features::CoulombMatrix => "coulomb-matrix",
            Features::Slatm => "slatm",
            Features::Fchl19 => "fchl19",
            Features::Magpie => "magpie",
        }
    }

    fn describes(self) -> StructureKind {
        match self {
            Features::Morgan => StructureKind::Graph,
            Features::Magpie => StructureKind::Formula,
            _ => StructureKind::Geometry,
        }
    }
}

impl fmt::Display for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Families of models by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Exact Gaussian process.
    Gp,
}

impl Kind {
    /// Every name, as on the command line.
    pub const ALL: [Kind; 1] = [Kind::Gp];

    /// The name.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Gp => "gp",
        }
    }
}

/// What the user asked for; `None` leaves it to the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// The representation.
    pub features: Option<Features>,
    /// The family of models.
    pub kind: Option<Kind>,
    /// Whether energies of elements are learnt first.
    pub extensive: Option<bool>,
}

/// What a model is made of before it has learnt anything.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    pub(crate) representation: Representation,
    pub(crate) kind: Kind,
    pub(crate) extensive: bool,
}

/// An element baseline that explains this share of the variance of the labels
/// makes the property extensive. Total and atomisation energies lie above 0.95,
/// gaps and solubilities below 0.5.
const EXTENSIVE: f64 = 0.8;

impl Plan {
    pub(crate) fn new(data: &DataSet, wish: &Wish) -> Result<Plan, ModelError> {
        let structures: Vec<Structure> = data.rows.iter().map(|row| row.structure.clone()).collect();
        let Some(first) = structures.first() else {
            return Err(ModelError::TooFewLabels { labels: 0, needed: 1 });
        };
        let found = first.kind();
        let extensive = match (wish.extensive, found) {
            (Some(true), StructureKind::Formula) => {
                return Err(ModelError::Choice {
                    asked: "an extensive property".to_owned(),
                    why: "formulas say nothing of the size: give the property per atom or per formula unit"
                        .to_owned(),
                });
            }
            (_, StructureKind::Formula) => false,
            (Some(extensive), _) => extensive,
            (None, _) => is_extensive(data)?,
        };
        let features = wish.features.unwrap_or(match (found, extensive) {
            (StructureKind::Graph, _) => Features::Morgan,
            (StructureKind::Geometry, true) => Features::Fchl19,
            (StructureKind::Geometry, false) => Features::Slatm,
            (StructureKind::Formula, _) => Features::Magpie,
        });
        if features.describes() != found {
            return Err(ModelError::Choice {
                asked: format!("features `{features}`"),
                why: format!("it describes {}, and the data set has {found}", features.describes()),
            });
        }
        if features == Features::Fchl19 && !extensive {
            return Err(ModelError::Choice {
                asked: "features `fchl19`".to_owned(),
                why: "its kernel is a sum over atoms, which suits extensive properties only, and this one does \
                      not grow with the molecule: take slatm, or say --extensive"
                    .to_owned(),
            });
        }
        let (mut geometries, mut formulas) = (Vec::new(), Vec::new());
        for structure in structures {
            match structure {
                Structure::Geometry(geometry) => geometries.push(geometry),
                Structure::Formula(formula) => formulas.push(formula),
                Structure::Graph(_) => {}
            }
        }
        let representation = match features {
            Features::Morgan => Representation::morgan(),
            Features::CoulombMatrix => Representation::coulomb_matrix(&geometries),
            Features::Slatm => Representation::slatm(&geometries)?,
            Features::Fchl19 => Representation::fchl19(&geometries),
            Features::Magpie => Representation::magpie(&formulas)?,
        };
        Ok(Plan { representation, kind: wish.kind.unwrap_or(Kind::Gp), extensive })
    }
}

/// Whether energies of elements explain the labels nearly.
fn is_extensive(data: &DataSet) -> Result<bool, ModelError> {
    let Ok(elements) =
        data.rows.iter().map(|row| row.structure.atomic_numbers()).collect::<Result<Vec<_>, _>>()
    else {
        return Ok(false);
    };
    let labels: Vec<f64> = data.rows.iter().map(|row| row.label).collect();
    // With few labels, the energies of as many elements explain anything.
    let kinds: std::collections::BTreeSet<u8> = elements.iter().flatten().copied().collect();
    if labels.len() < 4 * kinds.len() {
        return Ok(false);
    }
    let baseline = ElementBaseline::fit(&Composition::new(elements.iter().map(Vec::as_slice)), &labels)?;
    let n = labels.len() as f64;
    let mean = labels.iter().sum::<f64>() / n;
    let variance = labels.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / n;
    Ok(baseline.rmse.powi(2) < (1.0 - EXTENSIVE) * variance)
}
