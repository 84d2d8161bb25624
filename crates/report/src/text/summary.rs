//! The campaign in three sentences.

use super::{co2e, count, decimals_for_range, energy, fixed, formula, percent, significant, time, with_unit};
use crate::data::{Goal, Question, Report, ShadowPoint};

/// `1 quinone`, `12 quinones`.
pub(crate) fn plural(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// What it cost, what was found, and whether choosing paid: sentences made from the numbers of the report, so
/// that they cannot contradict its tables.
pub(crate) fn summary(report: &Report) -> Vec<String> {
    [Some(spending(report)), finding(report), comparison(report)].into_iter().flatten().collect()
}

/// Decimals for values of the property, all alike over the whole report.
pub(crate) fn value_decimals(report: &Report) -> usize {
    let values = || {
        let computed = report.evaluations.iter().map(|e| e.value);
        computed.chain(report.short_list.iter().map(|e| e.value)).filter(|v| v.is_finite())
    };
    let low = values().fold(f64::INFINITY, f64::min);
    let high = values().fold(f64::NEG_INFINITY, f64::max);
    decimals_for_range(high - low)
}

/// A value of the property with its unit.
pub(crate) fn value(report: &Report, value: f64) -> String {
    with_unit(&fixed(value, value_decimals(report)), &report.question.unit)
}

fn spending(report: &Report) -> String {
    let totals = &report.totals;
    let share = if report.space.size > 0 {
        format!(" ({})", percent(totals.evaluated as f64 / report.space.size as f64))
    } else {
        String::new()
    };
    let budget = match report.budget.share() {
        Some(share) => format!(", {} of the budget", percent(share)),
        None => String::new(),
    };
    format!(
        "Of {}, {} were computed{share}, for {}{budget}, which is {}, in {}.",
        plural(report.space.size, &report.question.candidate, &report.question.candidates),
        count(totals.evaluated),
        energy(totals.cost.joules),
        co2e(totals.co2e),
        time(totals.wall),
    )
}

fn finding(report: &Report) -> Option<String> {
    let best = report.short_list.first()?;
    let goal = report.question.goal;
    let random: Vec<f64> = report.evaluations.iter().filter(|e| e.initial).map(|e| e.value).collect();
    let comparison = random
        .iter()
        .copied()
        .min_by(|a, b| goal.loss(*a).total_cmp(&goal.loss(*b)))
        .map(|start| {
            let gain = goal.loss(start) - goal.loss(best.value);
            let than = format!(
                "than the best of the {} computed at random at the start",
                count(random.len() as u64)
            );
            if gain > 0.0 {
                format!(", {} {} {than}", value(report, gain), better_word(goal))
            } else {
                format!(", no better {than}")
            }
        })
        .unwrap_or_default();
    Some(format!(
        "The best {} found is {} (first of the short-list) with a {} of {}{comparison}.",
        report.question.candidate,
        formula(&best.formula),
        report.question.property,
        value(report, best.value),
    ))
}

/// The goal in words: `minimise the reduction energy`.
pub(crate) fn goal(question: &Question) -> String {
    let of = |number: f64| with_unit(&significant(number, 4), &question.unit);
    match question.goal {
        Goal::Maximise => format!("maximise the {}", question.property),
        Goal::Minimise => format!("minimise the {}", question.property),
        Goal::Target(target) => format!("{} as near as possible to {}", question.property, of(target)),
        Goal::Range(low, high) => format!("{} between {} and {}", question.property, of(low), of(high)),
    }
}

fn better_word(goal: Goal) -> &'static str {
    match goal {
        Goal::Maximise => "higher",
        Goal::Minimise => "lower",
        Goal::Target(_) => "nearer to the target",
        Goal::Range(..) => "nearer to the range",
    }
}

/// How the campaign compares with random choice of the same cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Advantage {
    /// Better than nine of ten random campaigns.
    Clear,
    /// Better than the median random campaign.
    Slight,
    /// Not better than the median random campaign.
    None,
}

/// The shadow baseline where the campaign ended, and how the campaign compares with it.
pub(crate) fn advantage(report: &Report) -> Option<(ShadowPoint, f64, Advantage)> {
    let last = report.evaluations.iter().rev().find(|e| e.best.is_some())?;
    let best = last.best?;
    let spent = report.evaluations.last()?.spent;
    let distance = |p: &&ShadowPoint| (p.spent.value() - spent.value()).abs();
    let at = report.shadow.as_ref()?.points.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
    let goal = report.question.goal;
    let ours = goal.loss(best);
    let advantage = if ours < goal.loss(at.low).min(goal.loss(at.high)) {
        Advantage::Clear
    } else if ours < goal.loss(at.median) {
        Advantage::Slight
    } else {
        Advantage::None
    };
    Some((*at, best, advantage))
}

fn comparison(report: &Report) -> Option<String> {
    let (at, _, advantage) = advantage(report)?;
    let judgement = match advantage {
        Advantage::Clear => "choosing by value per joule did better than nine of ten random campaigns would",
        Advantage::Slight => {
            "choosing did better than half of all random campaigns would, but not than nine in ten"
        }
        Advantage::None => "choosing did not pay",
    };
    let decimals = value_decimals(report);
    Some(format!(
        "Random choice would have reached about {} for the same energy ({} to {} in 8 of 10 cases, an estimate): \
         {judgement}.",
        value(report, at.median),
        fixed(at.low, decimals),
        value(report, at.high),
    ))
}
