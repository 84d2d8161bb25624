//! Features as bins: quantiles of each column, found once.

use crate::random::Random;
use crate::{Rows, TreeError};
use rayon::prelude::*;

/// Bins of values in a column; one more is for missing values.
pub(crate) const BINS: usize = 255;
/// The bin of missing values in dense columns.
pub(crate) const MISSING: u8 = 255;
/// Columns in which one bin has at least this share of the rows are stored
/// sparsely.
const SPARSE_SHARE: f64 = 0.7;
/// Quantiles are taken of at most so many rows.
const QUANTILE_ROWS: usize = 200_000;
/// Rows that a histogram can count.
const ROW_LIMIT: usize = 1 << 24;

/// Where a column is kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Place {
    /// All rows have the same value.
    Nowhere,
    /// This column of the dense bins.
    Dense(u32),
    /// This column of the sparse bins.
    Sparse(u32),
}

/// A column with a bin in each row.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) feature: u32,
    /// Bin `b` ends below `cuts[b]`; ascending, one fewer than bins.
    pub(crate) cuts: Vec<f32>,
}

impl Column {
    pub(crate) fn bins(&self) -> usize {
        self.cuts.len() + 1
    }

    /// Rows in bins up to `bin` are those with values below this.
    pub(crate) fn threshold(&self, bin: usize) -> f32 {
        self.cuts.get(bin).copied().unwrap_or(f32::MAX)
    }
}

/// A column in which most rows have one bin, its `usual` one. Bin `b` is slot
/// `first + b` of the sparse histogram, missing values are the slot after all.
#[derive(Debug, Clone)]
pub(crate) struct SparseColumn {
    pub(crate) column: Column,
    pub(crate) first: u32,
    pub(crate) usual: u32,
}

impl SparseColumn {
    /// Slots, with the one of missing values.
    pub(crate) fn slots(&self) -> usize {
        self.column.bins() + 1
    }
}

/// Rows of features as bins: what trees are grown from. The features of one
/// `Binned` serve any number of models.
#[derive(Debug, Clone)]
pub struct Binned {
    rows: usize,
    columns: usize,
    pub(crate) places: Vec<Place>,
    pub(crate) dense: Vec<Column>,
    /// Row after row.
    dense_bins: Vec<u8>,
    pub(crate) sparse: Vec<SparseColumn>,
    pub(crate) slots: usize,
    /// Which sparse column a slot belongs to.
    pub(crate) slot_column: Vec<u32>,
    starts: Vec<usize>,
    entries: Vec<u32>,
}

impl Binned {
    /// Finds the bins of each column, at most 255 of nearly equal counts, and
    /// those of each row. Columns with few different values have a bin for each.
    ///
    /// # Errors
    /// [`TreeError::NoData`] without rows, [`TreeError::TooManyRows`] beyond
    /// sixteen million.
    pub fn new(rows: &Rows) -> Result<Self, TreeError> {
        let n = rows.len();
        if n == 0 {
            return Err(TreeError::NoData);
        }
        if n >= ROW_LIMIT {
            return Err(TreeError::TooManyRows { rows: n, limit: ROW_LIMIT - 1 });
        }
        let by_column = transposed(rows);
        let binned: Vec<Sorted> = by_column.par_iter().map(|column| column.binned(n)).collect();
        drop(by_column);
        let mut table = Self {
            rows: n,
            columns: rows.columns(),
            places: Vec::with_capacity(rows.columns()),
            dense: Vec::new(),
            dense_bins: Vec::new(),
            sparse: Vec::new(),
            slots: 0,
            slot_column: Vec::new(),
            starts: Vec::new(),
            entries: Vec::new(),
        };
        for (feature, Sorted { cuts, entries, usual }) in binned.iter().enumerate() {
            let column = Column { feature: feature as u32, cuts: cuts.clone() };
            if entries.is_empty() {
                table.places.push(Place::Nowhere);
            } else if ((n - entries.len()) as f64) < SPARSE_SHARE * n as f64 {
                table.places.push(Place::Dense(table.dense.len() as u32));
                table.dense.push(column);
            } else {
                let index = table.sparse.len() as u32;
                table.places.push(Place::Sparse(index));
                let missing = column.bins() as u32;
                let usual = if *usual == MISSING { missing } else { u32::from(*usual) };
                let column = SparseColumn { column, first: table.slots as u32, usual };
                table.slots += column.slots();
                table.slot_column.resize(table.slots, index);
                table.sparse.push(column);
            }
        }
        table.fill(&binned);
        Ok(table)
    }

