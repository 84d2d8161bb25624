//! Models of any family over any table.

use crate::table::MIXED;
use crate::{AnyTable, Kind};
use learn::{
    BoostedClassifier, BoostedTrees, CoKriging, CoKrigingSettings, DenseKernel, FitReport, GpSettings,
    HyperParameters, KernelGp, KernelGpSettings, KernelHyper, LearnError, LocalKernel, Predictions,
    RandomForest, RungPredictions, RungReport, Shape, SparseGp, SparseSettings, Storable, Stored, Surrogate,
    Table, TanimotoForm, TanimotoGp, TanimotoKernel, TreeModelSettings,
};
use serde::{Deserialize, Serialize};

/// What a learner is made of: enough to make an empty one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "learner", rename_all = "snake_case")]
pub enum Design {
    /// Gaussian process, Tanimoto kernel on counts.
    Tanimoto {
        /// Whether all labels are learnt, or through inducing points.
        exact: bool,
    },
    /// Gaussian process on a row for each structure.
    Dense {
        /// How similarity falls with distance.
        shape: Shape,
        /// As above.
        exact: bool,
    },
    /// Gaussian process on a row for each atom.
    Local {
        /// How similarity falls with distance.
        shape: Shape,
        /// As above.
        exact: bool,
    },
    /// Gradient-boosted trees.
    Boosted {
        /// Decides what each tree sees.
        seed: u64,
    },
    /// Random forest.
    Forest {
        /// Decides what each tree sees.
        seed: u64,
    },
    /// Co-kriging of several levels.
    CoKriging {
        /// What compares structures.
        kernel: RungKernel,
        /// The levels.
        rungs: usize,
        /// Whether the property grows with the molecule.
        extensive: bool,
    },
    /// Gradient-boosted trees for the probability of a class.
    Classifier {
        /// Decides what each tree sees.
        seed: u64,
    },
}

/// The kernel of a ladder of levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RungKernel {
    /// On counts.
    Tanimoto,
    /// On a row for each structure.
    Dense(Shape),
    /// On a row for each atom.
    Local(Shape),
}

/// More labels are learnt through inducing points: the exact model takes eight
/// bytes for each pair of them.
const EXACT: usize = 20_000;

/// Hyper-parameters found by one fit, for fits to other parts of the same labels.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Hyper {
    One {
        /// In the unit of the kernel's distance; 1 for kernels without one.
        length_scale: f64,
        signal_variance: f64,
        noise_variance: f64,
    },
    /// Those of several levels.
    Ladder(CoKrigingSettings),
}

/// Labels that kernels are compared on.
const COMPARED: usize = 800;

impl Design {
    /// The design for a table: of several kernels the one with the largest
    /// marginal likelihood on an evenly spaced part of the labels.
    pub(crate) fn choose(
        kind: Kind,
        table: &AnyTable,
        labels: &[f64],
        seed: u64,
    ) -> Result<Design, LearnError> {
        let exact = labels.len() <= EXACT;
        let candidates: Vec<Design> = match (kind, table) {
            (Kind::Gp, AnyTable::Counts(_)) => vec![Design::Tanimoto { exact }],
            (Kind::Gp, AnyTable::Dense(_)) => [Shape::Gaussian, Shape::Laplacian, Shape::Matern52]
                .map(|shape| Design::Dense { shape, exact })
                .into(),
            (Kind::Gp, AnyTable::Local(_)) => vec![Design::Local { shape: Shape::Gaussian, exact }],
            (Kind::Gp, _) => return Err(MIXED),
            (Kind::Boosted, _) => vec![Design::Boosted { seed }],
            (Kind::Forest, _) => vec![Design::Forest { seed }],
        };
        if candidates.len() == 1 {
            return Ok(candidates[0]);
        }
        let step = labels.len().div_ceil(COMPARED).max(1);
        let part: Vec<usize> = (0..labels.len()).step_by(step).collect();
        let (x, y) = (table.select(&part), part.iter().map(|&i| labels[i]).collect::<Vec<f64>>());
        let mut best: Option<(f64, Design)> = None;
        for design in candidates {
            let report = Learner::new(design).fit(&x, &y)?;
            let found = report.log_marginal_likelihood;
            if best.is_none_or(|(most, _)| found > most) {
                best = Some((found, design));
            }
        }
        best.map(|(_, design)| design).ok_or(MIXED)
    }

