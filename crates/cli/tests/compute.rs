//! The bulk path: one JSON object per structure per line, in input order, in a shape that programs rely on.

mod common;

use common::{Site, holds, needs_xtb};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Made by tblite, an independent program for the same method (see the script beside the file).
fn reference() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../engines/tests/data/tblite_reference.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

const SYMBOLS: [&str; 36] = [
    "H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Na", "Mg", "Al", "Si", "P", "S", "Cl", "Ar", "K",
    "Ca", "Sc", "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As", "Se", "Br", "Kr",
];

/// The structures of the reference that consist of common elements, as frames of extended XYZ with charge and number
/// of unpaired electrons in the comment.
fn frames(reference: &[Value]) -> (String, Vec<&Value>) {
    let mut text = String::new();
    let mut used = Vec::new();
    for r in reference {
        let numbers: Vec<usize> =
            r["numbers"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as usize).collect();
        if numbers.iter().any(|n| *n > SYMBOLS.len()) {
            continue;
        }
        text += &format!(
            "{}\nProperties=species:S:1:pos:R:3 charge={} uhf={} name=ref-{}\n",
            numbers.len(),
            r["charge"],
            r["uhf"],
            r["id"]
        );
        for (n, p) in numbers.iter().zip(r["positions_angstrom"].as_array().unwrap()) {
            text += &format!("{} {} {} {}\n", SYMBOLS[n - 1], p[0], p[1], p[2]);
        }
        used.push(r);
    }
    (text, used)
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        other => vec![other.as_f64().unwrap_or_else(|| panic!("{other} is no number"))],
    }
}

#[track_caller]
fn close(what: &str, found: &Value, expected: &Value, tolerance: f64) {
    let (found, expected) = (numbers(found), numbers(expected));
    assert_eq!(found.len(), expected.len(), "{what}");
    for (a, b) in found.iter().zip(&expected) {
        assert!((a - b).abs() < tolerance, "{what}: {a} instead of {b}");
    }
}

/// Largest differences that are allowed: energy, gradient, charges, dipole, frontier orbitals, all in atomic units.
type Tolerances = [f64; 5];

fn numbers_agree(method: &str, [energy, gradient, charges, dipole, orbitals]: Tolerances) {
    let reference = reference();
    let (text, used) = frames(&reference);
    assert!(used.len() >= 10, "{}", used.len());
    // Ions and radicals are among them.
    assert!(used.iter().any(|r| r["charge"] != 0) && used.iter().any(|r| r["uhf"] != 0));
    let site = Site::new();
    site.write("frames.extxyz", text);
    let lines = site.joulery(&["compute", "frames.extxyz", "--method", method, "--json"]).done().json_lines();
    assert_eq!(lines.len(), used.len());
    for (i, (line, r)) in lines.iter().zip(&used).enumerate() {
        let name = format!("ref-{}", r["id"]);
        assert_eq!((&line["index"], &line["status"], &line["name"]), (&json!(i), &json!("ok"), &json!(name)));
        close(&format!("energy of {name}"), &line["energy"], &r["energy"], energy);
        close(&format!("gradient of {name}"), &line["gradient"], &r["gradient"], gradient);
        close(&format!("charges of {name}"), &line["charges"], &r["charges"], charges);
        close(&format!("dipole of {name}"), &line["dipole"], &r["dipole"], dipole);
        if !r["homo"].is_null() && !r["lumo"].is_null() {
            close(&format!("homo of {name}"), &line["homo"], &r["homo"], orbitals);
            close(&format!("lumo of {name}"), &line["lumo"], &r["lumo"], orbitals);
        }
        let cost = &line["cost"];
        let (seconds, joules) = (cost["core_seconds"].as_f64().unwrap(), cost["joules"].as_f64().unwrap());
        assert!(seconds > 0.0 && joules > 0.0 && cost["tier"] == "model", "{cost}");
        assert!(line.get("error").is_none());
        assert!(line.get("geometry").is_none(), "the geometry is the one given");
    }
}

#[test]
fn numbers_agree_with_an_independent_program() {
    numbers_agree("gfn2", [1e-7, 1e-5, 1e-4, 1e-3, 1e-4]);
}

#[test]
fn numbers_of_xtb_agree_with_an_independent_program() {
    needs_xtb();
    numbers_agree("gfn2@xtb", [1e-6, 5e-5, 5e-4, 2e-3, 2e-4]);
}

/// Removes what differs from run to run.
fn without_cost(mut lines: Vec<Value>) -> Vec<Value> {
    for line in &mut lines {
        line.as_object_mut().unwrap().remove("cost").expect("every line has a cost");
    }
    lines
}

