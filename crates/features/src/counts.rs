use crate::FeatureError;

/// Sparse feature counts of one molecule: pairs (feature id, count), sorted by
/// id, each id once, no zero counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SparseCounts {
    ids: Vec<u32>,
    counts: Vec<u32>,
    total: u32,
}

impl SparseCounts {
    /// Collects pairs (feature id, count) in any order. Counts of a repeated
    /// id are added, zero counts are dropped.
    ///
    /// # Errors
    /// [`FeatureError::TooManyCounts`] if the counts add up to more than
    /// `u32::MAX`, which no molecule does.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (u32, u32)>) -> Result<Self, FeatureError> {
        let mut pairs: Vec<(u32, u32)> = pairs.into_iter().filter(|&(_, count)| count > 0).collect();
        let total: u64 = pairs.iter().map(|&(_, count)| u64::from(count)).sum();
        let total = u32::try_from(total)
            .map_err(|_| FeatureError::TooManyCounts { total, max: u64::from(u32::MAX) })?;
        pairs.sort_unstable_by_key(|&(id, _)| id);
        let mut ids = Vec::with_capacity(pairs.len());
        let mut counts: Vec<u32> = Vec::with_capacity(pairs.len());
        for (id, count) in pairs {
            match counts.last_mut() {
                Some(last) if ids.last() == Some(&id) => *last += count,
                _ => {
                    ids.push(id);
                    counts.push(count);
                }
            }
        }
        Ok(Self { ids, counts, total })
    }

    /// The view through which counts are read.
    pub fn view(&self) -> Counts<'_> {
        Counts { ids: &self.ids, counts: &self.counts, total: self.total }
    }
}

/// A view of the sparse counts of one molecule; cheap to copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts<'a> {
    pub(crate) ids: &'a [u32],
    pub(crate) counts: &'a [u32],
    pub(crate) total: u32,
}

impl<'a> Counts<'a> {
    /// Feature ids, ascending.
    pub fn ids(&self) -> &'a [u32] {
        self.ids
    }

    /// Counts, in the order of [`Counts::ids`]; none is zero.
    pub fn counts(&self) -> &'a [u32] {
        self.counts
    }

    /// Pairs (feature id, count), ascending by id.
    pub fn iter(&self) -> impl Iterator<Item = (u32, u32)> + 'a {
        self.ids.iter().copied().zip(self.counts.iter().copied())
    }

    /// The sum of all counts.
    pub fn total(&self) -> u32 {
        self.total
    }

    /// The number of different features.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether no feature is present.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The counts that both have: sum over features of min(a, b).
    pub fn shared(&self, other: Counts<'_>) -> u32 {
        let (mut i, mut j, mut shared) = (0, 0, 0);
        while i < self.ids.len() && j < other.ids.len() {
            match self.ids[i].cmp(&other.ids[j]) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    shared += self.counts[i].min(other.counts[j]);
                    i += 1;
                    j += 1;
                }
            }
        }
        shared
    }

    /// The Tanimoto similarity on counts (Ruzicka, min-max),
    /// `sum min(a, b) / sum max(a, b)`, in [0, 1].
    ///
    /// Two rows without any feature are alike (1). Ralaivola, Swamidass, Saigo
    /// and Baldi, Neural Networks 18, 1093 (2005), eq. 10.
    pub fn tanimoto(&self, other: Counts<'_>) -> f64 {
        tanimoto_from_shared(self.shared(other), self.total, other.total)
    }
}

/// The Tanimoto similarity from the shared counts and the two totals, using
/// `max(a, b) = a + b - min(a, b)`.
pub fn tanimoto_from_shared(shared: u32, total_a: u32, total_b: u32) -> f64 {
    let union = u64::from(total_a) + u64::from(total_b) - u64::from(shared);
    if union == 0 { 1.0 } else { f64::from(shared) / union as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pairs_are_sorted_merged_and_cleaned() {
        let row = SparseCounts::from_pairs([(9, 1), (2, 3), (9, 4), (5, 0)]).unwrap();
        assert_eq!(row.view().iter().collect::<Vec<_>>(), [(2, 3), (9, 5)]);
        assert_eq!(row.view().total(), 8);
    }

    #[test]
    fn a_sum_beyond_32_bits_is_refused() {
        let error = SparseCounts::from_pairs([(1, u32::MAX), (1, 1)]).unwrap_err();
        assert!(error.to_string().contains("4294967296"), "{error}");
    }

    proptest! {
        #[test]
        fn tanimoto_equals_its_definition(
            a in proptest::collection::vec((0u32..12, 0u32..5), 0..12),
            b in proptest::collection::vec((0u32..12, 0u32..5), 0..12),
        ) {
            let (x, y) = (SparseCounts::from_pairs(a).unwrap(), SparseCounts::from_pairs(b).unwrap());
            let count = |row: &SparseCounts, id| row.view().iter().find(|p| p.0 == id).map_or(0, |p| p.1);
            let (mut low, mut high) = (0, 0);
            for id in 0..12 {
                low += count(&x, id).min(count(&y, id));
                high += count(&x, id).max(count(&y, id));
            }
            let expected = if high == 0 { 1.0 } else { f64::from(low) / f64::from(high) };
            prop_assert_eq!(x.view().tanimoto(y.view()), expected);
            prop_assert_eq!(y.view().tanimoto(x.view()), expected);
            prop_assert_eq!(x.view().tanimoto(x.view()), 1.0);
        }
    }
}
