//! Files and folders as one list of files.

use crate::columns::Columns;
use crate::error::RecordsError;
use crate::format::Format;
use crate::packed::Counter;
use crate::read;
use crate::stream::Records;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where records come from.
///
/// Files are read in the order given. A folder stands for the data files in it and in the folders below (known endings;
/// hidden ones and links to folders left out), in the order of their paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Files and folders.
    pub files: Vec<PathBuf>,
    /// Format of all files; if not given, the ending of each tells.
    pub format: Option<Format>,
}

/// Folders within folders, at most.
const DEPTH: usize = 32;

impl Source {
    /// Files and folders whose endings tell their formats.
    pub fn new<P: Into<PathBuf>>(files: impl IntoIterator<Item = P>) -> Source {
        Source { files: files.into_iter().map(Into::into).collect(), format: None }
    }

    /// The files, folders replaced by what is in them, with their formats.
    ///
    /// # Errors
    /// Nothing given, a folder without data files, a file given twice, an ending that tells no format, a file or folder
    /// that cannot be looked at.
    pub fn list(&self) -> Result<Vec<(PathBuf, Format)>, RecordsError> {
        let mut files = Vec::new();
        for path in &self.files {
            let open = |source| RecordsError::Open { file: path.clone(), source };
            if std::fs::metadata(path).map_err(open)?.is_dir() {
                let mut found = Vec::new();
                self.within(path, 0, &mut found)?;
                if found.is_empty() {
                    return Err(RecordsError::EmptyFolder { folder: path.clone() });
                }
                found.sort();
                files.append(&mut found);
            } else {
                files.push(path.clone());
            }
        }
        if files.is_empty() {
            return Err(RecordsError::NoFiles);
        }
        let mut seen = BTreeSet::new();
        let mut list = Vec::with_capacity(files.len());
        for file in files {
            let place = std::fs::canonicalize(&file)
                .map_err(|source| RecordsError::Open { file: file.clone(), source })?;
            if !seen.insert(place) {
                return Err(RecordsError::Twice { file });
            }
            let format = self.format.or_else(|| Format::of(&file));
            let format = format.ok_or_else(|| RecordsError::UnknownFormat { file: file.clone() })?;
            list.push((file, format));
        }
        Ok(list)
    }

    fn within(&self, folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), RecordsError> {
        let open = |source| RecordsError::Open { file: folder.to_owned(), source };
        for entry in std::fs::read_dir(folder).map_err(open)? {
            let entry = entry.map_err(open)?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            let path = entry.path();
            if entry.file_type().map_err(open)?.is_dir() {
                if depth < DEPTH {
                    self.within(&path, depth + 1, found)?;
                }
            } else if Format::of(&path).is_some() && path.is_file() {
                found.push(path);
            }
        }
        Ok(())
    }

    /// A stream of the records of all files, from the first.
    ///
    /// Every file is looked at now: that it can be opened, and has the columns.
    ///
    /// # Errors
    /// Those of [`Source::list`]; a header that cannot be read, or does not have the columns.
    pub fn open(&self, want: &Columns) -> Result<Records, RecordsError> {
        let files = self.list()?;
        for (file, format) in &files {
            read::open(file, *format, want, &Counter::default())?;
        }
        Ok(Records::new(files, want.clone()))
    }

    /// The same stream from record `row` of file `file` (both from 0) on, with the same numbers of rows: what a reader
    /// that stopped there would have read next.
    ///
    /// # Errors
    /// Those of [`Source::open`], and a place behind the end.
    pub fn open_at(&self, want: &Columns, file: usize, row: u64) -> Result<Records, RecordsError> {
        let mut records = self.open(want)?;
        records.go_to(file, row)?;
        Ok(records)
    }
}
