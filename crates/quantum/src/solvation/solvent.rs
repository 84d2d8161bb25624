//! Solvents by name.

use crate::error::QuantumError;
use crate::scc::BOLTZMANN;
use crate::tables::alpb::SOLVENTS;

/// Gas constant, J/(mol K) (SI 2019).
const GAS_CONSTANT: f64 = 8.314_462_618;

/// Temperature of the standard states, kelvin.
const ROOM_TEMPERATURE: f64 = 298.15;

/// Fitted numbers of one solvent, as published.
#[derive(Debug)]
pub(crate) struct SolventParameters {
    /// Which.
    pub solvent: Solvent,
    /// Name.
    pub name: &'static str,
    /// What it is called, in lower case and without punctuation.
    pub keys: &'static [&'static str],
    /// Relative permittivity.
    pub dielectric_constant: f64,
    /// Factor on the Born radii.
    pub born_scale: f64,
    /// Subtracted from the van der Waals radii in the Born radii, 0.1 angstrom.
    pub born_offset: f64,
    /// Radius of a solvent molecule, angstrom.
    pub probe_radius: f64,
    /// Molar mass, g/mol.
    pub molar_mass: f64,
    /// Density, kg/L.
    pub density: f64,
    /// Constant part of the solvation free energy, kcal/mol.
    pub shift: f64,
    /// Factor on the van der Waals radius of an atom where it displaces solvent around others, by atomic number.
    pub descreening: [f64; 86],
    /// Surface tension by atomic number, 1e-5 hartree/bohr^2.
    pub surface_tension: [f64; 86],
    /// Root of the strength of hydrogen bonds by atomic number, (kcal/mol)^(1/2)/e.
    pub hydrogen_bond: [f64; 86],
}

/// A solvent with parameters for GFN2-xTB.
///
/// ```
/// use quantum::Solvent;
/// assert_eq!(Solvent::parse("H2O")?, Solvent::Water);
/// assert!(Solvent::parse("watr").unwrap_err().to_string().contains("did you mean `water`?"));
/// # Ok::<(), quantum::QuantumError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Solvent {
    /// Acetone.
    Acetone,
    /// Acetonitrile.
    Acetonitrile,
    /// Aniline.
    Aniline,
    /// Benzaldehyde.
    Benzaldehyde,
    /// Benzene.
    Benzene,
    /// CS2.
    CarbonDisulfide,
    /// Trichloromethane, CHCl3.
    Chloroform,
    /// CH2Cl2.
    Dichloromethane,
    /// Diethyl ether.
    DiethylEther,
    /// 1,4-Dioxane.
    Dioxane,
    /// N,N-Dimethylformamide.
    Dmf,
    /// Dimethyl sulfoxide.
    Dmso,
    /// Ethanol.
    Ethanol,
    /// Ethyl acetate.
    EthylAcetate,
    /// Furan.
    Furan,
    /// n-Hexadecane.
    Hexadecane,
    /// n-Hexane.
    Hexane,
    /// Methanol.
    Methanol,
    /// Nitromethane.
    Nitromethane,
    /// 1-Octanol.
    Octanol,
    /// 1-Octanol saturated with water.
    WetOctanol,
    /// Phenol.
    Phenol,
    /// Tetrahydrofuran.
    Thf,
    /// Toluene.
    Toluene,
    /// Water.
    Water,
}

impl Solvent {
    /// The solvent of this name, common abbreviations included; case, spaces and hyphens do not matter.
    ///
    /// # Errors
    /// The method has no such solvent: with the nearest name, or all of them.
    pub fn parse(name: &str) -> Result<Solvent, QuantumError> {
        let key: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let known = |s: &&SolventParameters| s.keys.contains(&key.as_str());
        SOLVENTS.iter().find(known).map(|s| s.solvent).ok_or_else(|| {
            let distances = SOLVENTS.iter().flat_map(|s| s.keys.iter().map(move |k| (k, s.name)));
            let nearest = distances.map(|(k, name)| (strsim::damerau_levenshtein(k, &key), name)).min();
            let hint = match nearest {
                Some((distance, name)) if 3 * distance <= key.chars().count() => {
                    format!("did you mean `{name}`?")
                }
                _ => {
                    format!("known are {}", Solvent::all().map(Solvent::name).collect::<Vec<_>>().join(", "))
                }
            };
            QuantumError::Solvent { given: name.to_owned(), hint }
        })
    }

