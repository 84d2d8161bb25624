//! Wrong input and a world that does not play along: each message names file, line or field, what was found, what was
//! expected, and the way out.

mod common;

use common::{Campaign, Site, holds, needs_xtb, quinones};
use rusqlite::Connection;
use std::time::Duration;

/// A folder with a campaign over a table that would run to its end.
fn good() -> Site {
    let site = Site::new();
    Campaign::replay(&site, &quinones(0.2, 30.0)).stop_after(16).write(&site);
    site
}

/// Changes the campaign file and expects every command that reads it to refuse it, without making anything.
#[track_caller]
fn misspelt(from: &str, to: &str, needles: &[&str]) {
    let site = good();
    site.change("campaign.toml", from, to);
    for command in ["run", "quote", "report", "ledger"] {
        site.joulery(&[command, "campaign.toml"]).refused(2, &["campaign.toml, line "]).refused(2, needles);
    }
    assert!(!site.path("test.joulery").exists(), "a wrong campaign file leaves nothing behind");
}

#[test]
fn mistakes_in_the_campaign_file_are_pointed_at() {
    misspelt(
        "budget =",
        "budgte =",
        &["line 3", "unknown field `budgte`", "did you mean `budget`?", "budgte = \"1 kWh\""],
    );
    misspelt("threads = 2", "thread = 2", &["line 10", "unknown field `thread`", "did you mean `threads`?"]);
    misspelt("1 kWh", "1 kwh", &["line 3", "unknown unit `kwh`", "did you mean `kWh`?", "core-seconds"]);
    misspelt("1 kWh", "1", &["line 3", "budget `1` has no unit", "J kJ MJ Wh kWh MWh"]);
    misspelt("1 kWh", "-2 J", &["line 3", "-2", "expected a finite number above 0", "budget = \"-2 J\""]);
    misspelt("1 kWh", "0,5 kWh", &["line 3", "`0,5`", "decimals follow a point"]);
    misspelt("1 kWh", "3 EUR", &["line 3", "euro_per_kwh"]);
    misspelt(
        "\"ei_per_joule\"",
        "\"ei_per_jule\"",
        &["line 9", "no acquisition `ei_per_jule`", "did you mean `ei_per_joule`?", "thompson"],
    );
    misspelt("\"minimise\"", "\"minimal\"", &["line 7", "minimal", "minimise", "maximise"]);
    misspelt("seed = 7", "seed = -7", &["line 2", "-7"]);
    misspelt("seed = 7", "seed = 7\nseed = 8", &["line 3", "duplicate key"]);
    misspelt("\"library\"", "\"libary\"", &["unknown variant `libary`", "did you mean `library`?"]);
    misspelt("name = \"test\"", "name = \"../test\"", &["line 1", "../test", "it names a folder"]);
    misspelt("[search]", "[search", &["line 8"]);
    misspelt("method = \"table:table.csv\"\n", "", &["missing field `method`"]);
}

#[test]
fn missing_files_are_named() {
    let site = Site::new();
    for command in ["run", "quote", "report", "ledger"] {
        let needles =
            ["campaign file `none.toml` cannot be read", "No such file", "examples/quinones/campaign.toml"];
        site.joulery(&[command, "none.toml"]).refused(2, &needles);
    }
    let site = good();
    site.change("campaign.toml", "library.smi", "liberry.smi");
    let needles =
        ["campaign.toml, line 21", "liberry.smi` cannot be opened", "relative to the campaign file"];
    site.run().refused(2, &needles);
    let site = good();
    site.change("campaign.toml", "table:table.csv", "table:tabel.csv");
    site.run().refused(
        2,
        &["campaign.toml, line 4", "tabel.csv` cannot be read", "check the path behind `table:`"],
    );
    // Once the path is right, it goes on.
    site.change("campaign.toml", "table:tabel.csv", "table:table.csv");
    site.run().done();
    for command in ["report", "ledger"] {
        let site = good();
        let needles = ["campaign `test` has not run yet", "archive.sqlite", "start it with `joulery run`"];
        site.joulery(&[command, "campaign.toml"]).refused(2, &needles);
    }
}

