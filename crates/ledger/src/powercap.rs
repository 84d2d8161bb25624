//! Energy counters of the processor (RAPL) as Linux shows them under `/sys/class/powercap`.
//!
//! Counted are the package domains of the control type `intel-rapl` (AMD processors appear under the same name):
//! the folders `intel-rapl:N` whose `name` begins with `package`. Left out, so that nothing is counted twice, are
//! their parts (`intel-rapl:N:M`: core, uncore), the platform domain `psys`, which contains the packages, and
//! `intel-rapl-mmio`, which shows the same package again. Memory (`dram`) and graphics cards are not counted.
//!
//! The counters count microjoules and start again from 0 at `max_energy_range_uj`, on servers after some tens of
//! minutes at full load: read them more often than that ([`EnergyMeter::longest_interval`]).

use crate::error::LedgerError;
use matter::units::{Joules, Seconds};
use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Where Linux shows the counters.
pub const POWERCAP_ROOT: &str = "/sys/class/powercap";

/// Reads the small files of the counters; replaced in tests.
type ReadFile = fn(&Path) -> io::Result<String>;

fn read_file(path: &Path) -> io::Result<String> {
    std::fs::read_to_string(path)
}

struct Domain {
    counter: PathBuf,
    range: u64,
    last: u64,
}

/// Measures the energy of all processor packages of the machine from its creation on.
pub struct EnergyMeter {
    domains: Vec<Domain>,
    read: ReadFile,
}

impl EnergyMeter {
    /// Starts measuring with the counters under `root`, usually [`POWERCAP_ROOT`].
    ///
    /// # Errors
    /// [`LedgerError::NoCounters`] where there are none, [`LedgerError::CounterDenied`] where there are but this
    /// user may not read them, [`LedgerError::BadCounter`] where they give no number.
    pub fn start(root: &Path) -> Result<EnergyMeter, LedgerError> {
        EnergyMeter::start_with(root, read_file)
    }

    fn start_with(root: &Path, read: ReadFile) -> Result<EnergyMeter, LedgerError> {
        let mut domains = Vec::new();
        for folder in package_folders(root, read)? {
            let range_file = folder.join("max_energy_range_uj");
            let range = microjoules(&range_file, read)?;
            let counter = folder.join("energy_uj");
            let last = microjoules(&counter, read)?;
            if range == 0 || last > range {
                return Err(LedgerError::BadCounter {
                    path: range_file,
                    found: range.to_string(),
                    expected: "a range above 0 that holds the reading in energy_uj",
                });
            }
            domains.push(Domain { counter, range, last });
        }
        if domains.is_empty() {
            return Err(LedgerError::NoCounters { root: root.to_owned() });
        }
        Ok(EnergyMeter { domains, read })
    }

    /// Number of processor packages.
    pub fn packages(&self) -> usize {
        self.domains.len()
    }

    /// Energy of all packages since the last call, or since the start.
    ///
    /// # Errors
    /// Those of [`EnergyMeter::start`]; the counters stay where they were, so nothing is lost.
    pub fn lap(&mut self) -> Result<Joules, LedgerError> {
        let now: Vec<u64> =
            self.domains.iter().map(|d| microjoules(&d.counter, self.read)).collect::<Result<_, _>>()?;
        let mut total = 0.0;
        for (domain, now) in self.domains.iter_mut().zip(now) {
            // A reading below the last one has passed the end of the range, once.
            let passed = if now >= domain.last {
                now - domain.last
            } else {
                domain.range.saturating_sub(domain.last) + now
            };
            domain.last = now;
            total += passed as f64;
        }
        Ok(Joules(total * 1e-6))
    }

    /// The time in which no counter can pass its range twice if no package draws more than `watts`.
    pub fn longest_interval(&self, watts: f64) -> Seconds {
        let smallest = self.domains.iter().map(|d| d.range as f64 * 1e-6).fold(f64::INFINITY, f64::min);
        Seconds(smallest / watts)
    }
}

impl fmt::Debug for EnergyMeter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counters: Vec<&PathBuf> = self.domains.iter().map(|d| &d.counter).collect();
        f.debug_struct("EnergyMeter").field("counters", &counters).finish()
    }
}

/// Folders of the package domains, in the order of their names.
fn package_folders(root: &Path, read: ReadFile) -> Result<Vec<PathBuf>, LedgerError> {
    let entries = match std::fs::read_dir(root) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            return Err(LedgerError::CounterDenied { path: root.to_owned() });
        }
        Err(_) => return Err(LedgerError::NoCounters { root: root.to_owned() }),
    };
    let mut folders = Vec::new();
    for folder in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let top_level = name.strip_prefix("intel-rapl:").is_some_and(|n| n.parse::<u32>().is_ok());
        if top_level && text(&folder.join("name"), read)?.starts_with("package") {
            folders.push(folder);
        }
    }
    folders.sort();
    Ok(folders)
}

