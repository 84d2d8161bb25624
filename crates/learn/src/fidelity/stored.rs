//! What co-kriging learnt, for a file.
//!
//! Hyper-parameters and labels are stored, and the covariance is factored again
//! on loading: the factor of all labels of all rungs would be larger than all
//! else in the file by far. So a restored model predicts what it did to rounding.

use super::{CoKriging, CoKrigingHyper, CoKrigingSettings, Rungs};
use crate::stored::bad;
use crate::surrogate::LABEL_LIMIT;
use crate::{Array, Kernel, LearnError, Storable, Stored, Surrogate, Table};
use serde_json::Value;

const KIND: &str = "cokriging";
const VERSION: u64 = 1;

impl<K: Kernel> Storable for CoKriging<K> {
    fn store(&self) -> Result<Stored, LearnError> {
        let settings = self.found_settings().ok_or(LearnError::NotFitted)?;
        let mut stored = Stored::new(KIND, VERSION);
        stored.set("kernel", self.kernel().describe())?;
        stored.set("settings", settings)?;
        stored.insert("labels", self.labels().to_vec());
        let rungs = self.label_rungs().iter().map(|&rung| rung as u64).collect();
        stored.arrays.insert("rungs".to_owned(), Array::U64(rungs));
        Ok(stored)
    }

    /// `x` has a row for each label, of the structure and the rung that it was learnt for.
    fn restore(&mut self, x: &Rungs<K::Input>, stored: &Stored) -> Result<(), LearnError> {
        stored.expect(KIND, VERSION)?;
        let (found, expected) = (stored.get::<Value>("kernel")?, self.kernel().describe());
        if found != expected {
            return Err(bad("kernel", format!("is {found}, expected {expected}")));
        }
        let settings: CoKrigingSettings = stored.get("settings")?;
        if settings.hyper_parameters == CoKrigingHyper::Estimated {
            return Err(bad("settings", "have no hyper-parameters".to_owned()));
        }
        settings.check()?;
        let labels = stored.floats("labels", x.len())?;
        if let Some(label) = labels.iter().find(|label| label.abs() > LABEL_LIMIT) {
            return Err(bad("labels", format!("has {label}, expected at most {LABEL_LIMIT}")));
        }
        if stored.indices("rungs", settings.rungs)? != x.rungs() {
            return Err(bad("rungs", "are not those of the structures".to_owned()));
        }
        let mut model = CoKriging::new(self.kernel().clone(), settings);
        model.fit(x, labels)?;
        *self = model;
        Ok(())
    }
}
