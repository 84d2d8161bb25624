//! What is allocated: nothing in the self-consistent loop after its first cycle, little in all.
//!
//! One test in a file of its own, since the counting allocator sees the whole process.

mod common;

use quantum::{Gfn2, Options};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The system's allocator, counting.
struct Counting;

static CALLS: AtomicUsize = AtomicUsize::new(0);
static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

fn grown(size: usize) {
    CALLS.fetch_add(1, Ordering::Relaxed);
    let live = LIVE.fetch_add(size, Ordering::Relaxed) + size;
    PEAK.fetch_max(live, Ordering::Relaxed);
}

// SAFETY: every call is passed on to the system's allocator with the same arguments.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        // SAFETY: as promised by the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as promised by the caller.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        grown(size);
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as promised by the caller.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Cycles and calls of the allocator of a first solution.
fn first_solution(system: &quantum::System, options: &Options) -> (usize, usize) {
    let mut gfn2 = Gfn2::new(system, options).expect("a good system");
    let before = CALLS.load(Ordering::Relaxed);
    gfn2.solve(&system.positions).expect("the system converges");
    (gfn2.cycles(), CALLS.load(Ordering::Relaxed) - before)
}

#[test]
fn the_loop_allocates_nothing_and_forty_atoms_need_little() {
    let fixture = common::fixture();
    let named = |name: &str| {
        let found = fixture.iter().find(|r| r.name.ends_with(name));
        &found.expect("the fixture has this system").system
    };
    for name in [" C#N", " FeCl4-", " CC(=O)Oc1ccccc1C(=O)O"] {
        let system = named(name);
        // Tables and what the processor can do are found out once in a process.
        first_solution(system, &Options::default());
        let mut seen = Vec::new();
        for accuracy in [100.0, 1.0, 1e-2, 1e-4] {
            for electronic_temperature in [300.0, 3000.0] {
                let options = Options { accuracy, electronic_temperature, ..Options::default() };
                seen.push(first_solution(system, &options));
            }
        }
        println!("{name}: (cycles, allocations) {seen:?}");
        let cycles = seen.iter().map(|s| s.0);
        assert!(cycles.clone().max() > cycles.min(), "{name}: the numbers of cycles do not differ: {seen:?}");
        let calls = seen[0].1;
        assert!(
            seen.iter().all(|s| s.1 == calls),
            "{name}: allocations depend on the number of cycles: {seen:?}"
        );

        // A second geometry: everything is there already.
        let mut gfn2 = Gfn2::new(system, &Options::default()).expect("a good system");
        gfn2.solve(&system.positions).expect("the system converges");
        let mut moved = system.positions.clone();
        moved[0][0] += 0.01;
        let before = CALLS.load(Ordering::Relaxed);
        gfn2.solve(&moved).expect("the system converges");
        let again = CALLS.load(Ordering::Relaxed) - before;
        println!("{name}: {again} allocations at a second geometry");
        assert!(again <= calls, "{name}: {again} allocations at a second geometry, {calls} at the first");
    }

    // The same molecule twice, side by side: 42 atoms.
    let aspirin = named(" CC(=O)Oc1ccccc1C(=O)O");
    let mut pair = aspirin.clone();
    pair.numbers.extend(&aspirin.numbers);
    pair.positions.extend(aspirin.positions.iter().map(|p| [p[0], p[1] + 14.0, p[2] + 8.0]));
    let before = LIVE.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let mut gfn2 = Gfn2::new(&pair, &Options::default()).expect("a good system");
    gfn2.solve(&pair.positions).expect("the pair converges");
    let mut gradient = vec![[0.0; 3]; pair.numbers.len()];
    gfn2.gradient(&mut gradient);
    let peak = PEAK.load(Ordering::Relaxed) - before;
    println!("{} atoms, energy and gradient: {:.2} MiB at the peak", pair.numbers.len(), mebibytes(peak));
    assert!(peak < 20 << 20, "{:.1} MiB at the peak", mebibytes(peak));
}

fn mebibytes(bytes: usize) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
