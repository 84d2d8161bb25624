//! Child processes that are metered, bounded and never outlive us.

use matter::units::{CoreSeconds, Seconds};
use method::meter;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessEnd {
    /// By itself, with this code.
    Exited(i32),
    /// By this signal, which we did not send.
    Signalled(i32),
    /// Killed by us: elapsed time ran out.
    TimedOut,
    /// Killed by us or the kernel: processor time ran out.
    LimitReached,
    /// Killed by us: the user asked to stop.
    Cancelled,
}

/// What a child did and took.
#[derive(Clone, Copy, Debug)]
pub struct ProcessReport {
    /// How it ended.
    pub end: ProcessEnd,
    /// Processor time of the child (the kernel's record of this very process).
    pub core_seconds: CoreSeconds,
    /// Elapsed time.
    pub wall: Seconds,
    /// Its largest resident memory in bytes.
    pub peak_memory: u64,
}

/// How often the child is looked at. An optimisation takes about 100 ms; a look costs about 5 microseconds.
const POLL: Duration = Duration::from_millis(1);
/// How often its processor time is read, against the limit.
const LIMIT_POLL: u32 = 20;

/// Runs a prepared command (its standard streams already set) to its end.
///
/// The child gets a process group of its own, so that Ctrl-C at the terminal reaches only us and we decide; it
/// is killed when this thread dies, so that `kill -9` leaves no orphan. Processor time is bounded twice:
/// here to about 0.03 s, and by the kernel's own limit in whole seconds.
///
/// # Errors
/// Only if it cannot be started or waited for.
pub fn run(
    command: &mut Command,
    timeout: Duration,
    limit: Option<CoreSeconds>,
    cancel: &AtomicBool,
) -> io::Result<ProcessReport> {
    let kernel_limit = limit.map(|l| l.value().max(0.0).ceil() as libc::rlim_t + 1);
    let parent = std::process::id();
    command.stdin(Stdio::null());
    // SAFETY: between fork and exec only async-signal-safe calls are made (setpgid, prctl, getppid, setrlimit).
    unsafe {
        command.pre_exec(move || {
            libc::setpgid(0, 0);
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
            if libc::getppid() as u32 != parent {
                // The parent died before prctl took effect.
                return Err(io::Error::from_raw_os_error(libc::ESRCH));
            }
            if let Some(seconds) = kernel_limit {
                let limit = libc::rlimit { rlim_cur: seconds, rlim_max: seconds + 1 };
                libc::setrlimit(libc::RLIMIT_CPU, &limit);
            }
            Ok(())
        });
    }
    let started = Instant::now();
    let child = command.spawn()?;
    let pid = child.id() as libc::pid_t;
    let mut killed: Option<ProcessEnd> = None;
    let mut looks = 0u32;
    loop {
        let mut status = 0;
        // SAFETY: plain data, written by wait4; the child is ours and is awaited only here.
        let (reaped, usage) = unsafe {
            let mut usage: libc::rusage = std::mem::zeroed();
            (libc::wait4(pid, &mut status, libc::WNOHANG, &mut usage), usage)
        };
        if reaped == pid {
            let (core_seconds, peak_memory) = meter::from_rusage(&usage);
            let end = killed.unwrap_or_else(|| decode(status));
            return Ok(ProcessReport {
                end,
                core_seconds,
                wall: Seconds(started.elapsed().as_secs_f64()),
                peak_memory,
            });
        }
        if reaped < 0 {
            return Err(io::Error::last_os_error());
        }
        looks = looks.wrapping_add(1);
        if killed.is_none() {
            killed = if cancel.load(Ordering::Relaxed) {
                Some(ProcessEnd::Cancelled)
            } else if started.elapsed() > timeout {
                Some(ProcessEnd::TimedOut)
            } else if looks.is_multiple_of(LIMIT_POLL)
                && limit.is_some_and(|l| used_so_far(pid).is_some_and(|used| used > l))
            {
                Some(ProcessEnd::LimitReached)
            } else {
                None
            };
            if killed.is_some() {
                // SAFETY: the process is a child of ours that has not been awaited, so the number is its own.
                unsafe { libc::kill(-pid, libc::SIGKILL) };
            }
        }
        std::thread::sleep(POLL);
    }
}

fn decode(status: libc::c_int) -> ProcessEnd {
    if libc::WIFSIGNALED(status) {
        match libc::WTERMSIG(status) {
            libc::SIGXCPU => ProcessEnd::LimitReached,
            signal => ProcessEnd::Signalled(signal),
        }
    } else {
        ProcessEnd::Exited(libc::WEXITSTATUS(status))
    }
}

/// Processor time of a living child, from `/proc/PID/stat` (fields 14 and 15, in clock ticks).
fn used_so_far(pid: libc::pid_t) -> Option<CoreSeconds> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field, the name, may hold spaces; everything after its closing parenthesis is regular.
    let rest = &stat[stat.rfind(')')? + 2..];
    let mut fields = rest.split(' ').skip(11);
    let ticks: f64 = fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?;
    // SAFETY: sysconf has no preconditions.
    let per_second = unsafe { libc::sysconf(libc::_SC_CLK_TCK) } as f64;
    Some(CoreSeconds(ticks / per_second))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, timeout_ms: u64, limit: Option<f64>) -> ProcessReport {
        let mut command = Command::new("sh");
        command.args(["-c", script]).stdout(Stdio::null()).stderr(Stdio::null());
        let cancel = AtomicBool::new(false);
        run(&mut command, Duration::from_millis(timeout_ms), limit.map(CoreSeconds), &cancel).unwrap()
    }

    const BURN: &str = "while :; do :; done";

    #[test]
    fn exits_signals_and_time_are_told_apart() {
        assert_eq!(shell("exit 3", 5000, None).end, ProcessEnd::Exited(3));
        assert_eq!(shell("kill -SEGV $$", 5000, None).end, ProcessEnd::Signalled(libc::SIGSEGV));
        assert_eq!(shell("sleep 30", 50, None).end, ProcessEnd::TimedOut);
    }

    #[test]
    fn processor_time_is_bounded_and_metered() {
        let report = shell(BURN, 20_000, Some(0.2));
        assert_eq!(report.end, ProcessEnd::LimitReached);
        assert!(report.core_seconds >= CoreSeconds(0.15), "{:?}", report.core_seconds);
        assert!(report.core_seconds < CoreSeconds(1.5), "{:?}", report.core_seconds);
    }

    #[test]
    fn a_cancelled_child_is_killed() {
        let cancel = AtomicBool::new(true);
        let mut command = Command::new("sleep");
        command.arg("30");
        let report = run(&mut command, Duration::from_secs(20), None, &cancel).unwrap();
        assert_eq!(report.end, ProcessEnd::Cancelled);
    }

    #[test]
    fn a_missing_program_is_an_error() {
        let cancel = AtomicBool::new(false);
        let mut command = Command::new("no-such-program-anywhere");
        assert!(run(&mut command, Duration::from_secs(1), None, &cancel).is_err());
    }
}
