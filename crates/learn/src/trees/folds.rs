//! Which rows are left out together.

use super::settings::mixed;

/// Parts of the rows, each with equal rows whole: copies of a row (polymorphs
/// of one composition, say) must not be learnt from and asked at once.
/// `fingerprints` tells equal rows. One part for each fold, ascending; fewer
/// than two if all rows are equal.
pub(super) fn parts(fingerprints: &[u64], folds: usize, seed: u64) -> Vec<Vec<usize>> {
    let n = fingerprints.len();
    let mut order: Vec<(u64, usize)> = fingerprints.iter().map(|&f| mixed(f, seed)).zip(0..n).collect();
    order.sort_unstable();
    let mut parts: Vec<Vec<usize>> = vec![Vec::new(); folds.max(1)];
    let mut fold = 0;
    for (at, &(hash, row)) in order.iter().enumerate() {
        if at == 0 || order[at - 1].0 != hash {
            fold = at * parts.len() / n.max(1);
        }
        parts[fold].push(row);
    }
    parts.retain(|part| !part.is_empty());
    parts.iter_mut().for_each(|part| part.sort_unstable());
    parts
}

/// A number for each row, the same for equal ones, counted from 0.
pub(super) fn groups(fingerprints: &[u64]) -> Vec<u32> {
    let mut known = std::collections::HashMap::new();
    let number = |f| {
        let next = known.len() as u32;
        *known.entry(f).or_insert(next)
    };
    fingerprints.iter().map(number).collect()
}

/// All rows but those of a part, both ascending.
pub(super) fn others(n: usize, part: &[usize]) -> Vec<usize> {
    let mut inside = vec![false; n];
    part.iter().for_each(|&row| inside[row] = true);
    (0..n).filter(|&row| !inside[row]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_even_and_keep_copies_together() {
        let fingerprints: Vec<u64> = (0..1000).map(|i| i / 3).collect();
        let parts = parts(&fingerprints, 5, 7);
        assert_eq!(parts.len(), 5);
        assert!(parts.iter().all(|part| (196..205).contains(&part.len())));
        for part in &parts {
            let other = others(1000, part);
            assert_eq!(part.len() + other.len(), 1000);
            assert!(other.iter().all(|&row| part.iter().all(|&own| own / 3 != row / 3)));
        }
        assert_eq!(super::parts(&[4; 10], 5, 1).len(), 1);
    }
}
