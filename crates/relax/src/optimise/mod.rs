//! Geometry optimisation that needs few gradients.
//!
//! Quasi-Newton in redundant internal coordinates: a model Hessian, BFGS updates, rational-function steps within a
//! trust region, curved back-transformation.

mod frame;
mod memory;
mod options;
mod step;

pub use options::{Connectivity, OptimiseOptions, Path, Step};

use crate::coordinates::bonds;
use crate::error::RelaxError;
use crate::vector::Vec3;
use frame::{Coordinates, Frame, closest, internal};
use matter::Element;
use matter::units::Hartree;
use memory::{Pair, hessian};
use method::{Failure, FailureKind, Surface};
use step::{Proposal, extent, follow, newton};

/// Atoms closer than this (bohr) are refused.
const COINCIDENT: f64 = 0.19;
/// Energies are not trusted to better than this (hartree): a smaller rise is none.
const NOISE: f64 = 2e-8;
/// Updates that are kept.
const MEMORY: usize = 15;

/// Trust below which no step is worth a gradient.
const SMALLEST_TRUST: f64 = 1e-4;

/// Relaxes the atoms from `start` (bohr) to the nearest minimum of `surface`. After each gradient `stop` hears of
/// it and may end the work; the surface asks it also in the middle of a calculation, with no step.
///
/// The molecule must be free: motions of the whole molecule are taken out of the gradient. Converged means that
/// the gradient norm is below the level's threshold and that the energy expected to be left in the next step is
/// below the level's threshold of energy.
///
/// # Errors
/// Arguments that do not fit, a surface that fails, no convergence: with what was reached before.
pub fn optimise(
    surface: &mut dyn Surface,
    elements: &[Element],
    start: &[[f64; 3]],
    options: &OptimiseOptions,
    stop: &mut dyn FnMut(Option<&Step>) -> Result<(), Failure>,
) -> Result<Path, RelaxError> {
    check(surface, elements, start)?;
    let most = options.max_gradients.unwrap_or((3 * elements.len()).max(200));
    let mut walk = Walk { surface, elements, stop, path: Path::default(), first: start };
    let outcome = walk.run(options, most);
    let mut path = std::mem::take(&mut walk.path);
    if let Some(last) = path.last() {
        path.connectivity = compare(elements, start, &last.positions);
    }
    outcome.map(|()| path.clone()).map_err(|end| end.with(path))
}

fn check(surface: &dyn Surface, elements: &[Element], start: &[Vec3]) -> Result<(), RelaxError> {
    let n = surface.atoms();
    let wrong = |what, found: usize| {
        Err(RelaxError::Input {
            what,
            found: found.to_string(),
            expected: format!("{n} (one per atom of the surface)"),
        })
    };
    if n == 0 {
        let expected = "at least one".to_owned();
        return Err(RelaxError::Input { what: "number of atoms", found: "0".to_owned(), expected });
    }
    if elements.len() != n {
        return wrong("number of elements", elements.len());
    }
    if start.len() != n {
        return wrong("number of positions", start.len());
    }
    if let Some(atom) = start.iter().position(|p| p.iter().any(|x| !x.is_finite())) {
        return Err(RelaxError::Input {
            what: "starting positions",
            found: format!("atom {} at {:?}", atom + 1, start[atom]),
            expected: "finite numbers of bohr".to_owned(),
        });
    }
    match closest(start) {
        Some((i, j, distance)) if distance < COINCIDENT => {
            Err(RelaxError::Coincident { first: i + 1, second: j + 1, distance })
        }
        _ => Ok(()),
    }
}

fn compare(elements: &[Element], first: &[Vec3], last: &[Vec3]) -> Connectivity {
    let (before, after) = (bonds(elements, first), bonds(elements, last));
    let only =
        |a: &[(usize, usize)], b: &[(usize, usize)]| a.iter().filter(|p| !b.contains(p)).copied().collect();
    Connectivity { broken: only(&before, &after), formed: only(&after, &before) }
}

/// Why a walk ended without a minimum; the path is added outside.
enum End {
    Surface(Failure),
    Stopped(Failure),
    NotConverged { gradient_norm: f64, threshold: f64 },
    Stuck { gradient_norm: f64 },
    Internal(&'static str),
}

impl End {
    fn with(self, path: Path) -> RelaxError {
        let path = Box::new(path);
        match self {
            End::Surface(failure) => {
                RelaxError::Surface { failure, step: path.gradients.saturating_sub(1), path }
            }
            End::Stopped(failure) => RelaxError::Stopped { failure, path },
            End::NotConverged { gradient_norm, threshold } => {
                RelaxError::NotConverged { gradient_norm, threshold, path }
            }
            End::Stuck { gradient_norm } => RelaxError::Stuck { gradient_norm, path },
            End::Internal(what) => RelaxError::Internal { what },
        }
    }
}

/// What a trial geometry gave.
enum Trial {
    Point(f64, Vec<f64>),
    /// No number there, but maybe nearer.
    Nothing(Failure),
}

struct Walk<'a> {
    surface: &'a mut dyn Surface,
    elements: &'a [Element],
    stop: &'a mut dyn FnMut(Option<&Step>) -> Result<(), Failure>,
    path: Path,
    first: &'a [Vec3],
}