    fn fill(&mut self, binned: &[Sorted]) {
        let (n, width) = (self.rows, self.dense.len());
        self.dense_bins = vec![0; n * width];
        let mut counts = vec![0_usize; n + 1];
        for (Sorted { entries, usual, .. }, place) in binned.iter().zip(&self.places) {
            match *place {
                Place::Nowhere => {}
                Place::Dense(at) => {
                    let at = at as usize;
                    self.dense_bins.iter_mut().skip(at).step_by(width).for_each(|bin| *bin = *usual);
                    for &(row, bin) in entries {
                        self.dense_bins[row as usize * width + at] = bin;
                    }
                }
                Place::Sparse(_) => entries.iter().for_each(|&(row, _)| counts[row as usize + 1] += 1),
            }
        }
        for i in 0..n {
            counts[i + 1] += counts[i];
        }
        let mut next = counts.clone();
        self.entries = vec![0; counts[n]];
        for (Sorted { entries, .. }, place) in binned.iter().zip(&self.places) {
            let Place::Sparse(at) = *place else { continue };
            let column = &self.sparse[at as usize];
            for &(row, bin) in entries {
                let bin = if bin == MISSING { column.column.bins() as u32 } else { u32::from(bin) };
                self.entries[next[row as usize]] = column.first + bin;
                next[row as usize] += 1;
            }
        }
        self.starts = counts;
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is no row: never.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The number of features.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Dense bins of a row.
    #[inline]
    pub(crate) fn dense_row(&self, row: usize) -> &[u8] {
        let width = self.dense.len();
        &self.dense_bins[row * width..(row + 1) * width]
    }

    /// Slots of a row's unusual bins in sparse columns, ascending.
    #[inline]
    pub(crate) fn sparse_row(&self, row: usize) -> &[u32] {
        &self.entries[self.starts[row]..self.starts[row + 1]]
    }

    /// Numbers that are the same for rows with the same bins in all columns,
    /// and differ for others (but for a chance of one in 2^64 for each pair).
    pub fn fingerprints(&self) -> Vec<u64> {
        (0..self.rows)
            .into_par_iter()
            .map(|row| {
                let mut hash = Random::new(0, 0).next();
                let mut mix = |word: u64| hash = Random::new(hash, word).next();
                self.dense_row(row).chunks(8).for_each(|bytes| {
                    mix(bytes.iter().fold(0, |word, &byte| (word << 8) | u64::from(byte)));
                });
                self.sparse_row(row).iter().for_each(|&slot| mix(u64::from(slot)));
                hash
            })
            .collect()
    }
}

/// The bin a slot of a sparse column stands for, in a row; its usual one if the
/// row has no entry.
#[inline]
pub(crate) fn sparse_bin(column: &SparseColumn, entries: &[u32]) -> u32 {
    let at = entries.partition_point(|&slot| slot < column.first);
    match entries.get(at) {
        Some(&slot) if slot < column.first + column.slots() as u32 => slot - column.first,
        _ => column.usual,
    }
}

/// The bins of one column.
struct Sorted {
    cuts: Vec<f32>,
    /// The rows whose bin is not the most frequent one, ascending.
    entries: Vec<(u32, u8)>,
    /// The most frequent bin.
    usual: u8,
}

/// The values of one column that differ from its background.
struct Values {
    background: f32,
    pairs: Vec<(u32, f32)>,
}

fn transposed(rows: &Rows) -> Vec<Values> {
    let empty = || Values { background: 0.0, pairs: Vec::new() };
    let mut columns: Vec<Values> = (0..rows.columns()).map(|_| empty()).collect();
    let width = rows.dense_columns();
    for i in 0..rows.len() {
        for (column, &value) in columns.iter_mut().zip(rows.dense_row(i)) {
            if value != 0.0 {
                column.pairs.push((i as u32, value));
            }
        }
        for (column, value) in rows.sparse_row(i) {
            columns[width + column as usize].pairs.push((i as u32, value));
        }
    }
    columns
}

impl Values {
    fn binned(&self, rows: usize) -> Sorted {
        let background = rows - self.pairs.len();
        let step = rows.div_ceil(QUANTILE_ROWS);
        let taken = self.pairs.iter().step_by(step).map(|pair| pair.1);
        let mut values: Vec<f32> = taken.filter(|v| !v.is_nan()).collect();
        values.sort_unstable_by(f32::total_cmp);
        let mut distinct: Vec<(f32, usize)> = Vec::new();
        for value in values {
            match distinct.last_mut() {
                Some(last) if last.0 == value => last.1 += 1,
                _ => distinct.push((value, 1)),
            }
        }
        if background > 0 {
            let at = distinct.partition_point(|pair| pair.0 < self.background);
            distinct.insert(at, (self.background, background.div_ceil(step)));
        }
        let cuts = cuts(&distinct);
        let bin = |value: f32| {
            if value.is_nan() { MISSING } else { cuts.partition_point(|&cut| cut <= value) as u8 }
        };
        let bins: Vec<u8> = self.pairs.iter().map(|pair| bin(pair.1)).collect();
        let mut counts = [0_usize; 256];
        counts[usize::from(bin(self.background))] += background;
        bins.iter().for_each(|&b| counts[usize::from(b)] += 1);
        let usual = (0..=255_u8).rev().max_by_key(|&b| counts[usize::from(b)]).unwrap_or(0);
        let plain = bin(self.background);
        let unusual = rows - counts[usize::from(usual)];
        let mut entries = Vec::with_capacity(unusual);
        if plain == usual {
            let pairs = self.pairs.iter().zip(&bins).filter(|pair| *pair.1 != usual);
            entries.extend(pairs.map(|(pair, &b)| (pair.0, b)));
        } else {
            let mut all = vec![plain; rows];
            self.pairs.iter().zip(&bins).for_each(|(pair, &b)| all[pair.0 as usize] = b);
            let rows = all.iter().enumerate().filter(|pair| *pair.1 != usual);
            entries.extend(rows.map(|(row, &b)| (row as u32, b)));
        }
        Sorted { cuts, entries, usual }
    }
}

/// Cuts between values, given with their counts in ascending order, for at most
/// [`BINS`] bins of nearly equal counts. A value of more than its share has a
/// bin to itself.
fn cuts(distinct: &[(f32, usize)]) -> Vec<f32> {
    let between = |low: f32, high: f32| {
        let middle = (0.5 * (f64::from(low) + f64::from(high))) as f32;
        if middle > low { middle } else { high }
    };
    let pairs = || distinct.iter().zip(distinct.iter().skip(1));
    if distinct.len() <= BINS {
        return pairs().map(|(a, b)| between(a.0, b.0)).collect();
    }
    let mut rest: usize = distinct.iter().map(|pair| pair.1).sum();
    let mut bins = BINS;
    let (mut cuts, mut filled) = (Vec::with_capacity(BINS), 0);
    for (here, next) in pairs() {
        filled += here.1;
        let share = rest as f64 / bins as f64;
        // Ends the bin when it is full, or when the next value would overfill it more than it is empty now.
        let overfull = (filled + next.1) as f64 - share > share - filled as f64;
        if bins > 1 && (filled as f64 >= share || overfull) {
            cuts.push(between(here.0, next.0));
            rest -= filled;
            bins -= 1;
            filled = 0;
        }
    }
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_have_a_bin_each_and_many_share_them_evenly() {
        assert_eq!(cuts(&[(1.0, 5), (2.0, 1), (4.0, 9)]), [1.5, 3.0]);
        let neighbours = [(1.0, 1), (1.0_f32.next_up(), 1)];
        assert_eq!(cuts(&neighbours), [1.0_f32.next_up()]);
        let many: Vec<(f32, usize)> =
            (0..10_000).map(|i| (i as f32, if i == 0 { 5000 } else { 1 })).collect();
        let found = cuts(&many);
        assert_eq!(found.len(), BINS - 1);
        assert_eq!(found[0], 0.5);
        assert!(found.windows(2).all(|w| w[1] - w[0] < 42.0 && w[1] > w[0]), "{found:?}");
    }

    #[test]
    fn rows_get_the_bins_of_their_values_however_stored() {
        let mut rows = Rows::new(2, 2).unwrap();
        let values = [1.0, f32::NAN, 3.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0];
        for (i, &v) in values.iter().enumerate() {
            let sparse: &[(u32, f32)] = if i == 4 { &[(0, -2.0), (1, f32::NAN)] } else { &[] };
            rows.push(&[v, i as f32], sparse).unwrap();
        }
        let table = Binned::new(&rows).unwrap();
        let expected = [Place::Sparse(0), Place::Dense(0), Place::Sparse(1), Place::Sparse(2)];
        assert_eq!(table.places, expected);
        let bins: Vec<u32> = (0..10).map(|i| sparse_bin(&table.sparse[0], table.sparse_row(i))).collect();
        assert_eq!(bins, [0, 3, 2, 0, 1, 0, 0, 0, 0, 0]);
        let bins: Vec<u32> = (3..6).map(|i| sparse_bin(&table.sparse[1], table.sparse_row(i))).collect();
        assert_eq!(bins, [1, 0, 1]);
        let bins: Vec<u32> = (3..6).map(|i| sparse_bin(&table.sparse[2], table.sparse_row(i))).collect();
        assert_eq!(bins, [0, 1, 0]);
        assert_eq!(table.dense_row(7), [7]);
    }
}
