//! Growing one tree, depth first.

use crate::bins::{Binned, Column, MISSING, Place, SparseColumn, sparse_bin};
use crate::histogram::{Cells, Histogram};
use crate::random::Random;
use crate::sample::{Sample, WIDTH};
use crate::settings::TreeSettings;
use crate::split::{Bounds, Cut, Occupied, Rule, UNBOUNDED};
use crate::sums::Scale;
use crate::tree::{Node, Tree};
use std::ops::Range;

/// Nodes of at most so many rows sum the rows of each column in turn, and keep
/// no histogram: most of its bins would be empty.
const FEW: usize = 192;
/// Splits that lower the loss by less than this share of it are rounding.
const ROUNDING: f64 = 1e-9;

/// How rows of bins pass a decision.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decision {
    place: Place,
    bin: u32,
    default_left: bool,
}

/// A tree with what is needed to send rows of bins through it.
#[derive(Debug)]
pub(crate) struct Grown {
    pub(crate) tree: Tree,
    decisions: Vec<Decision>,
    /// Leaves, with the positions in `order` of their rows.
    pub(crate) leaves: Vec<(u32, Range<usize>)>,
    /// Rows of the sample, those of a leaf together.
    pub(crate) order: Vec<u32>,
}

impl Grown {
    /// The leaf of a row of the table.
    pub(crate) fn leaf(&self, table: &Binned, row: usize) -> u32 {
        let (dense, sparse) = (table.dense_row(row), table.sparse_row(row));
        let mut at = 0_u32;
        loop {
            let node = &self.tree.nodes[at as usize];
            if node.is_leaf() {
                return at;
            }
            let decision = &self.decisions[at as usize];
            let left = match decision.place {
                Place::Dense(k) => dense_left(dense[k as usize], decision),
                Place::Sparse(k) => sparse_left(&table.sparse[k as usize], sparse, decision),
                Place::Nowhere => true,
            };
            at = if left { node.left } else { node.right };
        }
    }
}

#[inline]
fn dense_left(bin: u8, decision: &Decision) -> bool {
    if bin == MISSING { decision.default_left } else { u32::from(bin) <= decision.bin }
}

#[inline]
fn sparse_left(column: &SparseColumn, entries: &[u32], decision: &Decision) -> bool {
    let bin = sparse_bin(column, entries);
    if bin as usize == column.column.bins() { decision.default_left } else { bin <= decision.bin }
}

/// A node whose split is still to be found.
struct Task {
    node: usize,
    rows: Range<usize>,
    depth: usize,
    total: i64,
    bounds: Bounds,
    histogram: Option<Histogram>,
}

/// Grows trees; keeps memory between them.
#[derive(Debug, Default)]
pub(crate) struct Grower {
    free: Vec<Histogram>,
    touched: Vec<u64>,
    slots: Vec<i64>,
    right: Vec<u32>,
}

/// What a tree is grown from and how.
pub(crate) struct Soil<'a> {
    pub(crate) table: &'a Binned,
    pub(crate) sample: &'a Sample,
    /// Derivatives of each row of the sample.
    pub(crate) packed: &'a [i64],
    pub(crate) scale: Scale,
    pub(crate) settings: &'a TreeSettings,
    /// Multiplies leaf values.
    pub(crate) shrink: f64,
    /// Signs of constraints by feature, empty for none.
    pub(crate) monotone: &'a [i8],
}

impl Soil<'_> {
    fn rule(&self) -> Rule {
        let settings = self.settings;
        Rule { scale: self.scale, lambda: settings.lambda, least: settings.min_child_weight }
    }

    /// The column at a position of the sample: its place and description.
    fn column(&self, at: usize) -> (Place, &Column) {
        match self.sample.dense.get(at) {
            Some(&k) => (Place::Dense(k), &self.table.dense[k as usize]),
            None => {
                let k = self.sample.sparse[at - self.sample.dense.len()];
                (Place::Sparse(k), &self.table.sparse[k as usize].column)
            }
        }
    }

    fn columns(&self) -> usize {
        self.sample.dense.len() + self.sample.sparse.len()
    }
}

