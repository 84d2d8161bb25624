//! The state of a screening in a file.

use crate::error::ScreeningError;
use crate::outcome::{Counts, EXAMPLES, Failure, Outcome, Unread};
use crate::settings::Settings;
use crate::top::{Hit, Top};
use records::{Format, Records, Source};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::UNIX_EPOCH;

/// The first word of a state file; its number changes with its meaning.
const FORMAT: &str = "joulery screening 1";

/// What a screening is of: a state fits it or does not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fingerprint {
    pub(crate) scorer: String,
    pub(crate) settings: Settings,
    pub(crate) format: Option<Format>,
    pub(crate) files: Vec<Stamp>,
}

/// A file of the library, as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stamp {
    /// Without its folder: a library may lie elsewhere on another machine.
    pub(crate) name: String,
    pub(crate) bytes: u64,
    /// Time of the last change in s and ns since 1970.
    pub(crate) modified: (u64, u32),
}

impl Stamp {
    fn of(path: &Path) -> Stamp {
        let metadata = std::fs::metadata(path).ok();
        let modified = metadata.as_ref().and_then(|m| m.modified().ok()?.duration_since(UNIX_EPOCH).ok());
        Stamp {
            name: path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
            bytes: metadata.map_or(0, |m| m.len()),
            modified: modified.map_or((0, 0), |d| (d.as_secs(), d.subsec_nanos())),
        }
    }
}

impl Fingerprint {
    pub(crate) fn new(
        scorer: String,
        settings: &Settings,
        source: &Source,
        records: &Records,
    ) -> Fingerprint {
        let files = records.files().map(|f| Stamp::of(f)).collect();
        Fingerprint { scorer, settings: settings.clone(), format: source.format, files }
    }

    /// Refuses a state of another screening; `file` is where it was found.
    ///
    /// Shards may be of several machines, where a copied file has another time, so `times` says whether they count.
    pub(crate) fn check(&self, before: &Fingerprint, file: &Path, times: bool) -> Result<(), ScreeningError> {
        let other = |what: &str, before: String, now: String| {
            Err(ScreeningError::Other { file: file.to_owned(), what: what.to_owned(), before, now })
        };
        if self.scorer != before.scorer {
            return other("the model", format!("`{}`", before.scorer), format!("`{}`", self.scorer));
        }
        if self.settings != before.settings {
            let (old, new) = (shown(&before.settings), shown(&self.settings));
            return other("what is looked for", old, new);
        }
        if self.format != before.format {
            return other("the stated format", format!("{:?}", before.format), format!("{:?}", self.format));
        }
        if self.files.len() != before.files.len() {
            let count = |f: &[Stamp]| format!("{} files", f.len());
            return other("the library", count(&before.files), count(&self.files));
        }
        for (now, before) in self.files.iter().zip(&before.files) {
            if now.name != before.name {
                return other("a file", format!("`{}`", before.name), format!("`{}`", now.name));
            }
            if now.bytes != before.bytes {
                let bytes = |stamp: &Stamp| format!("{} bytes long", stamp.bytes);
                return other(&format!("`{}`", now.name), bytes(before), bytes(now));
            }
            if times && now.modified != before.modified {
                let when = |stamp: &Stamp| {
                    format!("last changed {}.{:09} s after 1970", stamp.modified.0, stamp.modified.1)
                };
                return other(&format!("`{}`", now.name), when(before), when(now));
            }
        }
        Ok(())
    }
}

fn shown(settings: &Settings) -> String {
    serde_json::to_string(settings).unwrap_or_default()
}

/// All that is needed to go on.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) fingerprint: Fingerprint,
    pub(crate) finished: bool,
    /// The next record: index of its file, and index in it.
    pub(crate) file: usize,
    pub(crate) row: u64,
    pub(crate) seconds: f64,
    pub(crate) counts: Counts,
    pub(crate) failures: Vec<Failure>,
    pub(crate) unread: Vec<Unread>,
    pub(crate) top: Top,
}

