//! Models of classes: constraints that hold or not.
//!
//! Labels are 0 or 1. The learner gives the probability of 1, calibrated on
//! labels left out; what it is worth is told by labels that whole models had not
//! seen, and the same labels give the sets of classes that predictions come with
//! ([`ClassCalibration`]). The thresholds are those of models that had learnt less
//! than the final one, so that its sets tend to hold slightly more than asked.

use crate::evaluate::{FEW, LEVEL, Split, Unseen};
use crate::{Card, ClassPoint, DataSet, Evaluation, Kind, ModelError, Prediction, Wish};
use learn::{ClassCalibration, ClassReport};
use serde::{Deserialize, Serialize};

/// What a card says of a model of classes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ClassCard {
    /// Labels learnt that are 1.
    pub yes: usize,
    /// Labels learnt that are 0.
    pub no: usize,
    /// Structures left out because as many of their labels are 1 as 0.
    pub ties: usize,
    /// Which classes a prediction's set holds.
    pub sets: ClassCalibration,
}

/// What a model of classes is worth, on labels that it had not seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassEvaluation {
    /// The probabilities.
    #[serde(flatten)]
    pub probabilities: ClassReport,
    /// The sets.
    pub sets: SetReport,
}

/// Sets of classes on labels not seen, each half of them judged with thresholds
/// from the other half.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SetReport {
    /// Share of the labels of each class that sets are to hold.
    pub level: f64,
    /// Share of the labels that are 1 whose set holds 1.
    pub held_yes: f64,
    /// Share of the labels that are 0 whose set holds 0.
    pub held_no: f64,
    /// Share of sets with one class.
    pub single: f64,
    /// Share of those whose class is right; absent if there are none.
    pub single_right: Option<f64>,
}

/// Fewer labels of a class are no class.
const LEAST: usize = 5;

/// The class that a text names.
pub(crate) fn label(text: &str) -> Option<f64> {
    let word = text.trim().to_ascii_lowercase();
    match word.as_str() {
        "true" | "t" | "yes" | "y" => Some(1.0),
        "false" | "f" | "no" | "n" => Some(0.0),
        _ => word.parse().ok().filter(|value| *value == 0.0 || *value == 1.0),
    }
}

/// How a class is called.
pub(crate) fn name(class: bool) -> &'static str {
    if class { "yes" } else { "no" }
}

/// The wish with what classes decide, or what does not go with them.
pub(crate) fn wish(data: &DataSet, wish: Wish, target: Option<f64>) -> Result<Wish, ModelError> {
    let refuse =
        |asked: &str, why: &str| Err(ModelError::NotOfClass { asked: asked.to_owned(), why: why.to_owned() });
    if let Some(kind @ (Kind::Gp | Kind::Forest)) = wish.kind {
        return refuse(&format!("the model `{}`", kind.as_str()), "boosted trees learn them: leave it out");
    }
    if wish.extensive == Some(true) {
        return refuse("an extensive property", "a class does not grow with the molecule: leave it out");
    }
    if target.is_some() {
        let why = "it is a mean absolute error, and a class has none: leave it out, and see in the learning curve \
                   what more labels bring";
        return refuse("a target error", why);
    }
    if data.low.is_some() {
        return refuse(
            "a cheaper method",
            "a difference of classes says nothing: learn the number that decides",
        );
    }
    for row in &data.rows {
        if row.label != 0.0 && row.label != 1.0 {
            let (place, property) = (row.place.clone(), data.property.name.clone());
            return Err(ModelError::BadClass { place, property, value: row.label.to_string() });
        }
    }
    Ok(Wish { kind: Some(Kind::Boosted), extensive: Some(false), ..wish })
}

