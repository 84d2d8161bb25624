//! From a data set to a model.

use crate::choice::{Plan, Wish};
use crate::class;
use crate::curve::{Curve, CurvePoint};
use crate::evaluate::{Split, predict_unseen};
pub(crate) use crate::finish::{Finished, Started, Unfinished, finish};
use crate::fitted::{Fitted, Prepared, subtract};
use crate::learner::{Design, Hyper};
use crate::monotone;
use crate::{DataSet, DuplicatePolicy, Kind, Labelled, Model, ModelError, Structure};
use learn::{Composition, shuffled};
use ledger::Conversion;
use method::meter::process_time;

/// How a model is trained.
#[derive(Debug, Clone)]
pub struct Options {
    /// What the user wants of the model.
    pub wish: Wish,
    /// What is done about different labels of one structure.
    pub duplicates: DuplicatePolicy,
    /// Decides every random choice.
    pub seed: u64,
    /// Mean absolute error to stop at, in the unit of the labels.
    pub target: Option<f64>,
    /// Licence of the data, for the card.
    pub licence: Option<String>,
    /// What processor time costs.
    pub conversion: Conversion,
}

/// Where training is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stage {
    /// Features are computed.
    Describing,
    /// A kernel is chosen.
    Choosing,
    /// A point of the learning curve is there.
    Curve(CurvePoint),
    /// Parts of the cross-validation done, of how many.
    Judging(usize, usize),
    /// The model of all labels is fitted.
    Fitting,
}

/// Follows the training and may end it.
pub trait Watch {
    /// Called before each stage; an end of the work is wished by `false`.
    fn stage(&mut self, stage: Stage) -> bool;
}

/// Fewer labels tell nothing about a model.
pub(crate) const LEAST: usize = 10;

/// The first size of a learning curve towards a target.
const FIRST: usize = 50;

/// Trains a model of `data`, judges it on labels that it has not seen, and fits
/// it to all labels used.
///
/// # Errors
/// Those of [`DataSet::settle`]; [`ModelError::TooFewLabels`],
/// [`ModelError::Choice`] for a wish that does not fit, [`ModelError::Stopped`].
pub fn train(mut data: DataSet, options: &Options, watch: &mut dyn Watch) -> Result<Model, ModelError> {
    let started = Started::now();
    let classify = options.wish.classify;
    let wish = monotone::wish(options.wish.clone())?;
    let wish = if classify { class::wish(&data, wish, options.target)? } else { wish };
    let duplicates = data.settle(options.duplicates)?;
    let ties = if classify { class::majority(&mut data)? } else { 0 };
    let all = data.rows.len();
    if all < LEAST {
        return Err(ModelError::TooFewLabels { labels: all, needed: LEAST });
    }
    let mut go_on = |stage| if watch.stage(stage) { Ok(()) } else { Err(ModelError::Stopped) };
    let plans = Plan::candidates(&data, &wish, options.target.is_some())?;
    let mut structures: Vec<Structure> = data.rows.iter().map(|row| row.structure.clone()).collect();
    let mut labels: Vec<f64> = data.rows.iter().map(|row| row.label).collect();
    let order = shuffled(labels.len(), options.seed);
    let order = if classify { class::stratified(&order, &labels) } else { order };
    go_on(Stage::Choosing)?;
    let plan = best(plans, &data, &order, options.seed)?;
    go_on(Stage::Describing)?;
    let mut x = prepare(&plan, &data.rows)?;
    let (_, _, rest) = subtract(&x, &labels)?;
    let design = if classify {
        Design::Classifier { seed: options.seed }
    } else {
        Design::choose(plan.kind, &x.table, &rest, options.seed)?
    };
    let cross = plan.kind == Kind::Gp;
    let mut split = if classify { class::split(&order, &labels) } else { Split::new(&order, cross) };
    let mut curve = Curve::default();
    let (used, mut hyper) =
        learning_curve(design, &x, &labels, &split, options.target, &mut curve, &mut go_on)?;
    if let Some(used) = used {
        // The target is met by a part of the labels: the rest is not paid for.
        x = x.select(&used);
        labels = used.iter().map(|&i| labels[i]).collect();
        structures = used.iter().map(|&i| structures[i].clone()).collect();
        data.rows = used.iter().map(|&i| data.rows[i].clone()).collect();
        split = Split::new(&shuffled(labels.len(), options.seed), cross);
    }
    let (mut done, parts) = (0, split.parts.len());
    go_on(Stage::Judging(0, parts))?;
    let unseen = predict_unseen(design, &mut hyper, &x, &labels, &split, &mut || {
        done += 1;
        go_on(Stage::Judging(done, parts))
    })?;
    let mut evaluation = unseen.judge();
    let class = classify.then(|| class::judge(&unseen, &mut evaluation, &labels, ties)).transpose()?;
    curve.aim(options.target);

    go_on(Stage::Fitting)?;
    let fitted = Fitted::fit(design, hyper, &x, &labels)?;
    // Trees know all that they need.
    let numbers = data.rows.iter().filter_map(|row| row.structure.atomic_numbers().ok()).collect();
    if plan.kind != Kind::Gp {
        structures.clear();
    }
    let low = data.low.clone();
    finish(
        Unfinished {
            data,
            sha256: None,
            structures: all,
            numbers,
            labels: &labels,
            duplicates,
            representation: plan.representation,
            design,
            evaluation,
            curve,
            low,
            ladder: None,
            class,
            monotone: wish.monotone,
        },
        Finished { fitted, structures, rows: None },
        started,
        options,
    )
}

