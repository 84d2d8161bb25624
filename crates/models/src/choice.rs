//! Which representation and learner a data set is given.

use crate::monotone::{self, Monotone};
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
    /// Atom pairs, functional groups and Morgan environments of graphs.
    AtomPairs,
    /// Descriptors and Morgan counts of graphs, for trees.
    MorganDescriptors,
    /// Coulomb matrix of geometries.
    CoulombMatrix,
    /// Eigenvalues of the Coulomb matrix of geometries.
    CoulombEigenvalues,
    /// Global SLATM of geometries.
    Slatm,
    /// SOAP of geometries, averaged over the atoms.
    Soap,
    /// FCHL19 of geometries, one row for each atom.
    Fchl19,
    /// Statistics of element properties of formulas.
    Magpie,
}

impl Features {
    /// Every name, as on the command line.
    pub const ALL: [Features; 9] = [
        Features::Morgan,
        Features::AtomPairs,
        Features::MorganDescriptors,
        Features::CoulombMatrix,
        Features::CoulombEigenvalues,
        Features::Slatm,
        Features::Soap,
        Features::Fchl19,
        Features::Magpie,
    ];

    /// The name.
    pub fn as_str(self) -> &'static str {
        match self {
            Features::Morgan => "morgan",
            Features::AtomPairs => "atom-pairs",
            Features::MorganDescriptors => "morgan-descriptors",
            Features::CoulombMatrix => "coulomb-matrix",
            Features::CoulombEigenvalues => "coulomb-eigenvalues",
            Features::Slatm => "slatm",
            Features::Soap => "soap",
            Features::Fchl19 => "fchl19",
            Features::Magpie => "magpie",
        }
    }

    fn describes(self) -> StructureKind {
        match self {
            Features::Morgan | Features::AtomPairs | Features::MorganDescriptors => StructureKind::Graph,
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
    /// Gaussian process.
    Gp,
    /// Gradient-boosted trees.
    Boosted,
    /// Random forest.
    Forest,
}

impl Kind {
    /// Every name, as on the command line.
    pub const ALL: [Kind; 3] = [Kind::Gp, Kind::Boosted, Kind::Forest];

    /// The name.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Gp => "gp",
            Kind::Boosted => "boosted-trees",
            Kind::Forest => "random-forest",
        }
    }
}

/// What the user asked for; `None` leaves it to the data.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wish {
    /// The representation.
    pub features: Option<Features>,
    /// The family of models.
    pub kind: Option<Kind>,
    /// Whether energies of elements are learnt first.
    pub extensive: Option<bool>,
    /// Whether the labels are classes, 0 or 1, whose probability is learnt.
    pub classify: bool,
    /// Which way predictions may go with some features.
    pub monotone: Vec<Monotone>,
}

/// What a model is made of before it has learnt anything.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    pub(crate) representation: Representation,
    pub(crate) kind: Kind,
    pub(crate) extensive: bool,
    /// For each column, or empty; see [`monotone::signs`].
    pub(crate) monotone: Vec<i8>,
}

/// An element baseline that explains this share of the variance of the labels
/// makes the property extensive. Total and atomisation energies lie above 0.95,
/// gaps and solubilities below 0.5.
const EXTENSIVE: f64 = 0.8;

/// Tables of features that take more are refused rather than begun.
const MOST_BYTES: usize = 8_000_000_000;

/// Up to here SLATM may predict energies better than FCHL19, which gains more from every further label: on QM7 3.7 against
/// 6.4 kcal/mol with 100 labels, 0.79 against 0.91 with 2,000, and the curves meet at some 4,000 (`bench/qm7.py`).
const FEW_GEOMETRIES: usize = 3000;

/// More labels are left to trees unless a Gaussian process is asked for: its
/// fit grows with their cube.
const GP_LIMIT: usize = 10_000;

