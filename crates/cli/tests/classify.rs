//! Models of classes from files to files.

mod common;

use common::{Site, holds};
use records::{Kind, TableWriter, Value};

const ENDS: [&str; 6] = ["O", "N", "F", "C#N", "C(=O)O", "c1ccccc1"];

/// Chains with an end, and whether they dissolve: short alcohols, amines and acids.
fn chains() -> Vec<(String, bool)> {
    let chain = |length: usize| {
        let of = move |(number, end): (usize, &&str)| {
            (format!("{}{end}", "C".repeat(length)), [0, 1, 4].contains(&number) && length < 14)
        };
        ENDS.iter().enumerate().map(of)
    };
    (1..=20).flat_map(chain).collect()
}

/// With words for yes and no.
fn table(yes: &str, no: &str) -> String {
    let row = |(smiles, good): (String, bool)| format!("{smiles},{}\n", if good { yes } else { no });
    "smiles,dissolves\n".to_owned() + &chains().into_iter().map(row).collect::<String>()
}

const TRAIN: [&str; 7] =
    ["train", "data.csv", "--property", "dissolves", "--classify", "--output", "good.model"];

#[test]
fn classes_are_learnt_predicted_and_screened() {
    let site = Site::new();
    site.write("data.csv", table("true", "false"));
    let shown = site.joulery(&TRAIN).done();
    holds(
        &shown.stdout,
        &[
            "dissolves: 120 structures",
            "39 yes, 81 no",
            "log loss",
            "area under ROC",
            "calibration error",
            "balanced",
            "90 % sets hold",
            "name one class",
            "core-s",
        ],
    );
    let card = site.joulery(&["predict", "good.model", "--card"]).done().json();
    assert_eq!(card["class"]["yes"], 39);
    assert!(card["evaluation"]["class"]["area"].as_f64().unwrap() > 0.9);
    assert!(card["evaluation"]["class"]["sets"]["held_yes"].as_f64().unwrap() > 0.8);

    site.write("library.smi", "CCCCCCO hexanol\nnonsense bad\nCCCCCCF fluoro\nCCCl chloro\n");
    let seen = site.joulery(&["predict", "good.model", "library.smi", "--json"]);
    assert_eq!(seen.code, Some(3), "{}", seen.stderr);
    let lines = seen.json_lines();
    assert_eq!([&lines[0]["prediction"]["class"], &lines[2]["prediction"]["class"]], ["yes", "no"]);
    assert!(lines[0]["prediction"]["probability"].as_f64().unwrap() > 0.5);
    assert!(lines[0]["prediction"].get("lower").is_none(), "{}", lines[0]);
    assert!(lines[3]["error"].as_str().unwrap().contains("Cl"), "{}", lines[3]);
    let seen = site.joulery(&["predict", "good.model", "library.smi"]);
    let text: Vec<&str> = seen.stdout.lines().collect();
    assert_eq!(text[0], "name,structure,dissolves,probability,sd,similarity,in_domain,error");
    assert!(text[1].starts_with("hexanol,CCCCCCO,yes,0.") && text[2].contains(",,,,"), "{text:?}");
    site.joulery(&["predict", "good.model", "data.csv", "--output", "seen.parquet"]).done();

    let best = site.joulery(&["screen", "good.model", "data.csv", "--top", "39", "--json"]).done().json();
    let top = best["top"].as_array().unwrap();
    let good: Vec<String> =
        chains().into_iter().filter(|(_, good)| *good).map(|(smiles, _)| smiles).collect();
    let right = top.iter().filter(|hit| good.iter().any(|smiles| hit["structure"] == **smiles)).count();
    assert!(right >= 37, "{right} of 39");
    let means: Vec<f64> = top.iter().map(|hit| hit["score"]["mean"].as_f64().unwrap()).collect();
    assert!(means.windows(2).all(|pair| pair[0] >= pair[1]), "{means:?}");
    let shown = site.joulery(&["screen", "good.model", "data.csv"]).done();
    holds(&shown.stdout, &["probability"]);
    let worst = site.joulery(&["screen", "good.model", "data.csv", "--minimise", "--json"]).done().json();
    assert!(worst["top"][0]["score"]["mean"].as_f64().unwrap() < 0.5);
}

