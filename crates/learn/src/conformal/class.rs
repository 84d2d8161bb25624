//! Sets of classes that hold what they promise in each class.

use super::ConformalSettings;
use crate::LearnError;
use serde::{Deserialize, Serialize};

/// What a class model says of a structure at a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassSet {
    /// Class 0 only.
    No,
    /// Class 1 only.
    Yes,
    /// The model cannot tell at this level.
    Either,
}

impl ClassSet {
    /// `no`, `yes` or `either`.
    pub fn as_str(self) -> &'static str {
        match self {
            ClassSet::No => "no",
            ClassSet::Yes => "yes",
            ClassSet::Either => "either",
        }
    }

    /// Whether a class (1 for `true`) is in the set.
    pub fn has(self, class: bool) -> bool {
        match self {
            ClassSet::No => !class,
            ClassSet::Yes => class,
            ClassSet::Either => true,
        }
    }
}

/// Label-conditional conformal sets of two classes, of the probability of class
/// 1 (Vovk, Gammerman and Shafer, "Algorithmic Learning in a Random World",
/// 2005, section 4.5: Mondrian predictors whose categories are the labels).
///
/// The score of a structure in class `c` is `a_c(x) = 1 - P(c | x)`, with a
/// probability by a model that had not seen its label. Class `c` is in the set
/// at `x` if `a_c(x)` is at most the `ceil(level (n_c + 1))`-th smallest of the
/// `n_c` scores of class `c`; with fewer labels than that rank, always. So for
/// new structures drawn like the old ones of class `c`, whatever the share of
/// the classes and however bad the probabilities, the set holds `c` with a
/// probability of at least `level`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ClassCalibration {
    /// Share of the structures of each class whose set is to hold it.
    pub level: f64,
    /// From this probability on class 1 is in the set; 0 with too few labels of
    /// class 1.
    pub yes_from: f64,
    /// Up to this probability class 0 is in the set; 1 with too few labels of
    /// class 0.
    pub no_to: f64,
    /// Labels of class 1 that told.
    pub yes: usize,
    /// Labels of class 0 that told.
    pub no: usize,
}

impl ClassCalibration {
    /// From probabilities of class 1 for structures whose labels, 0 or 1, had no
    /// part in making them.
    ///
    /// # Errors
    /// [`LearnError::BadSetting`] for a level that is not between 0 and 1;
    /// [`LearnError::LengthMismatch`]; [`LearnError::BadLabel`] for a
    /// probability that is none.
    pub fn new(level: f64, probabilities: &[f64], labels: &[f64]) -> Result<Self, LearnError> {
        let settings = ConformalSettings { level, ..Default::default() };
        settings.check()?;
        if probabilities.len() != labels.len() {
            return Err(LearnError::LengthMismatch { rows: probabilities.len(), labels: labels.len() });
        }
        if let Some(index) = probabilities.iter().position(|p| !(0.0..=1.0).contains(p)) {
            return Err(LearnError::BadLabel { index, value: probabilities[index], limit: 1.0 });
        }
        // By class, the probabilities from that of the most likely label on.
        let of = |class: bool| {
            let own = probabilities.iter().zip(labels).filter(|(_, y)| (**y == 1.0) == class);
            let mut own: Vec<f64> = own.map(|(p, _)| *p).collect();
            own.sort_unstable_by(f64::total_cmp);
            if class {
                own.reverse();
            }
            own
        };
        let (yes, no) = (of(true), of(false));
        let edge = |own: &[f64], never: f64| own.get(settings.rank(own.len()) - 1).copied().unwrap_or(never);
        Ok(Self { level, yes_from: edge(&yes, 0.0), no_to: edge(&no, 1.0), yes: yes.len(), no: no.len() })
    }

    /// The least number of labels of a class that it takes to rule the class
    /// out: 9 for the level 0.9.
    pub fn least(level: f64) -> usize {
        ConformalSettings { level, ..Default::default() }.least()
    }

    /// Whether the conformal set at a probability of class 1 holds a class (1
    /// for `true`).
    pub fn holds(&self, class: bool, probability: f64) -> bool {
        if class { probability >= self.yes_from } else { probability <= self.no_to }
    }