impl Grower {
    /// Grows a tree.
    pub(crate) fn grow(&mut self, soil: &Soil, random: &mut Random) -> Grown {
        let rule = soil.rule();
        let rows = soil.sample.rows.len();
        let mut order: Vec<u32> = (0..rows as u32).collect();
        let mut grown = Grown {
            tree: Tree { nodes: Vec::new() },
            decisions: Vec::new(),
            leaves: Vec::new(),
            order: Vec::new(),
        };
        let total: i64 = soil.packed.iter().sum();
        push_node(&mut grown, soil, &rule, total, UNBOUNDED);
        let histogram = (rows > FEW).then(|| self.filled(soil, &order));
        let mut stack = vec![Task { node: 0, rows: 0..rows, depth: 0, total, bounds: UNBOUNDED, histogram }];
        while let Some(mut task) = stack.pop() {
            let split = self.best(soil, &rule, &task, &order, random);
            let Some((at, cut)) = split else {
                self.free.extend(task.histogram.take());
                grown.leaves.push((task.node as u32, task.rows));
                continue;
            };
            let middle = self.part(soil, at, &cut, &mut order[task.rows.clone()]) + task.rows.start;
            self.split(soil, &rule, task, at, &cut, middle, &order, &mut grown, &mut stack);
        }
        grown.order = order;
        grown
    }

    /// Records a split and queues the two children.
    #[allow(clippy::too_many_arguments)]
    fn split(
        &mut self,
        soil: &Soil,
        rule: &Rule,
        mut task: Task,
        at: usize,
        cut: &Cut,
        middle: usize,
        order: &[u32],
        grown: &mut Grown,
        stack: &mut Vec<Task>,
    ) {
        let (place, column) = soil.column(at);
        let totals = [cut.left, task.total - cut.left];
        let sums = totals.map(|cell| rule.scale.unpack(cell));
        let sign = soil.monotone.get(column.feature as usize).copied().unwrap_or(0);
        let mut bounds = [task.bounds; 2];
        if sign != 0 {
            let values = sums.map(|sum| rule.value(sum, task.bounds));
            let middle = 0.5 * (values[0] + values[1]);
            if sign > 0 {
                (bounds[0].1, bounds[1].0) = (middle, middle);
            } else {
                (bounds[0].0, bounds[1].1) = (middle, middle);
            }
        }
        let score = rule.score(rule.scale.unpack(task.total), task.bounds);
        let children = [0, 1].map(|i| push_node(grown, soil, rule, totals[i], bounds[i]));
        let node = &mut grown.tree.nodes[task.node];
        node.feature = column.feature;
        node.threshold = column.threshold(cut.bin as usize);
        node.default_left = cut.default_left;
        (node.left, node.right) = (children[0] as u32, children[1] as u32);
        node.gain = cut.score - score;
        grown.decisions[task.node] = Decision { place, bin: cut.bin, default_left: cut.default_left };

        let rows = [task.rows.start..middle, middle..task.rows.end];
        let depth = task.depth + 1;
        let wanted = [0, 1].map(|i| {
            depth < soil.settings.max_depth
                && sums[i].1 >= 2.0 * soil.settings.min_child_weight
                && rows[i].len() > FEW
        });
        let mut histograms = [None, None];
        if let Some(mut parent) = task.histogram.take() {
            if wanted[0] || wanted[1] {
                let small = usize::from(rows[1].len() < rows[0].len());
                let own = self.filled(soil, &order[rows[small].clone()]);
                if wanted[1 - small] {
                    parent.subtract(&own);
                }
                histograms[small] = Some(own);
                histograms[1 - small] = Some(parent);
            } else {
                self.free.push(parent);
            }
        }
        for i in [1, 0] {
            let histogram = histograms[i].take();
            let kept = if wanted[i] {
                histogram
            } else {
                self.free.extend(histogram);
                None
            };
            let task = Task {
                node: children[i],
                rows: rows[i].clone(),
                depth,
                total: totals[i],
                bounds: bounds[i],
                histogram: kept,
            };
            stack.push(task);
        }
    }

    fn filled(&mut self, soil: &Soil, rows: &[u32]) -> Histogram {
        let mut histogram = self.free.pop().unwrap_or_default();
        histogram.fill(soil.table, soil.sample, rows, soil.packed);
        histogram
    }