    /// Whether it predicts the probability of a class.
    pub fn is_class(&self) -> bool {
        matches!(self, Design::Classifier { .. })
    }
}

impl std::fmt::Display for Design {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shape = |shape: &Shape| match shape {
            Shape::Gaussian => "Gaussian",
            Shape::Laplacian => "Laplacian",
            Shape::Matern52 => "Matern-5/2",
            _ => "other",
        };
        let inducing = |exact: &bool| if *exact { "" } else { " (inducing points)" };
        match self {
            Design::Tanimoto { exact } => write!(f, "Gaussian process{}, Tanimoto kernel", inducing(exact)),
            Design::Dense { shape: s, exact } => {
                write!(f, "Gaussian process{}, {} kernel", inducing(exact), shape(s))
            }
            Design::Local { shape: s, exact } => {
                write!(f, "Gaussian process{}, {} kernel summed over atoms", inducing(exact), shape(s))
            }
            Design::Boosted { .. } => f.write_str("gradient-boosted trees"),
            Design::Forest { .. } => f.write_str("random forest"),
            Design::CoKriging { kernel, rungs, .. } => {
                write!(f, "co-kriging of {rungs} levels, ")?;
                match kernel {
                    RungKernel::Tanimoto => f.write_str("Tanimoto kernel"),
                    RungKernel::Dense(s) => write!(f, "{} kernel", shape(s)),
                    RungKernel::Local(s) => write!(f, "{} kernel summed over atoms", shape(s)),
                }
            }
            Design::Classifier { .. } => f.write_str("probability by gradient-boosted trees"),
        }
    }
}

/// A model of any family.
#[derive(Debug, Clone)]
pub enum Learner {
    /// Exact, on counts.
    Tanimoto(Box<TanimotoGp>),
    /// Exact, on a row for each structure.
    Dense(Box<KernelGp<DenseKernel>>),
    /// Exact, on a row for each atom.
    Local(Box<KernelGp<LocalKernel>>),
    /// Through inducing points, on counts.
    SparseTanimoto(Box<SparseGp<TanimotoKernel>>),
    /// Through inducing points, on a row for each structure.
    SparseDense(Box<SparseGp<DenseKernel>>),
    /// Through inducing points, on a row for each atom.
    SparseLocal(Box<SparseGp<LocalKernel>>),
    /// Gradient-boosted trees.
    Boosted(Box<BoostedTrees>),
    /// Random forest.
    Forest(Box<RandomForest>),
    /// Several levels, on counts.
    RungTanimoto(Box<CoKriging<TanimotoKernel>>),
    /// Several levels, on a row for each structure.
    RungDense(Box<CoKriging<DenseKernel>>),
    /// Several levels, on a row for each atom.
    RungLocal(Box<CoKriging<LocalKernel>>),
    /// Gradient-boosted trees for the probability of a class.
    Classifier(Box<BoostedClassifier>),
}

/// Calls a method of the model inside with the table inside.
macro_rules! inside {
    ($learner:expr, $table:expr, $model:ident, $x:ident => $call:expr) => {
        match ($learner, $table) {
            (Learner::Tanimoto($model), AnyTable::Counts($x)) => $call,
            (Learner::Dense($model), AnyTable::Dense($x)) => $call,
            (Learner::Local($model), AnyTable::Local($x)) => $call,
            (Learner::SparseTanimoto($model), AnyTable::Counts($x)) => $call,
            (Learner::SparseDense($model), AnyTable::Dense($x)) => $call,
            (Learner::SparseLocal($model), AnyTable::Local($x)) => $call,
            (Learner::RungTanimoto($model), AnyTable::RungCounts($x)) => $call,
            (Learner::RungDense($model), AnyTable::RungDense($x)) => $call,
            (Learner::RungLocal($model), AnyTable::RungLocal($x)) => $call,
            (Learner::Boosted($model), x) => {
                let $x = &*x.for_trees()?;
                $call
            }
            (Learner::Forest($model), x) => {
                let $x = &*x.for_trees()?;
                $call
            }
            (Learner::Classifier($model), x) => {
                let $x = &*x.for_trees()?;
                $call
            }
            _ => Err(MIXED),
        }
    };
}

