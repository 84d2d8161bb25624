//! `train`, `predict` and `screen` from files to files.

mod common;

use common::{Site, holds};

/// Substituted chains, whose label falls with the chain and with the end.
fn table() -> String {
    let ends = [("O", 1.0), ("N", 2.0), ("F", 3.0), ("C#N", 4.0), ("C(=O)O", 5.0), ("c1ccccc1", 6.0)];
    let mut text = "id,smiles,cheap,value\n".to_owned();
    for length in 1..=14_usize {
        for (number, (smiles, size)) in ends.iter().enumerate() {
            let value = size + 3.0 / length as f64;
            let cheap = 0.5 * value + 0.1 * number as f64;
            text += &format!("{length}-{number},{}{smiles},{cheap},{value}\n", "C".repeat(length));
        }
    }
    text
}

fn site() -> Site {
    let site = Site::new();
    site.write("data.csv", table());
    site
}

const TRAIN: [&str; 8] =
    ["train", "data.csv", "--property", "value", "--unit", "eV", "--output", "value.model"];

#[test]
fn a_model_is_trained_and_predicts_and_screens() {
    let site = site();
    let shown = site.joulery(&TRAIN).done();
    holds(
        &shown.stdout,
        &["value eV", "84 structures", "mean absolute error", "90 % intervals hold", "core-s"],
    );
    let card = site.joulery(&["predict", "value.model", "--card"]).done().json();
    assert_eq!(card["data"]["structures"], 84);
    assert!(card["cost"]["joules"].as_f64().unwrap() > 0.0);

    site.write("library.smi", "CCCCCCCO hexanol\nnonsense bad\nCCCCF fluoro\nCCCl chloro\nOCCCCCCC again\n");
    let seen = site.joulery(&["predict", "value.model", "library.smi", "--json"]);
    assert_eq!(seen.code, Some(3), "{}", seen.stderr);
    let lines = seen.json_lines();
    assert_eq!(lines.len(), 5);
    let mean = lines[0]["prediction"]["mean"].as_f64().unwrap();
    assert!((mean - (1.0 + 3.0 / 7.0)).abs() < 0.7, "{mean}");
    assert_eq!(lines[0]["prediction"], lines[4]["prediction"]);
    assert!(lines[1]["error"].as_str().unwrap().contains("nonsense"), "{}", lines[1]);
    assert!(lines[3]["error"].as_str().unwrap().contains("Cl"), "{}", lines[3]);

    let table = site.joulery(&["predict", "value.model", "data.csv"]).done();
    assert_eq!(table.stdout.lines().count(), 85);
    assert!(table.stdout.starts_with("name,structure,value,sd,lower,upper,similarity,in_domain,error\n"));
    site.joulery(&["predict", "value.model", "data.csv", "--output", "seen.parquet"]).done();
    // What was written is read again.
    let again = site.joulery(&[
        "train",
        "seen.parquet",
        "--column",
        "structure",
        "--property",
        "value",
        "--unit",
        "eV",
        "--output",
        "two.model",
    ]);
    holds(&again.done().stdout, &["84 structures"]);

    let best =
        site.joulery(&["screen", "value.model", "data.csv", "--top", "5", "--minimise", "--json"]).done();
    holds(&best.stdout, &["CCCCCCCCCCCCCCO"]);
}

#[test]
fn a_model_of_something_else_is_refused() {
    let site = site();
    let mut train = TRAIN.to_vec();
    train.extend(["--level", "PBE0"]);
    site.joulery(&train).done();
    site.write("asked.smi", "CCCO\n");
    let right = ["--property", "value", "--unit", "eV", "--level", "PBE0"];
    for command in ["predict", "screen"] {
        let asked = |more: &[&str]| {
            let mut arguments = vec![command, "value.model", "asked.smi"];
            arguments.extend(more);
            site.joulery(&arguments)
        };
        asked(&right).done();
        asked(&["--unit", "kcal/mol"]).refused(2, &["value.model", "unit is `eV`", "`kcal/mol` is expected"]);
        asked(&["--level", "CCSD(T)"]).refused(2, &["level is `PBE0`", "`CCSD(T)`"]);
        asked(&["--property", "gap"]).refused(2, &["property is `value`", "`gap`"]);
    }
}

#[test]
fn a_cheaper_method_and_a_target_are_used() {
    let site = site();
    let mut with_low = TRAIN.to_vec();
    with_low.extend(["--low", "cheap", "--target-error", "0.5", "--json"]);
    let card = site.joulery(&with_low).done().json();
    assert_eq!(card["curve"]["reached"], true);
    assert!((card["low"]["slope"].as_f64().unwrap() - 2.0).abs() < 0.6, "{}", card["low"]);
    site.write("bare.smi", "CCCO\n");
    let seen = site.joulery(&["predict", "value.model", "bare.smi"]);
    // A file of SMILES has no columns.
    seen.refused(2, &["cheap"]);
}

