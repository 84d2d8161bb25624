//! What is looked for.

use crate::error::ScreeningError;
use crate::score::Score;
use records::{Columns, Record};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What is looked for, and where it stands in the files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// How many are kept, at least 1.
    pub top: usize,
    /// Which are the best.
    pub direction: Direction,
    /// By what they are ranked.
    pub by: By,
    /// Whether records outside the scorer's domain are left out; they are counted either way.
    pub only_in_domain: bool,
    /// The columns that are read.
    pub columns: Columns,
    /// The part of the library that is scored.
    pub shard: Shard,
}

impl Default for Settings {
    /// The 1,000 records of lowest mean of the whole library.
    fn default() -> Settings {
        Settings {
            top: 1000,
            direction: Direction::Minimise,
            by: By::Mean,
            only_in_domain: false,
            columns: Columns::default(),
            shard: Shard::default(),
        }
    }
}

/// Which values are the best.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The lowest.
    Minimise,
    /// The highest.
    Maximise,
    /// Those next to this value.
    Target(f64),
}

/// What the rank is made of.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The mean.
    Mean,
    /// The mean made worse by so many standard deviations (better, where the number is negative).
    Bound(f64),
}

/// Part `index` (from 1) of `of` parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    /// Which part, from 1.
    pub index: u64,
    /// How many parts.
    pub of: u64,
}

impl Default for Shard {
    /// All of it.
    fn default() -> Shard {
        Shard { index: 1, of: 1 }
    }
}

impl Shard {
    /// Whether it takes this row.
    pub(crate) fn takes(self, file: usize, row: u64) -> bool {
        (file as u64).wrapping_add(row) % self.of == self.index - 1
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl FromStr for Shard {
    type Err = ScreeningError;

    /// Reads `i/n`, with i from 1 to n.
    fn from_str(text: &str) -> Result<Shard, ScreeningError> {
        let parts =
            text.split_once('/').and_then(|(i, n)| Some((i.trim().parse().ok()?, n.trim().parse().ok()?)));
        match parts {
            Some((index, of)) if index >= 1 && index <= of => Ok(Shard { index, of }),
            _ => Err(ScreeningError::Shard { found: text.to_owned() }),
        }
    }
}

impl Settings {
    /// # Errors
    /// Nothing to keep, a shard that is not there, a target or number of deviations that is no number.
    pub(crate) fn check(&self) -> Result<(), ScreeningError> {
        if self.top == 0 {
            return Err(ScreeningError::Setting { name: "top", found: "0".into(), expected: "1 or more" });
        }
        if self.shard.index < 1 || self.shard.index > self.shard.of {
            return Err(ScreeningError::Shard { found: self.shard.to_string() });
        }
        for (name, value) in [
            ("target", if let Direction::Target(t) = self.direction { t } else { 0.0 }),
            ("sigmas", if let By::Bound(k) = self.by { k } else { 0.0 }),
        ] {
            if !value.is_finite() {
                return Err(ScreeningError::Setting {
                    name,
                    found: value.to_string(),
                    expected: "a finite number",
                });
            }
        }
        Ok(())
    }

    /// What a score costs: the lower, the better.
    pub(crate) fn cost(&self, score: &Score) -> f64 {
        let k = if let By::Bound(k) = self.by { k } else { 0.0 };
        let cost = match self.direction {
            Direction::Minimise => score.mean + k * score.sd,
            Direction::Maximise => -(score.mean - k * score.sd),
            Direction::Target(t) => (score.mean - t).abs() + k * score.sd,
        };
        // Minus zero becomes zero: they are one value.
        cost + 0.0
    }

    /// Whether this shard takes the record.
    pub(crate) fn takes(&self, record: &Record) -> bool {
        self.shard.takes(record.file, record.row)
    }
}
