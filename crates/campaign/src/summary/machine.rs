//! What is needed to do it again.

use super::Sources;
use matter::units::Joules;
use report::data;

/// Unix seconds as ISO 8601 in UTC, by the civil calendar (Hinnant, chrono-compatible low-level date algorithms).
pub(super) fn iso_date(unix: f64) -> String {
    let seconds = unix.max(0.0) as i64;
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (h, m, s) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}Z")
}

pub(super) fn repeat(sources: &Sources) -> data::Repeat {
    let loaded = &sources.loaded;
    let file = loaded.path.display().to_string();
    let (id, settings) = sources.recipe.split_once(';').unwrap_or((&sources.recipe, ""));
    let (method, engine) = id.split_once('@').unwrap_or((id, id));
    let commands = vec![
        format!("joulery quote {file}"),
        format!("joulery run {file}"),
        format!("joulery report {file}"),
        format!("joulery ledger {file}"),
    ];
    data::Repeat {
        spec_file: file,
        spec: loaded.text.clone(),
        seed: loaded.spec.seed,
        commands,
        methods: vec![data::MethodUsed {
            id: method.to_owned(),
            engine: engine.to_owned(),
            settings: settings.replace(';', ", "),
        }],
        versions: vec![
            data::Version { name: "joulery".into(), version: env!("CARGO_PKG_VERSION").into() },
            data::Version { name: "engine".into(), version: engine.to_owned() },
            data::Version {
                name: "conversion tables".into(),
                version: serde_json::to_value(loaded.spec.energy.tables)
                    .ok()
                    .and_then(|v| v.as_str().map(str::to_owned))
                    .unwrap_or_default(),
            },
        ],
        machine: machine(loaded.threads()),
    }
}

fn machine(threads: usize) -> data::Machine {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|l| l.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let memory = field(&read("/proc/meminfo"), "MemTotal")
        .and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok())
        .map(|kib| kib / 1024.0 / 1024.0);
    let system = read("/etc/os-release")
        .lines()
        .find_map(|l| l.strip_prefix("PRETTY_NAME=").map(|v| v.trim_matches('"').to_owned()))
        .unwrap_or_else(|| std::env::consts::OS.to_owned());
    data::Machine {
        cpu: field(&read("/proc/cpuinfo"), "model name").unwrap_or_else(|| "unknown".into()),
        cores: threads as u32,
        memory_gib: memory,
        system,
    }
}

/// Energy in words with a sensible unit, for the terminal.
pub fn energy_in_words(joules: Joules) -> String {
    let j = joules.value();
    match j.abs() {
        x if x >= 3.6e6 => format!("{:.2} kWh", j / 3.6e6),
        x if x >= 3600.0 => format!("{:.2} Wh", j / 3600.0),
        x if x >= 1000.0 => format!("{:.2} kJ", j / 1000.0),
        _ => format!("{j:.1} J"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_known_seconds() {
        assert_eq!(iso_date(0.0), "1970-01-01T00:00:00Z");
        assert_eq!(iso_date(951_782_399.0), "2000-02-28T23:59:59Z");
        assert_eq!(iso_date(951_782_400.0), "2000-02-29T00:00:00Z");
        assert_eq!(iso_date(1_735_689_600.0), "2025-01-01T00:00:00Z");
    }

    #[test]
    fn energies_get_a_readable_unit() {
        assert_eq!(energy_in_words(Joules(12.34)), "12.3 J");
        assert_eq!(energy_in_words(Joules(1800.0)), "1.80 kJ");
        assert_eq!(energy_in_words(Joules(7200.0)), "2.00 Wh");
    }
}