impl Learner {
    /// One that has learnt nothing yet and finds its hyper-parameters itself.
    pub fn new(design: Design) -> Self {
        Self::with(design, None, &[])
    }

    /// One that has learnt nothing yet; trees keep to the signs of the columns.
    pub(crate) fn with(design: Design, hyper: Option<Hyper>, monotone: &[i8]) -> Self {
        let given = |mut settings: KernelGpSettings| {
            if let Some(Hyper::One { length_scale, signal_variance, noise_variance }) = hyper {
                settings.hyper_parameters =
                    KernelHyper::Given { length_scale, signal_variance, noise_variance };
            }
            settings
        };
        let sparse = |gp: KernelGpSettings| SparseSettings { gp: given(gp), ..SparseSettings::default() };
        let trees =
            |seed| TreeModelSettings { seed, monotone: monotone.to_vec(), ..TreeModelSettings::default() };
        match design {
            Design::Tanimoto { exact: true } => {
                let mut settings = GpSettings::default();
                if let Some(Hyper::One { signal_variance, noise_variance, .. }) = hyper {
                    settings.hyper_parameters = HyperParameters::Given { signal_variance, noise_variance };
                }
                Learner::Tanimoto(Box::new(TanimotoGp::new(settings)))
            }
            Design::Tanimoto { exact: false } => {
                let kernel = TanimotoKernel { form: TanimotoForm::default() };
                Learner::SparseTanimoto(Box::new(SparseGp::new(kernel, sparse(KernelGpSettings::default()))))
            }
            Design::Dense { shape, exact: true } => {
                let settings = given(KernelGpSettings::default());
                Learner::Dense(Box::new(KernelGp::new(DenseKernel { shape }, settings)))
            }
            Design::Dense { shape, exact: false } => {
                let settings = sparse(KernelGpSettings::default());
                Learner::SparseDense(Box::new(SparseGp::new(DenseKernel { shape }, settings)))
            }
            Design::Local { shape, exact: true } => {
                let settings = given(KernelGpSettings::extensive());
                Learner::Local(Box::new(KernelGp::new(LocalKernel { shape }, settings)))
            }
            Design::Local { shape, exact: false } => {
                let settings = sparse(KernelGpSettings::extensive());
                Learner::SparseLocal(Box::new(SparseGp::new(LocalKernel { shape }, settings)))
            }
            Design::Boosted { seed } => Learner::Boosted(Box::new(BoostedTrees::new(trees(seed)))),
            Design::Forest { seed } => Learner::Forest(Box::new(RandomForest::new(trees(seed)))),
            Design::Classifier { seed } => Learner::Classifier(Box::new(BoostedClassifier::new(trees(seed)))),
            Design::CoKriging { kernel, rungs, extensive } => {
                let settings = match hyper {
                    Some(Hyper::Ladder(found)) => found,
                    _ if extensive => CoKrigingSettings::extensive(rungs),
                    _ => CoKrigingSettings::new(rungs),
                };
                match kernel {
                    RungKernel::Tanimoto => {
                        let kernel = TanimotoKernel { form: TanimotoForm::default() };
                        Learner::RungTanimoto(Box::new(CoKriging::new(kernel, settings)))
                    }
                    RungKernel::Dense(shape) => {
                        Learner::RungDense(Box::new(CoKriging::new(DenseKernel { shape }, settings)))
                    }
                    RungKernel::Local(shape) => {
                        Learner::RungLocal(Box::new(CoKriging::new(LocalKernel { shape }, settings)))
                    }
                }
            }
        }
    }

    fn length_scale(&self) -> Option<f64> {
        match self {
            Learner::Tanimoto(_) => Some(1.0),
            Learner::Dense(model) => model.details().map(|d| d.length_scale),
            Learner::Local(model) => model.details().map(|d| d.length_scale),
            Learner::SparseTanimoto(model) => model.details().map(|d| d.length_scale),
            Learner::SparseDense(model) => model.details().map(|d| d.length_scale),
            Learner::SparseLocal(model) => model.details().map(|d| d.length_scale),
            _ => None,
        }
    }