#[test]
fn a_library_line_that_is_no_molecule_stops_or_is_counted() {
    for (line, found) in [("O=C1C=C(C(=O)C=C1", "`O=C1C=C(C(=O)C=C1`"), ("C[Xx]C", "`C[Xx]C`")] {
        let site = good();
        let library = site.read("library.smi");
        let (head, tail) = library.split_at(library.match_indices('\n').nth(2).unwrap().0 + 1);
        site.write("library.smi", format!("{head}{line}\n{tail}"));
        site.run().refused(
            2,
            &["library.smi:4: ", found, "not a valid SMILES", "correct it, or set `on_error = \"skip\"`"],
        );
        site.change("campaign.toml", "file = ", "on_error = \"skip\"\nfile = ");
        site.run().done();
        let space = &site.report()["space"];
        assert_eq!((&space["skipped_lines"], &space["size"]), (&1.into(), &351.into()), "{space}");
    }
}

#[test]
fn names_that_are_none_get_the_nearest_one() {
    let site = good();
    site.change("campaign.toml", "table:table.csv", "gnf2");
    let needles =
        ["campaign.toml, line 4", "no method `gnf2`", "expected one of gfn2, ", "did you mean `gfn2`?"];
    site.run().refused(2, &needles);
    let site = good();
    site.change("campaign.toml", "\"gap\"", "\"gpa\"");
    let needles = [
        "campaign.toml, [objective] property",
        "`gpa`",
        "`table:table.csv`",
        "expected one of gap",
        "did you mean `gap`?",
    ];
    site.run().refused(2, &needles);
    let site = good();
    site.change("campaign.toml", "\"core_seconds\"", "\"seconds\"");
    site.run().refused(2, &["table.csv", "no column `seconds`", "smiles, gap, core_seconds"]);
    let site = good();
    site.change("table.csv", "O=C1C=CC(=O)C=C1,-1.2,", "O=C1C=CC(=O)C=C1,-1.2,-");
    site.run().refused(2, &["table.csv, line 2", "column `core_seconds` holds -", "zero or more"]);
}

#[test]
fn unknown_elements_in_constraints_are_pointed_at() {
    let site = good();
    site.write("campaign.toml", site.read("campaign.toml") + "[constraints]\nelements = [\"C\", \"Xx\"]\n");
    site.run().refused(2, &["campaign.toml, line 23", "constraints.elements", "`Xx`"]);
    let site = good();
    site.write("campaign.toml", site.read("campaign.toml") + "[constraints]\nexclude_smarts = [\"C(=O\"]\n");
    site.run().refused(2, &["campaign.toml, line 23", "exclude_smarts", "`C(=O`"]);
}

#[test]
fn an_empty_space_says_which_constraint_emptied_it() {
    let site = good();
    let text = site.read("campaign.toml");
    site.write("campaign.toml", text.clone() + "[constraints]\nmolecular_weight = { max = 50 }\n");
    let needles =
        ["no candidate is left", "of 351", "351 fail", "molecular weight: 351", "loosen `[constraints]`"];
    site.run().refused(2, &needles);
    // Nothing was decided, so the constraint may be mended.
    site.write("campaign.toml", text);
    site.run().done();
    let site = good();
    site.write("library.smi", "# nothing\n");
    site.run().refused(2, &["no candidate is left", "of 0 in the space"]);
}

