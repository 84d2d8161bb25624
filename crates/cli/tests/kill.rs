//! Killed at any moment, a campaign goes on to the same end, and nothing is paid for twice.

mod common;

use common::{Campaign, Site, holds, needs_xtb, quinones};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Command;
use std::time::{Duration, Instant};

/// Kills that must have hit a running program, over a table of values.
const KILLS: usize = 24;
/// The same, with real calculations in the process itself.
const REAL_KILLS: usize = 5;
/// The same, with real calculations in child processes.
const XTB_KILLS: usize = 3;

fn replay(site: &Site) -> Campaign {
    Campaign::replay(site, &quinones(0.2, 30.0))
}

/// Events in the archive so far.
fn events(site: &Site) -> i64 {
    let archive = site.path("test.joulery/archive.sqlite");
    if archive.exists() { site.books().count_events().unwrap_or(0) } else { 0 }
}

/// Runs the campaign again and again and kills it up to `kills` times, each time a random number of events and a
/// random few milliseconds after it has begun, so that the kills spread over its `length` in events however fast the
/// machine is. Then lets it come to its end. Gives the number of kills that have hit a running program: a fast machine may
/// come to the end before them.
fn kill_and_go_on(
    site: &Site,
    kills: usize,
    length: i64,
    chance: &mut ChaCha8Rng,
    mut after_kill: impl FnMut(&Site),
) -> usize {
    let stride = length / kills as i64;
    let mut hits = 0;
    while hits < kills {
        let goal = events(site) + chance.random_range(0..=stride);
        let mut running = site.running();
        while running.is_running() && events(site) < goal {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_micros(chance.random_range(0..30_000)));
        if !running.kill() {
            break;
        }
        hits += 1;
        after_kill(site);
    }
    site.run().done();
    hits
}

#[test]
fn killed_over_a_table_it_ends_the_same_bit_for_bit() {
    let calm = Site::new();
    replay(&calm).write(&calm);
    calm.run().done();
    let expected = calm.books();
    expected.in_order(&calm.ledger());
    let mut chance = ChaCha8Rng::seed_from_u64(1);
    let mut stages = BTreeSet::new();
    let mut hits = 0;
    // As many campaigns as it takes, each killed several times and compared with the calm one.
    while hits < KILLS {
        let site = Site::new();
        replay(&site).write(&site);
        let left = (KILLS - hits).max(8);
        let hit = kill_and_go_on(&site, left, events(&calm), &mut chance, |site| {
            stages.insert(events(site));
        });
        assert!(hit > 0, "no kill hit a running program");
        hits += hit;
        let books = site.books();
        books.in_order(&site.ledger());
        assert_eq!(books.charged_twice(), Vec::<String>::new());
        assert_eq!(books.decisions(), expected.decisions());
        assert_eq!(books.evaluations(), expected.evaluations());
        assert_eq!(books.calculations(), expected.calculations());
        assert_eq!(books.evaluations().len(), 80);
        assert_eq!(site.short_list(), calm.short_list());
        assert_eq!(site.short_list().len(), 8);
        // A replayed value takes no work, so none can be lost: what was paid for calculations is the same.
        assert_eq!(books.joules("calculation"), expected.joules("calculation"));
        assert_eq!(books.joules("lost"), 0.0);
    }
    // A test of the test: the kills have hit the campaign at many stages.
    assert!(stages.len() >= KILLS / 2, "{stages:?}");
}

/// Values of a short-list by molecule.
fn values(short_list: &[Value]) -> Vec<(String, f64)> {
    let entry = |e: &Value| (e["smiles"].as_str().unwrap().to_owned(), e["value"].as_f64().unwrap());
    short_list.iter().map(entry).collect()
}