impl Plan {
    /// What may be made of this data, the usual first. Of several the one is to
    /// be taken that predicts best. With a target, labels may end long before the data.
    pub(crate) fn candidates(data: &DataSet, wish: &Wish, target: bool) -> Result<Vec<Plan>, ModelError> {
        let Some(first) = data.rows.first() else {
            return Err(ModelError::TooFewLabels { labels: 0, needed: 1 });
        };
        let found = first.structure.kind();
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
        let pairs: &[(Features, Kind)] = match (found, extensive) {
            (StructureKind::Graph, _) => {
                &[(Features::Morgan, Kind::Gp), (Features::MorganDescriptors, Kind::Boosted)]
            }
            (StructureKind::Geometry, true) if target || data.rows.len() <= FEW_GEOMETRIES => {
                &[(Features::Fchl19, Kind::Gp), (Features::Slatm, Kind::Gp)]
            }
            (StructureKind::Geometry, true) => &[(Features::Fchl19, Kind::Gp)],
            (StructureKind::Geometry, false) => &[(Features::Slatm, Kind::Gp)],
            (StructureKind::Formula, _) => &[(Features::Magpie, Kind::Gp), (Features::Magpie, Kind::Boosted)],
        };
        let few = data.rows.len() <= GP_LIMIT;
        let mut chosen: Vec<(Features, Kind)> = match (wish.features, wish.kind) {
            (Some(features), Some(kind)) => vec![(features, kind)],
            (Some(features), None) => {
                let kinds: Vec<Kind> =
                    pairs.iter().filter(|(known, _)| *known == features).map(|(_, kind)| *kind).collect();
                let kinds = if kinds.is_empty() { vec![Kind::Gp] } else { kinds };
                kinds.into_iter().map(|kind| (features, kind)).collect()
            }
            (None, Some(kind)) => {
                let usual =
                    pairs.iter().find(|(_, known)| *known == kind || kind == Kind::Forest).or(pairs.first());
                let trees = pairs.iter().find(|(_, known)| *known == Kind::Boosted);
                let pair = if kind == Kind::Forest { trees.or(usual) } else { usual };
                pair.map(|(features, _)| (*features, kind)).into_iter().collect()
            }
            (None, None) => {
                let known = pairs.iter().copied();
                let trees = pairs.iter().any(|(_, kind)| *kind != Kind::Gp);
                known.filter(|(_, kind)| few || !trees || *kind != Kind::Gp).collect()
            }
        };
        chosen.dedup();
        let plan = |(features, kind)| {
            let mut plan = Plan::new(data, found, features, kind, extensive)?;
            plan.monotone = monotone::signs(&plan.representation, &wish.monotone)?;
            Ok(plan)
        };
        chosen.into_iter().map(plan).collect()
    }

    fn new(
        data: &DataSet,
        found: StructureKind,
        features: Features,
        kind: Kind,
        extensive: bool,
    ) -> Result<Plan, ModelError> {
        let refuse = |asked: String, why: String| Err(ModelError::Choice { asked, why });
        if features.describes() != found {
            let why = format!("it describes {}, and the data set has {found}", features.describes());
            return refuse(format!("features `{features}`"), why);
        }
        match (features, kind) {
            (Features::Fchl19, Kind::Boosted | Kind::Forest) => {
                let why = "trees need one row for each structure, and it has one for each atom: take slatm";
                return refuse(format!("features `{features}`"), why.to_owned());
            }
            (Features::MorganDescriptors, Kind::Gp) => {
                let why = "its columns have no common scale: take morgan, or trees";
                return refuse(format!("features `{features}`"), why.to_owned());
            }
            (Features::Soap, _) if extensive => {
                let why = "it is a mean over the atoms, which suits properties that do not grow with the molecule, \
                           and this one does: take fchl19 or slatm, or say --intensive";
                return refuse(format!("features `{features}`"), why.to_owned());
            }
            (Features::Fchl19, Kind::Gp) if !extensive => {
                let why = "its kernel is a sum over atoms, which suits extensive properties only, and this one \
                           does not grow with the molecule: take slatm, or say --extensive";
                return refuse(format!("features `{features}`"), why.to_owned());
            }
            _ => {}
        }
        let (mut geometries, mut formulas) = (Vec::new(), Vec::new());
        for row in &data.rows {
            match &row.structure {
                Structure::Geometry(geometry) => geometries.push(geometry.clone()),
                Structure::Formula(formula) => formulas.push(formula.clone()),
                Structure::Graph(_) => {}
            }
        }
        let representation = match features {
            Features::Morgan => Representation::morgan(),
            Features::AtomPairs => Representation::AtomPairs,
            Features::MorganDescriptors => Representation::morgan_descriptors(),
            Features::CoulombMatrix => Representation::coulomb_matrix(&geometries),
            Features::CoulombEigenvalues => Representation::coulomb_eigenvalues(&geometries),
            Features::Slatm => Representation::slatm(&geometries)?,
            Features::Soap => Representation::soap(&geometries),
            Features::Fchl19 => Representation::fchl19(&geometries),
            Features::Magpie => Representation::magpie(&formulas)?,
        };
        let atoms: usize = geometries.iter().map(matter::Geometry::len).sum();
        let bytes = 8 * representation.numbers(data.rows.len(), atoms)?;
        if bytes > MOST_BYTES {
            let why = format!(
                "it would take {:.1} GB for these {} structures: take --features coulomb-matrix, or fewer structures \
                 or elements",
                bytes as f64 / 1e9,
                data.rows.len()
            );
            return refuse(format!("features `{features}`"), why);
        }
        Ok(Plan { representation, kind, extensive, monotone: Vec::new() })
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
