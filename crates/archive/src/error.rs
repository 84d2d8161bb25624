//! What can go wrong with an archive.

use rusqlite::ErrorCode;
use std::path::{Path, PathBuf};

/// What can go wrong with an archive.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// Your input: there is no such file.
    #[error("there is no archive at {}: check the path, or start a campaign to make one", path.display())]
    Missing {
        /// The path given.
        path: PathBuf,
    },
    /// Your input or the world: the file cannot be opened or made.
    #[error("the archive {} cannot be opened: {reason}", path.display())]
    CannotOpen {
        /// The path given.
        path: PathBuf,
        /// Why, and what to do.
        reason: String,
    },
    /// Your input: the file is something else.
    #[error("{} is not an archive of Joulery ({found}): name another file", path.display())]
    NotAnArchive {
        /// The path given.
        path: PathBuf,
        /// What it is.
        found: String,
    },
    /// Your input: a newer program has written the file.
    #[error(
        "the archive {} has version {found}, this program knows versions up to {known}: use the newer Joulery that \
         wrote it, or start a new archive",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The newest version that can be read.
        known: u32,
    },
    /// Your input: an older program has written the file, and it may not be changed here.
    #[error(
        "the archive {} has version {found}, this program writes version {known}, and the file is opened for \
         reading only: open it once for writing (`joulery run`) to bring it up to date",
        path.display()
    )]
    Older {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The version of this program.
        known: u32,
    },
    /// The world: the file may not be written.
    #[error(
        "the archive {} is read-only: allow writing to the file and its folder, or copy it elsewhere",
        path.display()
    )]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// The world: no space left. Everything announced before is safe; the last record is not in.
    #[error(
        "no space left for the archive {}: free some on its disk and run again; nothing recorded so far is lost",
        path.display()
    )]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The world: the content of the file is damaged.
    #[error(
        "the archive {} is damaged ({detail}): restore it from a backup, or rescue what is left with \
         `sqlite3 FILE .recover`",
        path.display()
    )]
    Corrupted {
        /// The file.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// The world: another process held the file for too long.
    #[error(
        "the archive {} stayed locked by another process for {seconds} s: wait until that is done, then run again",
        path.display()
    )]
    Busy {
        /// The file.
        path: PathBuf,
        /// How long was waited.
        seconds: u64,
    },
    /// The world: reading or writing failed.
    #[error(
        "reading or writing the archive {} failed ({detail}): check the disk and its quota, then run again",
        path.display()
    )]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        detail: String,
    },
    /// The world: another process runs the campaign.
    #[error(
        "campaign `{campaign}` is being run by process {holder} (lock file {}): wait until it ends or stop it; the \
         lock vanishes with its process",
        lock.display()
    )]
    Locked {
        /// The campaign.
        campaign: String,
        /// The lock file.
        lock: PathBuf,
        /// Process number of the holder, or `unknown`.
        holder: String,
    },
    /// The world: the lock file cannot be made.
    #[error("the lock file {} cannot be used ({detail}): allow writing to its folder", lock.display())]
    CannotLock {
        /// The lock file.
        lock: PathBuf,
        /// What the system says.
        detail: String,
    },
    /// The caller's bug: a number that cannot be stored.
    #[error("{field} is {value}: an archive holds {expected}")]
    BadNumber {
        /// Which number.
        field: &'static str,
        /// What was found.
        value: f64,
        /// What is possible.
        expected: &'static str,
    },
    /// The caller's bug: an identity that does not belong to what is recorded under it.
    #[error(
        "calculation {found} is recorded under structure, method and task that have the identity {expected}"
    )]
    WrongIdentity {
        /// The identity given.
        found: String,
        /// The identity that follows.
        expected: String,
    },
    /// The caller's bug: a campaign that this archive does not have.
    #[error("campaign number {id} is not in this archive: numbers of campaigns hold for one archive only")]
    NoSuchCampaign {
        /// The number.
        id: i64,
    },
    /// Your input: a campaign of this name exists.
    #[error("the archive already has a campaign `{name}`: go on with it or choose another name")]
    CampaignExists {
        /// The name.
        name: String,
    },
    /// Our bug.
    #[error("internal error of the archive {} while {doing}: {detail}; please report it", path.display())]
    Internal {
        /// The file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// What SQLite says.
        detail: String,
    },
}

/// How long another process may hold the file before [`ArchiveError::Busy`], in seconds.
pub(crate) const BUSY_SECONDS: u64 = 30;

/// Puts an error of SQLite into words, with the file it is about.
pub(crate) fn from_sqlite(path: &Path, doing: &'static str, error: rusqlite::Error) -> ArchiveError {
    let path = path.to_owned();
    let detail = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => ArchiveError::Full { path },
        Some(ErrorCode::ReadOnly) => ArchiveError::ReadOnly { path },
        Some(ErrorCode::NotADatabase) => {
            ArchiveError::NotAnArchive { path, found: "not a SQLite database".into() }
        }
        Some(ErrorCode::DatabaseCorrupt) => ArchiveError::Corrupted { path, detail },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            ArchiveError::Busy { path, seconds: BUSY_SECONDS }
        }
        Some(ErrorCode::SystemIoFailure | ErrorCode::OperationInterrupted) => {
            ArchiveError::Io { path, detail }
        }
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            let reason =
                why_not(&path).unwrap_or_else(|| format!("{detail}; check the permissions of the file"));
            ArchiveError::CannotOpen { path, reason }
        }
        _ => ArchiveError::Internal { path, doing, detail },
    }
}

/// The usual reasons why a file cannot be opened.
fn why_not(path: &Path) -> Option<String> {
    if path.is_dir() {
        return Some("it is a folder; name a file in it".into());
    }
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !parent.exists() {
        return Some(format!("the folder {} does not exist; make it first", parent.display()));
    }
    if !parent.is_dir() {
        return Some(format!("{} is not a folder", parent.display()));
    }
    if !path.exists() {
        return Some(format!(
            "no new file can be made in {}; allow writing there or choose another folder",
            parent.display()
        ));
    }
    None
}
