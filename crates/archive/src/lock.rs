//! One process per campaign.

use crate::error::ArchiveError;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Keeps other processes from running the same campaign, as long as it lives.
///
/// It is a lock of the kernel on a file beside the archive, so it vanishes with its process however that ends; the
/// file itself stays and says nothing. Campaigns of different names in one archive do not exclude each other.
///
/// ```
/// use archive::{ArchiveError, CampaignLock};
///
/// let folder = tempfile::tempdir()?;
/// let archive = folder.path().join("quinones.joulery");
/// let lock = CampaignLock::acquire(&archive, "quinones")?;
/// assert!(matches!(CampaignLock::acquire(&archive, "quinones"), Err(ArchiveError::Locked { .. })));
/// drop(lock);
/// assert!(CampaignLock::acquire(&archive, "quinones").is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "the lock is released when this is dropped"]
#[derive(Debug)]
pub struct CampaignLock {
    path: PathBuf,
    file: File,
}

/// `ARCHIVE.CAMPAIGN.lock`; letters that do not belong into a file name are written as `%` and their code.
fn lock_path(archive: &Path, campaign: &str) -> PathBuf {
    let mut name = archive.as_os_str().to_owned();
    name.push(".");
    for byte in campaign.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => name.push(char::from(byte).to_string()),
            other => name.push(format!("%{other:02x}")),
        }
    }
    name.push(".lock");
    PathBuf::from(name)
}

impl CampaignLock {
    /// Takes the lock of a campaign in an archive, without waiting.
    ///
    /// # Errors
    /// [`ArchiveError::Locked`] with the number of the process that has it; [`ArchiveError::CannotLock`] if the lock
    /// file cannot be made.
    pub fn acquire(archive: &Path, campaign: &str) -> Result<CampaignLock, ArchiveError> {
        let path = lock_path(archive, campaign);
        let failed = |error: std::io::Error| ArchiveError::CannotLock {
            lock: path.clone(),
            detail: error.to_string(),
        };
        // Not truncated on opening: the holder's number must stay readable for those who are refused.
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let known = file.read_to_string(&mut holder).is_ok() && !holder.trim().is_empty();
                let holder = if known { holder.trim().to_owned() } else { "unknown".to_owned() };
                return Err(ArchiveError::Locked { campaign: campaign.to_owned(), lock: path, holder });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())).map_err(failed)?;
        Ok(CampaignLock { path, file })
    }

    /// The lock file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for CampaignLock {
    fn drop(&mut self) {
        // The file is not removed: another process may just have opened it, and would then hold a lock on a file that
        // nobody else can see. Emptying it is a courtesy, closing it releases the lock.
        let _ = self.file.set_len(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refused_learns_who_holds_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("a.joulery");
        let lock = CampaignLock::acquire(&archive, "red ox/1").unwrap();
        assert_eq!(lock.path(), folder.path().join("a.joulery.red%20ox%2f1.lock"));
        let message = CampaignLock::acquire(&archive, "red ox/1").unwrap_err().to_string();
        assert!(message.contains(&format!("being run by process {}", std::process::id())), "{message}");
        assert!(message.contains("a.joulery.red%20ox%2f1.lock"), "{message}");
        assert!(CampaignLock::acquire(&archive, "other").is_ok());
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = CampaignLock::acquire(&folder.path().join("no/a.joulery"), "c").unwrap_err();
        assert!(matches!(error, ArchiveError::CannotLock { .. }));
    }
}