/// Of structures with several labels, whose mean the label is, the class of most of
/// them; those without are left out and counted.
pub(crate) fn majority(data: &mut DataSet) -> Result<usize, ModelError> {
    let before = data.rows.len();
    data.rows.retain(|row| row.label != 0.5);
    data.rows.iter_mut().for_each(|row| row.label = f64::from(u8::from(row.label > 0.5)));
    let yes = data.rows.iter().filter(|row| row.label == 1.0).count();
    let counts = [data.rows.len() - yes, yes];
    for class in [false, true] {
        let labels = counts[usize::from(class)];
        let (property, all) = (data.property.name.clone(), data.rows.len());
        if labels == 0 && all > 0 {
            return Err(ModelError::OneClass { property, labels: all, class: name(!class) });
        }
        if labels < LEAST {
            return Err(ModelError::FewOfClass { property, labels, class: name(class), needed: LEAST });
        }
    }
    Ok(before - data.rows.len())
}

/// The order with each class spread evenly over it, so that every part of it has
/// both.
pub(crate) fn stratified(order: &[usize], labels: &[f64]) -> Vec<usize> {
    let mut all = [0.0, 0.0];
    labels.iter().for_each(|y| all[*y as usize] += 1.0);
    let mut met = [0.0, 0.0];
    let mut placed: Vec<(f64, usize)> = Vec::with_capacity(order.len());
    for &row in order {
        let class = labels[row] as usize;
        placed.push(((met[class] + 0.5) / all[class], row));
        met[class] += 1.0;
    }
    placed.sort_by(|a, b| a.0.total_cmp(&b.0));
    placed.into_iter().map(|(_, row)| row).collect()
}

/// Which labels are held out: a part, if it has enough of either class.
pub(crate) fn split(order: &[usize], labels: &[f64]) -> Split {
    let part = Split::new(order, false);
    let held = part.parts.first().map(|(_, held)| held.as_slice()).unwrap_or_default();
    let yes = held.iter().filter(|row| labels[**row] == 1.0).count();
    if part.parts.len() == 1 && yes.min(held.len() - yes) < FEW { Split::crossed(order) } else { part }
}

/// Completes the evaluation by what classes have in place of errors; `learnt` are
/// the labels of the final model.
pub(crate) fn judge(
    unseen: &Unseen,
    evaluation: &mut Evaluation,
    learnt: &[f64],
    ties: usize,
) -> Result<ClassCard, ModelError> {
    let (seen, labels) = (&unseen.seen.mean, &unseen.labels);
    let sets = ClassCalibration::new(LEVEL, seen, labels)?;
    evaluation.class =
        Some(ClassEvaluation { probabilities: ClassReport::new(seen, labels), sets: halves(seen, labels)? });
    // There is no interval around a probability.
    evaluation.factor_90 = None;
    evaluation.calibration.clear();
    let yes = learnt.iter().filter(|label| **label == 1.0).count();
    Ok(ClassCard { yes, no: learnt.len() - yes, ties, sets })
}

/// What a point of the learning curve says of classes.
pub(crate) fn point(unseen: &Unseen) -> ClassPoint {
    let ClassReport { log_loss, area, .. } = ClassReport::new(&unseen.seen.mean, &unseen.labels);
    ClassPoint { log_loss, area }
}

fn halves(seen: &[f64], labels: &[f64]) -> Result<SetReport, ModelError> {
    // Every second label of each class, since the classes may take turns.
    let mut met = [0, 0];
    let mut halves: [Vec<usize>; 2] = Default::default();
    for (row, label) in labels.iter().enumerate() {
        let class = usize::from(*label == 1.0);
        halves[met[class] % 2].push(row);
        met[class] += 1;
    }
    let (mut held, mut single, mut right) = ([0, 0], 0, 0);
    for (from, to) in [(0, 1), (1, 0)] {
        let pick = |values: &[f64]| halves[from].iter().map(|&row| values[row]).collect::<Vec<f64>>();
        let sets = ClassCalibration::new(LEVEL, &pick(seen), &pick(labels))?;
        for &row in &halves[to] {
            let (set, class) = (sets.set(seen[row]), labels[row] == 1.0);
            let (has, other) = (set.has(class), set.has(!class));
            held[usize::from(class)] += usize::from(has);
            single += usize::from(has != other);
            right += usize::from(has && !other);
        }
    }
    let share = |count: usize, of: usize| count as f64 / of.max(1) as f64;
    Ok(SetReport {
        level: LEVEL,
        held_yes: share(held[1], met[1]),
        held_no: share(held[0], met[0]),
        single: share(single, labels.len()),
        single_right: (single > 0).then(|| share(right, single)),
    })
}

