//! The bulk path: many molecules through one method, in input order.

mod line;
mod pool;

pub use line::{BulkCost, BulkError, BulkGeometry, BulkLine, Status};
pub use pool::{BulkInput, run};

use decide::suggest;
use ledger::Conversion;
use matter::Molecule;
use matter::units::ElectronVolt;
use method::recipe::{self, Memo, RecipeSettings};
use method::{
    Calculation, CalculationId, Cost, Failure, FailureKind, Method, OptimisationLevel, Outcome, PropertyName,
    Recipe, Task, Workbench,
};
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

/// What is asked for each molecule.
pub struct BulkJob {
    /// Who computes.
    pub method: Arc<dyn Method>,
    /// Properties of the geometry given (or made): which of them are written.
    pub point: PointProperties,
    /// Relax the geometry before these properties are computed.
    pub relax: Option<OptimisationLevel>,
    /// Properties made of several calculations.
    pub recipes: Vec<Box<dyn Recipe>>,
    /// Scalars that the method itself gives by name (columns of a table).
    pub values: Vec<PropertyName>,
    /// Settings of geometry building and of recipes.
    pub settings: RecipeSettings,
    /// From processor time to energy.
    pub conversion: Conversion,
    /// Calculations that every molecule needs (e.g. H2), done once.
    common: Memory,
}

/// Properties of one geometry that can be asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct PointProperties {
    pub energy: bool,
    pub gradient: bool,
    pub charges: bool,
    pub dipole: bool,
    pub orbitals: bool,
    pub gap: bool,
}

impl PointProperties {
    /// All that `joulery compute` writes when nothing is asked for by name.
    pub const ALL: PointProperties = PointProperties {
        energy: true,
        gradient: true,
        charges: true,
        dipole: true,
        orbitals: true,
        gap: false,
    };

    fn any(self) -> bool {
        self != PointProperties::default()
    }
}

/// A property name that is none.
#[derive(Debug, thiserror::Error)]
#[error("`{method}` gives no property `{name}`: expected one of {known}{hint}")]
pub struct UnknownProperty {
    /// Name of the method.
    pub method: String,
    /// What was asked for.
    pub name: String,
    /// What there is.
    pub known: String,
    /// "; did you mean ...?" or nothing.
    pub hint: String,
}

const POINT_NAMES: [&str; 7] = ["energy", "gradient", "charges", "dipole", "homo", "lumo", "homo_lumo_gap"];

impl BulkJob {
    /// A job from the names of properties; no names ask for everything a single point gives.
    pub fn new(
        method: Arc<dyn Method>,
        names: &[String],
        relax: Option<OptimisationLevel>,
        conversion: Conversion,
    ) -> Result<BulkJob, UnknownProperty> {
        let mut job = BulkJob {
            point: PointProperties::default(),
            relax,
            recipes: Vec::new(),
            values: Vec::new(),
            settings: RecipeSettings::default(),
            conversion,
            common: Memory::default(),
            method,
        };
        if let Some(level) = relax {
            job.settings.level = level;
        }
        let own: Vec<PropertyName> = job.method.provides().iter().map(|p| p.name.clone()).collect();
        let replayed = !job.method.needs_geometry();
        if names.is_empty() {
            if replayed {
                job.values = own;
            } else {
                job.point = PointProperties::ALL;
            }
            return Ok(job);
        }
        for name in names {
            let wanted = PropertyName::new(name.as_str());
            if replayed {
                if !own.contains(&wanted) {
                    return Err(unknown(&*job.method, name, own.iter().map(PropertyName::as_str)));
                }
                job.values.push(wanted);
                continue;
            }
            match name.as_str() {
                "energy" => job.point.energy = true,
                "gradient" => job.point.gradient = true,
                "charges" => job.point.charges = true,
                "dipole" => job.point.dipole = true,
                "homo" | "lumo" => job.point.orbitals = true,
                "homo_lumo_gap" => job.point.gap = true,
                other => match recipe::find(other) {
                    Some(recipe) => job.recipes.push(recipe),
                    None => {
                        let recipes = recipe::all();
                        let names = recipes.iter().map(|r| r.property().name.as_str().to_owned());
                        let mut known: Vec<String> =
                            POINT_NAMES.iter().map(|n| (*n).to_owned()).chain(names).collect();
                        let mut seen = std::collections::BTreeSet::new();
                        known.retain(|n| seen.insert(n.clone()));
                        return Err(unknown(&*job.method, name, known.iter().map(String::as_str)));
                    }
                },
            }
        }
        Ok(job)
    }

    /// Does once what every molecule needs, and says what it cost. If it fails, each molecule will say so.
    pub fn prepare(&self, cancel: &AtomicBool) -> Cost {
        let bench = Workbench::new(&*self.method, self.settings, None, cancel, &self.common);
        for recipe in &self.recipes {
            if recipe.prepare(&bench).is_err() {
                break;
            }
        }
        bench.spent()
    }

