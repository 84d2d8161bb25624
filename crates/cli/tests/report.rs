//! What can be read after a campaign, by people and by programs.

mod common;

use common::{Campaign, Site, holds, quinones};
use serde_json::Value;

fn finished() -> Site {
    let site = Site::new();
    Campaign::replay(&site, &quinones(0.2, 30.0)).stop_after(40).write(&site);
    site.run().done();
    site
}

/// Whatever a browser would fetch by itself: values of `src`, `href` of links to style sheets and the like, `url(...)`
/// and `@import` in styles.
fn fetched(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for mark in ["src=", "srcset=", "data=", "action=", "poster=", "url(", "@import"] {
        for (at, _) in html.match_indices(mark) {
            let before = html[..at].chars().next_back();
            // `data=` must be an attribute, not the end of a longer word.
            if before.is_none_or(|c| c.is_whitespace() || c == ':' || c == ';') {
                let target: String = html[at + mark.len()..].chars().take(60).collect();
                found.push(target);
            }
        }
    }
    for (at, _) in html.match_indices("<link") {
        found.push(html[at..].chars().take(80).collect());
    }
    // Inside the page, or inside the file itself, nothing is fetched.
    found.retain(|t| {
        !t.trim_start_matches(['"', '\'']).starts_with(['#'])
            && !t.trim_start_matches(['"', '\'']).starts_with("data:")
    });
    found
}

#[test]
fn the_page_is_one_file_that_fetches_nothing() {
    let site = finished();
    let html = site.read("test.joulery/report.html");
    assert_eq!(fetched(&html), Vec::<String>::new());
    assert!(!html.contains("<script src") && !html.contains("<iframe") && !html.contains("fetch("));
    holds(&html, &["<!DOCTYPE html>", "<svg", "</html>", "<title>"]);
    // A drawing of each molecule of the short-list and the plots.
    let drawings = html.matches("<svg").count();
    assert!(drawings >= 8 + 2, "only {drawings} drawings");
    assert!(html.len() < 4_000_000, "{} bytes", html.len());
}

#[test]
fn page_text_and_json_tell_the_same() {
    let site = finished();
    let (report, markdown, html) =
        (site.report(), site.read("test.joulery/report.md"), site.read("test.joulery/report.html"));
    assert_eq!(report["campaign"], "test");
    let list = report["short_list"].as_array().unwrap();
    assert_eq!(list.len(), 8);
    for (i, entry) in list.iter().enumerate() {
        assert_eq!(entry["rank"], i + 1);
        let smiles = entry["smiles"].as_str().unwrap();
        holds(&markdown, &[smiles]);
        holds(&html, &[smiles]);
        assert!(entry["value"].is_f64() && entry["cost"]["joules"].as_f64().unwrap() > 0.0);
    }
    let values: Vec<f64> = list.iter().map(|e| e["value"].as_f64().unwrap()).collect();
    assert!(values.is_sorted(), "{values:?}");
    let ledger = site.ledger();
    let close = |a: &Value, b: &Value| {
        let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
        assert!((a - b).abs() <= 1e-9 * b.abs(), "{a} {b}");
    };
    close(&report["totals"]["cost"]["joules"], &ledger["total"]["joules"]);
    close(&report["totals"]["cost"]["core_seconds"], &ledger["total"]["core_seconds"]);
    close(&report["budget"]["spent"], &ledger["spent"]);
    let kinds = report["cost_by_kind"].as_array().unwrap().iter();
    let sum: f64 = kinds.map(|k| k["cost"]["joules"].as_f64().unwrap()).sum();
    close(&sum.into(), &ledger["total"]["joules"]);
    // What is needed to do it again: the file itself, the seed and the versions.
    let repeat = &report["repeat"];
    assert_eq!(repeat["spec"], site.read("campaign.toml"));
    assert_eq!(repeat["seed"], 7);
    holds(&repeat["versions"].to_string(), &["joulery", "table:table.csv#"]);
}

