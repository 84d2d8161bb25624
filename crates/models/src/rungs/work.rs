//! What training on several levels starts from.

use super::{LadderSet, Rows};
use crate::choice::{Kind, Plan};
use crate::evaluate::Split;
use crate::fitted::{Prepared, subtract};
use crate::learner::{Design, RungKernel};
use crate::train::{LEAST, atoms};
use crate::{AnyTable, Features, ModelError, Options, Representation, Structure, StructureKind, Wish};
use learn::{Composition, Table, shuffled};

/// More labels of all levels together are not learnt: the model takes eight bytes
/// for each pair of them.
const MOST: usize = 12_000;

/// Features, labels and designs.
pub(super) struct Work {
    pub(super) representation: Representation,
    pub(super) structures: Vec<Structure>,
    /// The atoms of each.
    pub(super) numbers: Vec<Vec<u8>>,
    /// The features of each.
    pub(super) table: AnyTable,
    /// For extensive properties.
    pub(super) composition: Option<Composition>,
    /// One row for each label.
    pub(super) rows: Rows,
    pub(super) labels: Vec<f64>,
    pub(super) on_rungs: Prepared,
    /// All levels together.
    pub(super) design: Design,
    /// One level by itself.
    pub(super) alone: Design,
    /// The structures with a label of the highest level, their features and labels.
    pub(super) labelled: Vec<usize>,
    pub(super) own: Prepared,
    pub(super) own_labels: Vec<f64>,
    /// Of the structures with a label of the highest level.
    pub(super) split: Split,
    pub(super) seed: u64,
}

impl Work {
    pub(super) fn new(data: &LadderSet, options: &Options) -> Result<Work, ModelError> {
        let names = data.names();
        for (level, name) in names.iter().enumerate() {
            let labels = data.rows.iter().filter(|row| row.labels[level].is_some()).count();
            if labels < LEAST {
                return Err(ModelError::TooFewOfLevel { level: name.clone(), labels, needed: LEAST });
            }
        }
        let (rows, labels) = Rows::of(data);
        if labels.len() > MOST {
            return Err(ModelError::TooManyLabels { labels: labels.len(), most: MOST });
        }
        let structures: Vec<Structure> = data.rows.iter().map(|row| row.structure.clone()).collect();
        let numbers = atoms(&structures)?;
        let Plan { representation, extensive, .. } = choose(data, &options.wish)?;
        let table = representation.describe(&structures)?;
        let composition = extensive.then(|| Composition::new(numbers.iter().map(Vec::as_slice)));
        let on_rungs = Prepared {
            table: rows.table(&table, extensive.then_some(&numbers))?,
            composition: None,
            low: None,
            known: None,
            monotone: Vec::new(),
        };
        let level = |level: usize| own_level(&table, composition.as_ref(), &rows, &labels, level);
        // The lowest level has most to tell of the kernel.
        let (x, y) = level(0);
        let (_, _, rest) = subtract(&x, &y)?;
        let alone = Design::choose(Kind::Gp, &x.table, &rest, options.seed)?;
        let kernel = rung_kernel(alone).ok_or(crate::table::MIXED)?;
        let design = Design::CoKriging { kernel, rungs: names.len(), extensive };
        let top = names.len() - 1;
        let (own, own_labels) = level(top);
        let pairs = rows.structure.iter().zip(&rows.rung);
        let labelled: Vec<usize> = pairs.filter(|(_, rung)| **rung == top).map(|(i, _)| *i).collect();
        let order: Vec<usize> =
            shuffled(labelled.len(), options.seed).into_iter().map(|i| labelled[i]).collect();
        let (split, seed) = (Split::new(&order, true), options.seed);
        Ok(Work {
            representation,
            structures,
            numbers,
            table,
            composition,
            rows,
            labels,
            on_rungs,
            design,
            alone,
            labelled,
            own,
            own_labels,
            split,
            seed,
        })
    }
}

/// The features for all structures and whether the property is extensive, judged by the level
/// with the most labels.
fn choose(data: &LadderSet, wish: &Wish) -> Result<Plan, ModelError> {
    for (asked, is) in [("classes", wish.classify), ("a direction of a feature", !wish.monotone.is_empty())] {
        if is {
            let why =
                "several levels are learnt by Gaussian processes, which have none: leave one of the two out";
            return Err(ModelError::Choice { asked: asked.to_owned(), why: why.to_owned() });
        }
    }
    if let Some(kind) = wish.kind.filter(|kind| *kind != Kind::Gp) {
        let why =
            "several levels are learnt together by Gaussian processes: take --model gp, or leave it out";
        return Err(ModelError::Choice { asked: format!("model `{}`", kind.as_str()), why: why.to_owned() });
    }
    // Rows of atoms cost too much where every level has a kernel of its own.
    let rows = (data.rows.first()).filter(|row| row.structure.kind() == StructureKind::Geometry);
    let features = wish.features.or(rows.map(|_| Features::Slatm));
    let wish = Wish { kind: Some(Kind::Gp), features, ..wish.clone() };
    let names = data.names();
    let counts = |level: usize| data.rows.iter().filter(|row| row.labels[level].is_some()).count();
    let most = (0..names.len()).max_by_key(|&level| counts(level)).unwrap_or(0);
    let first = |found: Vec<Plan>| {
        found.into_iter().next().ok_or(ModelError::Internal { what: "there is no plan for several levels" })
    };
    let told = first(Plan::candidates(&data.level(most, &names[most]), &wish, false)?)?;
    let mut all = data.level(most, &names[most]);
    all.rows = data
        .rows
        .iter()
        .map(|row| crate::Labelled {
            place: row.place.clone(),
            structure: row.structure.clone(),
            label: 0.0,
            low: None,
        })
        .collect();
    first(Plan::candidates(&all, &Wish { extensive: Some(told.extensive), ..wish.clone() }, false)?)
}

/// One level's features and labels.
fn own_level(
    table: &AnyTable,
    composition: Option<&Composition>,
    rows: &Rows,
    labels: &[f64],
    level: usize,
) -> (Prepared, Vec<f64>) {
    let chosen: Vec<usize> = (0..labels.len()).filter(|&row| rows.rung[row] == level).collect();
    let structures: Vec<usize> = chosen.iter().map(|&row| rows.structure[row]).collect();
    let x = Prepared {
        table: table.select(&structures),
        composition: composition.map(|c| c.select(&structures)),
        low: None,
        known: None,
        monotone: Vec::new(),
    };
    (x, chosen.iter().map(|&row| labels[row]).collect())
}

fn rung_kernel(design: Design) -> Option<RungKernel> {
    match design {
        Design::Tanimoto { .. } => Some(RungKernel::Tanimoto),
        Design::Dense { shape, .. } => Some(RungKernel::Dense(shape)),
        Design::Local { shape, .. } => Some(RungKernel::Local(shape)),
        _ => None,
    }
}
