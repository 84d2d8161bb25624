//! The cap is never passed, whatever is counted and however costs scatter.

mod common;

use common::{Campaign, Site, holds, needs_xtb, quinones};
use std::process::{Child, Command};

/// Runs the campaign to its end and asserts that its books are in order and its cap was kept; returns what was spent
/// and the cap, both in the unit of the budget.
#[track_caller]
fn kept(site: &Site) -> (f64, f64) {
    site.run().done();
    let ledger = site.ledger();
    site.books().in_order(&ledger);
    let (spent, cap) = (ledger["spent"].as_f64().unwrap(), ledger["cap"].as_f64().unwrap());
    assert!(spent <= cap, "{spent} of {cap} {} spent", ledger["unit"]);
    (spent, cap)
}

/// Runs a search without any other end than the budget and expects that at least `least` of it was used.
#[track_caller]
fn used_up(campaign: &Campaign, least: f64) -> Site {
    let site = Site::new();
    // The table is written by whoever has made the campaign; here it belongs into this folder.
    Campaign::replay(&site, &quinones(0.2, 30.0));
    campaign.write(&site);
    let (spent, cap) = kept(&site);
    assert!(spent >= least * cap, "{}: only {spent} of {cap} was used", campaign.budget);
    assert!(site.books().evaluations().len() > 12, "{} bought too little", campaign.budget);
    site
}

fn replay() -> Campaign {
    let somewhere = Site::new();
    Campaign::replay(&somewhere, &quinones(0.2, 30.0)).without_stop()
}

#[test]
fn every_kind_of_budget_is_kept() {
    // The same budget in every unit: 100 core-seconds, at 8.949 W and 475 gCO2e/kWh, and 0.3 EUR/kWh.
    let site = used_up(&replay().budget("895 J"), 0.8);
    assert!((site.books().sum("joules") - 895.0).abs() < 0.2 * 895.0);
    used_up(&replay().budget("0.25 Wh"), 0.8);
    let site = used_up(&replay().budget("0.118 gCO2e"), 0.8);
    assert!(site.books().sum("gco2e") <= 0.118);
    let site = used_up(&replay().budget("100 core-seconds"), 0.8);
    assert!(site.books().sum("core_seconds") <= 100.0);
    used_up(&replay().budget("0.0278 core-hours"), 0.8);
    let site = used_up(
        &replay().budget("0.01 ct").with("[energy]\neuro_per_kwh = 0.3\neuro_per_core_hour = 0.0009"),
        0.8,
    );
    assert!(site.books().sum("euro") <= 1e-4);
}

#[test]
fn wildly_scattered_costs_do_not_pass_the_cap() {
    for (seed, spread) in [(1, 1.0), (2, 100.0), (3, 3000.0)] {
        let site = Site::new();
        let campaign =
            Campaign::replay(&site, &quinones(0.05, spread)).without_stop().budget("60 core-seconds");
        campaign.write(&site);
        site.change("campaign.toml", "seed = 7", &format!("seed = {seed}"));
        kept(&site);
        let decided = site.books().choices().iter().flatten().count();
        assert_eq!(site.books().evaluations().len(), decided, "whatever was decided was afforded");
    }
}

/// Spends a budget, then one twice as large, and expects that both are kept and nothing is repeated.
fn raised(method: &str, first: &str, second: &str) {
    let site = Site::new();
    Campaign { method: method.into(), ..Campaign::large(&site) }.without_stop().budget(first).write(&site);
    kept(&site);
    assert!(site.books().joules("calculation") > 0.0);
    // A larger budget goes on from there, and what was bought stays bought.
    let before = site.books().calculations();
    site.change("campaign.toml", first, second);
    kept(&site);
    let after = site.books().calculations();
    assert!(before.is_subset(&after) && before.len() < after.len());
    assert_eq!(site.books().charged_twice(), Vec::<String>::new());
    ended_by_the_budget(&site);
}

/// A test of the test: there was more to compute than the budget paid for.
#[track_caller]
fn ended_by_the_budget(site: &Site) {
    let (size, done) = (site.report()["space"]["size"].as_u64().unwrap(), site.books().evaluations().len());
    assert!((done as u64) < size, "{done} of {size}");
}

#[test]
fn a_few_joules_are_kept_with_real_calculations() {
    raised("gfn2", "10 J", "20 J");
}

#[test]
fn a_few_joules_are_kept_with_children_at_work() {
    needs_xtb();
    raised("gfn2@xtb", "40 J", "80 J");
}

/// Runs with a budget of elapsed time on a busy machine, then with more time until it is enough for something.
fn elapsed_time_is_kept(method: &str) {
    let site = Site::new();
    let mut budget = "2 s".to_owned();
    Campaign { method: method.into(), ..Campaign::large(&site) }.without_stop().budget(&budget).write(&site);
    // A machine that is busy with other things: processor time is not elapsed time there. (They end by themselves if
    // this test fails before it ends them.)
    let mut busy: Vec<Child> = (0..4)
        .map(|_| {
            Command::new("sh").arg("-c").arg("ulimit -t 20; while :; do :; done").spawn().expect("a shell")
        })
        .collect();
    site.run().done();
    for other in &mut busy {
        other.kill().and_then(|()| other.wait()).expect("a child of ours");
    }
    let (spent, _) = kept(&site);
    assert!(spent > 0.0);
    // What was stopped by the clock is done when there is more time.
    let mut before = site.books().evaluations();
    for seconds in [4, 8, 16, 32, 64] {
        let more = format!("{seconds} s");
        site.change("campaign.toml", &format!("\"{budget}\""), &format!("\"{more}\""));
        budget = more;
        kept(&site);
        let after = site.books().evaluations();
        assert!(before.keys().all(|id| after.contains_key(id)));
        if after.len() > before.len() {
            return ended_by_the_budget(&site);
        }
        before = after;
    }
    panic!("64 s were not enough for anything");
}

