//! Fractional occupation of orbitals at an electronic temperature (Fermi-Dirac smearing; Mermin, Phys. Rev. 1965,
//! 137, A1441).

/// Boltzmann's constant in hartree/K (CODATA 2018).
pub(crate) const BOLTZMANN: f64 = 3.166_811_563_455_5e-6;

/// Distance from the Fermi level, in units of kT, beyond which an orbital counts as full or empty.
const SHARP: f64 = 38.0;

/// Adds the occupations of one spin channel with `electrons` (may be any number from 0 to the number of levels)
/// at temperature `kt` (hartree) to `occupations`, and returns its part of the free energy, `-T S`, in hartree.
/// `levels` are in ascending order.
pub(crate) fn fill(levels: &[f64], electrons: f64, kt: f64, occupations: &mut [f64]) -> f64 {
    let whole = (electrons.max(0.0) as usize).min(levels.len());
    let part = electrons - whole as f64;
    let homo = whole.checked_sub(1).and_then(|h| levels.get(h));
    let sharp = part <= 0.0
        && match (homo, levels.get(whole)) {
            (Some(homo), Some(lumo)) => lumo - homo > 2.0 * SHARP * kt,
            _ => true,
        };
    if kt <= 0.0 || sharp {
        occupations[..whole].iter_mut().for_each(|f| *f += 1.0);
        if let (true, Some(f)) = (part > 0.0, occupations.get_mut(whole)) {
            *f += part;
        }
        return 0.0;
    }
    let around = &levels[whole.saturating_sub(1)..(whole + 1).min(levels.len())];
    let middle = around.iter().sum::<f64>() / around.len() as f64;
    let fermi = fermi_level(levels, electrons, kt, middle);
    let mut entropy = 0.0;
    for (&e, occupation) in levels.iter().zip(occupations) {
        let f = occupancy((e - fermi) / kt);
        *occupation += f;
        if f > 1e-14 && f < 1.0 - 1e-14 {
            entropy += f * f.ln() + (1.0 - f) * (-f).ln_1p();
        }
    }
    kt * entropy
}

fn occupancy(x: f64) -> f64 {
    if x > SHARP {
        0.0
    } else if x < -SHARP {
        1.0
    } else {
        1.0 / (x.exp() + 1.0)
    }
}

/// The Fermi level at which the occupations sum to `electrons`: Newton steps kept inside a shrinking bracket.
fn fermi_level(levels: &[f64], electrons: f64, kt: f64, start: f64) -> f64 {
    let mut low = levels.first().copied().unwrap_or(start) - 2.0 * SHARP * kt;
    let mut high = levels.last().copied().unwrap_or(start) + 2.0 * SHARP * kt;
    let mut fermi = start;
    for _ in 0..200 {
        let (mut sum, mut slope) = (0.0, 0.0);
        for &e in levels {
            let f = occupancy((e - fermi) / kt);
            sum += f;
            slope += f * (1.0 - f) / kt;
        }
        let excess = sum - electrons;
        if excess.abs() < 1e-14 * electrons.max(1.0) {
            break;
        }
        if excess > 0.0 {
            high = fermi;
        } else {
            low = fermi;
        }
        let newton = fermi - excess / slope;
        let next = if slope > 0.0 && newton > low && newton < high { newton } else { 0.5 * (low + high) };
        if next == fermi {
            break;
        }
        fermi = next;
    }
    fermi
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn electrons_are_conserved_and_the_entropy_is_the_derivative_of_the_free_energy() {
        let levels = [-0.5, -0.3, -0.201, -0.2, -0.1995, 0.1, 0.3];
        for electrons in [1.0, 2.0, 3.0, 4.0, 5.0, 6.0] {
            let free = |kt: f64| {
                let mut f = [0.0; 7];
                let g = fill(&levels, electrons, kt, &mut f);
                assert!((f.iter().sum::<f64>() - electrons).abs() < 1e-11);
                g + f.iter().zip(levels).map(|(f, e)| f * e).sum::<f64>()
            };
            // dF/dT = -S at constant electrons: F - T S_term is stationary.
            let (t, h) = (0.01, 1e-5);
            let mut f = [0.0; 7];
            let entropy_term = fill(&levels, electrons, t, &mut f) / t;
            let slope = (free(t + h) - free(t - h)) / (2.0 * h);
            assert!((slope - entropy_term).abs() < 1e-6, "{electrons}: {slope} {entropy_term}");
        }
    }

    #[test]
    fn a_large_gap_gives_whole_electrons() {
        let mut f = [0.0; 4];
        let entropy = fill(&[-0.6, -0.4, 0.2, 0.3], 2.0, 300.0 * BOLTZMANN, &mut f);
        assert_eq!(f, [1.0, 1.0, 0.0, 0.0]);
        assert_eq!(entropy, 0.0);
    }
}
