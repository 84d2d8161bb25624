use crate::constraints::Bounds;
use matter::{Element, Graph, Smarts};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// [`Constraints`](crate::Constraints) ready to be checked.
#[derive(Debug, Clone)]
pub struct Filter {
    pub(crate) molecular_weight: Option<Bounds>,
    pub(crate) max_heavy_atoms: Option<u32>,
    pub(crate) elements: Option<BTreeSet<Element>>,
    pub(crate) charge: Option<i32>,
    pub(crate) max_sa_score: Option<f64>,
    pub(crate) exclude: Vec<Smarts>,
    pub(crate) require: Vec<Smarts>,
}

/// Whether a candidate is admissible.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It fulfils every constraint.
    Passes,
    /// It does not; this is the first reason found.
    Fails(Reason),
}

/// Why a candidate is not admissible.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// Which constraint.
    pub rule: Rule,
    /// What was found and what is allowed, for people.
    pub message: String,
}

/// The constraints, in the order in which they are checked: cheap ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rule {
    /// Total charge.
    Charge,
    /// Elements allowed.
    Elements,
    /// Atoms other than hydrogen.
    HeavyAtoms,
    /// Molecular weight.
    MolecularWeight,
    /// Patterns that must be present.
    RequireSmarts,
    /// Patterns that must not be present.
    ExcludeSmarts,
    /// Synthetic accessibility score.
    SaScore,
    /// The molecule could not be described, so that nothing could be checked.
    NotChecked,
}

impl Filter {
    /// Checks one molecule.
    pub fn check(&self, molecule: &Graph) -> Verdict {
        match self.first_reason(molecule) {
            Some((rule, message)) => Verdict::Fails(Reason { rule, message }),
            None => Verdict::Passes,
        }
    }

    fn first_reason(&self, molecule: &Graph) -> Option<(Rule, String)> {
        if let Some(charge) = self.charge
            && molecule.charge() != charge
        {
            return Some((Rule::Charge, format!("charge {}, not {charge}", molecule.charge())));
        }
        self.by_formula(molecule).or_else(|| self.by_pattern(molecule)).or_else(|| self.by_score(molecule))
    }

    fn by_formula(&self, molecule: &Graph) -> Option<(Rule, String)> {
        let formula = match molecule.formula() {
            Ok(formula) => formula,
            Err(error) => return Some((Rule::NotChecked, error.to_string())),
        };
        if let Some(allowed) = &self.elements
            && let Some((element, _)) = formula.iter().find(|(element, _)| !allowed.contains(element))
        {
            return Some((
                Rule::Elements,
                format!("contains {element}, which is not among the elements allowed"),
            ));
        }
        if let Some(most) = self.max_heavy_atoms {
            let heavy: u32 = formula.iter().filter(|(e, _)| *e != Element::H).map(|(_, n)| n).sum();
            if heavy > most {
                return Some((Rule::HeavyAtoms, format!("{heavy} heavy atoms, more than {most}")));
            }
        }
        if let Some(bounds) = self.molecular_weight
            && !bounds.contains(formula.weight())
        {
            let weight = formula.weight();
            let message = match (bounds.min, bounds.max) {
                (Some(min), _) if weight < min => format!("weighs {weight:.2} g/mol, less than {min}"),
                (_, Some(max)) => format!("weighs {weight:.2} g/mol, more than {max}"),
                _ => format!("weighs {weight:.2} g/mol"),
            };
            return Some((Rule::MolecularWeight, message));
        }
        None
    }

    fn by_pattern(&self, molecule: &Graph) -> Option<(Rule, String)> {
        if let Some(absent) = self.require.iter().find(|pattern| !pattern.matches(molecule)) {
            return Some((Rule::RequireSmarts, format!("does not contain `{}`", absent.as_str())));
        }
        let present = self.exclude.iter().find(|pattern| pattern.matches(molecule))?;
        Some((Rule::ExcludeSmarts, format!("contains `{}`", present.as_str())))
    }

    fn by_score(&self, molecule: &Graph) -> Option<(Rule, String)> {
        let most = self.max_sa_score?;
        match synthesis::sa_score(molecule).map(|score| score.value()) {
            Ok(score) if score <= most => None,
            Ok(score) => {
                Some((Rule::SaScore, format!("synthetic accessibility score {score:.2}, above {most}")))
            }
            Err(error) => Some((Rule::NotChecked, error.to_string())),
        }
    }
}

