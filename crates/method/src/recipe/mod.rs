//! Properties made of several calculations.

mod reduction;
mod relaxed;
mod workbench;

pub use workbench::{Memo, NoMemo, RecipeSettings, Workbench};

use crate::calculation::Calculation;
use crate::property::Property;
use matter::Molecule;

/// Composes calculations of one method into one property.
pub trait Recipe: Send + Sync {
    /// What it gives, with its unit.
    fn property(&self) -> Property;

    /// One sentence on how it is made.
    fn describe(&self) -> &'static str;

    /// Molecules whose calculations every candidate needs (e.g. H2); done once, first.
    fn prepare(&self, _bench: &Workbench) -> Result<(), crate::Failure> {
        Ok(())
    }

    /// The property of one molecule; the cost is what was newly spent.
    fn evaluate(&self, molecule: &Molecule, bench: &Workbench) -> Calculation;
}

/// Every recipe there is.
pub fn all() -> Vec<Box<dyn Recipe>> {
    vec![
        Box::new(relaxed::Energy),
        Box::new(relaxed::HomoLumoGap),
        Box::new(relaxed::Dipole),
        Box::new(reduction::ReductionEnergy),
    ]
}

/// The recipe for a property.
pub fn find(property: &str) -> Option<Box<dyn Recipe>> {
    all().into_iter().find(|r| r.property().name.as_str() == property)
}