#[test]
fn threads_change_nothing_but_the_cost() {
    let reference = reference();
    let site = Site::new();
    site.write("frames.xyz", frames(&reference).0);
    let run = |threads: &str| {
        let ended = site.joulery(&["compute", "frames.xyz", "-m", "gfn2", "-j", threads]).done();
        without_cost(ended.json_lines())
    };
    let one = run("1");
    assert_eq!(run("2"), one);
    assert_eq!(run("7"), one);
}

#[test]
fn failures_are_lines_like_others() {
    let site = Site::new();
    // Two hydrogen atoms with eight electrons too many; a word for a number; a symbol that is none.
    let frames = "2\ncharge=0 uhf=0\nH 0 0 0\nH 0 0 0.74\n\
                  2\ncharge=-6 uhf=0 name=impossible\nH 0 0 0\nH 0 0 0.74\n\
                  1\ncharge=0 uhf=0\nXx 0 0 0\n\
                  1\ncharge=0 uhf=0\nNe 0 zero 0\n\
                  1\ncharge=0 uhf=1\nNe 0 0 0\n\
                  1\ncharge=0 uhf=0\nNe 0 0 0\n";
    site.write("frames.xyz", frames);
    let ended = site.joulery(&["compute", "frames.xyz", "-m", "gfn2", "-p", "energy"]);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    holds(&ended.stderr, &["6 structures: 2 done, 4 failed"]);
    let lines = ended.json_lines();
    let status: Vec<&str> = lines.iter().map(|l| l["status"].as_str().unwrap()).collect();
    assert_eq!(status, ["ok", "failed", "failed", "failed", "failed", "ok"]);
    assert_eq!(lines.iter().map(|l| l["index"].as_u64().unwrap()).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
    for line in &lines {
        let has = |field: &str| line.get(field).is_some();
        assert!(has("cost") && has("error") != has("energy"), "{line}");
    }
    let error = |i: usize| {
        (lines[i]["error"]["kind"].as_str().unwrap(), lines[i]["error"]["message"].as_str().unwrap())
    };
    assert_eq!(lines[1]["name"], "impossible");
    assert!(!error(1).1.is_empty());
    holds(error(2).1, &["frames.xyz, line 11", "Xx"]);
    holds(error(3).1, &["frames.xyz, line 14", "zero"]);
    holds(error(4).1, &["frames.xyz, line 15", "10 electrons"]);
    assert_eq!((error(2).0, error(3).0, error(4).0), ("invalid_input", "invalid_input", "invalid_input"));
}

const SDF: &str = "water\n  made by hand\n\n  3  2  0  0  0  0  0  0  0  0999 V2000\n\
    \u{20}   0.0000    0.0000    0.1174 O   0  0\n    0.0000    0.7572   -0.4696 H   0  0\n\
    \u{20}   0.0000   -0.7572   -0.4696 H   0  0\n  1  2  1  0\n  1  3  1  0\nM  END\n$$$$\n";

#[test]
fn the_same_molecule_from_every_format() {
    let site = Site::new();
    site.write("water.sdf", SDF);
    site.write(
        "water.xyz",
        "3\ncharge=0 uhf=0\nO 0.0 0.0 0.1174\nH 0.0 0.7572 -0.4696\nH 0.0 -0.7572 -0.4696\n",
    );
    site.shell("gzip -k water.sdf water.xyz").done();
    let line = |file: &str| {
        let ended = site.joulery(&["compute", file, "-m", "gfn2", "-p", "energy,gradient"]).done();
        let mut lines = without_cost(ended.json_lines());
        assert_eq!(lines.len(), 1);
        lines.remove(0)
    };
    let expected = line("water.xyz");
    assert_eq!(line("water.xyz.gz"), expected);
    let (sdf, zipped) = (line("water.sdf"), line("water.sdf.gz"));
    assert_eq!(sdf, zipped);
    assert_eq!((&sdf["name"], &sdf["smiles"]), (&json!("water"), &json!("O")));
    assert_eq!((&sdf["energy"], &sdf["gradient"]), (&expected["energy"], &expected["gradient"]));
    // Only what was asked for is written.
    let fields: BTreeSet<&str> = expected.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, BTreeSet::from(["index", "status", "energy", "gradient"]));
}

