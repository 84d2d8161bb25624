//! What the program writes.

use super::frame;
use matter::units::{BOHR_IN_ANGSTROM, ElectronVolt, HARTREE_IN_EV, Hartree};
use matter::{Geometry, rotate};
use method::{Failure, FailureKind, Outcome, Task, catalogue};
use serde::Deserialize;
use std::path::Path;

/// The part of `xtbout.json` that is read.
///
/// Its `dipole` is left alone: after an optimisation it still is that of the first geometry. Charges and
/// atomic dipoles are those of the last, and give the dipole below.
#[derive(Deserialize)]
struct Json {
    #[serde(rename = "partial charges")]
    charges: Vec<f64>,
    #[serde(rename = "atomic dipole moments")]
    atomic_dipoles: Vec<[f64; 3]>,
    #[serde(rename = "orbital energies/eV")]
    orbital_energies: Vec<f64>,
    #[serde(rename = "fractional occupation")]
    occupations: Vec<f64>,
}

pub(super) fn read(folder: &Path, name: &str) -> Option<String> {
    std::fs::read_to_string(folder.join(name)).ok()
}

fn bad(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::BadOutput, message)
}

fn must_read(folder: &Path, name: &str) -> Result<String, Failure> {
    read(folder, name).ok_or_else(|| bad(format!("xtb ended well but wrote no `{name}`")))
}

/// Version from the banner, e.g. `6.5.1`.
pub(super) fn version(banner: &str) -> Option<String> {
    let rest = banner.split("xtb version").nth(1)?;
    let version = rest.split_whitespace().next()?;
    version.chars().next()?.is_ascii_digit().then(|| version.to_owned())
}

/// What the program complained about, in one line.
pub(super) fn complaint(folder: &Path) -> String {
    let text =
        format!("{}\n{}", read(folder, "out").unwrap_or_default(), read(folder, "err").unwrap_or_default());
    let telling = |line: &&str| {
        let line = line.trim_start();
        line.starts_with("-1-") || line.starts_with("-2-") || line.starts_with("-3-")
    };
    let mut lines: Vec<&str> = text.lines().filter(telling).map(str::trim).collect();
    if lines.is_empty() {
        lines = text.lines().filter(|l| l.contains("ERROR") || l.contains("error")).map(str::trim).collect();
    }
    if lines.is_empty() { "it gave no reason".to_owned() } else { lines.join("; ") }
}

/// Deterministic measure of work, in nominal core-seconds: a start-up share plus, for each energy-and-gradient
/// evaluation, a term that grows with the square of the number of valence orbitals.
///
/// Only ratios matter, since forecasts scale the sum of work to the sum of measured core-seconds.
pub(super) fn work(geometry: &Geometry, task: Task, path_log: Option<&str>) -> f64 {
    const START: f64 = 0.02;
    const PER_ORBITAL_PAIR: f64 = 1.2e-6;
    let orbitals: f64 = geometry.elements().iter().map(|e| if e.number() <= 2 { 1.0 } else { 4.0 }).sum();
    let evaluations = match task {
        Task::Optimise(_) => {
            let atoms = geometry.len();
            path_log.map_or(1.0, |log| (log.lines().count() / (atoms + 2)).max(1) as f64)
        }
        _ => 1.0,
    };
    START + evaluations * PER_ORBITAL_PAIR * orbitals * orbitals
}

/// Everything the program gives, in our frame.
pub(super) fn parse(folder: &Path, start: &Geometry, task: Task) -> Result<Outcome, Failure> {
    let stdout = must_read(folder, "out")?;
    let energy = total_energy(&stdout)?;
    let geometry = match task {
        Task::Optimise(_) => {
            if !stdout.contains("GEOMETRY OPTIMIZATION CONVERGED") {
                return Err(Failure::new(
                    FailureKind::NotConverged,
                    "the geometry optimisation of xtb did not converge",
                ));
            }
            Some(optimised(&must_read(folder, "xtbopt.xyz")?, start)?)
        }
        _ => None,
    };
    let json: Json = serde_json::from_str(&must_read(folder, "xtbout.json")?)
        .map_err(|e| bad(format!("xtbout.json: {e}")))?;
    let gradient = match task {
        Task::Gradient => Some(gradient(&must_read(folder, "gradient")?, start.len())?),
        _ => None,
    };
    let last = geometry.as_ref().unwrap_or(start);
    let (homo, lumo) = frontier(&json);
    let mut outcome = Outcome {
        energy: Some(energy),
        gradient,
        dipole: Some(dipole(&json, last)?),
        charges: Some(json.charges),
        homo,
        lumo,
        geometry,
        ..Outcome::default()
    };
    outcome.values.insert(catalogue::energy().name, energy.value());
    if let (Some(homo), Some(lumo)) = (homo, lumo) {
        outcome.values.insert(catalogue::homo_lumo_gap().name, ElectronVolt::from(lumo - homo).value());
    }
    Ok(outcome)
}

