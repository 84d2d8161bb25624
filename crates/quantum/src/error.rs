//! What can go wrong.

/// Why there is no number.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum QuantumError {
    /// Nothing to calculate.
    #[error("the system has no atoms")]
    NoAtoms,
    /// The two lists differ in length.
    #[error("{numbers} atomic numbers but {positions} positions: give one position per atom")]
    Lengths {
        /// Number of atomic numbers given.
        numbers: usize,
        /// Number of positions given.
        positions: usize,
    },
    /// The method has no parameters for an element.
    #[error("atom {atom} has atomic number {number}: GFN2-xTB knows hydrogen (1) to radon (86)")]
    Element {
        /// Index of the atom, from 1.
        atom: usize,
        /// What was found.
        number: u8,
    },
    /// A coordinate is NaN or infinite.
    #[error("atom {atom} has coordinate {value}: expected a finite number of bohr")]
    Coordinate {
        /// Index of the atom, from 1.
        atom: usize,
        /// What was found.
        value: f64,
    },
    /// Two atoms are at (almost) one place.
    #[error("atoms {first} and {second} are {distance:.4} bohr apart: no molecule has atoms that close")]
    Coincident {
        /// Index of the first atom, from 1.
        first: usize,
        /// Index of the second atom, from 1.
        second: usize,
        /// Their distance in bohr.
        distance: f64,
    },
    /// Charge and number of unpaired electrons do not fit the atoms.
    #[error(
        "{unpaired} unpaired electrons do not fit {electrons} valence electrons in {orbitals} orbitals \
         (charge {charge}): change the charge or the number of unpaired electrons"
    )]
    Electrons {
        /// Unpaired electrons asked for.
        unpaired: u32,
        /// Valence electrons after the charge.
        electrons: i64,
        /// Number of basis functions.
        orbitals: usize,
        /// Total charge asked for.
        charge: i32,
    },
    /// The solvation model has no parameters for a solvent.
    #[error("unknown solvent `{given}`; {hint}")]
    Solvent {
        /// What was asked for.
        given: String,
        /// The nearest name, or all of them.
        hint: String,
    },
    /// The self-consistent charges did not converge, not even with every rescue step.
    #[error(
        "the self-consistent charges did not converge in {} cycles ({}): last change of the energy {:.1e} hartree, \
         of the charges {:.1e} e; is the geometry sensible?",
        .history.len(), .steps.join(", "),
        .history.last().map_or(f64::NAN, |h| h.0), .history.last().map_or(f64::NAN, |h| h.1)
    )]
    NotConverged {
        /// Change of energy (hartree) and largest change of the charges (e), one entry per cycle.
        history: Vec<(f64, f64)>,
        /// Names of the rescue steps tried.
        steps: Vec<&'static str>,
    },
    /// The overlap matrix has a zero or negative eigenvalue.
    #[error("the basis functions are linearly dependent: atoms are too close together")]
    LinearDependence,
    /// The caller asked to stop between two cycles.
    #[error("stopped on request")]
    Stopped,
    /// The eigenvalue solver failed on a finite matrix: our fault.
    #[error("internal error in the eigenvalue solver ({what}): please report the structure")]
    Internal {
        /// Where.
        what: &'static str,
    },
}
