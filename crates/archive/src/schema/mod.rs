//! Versions of the tables.

use rusqlite::{Connection, TransactionBehavior};

/// Marks a SQLite file as an archive of Joulery ("JOUL").
pub(crate) const APPLICATION_ID: i32 = 0x4A4F_554C;

/// One script per version, in order; a published one is never edited, changes are appended as the next version.
const MIGRATIONS: [&str; 1] = [include_str!("001.sql")];

/// The version that this program writes.
pub(crate) const VERSION: u32 = MIGRATIONS.len() as u32;

/// What kind of file is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Nothing yet: a new file, or one whose creation was interrupted.
    Empty,
    /// An archive of this version.
    Archive(u32),
    /// A SQLite database of something else.
    Foreign,
}

/// Looks at a file without changing it.
pub(crate) fn content(connection: &Connection) -> rusqlite::Result<Content> {
    // One statement sees one state of the file, also while another process is making its tables.
    let sql = "SELECT (SELECT application_id FROM pragma_application_id),
                      (SELECT user_version FROM pragma_user_version),
                      (SELECT count(*) FROM sqlite_schema)";
    let (application, version, tables): (i64, i64, i64) =
        connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(match (application, version, tables) {
        (0, 0, 0) => Content::Empty,
        (id, version, _) if id == i64::from(APPLICATION_ID) => {
            Content::Archive(u32::try_from(version).unwrap_or(u32::MAX))
        }
        _ => Content::Foreign,
    })
}

/// Brings the tables to [`VERSION`], all steps in one transaction: after a crash in between the file is as before.
pub(crate) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    // Another process may have done it while this one waited.
    let found = match content(&transaction)? {
        Content::Empty => 0,
        Content::Archive(version) => version,
        Content::Foreign => return Ok(()),
    };
    for (version, script) in (1u32..).zip(MIGRATIONS) {
        if version > found {
            transaction.execute_batch(script)?;
        }
    }
    if found < VERSION {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
    }
    transaction.commit()
}
