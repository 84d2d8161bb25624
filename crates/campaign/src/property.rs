//! What is computed for each candidate.

use crate::error::CampaignError;
use crate::spec::Loaded;
use decide::suggest;
use matter::Molecule;
use method::{
    Calculation, Failure, FailureKind, Method, Property, PropertyName, Recipe, Task, Workbench, recipe,
};

/// The way to the objective's property: a recipe over the method, or the method's own value.
pub(crate) enum Route {
    Recipe(Box<dyn Recipe>),
    Own(Property),
}

impl Route {
    /// Finds the way; a value that the method gives by itself (a table's column) comes before a recipe.
    pub(crate) fn find(loaded: &Loaded, method: &dyn Method) -> Result<Route, CampaignError> {
        let wanted = loaded.spec.objective.property.as_str();
        let own = method.provides().iter().find(|p| p.name.as_str() == wanted);
        if let Some(property) = own.filter(|_| !method.needs_geometry()) {
            return Ok(Route::Own(property.clone()));
        }
        if let Some(recipe) = recipe::find(wanted).filter(|_| method.needs_geometry()) {
            return Ok(Route::Recipe(recipe));
        }
        let known: Vec<String> = if method.needs_geometry() {
            recipe::all().iter().map(|r| r.property().name.to_string()).collect()
        } else {
            method.provides().iter().map(|p| p.name.to_string()).collect()
        };
        let nearest = suggest::nearest(wanted, known.iter().map(String::as_str));
        Err(CampaignError::NoSuchProperty {
            path: loaded.path.clone(),
            property: wanted.to_owned(),
            method: loaded.spec.method.clone(),
            hint: suggest::did_you_mean(nearest),
            known: known.join(", "),
        })
    }

    pub(crate) fn property(&self) -> Property {
        match self {
            Route::Recipe(recipe) => recipe.property(),
            Route::Own(property) => property.clone(),
        }
    }

    /// Method and settings as text: part of the identity of a result.
    pub(crate) fn identity(&self, loaded: &Loaded, method: &dyn Method) -> String {
        match self {
            Route::Recipe(_) => format!("{};{}", method.id(), loaded.recipe_settings().identity()),
            Route::Own(_) => method.id().to_string(),
        }
    }

    pub(crate) fn prepare(&self, bench: &Workbench) -> Result<(), Failure> {
        match self {
            Route::Recipe(recipe) => recipe.prepare(bench),
            Route::Own(_) => Ok(()),
        }
    }

    pub(crate) fn evaluate(&self, molecule: &Molecule, bench: &Workbench) -> Calculation {
        match self {
            Route::Recipe(recipe) => recipe.evaluate(molecule, bench),
            Route::Own(_) => {
                let outcome = bench.calculate(molecule, Task::SinglePoint);
                bench.finish(outcome)
            }
        }
    }

    /// The property out of an outcome, if it is a finite number.
    pub(crate) fn value(&self, calculation: &Calculation) -> Result<f64, Failure> {
        let name: PropertyName = self.property().name;
        match &calculation.outcome {
            Ok(outcome) => match outcome.values.get(&name) {
                Some(value) if value.is_finite() => Ok(*value),
                Some(value) => {
                    Err(Failure::new(FailureKind::BadOutput, format!("{name} came out as {value}")))
                }
                None => Err(Failure::new(FailureKind::NoValue, format!("no {name} is recorded"))),
            },
            Err(failure) => Err(failure.clone()),
        }
    }
}
