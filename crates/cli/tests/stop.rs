//! Training and screening that are stopped, by Ctrl-C or by force.

mod common;

use common::{Running, Site, holds};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::time::{Duration, Instant};

/// Labelled chains, and a library of `size` molecules in which the label is known.
fn site(size: usize) -> Site {
    let site = Site::new();
    let ends = ["O", "N", "F", "C#N", "C(=O)O", "c1ccccc1", "S", "Cl"];
    let mut data = "smiles,value\n".to_owned();
    for length in 1..=30_usize {
        for (number, end) in ends.iter().enumerate() {
            data += &format!("{}{end},{}\n", "C".repeat(length), number as f64 + 3.0 / length as f64);
        }
    }
    site.write("data.csv", data);
    let mut library = "smiles,id\n".to_owned();
    for number in 0..size {
        let (a, b) = (ends[number % 8], ends[(number / 8) % 8]);
        let [x, y, z] =
            [(number / 64) % 12, (number / 768) % 12, (number / 9216) % 12].map(|n| "C".repeat(n + 1));
        library += &format!("{a}{x}C({b}){y}C({z})C,{number}\n").replace("c1ccccc1C", "C1CCCCC1C");
    }
    site.write("library.csv", library);
    site
}

const TRAIN: [&str; 8] =
    ["train", "data.csv", "--property", "value", "--unit", "eV", "--output", "value.model"];
const SCREEN: [&str; 9] =
    ["screen", "value.model", "library.csv", "--top", "50", "--threads", "1", "--out", "best.csv"];

fn start(site: &Site, arguments: &[&str]) -> Running {
    site.start(site.command(arguments))
}

#[test]
fn a_screening_stopped_and_killed_ends_as_one_that_was_not() {
    let site = site(60_000);
    let mut train = TRAIN.to_vec();
    train.extend(["--model", "boosted-trees"]);
    site.joulery(&train).done();
    site.joulery(&SCREEN).done();
    let calm = site.read("best.csv");
    assert_eq!(calm.lines().count(), 51);
    std::fs::remove_file(site.path("best.csv")).unwrap();
    let state = "best.csv.state.json";
    assert!(!site.path(state).exists());

    let mut chance = ChaCha8Rng::seed_from_u64(3);
    let (mut stops, mut kills) = (0, 0);
    for round in 0..40 {
        let mut arguments = SCREEN.to_vec();
        if site.path(state).exists() {
            arguments.push("--resume");
        }
        let mut running = start(&site, &arguments);
        if round == 1 {
            // By force, after a state has been written.
            let before = std::fs::metadata(site.path(state)).and_then(|m| m.modified()).ok();
            let begun = Instant::now();
            while running.is_running() && begun.elapsed() < Duration::from_secs(120) {
                let now = std::fs::metadata(site.path(state)).and_then(|m| m.modified()).ok();
                if now.is_some() && now != before {
                    break;
                }
                std::thread::sleep(Duration::from_millis(5));
            }
            std::thread::sleep(Duration::from_millis(chance.random_range(0..500)));
            kills += usize::from(running.kill());
            continue;
        }
        std::thread::sleep(Duration::from_millis(chance.random_range(300..1200)));
        running.signal("INT");
        let ended = running.wait();
        if ended.code == Some(0) {
            break;
        }
        assert_eq!(ended.code, Some(130), "{}", ended.stderr);
        if site.path(state).exists() {
            holds(&ended.stderr, &["--resume"]);
            assert!(!site.path("best.csv").exists());
            stops += 1;
        }
        if round > 5 {
            let mut arguments = SCREEN.to_vec();
            arguments.push("--resume");
            site.joulery(&arguments).done();
            break;
        }
    }
    assert!(stops >= 3 && kills == 1, "{stops} stops, {kills} kills");
    assert_eq!(site.read("best.csv"), calm);
    assert!(!site.path(state).exists());
}

#[test]
fn a_training_that_is_stopped_leaves_nothing() {
    let site = site(1);
    let before: Vec<_> = std::fs::read_dir(site.path(".")).unwrap().map(|e| e.unwrap().file_name()).collect();
    let mut stopped = 0;
    for wait in [30, 60, 120, 240] {
        let running = start(&site, &TRAIN);
        std::thread::sleep(Duration::from_millis(wait));
        running.signal("INT");
        let ended = running.wait();
        if ended.code == Some(0) {
            std::fs::remove_file(site.path("value.model")).unwrap();
            continue;
        }
        // Before the program minds signals, the system ends it without a code.
        assert!(matches!(ended.code, Some(130) | None), "{:?} {}", ended.code, ended.stderr);
        if ended.code.is_some() {
            holds(&ended.stderr, &["no model was written"]);
            stopped += 1;
        }
        let after: Vec<_> =
            std::fs::read_dir(site.path(".")).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(after.len(), before.len(), "{after:?}");
    }
    assert!(stopped > 0, "no signal hit a training");
}

#[test]
fn a_prediction_that_is_stopped_writes_no_half_table() {
    let site = site(110_000);
    site.joulery(&TRAIN).done();
    let mut running =
        start(&site, &["predict", "value.model", "library.csv", "--output", "seen.csv", "--threads", "1"]);
    std::thread::sleep(Duration::from_millis(700));
    assert!(running.is_running());
    running.signal("INT");
    let ended = running.wait();
    assert_eq!(ended.code, Some(130), "{}", ended.stderr);
    holds(&ended.stderr, &["nothing was written"]);
    assert!(!site.path("seen.csv").exists());
}
