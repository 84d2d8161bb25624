//! Rules that value what could be done next.
//!
//! To add one: a file with an implementation of [`Acquisition`], a line in
//! [`ACQUISITIONS`], and [`conformance::check`](crate::conformance::check)
//! passes (the test below calls it for every line).

mod ei;
mod ei_per_joule;
mod greedy;
mod random;
mod thompson;
mod ucb;

pub use ei::ExpectedImprovement;
pub use ei_per_joule::ExpectedImprovementPerJoule;
pub use greedy::Greedy;
pub use random::Random;
pub use thompson::Thompson;
pub use ucb::UpperConfidenceBound;

use crate::{DecideError, State, Step, StepValue, suggest};

/// What the values of an acquisition mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scale {
    /// Only their order means something.
    Order,
    /// A utility, in the unit of the property.
    Utility,
    /// The natural logarithm of a gain in the unit of the property.
    LnGain,
    /// The natural logarithm of a gain in the unit of the property per joule.
    LnGainPerJoule,
}

/// Values what could be done next.
///
/// A value depends on the state and on the step itself, never on the order of
/// the steps or on the number of threads; the higher the better; minus infinity
/// for what is not worth doing, never NaN nor plus infinity.
pub trait Acquisition: Send + Sync {
    /// Its name in the campaign file.
    fn name(&self) -> &'static str;

    /// What its values mean while there is an incumbent.
    fn scale(&self) -> Scale;

    /// The value of each step, in order.
    fn value(&self, state: &State, steps: &[Step]) -> Vec<StepValue>;
}

/// One line of the list of acquisitions.
pub struct Entry {
    /// Name in the campaign file.
    pub name: &'static str,
    /// One sentence for people.
    pub about: &'static str,
    /// Makes one, with its default settings.
    pub build: fn() -> Box<dyn Acquisition>,
}

/// Every acquisition there is.
pub const ACQUISITIONS: &[Entry] = &[
    Entry {
        name: random::NAME,
        about: "any candidate, as chance (the seed) has it",
        build: || Box::new(Random),
    },
    Entry {
        name: greedy::NAME,
        about: "the candidate that is predicted to be best",
        build: || Box::new(Greedy),
    },
    Entry {
        name: ei::NAME,
        about: "the largest expected improvement over the best so far",
        build: || Box::new(ExpectedImprovement),
    },
    Entry {
        name: ei_per_joule::NAME,
        about: "the largest expected improvement for each joule that it is predicted to cost",
        build: || Box::new(ExpectedImprovementPerJoule),
    },
    Entry {
        name: ucb::NAME,
        about: "the best that is still likely: two standard deviations to the good side",
        build: || Box::new(UpperConfidenceBound::default()),
    },
    Entry {
        name: thompson::NAME,
        about: "the best of one random draw from the prediction of each candidate",
        build: || Box::new(Thompson),
    },
];

/// The names of all acquisitions.
pub fn names() -> impl Iterator<Item = &'static str> {
    ACQUISITIONS.iter().map(|entry| entry.name)
}

/// The acquisition of this name, with its default settings.
///
/// # Errors
/// [`DecideError::UnknownAcquisition`], with the name most like it.
pub fn by_name(name: &str) -> Result<Box<dyn Acquisition>, DecideError> {
    match ACQUISITIONS.iter().find(|entry| entry.name == name) {
        Some(entry) => Ok((entry.build)()),
        None => Err(DecideError::UnknownAcquisition {
            found: name.to_owned(),
            nearest: suggest::nearest(name, names()).map(str::to_owned),
            known: names().collect::<Vec<_>>().join(", "),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_acquisition_conforms_and_is_found_by_its_name() {
        for name in names() {
            let acquisition = by_name(name).unwrap();
            assert_eq!(acquisition.name(), name);
            crate::conformance::check(acquisition.as_ref()).unwrap();
        }
    }

    #[test]
    fn an_unknown_name_gets_the_nearest() {
        let error = by_name("ei_per_jule").err().unwrap().to_string();
        assert!(error.contains("did you mean `ei_per_joule`?"), "{error}");
        let error = by_name("magic").err().unwrap().to_string();
        assert!(!error.contains("did you mean") && error.contains("random, greedy"), "{error}");
    }
}