/// The file's content.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<'a> {
    format: Cow<'a, str>,
    finished: bool,
    fingerprint: Cow<'a, Fingerprint>,
    next_file: usize,
    next_row: u64,
    seconds: f64,
    counts: Counts,
    failures: Cow<'a, [Failure]>,
    unread: Cow<'a, [Unread]>,
    top: Vec<Cow<'a, Hit>>,
}

impl State {
    pub(crate) fn new(fingerprint: Fingerprint) -> State {
        State {
            finished: false,
            file: 0,
            row: 0,
            seconds: 0.0,
            counts: Counts::default(),
            failures: Vec::new(),
            unread: Vec::new(),
            top: Top::new(fingerprint.settings.top),
            fingerprint,
        }
    }

    /// Reads a state.
    pub(crate) fn load(path: &Path) -> Result<State, ScreeningError> {
        let failed = |reason: String| ScreeningError::State { file: path.to_owned(), done: "read", reason };
        let bytes = std::fs::read(path).map_err(|e| failed(e.to_string()))?;
        #[derive(Deserialize)]
        struct Head {
            format: String,
        }
        let head: Head = serde_json::from_slice(&bytes)
            .map_err(|e| failed(format!("it is no state of a screening ({e})")))?;
        if head.format != FORMAT {
            return Err(failed(format!("its format is `{}`, expected `{FORMAT}`", head.format)));
        }
        let stored: Stored = serde_json::from_slice(&bytes).map_err(|e| failed(e.to_string()))?;
        let settings = &stored.fingerprint.settings;
        settings.check()?;
        let files = stored.fingerprint.files.len();
        if stored.top.len() > settings.top
            || stored.next_file > files
            || stored.top.iter().any(|hit| hit.file >= files || hit.score.problem().is_some())
        {
            return Err(failed("its parts contradict each other".into()));
        }
        let mut top = Top::new(settings.top);
        stored.top.into_iter().for_each(|hit| top.push(hit.into_owned(), settings));
        Ok(State {
            fingerprint: stored.fingerprint.into_owned(),
            finished: stored.finished,
            file: stored.next_file,
            row: stored.next_row,
            seconds: stored.seconds,
            counts: stored.counts,
            failures: stored.failures.into_owned(),
            unread: stored.unread.into_owned(),
            top,
        })
    }

    /// Writes the state beside the file and gives it its name then.
    pub(crate) fn save(&self, path: &Path) -> Result<(), ScreeningError> {
        let stored = Stored {
            format: FORMAT.into(),
            finished: self.finished,
            fingerprint: Cow::Borrowed(&self.fingerprint),
            next_file: self.file,
            next_row: self.row,
            seconds: self.seconds,
            counts: self.counts,
            failures: Cow::Borrowed(&self.failures),
            unread: Cow::Borrowed(&self.unread),
            top: self.top.hits().map(Cow::Borrowed).collect(),
        };
        let write = || -> std::io::Result<()> {
            let folder = match path.parent() {
                Some(folder) if folder != Path::new("") => folder,
                _ => Path::new("."),
            };
            let mut builder = tempfile::Builder::new();
            builder.prefix(".joulery-").suffix(".part");
            #[cfg(unix)]
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
            let mut file = builder.tempfile_in(folder)?;
            let mut stream = BufWriter::new(file.as_file_mut());
            serde_json::to_writer(&mut stream, &stored)?;
            stream.flush()?;
            drop(stream);
            file.as_file().sync_data()?;
            file.persist(path).map(drop).map_err(|e| e.error)
        };
        write().map_err(|e| ScreeningError::State {
            file: path.to_owned(),
            done: "written",
            reason: e.to_string(),
        })
    }

    /// Adds failures that come behind those that are there.
    pub(crate) fn add_failures(&mut self, failures: Vec<Failure>) {
        let room = EXAMPLES.saturating_sub(self.failures.len());
        self.failures.extend(failures.into_iter().take(room));
    }

    pub(crate) fn into_outcome(self) -> Outcome {
        Outcome {
            finished: self.finished,
            hits: self.top.into_hits(),
            counts: self.counts,
            failures: self.failures,
            unread: self.unread,
            seconds: self.seconds,
            files: self.fingerprint.files.into_iter().map(|f| f.name).collect(),
        }
    }
}
