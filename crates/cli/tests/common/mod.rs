//! What the tests of the real binary share: a folder with a campaign in it, the program, and a look into its books.
// Every test file takes what it needs of this.
#![allow(dead_code, unused_imports)]

mod books;
mod campaign;
mod quinones;
mod site;

pub use books::Books;
pub use campaign::Campaign;
pub use quinones::{Quinone, quinones, small_space};
pub use site::{Ended, Running, Site};

/// Fails with what to do where the xtb program is missing: these tests are about that engine, so skipping them would
/// say nothing.
pub fn needs_xtb() {
    let found = std::process::Command::new("xtb").arg("--version").output();
    assert!(found.is_ok(), "the xtb program is missing: run `scripts/setup`, which installs it");
}

/// Asserts that `text` holds every one of `needles`.
#[track_caller]
pub fn holds(text: &str, needles: &[&str]) {
    for needle in needles {
        assert!(text.contains(needle), "`{needle}` is missing in:\n{text}");
    }
}