#[test]
fn classes_are_words_numbers_or_truth_values() {
    let site = Site::new();
    let card = |file: &str| {
        let mut arguments = TRAIN.to_vec();
        arguments[1] = file;
        arguments.push("--json");
        site.joulery(&arguments).done().json()["data"]["sha256"].clone()
    };
    site.write("words.csv", table("Yes", "no"));
    site.write("numbers.csv", table("1.0", "0"));
    let columns = [("smiles", Kind::Text), ("dissolves", Kind::Bool)];
    let mut parquet = TableWriter::create(&site.path("truth.parquet"), &columns).unwrap();
    for (smiles, good) in chains() {
        parquet.push(&[smiles.into(), Value::Bool(good)]).unwrap();
    }
    parquet.finish().unwrap();
    let all = ["words.csv", "numbers.csv", "truth.parquet"].map(card);
    assert!(all[0] == all[1] && all[1] == all[2], "{all:?}");
}

#[test]
fn what_is_no_class_is_pointed_at() {
    let site = Site::new();
    site.write("data.csv", table("1", "0"));
    let train = |file: &str, more: &[&str]| {
        let mut arguments = TRAIN.to_vec();
        arguments[1] = file;
        arguments.extend(more);
        site.joulery(&arguments)
    };
    site.write("soluble.csv", table("1", "0") + "CCBr,somewhat\nCCl,\n");
    train("soluble.csv", &[]).refused(
        2,
        &["soluble.csv, line 122", "`dissolves`", "`somewhat`", "true or false", "--skip-bad", "--unit"],
    );
    let shown = train("soluble.csv", &["--skip-bad"]).done();
    holds(&shown.stdout, &["1 rows could not be read", "1 rows have no label", "120 structures"]);
    site.write("one.csv", table("1", "1"));
    train("one.csv", &[]).refused(2, &["all 120 labels of `dissolves` are `yes`", "other class"]);
    site.write("few.csv", table("0", "0") + "CCCl,1\nCCBr,1\n");
    train("few.csv", &[]).refused(2, &["only 2 labels of `dissolves` are `yes`", "at least 5"]);
    site.write("twice.csv", table("1", "0") + "OC,0\n");
    train("twice.csv", &["--duplicates", "refuse"]).refused(2, &["line 2", "line 122"]);
    let shown = train("twice.csv", &[]).done();
    holds(&shown.stdout, &["1 structures have different labels", "1 with as many of either are left out"]);
    train("data.csv", &["--target-error", "0.1"]).refused(2, &["a target error", "learning curve"]);
    train("data.csv", &["--model", "gp"]).refused(2, &["`gp`", "boosted trees"]);
    train("data.csv", &["--extensive"]).refused(2, &["an extensive property"]);
    train("data.csv", &["--unit", "eV"]).refused(2, &["`eV`", "no unit"]);
    train("data.csv", &["--unit", "1"]).done();
    site.joulery(&["train", "data.csv", "--property", "dissolves", "--output", "x.model"])
        .refused(2, &["--unit is missing", "--classify"]);
    let numbers = ["train", "words.csv", "--property", "dissolves", "--unit", "1", "--output", "x.model"];
    site.write("words.csv", table("true", "false"));
    site.joulery(&numbers).refused(2, &["words.csv, line 2", "`true`", "train with --classify"]);
    site.write("three.csv", table("1", "0") + &"CCBr,1\n".repeat(3));
    holds(&train("three.csv", &[]).done().stdout, &["121 structures"]);
    // A property with the name of another column.
    site.write("sd.csv", table("1", "0").replacen("dissolves", "sd", 1));
    site.joulery(&["train", "sd.csv", "--property", "sd", "--classify", "--output", "sd.model"]).done();
    let seen = site.joulery(&["predict", "sd.model", "sd.csv"]).done();
    assert!(seen.stdout.starts_with("name,structure,class,probability,sd,similarity,"), "{}", seen.stdout);
    // Six of a class: sets of 0.9 always hold it.
    let few = table("0", "0").replacen("F,0", "F,1", 6);
    site.write("six.csv", few);
    holds(
        &train("six.csv", &[]).done().stdout,
        &["6 labels not seen are yes, too few to rule yes out (9 needed)"],
    );
}
