use super::*;
use crate::records::EventKind;
use serde_json::json;
use std::fs;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn sqlite(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

/// An archive with a campaign of so many events of about a kilobyte.
fn filled(path: &Path, events: usize) -> Archive {
    let archive = Archive::open(path).unwrap();
    archive
        .write(|w| {
            let campaign = w.create_campaign("demo", "", "")?;
            let payload = json!({"text": "x".repeat(1000)});
            (0..events).try_for_each(|_| w.event(campaign, EventKind::Planned, &payload))?;
            Ok::<_, ArchiveError>(())
        })
        .unwrap();
    archive
}

#[test]
fn what_was_written_is_there_after_opening_again() {
    let folder = folder();
    let path = folder.path().join("a.joulery");
    drop(filled(&path, 3));
    let archive = Archive::open_existing(&path).unwrap();
    assert_eq!(archive.counts().unwrap().events, 3);
    archive.verify().unwrap();
    let settings: (String, i64) = archive
        .read("", |c| {
            let mode = c.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
            Ok((mode, c.query_row("PRAGMA synchronous", [], |row| row.get(0))?))
        })
        .unwrap();
    assert_eq!(settings, ("wal".into(), 2), "2 is FULL");
}

#[test]
fn interrupted_creation_is_taken_up() {
    let folder = folder();
    let empty = folder.path().join("empty");
    fs::write(&empty, "").unwrap();
    Archive::open(&empty).unwrap();
    // The header is written before the tables.
    let header = folder.path().join("header");
    sqlite(&header, "PRAGMA journal_mode = WAL");
    assert!(matches!(Archive::open_read_only(&header), Err(ArchiveError::NotAnArchive { .. })));
    Archive::open(&header).unwrap();
    Archive::open_read_only(&header).unwrap();
}

#[test]
fn paths_that_are_no_archive_are_named() {
    let folder = folder();
    let missing = folder.path().join("missing");
    assert!(matches!(Archive::open_existing(&missing), Err(ArchiveError::Missing { .. })));
    assert!(matches!(Archive::open_read_only(&missing), Err(ArchiveError::Missing { .. })));
    assert!(!missing.exists());

    let message = |path: &Path| Archive::open(path).unwrap_err().to_string();
    assert!(
        message(folder.path()).ends_with("it is a folder; name a file in it"),
        "{}",
        message(folder.path())
    );
    let nowhere = folder.path().join("no/such/a.joulery");
    assert!(message(&nowhere).contains("such does not exist; make it first"), "{}", message(&nowhere));

    let text = folder.path().join("notes.txt");
    fs::write(&text, "not a database at all, but longer than the header of one would be: ".repeat(20))
        .unwrap();
    assert!(
        message(&text).contains("is not an archive of Joulery (not a SQLite database)"),
        "{}",
        message(&text)
    );
}

#[test]
fn a_database_of_another_program_stays_as_it_is() {
    let folder = folder();
    let path = folder.path().join("other.db");
    sqlite(&path, "CREATE TABLE t (x); INSERT INTO t VALUES (1)");
    let before = fs::read(&path).unwrap();
    let error = Archive::open(&path).unwrap_err();
    assert!(matches!(error, ArchiveError::NotAnArchive { .. }));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_newer_archive_is_refused_with_both_versions() {
    let folder = folder();
    let path = folder.path().join("a.joulery");
    drop(filled(&path, 1));
    sqlite(&path, "PRAGMA user_version = 7");
    for error in [Archive::open(&path).unwrap_err(), Archive::open_read_only(&path).unwrap_err()] {
        let message = error.to_string();
        assert!(
            message.contains("has version 7, this program knows versions up to 1: use the newer"),
            "{message}"
        );
    }
    sqlite(&path, "PRAGMA user_version = 0");
    assert!(matches!(Archive::open_read_only(&path), Err(ArchiveError::Older { found: 0, .. })));
}

#[test]
fn a_full_disk_loses_the_last_record_only() {
    let folder = folder();
    let path = folder.path().join("a.joulery");
    let archive = filled(&path, 5);
    let campaign = archive.campaign("demo").unwrap().unwrap().id;
    archive.limit_growth(2);
    let payload = json!({"text": "y".repeat(3000)});
    let mut safe = 5;
    let error = loop {
        match archive.write(|w| w.event(campaign, EventKind::Finished, &payload)) {
            Ok(()) => safe += 1,
            Err(error) => break error,
        }
        assert!(safe < 100, "the limit does not bite");
    };
    assert!(matches!(&error, ArchiveError::Full { path: p } if *p == path));
    assert!(error.to_string().contains("no space left for the archive"));
    assert_eq!(archive.events(campaign).unwrap().len(), safe);
    // Space is free again: the same archive goes on.
    archive.limit_growth(1000);
    archive.write(|w| w.event(campaign, EventKind::Finished, &payload)).unwrap();
    archive.verify().unwrap();
    drop(archive);
    assert_eq!(Archive::open(&path).unwrap().events(campaign).unwrap().len(), safe + 1);
}

#[test]
fn reading_does_not_write() {
    let folder = folder();
    let path = folder.path().join("a%20?#.joulery");
    drop(filled(&path, 1));
    let archive = Archive::open_read_only(&path).unwrap();
    let campaign = archive.campaign("demo").unwrap().unwrap().id;
    let error = archive.write(|w| w.event(campaign, EventKind::Stopped, &json!({}))).unwrap_err();
    assert!(matches!(error, ArchiveError::ReadOnly { .. }), "{error}");
    // The way in from a disk that cannot be written.
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let immutable = Connection::open_with_flags(immutable_uri(&path), flags).unwrap();
    assert_eq!(schema::content(&immutable).unwrap(), Content::Archive(schema::VERSION));
}

#[test]
fn readers_see_what_a_writer_has_committed_so_far() {
    let folder = folder();
    let path = folder.path().join("a.joulery");
    let writer = filled(&path, 1);
    let reader = Archive::open_read_only(&path).unwrap();
    let campaign = reader.campaign("demo").unwrap().unwrap().id;
    writer.write(|w| w.event(campaign, EventKind::Fitted, &json!({}))).unwrap();
    let events = reader.events(campaign).unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!(reader.events_after(campaign, events[0].seq).unwrap(), events[1..]);
}

#[test]
fn damage_is_reported_as_such() {
    let folder = folder();
    let path = folder.path().join("a.joulery");
    drop(filled(&path, 200));
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0xA5);
    fs::write(&path, &bytes).unwrap();
    let error = Archive::open(&path).and_then(|a| a.verify()).unwrap_err();
    assert!(matches!(error, ArchiveError::Corrupted { .. }), "{error}");
    assert!(error.to_string().contains(".recover"));
}

#[test]
fn an_error_in_the_middle_undoes_everything() {
    let archive = Archive::in_memory().unwrap();
    let campaign = archive.write(|w| w.create_campaign("demo", "", "")).unwrap();
    let error = archive
        .write(|w| {
            w.event(campaign, EventKind::Started, &json!({}))?;
            w.create_campaign("demo", "", "")
        })
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the archive already has a campaign `demo`: go on with it or choose another name"
    );
    assert!(archive.events(campaign).unwrap().is_empty());
    let error =
        archive.write(|w| w.event(crate::CampaignId(99), EventKind::Started, &json!({}))).unwrap_err();
    assert!(matches!(error, ArchiveError::NoSuchCampaign { id: 99 }));
}

#[test]
fn many_may_open_a_new_archive_at_once() {
    let folder = folder();
    for round in 0..20 {
        let path = folder.path().join(format!("{round}.joulery"));
        let names: Vec<String> = (0..6).map(|i| format!("campaign {i}")).collect();
        std::thread::scope(|scope| {
            for name in &names {
                scope.spawn(|| {
                    Archive::open(&path).unwrap().write(|w| w.create_campaign(name, "", "")).unwrap()
                });
            }
        });
        assert_eq!(Archive::open(&path).unwrap().campaigns().unwrap().len(), names.len());
    }
}