fn text(path: &Path, read: ReadFile) -> Result<String, LedgerError> {
    read(path).map(|text| text.trim().to_owned()).map_err(|error| match error.kind() {
        ErrorKind::PermissionDenied => LedgerError::CounterDenied { path: path.to_owned() },
        _ => LedgerError::BadCounter {
            path: path.to_owned(),
            found: error.to_string(),
            expected: "a readable file of the kernel",
        },
    })
}

fn microjoules(path: &Path, read: ReadFile) -> Result<u64, LedgerError> {
    let text = text(path, read)?;
    text.parse().map_err(|_| LedgerError::BadCounter {
        path: path.to_owned(),
        found: format!("`{text}`"),
        expected: "a whole number of microjoules",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const RANGE: u64 = 262_143_328_850;

    fn domain(root: &Path, folder: &str, name: &str, energy: u64) {
        let path = root.join(folder);
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("name"), format!("{name}\n")).unwrap();
        fs::write(path.join("max_energy_range_uj"), format!("{RANGE}\n")).unwrap();
        set(root, folder, energy);
    }

    fn set(root: &Path, folder: &str, energy: u64) {
        fs::write(root.join(folder).join("energy_uj"), format!("{energy}\n")).unwrap();
    }

    /// A server with two packages, everything else a real one shows beside them included.
    fn server() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        domain(root.path(), "intel-rapl:0", "package-0", 1_000_000);
        domain(root.path(), "intel-rapl:0:0", "core", 700_000);
        domain(root.path(), "intel-rapl:0:1", "dram", 100_000);
        domain(root.path(), "intel-rapl:1", "package-1", 5_000_000);
        domain(root.path(), "intel-rapl:2", "psys", 9_000_000);
        domain(root.path(), "intel-rapl-mmio:0", "package-0", 1_000_000);
        fs::create_dir(root.path().join("dtpm")).unwrap();
        root
    }

    #[test]
    fn packages_are_counted_once() {
        let root = server();
        let mut meter = EnergyMeter::start(root.path()).unwrap();
        assert_eq!(meter.packages(), 2);
        assert_eq!(meter.lap().unwrap(), Joules::ZERO);
        for folder in
            ["intel-rapl:0", "intel-rapl:0:0", "intel-rapl:0:1", "intel-rapl:2", "intel-rapl-mmio:0"]
        {
            set(root.path(), folder, 3_500_000);
        }
        assert_eq!(meter.lap().unwrap(), Joules(2.5));
        assert_eq!(meter.lap().unwrap(), Joules::ZERO);
    }

    #[test]
    fn a_counter_that_starts_again_loses_nothing() {
        let root = server();
        set(root.path(), "intel-rapl:0", RANGE - 1_000_000);
        let mut meter = EnergyMeter::start(root.path()).unwrap();
        set(root.path(), "intel-rapl:0", 2_000_000);
        assert_eq!(meter.lap().unwrap(), Joules(3.0));
        set(root.path(), "intel-rapl:0", 2_500_000);
        assert_eq!(meter.lap().unwrap(), Joules(0.5));
        assert!((meter.longest_interval(200.0).value() - 1310.7).abs() < 0.1);
    }

    #[test]
    fn absent_denied_and_broken_are_told_apart() {
        let empty = tempfile::tempdir().unwrap();
        for root in [empty.path().to_owned(), empty.path().join("nowhere")] {
            assert!(matches!(EnergyMeter::start(&root), Err(LedgerError::NoCounters { .. })));
        }

        // Permission bits do not stop the superuser, so the refusal comes from the reader.
        fn denied(path: &Path) -> io::Result<String> {
            if path.ends_with("energy_uj") {
                return Err(io::Error::from(ErrorKind::PermissionDenied));
            }
            read_file(path)
        }
        let root = server();
        let error = EnergyMeter::start_with(root.path(), denied).unwrap_err();
        assert!(
            matches!(&error, LedgerError::CounterDenied { path } if path.ends_with("intel-rapl:0/energy_uj"))
        );
        assert!(error.to_string().contains("may not be read by this user"));

        let mut meter = EnergyMeter::start(root.path()).unwrap();
        fs::write(root.path().join("intel-rapl:1/energy_uj"), "many\n").unwrap();
        let error = meter.lap().unwrap_err().to_string();
        assert!(error.ends_with("found `many`, expected a whole number of microjoules"), "{error}");
        set(root.path(), "intel-rapl:0", 2_000_000);
        set(root.path(), "intel-rapl:1", 6_000_000);
        assert_eq!(meter.lap().unwrap(), Joules(2.0), "a failed reading must not lose energy");

        domain(root.path(), "intel-rapl:1", "package-1", RANGE + 1);
        assert!(matches!(EnergyMeter::start(root.path()), Err(LedgerError::BadCounter { .. })));
    }
}
