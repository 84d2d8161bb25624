//! Opening an archive.

use crate::error::{ArchiveError, BUSY_SECONDS, from_sqlite};
use crate::schema::{self, Content};
use crate::write::Writer;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The durable store: one SQLite file.
///
/// What [`Archive::write`] has returned from is on the disk, also after a loss of power: SQLite's write-ahead log
/// (`journal_mode=WAL`) is flushed at every commit (`synchronous=FULL`). The flush takes milliseconds, a
/// calculation seconds. With `synchronous=NORMAL` a commit would survive the death of the process but not that of
/// the machine, and what was announced as finished and charged could be gone.
///
/// Several threads may use one archive (one connection behind a mutex); several processes may open one file
/// and wait for each other. The file must lie on a local disk: the write-ahead log needs shared memory.
///
/// ```
/// use archive::{Archive, EventKind};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("quinones.joulery");
/// let archive = Archive::open(&path)?;
/// let campaign = archive.write(|w| w.create_campaign("quinones", "budget = '1 kWh'", "hash"))?;
/// archive.write(|w| w.event(campaign, EventKind::Decided, &serde_json::json!({"batch": 8})))?;
/// drop(archive);
///
/// let again = Archive::open_read_only(&path)?;
/// assert_eq!(again.campaign("quinones")?.map(|c| c.id), Some(campaign));
/// assert_eq!(again.events(campaign)?[0].payload["batch"], 8);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Archive {
    path: PathBuf,
    connection: Mutex<Connection>,
}

