//! Processor time by the kernel's accounting.
//!
//! Threads and this process are read by the kernel's clocks, which count in nanoseconds. Its records of resources
//! (`getrusage`) are only brought up to date every few milliseconds, which is longer than a calculation of a small
//! molecule; they serve for memory and for children.

use matter::units::{CoreSeconds, Seconds};
use std::time::Instant;

/// Measures the calling thread from its creation on.
#[derive(Debug)]
pub struct ThreadMeter {
    started: Instant,
    cpu: CoreSeconds,
}

impl ThreadMeter {
    /// Starts measuring this thread.
    pub fn start() -> ThreadMeter {
        ThreadMeter { started: Instant::now(), cpu: clock(libc::CLOCK_THREAD_CPUTIME_ID) }
    }

    /// Processor and elapsed time since the start, to be called in the same thread.
    pub fn elapsed(&self) -> (CoreSeconds, Seconds) {
        let cpu = clock(libc::CLOCK_THREAD_CPUTIME_ID) - self.cpu;
        (cpu.max(CoreSeconds::ZERO), Seconds(self.started.elapsed().as_secs_f64()))
    }
}

/// Processor time of all threads of this process so far.
pub fn process_time() -> CoreSeconds {
    clock(libc::CLOCK_PROCESS_CPUTIME_ID)
}

/// Processor time of all ended and awaited child processes so far.
pub fn children_time() -> CoreSeconds {
    usage(libc::RUSAGE_CHILDREN).0
}

/// Largest resident memory of this process so far, in bytes.
pub fn peak_memory() -> u64 {
    usage(libc::RUSAGE_SELF).1
}

/// Processor time and peak resident memory in bytes out of the kernel's record.
pub fn from_rusage(usage: &libc::rusage) -> (CoreSeconds, u64) {
    let seconds = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 * 1e-6;
    let cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    // Linux counts ru_maxrss in kibibytes.
    (CoreSeconds(cpu), usage.ru_maxrss.max(0) as u64 * 1024)
}

fn clock(which: libc::clockid_t) -> CoreSeconds {
    // SAFETY: timespec is plain data for which all-zero bytes are valid, and clock_gettime only writes into it.
    let time = unsafe {
        let mut time: libc::timespec = std::mem::zeroed();
        libc::clock_gettime(which, &mut time);
        time
    };
    CoreSeconds(time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9)
}

fn usage(who: libc::c_int) -> (CoreSeconds, u64) {
    // SAFETY: rusage is plain data for which all-zero bytes are valid, and getrusage only writes into it.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(who, &mut usage);
        usage
    };
    from_rusage(&usage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_not_nothing() {
        let meter = ThreadMeter::start();
        std::hint::black_box((0..10_000u64).map(std::hint::black_box).sum::<u64>());
        assert!(meter.elapsed().0 > CoreSeconds::ZERO);
    }

    #[test]
    fn work_in_this_thread_is_seen() {
        let meter = ThreadMeter::start();
        let before = process_time();
        let mut x = 0u64;
        while meter.elapsed().0 < CoreSeconds(0.02) {
            x = std::hint::black_box(x.wrapping_mul(31).wrapping_add(7));
        }
        assert!(process_time() - before >= CoreSeconds(0.015));
        assert!(peak_memory() > 0);
    }
}
