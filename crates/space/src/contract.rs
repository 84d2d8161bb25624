//! The space trait.

use crate::error::SpaceError;
use matter::Molecule;
use std::fmt;
use std::path::PathBuf;

/// A molecule that a space proposes.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The molecule.
    pub molecule: Molecule,
    /// What its space calls it; `None` for a line of a library without a name.
    pub name: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a candidate comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// Built from a core.
    Built {
        /// Name of the core.
        core: String,
        /// Number of each substituted attachment point, ascending, with the name of its substituent.
        substituents: Vec<(u32, String)>,
    },
    /// Read from a library file.
    Read {
        /// The file.
        file: PathBuf,
        /// The line where it stands (in SDF: where its record begins), from 1.
        line: usize,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Built { core, substituents } => {
                f.write_str(core)?;
                substituents.iter().try_for_each(|(point, name)| write!(f, " {point}-{name}"))
            }
            Origin::Read { file, line } => write!(f, "{}:{line}", file.display()),
        }
    }
}

/// How many candidates a space has in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// This many: counted to the end.
    Exactly(u64),
    /// At most this many: duplicates are not known before they are met.
    AtMost(u64),
    /// Not known before the end.
    Unknown,
}

/// A record left out because it could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its line, from 1.
    pub line: usize,
    /// Why.
    pub reason: String,
}

/// What a space has met so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Candidates handed out.
    pub candidates: u64,
    /// Molecules met again after their first time, and left out.
    pub duplicates: u64,
    /// Records left out because they could not be read.
    pub skipped: u64,
    /// The first of them.
    pub first_skipped: Vec<Skipped>,
}

/// Proposes candidates. One file per implementation.
///
/// Candidates are distinct molecules (by canonical identity), and the same specification gives the same
/// candidates in the same order.
pub trait Space: Send {
    /// The next `want` candidates; fewer only at the end of the space, none after it.
    ///
    /// # Errors
    /// What is wrong with the specification or the file. Asked again after an error, a space goes on behind
    /// what was wrong.
    fn candidates(&mut self, want: usize) -> Result<Vec<Candidate>, SpaceError>;

    /// How many candidates there are in all, as far as is known by now.
    fn size(&self) -> Size;

    /// What was met so far.
    fn seen(&self) -> &Seen;
}
