//! Models of any family over any table.

use crate::table::MIXED;
use crate::{AnyTable, Kind};
use learn::{
    DenseKernel, FitReport, GpSettings, HyperParameters, KernelGp, KernelGpSettings, KernelHyper, LearnError,
    LocalKernel, Predictions, Shape, Storable, Stored, Surrogate, Table, TanimotoGp,
};
use serde::{Deserialize, Serialize};

/// What a learner is made of: enough to make an empty one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "learner", rename_all = "snake_case")]
pub enum Design {
    /// Exact Gaussian process, Tanimoto kernel on counts.
    Tanimoto,
    /// Exact Gaussian process on a row for each structure.
    Dense {
        /// How similarity falls with distance.
        shape: Shape,
    },
    /// Exact Gaussian process on a row for each atom.
    Local {
        /// How similarity falls with distance.
        shape: Shape,
    },
}

/// Hyper-parameters found by one fit, for fits to other parts of the same labels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Hyper {
    /// In the unit of the kernel's distance; 1 for kernels without one.
    length_scale: f64,
    signal_variance: f64,
    noise_variance: f64,
}

/// Labels that kernels are compared on.
const COMPARED: usize = 800;

impl Design {
    /// The design for a table: of several kernels the one with the largest
    /// marginal likelihood on an evenly spaced part of the labels.
    pub(crate) fn choose(kind: Kind, table: &AnyTable, labels: &[f64]) -> Result<Design, LearnError> {
        let candidates: Vec<Design> = match (kind, table) {
            (Kind::Gp, AnyTable::Counts(_)) => vec![Design::Tanimoto],
            (Kind::Gp, AnyTable::Dense(_)) => [Shape::Gaussian, Shape::Laplacian, Shape::Matern52]
                .map(|shape| Design::Dense { shape })
                .into(),
            (Kind::Gp, AnyTable::Local(_)) => vec![Design::Local { shape: Shape::Gaussian }],
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
}

impl std::fmt::Display for Design {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shape = |shape: &Shape| match shape {
            Shape::Gaussian => "Gaussian",
            Shape::Laplacian => "Laplacian",
            Shape::Matern52 => "Matern-5/2",
            _ => "other",
        };
        match self {
            Design::Tanimoto => f.write_str("Gaussian process, Tanimoto kernel"),
            Design::Dense { shape: s } => write!(f, "Gaussian process, {} kernel", shape(s)),
            Design::Local { shape: s } => {
                write!(f, "Gaussian process, {} kernel summed over atoms", shape(s))
            }
        }
    }
}

/// A model of any family.
#[derive(Debug, Clone)]
pub enum Learner {
    /// See [`Design::Tanimoto`].
    Tanimoto(Box<TanimotoGp>),
    /// See [`Design::Dense`].
    Dense(Box<KernelGp<DenseKernel>>),
    /// See [`Design::Local`].
    Local(Box<KernelGp<LocalKernel>>),
}

impl Learner {
    /// One that has learnt nothing yet and finds its hyper-parameters itself.
    pub fn new(design: Design) -> Self {
        Self::with(design, None)
    }

    /// One that has learnt nothing yet.
    pub(crate) fn with(design: Design, hyper: Option<Hyper>) -> Self {
        let kernel = |mut settings: KernelGpSettings| {
            if let Some(Hyper { length_scale, signal_variance, noise_variance }) = hyper {
                settings.hyper_parameters =
                    KernelHyper::Given { length_scale, signal_variance, noise_variance };
            }
            settings
        };
        match design {
            Design::Tanimoto => {
                let mut settings = GpSettings::default();
                if let Some(Hyper { signal_variance, noise_variance, .. }) = hyper {
                    settings.hyper_parameters = HyperParameters::Given { signal_variance, noise_variance };
                }
                Learner::Tanimoto(Box::new(TanimotoGp::new(settings)))
            }
            Design::Dense { shape } => {
                let settings = kernel(KernelGpSettings::default());
                Learner::Dense(Box::new(KernelGp::new(DenseKernel { shape }, settings)))
            }
            Design::Local { shape } => {
                let settings = kernel(KernelGpSettings::extensive());
                Learner::Local(Box::new(KernelGp::new(LocalKernel { shape }, settings)))
            }
        }
    }

    /// What the last fit found; `None` where it was not found from the spread
    /// of the labels, or is not one set of numbers.
    pub(crate) fn hyper(&self, report: &FitReport) -> Option<Hyper> {
        let length_scale = match self {
            Learner::Tanimoto(_) => 1.0,
            Learner::Dense(model) => model.details()?.length_scale,
            Learner::Local(model) => model.details()?.length_scale,
        };
        let FitReport { signal_variance, noise_variance, .. } = *report;
        let usable = |v: f64| v.is_finite() && v > 0.0;
        [length_scale, signal_variance, noise_variance].into_iter().all(usable).then_some(Hyper {
            length_scale,
            signal_variance,
            noise_variance,
        })
    }

    /// The hyper-parameters found, for the card.
    pub fn hyper_parameters(&self) -> serde_json::Value {
        let details = match self {
            Learner::Tanimoto(_) => None,
            Learner::Dense(model) => model.details(),
            Learner::Local(model) => model.details(),
        };
        details.map_or_else(
            || serde_json::json!({}),
            |d| serde_json::json!({ "length_scale": d.length_scale, "noise_ratio": d.noise_ratio }),
        )
    }
}

impl Surrogate for Learner {
    type Input = AnyTable;

    fn fit(&mut self, x: &AnyTable, y: &[f64]) -> Result<FitReport, LearnError> {
        match (self, x) {
            (Learner::Tanimoto(model), AnyTable::Counts(x)) => model.fit(x, y),
            (Learner::Dense(model), AnyTable::Dense(x)) => model.fit(x, y),
            (Learner::Local(model), AnyTable::Local(x)) => model.fit(x, y),
            _ => Err(MIXED),
        }
    }

    fn extend(&mut self, x: &AnyTable, y: &[f64]) -> Result<FitReport, LearnError> {
        match (self, x) {
            (Learner::Tanimoto(model), AnyTable::Counts(x)) => model.extend(x, y),
            (Learner::Dense(model), AnyTable::Dense(x)) => model.extend(x, y),
            (Learner::Local(model), AnyTable::Local(x)) => model.extend(x, y),
            _ => Err(MIXED),
        }
    }

    fn predict(&self, x: &AnyTable) -> Result<Predictions, LearnError> {
        match (self, x) {
            (Learner::Tanimoto(model), AnyTable::Counts(x)) => model.predict(x),
            (Learner::Dense(model), AnyTable::Dense(x)) => model.predict(x),
            (Learner::Local(model), AnyTable::Local(x)) => model.predict(x),
            _ => Err(MIXED),
        }
    }
}

impl Storable for Learner {
    fn store(&self) -> Result<Stored, LearnError> {
        match self {
            Learner::Tanimoto(model) => model.store(),
            Learner::Dense(model) => model.store(),
            Learner::Local(model) => model.store(),
        }
    }

    fn restore(&mut self, x: &AnyTable, stored: &Stored) -> Result<(), LearnError> {
        match (self, x) {
            (Learner::Tanimoto(model), AnyTable::Counts(x)) => model.restore(x, stored),
            (Learner::Dense(model), AnyTable::Dense(x)) => model.restore(x, stored),
            (Learner::Local(model), AnyTable::Local(x)) => model.restore(x, stored),
            _ => Err(MIXED),
        }
    }
}