#[test]
fn a_missing_xtb_says_what_to_install() {
    let needles = [
        "cannot be started",
        "Method `gfn2` needs no program",
        "apt-get install xtb",
        "conda-forge",
        "[engine] xtb = ",
        "JOULERY_XTB",
    ];
    let site = Site::new();
    Campaign::xtb().write(&site);
    site.end(site.lonely_command(["run", "campaign.toml"])).refused(2, &needles);
    let mut command = site.command(["run", "campaign.toml"]);
    command.env("JOULERY_XTB", "/nowhere/xtb");
    site.end(command).refused(2, &needles).refused(2, &["`/nowhere/xtb`"]);
    site.write("molecule.smi", "C\n");
    let command = site.lonely_command(["compute", "molecule.smi", "--method", "gfn2@xtb"]);
    site.end(command).refused(2, &needles);
    let ended = site.end(site.lonely_command(["doctor"])).done();
    holds(&ended.stdout, &["absent  gfn2@xtb", "apt-get install xtb"]);
    assert!(!ended.stdout.contains("missing"), "nothing that is needed is missing: {}", ended.stdout);
    // Something else under its name is noticed too.
    Campaign::xtb().engine("xtb = \"/bin/true\"").write(&site);
    site.run().refused(2, &["`/bin/true --version` did not answer with a version", "is it the xtb program?"]);
}

#[test]
fn solvents_that_are_none_get_the_nearest_one() {
    let site = Site::new();
    for method in ["gfn2", "gfn2@xtb"] {
        let campaign = Campaign { method: method.into(), ..Campaign::native() };
        campaign.engine("solvent = \"watr\"").write(&site);
        let needles = ["campaign.toml, line 18", "unknown solvent `watr`", "did you mean `water`?"];
        site.run().refused(2, &needles);
        site.write("molecule.smi", "C\n");
        let args = ["compute", "molecule.smi", "-m", method, "--solvent", "brine"];
        site.joulery(&args).refused(2, &["unknown solvent `brine`", "known are acetone, ", "water"]);
    }
    let site = good();
    site.change("campaign.toml", "[engine]", "[engine]\nsolvent = \"water\"");
    site.run().refused(2, &["campaign.toml, line ", "`table:table.csv` knows no solvents"]);
}

#[test]
fn archives_of_others_are_left_alone() {
    let site = good();
    site.run().done();
    let archive = site.path("test.joulery/archive.sqlite");
    let newer = |version: u32| {
        let connection = Connection::open(&archive).unwrap();
        connection.pragma_update(None, "user_version", version).unwrap();
    };
    newer(99);
    for command in ["run", "quote", "report", "ledger"] {
        let needles = [
            "archive.sqlite has version 99",
            "knows versions up to 1",
            "use the newer Joulery",
            "new archive",
        ];
        site.joulery(&[command, "campaign.toml"]).refused(2, &needles);
    }
    newer(1);
    site.run().done();
    let site = good();
    std::fs::create_dir(site.path("test.joulery")).unwrap();
    let noise = "no database at all, but long enough to be looked at as one. ".repeat(100);
    site.write("test.joulery/archive.sqlite", &noise);
    for command in ["run", "quote", "report", "ledger"] {
        let needles =
            ["archive.sqlite is not an archive of Joulery", "not a SQLite database", "name another file"];
        site.joulery(&[command, "campaign.toml"]).refused(2, &needles);
    }
    assert_eq!(site.read("test.joulery/archive.sqlite"), noise);
    let site = good();
    std::fs::create_dir(site.path("test.joulery")).unwrap();
    let other = Connection::open(site.path("test.joulery/archive.sqlite")).unwrap();
    other.execute_batch("CREATE TABLE music (title TEXT); INSERT INTO music VALUES ('x')").unwrap();
    site.run().refused(2, &["is not an archive of Joulery", "a SQLite database of another program"]);
    assert_eq!(other.query_row("SELECT count(*) FROM music", [], |r| r.get::<_, i64>(0)), Ok(1));
}

