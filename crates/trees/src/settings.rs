use crate::TreeError;

/// Settings of each tree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TreeSettings {
    /// Decisions on the way to a leaf, at most. Default 6.
    pub max_depth: usize,
    /// Least sum of second derivatives in a leaf; for squared errors of rows
    /// (with their weights). Default 1.
    pub min_child_weight: f64,
    /// Penalty of squared leaf values, `lambda` of the paper. Default 1.
    pub lambda: f64,
    /// Least gain of a decision, `2 gamma` of the paper. Default 0.
    pub gamma: f64,
    /// Share of the columns of the tree that each decision may use. Default 1.
    pub columns_per_node: f64,
}

impl Default for TreeSettings {
    fn default() -> Self {
        Self { max_depth: 6, min_child_weight: 1.0, lambda: 1.0, gamma: 0.0, columns_per_node: 1.0 }
    }
}

impl TreeSettings {
    pub(crate) fn check(&self) -> Result<(), TreeError> {
        let depth = self.max_depth as f64;
        check("max_depth", depth, (1.0..=64.0).contains(&depth), "1 to 64")?;
        check("min_child_weight", self.min_child_weight, self.min_child_weight >= 0.0, "0 or more")?;
        check("lambda", self.lambda, self.lambda >= 0.0, "0 or more")?;
        check("gamma", self.gamma, self.gamma >= 0.0, "0 or more")?;
        check_share("columns_per_node", self.columns_per_node)
    }

    pub(crate) fn columns_wanted(&self, columns: usize) -> usize {
        share(self.columns_per_node, columns)
    }
}

/// What boosting lowers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Half the squared error.
    Squared,
    /// Log loss of labels 0 and 1; predictions are log odds.
    Logistic,
}

/// Settings of gradient boosting.
#[derive(Debug, Clone, PartialEq)]
pub struct BoostSettings {
    /// What boosting lowers. Default squared error.
    pub loss: Loss,
    /// Settings of each tree.
    pub tree: TreeSettings,
    /// Multiplies what each tree says, `eta` of the paper. Default 0.1.
    pub learning_rate: f64,
    /// Trees at most. Default 1000.
    pub max_rounds: usize,
    /// With validation rows, rounds without improvement before the end; the
    /// best round is kept. Default 50.
    pub patience: usize,
    /// Share of the rows that each tree sees. Default 0.8.
    pub subsample: f64,
    /// Share of the columns that each tree sees. Default 0.5.
    pub columns_per_tree: f64,
    /// For each feature 1 (the prediction must not fall with it), -1 (must not
    /// rise) or 0; empty for none.
    pub monotone: Vec<i8>,
    /// Decides which rows and columns a tree sees.
    pub seed: u64,
}

impl Default for BoostSettings {
    fn default() -> Self {
        Self {
            loss: Loss::Squared,
            tree: TreeSettings::default(),
            learning_rate: 0.1,
            max_rounds: 1000,
            patience: 50,
            subsample: 0.8,
            columns_per_tree: 0.5,
            monotone: Vec::new(),
            seed: 0,
        }
    }
}

impl BoostSettings {
    pub(crate) fn check(&self, columns: usize) -> Result<(), TreeError> {
        self.tree.check()?;
        let rate = self.learning_rate;
        check("learning_rate", rate, rate > 0.0 && rate <= 1.0, "a number above 0, at most 1")?;
        check("max_rounds", self.max_rounds as f64, self.max_rounds > 0, "1 or more")?;
        check("patience", self.patience as f64, self.patience > 0, "1 or more")?;
        check_share("subsample", self.subsample)?;
        check_share("columns_per_tree", self.columns_per_tree)?;
        check_monotone(&self.monotone, columns)
    }
}

/// Settings of a random forest.
#[derive(Debug, Clone, PartialEq)]
pub struct ForestSettings {
    /// Settings of each tree. Default: depth 64, no penalty, each decision may
    /// use a third of the columns.
    pub tree: TreeSettings,
    /// Number of trees. Default 200.
    pub trees: usize,
    /// Rows drawn for each tree with replacement, at most; all by default.
    pub max_rows: usize,
    /// As [`BoostSettings::monotone`].
    pub monotone: Vec<i8>,
    /// Decides which rows and columns a tree sees.
    pub seed: u64,
}

impl Default for ForestSettings {
    fn default() -> Self {
        let tree =
            TreeSettings { max_depth: 64, lambda: 0.0, columns_per_node: 1.0 / 3.0, ..Default::default() };
        Self { tree, trees: 200, max_rows: usize::MAX, monotone: Vec::new(), seed: 0 }
    }
}

impl ForestSettings {
    pub(crate) fn check(&self, columns: usize) -> Result<(), TreeError> {
        self.tree.check()?;
        check("trees", self.trees as f64, self.trees > 0, "1 or more")?;
        check("max_rows", self.max_rows as f64, self.max_rows > 0, "1 or more")?;
        check_monotone(&self.monotone, columns)
    }
}

/// That share of `count`, rounded, at least 1.
pub(crate) fn share(share: f64, count: usize) -> usize {
    ((share * count as f64).round() as usize).clamp(1, count.max(1))
}

fn check_share(setting: &'static str, found: f64) -> Result<(), TreeError> {
    check(setting, found, found > 0.0 && found <= 1.0, "a number above 0, at most 1")
}

fn check_monotone(signs: &[i8], columns: usize) -> Result<(), TreeError> {
    if let Some(&found) = signs.iter().find(|sign| !(-1..=1).contains(*sign)) {
        return check("monotone", f64::from(found), false, "-1, 0 or 1");
    }
    if signs.is_empty() || signs.len() == columns {
        Ok(())
    } else {
        Err(TreeError::ColumnMismatch { expected: columns, found: signs.len() })
    }
}

pub(crate) fn check(
    setting: &'static str,
    found: f64,
    fits: bool,
    expected: &'static str,
) -> Result<(), TreeError> {
    if fits { Ok(()) } else { Err(TreeError::BadSetting { setting, found, expected }) }
}
