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