#[test]
fn elapsed_time_is_kept_with_real_calculations() {
    elapsed_time_is_kept("gfn2");
}

#[test]
fn elapsed_time_is_kept_with_children_at_work() {
    needs_xtb();
    elapsed_time_is_kept("gfn2@xtb");
}

#[test]
fn a_larger_budget_goes_on_without_repeating() {
    let site = Site::new();
    Campaign::replay(&site, &quinones(0.2, 30.0)).budget("30 core-seconds").stop_after(60).write(&site);
    kept(&site);
    let first = site.books().evaluations();
    assert!(!first.is_empty() && first.len() < 60);
    let again = site.run().done();
    holds(&again.stdout, &["has come to its end already", "Raise the budget to go on"]);
    site.change("campaign.toml", "30 core-seconds", "300 core-seconds");
    kept(&site);
    let second = site.books().evaluations();
    assert_eq!(second.len(), 60);
    assert!(first.keys().all(|id| second.contains_key(id)));
    assert_eq!(site.books().charged_twice(), Vec::<String>::new());
}

#[test]
fn a_quote_stays_within_the_budget_and_wastes_nothing() {
    let site = Site::new();
    Campaign::replay(&site, &quinones(0.2, 30.0)).budget("60 core-seconds").without_stop().write(&site);
    let quote = site.joulery(&["quote", "campaign.toml", "--json"]).done().json();
    assert_eq!(quote["pilot"], 6);
    assert_eq!(quote["candidates"], 351);
    let forecast = &quote["evaluations"];
    let number = |name: &str| forecast[name].as_f64().unwrap();
    assert!(number("low") <= number("expected") && number("expected") <= number("high"), "{forecast}");
    let pilot = site.books().evaluations();
    // Asked again, it computes nothing again.
    site.joulery(&["quote", "campaign.toml"]).done();
    assert_eq!(site.books().evaluations(), pilot);
    kept(&site);
    let all = site.books().evaluations();
    assert!(pilot.keys().all(|id| all.contains_key(id)) && all.len() > pilot.len());
    assert_eq!(site.books().charged_twice(), Vec::<String>::new());
    // At the end of the budget even asking is refused, rather than paid from beyond the cap.
    let refused = (0..2000).map(|_| site.joulery(&["quote", "campaign.toml"])).find(|q| q.code != Some(0));
    let needles = ["the budget is too small", "the campaign has ended", "raise it to go on"];
    refused.expect("the budget is never spent").refused(2, &needles);
    kept(&site);
}

fn events(site: &Site) -> i64 {
    if site.path("test.joulery/archive.sqlite").exists() {
        site.books().count_events().unwrap_or(0)
    } else {
        0
    }
}

#[test]
fn starting_again_and_again_does_not_pass_the_cap() {
    let site = Site::new();
    Campaign::replay(&site, &quinones(0.2, 30.0)).budget("1.5 core-seconds").without_stop().write(&site);
    let mut starts = 0;
    let ended = loop {
        assert!(starts < 2000, "the budget is never spent");
        starts += 1;
        let before = events(&site);
        let mut running = site.running();
        // Killed as soon as it has paid for something.
        while running.is_running() && events(&site) <= before {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        if !running.kill() {
            break site.run().done();
        }
    };
    assert!(starts > 5, "{starts}");
    holds(&ended.stdout, &["has come to its end already"]);
    kept(&site);
}

#[test]
fn a_budget_too_small_to_begin_says_so() {
    let site = Site::new();
    Campaign::replay(&site, &quinones(0.2, 30.0)).budget("0.001 core-seconds").without_stop().write(&site);
    site.run().refused(
        2,
        &[
            "the budget is too small",
            "looking through the space",
            "of 0.001 core-seconds",
            "raise the budget",
        ],
    );
    // What it took to find out is charged all the same, and a sufficient budget goes on from there.
    assert_eq!(site.books().charges("engine"), 1);
    site.change("campaign.toml", "0.001 core-seconds", "50 core-seconds");
    kept(&site);
}

#[test]
fn every_unit_of_budget_is_understood() {
    let site = Site::new();
    let plain = "J kJ MJ Wh kWh MWh gCO2e kgCO2e tCO2e core-seconds core-minutes core-hours s min h d";
    for unit in plain.split_whitespace().chain(["EUR", "ct"]) {
        let priced = if matches!(unit, "EUR" | "ct") { "[energy]\neuro_per_kwh = 0.3" } else { "" };
        let campaign =
            Campaign::replay(&site, &quinones(0.2, 30.0)).budget(&format!("1e4 {unit}")).stop_after(2);
        let campaign = Campaign { search: "initial = 2".into(), ..campaign.with(priced) };
        // One archive each: a campaign goes by its name.
        site.write("campaign.toml", campaign.text().replace("\"test\"", &format!("\"unit-{unit}\"")));
        site.run().done();
        let ledger = site.ledger();
        assert_eq!(ledger["unit"], unit);
        assert_eq!(ledger["cap"], 1e4);
        assert!(ledger["spent"].as_f64().unwrap() > 0.0);
    }
    // Money needs a price.
    let campaign = Campaign::replay(&site, &quinones(0.2, 30.0)).budget("5 EUR");
    campaign.write(&site);
    site.run().refused(2, &["campaign.toml, line 3", "budget = \"5 EUR\"", "euro_per_kwh"]);
}