impl Walk<'_> {
    fn evaluate(&mut self, x: &[Vec3]) -> Result<Trial, End> {
        let mut gradient = vec![[0.0; 3]; x.len()];
        self.path.gradients += 1;
        match self.surface.evaluate(x, &mut gradient, &mut || (self.stop)(None)) {
            Ok(energy) if energy.0.is_finite() && gradient.iter().flatten().all(|g| g.is_finite()) => {
                Ok(Trial::Point(energy.0, internal(x, &gradient)))
            }
            Ok(energy) => Ok(Trial::Nothing(Failure::new(
                FailureKind::BadOutput,
                format!("energy {} hartree or its gradient is not a finite number", energy.0),
            ))),
            Err(failure) if failure.kind.is_transient() => Err(End::Stopped(failure)),
            Err(failure) => Ok(Trial::Nothing(failure)),
        }
    }

    fn record(&mut self, frame: &Frame, accepted: bool) -> Result<(), End> {
        self.path.steps.push(Step {
            index: self.path.steps.len(),
            energy: Hartree(frame.energy),
            gradient_norm: frame.gradient_norm(),
            accepted,
            positions: frame.x.clone(),
        });
        let step = &self.path.steps[self.path.steps.len() - 1];
        (self.stop)(Some(step)).map_err(End::Stopped)
    }

    fn run(&mut self, options: &OptimiseOptions, most: usize) -> Result<(), End> {
        const UNFACTORED: End = End::Internal("the model Hessian");
        let (gradient_limit, energy_limit) =
            (options.level.gradient_threshold(), options.level.energy_threshold());
        let start = self.first.to_vec();
        let mut coordinates = Coordinates::new(self.elements, &start);
        let (energy, gradient) = match self.evaluate(&start)? {
            Trial::Point(energy, gradient) => (energy, gradient),
            Trial::Nothing(failure) => return Err(End::Surface(failure)),
        };
        let mut here = Frame::new(&coordinates, start, energy, gradient).ok_or(UNFACTORED)?;
        self.record(&here, true)?;
        let mut pairs: Vec<Pair> = Vec::new();
        let mut trust = 1.0;
        loop {
            let gradient_norm = here.gradient_norm();
            let (left, Proposal { step, expected, reach }) =
                newton(&hessian(&here, &pairs), &here.gradient, trust, &|step| {
                    extent(&coordinates, &here, step)
                })
                .ok_or(UNFACTORED)?;
            if gradient_norm < gradient_limit && left.abs() < energy_limit {
                return Ok(());
            }
            if self.path.gradients >= most {
                return Err(End::NotConverged { gradient_norm, threshold: gradient_limit });
            }
            let trial = follow(&coordinates, &here, &step);
            let sound = trial.iter().flatten().all(|x| x.is_finite())
                && closest(&trial).is_none_or(|(_, _, distance)| distance > COINCIDENT);
            let found = if sound {
                self.evaluate(&trial)?
            } else {
                Trial::Nothing(Failure::new(FailureKind::NoGeometry, "two atoms would meet"))
            };
            let (energy, gradient) = match found {
                Trial::Point(energy, gradient) => (energy, gradient),
                Trial::Nothing(failure) => {
                    trust = 0.25 * reach;
                    if trust < SMALLEST_TRUST {
                        return Err(End::Surface(failure));
                    }
                    continue;
                }
            };
            let there = Frame::new(&coordinates, trial, energy, gradient).ok_or(UNFACTORED)?;
            let change = there.energy - here.energy;
            pairs.push(Pair::new(&coordinates, &here, &there));
            if pairs.len() > MEMORY {
                pairs.remove(0);
            }
            let accepted = change <= NOISE;
            self.record(&there, accepted)?;
            let ratio = change / expected;
            if !accepted {
                trust = 0.3 * reach;
                if trust < SMALLEST_TRUST {
                    return Err(End::Stuck { gradient_norm });
                }
                continue;
            }
            if ratio < 0.25 {
                trust = 0.5 * reach;
            } else if ratio > 0.75 && reach > 0.8 * trust {
                trust = (trust * 2.0).min(1.0);
            }
            here = there;
            if coordinates.worn_out(&here.x) {
                coordinates = Coordinates::new(self.elements, &here.x);
                pairs.clear();
                here = Frame::new(&coordinates, here.x, here.energy, here.gradient).ok_or(UNFACTORED)?;
            }
        }
    }
}
