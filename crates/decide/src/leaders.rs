use crate::{Goal, Utility};

/// The best utilities so far: as many as good candidates are wanted.
///
/// To look for one candidate is to improve on the best; to look for a
/// short-list of `k` is to improve on the k-th best. With `k = 1` a campaign whose
/// range was hit once has nothing left to gain; with `k = 10` it goes on until
/// ten values lie in the range.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaders {
    wanted: usize,
    /// Best first, at most `wanted`.
    best: Vec<Utility>,
}

impl Leaders {
    /// None yet; `wanted` good candidates are looked for (0 counts as 1).
    pub fn new(wanted: usize) -> Leaders {
        Leaders { wanted: wanted.max(1), best: Vec::new() }
    }

    /// The leaders among the values of a property. NaN is skipped.
    pub fn of(goal: &Goal, wanted: usize, values: impl IntoIterator<Item = f64>) -> Leaders {
        let mut leaders = Leaders::new(wanted);
        for y in values {
            leaders.insert(goal.utility(y));
        }
        leaders
    }

    /// Takes one more utility into account. NaN is skipped.
    pub fn insert(&mut self, utility: Utility) {
        if utility.value().is_nan() {
            return;
        }
        let position = self.best.partition_point(|better| better.order(utility).is_ge());
        self.best.insert(position, utility);
        self.best.truncate(self.wanted);
    }

    /// Best first; at most as many as are wanted.
    pub fn utilities(&self) -> &[Utility] {
        &self.best
    }

    /// The utility to improve on: the worst leader. While there are fewer than
    /// wanted it is the worst of those in hand, `None` while there is none.
    pub fn incumbent(&self) -> Option<Utility> {
        self.best.last().copied()
    }

    /// Whether as many as wanted are as good as can be
    /// ([`Goal::ceiling`]).
    pub fn reached(&self, goal: &Goal) -> bool {
        let full = self.best.len() == self.wanted;
        full && self.incumbent().zip(goal.ceiling()).is_some_and(|(worst, ceiling)| worst >= ceiling)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_range_is_reached_when_enough_values_lie_in_it() {
        let goal = Goal::Range { low: 1.0, high: 2.0 };
        assert!(!Leaders::of(&goal, 2, [1.5, 3.0]).reached(&goal));
        assert!(!Leaders::of(&goal, 2, [1.5]).reached(&goal));
        assert!(Leaders::of(&goal, 2, [1.5, f64::NAN, 3.0, 2.0]).reached(&goal));
        assert!(!Leaders::of(&Goal::Maximise, 1, [1e9]).reached(&Goal::Maximise));
        assert_eq!(Leaders::new(3).incumbent(), None);
        assert_eq!(Leaders::of(&Goal::Minimise, 0, [2.0, 1.0]).incumbent(), Some(Utility(-1.0)));
    }

    proptest! {
        #[test]
        fn leaders_are_the_head_of_the_sorted_list(
            mut values in proptest::collection::vec(-5i32..5, 0..12), wanted in 1usize..6
        ) {
            let leaders = Leaders::of(&Goal::Maximise, wanted, values.iter().copied().map(f64::from));
            values.sort_by(|a, b| b.cmp(a));
            values.truncate(wanted);
            let expected: Vec<Utility> = values.into_iter().map(|y| Utility(f64::from(y))).collect();
            prop_assert_eq!(leaders.utilities(), &expected[..]);
            prop_assert_eq!(leaders.incumbent(), expected.last().copied());
        }
    }
}