#[test]
fn places_that_cannot_be_written_are_named() {
    let site = good();
    std::fs::create_dir_all(site.path("test.joulery/archive.sqlite")).unwrap();
    site.run().refused(1, &["archive.sqlite cannot be opened", "it is a folder", "name a file in it"]);
    let site = good();
    site.write("test.joulery", "a file in place of the folder");
    site.run().refused(1, &["test.joulery cannot be made", "move away what is in its place"]);
    // No process may make files in /proc, not even the administrator's.
    let site = good();
    site.write("campaign.toml", format!("archive = \"/proc/a.sqlite\"\n{}", site.read("campaign.toml")));
    site.run().refused(1, &["/proc/a.sqlite.test.lock cannot be used", "allow writing to its folder"]);
}

/// Whether this machine lets a test mount a file system of its own.
fn may_mount(site: &Site) -> bool {
    let tried = site.shell("unshare -m sh -c 'mount -t tmpfs -o size=1m none scratch'");
    let may = tried.code == Some(0);
    if !may {
        eprintln!("skipped: no right to mount a file system here ({})", tried.stderr.trim());
    }
    may
}

/// Runs a script with a small disk of its own at the place of the archive.
fn on_small_disk(site: &Site, size: &str, script: &str) -> common::Ended {
    std::fs::create_dir_all(site.path("test.joulery")).unwrap();
    site.write("script.sh", format!("mount -t tmpfs -o size={size} none test.joulery || exit 99\n{script}"));
    site.shell("unshare -m sh script.sh")
}

#[test]
fn a_full_disk_stops_the_campaign_and_loses_nothing() {
    let site = good();
    if !may_mount(&site) {
        return;
    }
    let calm = good();
    calm.run().done();
    let script = "$JOULERY run campaign.toml; echo code $?; mount -o remount,size=20m test.joulery\n\
                  $JOULERY run campaign.toml >&2 || exit 98\n\
                  cp test.joulery/report.json test.joulery/archive.sqlite* scratch";
    let ended = on_small_disk(&site, "180k", script);
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.stdout, ended.stderr);
    holds(&ended.stdout, &["code 1"]);
    holds(
        &ended.stderr,
        &[
            "error: no space left for the archive ./test.joulery/archive.sqlite",
            "free some",
            "run again",
            "nothing recorded so far is lost",
        ],
    );
    let books = common::Books::open(&site.path("scratch/archive.sqlite"));
    assert_eq!(books.decisions(), calm.books().decisions());
    assert_eq!(books.evaluations(), calm.books().evaluations());
    assert_eq!(books.charged_twice(), Vec::<String>::new());
}

#[test]
fn a_read_only_disk_is_told_and_can_still_be_read() {
    let site = good();
    if !may_mount(&site) {
        return;
    }
    let script = "$JOULERY run campaign.toml >/dev/null 2>&1 || exit 98\n\
                  mount -o remount,ro test.joulery\n\
                  sed -i 's/max_evaluations = 16/max_evaluations = 24/' campaign.toml\n\
                  $JOULERY run campaign.toml; echo run $?\n\
                  $JOULERY ledger campaign.toml >/dev/null; echo ledger $?\n\
                  $JOULERY report campaign.toml --json >/dev/null; echo json $?\n\
                  $JOULERY report campaign.toml; echo report $?\n\
                  $JOULERY report campaign.toml --output scratch/elsewhere >/dev/null; echo elsewhere $?";
    let ended = on_small_disk(&site, "20m", script);
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.stdout, ended.stderr);
    for line in ["run 1", "ledger 0", "json 0", "report 1", "elsewhere 0"] {
        holds(&ended.stdout, &[line]);
    }
    holds(&ended.stderr, &["Read-only file system", "allow writing"]);
    assert!(site.path("scratch/elsewhere/report.html").exists());
}

#[test]
fn a_limit_on_the_size_of_files_stops_the_campaign_and_loses_nothing() {
    let calm = good();
    calm.run().done();
    let site = good();
    let ended = site.shell("ulimit -f 200; exec \"$JOULERY\" run campaign.toml");
    ended.refused(1, &["archive.sqlite failed", "check the disk and its quota, then run again"]);
    let before = site.books().evaluations();
    assert!(before.len() < 16);
    site.run().done();
    site.books().in_order(&site.ledger());
    assert_eq!(site.books().decisions(), calm.books().decisions());
    assert_eq!(site.books().evaluations(), calm.books().evaluations());
    assert_eq!(site.books().charged_twice(), Vec::<String>::new());
}