    /// The position of the best column and its cut.
    fn best(
        &mut self,
        soil: &Soil,
        rule: &Rule,
        task: &Task,
        order: &[u32],
        random: &mut Random,
    ) -> Option<(usize, Cut)> {
        let settings = soil.settings;
        let sums = rule.scale.unpack(task.total);
        if task.depth >= settings.max_depth || sums.1 < 2.0 * settings.min_child_weight || task.rows.len() < 2
        {
            return None;
        }
        let own = rule.score(sums, task.bounds);
        let mut search = Search {
            soil,
            rule,
            total: task.total,
            bounds: task.bounds,
            bounded: !soil.monotone.is_empty(),
            bar: own + settings.gamma.max(ROUNDING * own.abs()).max(f64::MIN_POSITIVE),
            found: None,
            occupied: Occupied::new(),
        };
        let rows = &order[task.rows.clone()];
        let wanted = settings.columns_wanted(soil.columns());
        if wanted < soil.columns() {
            let chosen: Vec<usize> = random.sample(soil.columns(), wanted).collect();
            self.search(&mut search, task, rows, chosen.iter().copied());
            if search.found.is_none() {
                // None of those divides the rows: any other that does is better than none.
                self.search(&mut search, task, rows, 0..soil.columns());
            }
        } else {
            self.search(&mut search, task, rows, 0..soil.columns());
        }
        search.found
    }

    fn search(
        &mut self,
        search: &mut Search,
        task: &Task,
        rows: &[u32],
        columns: impl Iterator<Item = usize> + Clone,
    ) {
        let soil = search.soil;
        let dense = soil.sample.dense.len();
        match &task.histogram {
            Some(histogram) => {
                for at in columns {
                    if at < dense {
                        search.dense(at, &histogram.dense[at]);
                    } else {
                        search.sparse(at, soil.sample.sparse[at - dense], &histogram.sparse);
                    }
                }
            }
            None => {
                let packed: Vec<i64> = rows.iter().map(|&row| soil.packed[row as usize]).collect();
                for at in columns.clone().take_while(|&at| at < dense) {
                    search.few(at, rows, &packed);
                }
                if !soil.sample.sparse.is_empty() {
                    self.few_sparse(search, rows, &packed, columns.filter(|&at| at >= dense));
                }
            }
        }
    }

    /// Sparse columns of a node with few rows.
    fn few_sparse(
        &mut self,
        search: &mut Search,
        rows: &[u32],
        packed: &[i64],
        columns: impl Iterator<Item = usize>,
    ) {
        let Search { soil, .. } = search;
        let (table, sample) = (soil.table, soil.sample);
        self.slots.resize(table.slots, 0);
        self.touched.resize(table.sparse.len().div_ceil(64), 0);
        for (&row, &derivatives) in rows.iter().zip(packed) {
            for &slot in sample.sparse_row(row) {
                self.slots[slot as usize] += derivatives;
                let column = table.slot_column[slot as usize] as usize;
                self.touched[column / 64] |= 1 << (column % 64);
            }
        }
        for at in columns {
            let column = sample.sparse[at - sample.dense.len()];
            if self.touched[column as usize / 64] >> (column % 64) & 1 == 1 {
                search.sparse(at, column, &self.slots);
            }
        }
        for &row in rows {
            sample.sparse_row(row).iter().for_each(|&slot| self.slots[slot as usize] = 0);
        }
        self.touched.fill(0);
    }

    /// Puts the rows that go left first, both parts in their old order, and
    /// says how many they are.
    fn part(&mut self, soil: &Soil, at: usize, cut: &Cut, rows: &mut [u32]) -> usize {
        let sample = soil.sample;
        let (place, _) = soil.column(at);
        let decision = Decision { place, bin: cut.bin, default_left: cut.default_left };
        self.right.resize(rows.len().max(self.right.len()), 0);
        let right = &mut self.right[..rows.len()];
        match place {
            Place::Sparse(k) => {
                let column = &soil.table.sparse[k as usize];
                stable(rows, right, |row| sparse_left(column, sample.sparse_row(row), &decision))
            }
            _ => {
                let (block, k) = (&sample.blocks[at / WIDTH], at % WIDTH);
                stable(rows, right, |row| dense_left(block[row as usize][k], &decision))
            }
        }
    }
}

