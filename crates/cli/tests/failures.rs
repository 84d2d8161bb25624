//! An engine that fails on some molecules: recorded, charged, listed, and the campaign goes on.

mod common;

use common::{Campaign, Site, holds, needs_xtb};

/// A script that behaves like xtb, except that on molecules with chlorine it does `misbehaviour`.
fn misbehaving(site: &Site, misbehaviour: &str) -> String {
    let script = format!(
        "#!/bin/sh\nif grep -q '^Cl ' in.xyz 2>/dev/null; then {misbehaviour}; fi\nexec xtb \"$@\"\n"
    );
    site.write("faulty", script);
    site.shell("chmod +x faulty").done();
    format!("xtb = \"{}\"", site.path("faulty").display())
}

/// Runs a campaign over eight molecules, three of them with chlorine, and expects those to fail in this way.
fn campaign_with(misbehaviour: &str, timeout: f64, kind: &str, words: &str) {
    needs_xtb();
    let site = Site::new();
    let engine = misbehaving(&site, misbehaviour);
    let library = "[space]\nkind = \"library\"\nfile = \"quinones.smi\"\n";
    site.write(
        "quinones.smi",
        "O=C1C=CC(=O)C=C1\nO=C1C(Cl)=CC(=O)C=C1\nO=C1C(F)=CC(=O)C=C1\nO=C1C(Cl)=CC(=O)C(Cl)=C1\n\
         O=C1C(O)=CC(=O)C=C1\nO=C1C(Cl)=CC(=O)C(F)=C1\nO=C1C(C#N)=CC(=O)C=C1\nO=C1C(F)=CC(=O)C(F)=C1\n",
    );
    let campaign = Campaign { space: library.into(), ..Campaign::xtb().without_stop() };
    let campaign = Campaign { engine: format!("timeout_seconds = {timeout:?}"), ..campaign };
    campaign.engine(&engine).write(&site);
    let ended = site.run().done();
    holds(&ended.stdout, &["8 evaluations", "3 failed"]);
    let (books, ledger, report) = (site.books(), site.ledger(), site.report());
    books.in_order(&ledger);
    assert_eq!(books.evaluations().len(), 8);
    assert_eq!(books.failures(kind), 3, "{:?}", books.evaluations());
    // The attempts are paid for: every calculation that failed has a charge, and time was spent on it.
    let failed: Vec<_> =
        books.events("failed").into_iter().filter(|e| e["calculation"].is_string()).collect();
    assert!(failed.len() >= 3, "{failed:?}");
    for event in books.events("failed").iter().filter(|e| e["structure"].is_string()) {
        assert!(event["joules"].as_f64().unwrap() > 0.0, "{event}");
        holds(event["message"].as_str().unwrap(), &[words]);
    }
    let listed = report["failures"].as_array().unwrap();
    assert_eq!(listed.len(), 3);
    for failure in listed {
        holds(&failure.to_string(), &["Cl", words]);
    }
    for file in ["test.joulery/report.html", "test.joulery/report.md"] {
        holds(&site.read(file), &[words]);
    }
    assert!(report["short_list"].as_array().unwrap().iter().all(|e| !e["smiles"].to_string().contains("Cl")));
    assert!(site.scratch_folders().is_empty() && site.processes().is_empty());
    // Asked again, nothing is tried again.
    let before = books.dump();
    holds(&site.run().done().stdout, &["Nothing was done"]);
    assert_eq!(site.books().dump(), before);
}

#[test]
fn a_crash_is_recorded_and_charged_and_the_campaign_goes_on() {
    campaign_with("kill -SEGV $$", 120.0, "crashed", "ended by signal 11");
}

#[test]
fn a_refusal_is_recorded_with_what_the_program_said() {
    campaign_with(
        "echo 'abnormal termination: no parameters' >&2; exit 7",
        120.0,
        "crashed",
        "ended with code 7",
    );
}

#[test]
fn a_hanging_calculation_is_given_up() {
    campaign_with("exec sleep 600", 4.0, "timed_out", "still running");
}

#[test]
fn nonsense_is_not_taken_for_a_number() {
    campaign_with(
        "echo '{\"total energy\": \"hello\"}' > xtbout.json; exit 0",
        120.0,
        "bad_output",
        "xtb wrote no total energy",
    );
}

#[test]
fn a_program_that_never_works_is_not_blamed_on_the_molecules() {
    needs_xtb();
    let site = Site::new();
    let engine = misbehaving(&site, "true").replace("faulty", "broken");
    site.write("broken", "#!/bin/sh\ncase \"$*\" in *--version*) exec xtb --version;; esac\nexit 9\n");
    site.shell("chmod +x broken").done();
    Campaign::xtb().engine(&engine).write(&site);
    // The reference H2 is computed first, and every candidate needs it.
    site.run().refused(1, &["reference calculation failed", "every candidate needs it", "code 9"]);
    assert!(site.books().evaluations().is_empty());
}