    /// The set at a probability of class 1. Where the conformal set is empty
    /// (the structure is unlike nine of ten of either class, at the level 0.9),
    /// it is the more probable class: so the sets of a model that is wrong less
    /// often than the level allows hold more than they promise.
    pub fn set(&self, probability: f64) -> ClassSet {
        match (self.holds(false, probability), self.holds(true, probability)) {
            (true, true) => ClassSet::Either,
            (true, false) => ClassSet::No,
            (false, true) => ClassSet::Yes,
            (false, false) if probability < 0.5 => ClassSet::No,
            (false, false) => ClassSet::Yes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformal::shuffled;

    /// A number in [0, 1) that looks random.
    fn uniform(state: &mut u64) -> f64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Nine labels of each class at level 0.9: the rank is ceil(0.9 * 10) = 9, the
    /// last; nineteen: ceil(0.9 * 20) = 18.
    #[test]
    fn a_small_case_by_hand() {
        let yes: Vec<f64> = (1..=9).map(|i| 0.1 * f64::from(i)).collect();
        let no: Vec<f64> = (1..=19).map(|i| 0.02 * f64::from(i)).collect();
        let seen = [yes.clone(), no].concat();
        let labels = [vec![1.0; 9], vec![0.0; 19]].concat();
        let found = ClassCalibration::new(0.9, &seen, &labels).unwrap();
        assert_eq!((found.yes, found.no, found.yes_from), (9, 19, 0.1));
        assert!((found.no_to - 0.36).abs() < 1e-12, "{found:?}");
        assert_eq!([0.05, 0.1, 0.36, 0.37].map(|p| found.set(p).as_str()), ["no", "either", "either", "yes"]);
        // Eight tell nothing at this level: class 1 is never ruled out.
        let few = ClassCalibration::new(0.9, &seen[1..], &labels[1..]).unwrap();
        assert_eq!((few.yes, few.yes_from), (8, 0.0));
        assert_eq!(ClassCalibration::least(0.9), 9);
        // At level 0.5 nothing holds 0.25 any more: rank 5 of 9, rank 10 of 19.
        let half = ClassCalibration::new(0.5, &seen, &labels).unwrap();
        assert!((half.yes_from - 0.5).abs() < 1e-12 && (half.no_to - 0.2).abs() < 1e-12, "{half:?}");
        assert_eq!([0.25, 0.49, 0.5].map(|p| half.set(p).as_str()), ["no", "no", "yes"]);
        assert!(!half.holds(true, 0.25) && !half.holds(false, 0.25));
    }

    #[test]
    fn nonsense_is_refused() {
        let new = ClassCalibration::new;
        assert!(matches!(new(1.0, &[0.5], &[1.0]), Err(LearnError::BadSetting { .. })));
        assert!(matches!(new(0.9, &[0.5], &[]), Err(LearnError::LengthMismatch { .. })));
        assert!(matches!(new(0.9, &[f64::NAN], &[1.0]), Err(LearnError::BadLabel { index: 0, .. })));
        let none = new(0.9, &[], &[]).unwrap();
        assert_eq!(none.set(0.7), ClassSet::Either);
    }

    /// With exchangeable data and any probabilities, good or bad, the number of
    /// structures of a class that the strict sets hold is beta-binomial. Over
    /// independent runs of 120 labels the coverage of each class must lie within
    /// four standard errors of its exact mean, `ceil(level (n + 1)) / (n + 1)`.
    #[test]
    fn sets_hold_what_they_promise_in_each_class() {
        for (name, sharp, bias) in [("good", 6.0, 0.0), ("biased", 6.0, 3.0), ("useless", 0.0, 0.0)] {
            let (runs, known, asked) = (400, [30_usize, 90], 40_usize);
            let (mut held, mut expected) = ([0_usize; 2], [0.0; 2]);
            let mut state = 7;
            // The probability of class 1 that a model would give a structure of a class.
            let mut draw = |class: usize| {
                let x = uniform(&mut state) + uniform(&mut state) - 1.0 + 0.5 * (class as f64 - 0.5);
                let jitter = 0.3 * (uniform(&mut state) - 0.5);
                1.0 / (1.0 + (-(sharp * x + bias + jitter)).exp())
            };
            for run in 0..runs {
                let mut pairs: Vec<(f64, f64)> = Vec::new();
                for class in [0, 1] {
                    pairs.extend((0..known[class]).map(|_| (draw(class), class as f64)));
                }
                let order = shuffled(pairs.len(), run);
                let (p, y): (Vec<f64>, Vec<f64>) = order.iter().map(|&i| pairs[i]).unzip();
                let found = ClassCalibration::new(0.9, &p, &y).unwrap();
                for class in [0, 1] {
                    let own = (0..asked).filter(|_| found.holds(class == 1, draw(class))).count();
                    held[class] += own;
                }
            }
            for class in [0, 1] {
                let n = known[class] as f64;
                let rank = (0.9 * (n + 1.0)).ceil();
                let mean = rank / (n + 1.0);
                // Beta-binomial: of m trials with Beta(rank, n + 1 - rank).
                let m = asked as f64;
                let variance = m * mean * (1.0 - mean) * (n + 1.0 + m) / (n + 2.0);
                expected[class] = mean;
                let found = held[class] as f64 / (runs as f64 * m);
                let error = (variance / runs as f64).sqrt() / m;
                eprintln!("{name}: class {class} holds {found:.4}, expected {mean:.4} +- {error:.4}");
                assert!((found - mean).abs() < 4.0 * error, "{name} {class}: {found} {mean} {error}");
                assert!(mean >= 0.9);
            }
        }
    }
}
