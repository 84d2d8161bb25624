//! Progress on stderr; nothing when it is piped.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar with `length` steps, or a counter where the length is unknown.
pub fn bar(length: Option<u64>, what: &str) -> ProgressBar {
    let bar = match length {
        Some(n) => ProgressBar::new(n),
        None => ProgressBar::no_length(),
    };
    // indicatif hides the bar by itself when stderr is no terminal.
    bar.set_draw_target(ProgressDrawTarget::stderr());
    let template = match length {
        Some(_) => "{prefix} [{bar:30}] {pos}/{len} {elapsed} (left {eta}) {msg}",
        None => "{prefix} {pos} {elapsed} {msg}",
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_prefix(what.to_owned());
    bar
}

/// Parts that a bar of a share is divided into.
pub const PARTS: u64 = 1000;

/// A bar that shows how much of something is done; its position is in [`PARTS`].
pub fn share(what: &str) -> ProgressBar {
    let bar = bar(Some(PARTS), what);
    if let Ok(style) =
        ProgressStyle::with_template("{prefix} [{bar:30}] {percent} % {elapsed} (left {eta}) {msg}")
    {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}
