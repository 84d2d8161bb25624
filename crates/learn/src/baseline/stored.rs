//! Models around another, for a file.

use super::{Difference, ElementBaseline, Extensive};
use crate::stored::bad;
use crate::{LearnError, Storable, Stored, Table};

const EXTENSIVE: &str = "extensive";
const DIFFERENCE: &str = "difference";
const VERSION: u64 = 1;

impl<M: Storable> Storable for Extensive<M>
where
    M::Input: Table,
{
    fn store(&self) -> Result<Stored, LearnError> {
        let baseline = self.baseline.as_ref().ok_or(LearnError::NotFitted)?;
        let mut stored = Stored::new(EXTENSIVE, VERSION);
        stored.set("baseline", baseline)?;
        stored.insert_part("model", self.model.store()?)?;
        Ok(stored)
    }

    /// # Errors
    /// Also [`LearnError::UnknownElement`].
    fn restore(&mut self, x: &Self::Input, stored: &Stored) -> Result<(), LearnError> {
        stored.expect(EXTENSIVE, VERSION)?;
        let baseline: ElementBaseline = stored.get("baseline")?;
        if baseline.energies.values().any(|energy| !energy.is_finite()) {
            return Err(bad("baseline", "has an energy that is not finite".into()));
        }
        // Every element must have its energy.
        baseline.predict(&x.composition)?;
        self.model.restore(&x.features, &stored.part("model")?)?;
        self.baseline = Some(baseline);
        Ok(())
    }
}

impl<M: Storable> Storable for Difference<M>
where
    M::Input: Table,
{
    fn store(&self) -> Result<Stored, LearnError> {
        let mut stored = Stored::new(DIFFERENCE, VERSION);
        stored.insert_part("model", self.model.store()?)?;
        Ok(stored)
    }

    /// Of the rows' baselines none is used.
    fn restore(&mut self, x: &Self::Input, stored: &Stored) -> Result<(), LearnError> {
        stored.expect(DIFFERENCE, VERSION)?;
        self.model.restore(&x.features, &stored.part("model")?)
    }
}