#[test]
fn smiles_from_a_file_and_from_standard_input_get_a_geometry() {
    let site = Site::new();
    let text = "# two quinones\nO=C1C=CC(=O)C=C1 benzoquinone\n\nnonsense((\nO=C1C(F)=CC(=O)C=C1\n";
    site.write("quinones.smi", text);
    let args = ["-m", "gfn2", "-p", "reduction_energy,homo_lumo_gap,dipole"];
    let from_file = site.joulery(&[&["compute", "quinones.smi"], &args[..]].concat());
    assert_eq!(from_file.code, Some(3));
    let lines = from_file.json_lines();
    assert_eq!(lines.len(), 3);
    let first = &lines[0];
    assert_eq!((&first["name"], &first["smiles"]), (&json!("benzoquinone"), &json!("O=C1C=CC(=O)C=C1")));
    assert_eq!(first["geometry"]["symbols"].as_array().unwrap().len(), 12);
    assert_eq!(first["geometry"]["positions"].as_array().unwrap().len(), 12);
    let energy = |line: &Value| line["properties"]["reduction_energy"].as_f64().unwrap();
    // Hydrogenation of benzoquinone gives energy, about 1.5 eV; fluorine changes it by less than 0.5 eV.
    assert!((-3.0..-0.5).contains(&energy(first)), "{first}");
    assert!((energy(&lines[2]) - energy(first)).abs() < 0.5);
    assert!(first["properties"]["homo_lumo_gap"].as_f64().unwrap() > 0.5);
    close("dipole of a centrosymmetric molecule", &first["dipole"], &json!([0.0, 0.0, 0.0]), 0.02);
    holds(
        &lines[1].to_string(),
        &["invalid_input", "quinones.smi, line 4", "`nonsense((`", "not a valid SMILES"],
    );
    let piped = site.shell(&format!("\"$JOULERY\" compute - {} < quinones.smi", args.join(" ")));
    let piped: Vec<Value> = without_cost(piped.json_lines());
    let from_file = without_cost(lines);
    assert_eq!((&piped[0], &piped[2]), (&from_file[0], &from_file[2]));
    holds(&piped[1].to_string(), &["standard input, line 4"]);
}

#[test]
fn a_relaxed_geometry_has_no_forces_left() {
    let site = Site::new();
    site.write("quinone.smi", "O=C1C=CC(=O)C=C1\n");
    let run = |more: &[&str]| {
        let args = [&["compute", "quinone.smi", "-m", "gfn2", "-p", "energy,gradient"], more].concat();
        site.joulery(&args).done().json_lines().remove(0)
    };
    let (made, relaxed) = (run(&[]), run(&["--relax", "tight"]));
    let norm = |line: &Value| numbers(&line["gradient"]).iter().map(|g| g * g).sum::<f64>().sqrt();
    assert!(norm(&made) > 0.01 && norm(&relaxed) < 2e-3, "{} {}", norm(&made), norm(&relaxed));
    assert!(relaxed["energy"].as_f64().unwrap() < made["energy"].as_f64().unwrap());
}

#[test]
fn a_table_is_a_method_too() {
    let site = Site::new();
    site.write("table.csv", "smiles,gap,dipole\nC,10.5,0\nCC,9.5,\n").write("all.smi", "CC\nC\nCCC\n");
    let ended = site.joulery(&["compute", "all.smi", "-m", "table:table.csv", "-p", "gap"]);
    assert_eq!(ended.code, Some(3));
    let lines = ended.json_lines();
    assert_eq!(
        (&lines[0]["properties"], &lines[1]["properties"]),
        (&json!({"gap": 9.5}), &json!({"gap": 10.5}))
    );
    assert_eq!(lines[2]["error"]["kind"], "no_value");
    holds(lines[2]["error"]["message"].as_str().unwrap(), &["table:table.csv", "no row for CCC"]);
}

#[test]
fn results_go_to_a_file_if_asked() {
    let site = Site::new();
    site.write("methane.smi", "C\n");
    let args = ["compute", "methane.smi", "-m", "gfn2", "-p", "energy", "--output", "out.jsonl"];
    let ended = site.joulery(&args).done();
    assert!(ended.stdout.is_empty());
    let line: Value = serde_json::from_str(site.read("out.jsonl").trim()).unwrap();
    close("energy", &line["energy"], &json!(-4.175), 1e-3);
    let args = ["compute", "methane.smi", "-m", "gfn2", "--output", "no/such/out.jsonl"];
    site.joulery(&args).refused(1, &["no/such/out.jsonl cannot be written", "No such file"]);
}

#[test]
fn wrong_arguments_are_refused_before_anything_is_computed() {
    let site = Site::new();
    site.write("methane.smi", "C\n");
    let refused = |args: &[&str], needles: &[&str]| {
        let ended = site.joulery(&[&["compute"], args].concat()).refused(2, needles);
        assert!(ended.stdout.is_empty(), "{}", ended.stdout);
    };
    refused(
        &["methane.smi", "-m", "gfn2", "-p", "enrgy"],
        &["no property `enrgy`", "expected one of energy, gradient", "did you mean `energy`?"],
    );
    refused(&["methane.smi", "-m", "gfn3"], &["no method `gfn3`", "did you mean `gfn2`?"]);
    refused(&["none.xyz", "-m", "gfn2"], &["none.xyz cannot be opened", "No such file"]);
    refused(&["methane.smi", "-m", "table:none.csv"], &["none.csv` cannot be read", "table:"]);
    refused(&["methane.smi", "-m", "gfn2", "--watts-per-core", "-3"], &["-3"]);
    refused(&["methane.smi"], &["--method"]);
}
