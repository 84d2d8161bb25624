//! Scratch folders that clean up after themselves, also after a crash.

use std::path::{Path, PathBuf};

const PREFIX: &str = "joulery-scratch-";

/// A fresh folder, removed when dropped. Its name holds this process's number so that [`sweep`] can tell
/// which folders a killed process left behind.
#[derive(Debug)]
pub struct Scratch(tempfile::TempDir);

impl Scratch {
    /// Makes a folder below `root` (default: the system's folder for temporary files).
    pub fn new(root: Option<&Path>) -> std::io::Result<Scratch> {
        let root = root.map_or_else(std::env::temp_dir, Path::to_path_buf);
        let prefix = format!("{PREFIX}{}-", std::process::id());
        tempfile::Builder::new().prefix(&prefix).tempdir_in(root).map(Scratch)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

/// Removes scratch folders below `root` whose process is gone; returns how many.
pub fn sweep(root: Option<&Path>) -> usize {
    let root = root.map_or_else(std::env::temp_dir, Path::to_path_buf);
    let Ok(entries) = std::fs::read_dir(root) else { return 0 };
    let orphaned = |path: &PathBuf| {
        let name = path.file_name()?.to_str()?.strip_prefix(PREFIX)?;
        let pid: u32 = name.split('-').next()?.parse().ok()?;
        Some(!Path::new(&format!("/proc/{pid}")).exists())
    };
    entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| orphaned(path) == Some(true))
        .filter(|path| std::fs::remove_dir_all(path).is_ok())
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scratch_folder_vanishes_and_orphans_are_swept() {
        let root = tempfile::tempdir().unwrap();
        let scratch = Scratch::new(Some(root.path())).unwrap();
        std::fs::write(scratch.path().join("x"), "y").unwrap();
        // Process numbers end below 2^22 on Linux, so this one is of no living process.
        let orphan = root.path().join(format!("{PREFIX}999999999-abc"));
        std::fs::create_dir(&orphan).unwrap();
        assert_eq!(sweep(Some(root.path())), 1);
        assert!(!orphan.exists());
        let path = scratch.path().to_owned();
        assert!(path.exists());
        drop(scratch);
        assert!(!path.exists());
    }
}