    /// What was found of each level, and the settings that say so; nothing of other models.
    pub(crate) fn ladder(&self) -> Option<(&[RungReport], CoKrigingSettings)> {
        let (reports, settings) = match self {
            Learner::RungTanimoto(model) => (model.reports(), model.found_settings()),
            Learner::RungDense(model) => (model.reports(), model.found_settings()),
            Learner::RungLocal(model) => (model.reports(), model.found_settings()),
            _ => return None,
        };
        Some((reports, settings?))
    }

    /// Predicts the highest level, lower levels' values being known.
    pub(crate) fn predict_given(
        &self,
        x: &AnyTable,
        known: &[Vec<Option<f64>>],
    ) -> Result<Predictions, LearnError> {
        let top = |all: RungPredictions| all.rung(all.rungs - 1);
        match (self, x) {
            (Learner::RungTanimoto(model), AnyTable::RungCounts(x)) => model.predict_given(x, known).map(top),
            (Learner::RungDense(model), AnyTable::RungDense(x)) => model.predict_given(x, known).map(top),
            (Learner::RungLocal(model), AnyTable::RungLocal(x)) => model.predict_given(x, known).map(top),
            _ => Err(MIXED),
        }
    }

    /// What the last fit found; `None` where it is not one set of numbers.
    pub(crate) fn hyper(&self, report: &FitReport) -> Option<Hyper> {
        if let Some((_, settings)) = self.ladder() {
            return Some(Hyper::Ladder(settings));
        }
        let length_scale = self.length_scale()?;
        let FitReport { signal_variance, noise_variance, .. } = *report;
        let usable = |v: f64| v.is_finite() && v > 0.0;
        [length_scale, signal_variance, noise_variance].into_iter().all(usable).then_some(Hyper::One {
            length_scale,
            signal_variance,
            noise_variance,
        })
    }

    /// What was found, for the card.
    pub(crate) fn card(&self, report: &FitReport) -> serde_json::Value {
        let trees = match self {
            Learner::Boosted(model) => model.hyper(),
            Learner::Forest(model) => model.hyper(),
            Learner::Classifier(model) => model.hyper(),
            _ => None,
        };
        if let Some(trees) = trees {
            return serde_json::json!(trees);
        }
        if let Some((_, settings)) = self.ladder() {
            return serde_json::json!(settings.hyper_parameters);
        }
        let sparse = match self {
            Learner::SparseTanimoto(model) => model.details(),
            Learner::SparseDense(model) => model.details(),
            Learner::SparseLocal(model) => model.details(),
            _ => None,
        };
        serde_json::json!({
            "length_scale": self.length_scale(),
            "signal_variance": report.signal_variance,
            "noise_variance": report.noise_variance,
            "log_marginal_likelihood": report.log_marginal_likelihood,
            "inducing_points": sparse,
        })
    }
}

impl Surrogate for Learner {
    type Input = AnyTable;

    fn fit(&mut self, x: &AnyTable, y: &[f64]) -> Result<FitReport, LearnError> {
        inside!(self, x, model, x => model.fit(x, y))
    }

    fn extend(&mut self, x: &AnyTable, y: &[f64]) -> Result<FitReport, LearnError> {
        inside!(self, x, model, x => model.extend(x, y))
    }

    fn predict(&self, x: &AnyTable) -> Result<Predictions, LearnError> {
        inside!(self, x, model, x => model.predict(x))
    }
}

impl Storable for Learner {
    fn store(&self) -> Result<Stored, LearnError> {
        match self {
            Learner::Tanimoto(model) => model.store(),
            Learner::Dense(model) => model.store(),
            Learner::Local(model) => model.store(),
            Learner::SparseTanimoto(model) => model.store(),
            Learner::SparseDense(model) => model.store(),
            Learner::SparseLocal(model) => model.store(),
            Learner::Boosted(model) => model.store(),
            Learner::Forest(model) => model.store(),
            Learner::RungTanimoto(model) => model.store(),
            Learner::RungDense(model) => model.store(),
            Learner::RungLocal(model) => model.store(),
            Learner::Classifier(model) => model.store(),
        }
    }

    fn restore(&mut self, x: &AnyTable, stored: &Stored) -> Result<(), LearnError> {
        inside!(self, x, model, x => model.restore(x, stored))
    }
}