impl ClassCard {
    /// Makes a prediction of a probability, whose models' probabilities have a
    /// spread, one of a class.
    pub(crate) fn complete(&self, prediction: &mut Prediction, spread: f64) {
        let set = self.sets.set(prediction.mean);
        let end = |class: bool| f64::from(u8::from(class));
        prediction.sd = spread;
        prediction.lower = end(!set.has(false));
        prediction.upper = end(set.has(true));
        prediction.class = Some(set);
    }

    /// What is wrong with a card from a file.
    pub(crate) fn check(card: &Card) -> Result<(), String> {
        let Some(class) = &card.class else {
            return if card.design.is_class() { Err("a card without classes".to_owned()) } else { Ok(()) };
        };
        let ClassCalibration { level, yes_from, no_to, .. } = class.sets;
        let good = [level, yes_from, no_to].iter().all(|value| (0.0..=1.0).contains(value));
        if good && card.design.is_class() { Ok(()) } else { Err("a damaged card (its classes)".to_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_words_or_numbers() {
        let all = ["1", "1.0", " TRUE ", "Yes", "y", "T", "0", "0.0", "-0", "false", "No", "n", "F"];
        let found: Vec<Option<f64>> = all.iter().map(|text| label(text)).collect();
        assert!(found[..6].iter().all(|l| *l == Some(1.0)) && found[6..].iter().all(|l| *l == Some(0.0)));
        for bad in ["2", "0.5", "metal", "nan", "either", "-1"] {
            assert_eq!(label(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_part_of_the_order_has_both_classes() {
        let labels: Vec<f64> = (0..1000).map(|i| f64::from(u8::from(i % 50 == 0))).collect();
        let order = stratified(&learn::shuffled(1000, 3), &labels);
        for part in order.chunks(100) {
            assert_eq!(part.iter().filter(|&&row| labels[row] == 1.0).count(), 2);
        }
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert!(sorted.iter().copied().eq(0..1000));
        // Twenty of a class are too few to hold some out.
        assert_eq!(split(&order, &labels).parts.len(), 5);
        let even: Vec<f64> = (0..1000).map(|i| f64::from(i % 2)).collect();
        assert_eq!(split(&stratified(&learn::shuffled(1000, 3), &even), &even).parts.len(), 5);
        let many: Vec<f64> = (0..4000).map(|i| f64::from(i % 2)).collect();
        assert_eq!(split(&stratified(&learn::shuffled(4000, 3), &many), &many).parts.len(), 1);
    }

    /// Twenty labels of each class, one of each on the wrong side; half of them tell:
    /// rank ceil(0.9 * 11) = 10 of 10.
    #[test]
    fn halves_by_hand() {
        let mut seen: Vec<f64> = (0..40).map(|i| [0.1, 0.9][i % 2]).collect();
        seen.swap(0, 1);
        let labels: Vec<f64> = (0..40).map(|i| (i % 2) as f64).collect();
        let found = halves(&seen, &labels).unwrap();
        // The half with the two strange ones tells the other: all sets are either. The
        // other way round sets are of one class, wrong for the two.
        assert_eq!((found.held_no, found.held_yes), (0.95, 0.95));
        assert_eq!((found.single, found.single_right), (0.5, Some(0.9)));
    }
}
