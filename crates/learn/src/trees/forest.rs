use super::TreeRows;
use super::boosted::{Centre, State};
use super::folds::groups;
use super::settings::{TreeHyper, TreeModelSettings};
use crate::surrogate::check_labels;
use crate::{FitReport, LearnError, Predictions, Surrogate, Table};
use ::trees::{Binned, Ensemble, Forest, ForestSettings, Rows, TreeSettings, grow_forest};

/// Rows drawn for each tree at most; keeps the trees of large sets small.
const ROWS: usize = 20_000;
/// Hyper-parameters are compared on so many rows and trees.
const SEARCH: (usize, usize) = (3000, 32);
/// Rows predicted at a time: what each tree says of each is in memory.
const BLOCK: usize = 4096;

/// A random forest with calibrated uncertainty.
///
/// Each tree is grown from rows drawn with replacement (rows with equal features
/// together). What the trees say that have not seen a label gives its error;
/// from these errors the standard deviation is learnt as for
/// [`BoostedTrees`](crate::BoostedTrees), with the spread of the trees as one
/// more feature. [`Predictions::sd_latent`] is that spread, no more than the
/// standard deviation. The share of columns that a decision may use and the
/// least number of rows in a leaf are found by the errors of small forests.
///
/// [`Surrogate::extend`] fits anew with the hyper-parameters of the first fit.
#[derive(Debug, Clone)]
pub struct RandomForest {
    pub(super) settings: TreeModelSettings,
    pub(super) state: Option<State>,
}

impl RandomForest {
    /// A model that has learnt nothing yet. Settings out of range are refused by
    /// [`Surrogate::fit`].
    pub fn new(settings: TreeModelSettings) -> Self {
        Self { settings, state: None }
    }

    /// The hyper-parameters found; `None` before the first fit.
    pub fn hyper(&self) -> Option<TreeHyper> {
        self.state.as_ref().map(|state| state.hyper)
    }

    /// The forest, of labels from which [`FitReport::mean`] is taken and which
    /// are divided by [`RandomForest::scale`]; `None` before the first fit of
    /// labels that differ.
    pub fn ensemble(&self) -> Option<&Ensemble> {
        self.state.as_ref().and_then(|state| state.members.first())
    }

    /// What predictions of [`RandomForest::ensemble`] are multiplied by, in the
    /// unit of the labels.
    pub fn scale(&self) -> Option<f64> {
        self.state.as_ref().map(|state| state.centre.scale)
    }
}

impl Surrogate for RandomForest {
    type Input = TreeRows;

    fn fit(&mut self, x: &TreeRows, y: &[f64]) -> Result<FitReport, LearnError> {
        let state = learn(x.clone(), y, &self.settings, None)?;
        Ok(self.state.insert(state).report.clone())
    }

    fn extend(&mut self, x: &TreeRows, y: &[f64]) -> Result<FitReport, LearnError> {
        check_labels(x.len(), y)?;
        let state = self.state.as_ref().ok_or(LearnError::NotFitted)?;
        let (rows, labels) = state.extended(x, y)?;
        let hyper = state.centre.spread.then_some(state.hyper);
        let state = learn(rows, &labels, &self.settings, hyper)?;
        Ok(self.state.insert(state).report.clone())
    }

    fn predict(&self, x: &TreeRows) -> Result<Predictions, LearnError> {
        let state = self.state.as_ref().ok_or(LearnError::NotFitted)?;
        state.check(x)?;
        let mut all = Predictions::default();
        for first in (0..x.len()).step_by(BLOCK) {
            let rows: Vec<usize> = (first..(first + BLOCK).min(x.len())).collect();
            let block = state.ask(&x.rows.select(&rows))?;
            all.mean.extend(block.mean);
            all.sd.extend(block.sd);
            all.sd_latent.extend(block.sd_latent);
            all.nearest.extend(block.nearest);
            all.in_domain.extend(block.in_domain);
        }
        Ok(all)
    }
}

impl State {
    /// Predictions with the spread of the trees of the only member.
    fn ask(&self, rows: &Rows) -> Result<Predictions, LearnError> {
        let Some(forest) = self.members.first() else { return self.predict(&TreeRows::from(rows.clone())) };
        let trees = forest.trees().len();
        let said = forest.contributions(rows)?;
        let (mut means, mut spreads) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        for said in said.chunks_exact(trees.max(1)) {
            // Each tree gives its share of the mean.
            let sum: f64 = said.iter().map(|&v| f64::from(v)).sum();
            let mean = sum / trees as f64;
            let squares: f64 = said.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum();
            means.push(forest.base() + sum);
            spreads.push(trees as f64 * (squares / (trees as f64 - 1.0).max(1.0)).sqrt());
        }
        let Centre { mean, scale, .. } = self.centre;
        let sd = self.noise.predict(&rows.with_column(&logarithms(&spreads))?)?;
        let nearest = self.domain.nearest(rows)?;
        Ok(Predictions {
            mean: means.iter().map(|m| mean + scale * m).collect(),
            sd_latent: spreads.iter().zip(&sd).map(|(spread, sd)| scale * spread.min(*sd)).collect(),
            sd: sd.iter().map(|sd| scale * sd).collect(),
            in_domain: nearest.iter().map(|&s| s >= self.domain.threshold).collect(),
            nearest,
        })
    }
}

