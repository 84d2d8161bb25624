//! How well a search did, where all values are known.

use crate::{DecideError, Utility};
use matter::StructureId;
use matter::units::Joules;
use std::collections::HashSet;

/// The truly best structures of a space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopSet {
    members: HashSet<StructureId>,
}

/// The best `fraction` of the structures, rounded up to a whole number and at
/// least one of them; equals are told apart by their ids.
///
/// # Errors
/// [`DecideError::BadSetting`] for a fraction outside of (0, 1],
/// [`DecideError::Empty`] for no structures.
pub fn top_set(all: &[(StructureId, Utility)], fraction: f64) -> Result<TopSet, DecideError> {
    if !(fraction > 0.0 && fraction <= 1.0) {
        return Err(DecideError::BadSetting {
            field: "top fraction",
            found: fraction,
            expected: "a number above 0 and at most 1, such as 0.01 for the best 1 %",
        });
    }
    if all.is_empty() {
        return Err(DecideError::Empty { field: "table of values", expected: "at least one structure" });
    }
    let mut ranked = all.to_vec();
    ranked.sort_by(|a, b| b.1.order(a.1).then(a.0.cmp(&b.0)));
    // The product of a decimal fraction may be a rounding error above a whole number.
    let size = (fraction * all.len() as f64 - 1e-9).ceil().max(1.0) as usize;
    Ok(TopSet { members: ranked.into_iter().take(size).map(|(id, _)| id).collect() })
}

impl TopSet {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Whether the structure is one of them.
    pub fn contains(&self, id: &StructureId) -> bool {
        self.members.contains(id)
    }

    /// The share of them among the structures found, in [0, 1]; repeats count once.
    pub fn share_found<'a>(&self, found: impl IntoIterator<Item = &'a StructureId>) -> f64 {
        let found: HashSet<_> = found.into_iter().filter(|id| self.contains(id)).collect();
        found.len() as f64 / self.len().max(1) as f64
    }

    /// The share found after each calculation of a search, with the joules
    /// spent by then. `done` are the structures in order, with their costs.
    pub fn share_curve(&self, done: &[(StructureId, Joules)]) -> Vec<(Joules, f64)> {
        let (mut spent, mut found) = (Joules::ZERO, HashSet::new());
        done.iter()
            .map(|(id, cost)| {
                spent += *cost;
                if self.contains(id) {
                    found.insert(*id);
                }
                (spent, found.len() as f64 / self.len().max(1) as f64)
            })
            .collect()
    }
}

/// How many times more than random search was found: the share of the top set
/// over the share of the space's joules that was spent (what random search
/// finds of any set, on average, where cost and value are independent).
pub fn enrichment(share_found: f64, spent: Joules, whole_space: Joules) -> f64 {
    share_found / (spent / whole_space)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::test_id;

    fn space(n: u64) -> Vec<(StructureId, Utility)> {
        (0..n).map(|i| (test_id(i), Utility(i as f64))).collect()
    }

    #[test]
    fn the_top_is_rounded_up_but_not_by_rounding_errors() {
        for (n, fraction, size) in
            [(100, 0.07, 7), (150, 0.01, 2), (10, 0.01, 1), (6000, 0.01, 60), (5, 1.0, 5)]
        {
            assert_eq!(top_set(&space(n), fraction).unwrap().len(), size, "{n} {fraction}");
        }
        let top = top_set(&space(100), 0.02).unwrap();
        assert!(top.contains(&test_id(99)) && top.contains(&test_id(98)));
    }

    #[test]
    fn shares_count_each_structure_once() {
        let top = top_set(&space(100), 0.04).unwrap();
        let done = [99, 3, 99, 97].map(test_id);
        assert_eq!(top.share_found(&done), 0.5);
        let curve = top.share_curve(&done.map(|id| (id, Joules(2.0))));
        assert_eq!(curve.last(), Some(&(Joules(8.0), 0.5)));
        assert_eq!(curve[2].1, 0.25);
        assert_eq!(enrichment(0.5, Joules(8.0), Joules(200.0)), 12.5);
    }

    #[test]
    fn ties_do_not_depend_on_the_order() {
        let mut all: Vec<_> = (0..20).map(|i| (test_id(i), Utility(1.0))).collect();
        let top = top_set(&all, 0.25).unwrap();
        all.reverse();
        assert_eq!(top_set(&all, 0.25).unwrap(), top);
        assert!(top_set(&all, 0.0).is_err() && top_set(&[], 0.5).is_err());
    }
}
