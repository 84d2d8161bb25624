//! Rendering: the example, and whatever strings and numbers a campaign may hold.
//!
//! `data/quinones.json` is example data made up by `data/make_quinones.py`.

mod well_formed;

use matter::units::{Joules, Seconds};
use proptest::prelude::*;
use report::data::{Estimate, Evaluation, Goal, KindCount, RoundCost, Verdict, VerdictKind};
use report::{Report, html, json, markdown};
use well_formed::check;

fn example() -> Report {
    serde_json::from_str(include_str!("data/quinones.json")).unwrap()
}

/// A report without anything to show.
fn bare() -> Report {
    let mut report = example();
    report.verdicts.clear();
    report.short_list.clear();
    report.promising.clear();
    report.evaluations.clear();
    report.shadow = None;
    report.calibration = None;
    report.cost_by_kind.clear();
    report.rounds.clear();
    report.failures.clear();
    report.totals.failed.clear();
    report.repeat.versions.clear();
    report.repeat.methods.clear();
    report.repeat.commands.clear();
    report
}

#[test]
fn the_example_renders_to_a_page_that_needs_nothing_else() {
    let page = html(&example());
    check(&page).unwrap();
    for part in
        ["Short-list", "Promising, but not computed", "How it went", "Ledger", "Failures", "How to repeat it"]
    {
        assert!(page.contains(&format!("<h2>{part}</h2>")), "{part}");
    }
    for figure in [
        "Best value against energy",
        "Where the campaign looked",
        "Were the predictions right?",
        "Does ± mean what it says?",
        "Cost by kind of work",
        "Cost by round",
    ] {
        assert!(page.contains(&format!("<h3>{figure}</h3>")), "{figure}");
    }
    // 9 of the short-list, 4 promising.
    assert_eq!(page.matches("class=\"mol\"").count(), 13);
    assert!(!page.contains("no drawing of this structure"));
    for network in ["<script", "<link", "<img", "src=", "href=", "url(", "@import", "javascript:"] {
        assert!(!page.contains(network), "{network}");
    }
    // The only address is the name of the SVG name space, which nobody fetches.
    assert_eq!(page.matches("http").count(), page.matches("xmlns=\"http://www.w3.org/2000/svg\"").count());
    for broken in ["NaN", "inf", "None", "Some("] {
        assert!(!page.contains(&format!(">{broken}")) && !page.contains(&format!("\"{broken}")), "{broken}");
    }
}

#[test]
fn the_summary_says_what_was_spent_found_and_gained() {
    let page = html(&example());
    for sentence in [
        "Of 6043 quinones, 270 were computed (4.5\u{a0}%), for 6.16\u{a0}kJ, 77\u{a0}% of the budget",
        "The best quinone found is C₈H₂N₂O₅S (first of the short-list) with a reduction energy of",
        "lower than the best of the 40 computed at random at the start",
        "choosing by value per joule did better than nine of ten random campaigns would",
    ] {
        assert!(page.contains(sentence), "{sentence}");
    }
}

#[test]
fn a_campaign_that_did_not_pay_is_told_so() {
    let mut report = example();
    for point in &mut report.shadow.as_mut().unwrap().points {
        (point.low, point.median, point.high) = (-3.1, -3.0, -2.9);
    }
    assert!(html(&report).contains("choosing did not pay"));
    assert!(markdown(&report).contains("choosing did not pay"));
}

#[test]
fn every_goal_has_its_words() {
    for (goal, words) in [
        (Goal::Maximise, "higher than the best"),
        (Goal::Minimise, "lower than the best"),
        (Goal::Target(-1.97), "nearer to the target than the best"),
        (Goal::Range(-2.5, -1.9), "nearer to the range than the best"),
    ] {
        let mut report = example();
        report.question.goal = goal;
        if goal == Goal::Maximise {
            report.short_list[0].value = 0.0;
        }
        let page = html(&report);
        assert!(page.contains(words), "{goal:?}");
        check(&page).unwrap();
    }
}

#[test]
fn markdown_and_json_hold_the_short_list() {
    let report = example();
    let text = markdown(&report);
    for entry in &report.short_list {
        assert!(text.contains(&format!("`{}`", entry.smiles)), "{}", entry.smiles);
    }
    assert_eq!(serde_json::from_str::<Report>(&json(&report).unwrap()).unwrap(), report);
}

#[test]
fn a_campaign_that_found_nothing_has_a_report_too() {
    let report = bare();
    let page = html(&report);
    check(&page).unwrap();
    assert!(page.contains("there is no short-list") && page.contains("No calculation failed."));
    assert!(markdown(&report).contains("No calculation failed."));
}

#[test]
fn the_same_data_give_the_same_bytes() {
    assert_eq!(html(&example()), html(&example()));
    assert_eq!(markdown(&example()), markdown(&example()));
}

