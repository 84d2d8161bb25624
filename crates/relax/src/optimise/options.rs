//! What the caller can choose, and what comes back.

use matter::units::Hartree;
use method::OptimisationLevel;

/// How to optimise.
#[derive(Clone, Copy, Debug)]
pub struct OptimiseOptions {
    /// When to stop.
    pub level: OptimisationLevel,
    /// Most gradients, that of the start included; by default the larger of 200 and three per atom.
    pub max_gradients: Option<usize>,
}

impl Default for OptimiseOptions {
    fn default() -> OptimiseOptions {
        OptimiseOptions { level: OptimisationLevel::Normal, max_gradients: None }
    }
}

/// One gradient on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its number; 0 is the start.
    pub index: usize,
    /// Energy.
    pub energy: Hartree,
    /// Norm of the gradient (all components together, without those of a moving or turning molecule),
    /// hartree/bohr.
    pub gradient_norm: f64,
    /// Whether the path goes on from here; a step that raises the energy is taken back.
    pub accepted: bool,
    /// Positions, bohr.
    pub positions: Vec<[f64; 3]>,
}

/// How the bonds (by covalent radii, as in [`matter::Geometry::bonded_pairs`]) of the last geometry differ from
/// those of the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connectivity {
    /// Bonds of the start that are gone, as atom indices from 0, `i < j`.
    pub broken: Vec<(usize, usize)>,
    /// Bonds that the start had not.
    pub formed: Vec<(usize, usize)>,
}

impl Connectivity {
    /// Whether all bonds are those of the start.
    pub fn kept(&self) -> bool {
        self.broken.is_empty() && self.formed.is_empty()
    }
}

/// The way of an optimisation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    /// Every gradient that was computed, in order.
    pub steps: Vec<Step>,
    /// Number of gradients asked of the surface, failed ones included.
    pub gradients: usize,
    /// Bonds at the end against those of the start.
    pub connectivity: Connectivity,
}

impl Path {
    /// The geometry reached: the last accepted step. `None` only when not even the start gave an energy.
    pub fn last(&self) -> Option<&Step> {
        self.steps.iter().rev().find(|step| step.accepted)
    }
}