fn total_energy(stdout: &str) -> Result<Hartree, Failure> {
    let line = stdout
        .lines()
        .rev()
        .find(|l| l.contains("TOTAL ENERGY"))
        .ok_or_else(|| bad("xtb wrote no total energy"))?;
    let value: f64 = line
        .split_whitespace()
        .find_map(|word| word.parse().ok())
        .ok_or_else(|| bad(format!("no number in `{}`", line.trim())))?;
    // Valence-only energies of bare cations are positive, so the sign says nothing.
    if value.is_finite() { Ok(Hartree(value)) } else { Err(bad(format!("total energy {value}"))) }
}

fn numbers(line: &str) -> Option<[f64; 3]> {
    // Fortran may write an exponent with D.
    let mut words = line.split_whitespace().map(|w| w.replace(['D', 'd'], "E").parse::<f64>());
    Some([words.next()?.ok()?, words.next()?.ok()?, words.next()?.ok()?])
}

fn finite(v: [f64; 3], what: &str) -> Result<[f64; 3], Failure> {
    if v.iter().all(|x| x.is_finite()) { Ok(v) } else { Err(bad(format!("{what} is not finite"))) }
}

fn gradient(text: &str, atoms: usize) -> Result<Vec<[f64; 3]>, Failure> {
    // `$grad`, a cycle line, one line of coordinates per atom, then one of gradient per atom, `$end`.
    let lines: Vec<&str> = text.lines().collect();
    let rows = lines.get(2 + atoms..2 + 2 * atoms).ok_or_else(|| bad("the gradient file is too short"))?;
    let back = frame::inverse();
    rows.iter()
        .map(|row| {
            let g = numbers(row).ok_or_else(|| bad(format!("no gradient in `{row}`")))?;
            Ok(rotate(&back, finite(g, "the gradient")?))
        })
        .collect()
}

fn optimised(text: &str, start: &Geometry) -> Result<Geometry, Failure> {
    let rows: Vec<&str> = text.lines().skip(2).take(start.len()).collect();
    if rows.len() != start.len() {
        return Err(bad(format!("xtbopt.xyz has {} atoms, expected {}", rows.len(), start.len())));
    }
    let back = frame::inverse();
    let mut positions = Vec::with_capacity(rows.len());
    for row in rows {
        let row = row.trim_start();
        let place = row.split_once(char::is_whitespace).and_then(|(_, rest)| numbers(rest));
        let place = place.ok_or_else(|| bad(format!("no position in `{row}`")))?;
        positions.push(rotate(&back, finite(place, "a position")?));
    }
    start.with_positions(positions).map_err(|e| bad(format!("the optimised geometry: {e}")))
}

/// `mu = sum_A (q_A R_A + mu_A)`, e bohr, our frame.
fn dipole(json: &Json, geometry: &Geometry) -> Result<[f64; 3], Failure> {
    if json.charges.len() != geometry.len() || json.atomic_dipoles.len() != geometry.len() {
        return Err(bad(format!(
            "xtbout.json has {} charges and {} atomic dipoles for {} atoms",
            json.charges.len(),
            json.atomic_dipoles.len(),
            geometry.len()
        )));
    }
    let mut of_charges = [0.0; 3];
    let mut of_atoms = [0.0; 3];
    for (i, position) in geometry.positions().iter().enumerate() {
        for k in 0..3 {
            of_charges[k] += json.charges[i] * position[k] / BOHR_IN_ANGSTROM;
            of_atoms[k] += json.atomic_dipoles[i][k];
        }
    }
    // Positions are in our frame already; atomic dipoles are in the program's.
    let of_atoms = rotate(&frame::inverse(), of_atoms);
    finite([0, 1, 2].map(|k| of_charges[k] + of_atoms[k]), "the dipole")
}

/// Highest orbital that is at least half full and lowest one above it.
fn frontier(json: &Json) -> (Option<Hartree>, Option<Hartree>) {
    let homo = json.occupations.iter().rposition(|&n| n >= 0.5);
    let energy = |i: usize| json.orbital_energies.get(i).map(|e| Hartree(e / HARTREE_IN_EV));
    let lumo = homo.map_or(0, |i| i + 1);
    (homo.and_then(energy), energy(lumo))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_the_banner() {
        let banner = "   * xtb version 6.5.1 (unknown) compiled by 'builduser@buildhost' on 2022-12-09";
        assert_eq!(version(banner), Some("6.5.1".into()));
        assert_eq!(version("hello"), None);
        assert_eq!(version("xtb version unknown"), None);
    }

    #[test]
    fn nonsense_is_bad_output_and_never_a_number() {
        for text in ["", "TOTAL ENERGY nan Eh", "TOTAL ENERGY -inf Eh", "TOTAL ENERGY *** Eh"] {
            assert_eq!(total_energy(text).unwrap_err().kind, FailureKind::BadOutput, "{text}");
        }
        assert!(gradient("$grad\n cycle\n", 2).is_err());
    }
}
