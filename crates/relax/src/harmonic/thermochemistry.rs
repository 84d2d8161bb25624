//! Thermochemistry of an ideal gas of rigid rotors with harmonic vibrations, and with Grimme's treatment of soft
//! ones.

use super::rotor::{Rotor, RotorKind};
use crate::constants::{BOHR, BOLTZMANN, DALTON, HARTREE, LIGHT_CM, PLANCK};
use crate::error::RelaxError;
use matter::units::Hartree;
use std::f64::consts::PI;

/// Moment of inertia that limits that of a free rotor, kg m^2 (S. Grimme, Chem. Eur. J. 2012, 18, 9955, eq. 5).
const ROTOR_LIMIT: f64 = 1e-44;

/// Conditions and choices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditions {
    /// Temperature, K.
    pub temperature: f64,
    /// Pressure, Pa.
    pub pressure: f64,
    /// Rotational symmetry number: 2 for water, 12 for benzene.
    pub symmetry_number: u32,
    /// Spin multiplicity: 1 for a closed shell, 2 for a radical.
    pub multiplicity: u32,
    /// Wavenumber, 1/cm, at which a mode counts half as vibration and half as free rotor in the entropy
    /// (Grimme 2012, eq. 8). 50 is what xtb uses, 100 what the paper does; 0 leaves the harmonic entropy.
    pub rotor_cut_off: f64,
    /// Imaginary modes weaker than this (1/cm, positive) are taken as real ones of the same size, as xtb does with
    /// 20: they come from the numerical noise of flat minima. Stronger ones are left out.
    pub invert_below: f64,
}

impl Default for Conditions {
    fn default() -> Conditions {
        Conditions {
            temperature: 298.15,
            pressure: 101_325.0,
            symmetry_number: 1,
            multiplicity: 1,
            rotor_cut_off: 50.0,
            invert_below: 20.0,
        }
    }
}

/// Entropy by its origin, hartree/K.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Entropy {
    /// Of the centre of mass (Sackur and Tetrode).
    pub translation: f64,
    /// Of turning.
    pub rotation: f64,
    /// Of vibrations, soft ones as hindered rotors.
    pub vibration: f64,
    /// Of the spin, `k ln(multiplicity)`.
    pub electronic: f64,
}

impl Entropy {
    /// The sum.
    pub fn total(&self) -> f64 {
        self.translation + self.rotation + self.vibration + self.electronic
    }
}

/// What must be added to the electronic energy.
#[derive(Clone, Debug, PartialEq)]
pub struct Thermochemistry {
    /// Zero-point energy.
    pub zero_point: Hartree,
    /// `H(T) - H(0)`, with `p V`.
    pub heating: Hartree,
    /// `H(T)`: zero-point energy and heating.
    pub enthalpy: Hartree,
    /// Entropy, hartree/K.
    pub entropy: Entropy,
    /// `G(T) = H(T) - T S`.
    pub free_energy: Hartree,
    /// Heat capacity at constant pressure (harmonic), hartree/K.
    pub heat_capacity: f64,
    /// Imaginary modes that were taken as real, as given (negative), 1/cm.
    pub inverted: Vec<f64>,
    /// Imaginary modes that were left out, 1/cm: what they were has no free energy of its own. None at a minimum.
    pub left_out: Vec<f64>,
}

/// Thermochemistry of a molecule with these wavenumbers (1/cm, negative for imaginary).
///
/// Translation, rotation and enthalpy are those of the rigid rotor and harmonic oscillator. The entropy of each
/// vibration goes over into that of a free rotor below [`Conditions::rotor_cut_off`] (quasi-RRHO of S. Grimme,
/// Chem. Eur. J. 2012, 18, 9955).
///
/// # Errors
/// Conditions that are no conditions, or wavenumbers that are not finite.
pub fn thermochemistry(
    wavenumbers: &[f64],
    rotor: &Rotor,
    conditions: &Conditions,
) -> Result<Thermochemistry, RelaxError> {
    check(wavenumbers, rotor, conditions)?;
    let (t, kt) = (conditions.temperature, BOLTZMANN * conditions.temperature);
    let (inverted, left_out): (Vec<f64>, Vec<f64>) =
        wavenumbers.iter().copied().filter(|w| *w < 0.0).partition(|w| *w > -conditions.invert_below);
    // A mode of exactly zero has no entropy at all; it is a free motion that was counted as a vibration.
    let real = wavenumbers.iter().filter(|w| **w > 0.0).chain(&inverted).map(|w| w.abs());

    let (mut zero_point, mut vibration) = (0.0, Share::default());
    for wavenumber in real {
        zero_point += 0.5 * PLANCK * LIGHT_CM * wavenumber;
        vibration.add(oscillator(wavenumber, t, conditions.rotor_cut_off));
    }
    let translation = translation(rotor.mass * DALTON, conditions);
    let rotation = rotation(rotor, conditions);
    let entropy = Entropy {
        translation: translation.entropy / HARTREE,
        rotation: rotation.entropy / HARTREE,
        vibration: vibration.entropy / HARTREE,
        electronic: BOLTZMANN * f64::from(conditions.multiplicity).ln() / HARTREE,
    };
    let heating = (translation.energy + rotation.energy + vibration.energy + kt) / HARTREE;
    let enthalpy = zero_point / HARTREE + heating;
    Ok(Thermochemistry {
        zero_point: Hartree(zero_point / HARTREE),
        heating: Hartree(heating),
        enthalpy: Hartree(enthalpy),
        entropy,
        free_energy: Hartree(enthalpy - t * entropy.total()),
        heat_capacity: (translation.capacity + rotation.capacity + vibration.capacity + BOLTZMANN) / HARTREE,
        inverted,
        left_out,
    })
}