impl fmt::Debug for Archive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Archive").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Archive {
    /// Opens an archive for reading and writing, and makes it if there is none. Tables of an older version are
    /// brought up to date. A creation that is interrupted leaves a file without tables, which counts as none.
    ///
    /// # Errors
    /// [`ArchiveError::CannotOpen`], [`ArchiveError::NotAnArchive`], [`ArchiveError::Newer`],
    /// [`ArchiveError::ReadOnly`], [`ArchiveError::Corrupted`], [`ArchiveError::Full`], [`ArchiveError::Busy`].
    pub fn open(path: &Path) -> Result<Archive, ArchiveError> {
        Archive::open_writable(path, OpenFlags::SQLITE_OPEN_CREATE)
    }

    /// Opens an archive that must be there, for reading and writing.
    ///
    /// # Errors
    /// [`ArchiveError::Missing`], and those of [`Archive::open`].
    pub fn open_existing(path: &Path) -> Result<Archive, ArchiveError> {
        if !path.exists() {
            return Err(ArchiveError::Missing { path: path.to_owned() });
        }
        Archive::open_writable(path, OpenFlags::empty())
    }

    fn open_writable(path: &Path, create: OpenFlags) -> Result<Archive, ArchiveError> {
        let existed = path.exists();
        let failed = |error| from_sqlite(path, "opening it", error);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | create;
        let mut connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        prepare(&connection).map_err(failed)?;
        // Looked at before anything is changed: a file of something else must stay as it is.
        let content = checked_content(path, &connection);
        // SQLite quietly opens a write-protected file for reading, and then may fail for want of a log beside it.
        if connection.is_readonly("main").map_err(failed)?
            && !matches!(
                content,
                Err(ArchiveError::NotAnArchive { .. }
                    | ArchiveError::Newer { .. }
                    | ArchiveError::Corrupted { .. })
            )
        {
            return Err(ArchiveError::ReadOnly { path: path.to_owned() });
        }
        let content = content?;
        use_log(&connection).map_err(failed)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
        if content != Content::Archive(schema::VERSION) {
            schema::migrate(&mut connection).map_err(failed)?;
            // Another process may have put something else there in the meantime.
            checked_content(path, &connection)?;
        }
        if !existed {
            flush_folder(path)?;
        }
        Ok(Archive { path: path.to_owned(), connection: Mutex::new(connection) })
    }

    /// Opens an archive for reading only, also while a campaign writes to it, and also from a disk that cannot be
    /// written.
    ///
    /// # Errors
    /// [`ArchiveError::Missing`], [`ArchiveError::Older`], and those of [`Archive::open`].
    pub fn open_read_only(path: &Path) -> Result<Archive, ArchiveError> {
        if !path.exists() {
            return Err(ArchiveError::Missing { path: path.to_owned() });
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let open = |name: &Path, flags| -> Result<(Connection, Content), ArchiveError> {
            let connection =
                Connection::open_with_flags(name, flags).map_err(|e| from_sqlite(path, "opening it", e))?;
            prepare(&connection).map_err(|e| from_sqlite(path, "opening it", e))?;
            let content = checked_content(path, &connection)?;
            Ok((connection, content))
        };
        let opened = open(path, flags).or_else(|error| match error {
            // Readers of a write-ahead log write to shared memory beside the file. Where the folder does not allow
            // that and no log is left to be read, the file alone is the whole archive.
            ArchiveError::CannotOpen { .. } | ArchiveError::ReadOnly { .. } | ArchiveError::Io { .. }
                if path.is_file() && !has_log(path) =>
            {
                open(&immutable_uri(path), flags | OpenFlags::SQLITE_OPEN_URI)
            }
            error => Err(error),
        });
        let (connection, content) = opened?;
        match content {
            Content::Archive(schema::VERSION) => {
                Ok(Archive { path: path.to_owned(), connection: Mutex::new(connection) })
            }
            Content::Archive(found) => {
                Err(ArchiveError::Older { path: path.to_owned(), found, known: schema::VERSION })
            }
            _ => Err(ArchiveError::NotAnArchive { path: path.to_owned(), found: "an empty file".into() }),
        }
    }

    /// An archive in memory, gone when it is dropped: for tests, and for work that nobody will want to resume.
    ///
    /// # Errors
    /// [`ArchiveError::Internal`] only.
    pub fn in_memory() -> Result<Archive, ArchiveError> {
        let path = PathBuf::from(":memory:");
        let failed = |error| from_sqlite(&path, "opening it in memory", error);
        let mut connection = Connection::open_in_memory().map_err(failed)?;
        prepare(&connection).map_err(failed)?;
        schema::migrate(&mut connection).map_err(failed)?;
        Ok(Archive { path, connection: Mutex::new(connection) })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Does everything in `work` in one transaction: all of it is durable when this returns `Ok`, none of it
    /// when it returns an error (of SQLite or of `work` itself). Keep `work` short, others wait for it, and do not use
    /// the archive itself within it.
    ///
    /// # Errors
    /// [`ArchiveError::Full`], [`ArchiveError::ReadOnly`], [`ArchiveError::Busy`], [`ArchiveError::Io`],
    /// [`ArchiveError::Corrupted`], and what `work` returns.
    pub fn write<T, E: From<ArchiveError>>(
        &self,
        work: impl FnOnce(&Writer) -> Result<T, E>,
    ) -> Result<T, E> {
        let failed = |error| from_sqlite(&self.path, "writing", error);
        let mut connection = self.lock();
        // Immediate: a transaction that begins by reading could not wait for another process when it writes.
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let value = work(&Writer { transaction: &transaction, path: &self.path })?;
        transaction.commit().map_err(failed)?;
        Ok(value)
    }

    /// Runs a query of this crate on the connection.
    pub(crate) fn read<T>(
        &self,
        doing: &'static str,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, ArchiveError> {
        query(&self.lock()).map_err(|error| from_sqlite(&self.path, doing, error))
    }

    /// Reads every page and checks that all parts of the file fit together.
    ///
    /// # Errors
    /// [`ArchiveError::Corrupted`] with the first thing that is wrong.
    pub fn verify(&self) -> Result<(), ArchiveError> {
        let corrupted = |detail| ArchiveError::Corrupted { path: self.path.clone(), detail };
        let report: String =
            self.read("checking it", |c| c.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)))?;
        if report != "ok" {
            return Err(corrupted(report));
        }
        let orphan: Option<String> = self.read("checking it", |c| {
            let mut statement = c.prepare("PRAGMA foreign_key_check")?;
            let mut rows = statement.query([])?;
            rows.next()?.map(|row| row.get(0)).transpose()
        })?;
        match orphan {
            Some(table) => Err(corrupted(format!("a row of {table} refers to one that is not there"))),
            None => Ok(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic while the mutex was held has rolled its transaction back: the connection is in order.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the file grow by no more than so many pages, to provoke a full disk.
    #[cfg(test)]
    pub(crate) fn limit_growth(&self, pages: i64) {
        let connection = self.lock();
        let now: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        connection.pragma_update(None, "max_page_count", now + pages).unwrap();
    }
}

/// Settings of every connection.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(BUSY_SECONDS))?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // A damaged file is noticed sooner, and a prepared one cannot run functions from its schema.
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(())
}

/// Switches to the write-ahead log. SQLite does not wait for others when it changes the mode of a new file that they
/// have just opened too, so this does.
fn use_log(connection: &Connection) -> rusqlite::Result<()> {
    let patience = Instant::now() + Duration::from_secs(BUSY_SECONDS);
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && Instant::now() < patience =>
            {
                std::thread::sleep(Duration::from_millis(10));
            }
            other => return other,
        }
    }
}

fn checked_content(path: &Path, connection: &Connection) -> Result<Content, ArchiveError> {
    let path = path.to_owned();
    match schema::content(connection).map_err(|e| from_sqlite(&path, "reading its version", e))? {
        Content::Foreign => {
            Err(ArchiveError::NotAnArchive { path, found: "a SQLite database of another program".into() })
        }
        Content::Archive(found) if found > schema::VERSION => {
            Err(ArchiveError::Newer { path, found, known: schema::VERSION })
        }
        content => Ok(content),
    }
}

/// Whether a write-ahead log with content lies beside the file.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|m| m.len() > 0)
}

/// The file as one that nobody changes, in SQLite's notation.
fn immutable_uri(path: &Path) -> PathBuf {
    let mut escaped = std::ffi::OsString::from("file:");
    let path = path.to_string_lossy();
    for character in path.chars() {
        match character {
            '%' | '?' | '#' => escaped.push(format!("%{:02X}", u32::from(character))),
            other => escaped.push(other.to_string()),
        }
    }
    escaped.push("?immutable=1");
    PathBuf::from(escaped)
}

/// Makes the name of a new file survive a loss of power.
fn flush_folder(path: &Path) -> Result<(), ArchiveError> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|e| ArchiveError::Io { path: path.to_owned(), detail: e.to_string() })
}

#[cfg(test)]
mod tests;