/// How many candidates passed and how many failed by which constraint. Tallies
/// of parts of a space add up to the tally of the whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// Candidates that passed.
    pub passed: u64,
    /// Candidates that failed, by the first constraint that they failed.
    pub failed: BTreeMap<Rule, u64>,
}

impl Tally {
    /// Counts one verdict.
    pub fn count(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Passes => self.passed += 1,
            Verdict::Fails(reason) => *self.failed.entry(reason.rule).or_default() += 1,
        }
    }

    /// Adds the counts of another part.
    pub fn merge(&mut self, other: &Tally) {
        self.passed += other.passed;
        for (rule, n) in &other.failed {
            *self.failed.entry(*rule).or_default() += n;
        }
    }

    /// Candidates counted in all.
    pub fn checked(&self) -> u64 {
        self.passed + self.failed.values().sum::<u64>()
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Rule::Charge => "charge",
            Rule::Elements => "elements",
            Rule::HeavyAtoms => "heavy atoms",
            Rule::MolecularWeight => "molecular weight",
            Rule::RequireSmarts => "required pattern absent",
            Rule::ExcludeSmarts => "excluded pattern present",
            Rule::SaScore => "synthetic accessibility",
            Rule::NotChecked => "could not be checked",
        })
    }
}

impl fmt::Display for Tally {
    /// `310 of 400 pass; failed by: heavy atoms 60, charge 30`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} pass", self.passed, self.checked())?;
        let mut most: Vec<_> = self.failed.iter().collect();
        most.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        for (i, (rule, n)) in most.into_iter().enumerate() {
            write!(f, "{} {rule} {n}", if i == 0 { "; failed by:" } else { "," })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Constraints;

    fn filter(text: &str) -> Filter {
        toml::from_str::<Constraints>(text).unwrap().compile().unwrap()
    }

    #[test]
    fn each_constraint_passes_and_fails() {
        for (constraint, passes, fails, rule, needle) in [
            ("charge = 0", "CCO", "CC[O-]", Rule::Charge, "charge -1, not 0"),
            ("elements = [\"C\", \"O\"]", "CCO", "CCN", Rule::Elements, "contains N"),
            ("max_heavy_atoms = 3", "CCO", "CCCO", Rule::HeavyAtoms, "4 heavy atoms"),
            ("molecular_weight = { max = 50 }", "CCO", "CCCO", Rule::MolecularWeight, "60.10 g/mol, more"),
            ("molecular_weight = { min = 50 }", "CCCO", "CCO", Rule::MolecularWeight, "46.07 g/mol, less"),
            ("require_smarts = [\"[OX2H]\"]", "CCO", "COC", Rule::RequireSmarts, "does not contain `[OX2H]`"),
            ("exclude_smarts = [\"[N+](=O)[O-]\"]", "CCN", "CC[N+](=O)[O-]", Rule::ExcludeSmarts, "contains"),
            ("max_sa_score = 3", "CCO", "C1CC2C3CC1C4C2C34", Rule::SaScore, "above 3"),
        ] {
            let filter = filter(constraint);
            assert_eq!(filter.check(&Graph::from_smiles(passes).unwrap()), Verdict::Passes, "{constraint}");
            let Verdict::Fails(reason) = filter.check(&Graph::from_smiles(fails).unwrap()) else {
                panic!("{fails} passes {constraint}");
            };
            assert_eq!(reason.rule, rule);
            assert!(reason.message.contains(needle), "{}", reason.message);
        }
    }

    #[test]
    fn no_constraints_let_everything_pass() {
        let filter = Constraints::default().compile().unwrap();
        for smiles in ["[Na+].[Cl-]", "C", "O=C1C=CC(=O)C=C1"] {
            assert_eq!(filter.check(&Graph::from_smiles(smiles).unwrap()), Verdict::Passes);
        }
    }

    #[test]
    fn a_filter_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Filter>();
    }

    #[test]
    fn tallies_add_up() {
        let filter = filter("charge = 0\nelements = [\"C\"]");
        let (mut a, mut b) = (Tally::default(), Tally::default());
        for (i, smiles) in ["C", "CC", "CO", "C[O-]", "CN", "CCC"].iter().enumerate() {
            let tally = if i % 2 == 0 { &mut a } else { &mut b };
            tally.count(&filter.check(&Graph::from_smiles(smiles).unwrap()));
        }
        a.merge(&b);
        assert_eq!(a.to_string(), "3 of 6 pass; failed by: elements 2, charge 1");
    }
}
