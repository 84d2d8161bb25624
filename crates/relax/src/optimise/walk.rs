//! The way from the start to the minimum.

use super::COINCIDENT;
use super::frame::{Coordinates, Frame, closest, internal};
use super::memory::{Pair, hessian};
use super::options::{OptimiseOptions, Path, Step};
use super::step::{Proposal, extent, follow, newton};
use crate::vector::Vec3;
use matter::Element;
use matter::units::Hartree;
use method::{Failure, FailureKind, Surface};

/// Energies are not trusted to better than this (hartree): a smaller rise is none.
const NOISE: f64 = 2e-8;
/// Updates of the Hessian that are kept.
const MEMORY: usize = 15;
/// Trust of the first step, and its bound: nothing moves further than [`extent`] counts as 1.
const TRUST: f64 = 1.0;
/// Trust below which no step is worth a gradient.
const SMALLEST_TRUST: f64 = 1e-4;
/// A gradient below this share of its threshold is the end whatever energy may be left: fragments that drift apart
/// have no minimum to reach.
const FLAT: f64 = 0.05;
/// An energy that falls by so much more (hartree), and by so many times more, than was expected is that of another
/// solution of the method, not of this surface.
const JUMP: f64 = 0.5;
const JUMP_RATIO: f64 = 10.0;

/// Why a walk ended without a minimum.
pub(super) enum End {
    Surface(Failure),
    Stopped(Failure),
    NotConverged { gradient_norm: f64, threshold: f64 },
    Stuck { gradient_norm: f64 },
    Internal(&'static str),
}

/// The model Hessian is positive definite wherever coordinates are finite, and those are checked.
const UNFACTORED: End = End::Internal("the model Hessian");

/// What a geometry gave.
enum Trial {
    /// Energy and gradient (flat, without motions of the whole molecule).
    Point(f64, Vec<f64>),
    /// No number there, but maybe nearer.
    Nothing(Failure),
}

pub(super) struct Walk<'a> {
    surface: &'a mut dyn Surface,
    elements: &'a [Element],
    stop: &'a mut dyn FnMut(Option<&Step>) -> Result<(), Failure>,
    path: Path,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        surface: &'a mut dyn Surface,
        elements: &'a [Element],
        stop: &'a mut dyn FnMut(Option<&Step>) -> Result<(), Failure>,
    ) -> Walk<'a> {
        Walk { surface, elements, stop, path: Path::default() }
    }

    pub(super) fn into_path(self) -> Path {
        self.path
    }

    pub(super) fn run(&mut self, start: &[Vec3], options: &OptimiseOptions) -> Result<(), End> {
        let threshold = options.level.gradient_threshold();
        let most = options.max_gradients.unwrap_or((3 * start.len()).max(200));
        let mut coordinates = Coordinates::new(self.elements, start);
        let mut here = match self.evaluate(start)? {
            Trial::Point(energy, gradient) => {
                Frame::new(&coordinates, start.to_vec(), energy, gradient).ok_or(UNFACTORED)?
            }
            Trial::Nothing(failure) => return Err(End::Surface(failure)),
        };
        self.record(&here, true)?;
        let mut pairs: Vec<Pair> = Vec::new();
        let mut trust = TRUST;
        loop {
            let gradient_norm = here.gradient_norm();
            let (left, proposal) = newton(&hessian(&here, &pairs), &here.gradient, trust, &|step| {
                extent(&coordinates, &here, step)
            })
            .ok_or(UNFACTORED)?;
            let enough = left.abs() < options.level.energy_threshold() || gradient_norm < FLAT * threshold;
            if gradient_norm < threshold && enough {
                return Ok(());
            }
            if self.path.gradients >= most {
                return Err(End::NotConverged { gradient_norm, threshold });
            }
            let trial = follow(&coordinates, &here, &proposal.step);
            let (energy, gradient) = match self.attempt(&trial, here.energy, &proposal)? {
                Trial::Point(energy, gradient) => (energy, gradient),
                Trial::Nothing(failure) => {
                    trust = 0.25 * proposal.reach;
                    if trust < SMALLEST_TRUST {
                        return Err(End::Surface(failure));
                    }
                    continue;
                }
            };
            let there = Frame::new(&coordinates, trial, energy, gradient).ok_or(UNFACTORED)?;
            let change = there.energy - here.energy;
            let accepted = change <= NOISE;
            self.record(&there, accepted)?;
            if pairs.len() == MEMORY {
                pairs.remove(0);
            }
            // A point that was too high still tells how the surface curves.
            pairs.push(Pair::new(&coordinates, &here, &there));
            trust = next_trust(trust, &proposal, change);
            if accepted {
                here = there;
            } else if trust < SMALLEST_TRUST {
                return if gradient_norm < threshold { Ok(()) } else { Err(End::Stuck { gradient_norm }) };
            }
            if accepted && coordinates.worn_out(&here.x) {
                coordinates = Coordinates::new(self.elements, &here.x);
                pairs.clear();
                here = Frame::new(&coordinates, here.x, here.energy, here.gradient).ok_or(UNFACTORED)?;
            }
        }
    }

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

    /// Energy and gradient after a step, unless the step cannot be right.
    fn attempt(&mut self, x: &[Vec3], before: f64, proposal: &Proposal) -> Result<Trial, End> {
        let finite = x.iter().flatten().all(|c| c.is_finite());
        if !finite || closest(x).is_some_and(|(_, _, distance)| distance < COINCIDENT) {
            return Ok(Trial::Nothing(Failure::new(FailureKind::NoGeometry, "two atoms would meet")));
        }
        Ok(match self.evaluate(x)? {
            Trial::Point(energy, _)
                if energy - before < JUMP_RATIO * proposal.expected && before - energy > JUMP =>
            {
                Trial::Nothing(Failure::new(
                    FailureKind::BadOutput,
                    format!(
                        "the energy falls from {before:.4} to {energy:.4} hartree in a small step: the method found \
                         another solution"
                    ),
                ))
            }
            trial => trial,
        })
    }

    fn record(&mut self, frame: &Frame, accepted: bool) -> Result<(), End> {
        let step = Step {
            index: self.path.steps.len(),
            energy: Hartree(frame.energy),
            gradient_norm: frame.gradient_norm(),
            accepted,
            positions: frame.x.clone(),
        };
        let told = (self.stop)(Some(&step)).map_err(End::Stopped);
        self.path.steps.push(step);
        told
    }
}

/// Smaller after a step that the model did not foresee, larger after one that was good but limited.
fn next_trust(trust: f64, proposal: &Proposal, change: f64) -> f64 {
    let ratio = change / proposal.expected;
    if change > NOISE {
        0.3 * proposal.reach
    } else if ratio < 0.25 {
        0.5 * proposal.reach
    } else if ratio > 0.75 && proposal.reach > 0.8 * trust {
        (2.0 * trust).min(TRUST)
    } else {
        trust
    }
}