#[test]
fn full_scratch_space_stops_the_campaign_without_blaming_a_molecule() {
    needs_xtb();
    let site = Site::new();
    Campaign::xtb().stop_after(4).engine("scratch = \"no-such-folder\"").write(&site);
    site.run().refused(1, &["scratch folder for xtb", "No such file", "is the disk full?"]);
    assert!(site.books().evaluations().is_empty());
    site.change("campaign.toml", "scratch = \"no-such-folder\"", "scratch = \"scratch\"");
    site.run().done();
    assert_eq!(site.books().evaluations().len(), 4);
}

#[test]
fn two_processes_on_one_campaign_are_one_too_many() {
    needs_xtb();
    let site = Site::new();
    // It answers for its version and then works for ever.
    site.write("slow", "#!/bin/sh\ncase \"$*\" in *--version*) exec xtb --version;; esac\nexec sleep 600\n");
    site.shell("chmod +x slow").done();
    Campaign::xtb().engine(&format!("xtb = \"{}\"", site.path("slow").display())).write(&site);
    let mut first = site.running();
    let lock = site.path("test.joulery/archive.sqlite.test.lock");
    while first.is_running() && site.processes().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(first.is_running());
    let holder = format!("being run by process {} ", first.pid());
    for command in ["run", "quote"] {
        let needles = [
            &holder,
            "campaign `test`",
            &*lock.file_name().unwrap().to_string_lossy(),
            "wait until it ends or stop it",
        ];
        site.joulery(&[command, "campaign.toml"]).refused(1, &needles);
    }
    // Looking is allowed.
    site.joulery(&["ledger", "campaign.toml"]).done();
    site.joulery(&["report", "campaign.toml"]).done();
    assert!(first.kill());
    // The lock has gone with its holder.
    site.change("campaign.toml", &format!("xtb = \"{}\"", site.path("slow").display()), "");
    site.change("campaign.toml", "max_evaluations = 16", "max_evaluations = 1");
    site.run().done();
}

#[test]
fn another_question_needs_another_name() {
    for (from, to, changed) in [
        ("seed = 7", "seed = 8", "seed"),
        ("\"minimise\"", "\"maximise\"", "objective"),
        ("batch = 4", "batch = 5", "search"),
        ("[search]", "[constraints]\nmolecular_weight = { max = 300 }\n[search]", "constraints"),
    ] {
        let site = good();
        site.run().done();
        let before = site.books().dump();
        site.change("campaign.toml", from, to);
        let needles = [
            "campaign `test` was begun with another specification",
            &format!("(changed: {changed})"),
            "Only budget, stop rules",
            "give the new question another name, or undo the change",
        ];
        for command in ["run", "quote"] {
            site.joulery(&[command, "campaign.toml"]).refused(2, &needles);
        }
        assert_eq!(site.books().dump(), before);
        // What does not change decisions may change.
        site.change("campaign.toml", to, from).change("campaign.toml", "threads = 2", "threads = 1");
        site.change("campaign.toml", "max_evaluations = 16", "max_evaluations = 20");
        site.run().done();
        assert_eq!(site.books().evaluations().len(), 20);
    }
    // What the campaign file names is part of the question too.
    let site = good();
    site.run().done();
    site.write("library.smi", site.read("library.smi") + "C\n");
    site.run().refused(2, &["changed: ", "library"]);
    let site = good();
    site.run().done();
    site.write("table.csv", site.read("table.csv") + "C,1,1\n");
    site.change("campaign.toml", "max_evaluations = 16", "max_evaluations = 20");
    site.run().refused(2, &["changed: the method itself", "table:table.csv#"]);
}
