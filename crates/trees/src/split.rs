//! The best split of a column, by eqs. 6 and 7 of Chen and Guestrin, KDD 2016.

use crate::bins::BINS;
use crate::sums::Scale;

/// What decides between splits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    pub(crate) scale: Scale,
    pub(crate) lambda: f64,
    /// Least sum of second derivatives in a child.
    pub(crate) least: f64,
}

/// Range of leaf values that monotone constraints above leave.
pub(crate) type Bounds = (f64, f64);
/// No constraint.
pub(crate) const UNBOUNDED: Bounds = (f64::NEG_INFINITY, f64::INFINITY);

/// A split of one column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cut {
    /// The two children's scores added up; the parent's is not yet taken off.
    pub(crate) score: f64,
    /// Bins up to this one go left.
    pub(crate) bin: u32,
    pub(crate) default_left: bool,
    /// Sums of the left child.
    pub(crate) left: i64,
}

/// The bins of a column that have rows, ascending, and their sums.
pub(crate) struct Occupied {
    bins: [u8; 256],
    cells: [i64; 256],
    len: usize,
}

impl Occupied {
    pub(crate) fn new() -> Self {
        Self { bins: [0; 256], cells: [0; 256], len: 0 }
    }

    pub(crate) fn clear(&mut self) {
        self.len = 0;
    }

    /// Adds the next bin; an empty one leaves no trace.
    #[inline]
    pub(crate) fn push(&mut self, bin: u8, cell: i64) {
        let at = self.len & 255;
        self.bins[at] = bin;
        self.cells[at] = cell;
        self.len += usize::from(cell != 0);
    }

    /// The bin half way through the empty ones between two neighbours; after
    /// the last, the last there can be.
    fn between(&self, at: usize) -> u32 {
        let next = if at + 1 < self.len { self.bins[at + 1] } else { return BINS as u32 - 1 };
        (u32::from(self.bins[at]) + u32::from(next) - 1) / 2
    }
}

impl Rule {
    /// The value of a leaf with these sums.
    pub(crate) fn value(&self, (first, second): (f64, f64), bounds: Bounds) -> f64 {
        let value = -first / (second + self.lambda);
        if value.is_finite() { value.max(bounds.0).min(bounds.1) } else { 0.0 }
    }

    /// Twice by how much a leaf lowers the loss.
    pub(crate) fn score(&self, (first, second): (f64, f64), bounds: Bounds) -> f64 {
        let value = self.value((first, second), bounds);
        -(2.0 * first + (second + self.lambda) * value) * value
    }

    /// The best split of a column better than `best`, with missing values on
    /// either side. Among equals the first is taken.
    pub(crate) fn best(&self, occupied: &Occupied, missing: i64, total: i64, best: f64) -> Option<Cut> {
        let mut found: Option<Cut> = None;
        let mut bar = best;
        let ends = if missing == 0 { occupied.len.saturating_sub(1) } else { occupied.len };
        let (all_first, all_second) = self.scale.unpack(total);
        let mut left = 0_i64;
        for at in 0..ends.min(256) {
            left += occupied.cells[at];
            for (sums, default_left) in [(left, false), (left.wrapping_add(missing), true)] {
                if default_left && (missing == 0 || at + 1 == occupied.len) {
                    continue;
                }
                let (first, second) = self.scale.unpack(sums);
                let (other_first, other_second) = (all_first - first, all_second - second);
                if second < self.least || other_second < self.least {
                    continue;
                }
                let (weight, other) = (second + self.lambda, other_second + self.lambda);
                let score = (first * first * other + other_first * other_first * weight) / (weight * other);
                if score > bar {
                    bar = score;
                    found = Some(Cut { score, bin: at as u32, default_left, left: sums });
                }
            }
        }
        found.map(|cut| Cut { bin: occupied.between(cut.bin as usize), ..cut })
    }

    /// As [`Rule::best`], with values of children within bounds and, for a
    /// `sign` other than 0, in its order.
    pub(crate) fn best_bounded(
        &self,
        occupied: &Occupied,
        missing: i64,
        total: i64,
        best: f64,
        bounds: Bounds,
        sign: i8,
    ) -> Option<Cut> {
        let mut found: Option<Cut> = None;
        let mut bar = best;
        let ends = if missing == 0 { occupied.len.saturating_sub(1) } else { occupied.len };
        let all = self.scale.unpack(total);
        let mut left = 0_i64;
        for at in 0..ends.min(256) {
            left += occupied.cells[at];
            for (sums, default_left) in [(left, false), (left.wrapping_add(missing), true)] {
                if default_left && (missing == 0 || at + 1 == occupied.len) {
                    continue;
                }
                let here = self.scale.unpack(sums);
                let other = (all.0 - here.0, all.1 - here.1);
                if here.1 < self.least || other.1 < self.least {
                    continue;
                }
                let rise = self.value(other, bounds) - self.value(here, bounds);
                if rise * f64::from(sign) < 0.0 {
                    continue;
                }
                let score = self.score(here, bounds) + self.score(other, bounds);
                if score > bar {
                    bar = score;
                    found = Some(Cut { score, bin: at as u32, default_left, left: sums });
                }
            }
        }
        found.map(|cut| Cut { bin: occupied.between(cut.bin as usize), ..cut })
    }
}
