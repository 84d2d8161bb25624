//! What follows from the numbers, in sentences.

use super::Sources;
use crate::history::Phase;
use decide::Constraints;
use ledger::Tier;
use report::data::{Calibration, Verdict, VerdictKind};
use space::SpaceSpec;

fn finding(text: String) -> Verdict {
    Verdict { kind: VerdictKind::Finding, text }
}

fn caution(text: String) -> Verdict {
    Verdict { kind: VerdictKind::Caution, text }
}

/// Everything worth saying, findings first.
pub(super) fn all(sources: &Sources, calibration: &Option<Calibration>) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    verdicts.extend(beyond_the_sample(sources));
    verdicts.extend(calibration.as_ref().and_then(trust));
    verdicts.extend(failures(sources));
    if sources.total.tier == Tier::Model {
        let watts = sources.loaded.spec.energy.watts();
        verdicts.push(caution(format!(
            "Energy is not measured but modelled: {watts:.2} W for each busy core, times processor time. Comparisons \
             within this report do not depend on that number; the absolute energy does."
        )));
    }
    verdicts.sort_by_key(|v| v.kind == VerdictKind::Caution);
    verdicts
}

fn beyond_the_sample(sources: &Sources) -> Option<Verdict> {
    let goal = sources.goal();
    let random: Vec<u64> =
        sources.history.rounds.iter().filter(|r| r.phase != Phase::Search).map(|r| r.number).collect();
    let (mut sample, mut searched) = (Vec::new(), Vec::new());
    for (e, value) in sources.valued() {
        if random.contains(&e.round) { sample.push(value) } else { searched.push(value) }
    }
    let first = goal.best_value(sample.iter().copied())?;
    let last = goal.best_value(searched.iter().copied())?;
    let better = searched.iter().filter(|v| goal.utility(**v) > goal.utility(first)).count();
    let text = format!(
        "Of {} {} chosen after the random sample of {}, {better} {} better than the best of the sample ({}); the best \
         has {}.",
        searched.len(),
        sources.loaded.spec.candidates[1],
        sample.len(),
        if better == 1 { "is" } else { "are" },
        sources.with_unit(first),
        sources.with_unit(last),
    );
    Some(if better > 0 { finding(text) } else { caution(text) })
}

fn trust(calibration: &Calibration) -> Option<Verdict> {
    let share = calibration.coverage_90 * 100.0;
    // Two standard deviations of a share that is 0.9 when all is well.
    let wobble = 2.0 * (0.9f64 * 0.1 / calibration.n as f64).sqrt();
    if calibration.n < 10 {
        return None;
    }
    let n = calibration.n;
    Some(if (calibration.coverage_90 - 0.9).abs() <= wobble {
        finding(format!(
            "Predictions can be trusted: {share:.0} % of {n} results fell into the 90 % interval predicted before."
        ))
    } else if calibration.coverage_90 < 0.9 {
        caution(format!(
            "Predictions were too sure: {share:.0} % of {n} results fell into the 90 % interval predicted before."
        ))
    } else {
        caution(format!(
            "Predictions were too cautious: {share:.0} % of {n} results fell into the 90 % interval predicted before."
        ))
    })
}

fn failures(sources: &Sources) -> Option<Verdict> {
    let all = sources.history.evaluated.len();
    let failed = all - sources.valued().count();
    (failed * 10 > all).then(|| {
        caution(format!(
            "{failed} of {all} evaluations failed and were paid for all the same; what kinds of molecules are they?"
        ))
    })
}

/// What chance would have reached, for goals that are a value or a range: there the shadow baseline is a distance, and not
/// drawn among the values.
pub(super) fn against_chance(sources: &Sources, distances: [f64; 3]) -> Option<Verdict> {
    let goal = sources.goal();
    let best = goal.readable(goal.best(sources.valued().map(|(_, value)| value))?);
    let [low, median, high] = distances.map(|d| sources.with_unit(d));
    let text = format!(
        "The best value is {} away from the goal; random choice would for the same energy have come within about {median} \
         (10 to 90 %: {low} to {high}), by an estimate from the surrogate.",
        sources.with_unit(best)
    );
    Some(if best < distances[1] { finding(text) } else { caution(text) })
}

/// Constraints, each in words.
pub(super) fn constraints(c: &Constraints) -> Vec<String> {
    let mut words = Vec::new();
    if let Some(bounds) = c.molecular_weight {
        words.push(match (bounds.min, bounds.max) {
            (Some(low), Some(high)) => format!("molecular weight {low} to {high} g/mol"),
            (None, Some(high)) => format!("molecular weight at most {high} g/mol"),
            (Some(low), None) => format!("molecular weight at least {low} g/mol"),
            (None, None) => "any molecular weight".into(),
        });
    }
    words.extend(c.max_heavy_atoms.map(|n| format!("at most {n} heavy atoms")));
    words.extend(c.elements.as_ref().map(|e| format!("only {}", e.join(", "))));
    words.extend(c.charge.map(|q| format!("charge {q}")));
    words.extend(c.max_sa_score.map(|s| format!("SA score at most {s}")));
    words.extend(c.require_smarts.iter().map(|s| format!("contains {s}")));
    words.extend(c.exclude_smarts.iter().map(|s| format!("does not contain {s}")));
    words
}

/// The space, in words.
pub(super) fn space_in_words(space: &SpaceSpec) -> String {
    match space {
        SpaceSpec::Combinatorial(spec) => {
            let cores: Vec<String> =
                spec.core.iter().map(|c| format!("{} (up to {})", c.name, c.max_substitutions)).collect();
            format!("{} with {} kinds of substituents", cores.join(", "), spec.substituent.len())
        }
        SpaceSpec::Library(spec) => format!("the library {}", spec.file.display()),
    }
}
