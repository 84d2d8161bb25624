use crate::{DecideError, Gaussian};

/// What is predicted for some candidates together, and what it becomes when one
/// of them is taken as observed at its mean.
///
/// Candidates are numbered as the steps of [`pick_batch`](crate::pick_batch).
pub trait JointPosterior {
    /// The prediction for each candidate, given what it was conditioned on.
    fn beliefs(&self) -> Vec<Gaussian>;

    /// Takes candidate `index` as observed at its mean: means stay, standard
    /// deviations shrink, most for those that are most like it.
    ///
    /// # Errors
    /// [`DecideError`] if there is no such candidate.
    fn condition_on(&mut self, index: usize) -> Result<(), DecideError>;
}

impl JointPosterior for learn::Posterior<'_> {
    fn beliefs(&self) -> Vec<Gaussian> {
        self.mean().into_iter().zip(self.sd()).map(|(mean, sd)| Gaussian { mean, sd }).collect()
    }

    fn condition_on(&mut self, index: usize) -> Result<(), DecideError> {
        Ok(learn::Posterior::condition_on(self, index)?)
    }
}

/// Candidates that say nothing about each other: batches are simply the best.
#[derive(Debug, Clone)]
pub struct Independent(pub Vec<Gaussian>);

impl JointPosterior for Independent {
    fn beliefs(&self) -> Vec<Gaussian> {
        self.0.clone()
    }

    fn condition_on(&mut self, _index: usize) -> Result<(), DecideError> {
        Ok(())
    }
}

/// A stand-in where a surrogate gives no covariances: the correlation of two
/// candidates is taken to be their similarity `s` in [0, 1], so that observing
/// one leaves the other `sqrt(1 - s^2)` of its standard deviation, the rule of
/// a Gaussian process without noise for one observation. For several it is an
/// approximation: what they say twice is counted twice.
pub struct SimilarityPenalty<S> {
    beliefs: Vec<Gaussian>,
    similarity: S,
}

impl<S: Fn(usize, usize) -> f64> SimilarityPenalty<S> {
    /// From predictions and the similarity of two candidates by their numbers,
    /// e.g. the Tanimoto similarity of fingerprints.
    pub fn new(beliefs: Vec<Gaussian>, similarity: S) -> Self {
        Self { beliefs, similarity }
    }
}

impl<S: Fn(usize, usize) -> f64> JointPosterior for SimilarityPenalty<S> {
    fn beliefs(&self) -> Vec<Gaussian> {
        self.beliefs.clone()
    }

    fn condition_on(&mut self, index: usize) -> Result<(), DecideError> {
        if index >= self.beliefs.len() {
            return Err(DecideError::LengthMismatch {
                what: "candidates of the similarity penalty",
                found: self.beliefs.len(),
                expected: index + 1,
            });
        }
        for (other, belief) in self.beliefs.iter_mut().enumerate() {
            let s = (self.similarity)(index, other).clamp(0.0, 1.0);
            belief.sd *= (1.0 - s * s).sqrt();
        }
        Ok(())
    }
}
