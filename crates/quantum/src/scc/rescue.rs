//! The ladder of steps for a loop that does not converge by itself.

use super::{Attempt, Problem, Scc, Settings};
use crate::error::QuantumError;
use crate::interaction::Interaction;

/// Step length of the first mixing (GFN2 programs use the same).
const DAMPING: f64 = 0.4;

/// Step length of the careful steps.
const CAREFUL: f64 = 0.1;

/// Lowering of the occupied orbitals in the level-shifted step, hartree.
const SHIFT: f64 = 0.3;

/// Factors on the electronic temperature in the last step: heated, then cooled.
const COOLING: [f64; 4] = [20.0, 8.0, 3.0, 1.0];

/// Tries, in this order, until one converges:
///
/// 1. `broyden`: Broyden mixing from the guess;
/// 2. `damped`: Broyden mixing with a short first step, from neutral atoms;
/// 3. `level shift`: the same with occupied orbitals lowered until it nearly converges, then without;
/// 4. `heated`: electronic temperature raised twentyfold and brought down, each stage starting from the last.
///
/// The energy always belongs to the temperature that was asked for and to no shift.
pub(super) fn climb(
    scc: &mut Scc,
    problem: &Problem,
    terms: &mut [&mut dyn Interaction],
    settings: &Settings,
    stop: &mut dyn FnMut() -> bool,
) -> Result<f64, QuantumError> {
    scc.history.clear();
    let plain =
        Attempt { damping: DAMPING, shift: 0.0, kt: settings.kt, looser: 1.0, cycles: settings.max_cycles };
    let careful = Attempt { damping: CAREFUL, ..plain };
    let loose = Attempt { looser: 100.0, ..careful };

    if let Some(energy) = scc.iterate(problem, terms, settings, plain, stop)? {
        return Ok(energy);
    }
    scc.moments.clear();
    if let Some(energy) = scc.iterate(problem, terms, settings, careful, stop)? {
        return Ok(energy);
    }
    scc.moments.clear();
    if scc.iterate(problem, terms, settings, Attempt { shift: SHIFT, ..loose }, stop)?.is_some()
        && let Some(energy) = scc.iterate(problem, terms, settings, careful, stop)?
    {
        return Ok(energy);
    }
    scc.moments.clear();
    let hottest = COOLING[0] * settings.kt.max(super::BOLTZMANN * 300.0);
    for (stage, factor) in COOLING.iter().enumerate() {
        let last = stage + 1 == COOLING.len();
        let kt = if last { settings.kt } else { hottest * factor / COOLING[0] };
        let attempt = Attempt { kt, ..if last { careful } else { loose } };
        let result = scc.iterate(problem, terms, settings, attempt, stop)?;
        if let (true, Some(energy)) = (last, result) {
            return Ok(energy);
        }
    }
    Err(QuantumError::NotConverged {
        history: scc.history.clone(),
        steps: vec!["broyden", "damped", "level shift", "heated"],
    })
}