/// Puts a text into every field that holds one.
fn with_text(text: &str) -> Report {
    let mut report = example();
    let text = || text.to_owned();
    (report.campaign, report.started, report.finished, report.stop_reason) = (text(), text(), text(), text());
    let question = &mut report.question;
    (question.words, question.property, question.unit) = (text(), text(), text());
    (question.candidate, question.candidates) = (text(), text());
    question.constraints = vec![text(), text()];
    report.budget.unit = text();
    report.verdicts = vec![Verdict { kind: VerdictKind::Caution, text: text() }];
    report.totals.failed = vec![KindCount { kind: text(), count: 2 }];
    report.totals.conversion.source = text();
    report.space.description = text();
    report.space.filtered = vec![KindCount { kind: text(), count: 2 }];
    report.short_list.truncate(1);
    report.promising.truncate(1);
    for entry in &mut report.short_list {
        (entry.smiles, entry.formula, entry.method) = (text(), text(), text());
    }
    for entry in &mut report.promising {
        (entry.smiles, entry.formula) = (text(), text());
    }
    if let Some(shadow) = &mut report.shadow {
        shadow.how = text();
    }
    for failure in &mut report.failures {
        (failure.smiles, failure.kind, failure.message) = (text(), text(), text());
    }
    let repeat = &mut report.repeat;
    (repeat.spec_file, repeat.spec, repeat.commands) = (text(), text(), vec![text()]);
    for method in &mut repeat.methods {
        (method.id, method.engine, method.settings) = (text(), text(), text());
    }
    for version in &mut repeat.versions {
        (version.name, version.version) = (text(), text());
    }
    (repeat.machine.cpu, repeat.machine.system) = (text(), text());
    report
}

/// Numbers of every size, and what is none.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![any::<f64>(), -10.0..10.0f64, Just(0.0), Just(f64::NAN), Just(f64::INFINITY)]
}

prop_compose! {
    fn evaluation()(
        spent in number(), value in number(), best in prop::option::of(number()), initial in any::<bool>(),
        predicted in prop::option::of((number(), number())),
    ) -> Evaluation {
        let predicted = predicted.map(|(mean, sd)| Estimate { mean, sd });
        Evaluation { spent: Joules(spent), value, best, initial, predicted }
    }
}

#[test]
fn markup_in_every_field_stays_text() {
    for text in ["<b>&amp;\"'</b>", "]]>", "--><script>alert(1)</script>", "\u{0}\u{1b}\u{ffff}\r\n\t|`", ""]
    {
        let report = with_text(text);
        let page = html(&report);
        check(&page).unwrap_or_else(|e| panic!("{text:?}: {e}"));
        assert!(!page.contains("<b>") && !page.contains("<script"), "{text:?}");
        tables_are_whole(&markdown(&report)).unwrap_or_else(|e| panic!("{text:?}: {e}"));
    }
}

/// Every line of a table has as many unescaped bars as the line above.
fn tables_are_whole(text: &str) -> Result<(), String> {
    let bars = |line: &str| {
        let mut escaped = false;
        line.chars()
            .filter(|c| {
                let bar = *c == '|' && !escaped;
                escaped = *c == '\\' && !escaped;
                bar
            })
            .count()
    };
    let mut columns = None;
    let mut fence: Option<&str> = None;
    for line in text.lines() {
        match fence {
            Some(end) if line == end => fence = None,
            Some(_) => {}
            None if line.starts_with("```") => fence = Some(line),
            None if line.starts_with("| ") || line.starts_with("| --") || line.starts_with("||") => {
                if *columns.get_or_insert(bars(line)) != bars(line) {
                    return Err(line.to_owned());
                }
            }
            None => columns = None,
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_leaves_the_page_well_formed(text in any::<String>()) {
        let report = with_text(&text);
        prop_assert!(check(&html(&report)).is_ok(), "{:?}", check(&html(&report)));
        prop_assert!(tables_are_whole(&markdown(&report)).is_ok());
    }

    #[test]
    fn any_numbers_leave_the_page_well_formed(
        evaluations in prop::collection::vec(evaluation(), 0..40),
        numbers in prop::collection::vec(number(), 12),
    ) {
        let mut report = example();
        report.evaluations = evaluations;
        (report.budget.cap, report.budget.spent) = (numbers[0], numbers[1]);
        report.short_list[0].value = numbers[2];
        report.short_list[0].predicted = Some(Estimate { mean: numbers[3], sd: numbers[4] });
        report.totals.cost.joules = Joules(numbers[5]);
        report.totals.wall = Seconds(numbers[6]);
        report.cost_by_kind[0].cost.joules = Joules(numbers[7]);
        report.question.goal = Goal::Range(numbers[8], numbers[9]);
        let round = |round, joules| {
            let mut cost = RoundCost { round, best: Some(joules), ..example().rounds[0] };
            cost.chemistry.joules = Joules(joules);
            cost
        };
        report.rounds = vec![round(7, numbers[10]), round(3, numbers[11])];
        let page = html(&report);
        prop_assert!(check(&page).is_ok(), "{:?}", check(&page));
        prop_assert!(!page.contains("NaN"), "a drawing holds what is no number");
        prop_assert!(tables_are_whole(&markdown(&report)).is_ok());
        prop_assert!(json(&report).is_ok());
    }
}