/// Labels that plans are compared on.
const COMPARED: usize = 1000;

/// The plan with the least error on a quarter of some labels, learnt from the
/// others.
fn best(mut plans: Vec<Plan>, data: &DataSet, order: &[usize], seed: u64) -> Result<Plan, ModelError> {
    let part = &order[..order.len().min(COMPARED)];
    if plans.len() > 1 {
        let rows: Vec<Labelled> = part.iter().map(|&i| data.rows[i].clone()).collect();
        let labels: Vec<f64> = rows.iter().map(|row| row.label).collect();
        let all: Vec<usize> = (0..rows.len()).collect();
        let (held, learnt) = all.split_at(rows.len().div_ceil(4));
        let split = Split { how: String::new(), parts: vec![(learnt.to_vec(), held.to_vec())] };
        let mut errors = Vec::with_capacity(plans.len());
        for plan in &plans {
            let x = prepare(plan, &rows)?;
            let (_, _, rest) = subtract(&x, &labels)?;
            let design = Design::choose(plan.kind, &x.table, &rest, seed)?;
            errors.push(predict_unseen(design, &mut None, &x, &labels, &split, &mut || Ok(()))?.mae());
        }
        let least = (0..plans.len()).min_by(|&a, &b| errors[a].total_cmp(&errors[b])).unwrap_or(0);
        plans.swap(0, least);
    }
    plans.into_iter().next().ok_or(ModelError::Internal { what: "there is no plan for the data" })
}

/// Features, compositions and the cheaper method's values.
fn prepare(plan: &Plan, rows: &[Labelled]) -> Result<Prepared, ModelError> {
    let structures: Vec<Structure> = rows.iter().map(|row| row.structure.clone()).collect();
    let numbers = atoms(&structures)?;
    let low: Option<Vec<f64>> = rows.iter().map(|row| row.low).collect();
    Ok(Prepared {
        table: plan.representation.describe(&structures)?,
        composition: plan.extensive.then(|| Composition::new(numbers.iter().map(Vec::as_slice))),
        low,
        known: None,
        monotone: plan.monotone.clone(),
    })
}

pub(crate) fn atoms(structures: &[Structure]) -> Result<Vec<Vec<u8>>, ModelError> {
    let numbers = structures.iter().map(Structure::atomic_numbers).collect::<Result<Vec<_>, _>>();
    numbers.map_err(|why| ModelError::Choice { asked: "a structure".to_owned(), why })
}

/// Fits to growing parts of the labels, judged on those that the first part of
/// the split holds out. The labels to use, if a target is met by fewer than all,
/// and the hyper-parameters of the last fit, which hold for all the labels: they
/// are a matter of the property, not of the part.
fn learning_curve(
    design: Design,
    x: &Prepared,
    labels: &[f64],
    split: &Split,
    target: Option<f64>,
    curve: &mut Curve,
    go_on: &mut dyn FnMut(Stage) -> Result<(), ModelError>,
) -> Result<(Option<Vec<usize>>, Option<Hyper>), ModelError> {
    let Some((learnt, held)) = split.parts.first() else { return Ok((None, None)) };
    let mut hyper = None;
    let most = learnt.len();
    let mut sizes: Vec<usize> = match target {
        Some(_) => std::iter::successors(Some(FIRST), |n| Some(2 * n)).take_while(|n| *n < most).collect(),
        None => [8, 4, 2].iter().map(|share| most / share).filter(|n| *n >= 20).collect(),
    };
    sizes.push(most);
    for size in sizes {
        let before = process_time();
        let part = Split { how: String::new(), parts: vec![(learnt[..size].to_vec(), held.clone())] };
        hyper = None;
        let unseen = predict_unseen(design, &mut hyper, x, labels, &part, &mut || Ok(()))?;
        let core_seconds = (process_time() - before).value();
        let class = design.is_class().then(|| class::point(&unseen));
        let point = CurvePoint { labels: size, mae: unseen.mae(), core_seconds, class };
        curve.points.push(point);
        go_on(Stage::Curve(point))?;
        if size < most && target.is_some_and(|target| point.mae <= target) {
            return Ok((Some([&learnt[..size], held].concat()), hyper));
        }
    }
    Ok((None, hyper))
}
