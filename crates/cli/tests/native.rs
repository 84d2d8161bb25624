//! The program's own quantum chemistry: real campaigns on a machine where nothing else is installed.

mod common;

use common::{Campaign, Site, holds};
use serde_json::Value;
use std::time::Duration;

#[test]
fn a_campaign_needs_no_other_program() {
    let site = Site::new();
    Campaign::native().write(&site);
    let ended = site.end(site.lonely_command(["run", "campaign.toml"])).done();
    holds(&ended.stdout, &["16 evaluated", "0 failed"]);
    let (books, ledger, report) = (site.books(), site.ledger(), site.report());
    books.in_order(&ledger);
    assert_eq!(books.evaluations().len(), 16);
    for entry in report["short_list"].as_array().unwrap() {
        let value = entry["value"].as_f64().unwrap();
        assert!((-4.5..-1.5).contains(&value), "{entry}");
        assert!(entry["cost"]["core_seconds"].as_f64().unwrap() > 0.0, "{entry}");
    }
    holds(&report["repeat"].to_string(), &["\"engine\":\"native-", "relax-"]);
    assert!(
        std::fs::read_dir(site.scratch()).unwrap().next().is_none(),
        "nothing was left in temporary folders"
    );
}

#[test]
fn molecules_are_relaxed_without_other_programs() {
    let site = Site::new();
    site.write(
        "all.smi",
        "O=C1C=CC(=O)C=C1 quinone\nCS(=O)(=O)N amide\n[NH4+] ion\n[CH3] radical\n[He] atom\n",
    );
    let run = |relax: &[&str]| {
        let args =
            [&["compute", "all.smi", "-m", "gfn2", "-p", "energy,gradient,homo_lumo_gap"], relax].concat();
        site.end(site.lonely_command(args)).done().json_lines()
    };
    let norm = |line: &Value| {
        let gradient = line["gradient"].as_array().unwrap().iter().flat_map(|g| g.as_array().unwrap());
        gradient.map(|g| g.as_f64().unwrap().powi(2)).sum::<f64>().sqrt()
    };
    let (made, relaxed) = (run(&[]), run(&["--relax", "vtight"]));
    assert_eq!(relaxed.len(), 5);
    for (made, relaxed) in made.iter().zip(&relaxed) {
        assert!(norm(relaxed) < 2e-4, "{relaxed}");
        let energy = |line: &Value| line["energy"].as_f64().unwrap();
        assert!(energy(relaxed) <= energy(made) + 1e-7, "{made} {relaxed}");
        assert!(relaxed["properties"]["homo_lumo_gap"].as_f64().unwrap() > 0.0, "{relaxed}");
        assert!(relaxed["cost"]["core_seconds"].as_f64().unwrap() > 0.0, "{relaxed}");
    }
    // Benzoquinone relaxed by xtb 6.5.1 to `vtight`.
    assert!((relaxed[0]["energy"].as_f64().unwrap() - -22.941090568).abs() < 1e-5, "{}", relaxed[0]);
}

#[test]
fn a_solvent_is_another_method() {
    let site = Site::new();
    let frame = "3\ncharge=0 uhf=0\nO 0.0 0.0 0.1174\nH 0.0 0.7572 -0.4696\nH 0.0 -0.7572 -0.4696\n";
    site.write("water.xyz", frame);
    // Of this geometry, by tblite 0.8.0 with ALPB.
    for (solvent, expected) in
        [("water", -5.084829204), ("acetonitrile", -5.078090386), ("hexane", -5.071451215)]
    {
        let args = ["compute", "water.xyz", "-m", "gfn2", "-p", "energy", "--solvent", solvent];
        let energy = site.joulery(&args).done().json_lines()[0]["energy"].as_f64().unwrap();
        assert!((energy - expected).abs() < 1e-6, "{solvent}: {energy} instead of {expected}");
    }
    let campaign = Campaign::native().stop_after(6);
    campaign.write(&site);
    site.run().done();
    let gas = site.books().evaluations();
    // What was computed in the gas phase does not go on in water.
    campaign.clone().stop_after(8).engine("solvent = \"water\"").write(&site);
    site.run().refused(2, &["the method itself", ";alpb=water"]);
    let wet = Site::new();
    campaign.engine("solvent = \"water\"").write(&wet);
    wet.run().done();
    let wet = wet.books().evaluations();
    assert_eq!(wet.len(), 6);
    assert!(wet.keys().eq(gas.keys()) && wet.values().zip(gas.values()).all(|(a, b)| a != b));
}

/// An alkane of so many carbon atoms, stretched out: computing it takes long enough to be in the midst of it.
fn long_chain(carbons: usize) -> String {
    let mut atoms = Vec::new();
    for i in 0..carbons {
        let (x, side) = (1.27 * i as f64, if i % 2 == 0 { 1.0 } else { -1.0 });
        atoms.push(format!("C {x:.3} {:.3} 0.0", 0.42 * side));
        for z in [-0.88, 0.88] {
            atoms.push(format!("H {x:.3} {:.3} {z:.3}", 1.05 * side));
        }
        if i == 0 || i + 1 == carbons {
            let outwards = if i == 0 { -0.89 } else { 0.89 };
            atoms.push(format!("H {:.3} {:.3} 0.0", x + outwards, -0.21 * side));
        }
    }
    format!("{}\nname=chain\n{}\n", atoms.len(), atoms.join("\n"))
}

#[test]
fn a_long_calculation_stops_when_asked() {
    let site = Site::new();
    site.write("chain.xyz", long_chain(150));
    let mut running = site.start(site.command([
        "compute",
        "chain.xyz",
        "-m",
        "gfn2",
        "-p",
        "energy",
        "--relax",
        "extreme",
    ]));
    std::thread::sleep(Duration::from_secs(1));
    assert!(running.is_running(), "the chain is too short for this test");
    running.signal("INT");
    let ended = running.wait();
    assert_eq!(ended.code, Some(130), "{}\n{}", ended.stdout, ended.stderr);
    assert!(!ended.stdout.contains("\"ok\""), "it went on to its end: {}", ended.stdout);
}