    /// Every solvent, in the order of the alphabet.
    pub fn all() -> impl Iterator<Item = Solvent> {
        SOLVENTS.iter().map(|s| s.solvent)
    }

    /// Its name, which [`Solvent::parse`] reads back.
    pub fn name(self) -> &'static str {
        self.parameters().name
    }

    /// Relative permittivity.
    pub fn dielectric_constant(self) -> f64 {
        self.parameters().dielectric_constant
    }

    /// Free energy in hartree to add to an energy in solution for another pair of standard states, at 298.15 K.
    pub fn state_shift(self, state: SolutionState) -> f64 {
        let molar_volume = GAS_CONSTANT * ROOM_TEMPERATURE / 100.0; // of a gas at 1 bar, L/mol
        let kt = BOLTZMANN * ROOM_TEMPERATURE;
        match state {
            SolutionState::Gsolv => 0.0,
            SolutionState::Bar1Mol => kt * molar_volume.ln(),
            SolutionState::Reference => {
                let concentration = 1000.0 * self.parameters().density / self.parameters().molar_mass;
                kt * (molar_volume * concentration).ln()
            }
        }
    }

    pub(super) fn parameters(self) -> &'static SolventParameters {
        &SOLVENTS[self as usize]
    }
}

/// Between which standard states a free energy of solvation is taken, with the names of xtb and tblite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SolutionState {
    /// Ideal gas and solution of the same concentration: what [`crate::Gfn2`] gives, and most other models.
    Gsolv,
    /// Ideal gas at 1 bar, solution of 1 mol/L.
    Bar1Mol,
    /// Ideal gas at 1 bar, solution at infinite dilution with the solvent as the reference.
    Reference,
}

impl std::fmt::Display for Solvent {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_no_key_means_two_solvents() {
        let mut keys: Vec<&str> = SOLVENTS.iter().flat_map(|s| s.keys.iter().copied()).collect();
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), count);
        for (index, solvent) in Solvent::all().enumerate() {
            assert_eq!(solvent as usize, index);
            assert_eq!(Solvent::parse(solvent.name()).unwrap(), solvent);
            assert_eq!(Solvent::parse(&solvent.to_string().to_uppercase()).unwrap(), solvent);
        }
    }

    #[test]
    fn other_names_are_known_and_misspelt_ones_answered() {
        for (given, name) in [
            ("H2O", "water"),
            ("MeCN", "acetonitrile"),
            ("n-hexane", "hexane"),
            ("CH2Cl2", "dichloromethane"),
        ] {
            assert_eq!(Solvent::parse(given).unwrap().name(), name);
        }
        for (given, part) in [
            ("watr", "`watr`; did you mean `water`?"),
            ("acetonitril", "did you mean `acetonitrile`?"),
            ("glycerol", "known are acetone, acetonitrile, "),
            ("", "known are"),
        ] {
            let message = Solvent::parse(given).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
    }

    /// Against tblite 0.8.0, H2 in each state.
    #[test]
    fn shifts_of_state_are_those_of_tblite() {
        let bar = 0.003_031_232_827;
        for (solvent, reference) in [
            (Solvent::Water, 0.006_824_385_555),
            (Solvent::Dmso, 0.005_528_310_382),
            (Solvent::Hexane, 0.004_953_405_988),
        ] {
            assert!((solvent.state_shift(SolutionState::Bar1Mol) - bar).abs() < 1e-8);
            assert!((solvent.state_shift(SolutionState::Reference) - reference).abs() < 1e-8);
            assert_eq!(solvent.state_shift(SolutionState::Gsolv), 0.0);
        }
    }
}
