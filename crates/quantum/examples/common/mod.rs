//! What the programs of this folder share: reading structures, and what a calculation took.

#![allow(dead_code, reason = "each program uses its own part")]

use quantum::System;

/// One bohr in angstrom (CODATA 2018).
pub const BOHR: f64 = 0.529_177_210_903;

/// A structure with its name.
pub struct Structure {
    pub id: String,
    pub system: System,
}

/// The structures of a file of concatenated XYZ.
pub fn read(text: &str) -> Result<Vec<Structure>, String> {
    let mut structures = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        if line.trim().is_empty() {
            continue;
        }
        let wrong = |what: &str| format!("line {}: {what}", at + 1);
        let atoms: usize = line.trim().parse().map_err(|_| wrong("expected a number of atoms"))?;
        let (_, comment) = lines.next().ok_or_else(|| wrong("the file ends here"))?;
        let mut system = System { numbers: Vec::new(), positions: Vec::new(), charge: 0, unpaired: 0 };
        for _ in 0..atoms {
            let (at, line) = lines.next().ok_or_else(|| wrong("the file ends within this structure"))?;
            let (number, position) =
                atom(line).ok_or_else(|| format!("line {}: expected an element and x, y, z", at + 1))?;
            system.numbers.push(number);
            system.positions.push(position);
        }
        let id = field(comment, "id").map_or_else(|| structures.len().to_string(), str::to_owned);
        let number = |key| field(comment, key).map_or(Ok(0), |v| v.parse().map_err(|_| wrong(key)));
        system.charge = number("charge")?;
        system.unpaired = u32::try_from(number("uhf")?).map_err(|_| wrong("uhf"))?;
        structures.push(Structure { id, system });
    }
    Ok(structures)
}

fn atom(line: &str) -> Option<(u8, [f64; 3])> {
    let mut words = line.split_whitespace();
    let symbol = words.next()?;
    let number = match symbol.parse() {
        Ok(number) => number,
        Err(_) => matter::Element::from_symbol(symbol)?.number(),
    };
    let mut position = [0.0; 3];
    for x in &mut position {
        *x = words.next()?.parse::<f64>().ok()? / BOHR;
    }
    Some((number, position))
}

/// The value of `key=value` or `key="value"` in a comment line.
fn field<'a>(comment: &'a str, key: &str) -> Option<&'a str> {
    let at = comment.split_whitespace().find_map(|word| word.strip_prefix(key)?.strip_prefix('='))?;
    Some(at.trim_matches('"'))
}

/// Processor seconds of this thread.
pub fn thread_seconds() -> f64 {
    cpu_seconds(libc::CLOCK_THREAD_CPUTIME_ID)
}

/// Processor seconds of this thread or process.
pub fn cpu_seconds(clock: libc::clockid_t) -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a live timespec, and the clock is one that Linux has.
    let status = unsafe { libc::clock_gettime(clock, &mut time) };
    if status == 0 { time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9 } else { f64::NAN }
}

/// Largest resident memory of the process so far.
pub fn peak_mebibytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").trim().parse::<f64>().ok().map(|kib| kib / 1024.0)
}
