//! Which substituent stands where, in order.

/// All ways to put one of `kinds` substituents at each of `size` of `points` attachment points: sets of points
/// in lexicographic order, within a set the substituents in lexicographic order.
#[derive(Clone, Debug)]
pub(super) struct Assignments {
    points: usize,
    kinds: usize,
    /// Point and kind of each substituent; `None` at the end.
    next: Option<Vec<(usize, usize)>>,
}

impl Assignments {
    pub(super) fn new(points: usize, size: usize, kinds: usize) -> Assignments {
        let possible = size <= points && (size == 0 || kinds > 0);
        Assignments { points, kinds, next: possible.then(|| (0..size).map(|i| (i, 0)).collect()) }
    }

    /// How many there are: binomial(points, size) kinds^size; `None` if that does not fit.
    pub(super) fn count(points: usize, size: usize, kinds: usize) -> Option<u64> {
        let mut count: u64 = 1;
        for i in 0..size {
            // Divisible at every step: the product so far is binomial(points, i + 1) kinds^i.
            count = count.checked_mul(points.checked_sub(i)? as u64)? / (i as u64 + 1);
        }
        (0..size).try_fold(count, |count, _| count.checked_mul(kinds as u64))
    }

    fn advance(&self, mut current: Vec<(usize, usize)>) -> Option<Vec<(usize, usize)>> {
        if let Some(i) = current.iter().rposition(|&(_, kind)| kind + 1 < self.kinds) {
            current[i].1 += 1;
            current[i + 1..].iter_mut().for_each(|(_, kind)| *kind = 0);
            return Some(current);
        }
        let size = current.len();
        let i = (0..size).rev().find(|&i| current[i].0 + (size - i) < self.points)?;
        let first = current[i].0 + 1;
        current[i..].iter_mut().enumerate().for_each(|(k, slot)| slot.0 = first + k);
        current.iter_mut().for_each(|(_, kind)| *kind = 0);
        Some(current)
    }
}

impl Iterator for Assignments {
    type Item = Vec<(usize, usize)>;

    fn next(&mut self) -> Option<Vec<(usize, usize)>> {
        let current = self.next.take()?;
        self.next = self.advance(current.clone());
        Some(current)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_assignments_come_once_and_in_order() {
        for (points, size, kinds) in [(4, 0, 3), (4, 2, 3), (3, 3, 2), (1, 1, 5), (5, 3, 1)] {
            let all: Vec<_> = Assignments::new(points, size, kinds).collect();
            assert_eq!(Some(all.len() as u64), Assignments::count(points, size, kinds));
            let keys: Vec<_> = all
                .iter()
                .map(|a| a.iter().map(|s| s.0).chain(a.iter().map(|s| s.1)).collect::<Vec<_>>())
                .collect();
            assert!(keys.windows(2).all(|w| w[0] < w[1]));
        }
        assert_eq!(Assignments::new(2, 3, 4).count(), 0);
        assert_eq!(Assignments::count(200, 100, 9), None);
    }
}
