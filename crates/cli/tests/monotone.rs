//! Features that predictions must not fall or rise with.

mod common;

use common::{Site, holds};

#[test]
fn constraints_are_kept_shown_and_checked() {
    let site = Site::new();
    let mut text = "smiles,value\n".to_owned();
    for length in 1..=14_usize {
        for (number, end) in ["O", "N", "F", "C#N", "C(=O)O", "c1ccccc1"].iter().enumerate() {
            // Falls with the chain, but for what looks like noise.
            let value = 10.0 - 0.3 * length as f64 + ((7 * length + 5 * number) % 11) as f64 / 11.0;
            text += &format!("{}{end},{value}\n", "C".repeat(length));
        }
    }
    site.write("data.csv", text);
    let train = |more: &[&str]| {
        let mut arguments =
            vec!["train", "data.csv", "--property", "value", "--unit", "1", "--output", "value.model"];
        arguments.extend(more);
        site.joulery(&arguments)
    };
    let shown = train(&["--decreasing", "MolLogP", "--decreasing", "countc"]).done();
    holds(
        &shown.stdout,
        &["gradient-boosted trees", "never rising with MolLogP", "never rising with countc"],
    );
    let card = site.joulery(&["predict", "value.model", "--card"]).done().json();
    assert_eq!(card["monotone"][0], serde_json::json!({ "feature": "MolLogP", "rising": false }));
    site.joulery(&["predict", "value.model", "data.csv"]).done();
    train(&["--increasing", "MolLogp2"]).refused(2, &["`MolLogp2`", "`MolLogP`"]);
    train(&["--increasing", "TPSA", "--decreasing", "TPSA"]).refused(2, &["`TPSA` both"]);
    train(&["--increasing", "TPSA", "--model", "gp"]).refused(2, &["`gp`", "only trees"]);
    train(&["--increasing", "TPSA", "--features", "morgan"]).refused(2, &["no names", "morgan-descriptors"]);
    train(&["--increasing", "TPSA", "--extensive"]).refused(2, &["an extensive property"]);
}
