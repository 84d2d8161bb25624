//! From labels of several levels to a model of the highest.

use super::card::{Alone, LadderCard, PlanCard, RungCard};
use super::outlook::Levels;
use super::{LadderSet, Rows, judge};
use crate::choice::{Kind, Plan};
use crate::curve::{Curve, CurvePoint};
use crate::evaluate::{Evaluation, Split, predict_unseen};
use crate::fitted::{Fitted, Prepared, subtract};
use crate::learner::{Design, RungKernel};
use crate::train::{Finished, LEAST, Started, Unfinished, atoms, finish};
use crate::{AnyTable, Features, ModelError, Options, Stage, Structure, StructureKind, Watch, Wish};
use learn::{Composition, Table, shuffled};

/// More labels of all levels together are not learnt: the model takes eight bytes
/// for each pair of them.
const MOST: usize = 12_000;

/// Trains a model of the highest level on labels of all levels. If the highest
/// level alone predicts labels not seen better, it is a model of these.
///
/// # Errors
/// Those of [`LadderSet::settle`] and [`train`](crate::train()).
pub fn train_ladder(
    mut data: LadderSet,
    options: &Options,
    watch: &mut dyn Watch,
) -> Result<crate::Model, ModelError> {
    let started = Started::now();
    let duplicates = data.settle(options.duplicates)?;
    let names = data.names();
    let top = names.len() - 1;
    for (level, name) in names.iter().enumerate() {
        let labels = data.rows.iter().filter(|row| row.labels[level].is_some()).count();
        if labels < LEAST {
            return Err(ModelError::TooFewOfLevel { level: name.clone(), labels, needed: LEAST });
        }
    }
    let (rows, labels) = Rows::of(&data);
    if labels.len() > MOST {
        return Err(ModelError::TooManyLabels { labels: labels.len(), most: MOST });
    }
    let mut go_on = |stage| if watch.stage(stage) { Ok(()) } else { Err(ModelError::Stopped) };
    go_on(Stage::Describing)?;
    let structures: Vec<Structure> = data.rows.iter().map(|row| row.structure.clone()).collect();
    let numbers = atoms(&structures)?;
    let plan = choose(&data, &options.wish)?;
    let table = plan.representation.describe(&structures)?;
    let composition = plan.extensive.then(|| Composition::new(numbers.iter().map(Vec::as_slice)));
    let on_rungs = Prepared {
        table: rows.table(&table, plan.extensive.then_some(&numbers))?,
        composition: None,
        low: None,
        known: None,
        monotone: Vec::new(),
    };

    go_on(Stage::Choosing)?;
    let alone = single_level(&table, composition.as_ref(), &rows, &labels, 0, options.seed)?;
    let design = Design::CoKriging {
        kernel: rung_kernel(alone).ok_or(crate::table::MIXED)?,
        rungs: names.len(),
        extensive: plan.extensive,
    };
    let labelled: Vec<usize> = top_structures(&rows, top);
    let order: Vec<usize> = shuffled(labelled.len(), options.seed).into_iter().map(|i| labelled[i]).collect();
    let split = Split::new(&order, true);
    let mut curve = Curve { target: options.target, ..Curve::default() };
    let mut hyper = None;
    if let Some((learnt, held)) = split.parts.first() {
        // The largest part finds the hyper-parameters of all fits: the search is what takes the time.
        let sizes = [1, 2, 4].map(|share| learnt.len() / share);
        for size in sizes.into_iter().filter(|size| *size >= LEAST.min(learnt.len())) {
            let before = Started::now();
            // The others keep their lower labels.
            let part = Split { how: String::new(), parts: vec![(learnt[..size].to_vec(), held.clone())] };
            let (seen, _) =
                judge::predict_unseen(design, &mut hyper, &on_rungs, &rows, &labels, &part, &mut || Ok(()))?;
            let core_seconds = before.cost().core_seconds.value();
            let point = CurvePoint { labels: size, mae: seen.mae(), core_seconds, class: None };
            curve.points.insert(0, point);
            go_on(Stage::Curve(point))?;
        }
    }
    let (mut done, parts) = (0, 2 * split.parts.len());
    let mut after = || {
        done += 1;
        go_on(Stage::Judging(done, parts))
    };
    let (bare, given) =
        judge::predict_unseen(design, &mut hyper, &on_rungs, &rows, &labels, &split, &mut after)?;
    // The same labels by the highest level alone.
    let (own, own_labels) = own_level(&table, composition.as_ref(), &rows, &labels, top);
    let place = |i: &usize| labelled.iter().position(|l| l == i);
    let own_parts = split.parts.iter().map(|(learnt, held)| {
        (learnt.iter().filter_map(place).collect(), held.iter().filter_map(place).collect())
    });
    let own_split = Split { how: split.how.clone(), parts: own_parts.collect() };
    let single = predict_unseen(alone, &mut None, &own, &own_labels, &own_split, &mut after)?;
    let (together, by_itself) = (bare.judge(), single.judge());
    let used = together.mae <= by_itself.mae;
    if !used {
        curve.points.clear();
        let (labels, mae) = (labelled.len(), by_itself.mae);
        curve.points.push(CurvePoint { labels, mae, core_seconds: 0.0, class: None });
    }

    go_on(Stage::Fitting)?;
    let fitted = if used {
        Fitted::fit(design, hyper, &on_rungs, &labels)?
    } else {
        Fitted::fit(alone, None, &own, &own_labels)?
    };
    let found = fitted.learner.ladder();
    let rho: Vec<f64> = match &found {
        Some((reports, _)) => reports.iter().filter_map(|report| report.rho).collect(),
        None => vec![1.0; top],
    };
    let paired = |level: usize| match level {
        0 => 0,
        _ => data.rows.iter().filter(|r| r.labels[level].is_some() && r.labels[level - 1].is_some()).count(),
    };
    let rung_cards = (0..=top).map(|level| RungCard {
        name: names[level].clone(),
        cost: data.lower.get(level).map_or(data.cost, |rung| rung.cost),
        labels: rows.rung.iter().filter(|rung| **rung == level).count(),
        paired: paired(level),
        rho: found.as_ref().and_then(|(reports, _)| reports.get(level)?.rho),
        hyper_parameters: found.as_ref().and_then(|(reports, _)| Some(reports.get(level)?.hyper)),
    });
    let rung_cards: Vec<RungCard> = rung_cards.collect();
    let levels = Levels {
        data: &data,
        design: alone,
        structures: &table,
        composition: composition.clone(),
        rows: &rows,
        labels: &labels,
        rho: &rho,
        seed: options.seed,
    };
    let mut pilots = Vec::new();
    for upper in 1..=top {
        pilots.extend(levels.pilot(upper)?);
    }
    let evaluation = if used { together.clone() } else { by_itself.clone() };
    if let Some(target) = options.target {
        curve.reached = Some(evaluation.mae <= target);
    }
    let (plan_card, no_plan) = match options.target {
        Some(target) if curve.reached == Some(false) => match levels.plan(target)? {
            Ok(found) => {
                let counts: Vec<usize> = rung_cards.iter().map(|rung| rung.labels).collect();
                (Some(PlanCard::new(target, &names, &counts, &found)), None)
            }
            Err(why) => (None, Some(why)),
        },
        _ => (None, None),
    };
    let ladder = LadderCard {
        rungs: rung_cards,
        used,
        alone: errors(&by_itself),
        together: errors(&together),
        given: used.then(|| judge::given(&given)).flatten(),
        pilots,
        plan: plan_card,
        no_plan,
    };
    let (kept, rows) = if used {
        (structures.clone(), Some(rows))
    } else {
        (labelled.iter().map(|&i| structures[i].clone()).collect(), None)
    };
    let all = data.rows.len();
    let described: Vec<Vec<u8>> =
        if used { numbers } else { labelled.iter().map(|&i| numbers[i].clone()).collect() };
    finish(
        Unfinished {
            data: data.level(top, &names[top]),
            sha256: Some(data.hash()),
            structures: all,
            numbers: described,
            labels: &own_labels,
            duplicates,
            representation: plan.representation,
            design: if used { design } else { alone },
            evaluation,
            curve,
            low: None,
            ladder: Some(ladder),
            class: None,
            monotone: Vec::new(),
        },
        Finished { fitted, structures: kept, rows },
        started,
        options,
    )
}

fn errors(judged: &Evaluation) -> Alone {
    Alone { mae: judged.mae, rmse: judged.rmse }
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

/// The structures with a label of the highest level.
fn top_structures(rows: &Rows, top: usize) -> Vec<usize> {
    let pairs = rows.structure.iter().zip(&rows.rung);
    pairs.filter(|(_, rung)| **rung == top).map(|(structure, _)| *structure).collect()
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

/// The design for one level alone.
fn single_level(
    table: &AnyTable,
    composition: Option<&Composition>,
    rows: &Rows,
    labels: &[f64],
    level: usize,
    seed: u64,
) -> Result<Design, ModelError> {
    let (x, y) = own_level(table, composition, rows, labels, level);
    let (_, _, rest) = subtract(&x, &y)?;
    Ok(Design::choose(Kind::Gp, &x.table, &rest, seed)?)
}

fn rung_kernel(design: Design) -> Option<RungKernel> {
    match design {
        Design::Tanimoto { .. } => Some(RungKernel::Tanimoto),
        Design::Dense { shape, .. } => Some(RungKernel::Dense(shape)),
        Design::Local { shape, .. } => Some(RungKernel::Local(shape)),
        _ => None,
    }
}
