//! What `train` and `predict` say of models of classes.

use super::train::short;
use crate::out::outln;
use models::{Card, ClassCalibration, ClassCard, ClassEvaluation, ClassReport, Prediction};
use records::{Kind, Value};

/// The learning curve and what a model is worth.
pub(super) fn show(card: &Card, class: &ClassCard, seen: &ClassEvaluation) -> anyhow::Result<()> {
    let (evaluation, percent) = (&card.evaluation, |share: f64| format!("{:.1} %", 100.0 * share));
    let maybe = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"));
    outln!("classes   {} yes, {} no", class.yes, class.no);
    outln!("");
    outln!("   labels   log loss   area under ROC   core-s");
    for point in &card.curve.points {
        let (loss, area) = point.class.map_or((None, None), |class| (Some(class.log_loss), class.area));
        let seconds = short(point.core_seconds);
        outln!("{:>9}   {:>8}   {:>14}   {seconds:>6}", point.labels, maybe(loss), maybe(area));
    }
    let ClassReport { share, log_loss, brier, accuracy, balanced_accuracy, .. } = seen.probabilities;
    outln!("");
    outln!("judged on labels not seen ({}):", evaluation.how);
    let guess = -share * share.ln() - (1.0 - share) * (1.0 - share).ln();
    outln!(
        "  log loss {log_loss:.4} (always saying the share of yes: {guess:.4}), Brier {brier:.4}, area under ROC {}",
        maybe(seen.probabilities.area)
    );
    let balanced = balanced_accuracy.map_or_else(String::new, |b| format!(", balanced {}", percent(b)));
    let most = percent(share.max(1.0 - share));
    outln!("  right class {} (always saying the more frequent: {most}){balanced}", percent(accuracy));
    outln!(
        "  calibration error {:.4}: of the labels with a probability of about",
        seen.probabilities.calibration_error
    );
    for point in &seen.probabilities.reliability {
        let (p, y) = (format!("{:.2}", point.probability), percent(point.frequency));
        outln!("    {p:>6}   {y:>7} are yes   ({})", point.labels);
    }
    let sets = &seen.sets;
    outln!(
        "  {:.0} % sets hold {} of yes and {} of no; {} name one class{}",
        100.0 * sets.level,
        percent(sets.held_yes),
        percent(sets.held_no),
        percent(sets.single),
        sets.single_right.map_or_else(String::new, |right| format!(", the right one in {}", percent(right)))
    );
    let least = ClassCalibration::least(sets.level);
    for (name, count) in [("yes", class.sets.yes), ("no", class.sets.no)] {
        if count < least {
            outln!(
                "  warning: {count} labels not seen are {name}, too few to rule {name} out ({least} needed): every set \
                 holds it; label more structures that are {name}"
            );
        } else if count < 10 * least {
            outln!("  warning: only {count} labels not seen are {name}: its share of sets is not known well");
        }
    }
    if let (Some(inside), Some(outside)) = (evaluation.mae_in_domain, evaluation.mae_out_of_domain) {
        outln!(
            "  {} within the domain: labels and probabilities are {} apart there, {} outside",
            percent(evaluation.in_domain),
            short(inside),
            short(outside)
        );
    }
    Ok(())
}

/// The columns of a prediction, the class set under the name of the property where no other column has it.
pub(super) fn columns(property: &str) -> Vec<(&str, Kind)> {
    let mut columns = vec![
        ("name", Kind::Text),
        ("structure", Kind::Text),
        (property, Kind::Text),
        ("probability", Kind::Number),
        ("sd", Kind::Number),
        ("similarity", Kind::Number),
        ("in_domain", Kind::Bool),
        ("error", Kind::Text),
    ];
    if columns.iter().filter(|(name, _)| *name == property).count() > 1 {
        columns[2].0 = "class";
    }
    columns
}

/// What goes into them, between structure and error.
pub(super) fn cells(p: &Prediction) -> Vec<Value> {
    let set = p.class.map(|set| set.as_str());
    let mut cells: Vec<Value> = vec![set.into()];
    cells.extend([p.mean, p.sd, p.similarity].map(Value::Number));
    cells.push(Value::Bool(p.in_domain));
    cells
}

/// The same as JSON.
pub(super) fn json(p: &Prediction) -> serde_json::Value {
    serde_json::json!({
        "class": p.class,
        "probability": p.mean,
        "sd": p.sd,
        "similarity": p.similarity,
        "in_domain": p.in_domain,
    })
}
