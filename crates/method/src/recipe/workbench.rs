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
    /// How many distinct conformers, lowest force-field energy first, the method compares by single points
    /// before the best is relaxed. Hydrogen bonds decide here, and a force field ranks them poorly: for
    /// substituted quinones the wrong choice moves a reaction energy by up to 0.3 eV.
    pub compared: u32,
    /// How far geometries are relaxed.
    pub level: OptimisationLevel,
}

impl Default for RecipeSettings {
    fn default() -> RecipeSettings {
        RecipeSettings { embed: EmbedOptions::default(), compared: 3, level: OptimisationLevel::Normal }
    }
}

impl RecipeSettings {
    /// The settings as text, part of the identity of a recipe's result.
    pub fn identity(&self) -> String {
        let e = self.embed;
        format!(
            "opt={};compared={};etkdg_seed={};conformers={};attempts={};mmff_iterations={}",
            self.level.as_str(),
            self.compared,
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
    /// What its number costs, remembered calculations included, common references left out.
    price: Cell<Cost>,
    building: Cell<CoreSeconds>,
    at_reference: Cell<bool>,
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
            price: Cell::new(Cost::ZERO),
            building: Cell::new(CoreSeconds::ZERO),
            at_reference: Cell::new(false),
        }
    }

    /// What was newly spent on this workbench.
    pub fn spent(&self) -> Cost {
        self.spent.get()
    }

    /// What the number costs: every calculation it needed, done now or remembered, and the geometries. What all
    /// candidates share (H2) is left out. The same in every run, also after one that was killed half-way, but for
    /// the noise of timings.
    pub fn price(&self) -> Cost {
        self.price.get()
    }

    /// The part of [`Workbench::spent`] that went into making starting geometries.
    pub fn building(&self) -> CoreSeconds {
        self.building.get()
    }

    fn charge(&self, cost: Cost) {
        self.spent.set(self.spent.get() + cost);
        self.price_in(cost);
    }

    fn price_in(&self, cost: Cost) {
        if !self.at_reference.get() {
            self.price.set(self.price.get() + cost);
        }
    }

    /// Relaxes a molecule that every candidate needs; it is not part of the price of one number.
    pub fn reference(&self, molecule: &Molecule) -> Result<Outcome, Failure> {
        self.at_reference.set(true);
        let outcome = self.relax(molecule);
        self.at_reference.set(false);
        outcome
    }

    /// One calculation, recalled or done; its new cost is charged to the workbench.
    pub fn calculate(&self, molecule: &Molecule, task: Task) -> Result<Outcome, Failure> {
        let id = CalculationId::new(molecule.id(), self.method.id(), &task);
        if let Some(known) = self.memo.recall(id) {
            self.price_in(known.cost);
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

    /// Starting geometries of a molecule: the one it has, or distinct conformers made from its graph, lowest
    /// force-field energy first. The time is charged.
    pub fn build(&self, molecule: &Molecule) -> Result<Vec<Geometry>, Failure> {
        if let Some(geometry) = molecule.geometry() {
            return Ok(vec![geometry.clone()]);
        }
        let graph = molecule.graph().ok_or_else(|| {
            Failure::new(FailureKind::Unsupported, "the molecule has neither graph nor geometry")
        })?;
        let meter = ThreadMeter::start();
        let built = graph.conformers(&self.settings.embed);
        let (core_seconds, wall) = meter.elapsed();
        self.building.set(self.building.get() + core_seconds);
        self.charge(Cost { core_seconds, wall, ..Cost::ZERO });
        let built = built.map_err(|e| Failure::new(FailureKind::NoGeometry, e.to_string()))?;
        Ok(built.into_iter().map(|e| e.geometry).collect())
    }

    /// The geometry a molecule has, or of its conformers the one that the method itself finds lowest in energy.
    pub fn lowest(&self, molecule: &Molecule) -> Result<Geometry, Failure> {
        let mut starts = self.build(molecule)?;
        starts.truncate(self.settings.compared.max(1) as usize);
        if starts.len() == 1 {
            return Ok(starts.swap_remove(0));
        }
        let mut best: Option<(f64, Geometry)> = None;
        let mut failure = None;
        for start in starts {
            match self.calculate(&molecule.clone().with_geometry(start.clone()), Task::SinglePoint) {
                Ok(outcome) => {
                    let energy = outcome.energy.map_or(f64::INFINITY, |e| e.value());
                    if best.as_ref().is_none_or(|(lowest, _)| energy < *lowest) {
                        best = Some((energy, start));
                    }
                }
                Err(f) if f.kind.is_transient() => return Err(f),
                Err(f) => failure = Some(f),
            }
        }
        match (best, failure) {
            (Some((_, start)), _) => Ok(start),
            (None, Some(f)) => Err(f),
            (None, None) => Err(Failure::new(FailureKind::NoGeometry, "no conformer was made")),
        }
    }

    /// Relaxes a molecule from its best starting geometry and checks that it kept its bonds.
    pub fn relax(&self, molecule: &Molecule) -> Result<Outcome, Failure> {
        let start = molecule.clone().with_geometry(self.lowest(molecule)?);
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