fn logarithms(spreads: &[f64]) -> Vec<f32> {
    spreads.iter().map(|spread| spread.max(1e-9).ln() as f32).collect()
}

fn learn(
    x: TreeRows,
    y: &[f64],
    settings: &TreeModelSettings,
    hyper: Option<TreeHyper>,
) -> Result<State, LearnError> {
    check_labels(x.len(), y)?;
    settings.check()?;
    if x.is_empty() {
        return Err(LearnError::NoData);
    }
    let centre = Centre::new(y);
    if !centre.spread {
        return State::without_spread(x, y, centre, hyper.unwrap_or(CANDIDATES[0]), settings);
    }
    let labels = centre.apply(y);
    let table = Binned::new(x.rows())?;
    let (mut hyper, searched) = match hyper {
        Some(hyper) => (hyper, 0),
        None => search(x.rows(), &labels, settings)?,
    };
    hyper.rounds = settings.forest_trees;
    let Forest { ensemble, out_of_bag, out_of_bag_variance } = grow(&table, &labels, settings, &hyper)?;
    // A label that all trees have seen has no honest error; few trees may leave some.
    let mut known: Vec<usize> = (0..y.len()).filter(|&i| out_of_bag_variance[i].is_finite()).collect();
    let mut errors: Vec<f64> = known.iter().map(|&i| labels[i] - out_of_bag[i]).collect();
    let mut spreads: Vec<f64> = known.iter().map(|&i| out_of_bag_variance[i].sqrt()).collect();
    if known.is_empty() {
        // All rows are equal and all trees have seen them: what is learnt is the mean.
        (known, errors, spreads) = ((0..y.len()).collect(), labels, vec![1.0; y.len()]);
    }
    let rows = x.rows().select(&known).with_column(&logarithms(&spreads))?;
    State::judged(
        x,
        y,
        centre,
        vec![ensemble],
        (rows, known, errors),
        hyper,
        searched + hyper.rounds,
        settings,
    )
}

fn grow(
    table: &Binned,
    labels: &[f64],
    settings: &TreeModelSettings,
    hyper: &TreeHyper,
) -> Result<Forest, LearnError> {
    let tree = TreeSettings {
        max_depth: hyper.depth,
        min_child_weight: hyper.min_child_weight,
        lambda: 0.0,
        gamma: 0.0,
        columns_per_node: hyper.columns,
    };
    let forest = ForestSettings {
        tree,
        trees: hyper.rounds,
        max_rows: ROWS,
        monotone: settings.monotone.clone(),
        seed: settings.seed,
    };
    Ok(grow_forest(table, labels, &groups(&table.fingerprints()), &forest)?)
}

/// Shares of columns and least numbers of rows in a leaf that are compared.
const CANDIDATES: [TreeHyper; 4] = {
    const fn one(columns: f64, min_child_weight: f64) -> TreeHyper {
        TreeHyper { depth: 40, min_child_weight, columns, learning_rate: 1.0, rounds: SEARCH.1 }
    }
    [one(1.0 / 3.0, 1.0), one(1.0 / 3.0, 3.0), one(0.8, 1.0), one(0.8, 3.0)]
};

/// The candidate with the least error on labels not seen, on a part of the rows.
fn search(
    rows: &Rows,
    labels: &[f64],
    settings: &TreeModelSettings,
) -> Result<(TreeHyper, usize), LearnError> {
    let n = rows.len();
    let taken: Vec<usize> = (0..n.min(SEARCH.0)).map(|i| i * n / n.min(SEARCH.0)).collect();
    let table = Binned::new(&rows.select(&taken))?;
    let labels: Vec<f64> = taken.iter().map(|&i| labels[i]).collect();
    let mut best = (f64::INFINITY, CANDIDATES[0]);
    for hyper in CANDIDATES {
        let forest = grow(&table, &labels, settings, &hyper)?;
        let errors = forest.out_of_bag.iter().zip(&labels).filter(|pair| pair.0.is_finite());
        let (count, sum) = errors.fold((0.0, 0.0), |(n, sum), (p, y)| (n + 1.0, sum + (p - y) * (p - y)));
        if count > 0.0 && sum / count < best.0 {
            best = (sum / count, hyper);
        }
    }
    Ok((best.1, CANDIDATES.len() * SEARCH.1))
}