    /// One molecule, in the calling thread.
    fn evaluate(&self, molecule: &Molecule, cancel: &AtomicBool) -> (Calculation, Option<matter::Geometry>) {
        let memo = Layered { common: &self.common, own: Memory::default() };
        let bench = Workbench::new(&*self.method, self.settings, None, cancel, &memo);
        let mut geometry = None;
        let result = self.evaluate_on(molecule, &bench, &mut geometry);
        (bench.finish(result), geometry)
    }

    fn evaluate_on(
        &self,
        molecule: &Molecule,
        bench: &Workbench,
        geometry: &mut Option<matter::Geometry>,
    ) -> Result<Outcome, Failure> {
        let mut outcome = Outcome::default();
        if !self.values.is_empty() {
            outcome = bench.calculate(molecule, Task::SinglePoint)?;
            for name in &self.values {
                if !outcome.values.contains_key(name) {
                    let message = format!("{} records no {name} for {}", self.method.id(), molecule.label());
                    return Err(Failure::new(FailureKind::NoValue, message));
                }
            }
            outcome.values.retain(|name, _| self.values.contains(name));
        }
        if self.point.any() {
            outcome = self.point_on(molecule, bench, geometry)?;
        }
        for recipe in &self.recipes {
            let name = recipe.property().name;
            // The cost of each recipe is what the bench has newly spent, so it is not added here.
            let value = recipe.evaluate(molecule, bench).outcome?.values.get(&name).copied();
            let value = value.ok_or_else(|| {
                Failure::new(FailureKind::BadOutput, format!("no {name} came out for {}", molecule.label()))
            })?;
            outcome.values.insert(name, value);
        }
        Ok(outcome)
    }

    fn point_on(
        &self,
        molecule: &Molecule,
        bench: &Workbench,
        geometry: &mut Option<matter::Geometry>,
    ) -> Result<Outcome, Failure> {
        let wants_gradient = self.point.gradient;
        let relaxed = match self.relax {
            Some(_) => Some(bench.relax(molecule)?),
            None => None,
        };
        let place = match relaxed.as_ref().and_then(|o| o.geometry.clone()) {
            Some(geometry) => geometry,
            None => bench.lowest(molecule)?,
        };
        let there = molecule.clone().with_geometry(place.clone());
        let full = match relaxed {
            Some(outcome) if !wants_gradient => outcome,
            _ => bench.calculate(&there, if wants_gradient { Task::Gradient } else { Task::SinglePoint })?,
        };
        *geometry = Some(place);
        let p = self.point;
        let mut outcome = Outcome {
            energy: full.energy.filter(|_| p.energy),
            gradient: full.gradient.filter(|_| p.gradient),
            charges: full.charges.filter(|_| p.charges),
            dipole: full.dipole.filter(|_| p.dipole),
            homo: full.homo.filter(|_| p.orbitals),
            lumo: full.lumo.filter(|_| p.orbitals),
            ..Outcome::default()
        };
        let gap = method::catalogue::homo_lumo_gap().name;
        if p.gap
            && let (Some(homo), Some(lumo)) = (full.homo, full.lumo)
        {
            outcome.values.insert(gap, ElectronVolt::from(lumo - homo).value());
        }
        Ok(outcome)
    }
}

fn unknown<'a>(
    method: &dyn Method,
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> UnknownProperty {
    let hint = suggest::did_you_mean(suggest::nearest(name, known.clone()));
    UnknownProperty {
        method: method.id().to_string(),
        name: name.to_owned(),
        known: known.collect::<Vec<_>>().join(", "),
        hint,
    }
}

/// Remembers calculations in memory, so that properties share them.
#[derive(Default)]
struct Memory(Mutex<HashMap<CalculationId, Calculation>>);

impl Memo for Memory {
    fn recall(&self, id: CalculationId) -> Option<Calculation> {
        self.0.lock().ok()?.get(&id).cloned()
    }

    fn keep(
        &self,
        id: CalculationId,
        _: &Molecule,
        _: &dyn Method,
        _: Task,
        calculation: &Calculation,
    ) -> Result<(), String> {
        match self.0.lock() {
            Ok(mut map) => {
                map.insert(id, calculation.clone());
                Ok(())
            }
            Err(_) => Err("the memory of this molecule is poisoned".into()),
        }
    }
}

/// The calculations of one molecule over those that all molecules need.
struct Layered<'a> {
    common: &'a Memory,
    own: Memory,
}

impl Memo for Layered<'_> {
    fn recall(&self, id: CalculationId) -> Option<Calculation> {
        self.own.recall(id).or_else(|| self.common.recall(id))
    }

    fn keep(
        &self,
        id: CalculationId,
        molecule: &Molecule,
        method: &dyn Method,
        task: Task,
        calculation: &Calculation,
    ) -> Result<(), String> {
        self.own.keep(id, molecule, method, task, calculation)
    }
}