fn killed_over_real_calculations(campaign: &Campaign, kills: usize) {
    let calm = Site::new();
    campaign.write(&calm);
    calm.run().done();
    let expected = calm.books();
    expected.in_order(&calm.ledger());
    let wanted = values(&calm.short_list());
    let mut chance = ChaCha8Rng::seed_from_u64(2);
    let (mut hits, mut lost) = (0, 0);
    // Also until a kill has hit a calculation: mostly the first does.
    while hits < kills || (lost == 0 && hits < 6 * kills) {
        let site = Site::new();
        campaign.write(&site);
        let hit = kill_and_go_on(&site, kills, events(&calm), &mut chance, |site| {
            // The kernel ends the children of a killed process; it may take a moment.
            let begun = Instant::now();
            while !site.processes().is_empty() {
                assert!(begun.elapsed() < Duration::from_secs(20), "left behind: {:?}", site.processes());
                std::thread::sleep(Duration::from_millis(10));
            }
        });
        assert!(hit > 0, "no kill hit a running program");
        hits += hit;
        assert_eq!(site.scratch_folders(), Vec::<std::path::PathBuf>::new(), "the next run sweeps up");
        let books = site.books();
        books.in_order(&site.ledger());
        assert_eq!(books.charged_twice(), Vec::<String>::new());
        assert_eq!(books.choices(), expected.choices());
        assert_eq!(books.calculations(), expected.calculations());
        let list = values(&site.short_list());
        assert_eq!(list.len(), 5);
        for (a, b) in list.iter().zip(&wanted) {
            assert_eq!(a.0, b.0);
            assert!((a.1 - b.1).abs() < 1e-9, "{a:?} {b:?}");
        }
        lost += books.charges("lost");
    }
    assert!(lost > 0, "kills in the midst of calculations lose work, which is charged");
}

#[test]
fn killed_over_real_calculations_it_ends_the_same() {
    killed_over_real_calculations(&Campaign::native(), REAL_KILLS);
}

#[test]
fn killed_with_children_at_work_it_ends_the_same() {
    needs_xtb();
    killed_over_real_calculations(&Campaign::xtb(), XTB_KILLS);
}

#[test]
fn a_second_run_after_the_end_does_nothing() {
    let site = Site::new();
    replay(&site).stop_after(20).write(&site);
    site.run().done();
    let before = (site.books().dump(), site.short_list());
    let again = site.run().done();
    holds(&again.stdout, &["has come to its end already", "20 evaluations are done", "Nothing was done"]);
    assert_eq!((site.books().dump(), site.short_list()), before);
    let json = site.joulery(&["run", "campaign.toml", "--json"]).done().json();
    assert_eq!(json["status"], "already_stopped");
    assert_eq!(site.books().dump(), before.0);
}

/// Sends a signal as soon as two molecules are evaluated, and expects an orderly stop.
fn stop_in_order(site: &Site, signal: &str) {
    let mut running = site.running();
    let archive = site.path("test.joulery/archive.sqlite");
    let evaluated = || archive.exists() && site.books().try_evaluated().is_some_and(|n| n >= 2);
    while running.is_running() && !evaluated() {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(running.is_running(), "it ended before it could be stopped");
    running.signal(signal);
    let ended = running.wait();
    assert_eq!(ended.code, Some(130), "{}\n{}", ended.stdout, ended.stderr);
    holds(&ended.stderr, &["stopping: what is finished is safe"]);
    holds(&ended.stdout, &["stopped by the user; run again to go on"]);
    assert!(site.processes().is_empty(), "calculations were left running");
    assert!(site.scratch_folders().is_empty(), "an orderly stop leaves no scratch folder");
}

fn interrupted(campaign: &Campaign, signals: &[&str]) {
    let calm = Site::new();
    campaign.write(&calm);
    calm.run().done();
    let all = calm.books().evaluations().len();
    for signal in signals {
        let site = Site::new();
        campaign.write(&site);
        stop_in_order(&site, signal);
        let before = site.books().evaluations().len();
        assert!(before < all);
        assert_eq!(site.books().charges("lost"), 0);
        site.run().done();
        site.books().in_order(&site.ledger());
        assert_eq!(site.books().charges("lost"), 0, "what was stopped in order was measured");
        assert_eq!(site.books().choices(), calm.books().choices());
        assert_eq!(values(&site.short_list()), values(&calm.short_list()));
    }
}

#[test]
fn interrupted_it_stops_in_order_and_goes_on() {
    interrupted(&Campaign::native(), &["INT", "TERM"]);
}

#[test]
fn interrupted_with_children_at_work_it_stops_in_order_and_goes_on() {
    needs_xtb();
    interrupted(&Campaign::xtb().stop_after(8), &["INT"]);
}

#[test]
fn the_number_of_threads_changes_no_decision() {
    let mut outcomes = Vec::new();
    for (threads, workers) in [(1, "1"), (2, "2"), (2, "1"), (5, "3")] {
        let site = Site::new();
        replay(&site).threads(threads).write(&site);
        let mut command: Command = site.command(["run", "campaign.toml"]);
        command.env("RAYON_NUM_THREADS", workers);
        site.end(command).done();
        outcomes.push((site.books().decisions(), site.books().evaluations(), site.short_list()));
    }
    let (first, others) = outcomes.split_first().unwrap();
    for other in others {
        assert_eq!(other, first);
    }
}
