//! GFN2-xTB as a [`Method`] and as a surface for whoever needs gradients.

use crate::calculator::{Gfn2, Options};
use crate::error::QuantumError;
use crate::parameters::ANGSTROM;
use crate::system::System;
use matter::units::Hartree;
use matter::{Geometry, Molecule};
use method::meter::{self, ThreadMeter};
use method::{
    Calculation, Cost, CostSource, Failure, FailureKind, GradientMethod, Method, MethodId, Outcome, Property,
    Request, Surface, Task, catalogue,
};

/// Grows when the same input begins to give other numbers.
const VERSION: u32 = 1;

/// Native GFN2-xTB: energies, gradients, charges, dipoles and orbital energies, in the calling thread.
#[derive(Clone, Debug)]
pub struct Gfn2Method {
    id: MethodId,
    options: Options,
    provides: Vec<Property>,
}

impl Gfn2Method {
    /// The method with these options; those that change the numbers become part of its identity.
    pub fn new(options: Options) -> Gfn2Method {
        let mut id = format!("gfn2@native-{VERSION}");
        let default = Options::default();
        if options.accuracy != default.accuracy {
            id.push_str(&format!(";acc={}", options.accuracy));
        }
        if options.electronic_temperature != default.electronic_temperature {
            id.push_str(&format!(";etemp={}", options.electronic_temperature));
        }
        if let Some(solvent) = options.solvent {
            id.push_str(&format!(";alpb={}", solvent.name()));
        }
        Gfn2Method {
            id: MethodId::new(id),
            options,
            provides: vec![
                catalogue::energy(),
                catalogue::gradient(),
                catalogue::charges(),
                catalogue::dipole(),
                catalogue::homo_lumo_gap(),
            ],
        }
    }

    fn attempt(
        &self,
        molecule: &Molecule,
        request: &Request,
        meter: &ThreadMeter,
        work: &mut f64,
    ) -> Result<Outcome, Failure> {
        let system = system(molecule)?;
        let mut gfn2 = Gfn2::new(&system, &self.options).map_err(|e| failure(&e, molecule))?;
        let mut refusal = None;
        let label = molecule.label();
        let mut stop = || match request.may_go_on(meter, "GFN2-xTB", &label) {
            Ok(()) => false,
            Err(failure) => {
                refusal = Some(failure);
                true
            }
        };
        let solved = gfn2.solve_until(&system.positions, &mut stop);
        *work = nominal_work(&gfn2, matches!(request.task, Task::Gradient));
        if let Some(failure) = refusal {
            return Err(failure);
        }
        let energy = solved.map_err(|e| failure(&e, molecule))?;
        let gradient = match request.task {
            Task::SinglePoint => None,
            Task::Gradient => {
                let mut gradient = vec![[0.0; 3]; system.numbers.len()];
                gfn2.gradient(&mut gradient);
                Some(gradient)
            }
            Task::Optimise(_) => {
                return Err(Failure::new(
                    FailureKind::Unsupported,
                    "native GFN2-xTB gives gradients; an optimiser has to be put around it",
                ));
            }
        };
        Ok(Outcome {
            energy: Some(Hartree(energy)),
            gradient,
            charges: Some(gfn2.charges().to_vec()),
            dipole: Some(gfn2.dipole()),
            homo: gfn2.homo().map(Hartree),
            lumo: gfn2.lumo().map(Hartree),
            ..Outcome::default()
        })
    }
}

impl Method for Gfn2Method {
    fn id(&self) -> &MethodId {
        &self.id
    }

    fn provides(&self) -> &[Property] {
        &self.provides
    }

    fn evaluate(&self, molecule: &Molecule, request: &Request) -> Calculation {
        let meter = ThreadMeter::start();
        let mut work = 0.0;
        let outcome = self.attempt(molecule, request, &meter, &mut work);
        let (core_seconds, wall) = meter.elapsed();
        let cost = Cost {
            core_seconds,
            wall,
            work,
            peak_memory: meter::peak_memory(),
            source: CostSource::Accounting,
        };
        Calculation { outcome, cost }
    }
}

impl GradientMethod for Gfn2Method {
    fn surface(&self, molecule: &Molecule) -> Result<Box<dyn Surface>, Failure> {
        let system = system(molecule)?;
        let gfn2 = Gfn2::new(&system, &self.options).map_err(|e| failure(&e, molecule))?;
        Ok(Box::new(Gfn2Surface { gfn2, molecule: molecule.clone(), work: 0.0 }))
    }
}

/// One molecule's surface; every call starts from the density of the last.
struct Gfn2Surface {
    gfn2: Gfn2,
    molecule: Molecule,
    work: f64,
}

impl Surface for Gfn2Surface {
    fn atoms(&self) -> usize {
        self.gfn2.charges().len()
    }

    fn evaluate(
        &mut self,
        positions: &[[f64; 3]],
        gradient: &mut [[f64; 3]],
        allowed: &mut dyn FnMut() -> Result<(), Failure>,
    ) -> Result<Hartree, Failure> {
        let mut refusal = None;
        let mut stop = || match allowed() {
            Ok(()) => false,
            Err(failure) => {
                refusal = Some(failure);
                true
            }
        };
        let solved = self.gfn2.solve_until(positions, &mut stop);
        self.work += nominal_work(&self.gfn2, true);
        if let Some(failure) = refusal {
            return Err(failure);
        }
        let energy = solved.map_err(|e| failure(&e, &self.molecule))?;
        self.gfn2.gradient(gradient);
        Ok(Hartree(energy))
    }

    fn work(&self) -> f64 {
        self.work
    }

    fn outcome(&self) -> Outcome {
        Outcome {
            charges: Some(self.gfn2.charges().to_vec()),
            dipole: Some(self.gfn2.dipole()),
            homo: self.gfn2.homo().map(Hartree),
            lumo: self.gfn2.lumo().map(Hartree),
            ..Outcome::default()
        }
    }

    fn fork(&self) -> Box<dyn Surface> {
        Box::new(Gfn2Surface { gfn2: self.gfn2.fork(), molecule: self.molecule.clone(), work: 0.0 })
    }
}

fn system(molecule: &Molecule) -> Result<System, Failure> {
    let geometry: &Geometry = molecule.geometry().ok_or_else(|| {
        Failure::new(
            FailureKind::Unsupported,
            format!("{} has no 3-D geometry: make one first", molecule.label()),
        )
    })?;
    Ok(System {
        numbers: geometry.elements().iter().map(|e| e.number()).collect(),
        positions: geometry.positions().iter().map(|p| p.map(|x| x * ANGSTROM)).collect(),
        charge: molecule.charge(),
        unpaired: molecule.unpaired(),
    })
}

fn failure(error: &QuantumError, molecule: &Molecule) -> Failure {
    let kind = match error {
        QuantumError::NotConverged { .. } => FailureKind::NotConverged,
        QuantumError::Stopped => FailureKind::Cancelled,
        QuantumError::Internal { .. } => FailureKind::Crashed,
        _ => FailureKind::Unsupported,
    };
    Failure::new(kind, format!("{}: {error}", molecule.label()))
}

/// Nominal core-seconds of the last solve: cubic work per cycle, quadratic work per geometry.
fn nominal_work(gfn2: &Gfn2, gradient: bool) -> f64 {
    const PER_CYCLE: f64 = 1.1e-9;
    const PER_PAIR: f64 = 1.3e-7;
    let n = gfn2.orbitals() as f64;
    let passes = if gradient { 2.0 } else { 1.0 };
    PER_CYCLE * n * n * n * gfn2.cycles() as f64 + PER_PAIR * n * n * passes
}
