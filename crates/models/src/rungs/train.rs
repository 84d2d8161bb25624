//! From labels of several levels to a model of the highest.

use super::card::{Alone, LadderCard, PlanCard, RungCard};
use super::judge::{self, Compared};
use super::outlook::Levels;
use super::work::Work;
use super::{LadderSet, Rows};
use crate::curve::{Curve, CurvePoint};
use crate::evaluate::Evaluation;
use crate::fitted::Fitted;
use crate::train::{Finished, Started, Unfinished, finish};
use crate::{Model, ModelError, Options, Stage, Structure, Watch};

/// Trains a model of the highest level on labels of all levels. If the highest
/// level alone predicts labels not seen better, it is a model of these.
///
/// # Errors
/// Those of [`LadderSet::settle`] and [`train`](crate::train()).
pub fn train_ladder(
    mut data: LadderSet,
    options: &Options,
    watch: &mut dyn Watch,
) -> Result<Model, ModelError> {
    let started = Started::now();
    let duplicates = data.settle(options.duplicates)?;
    let mut go_on = |stage| if watch.stage(stage) { Ok(()) } else { Err(ModelError::Stopped) };
    go_on(Stage::Describing)?;
    let work = Work::new(&data, options)?;
    go_on(Stage::Choosing)?;
    let mut curve = Curve { target: options.target, ..Curve::default() };
    let mut hyper = None;
    curve.points = judge::curve(&work, &mut hyper, &mut go_on)?;
    let compared = judge::compare(&work, &mut hyper, &mut go_on)?;
    let used = compared.used();
    go_on(Stage::Fitting)?;
    let fitted = if used {
        Fitted::fit(work.design, hyper, &work.on_rungs, &work.labels)?
    } else {
        let (labels, mae) = (work.own_labels.len(), compared.alone.mae);
        curve.points = vec![CurvePoint { labels, mae, core_seconds: 0.0, class: None }];
        Fitted::fit(work.alone, None, &work.own, &work.own_labels)?
    };
    let evaluation = if used { &compared.together } else { &compared.alone }.clone();
    curve.reached = options.target.map(|target| evaluation.mae <= target);
    let ladder =
        card(&data, &work, &fitted, &compared, options.target.filter(|_| curve.reached == Some(false)))?;

    let top = data.lower.len();
    let (design, numbers, structures, rows) = if used {
        (work.design, work.numbers, work.structures, Some(work.rows))
    } else {
        let kept = |i: &usize| (work.numbers[*i].clone(), work.structures[*i].clone());
        let (numbers, structures): (Vec<Vec<u8>>, Vec<Structure>) = work.labelled.iter().map(kept).unzip();
        (work.alone, numbers, structures, None::<Rows>)
    };
    finish(
        Unfinished {
            data: data.level(top, &data.property.name),
            sha256: Some(data.hash()),
            structures: data.rows.len(),
            numbers,
            labels: &work.own_labels,
            duplicates,
            representation: work.representation,
            design,
            evaluation,
            curve,
            low: None,
            ladder: Some(ladder),
            class: None,
            monotone: Vec::new(),
        },
        Finished { fitted, structures, rows },
        started,
        options,
    )
}

/// What the levels are and bring; with a target, what it still takes.
fn card(
    data: &LadderSet,
    work: &Work,
    fitted: &Fitted,
    compared: &Compared,
    target: Option<f64>,
) -> Result<LadderCard, ModelError> {
    let names = data.names();
    let top = names.len() - 1;
    let found = fitted.learner.ladder().map(|(reports, _)| reports);
    let report = |level: usize| found.and_then(|reports| reports.get(level));
    let has = |level: usize| data.rows.iter().filter(move |row| row.labels[level].is_some());
    let rungs: Vec<RungCard> = (0..=top)
        .map(|level| RungCard {
            name: names[level].clone(),
            cost: data.lower.get(level).map_or(data.cost, |rung| rung.cost),
            labels: has(level).count(),
            paired: level
                .checked_sub(1)
                .map_or(0, |below| has(level).filter(|r| r.labels[below].is_some()).count()),
            rho: report(level).and_then(|report| report.rho),
            hyper_parameters: report(level).map(|report| report.hyper),
        })
        .collect();
    let rho: Vec<f64> = match found {
        Some(reports) => reports.iter().filter_map(|report| report.rho).collect(),
        None => vec![1.0; top],
    };
    let levels = Levels { data, work, rho: &rho };
    let mut pilots = Vec::new();
    for upper in 1..=top {
        pilots.extend(levels.pilot(upper)?);
    }
    let (mut plan, mut no_plan) = (None, None);
    if let Some(target) = target {
        let counts: Vec<usize> = rungs.iter().map(|rung| rung.labels).collect();
        match levels.plan(target)? {
            Ok(found) => plan = Some(PlanCard::new(target, &names, &counts, &found)),
            Err(why) => no_plan = Some(why),
        }
    }
    let used = compared.used();
    let (alone, together) = (errors(&compared.alone), errors(&compared.together));
    let given = compared.given.clone().filter(|_| used);
    Ok(LadderCard { rungs, used, alone, together, given, pilots, plan, no_plan })
}

fn errors(judged: &Evaluation) -> Alone {
    Alone { mae: judged.mae, rmse: judged.rmse }
}
