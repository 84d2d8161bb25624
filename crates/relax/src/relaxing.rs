//! A method with gradients becomes one that also relaxes geometries.

use crate::error::RelaxError;
use crate::optimise::{OptimiseOptions, Path, optimise};
use matter::units::BOHR_IN_ANGSTROM;
use matter::{Geometry, Molecule};
use method::meter::{self, ThreadMeter};
use method::{
    Calculation, Cost, CostSource, Failure, FailureKind, GradientMethod, Method, MethodId, OptimisationLevel,
    Outcome, Property, Request, Task,
};

/// Grows when the same start begins to end elsewhere.
const VERSION: u32 = 1;

/// Adds [`Task::Optimise`] to a method that gives gradients; every other task is the method's own.
#[derive(Clone, Debug)]
pub struct Relaxing<M> {
    inner: M,
    id: MethodId,
}

impl<M: Method + GradientMethod> Relaxing<M> {
    /// Puts the optimiser around `inner`; its version becomes part of the identity.
    pub fn new(inner: M) -> Relaxing<M> {
        let id = MethodId::new(format!("{};relax-{VERSION}", inner.id()));
        Relaxing { inner, id }
    }

    fn relax(
        &self,
        molecule: &Molecule,
        request: &Request,
        level: OptimisationLevel,
        meter: &ThreadMeter,
        work: &mut f64,
    ) -> Result<Outcome, Failure> {
        let label = molecule.label();
        let geometry = molecule.geometry().ok_or_else(|| {
            Failure::new(FailureKind::Unsupported, format!("{label} has no 3-D geometry: make one first"))
        })?;
        let start: Vec<[f64; 3]> =
            geometry.positions().iter().map(|p| p.map(|x| x / BOHR_IN_ANGSTROM)).collect();
        let mut surface = self.inner.surface(molecule)?;
        let options = OptimiseOptions { level, ..OptimiseOptions::default() };
        let mut may_go_on = || request.may_go_on(meter, "the optimisation", &label);
        let end = optimise(surface.as_mut(), geometry.elements(), &start, &options, &mut |_| may_go_on());
        *work = surface.work();
        let path = end.map_err(|error| failure(error, &label))?;
        let Some(last) = path.last() else {
            return Err(Failure::new(FailureKind::Crashed, format!("{label}: the optimiser made no step")));
        };
        if !ends_accepted(&path) {
            // The surface knows the last trial, which was taken back; its properties are wanted at the minimum.
            let mut gradient = vec![[0.0; 3]; start.len()];
            surface.evaluate(&last.positions, &mut gradient, &mut may_go_on)?;
            *work = surface.work();
        }
        let relaxed: Vec<[f64; 3]> = last.positions.iter().map(|p| p.map(|x| x * BOHR_IN_ANGSTROM)).collect();
        let relaxed: Geometry = geometry
            .with_positions(relaxed)
            .map_err(|e| Failure::new(FailureKind::BadOutput, format!("{label}: {e}")))?;
        Ok(Outcome { energy: Some(last.energy), geometry: Some(relaxed), ..surface.outcome() })
    }
}

impl<M: Method + GradientMethod> Method for Relaxing<M> {
    fn id(&self) -> &MethodId {
        &self.id
    }

    fn provides(&self) -> &[Property] {
        self.inner.provides()
    }

    fn needs_geometry(&self) -> bool {
        self.inner.needs_geometry()
    }

    fn evaluate(&self, molecule: &Molecule, request: &Request) -> Calculation {
        let Task::Optimise(level) = request.task else {
            return self.inner.evaluate(molecule, request);
        };
        let meter = ThreadMeter::start();
        let mut work = 0.0;
        let outcome = self.relax(molecule, request, level, &meter, &mut work);
        let (core_seconds, wall) = meter.elapsed();
        let peak_memory = meter::peak_memory();
        let cost = Cost { core_seconds, wall, work, peak_memory, source: CostSource::Accounting };
        Calculation { outcome, cost }
    }
}

fn ends_accepted(path: &Path) -> bool {
    path.steps.last().is_some_and(|step| step.accepted)
}

fn failure(error: RelaxError, label: &str) -> Failure {
    match error {
        // What the surface says names the molecule already.
        RelaxError::Surface { failure, .. } | RelaxError::Stopped { failure, .. } => failure,
        RelaxError::NotConverged { .. } | RelaxError::Stuck { .. } => {
            Failure::new(FailureKind::NotConverged, format!("{label}: {error}"))
        }
        RelaxError::Internal { .. } => Failure::new(FailureKind::Crashed, format!("{label}: {error}")),
        _ => Failure::new(FailureKind::Unsupported, format!("{label}: {error}")),
    }
}
