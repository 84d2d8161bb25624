//! Gradient boosting (Friedman, Ann. Stat. 29, 1189, 2001; second order and
//! regularised as in Chen and Guestrin, KDD 2016).

use crate::bins::Binned;
use crate::grow::{Grower, Soil};
use crate::random::Random;
use crate::sample::Sample;
use crate::settings::{BoostSettings, Loss, share};
use crate::sums::Scale;
use crate::tree::Tree;
use crate::{Ensemble, TreeError};

/// Labels may not be larger in size: their squares must stay finite.
const LABEL_LIMIT: f64 = 1e150;

/// Boosting that can be carried on round by round.
#[derive(Debug)]
pub struct Boosting<'a> {
    table: &'a Binned,
    labels: &'a [f64],
    train: Vec<u32>,
    valid: Vec<u32>,
    settings: BoostSettings,
    base: f64,
    /// Prediction of each row of the table so far.
    raw: Vec<f64>,
    trees: Vec<Tree>,
    losses: Vec<f64>,
    best: usize,
    random: Random,
    grower: Grower,
    sample: Sample,
}

/// Refuses labels that cannot be learnt from.
pub(crate) fn check_labels(rows: usize, labels: &[f64], loss: Loss) -> Result<(), TreeError> {
    if rows != labels.len() {
        return Err(TreeError::LengthMismatch { rows, labels: labels.len() });
    }
    let bad = |value: &f64| match loss {
        Loss::Squared => value.is_nan() || value.abs() > LABEL_LIMIT,
        Loss::Logistic => *value != 0.0 && *value != 1.0,
    };
    let expected = match loss {
        Loss::Squared => "a finite number of at most 1e150 in size",
        Loss::Logistic => "0 or 1",
    };
    match labels.iter().position(bad) {
        Some(index) => Err(TreeError::BadLabel { index, value: labels[index], expected }),
        None => Ok(()),
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

impl<'a> Boosting<'a> {
    /// Boosting of `train` rows of the table, watching the loss of `valid`
    /// rows (none to go on to the last round).
    ///
    /// # Errors
    /// [`TreeError::NoData`] without training rows; [`TreeError::LengthMismatch`],
    /// [`TreeError::BadLabel`] and [`TreeError::BadSetting`] for what does not fit.
    pub fn new(
        table: &'a Binned,
        labels: &'a [f64],
        train: &[usize],
        valid: &[usize],
        settings: BoostSettings,
    ) -> Result<Self, TreeError> {
        settings.check(table.columns())?;
        check_labels(table.len(), labels, settings.loss)?;
        if let Some(&row) = train.iter().chain(valid).find(|&&row| row >= table.len()) {
            return Err(TreeError::LengthMismatch { rows: row + 1, labels: labels.len() });
        }
        if train.is_empty() {
            return Err(TreeError::NoData);
        }
        let mean = train.iter().map(|&i| labels[i] / train.len() as f64).sum::<f64>();
        let base = match settings.loss {
            Loss::Squared => mean,
            Loss::Logistic => {
                // One of each more, so that the odds are finite.
                let share = (mean * train.len() as f64 + 1.0) / (train.len() as f64 + 2.0);
                (share / (1.0 - share)).ln()
            }
        };
        Ok(Self {
            table,
            labels,
            train: train.iter().map(|&i| i as u32).collect(),
            valid: valid.iter().map(|&i| i as u32).collect(),
            base,
            raw: vec![base; table.len()],
            trees: Vec::new(),
            losses: Vec::new(),
            best: 0,
            random: Random::new(settings.seed, 1),
            grower: Grower::default(),
            sample: Sample::default(),
            settings,
        })
    }

    /// Grows trees to the last round, or until the validation loss has not
    /// improved for [`BoostSettings::patience`] rounds.
    pub fn run(&mut self) {
        while !self.done() {
            self.round();
        }
    }

    /// Whether [`Boosting::run`] would end here.
    pub fn done(&self) -> bool {
        let rounds = self.trees.len();
        rounds >= self.settings.max_rounds
            || (!self.valid.is_empty() && rounds >= self.best + self.settings.patience)
            || self.trees.last().is_some_and(|tree| tree.nodes.len() == 1 && self.whole())
    }

    /// Whether trees see all rows and columns: after one without a decision
    /// there will be no other.
    fn whole(&self) -> bool {
        self.settings.subsample == 1.0
            && self.settings.columns_per_tree == 1.0
            && self.settings.tree.columns_per_node == 1.0
    }

    /// Grows one tree.
    pub fn round(&mut self) {
        let rows = share(self.settings.subsample, self.train.len());
        let columns = self.table.dense.len() + self.table.sparse.len();
        let whole = self.settings.subsample == 1.0 && self.settings.columns_per_tree == 1.0;
        if !whole || self.trees.is_empty() {
            let chosen: Vec<u32> =
                self.random.sample(self.train.len(), rows).map(|i| self.train[i]).collect();
            let wanted = share(self.settings.columns_per_tree, columns);
            let columns: Vec<usize> = self.random.sample(columns, wanted).collect();
            self.sample.take(self.table, chosen, &columns);
        }
        let (packed, scale) = self.derivatives();
        let soil = Soil {
            table: self.table,
            sample: &self.sample,
            packed: &packed,
            scale,
            settings: &self.settings.tree,
            shrink: self.settings.learning_rate,
            monotone: &self.settings.monotone,
        };
        let grown = self.grower.grow(&soil, &mut self.random);
        let nodes = &grown.tree.nodes;
        for (leaf, range) in &grown.leaves {
            let value = nodes[*leaf as usize].value;
            for &row in &grown.order[range.clone()] {
                self.raw[self.sample.rows[row as usize] as usize] += value;
            }
        }
        // The rows that the tree did not see.
        let mut seen = self.sample.rows.iter().peekable();
        let mut other =
            |row: u32| self.raw[row as usize] += nodes[grown.leaf(self.table, row as usize) as usize].value;
        for &row in &self.train {
            if seen.peek() == Some(&&row) {
                seen.next();
            } else {
                other(row);
            }
        }
        self.valid.iter().for_each(|&row| other(row));
        self.trees.push(grown.tree);
        if !self.valid.is_empty() {
            let loss = self.loss();
            if self.best == 0 || loss < self.losses[self.best - 1] {
                self.best = self.trees.len();
            }
            self.losses.push(loss);
        }
    }

    fn derivatives(&self) -> (Vec<i64>, Scale) {
        let rows = &self.sample.rows;
        let count = rows.len();
        match self.settings.loss {
            Loss::Squared => {
                let first = |row: &u32| self.raw[*row as usize] - self.labels[*row as usize];
                let largest = rows.iter().map(|row| first(row).abs()).fold(0.0, f64::max);
                let scale = Scale::new(largest, 1.0, count, true);
                (rows.iter().map(|row| scale.pack(first(row), 1.0)).collect(), scale)
            }
            Loss::Logistic => {
                let scale = Scale::new(1.0, 0.25, count, false);
                let pack = |row: &u32| {
                    let p = sigmoid(self.raw[*row as usize]);
                    scale.pack(p - self.labels[*row as usize], p * (1.0 - p))
                };
                (rows.iter().map(pack).collect(), scale)
            }
        }
    }

    /// The mean loss of the validation rows: squared error, or log loss.
    fn loss(&self) -> f64 {
        let one = |row: &u32| {
            let (raw, y) = (self.raw[*row as usize], self.labels[*row as usize]);
            match self.settings.loss {
                Loss::Squared => (raw - y) * (raw - y),
                Loss::Logistic => raw.max(0.0) - raw * y + (-raw.abs()).exp().ln_1p(),
            }
        };
        self.valid.iter().map(one).sum::<f64>() / self.valid.len() as f64
    }

    /// The validation loss (mean squared error or log loss) after each round.
    pub fn losses(&self) -> &[f64] {
        &self.losses
    }

    /// The number of rounds with the least validation loss; all of them without
    /// validation rows.
    pub fn best_rounds(&self) -> usize {
        if self.valid.is_empty() { self.trees.len() } else { self.best }
    }

    /// The trees of the first `rounds` rounds.
    pub fn finish(mut self, rounds: usize) -> Ensemble {
        self.trees.truncate(rounds);
        Ensemble::trusted(self.table.columns(), self.base, self.trees)
    }
}