#[inline]
fn stable(rows: &mut [u32], right: &mut [u32], goes_left: impl Fn(u32) -> bool) -> usize {
    let (mut lefts, mut rights) = (0, 0);
    for i in 0..rows.len() {
        let row = rows[i];
        let left = goes_left(row);
        rows[lefts] = row;
        right[rights] = row;
        lefts += usize::from(left);
        rights += usize::from(!left);
    }
    rows[lefts..].copy_from_slice(&right[..rights]);
    lefts
}

fn push_node(grown: &mut Grown, soil: &Soil, rule: &Rule, total: i64, bounds: Bounds) -> usize {
    let sums = rule.scale.unpack(total);
    grown.tree.nodes.push(Node {
        feature: 0,
        threshold: 0.0,
        default_left: false,
        left: 0,
        right: 0,
        value: soil.shrink * rule.value(sums, bounds),
        cover: sums.1,
        gain: 0.0,
    });
    grown.decisions.push(Decision { place: Place::Nowhere, bin: 0, default_left: false });
    grown.decisions.len() - 1
}

/// The best split so far of one node.
struct Search<'a> {
    soil: &'a Soil<'a>,
    rule: &'a Rule,
    total: i64,
    bounds: Bounds,
    bounded: bool,
    bar: f64,
    found: Option<(usize, Cut)>,
    occupied: Occupied,
}

impl Search<'_> {
    fn dense(&mut self, at: usize, cells: &Cells) {
        let bins = self.soil.column(at).1.bins();
        self.occupied.clear();
        for (bin, &cell) in cells[..bins].iter().enumerate() {
            self.occupied.push(bin as u8, cell);
        }
        self.evaluate(at, cells[usize::from(MISSING)]);
    }

    fn sparse(&mut self, at: usize, column: u32, cells: &[i64]) {
        let column = &self.soil.table.sparse[column as usize];
        let cells = &cells[column.first as usize..][..column.slots()];
        let seen: i64 = cells.iter().sum();
        if seen == 0 {
            return;
        }
        let Some((&missing, values)) = cells.split_last() else { return };
        let rest = self.total - seen;
        self.occupied.clear();
        for (bin, &cell) in values.iter().enumerate() {
            self.occupied.push(bin as u8, if bin == column.usual as usize { rest } else { cell });
        }
        self.evaluate(at, if column.usual as usize == values.len() { rest } else { missing });
    }

    /// A dense column, its rows summed here.
    fn few(&mut self, at: usize, rows: &[u32], packed: &[i64]) {
        let (block, k) = (&self.soil.sample.blocks[at / WIDTH], at % WIDTH);
        let mut cells: Cells = [0; 256];
        let mut present = [0_u64; 4];
        for (&row, &derivatives) in rows.iter().zip(packed) {
            let bin = block[row as usize][k];
            cells[usize::from(bin)] += derivatives;
            present[usize::from(bin / 64)] |= 1 << (bin % 64);
        }
        let missing = cells[usize::from(MISSING)];
        present[3] &= !(1 << 63);
        self.occupied.clear();
        for (word, mut bits) in present.into_iter().enumerate() {
            while bits != 0 {
                let bin = (word * 64) as u8 + bits.trailing_zeros() as u8;
                self.occupied.push(bin, cells[usize::from(bin)]);
                bits &= bits - 1;
            }
        }
        self.evaluate(at, missing);
    }

    fn evaluate(&mut self, at: usize, missing: i64) {
        let cut = if self.bounded {
            let feature = self.soil.column(at).1.feature as usize;
            let sign = self.soil.monotone.get(feature).copied().unwrap_or(0);
            self.rule.best_bounded(&self.occupied, missing, self.total, self.bar, self.bounds, sign)
        } else {
            self.rule.best(&self.occupied, missing, self.total, self.bar)
        };
        let Some(mut cut) = cut else { return };
        self.bar = cut.score;
        if missing == 0 {
            // Nothing was learnt about missing values: they go where most rows go.
            let (left, all) = (self.rule.scale.unpack(cut.left).1, self.rule.scale.unpack(self.total).1);
            cut.default_left = 2.0 * left > all;
        }
        self.found = Some((at, cut));
    }
}
