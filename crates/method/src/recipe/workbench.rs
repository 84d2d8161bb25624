//! What a recipe works with.

use crate::calculation::{Calculation, Outcome};
use crate::contract::{Method, OptimisationLevel, Request, Task};
use crate::cost::Cost;
use crate::failure::{Failure, FailureKind};
use crate::identity::CalculationId;
use crate::meter::ThreadMeter;
use matter::units::CoreSeconds;
use matter::{EmbedOptions, Geometry, Molecule};
use std::cell::Cell;
use std::sync::atomic::AtomicBool;

/// Remembers finished calculations, durably.
pub trait Memo: Send + Sync {
    /// The calculation with this identity, if it was done before.
    fn recall(&self, id: CalculationId) -> Option<Calculation>;

    /// Keeps a calculation that was just done. When this returns, it is safe.
    ///
    /// # Errors
    /// A message why it could not be kept; the recipe then fails with [`FailureKind::Scratch`].
    fn keep(
        &self,
        id: CalculationId,
        molecule: &Molecule,
        method: &dyn Method,
        task: Task,
        calculation: &Calculation,
    ) -> Result<(), String>;
}

/// Remembers nothing: for one-off calculations.
pub struct NoMemo;

impl Memo for NoMemo {
    fn recall(&self, _: CalculationId) -> Option<Calculation> {
        None
    }

    fn keep(
        &self,
        _: CalculationId,
        _: &Molecule,
        _: &dyn Method,
        _: Task,
        _: &Calculation,
    ) -> Result<(), String> {
        Ok(())
    }
}

/// Settings that change the numbers a recipe gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecipeSettings {
    /// How starting geometries are made.
    pub embed: EmbedOptions,
    /// How far geometries are relaxed.
    pub level: OptimisationLevel,
}

impl Default for RecipeSettings {
    fn default() -> RecipeSettings {
        RecipeSettings { embed: EmbedOptions::default(), level: OptimisationLevel::Normal }
    }
}

impl RecipeSettings {
    /// The settings as text, part of the identity of a recipe's result.
    pub fn identity(&self) -> String {
        let e = self.embed;
        format!(
            "opt={};etkdg_seed={};conformers={};attempts={};mmff_iterations={}",
            self.level.as_str(),
            e.seed,
            e.conformers,
            e.attempts,
            e.force_field_iterations
        )
    }
}

/// One method with the settings, limits and memory for one evaluation of a recipe.
pub struct Workbench<'a> {
    /// The method that does the calculations.
    pub method: &'a dyn Method,
    /// Settings of the recipe.
    pub settings: RecipeSettings,
    /// Processor time this evaluation may take in all.
    pub limit: Option<CoreSeconds>,
    /// Set when the work should be dropped.
    pub cancel: &'a AtomicBool,
    /// Where finished calculations are remembered.
    pub memo: &'a dyn Memo,
    /// What this evaluation has newly spent so far.
    spent: Cell<Cost>,
    building: Cell<CoreSeconds>,
}

impl<'a> Workbench<'a> {
    /// A workbench on which nothing has been spent.
    pub fn new(
        method: &'a dyn Method,
        settings: RecipeSettings,
        limit: Option<CoreSeconds>,
        cancel: &'a AtomicBool,
        memo: &'a dyn Memo,
    ) -> Workbench<'a> {
        Workbench {
            method,
            settings,
            limit,
            cancel,
            memo,
            spent: Cell::new(Cost::ZERO),
            building: Cell::new(CoreSeconds::ZERO),
        }
    }

    /// What was newly spent on this workbench.
    pub fn spent(&self) -> Cost {
        self.spent.get()
    }

    /// The part of [`Workbench::spent`] that went into making starting geometries.
    pub fn building(&self) -> CoreSeconds {
        self.building.get()
    }

    fn charge(&self, cost: Cost) {
        self.spent.set(self.spent.get() + cost);
    }

    /// One calculation, recalled or done; its new cost is charged to the workbench.
    pub fn calculate(&self, molecule: &Molecule, task: Task) -> Result<Outcome, Failure> {
        let id = CalculationId::new(molecule.id(), self.method.id(), &task);
        if let Some(known) = self.memo.recall(id) {
            return known.outcome;
        }
        let left = self.limit.map(|limit| limit - self.spent().core_seconds);
        if let (Some(limit), Some(left)) = (self.limit, left)
            && left <= CoreSeconds::ZERO
        {
            return Err(Failure::new(
                FailureKind::LimitReached,
                format!("the {:.1} core-seconds reserved for {} are spent", limit.value(), molecule.label()),
            ));
        }
        let request = Request { task, limit: left, cancel: self.cancel };
        let calculation = self.method.evaluate(molecule, &request);
        self.charge(calculation.cost);
        self.memo
            .keep(id, molecule, self.method, task, &calculation)
            .map_err(|message| Failure::new(FailureKind::Scratch, message))?;
        calculation.outcome
    }

    /// A starting geometry of a molecule known by its graph; the time is charged.
    pub fn build(&self, molecule: &Molecule) -> Result<Geometry, Failure> {
        let meter = ThreadMeter::start();
        let built = molecule.geometry_or_embed(&self.settings.embed);
        let (core_seconds, wall) = meter.elapsed();
        self.building.set(self.building.get() + core_seconds);
        self.charge(Cost { core_seconds, wall, ..Cost::ZERO });
        built.map_err(|e| Failure::new(FailureKind::NoGeometry, e.to_string()))
    }

    /// Relaxes a molecule from a made geometry and checks that it kept its bonds.
    pub fn relax(&self, molecule: &Molecule) -> Result<Outcome, Failure> {
        let start = molecule.clone().with_geometry(self.build(molecule)?);
        let outcome = self.calculate(&start, Task::Optimise(self.settings.level))?;
        if let (Some(graph), Some(relaxed)) = (molecule.graph(), &outcome.geometry) {
            let expected = graph.bonded_pairs();
            let found = relaxed.bonded_pairs();
            if expected != found {
                let name = |(i, j): &(usize, usize)| {
                    format!("{}{}-{}{}", relaxed.elements()[*i], i + 1, relaxed.elements()[*j], j + 1)
                };
                let broken: Vec<String> = expected.difference(&found).map(name).collect();
                let formed: Vec<String> = found.difference(&expected).map(name).collect();
                return Err(Failure::new(
                    FailureKind::ConnectivityChanged,
                    format!(
                        "{} did not keep its bonds when relaxed (broken: {}; formed: {})",
                        graph.canonical_smiles(),
                        if broken.is_empty() { "none".into() } else { broken.join(" ") },
                        if formed.is_empty() { "none".into() } else { formed.join(" ") },
                    ),
                ));
            }
        }
        Ok(outcome)
    }

    /// Wraps a recipe's result with what was spent.
    pub fn finish(&self, outcome: Result<Outcome, Failure>) -> Calculation {
        Calculation { outcome, cost: self.spent() }
    }
}
