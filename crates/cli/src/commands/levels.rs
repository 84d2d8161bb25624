//! Several levels of theory in `joulery train`.

use super::train::short;
use crate::out::outln;
use models::{LadderCard, PilotCard, PlanCard, Rung};

/// `COLUMN` or `COLUMN=COST`. A column whose name has a `=` needs a cost after it.
pub(super) fn rung(text: &str) -> Result<Rung, String> {
    let (column, cost) = match text.rsplit_once('=') {
        Some((column, cost)) => (column, Some(self::cost(cost)?)),
        None => (text, None),
    };
    if column.is_empty() {
        return Err("expected COLUMN or COLUMN=COST".to_owned());
    }
    Ok(Rung { column: column.to_owned(), cost })
}

/// What a label costs.
pub(super) fn cost(text: &str) -> Result<f64, String> {
    let cost: f64 =
        text.parse().map_err(|_| format!("the cost of a label is `{text}`: expected a number"))?;
    if cost.is_finite() && cost > 0.0 {
        Ok(cost)
    } else {
        Err(format!("the cost of a label is {cost}: expected a finite number above zero"))
    }
}

/// What the levels are, and what they bring.
pub(super) fn show(ladder: &LadderCard, unit: &str) -> anyhow::Result<()> {
    outln!("");
    outln!("   labels   paired   factor   level");
    for rung in &ladder.rungs {
        let rho = rung.rho.map_or_else(String::new, |rho| format!("{rho:.3}"));
        let cost = rung.cost.map_or_else(String::new, |cost| format!(", {} a label", short(cost)));
        outln!("{:>9}   {:>6}   {:>6}   {}{cost}", rung.labels, rung.paired, rho, rung.name);
    }
    let (together, alone) = (short(ladder.together.mae), short(ladder.alone.mae));
    if ladder.used {
        outln!("error with the lower levels {together}{unit}, without them {alone}{unit}");
    } else {
        outln!("error with the lower levels {together}{unit}, without them {alone}{unit}: they are not used");
    }
    if let Some(given) = &ladder.given {
        let held = given.coverage_90.map_or_else(String::new, |c| {
            format!("; 90 % intervals then hold {:.1} %, mean width {}{unit}", 100.0 * c.held, short(c.width))
        });
        outln!("error where the lower levels' values are known {}{unit}{held}", short(given.mae));
    }
    ladder.pilots.iter().try_for_each(pilot)
}

fn pilot(pilot: &PilotCard) -> anyhow::Result<()> {
    let PilotCard { lower, upper, pairs, saving, saving_interval: (low, high), lower_per_upper, .. } = pilot;
    let verdict = match pilot.verdict.as_str() {
        "pays" => "pays",
        "does_not_pay" => "does not pay",
        _ => "may or may not pay",
    };
    outln!(
        "{lower} {verdict} for {upper}: equal error at 1/{} of the cost (1/{} to 1/{}; {pairs} structures), best with \
         {} labels for each of {upper}",
        short(*saving),
        short(*low),
        short(*high),
        short(*lower_per_upper)
    );
    Ok(())
}

/// What a target still takes.
pub(super) fn show_target(ladder: &LadderCard, target: f64, error: f64, unit: &str) -> anyhow::Result<()> {
    let target = short(target);
    if let Some(plan) = &ladder.plan {
        return plan_of(plan, &target, unit);
    }
    match &ladder.no_plan {
        Some(why) => outln!("error {target}{unit} not reached; {why}"),
        None => outln!("error {target}{unit} reached: it is {}{unit}", short(error)),
    }
    Ok(())
}

fn plan_of(plan: &PlanCard, target: &str, unit: &str) -> anyhow::Result<()> {
    match plan.cost {
        Some(cost) => {
            let end = |end: Option<f64>| end.map_or_else(|| "more than can be told".to_owned(), short);
            let (low, high) = plan.cost_interval;
            outln!(
                "error {target}{unit} not reached: the labels missing cost {} ({} to {})",
                short(cost),
                end(low),
                end(high)
            );
            for rung in plan.rungs.iter().filter(|rung| rung.planned > rung.labels) {
                outln!("  {}: {} labels in all, {} are there", rung.name, rung.planned, rung.labels);
            }
        }
        None => outln!(
            "error {target}{unit} not reached, and by their learning curves these levels will not reach it \
             (probability that they can: {:.0} %)",
            100.0 * plan.reachable
        ),
    }
    if let Some((name, labels)) = &plan.next {
        outln!("  next: label {labels} more structures of `{name}`, and train again");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rung_is_a_column_with_or_without_a_cost() {
        assert_eq!(rung("pm7").unwrap(), Rung { column: "pm7".into(), cost: None });
        assert_eq!(rung("a=b=2.5").unwrap(), Rung { column: "a=b".into(), cost: Some(2.5) });
        for bad in ["=3", "x=", "x=-1", "x=0", "x=nan", "x=inf", "x=dear", ""] {
            assert!(rung(bad).is_err(), "{bad}");
        }
    }
}