#[test]
fn a_report_can_be_had_again_and_elsewhere() {
    let site = finished();
    // The estimate of what random choice would have reached is drawn at the budget spent when the page was made, which
    // the making of the first page itself has raised a little.
    let without_estimate = |mut report: Value| {
        report.as_object_mut().unwrap().remove("shadow");
        report
    };
    let before = (without_estimate(site.report()), site.books().dump());
    let json = site.joulery(&["report", "campaign.toml", "--json"]).done().json();
    assert_eq!(without_estimate(json), before.0);
    site.joulery(&["report", "campaign.toml"]).done();
    assert_eq!(without_estimate(site.report()), before.0);
    site.joulery(&["report", "campaign.toml", "--output", "elsewhere/deep"]).done();
    for name in ["report.html", "report.md", "report.json"] {
        assert_eq!(
            site.read(&format!("elsewhere/deep/{name}")),
            site.read(&format!("test.joulery/{name}")),
            "{name}"
        );
    }
    assert_eq!(site.books().dump(), before.1, "a report reads only");
    let left: Vec<_> = std::fs::read_dir(site.path("test.joulery")).unwrap().flatten().collect();
    assert!(left.iter().all(|e| !e.file_name().to_string_lossy().ends_with(".new")), "{left:?}");
}

#[test]
fn what_programs_read_parses() {
    let site = finished();
    let ledger = site.joulery(&["ledger", "campaign.toml", "--json", "--all"]).done().json();
    let charges = ledger["charges"].as_array().unwrap();
    assert_eq!(charges.len() as u64, ledger["total"]["count"].as_u64().unwrap());
    assert!(charges.iter().filter(|c| c["calculation"].is_string()).count() == 40);
    let quote = site.joulery(&["quote", "campaign.toml", "--json"]).done().json();
    for field in ["joules_each", "evaluations", "minutes", "whole_space_joules"] {
        for end in ["low", "expected", "high"] {
            assert!(quote[field][end].is_number(), "{field} {end}: {quote}");
        }
    }
    let run = site.joulery(&["run", "campaign.toml", "--json"]).done().json();
    assert_eq!(run["status"], "already_stopped");
    assert_eq!(run["short_list"].as_array().unwrap().len(), 8);
    let schema = site.joulery(&["schema"]).done().json();
    for field in ["name", "budget", "method", "space", "objective", "search", "stop", "energy", "engine"] {
        assert!(schema["properties"][field].is_object(), "{field} is not in the schema");
    }
    let doctor = site.joulery(&["doctor", "--json"]).done().json();
    let findings = doctor.as_array().unwrap();
    assert!(findings.iter().all(|f| f["what"].is_string() && f["ok"].is_boolean() && f["found"].is_string()));
    for what in ["gfn2", "gfn2 energy", "gfn2 relaxation"] {
        assert!(findings.iter().any(|f| f["what"] == what && f["ok"] == true), "{what}: {doctor}");
    }
}

#[test]
fn piped_output_is_quiet_and_free_of_control_codes() {
    let site = Site::new();
    Campaign::replay(&site, &quinones(0.2, 30.0)).stop_after(40).write(&site);
    let ended = site.run().done();
    for text in [&ended.stdout, &ended.stderr] {
        assert!(!text.contains('\u{1b}') && !text.contains('\r'), "{text:?}");
    }
    assert!(ended.stderr.lines().count() < 10, "{}", ended.stderr);
    // Nobody reads to the end: no panic, no complaint.
    for command in
        ["report campaign.toml --json", "schema", "ledger campaign.toml --all", "run campaign.toml"]
    {
        let ended = site.shell(&format!("\"$JOULERY\" {command} | head -n 1"));
        assert!(ended.stderr.is_empty(), "{command}: {}", ended.stderr);
    }
}

#[test]
fn every_command_helps_with_an_example() {
    let site = Site::new();
    let help = site.joulery(&["--help"]).done().stdout;
    holds(&help, &["Usage: joulery", "Example:", "Exit codes: 0 done"]);
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|l| !l.starts_with("Commands:"))
        .skip(1)
        .take_while(|l| l.starts_with("  "))
        .filter_map(|l| l.split_whitespace().next())
        .filter(|c| *c != "help")
        .collect();
    for command in ["run", "quote", "report", "ledger", "compute", "doctor", "schema"] {
        assert!(commands.contains(&command), "{command} is not listed");
    }
    for command in commands {
        let text = site.joulery(&[command, "--help"]).done().stdout;
        holds(&text, &["Usage: ", "Example:", &format!("joulery {command}"), "--json"]);
    }
    holds(&site.joulery(&["--version"]).done().stdout, &["joulery ", env!("CARGO_PKG_VERSION")]);
    let wrong = site.joulery(&["reprot", "campaign.toml"]);
    assert_eq!(wrong.code, Some(2));
    holds(&wrong.stderr, &["'reprot'", "similar subcommand exists: 'report'"]);
}
