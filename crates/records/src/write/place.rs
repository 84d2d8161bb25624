//! A file that gets its name when it is complete.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempPath;

pub(super) struct Place {
    path: PathBuf,
    temporary: TempPath,
    /// The same file, to have it on the disk before it gets its name.
    file: File,
}

impl Place {
    /// A temporary file in the folder of `path`.
    pub(super) fn new(path: &Path) -> io::Result<(Place, File)> {
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".joulery-").suffix(".part");
        // As readable as any other new file, not for its owner alone.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let (file, temporary) = builder.tempfile_in(folder)?.into_parts();
        let other = file.try_clone()?;
        Ok((Place { path: path.to_owned(), temporary, file }, other))
    }

    /// Gives the file its name.
    pub(super) fn take(self) -> io::Result<()> {
        self.file.sync_all()?;
        self.temporary.persist(&self.path).map_err(|e| e.error)
    }
}
