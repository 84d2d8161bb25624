//! Signals. Ctrl-C: the first asks for an orderly stop, the second ends at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag that Ctrl-C (or SIGTERM) sets.
pub fn flag() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let shared = Arc::clone(&flag);
    let installed = ctrlc::set_handler(move || {
        if shared.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
        eprintln!("\nstopping: what is finished is safe (once more to stop at once)");
    });
    if let Err(error) = installed {
        eprintln!("warning: Ctrl-C will end the program at once ({error})");
    }
    flag
}

/// Lets a limit on the size of files (`ulimit -f`) be an error of writing, with a message and an exit code, like a full
/// disk. By default the kernel ends the process without a word.
pub fn survive_file_limit() {
    // SAFETY: ignoring a signal runs no code of ours in a handler.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}
