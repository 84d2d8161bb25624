//! A process that records is killed at random moments: what it announced is there, and nothing half.

mod common;

use archive::{Archive, NewResult, Recorded};
use common::{calculation, id, molecule, record};
use matter::units::{CoreSeconds, Joules};
use method::PropertyName;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const KILLS: u64 = 24;
const VARIABLE: &str = "JOULERY_TEST_RECORD_INTO";

/// Runs in the child: records calculation after calculation and announces each by its number once it is safe.
#[test]
#[ignore = "the part of the child; started by killed_at_any_moment_nothing_is_lost"]
fn child() {
    let Some(path) = std::env::var_os(VARIABLE) else { return };
    let archive = Archive::open(Path::new(&path)).unwrap();
    let campaign = match archive.campaign("demo").unwrap() {
        Some(campaign) => campaign.id,
        None => archive.write(|w| w.create_campaign("demo", "", "")).unwrap(),
    };
    for number in archive.counts().unwrap().succeeded.. {
        let molecule = molecule(number);
        assert_eq!(record(&archive, campaign, &molecule, &calculation(number)), Recorded::Stored);
        let result = NewResult {
            molecule: &molecule,
            property: &PropertyName::new("energy"),
            recipe: "test",
            outcome: Ok(number as f64),
            core_seconds: CoreSeconds::ZERO,
            joules: Joules::ZERO,
            work: 0.0,
        };
        archive.write(|w| w.result(campaign, &result)).unwrap();
        println!("\nsafe {number}");
        std::io::stdout().flush().unwrap();
    }
}

/// Starts the child, waits for so many announcements and a moment more, kills it, and gives all the numbers it
/// announced.
fn record_and_kill(path: &Path, announcements: u64, moment: Duration) -> Vec<u64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "child", "--nocapture"])
        .env(VARIABLE, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let mut numbers = output.lines().filter_map(|line| line.ok()?.strip_prefix("safe ")?.parse::<u64>().ok());
    let mut announced: Vec<u64> = numbers.by_ref().take(announcements as usize).collect();
    std::thread::sleep(moment);
    // SIGKILL: the process has no chance to tidy up.
    child.kill().unwrap();
    child.wait().unwrap();
    announced.extend(numbers);
    announced
}

#[test]
fn killed_at_any_moment_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.joulery");
    let mut announced: Vec<u64> = Vec::new();
    let mut state = 42u64;
    for round in 0..KILLS {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let dice = state >> 33;
        // From before the archive is there to well into the recording. A commit takes milliseconds.
        let moment = Duration::from_micros(dice % if round < 8 { 20_000 } else { 5_000 });
        let announcements = if round < 8 { 0 } else { dice % 7 };
        announced.extend(record_and_kill(&path, announcements, moment));

        let archive = Archive::open(&path).unwrap();
        archive.verify().unwrap();
        let counts = archive.counts().unwrap();
        assert_eq!((counts.charges, counts.events), (counts.succeeded, counts.succeeded), "half a record");
        assert_eq!(counts.failed, 0);
        assert!(announced.len() as u64 <= counts.succeeded, "an announced record is missing");
        for number in 0..counts.succeeded {
            let recalled = archive.recall(id(&molecule(number))).unwrap();
            assert_eq!(recalled, Some(calculation(number)));
        }
        if let Some(campaign) = archive.campaign("demo").unwrap() {
            let results = archive.results(campaign.id).unwrap();
            assert!(announced.iter().all(|number| results.iter().any(|r| r.outcome == Ok(*number as f64))));
        }
    }
    // Each was announced once at most: a record that survived is not made again.
    let mut once = announced.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), announced.len());
    assert!(
        announced.len() > 10,
        "only {} records were announced: the kills came too early",
        announced.len()
    );
}