fn check(wavenumbers: &[f64], rotor: &Rotor, conditions: &Conditions) -> Result<(), RelaxError> {
    let wrong = |what, found: String, expected: &str| {
        Err(RelaxError::Input { what, found, expected: expected.to_owned() })
    };
    let positive = |x: f64| x > 0.0 && x.is_finite();
    if !positive(conditions.temperature) {
        return wrong("temperature", conditions.temperature.to_string(), "a positive number of kelvin");
    }
    if !positive(conditions.pressure) {
        return wrong("pressure", conditions.pressure.to_string(), "a positive number of pascal");
    }
    if conditions.symmetry_number == 0 {
        return wrong("symmetry number", "0".to_owned(), "1 or more");
    }
    if conditions.multiplicity == 0 {
        return wrong("spin multiplicity", "0".to_owned(), "1 or more");
    }
    if !(conditions.rotor_cut_off >= 0.0 && conditions.rotor_cut_off.is_finite()) {
        return wrong(
            "rotor cut-off",
            conditions.rotor_cut_off.to_string(),
            "0 or a positive number of 1/cm",
        );
    }
    if conditions.invert_below.is_nan() || conditions.invert_below < 0.0 {
        return wrong(
            "limit of inverted modes",
            conditions.invert_below.to_string(),
            "0 or a positive number of 1/cm",
        );
    }
    if !positive(rotor.mass) || rotor.moments.iter().any(|m| !(*m >= 0.0 && m.is_finite())) {
        return wrong("rotor", format!("{rotor:?}"), "a positive mass and moments of inertia");
    }
    if let Some(w) = wavenumbers.iter().find(|w| !w.is_finite()) {
        return wrong("wavenumbers", w.to_string(), "finite numbers of 1/cm");
    }
    Ok(())
}

/// What a kind of motion contributes: energy J, entropy J/K, heat capacity J/K.
#[derive(Clone, Copy, Default)]
struct Share {
    energy: f64,
    entropy: f64,
    capacity: f64,
}

impl Share {
    fn add(&mut self, other: Share) {
        self.energy += other.energy;
        self.entropy += other.entropy;
        self.capacity += other.capacity;
    }
}

fn translation(mass: f64, conditions: &Conditions) -> Share {
    let kt = BOLTZMANN * conditions.temperature;
    let per_length = (2.0 * PI * mass * kt).sqrt() / PLANCK;
    let states = per_length * per_length * per_length * kt / conditions.pressure;
    Share { energy: 1.5 * kt, entropy: BOLTZMANN * (states.ln() + 2.5), capacity: 1.5 * BOLTZMANN }
}

fn rotation(rotor: &Rotor, conditions: &Conditions) -> Share {
    let kt = BOLTZMANN * conditions.temperature;
    let symmetry = f64::from(conditions.symmetry_number);
    let reduced = rotor.moments.map(|m| 8.0 * PI * PI * m * DALTON * BOHR * BOHR * kt / (PLANCK * PLANCK));
    let (axes, states) = match rotor.kind() {
        RotorKind::Atom => return Share::default(),
        RotorKind::Linear => (2.0, (reduced[1] * reduced[2]).sqrt() / symmetry),
        RotorKind::General => (3.0, (PI * reduced[0] * reduced[1] * reduced[2]).sqrt() / symmetry),
    };
    let half = 0.5 * axes;
    Share { energy: half * kt, entropy: BOLTZMANN * (states.ln() + half), capacity: half * BOLTZMANN }
}

/// A vibration of `wavenumber` > 0.
fn oscillator(wavenumber: f64, temperature: f64, cut_off: f64) -> Share {
    let kt = BOLTZMANN * temperature;
    let quantum = PLANCK * LIGHT_CM * wavenumber;
    let x = quantum / kt;
    // 1 / (e^x - 1) and ln(1 - e^-x), exact also for soft modes.
    let excited = 1.0 / x.exp_m1();
    let harmonic = BOLTZMANN * (x * excited - (-(-x).exp_m1()).ln());
    // Grimme 2012, eqs. 4 to 8.
    let moment = PLANCK / (8.0 * PI * PI * LIGHT_CM * wavenumber);
    let limited = moment * ROTOR_LIMIT / (moment + ROTOR_LIMIT);
    let free = BOLTZMANN * (0.5 + 0.5 * (8.0 * PI * PI * PI * limited * kt / (PLANCK * PLANCK)).ln());
    let ratio = cut_off / wavenumber;
    let weight = 1.0 / (1.0 + ratio * ratio * ratio * ratio);
    // x^2 e^x / (e^x - 1)^2, written so that it does not overflow at low temperature.
    let capacity = BOLTZMANN * x * x * excited * (1.0 + excited);
    Share { energy: quantum * excited, entropy: weight * harmonic + (1.0 - weight) * free, capacity }
}