#[test]
fn bad_input_is_pointed_at() {
    let site = site();
    let train = |more: &[&str]| {
        let mut arguments = TRAIN.to_vec();
        for (place, argument) in more.iter().enumerate() {
            if place == 0 {
                arguments[1] = argument;
            } else {
                arguments.push(argument);
            }
        }
        site.joulery(&arguments)
    };
    train(&["nowhere.csv"]).refused(2, &["nowhere.csv"]);
    site.write("unlabelled.csv", "smiles,value\nCCO,\nCC,\n");
    train(&["unlabelled.csv"])
        .refused(2, &["unlabelled.csv", "no structure has a label of `value`", "2 without"]);
    site.write("text.csv", table() + "x,CCBr,1.0,much\n");
    train(&["text.csv"]).refused(2, &["text.csv", "line 86", "`value`", "much", "--skip-bad"]);
    train(&["text.csv", "--skip-bad"]).done();
    site.write("few.csv", "smiles,value\nCCO,1\n");
    train(&["few.csv"]).refused(2, &["1 labelled structures are too few"]);
    site.write("conflict.csv", table() + "x,OC,1.0,99.0\n");
    train(&["conflict.csv", "--duplicates", "refuse"])
        .refused(2, &["line 2", "line 86", "--duplicates mean"]);
    holds(&train(&["conflict.csv"]).done().stdout, &["warning: 1 structures have different labels"]);
    train(&["data.csv", "--features", "slatm"]).refused(2, &["slatm", "SMILES"]);
    train(&["data.csv", "--target-error", "-1"]).refused(2, &["--target-error is -1"]);
    let mut without_unit = TRAIN.to_vec();
    without_unit.drain(4..6);
    assert_eq!(site.joulery(&without_unit).code, Some(2));
    site.joulery(&["predict", "data.csv", "data.csv"])
        .refused(2, &["data.csv", "written by `joulery train`"]);
}

/// The same chains, measured in one file and computed in another.
fn two_files() -> Site {
    let site = site();
    let (mut measured, mut computed) = ("smiles,value\n".to_owned(), "smiles,cheap\n".to_owned());
    for (number, line) in table().lines().skip(1).enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        if number % 4 == 0 {
            measured += &format!("{},{}\n", cells[1], cells[3]);
        }
        computed += &format!("{},{}\n", cells[1], cells[2]);
    }
    site.write("measured.csv", measured);
    site.write("computed.csv", computed);
    site
}

#[test]
fn several_levels_are_learnt_from_files_with_some_of_them() {
    let site = two_files();
    let train = |more: &[&str]| {
        let mut arguments = vec!["train", "measured.csv", "computed.csv"];
        arguments.extend(["--property", "value", "--unit", "eV", "--output", "levels.model"]);
        arguments.extend(more);
        site.joulery(&arguments)
    };
    let shown = train(&["--rung", "cheap=1", "--cost", "20", "--target-error", "0.0001"]).done();
    holds(
        &shown.stdout,
        &[
            "co-kriging of 2 levels",
            "cheap, 1.00 a label",
            "error with the lower levels",
            "cheap pays for value",
        ],
    );
    let bare = "smiles\nCCCCCCCCCCCCCCCCCCF\n";
    site.write("bare.csv", bare);
    site.write("told.csv", bare.replace("smiles", "smiles,cheap").replace("F\n", "F,1.78\n"));
    let sd = |file: &str| {
        let seen = site.joulery(&["predict", "levels.model", file, "--json"]).done();
        seen.json_lines()[0]["prediction"]["sd"].as_f64().unwrap()
    };
    assert!(sd("told.csv") < sd("bare.csv"));
    let best = site.joulery(&["screen", "levels.model", "told.csv", "bare.csv", "--top", "2", "--maximise"]);
    holds(&best.done().stdout, &["CCCCCCCCCCCCCCCCCCF"]);

    train(&["--rung", "cheep=1"]).refused(2, &["`cheep`", "none has a value there"]);
    train(&["--rung", "cheap=-1"]).refused(2, &["above zero"]);
    train(&["--rung", "cheap", "--low", "cheap"]).refused(2, &["--low"]);
    train(&["--cost", "3"]).refused(2, &["--rung"]);
    train(&["--rung", "cheap", "--model", "boosted-trees"]).refused(2, &["Gaussian processes"]);
    let unpriced = train(&["--rung", "cheap", "--target-error", "0.0001"]).done();
    holds(&unpriced.stdout, &["say --rung cheap=C"]);
}
