//! GFN2-xTB by the xtb program (Bannwarth, Ehlert, Grimme, J. Chem. Theory Comput. 2019, 15, 1652).

mod frame;
mod output;

use crate::error::EngineError;
use crate::process::{self, ProcessEnd, ProcessReport};
use crate::scratch::Scratch;
use matter::Molecule;
use matter::units::{CoreSeconds, Seconds};
use method::meter::ThreadMeter;
use method::{
    Calculation, Cost, CostSource, Failure, FailureKind, Method, MethodId, Outcome, Property, Request, Task,
    catalogue,
};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// How the program is run.
#[derive(Clone, Debug)]
pub struct XtbOptions {
    /// Name or path of the program.
    pub program: PathBuf,
    /// Elapsed time after which one calculation is given up.
    pub timeout: Duration,
    /// Where scratch folders are made; the system's folder for temporary files if `None`.
    pub scratch: Option<PathBuf>,
    /// xtb's `--acc`: 1 is the program's default, smaller is tighter.
    pub accuracy: f64,
    /// Solvent of the ALPB model by the program's name for it; in the gas phase if `None`.
    pub solvent: Option<String>,
}

impl Default for XtbOptions {
    fn default() -> XtbOptions {
        let program = std::env::var_os("JOULERY_XTB").map_or_else(|| PathBuf::from("xtb"), PathBuf::from);
        XtbOptions { program, timeout: Duration::from_secs(300), scratch: None, accuracy: 1.0, solvent: None }
    }
}

/// The xtb program as an engine: one process per calculation, one thread per process.
#[derive(Debug)]
pub struct Xtb {
    id: MethodId,
    options: XtbOptions,
    provides: Vec<Property>,
}

impl Xtb {
    /// Starts the program once to learn its version, which becomes part of the method's identity.
    pub fn new(options: XtbOptions) -> Result<Xtb, EngineError> {
        let version = version(&options.program)?;
        let mut id = format!("gfn2@xtb-{version}");
        if options.accuracy != 1.0 {
            id.push_str(&format!(";acc={}", options.accuracy));
        }
        if let Some(solvent) = &options.solvent {
            id.push_str(&format!(";alpb={solvent}"));
        }
        Ok(Xtb {
            id: MethodId::new(id),
            options,
            provides: vec![
                catalogue::energy(),
                catalogue::gradient(),
                catalogue::charges(),
                catalogue::dipole(),
                catalogue::homo_lumo_gap(),
            ],
        })
    }

    fn attempt(
        &self,
        molecule: &Molecule,
        request: &Request,
        report: &mut Option<ProcessReport>,
        work: &mut f64,
    ) -> Result<Outcome, Failure> {
        let geometry = molecule.geometry().ok_or_else(|| {
            Failure::new(
                FailureKind::Unsupported,
                format!("{} has no 3-D geometry: make one first", molecule.label()),
            )
        })?;
        let trouble = |e: std::io::Error| {
            Failure::new(FailureKind::Scratch, format!("scratch folder for xtb: {e}; is the disk full?"))
        };
        let scratch = Scratch::new(self.options.scratch.as_deref()).map_err(trouble)?;
        let path = scratch.path();
        std::fs::write(path.join("in.xyz"), frame::to_program(geometry)).map_err(trouble)?;
        // A single atom has nothing to optimise, and the program refuses to try.
        let task = if geometry.len() == 1 && matches!(request.task, Task::Optimise(_)) {
            Task::SinglePoint
        } else {
            request.task
        };
        let mut command = self.command(molecule, task, path);
        command.stdout(File::create(path.join("out")).map_err(trouble)?);
        command.stderr(File::create(path.join("err")).map_err(trouble)?);
        let ended =
            process::run(&mut command, self.options.timeout, request.limit, request.cancel).map_err(|e| {
                Failure::new(
                    FailureKind::EngineMissing,
                    format!("{} cannot be started: {e}", self.options.program.display()),
                )
            })?;
        *report = Some(ended);
        let read = |name: &str| output::read(path, name);
        *work = output::work(geometry, task, read("xtbopt.log").as_deref());
        self.check_end(&ended, molecule, path)?;
        if path.join(".sccnotconverged").exists() {
            return Err(Failure::new(
                FailureKind::NotConverged,
                format!("the SCC of xtb did not converge for {}", molecule.label()),
            ));
        }
        let mut outcome = output::parse(path, geometry, task)?;
        if task != request.task {
            outcome.geometry = Some(geometry.clone());
        }
        Ok(outcome)
    }

    fn command(&self, molecule: &Molecule, task: Task, folder: &Path) -> Command {
        let mut command = Command::new(&self.options.program);
        command
            .args(["in.xyz", "--gfn", "2", "--json"])
            .args(["--chrg", &molecule.charge().to_string()])
            .args(["--uhf", &molecule.unpaired().to_string()])
            .args(["--acc", &self.options.accuracy.to_string()]);
        if let Some(solvent) = &self.options.solvent {
            command.args(["--alpb", solvent]);
        }
        match task {
            Task::SinglePoint => {}
            Task::Gradient => {
                command.arg("--grad");
            }
            Task::Optimise(level) => {
                command.args(["--opt", level.as_str()]);
            }
        }
        // One thread per process: for molecules of this size more threads only spin.
        for variable in ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"] {
            command.env(variable, "1");
        }
        command.current_dir(folder);
        command
    }

    fn check_end(&self, report: &ProcessReport, molecule: &Molecule, folder: &Path) -> Result<(), Failure> {
        let label = molecule.label();
        let (kind, message) = match report.end {
            ProcessEnd::Exited(0) => return Ok(()),
            ProcessEnd::Exited(code) => {
                let said = output::complaint(folder);
                (FailureKind::Crashed, format!("xtb ended with code {code} on {label}: {said}"))
            }
            ProcessEnd::Signalled(signal) => {
                (FailureKind::Crashed, format!("xtb was ended by signal {signal} on {label}"))
            }
            ProcessEnd::TimedOut => (
                FailureKind::TimedOut,
                format!("xtb was still running on {label} after {} s", self.options.timeout.as_secs_f64()),
            ),
            ProcessEnd::LimitReached => (
                FailureKind::LimitReached,
                format!(
                    "xtb was stopped on {label} after {:.2} core-seconds: all that was left of what the budget \
                     grants this candidate",
                    report.core_seconds.value()
                ),
            ),
            ProcessEnd::Cancelled => (FailureKind::Cancelled, format!("stopped while xtb worked on {label}")),
        };
        Err(Failure::new(kind, message))
    }
}

impl Method for Xtb {
    fn id(&self) -> &MethodId {
        &self.id
    }

    fn provides(&self) -> &[Property] {
        &self.provides
    }

    fn evaluate(&self, molecule: &Molecule, request: &Request) -> Calculation {
        let meter = ThreadMeter::start();
        let (mut report, mut work) = (None, 0.0);
        let outcome = self.attempt(molecule, request, &mut report, &mut work);
        let (own, wall) = meter.elapsed();
        let child = report.map_or(CoreSeconds::ZERO, |r| r.core_seconds);
        let cost = Cost {
            core_seconds: own + child,
            wall: wall.max(Seconds::ZERO),
            work,
            peak_memory: report.map_or(0, |r| r.peak_memory),
            source: CostSource::Accounting,
        };
        Calculation { outcome, cost }
    }
}

fn version(program: &Path) -> Result<String, EngineError> {
    let name = program.display().to_string();
    let started = |source| EngineError::NotInstalled { program: name.clone(), source };
    let folder = Scratch::new(None).map_err(started)?;
    let (out, err) = (folder.path().join("out"), folder.path().join("err"));
    let mut command = Command::new(program);
    command.arg("--version").current_dir(folder.path());
    command.stdout(File::create(&out).map_err(started)?).stderr(File::create(&err).map_err(started)?);
    let cancel = AtomicBool::new(false);
    process::run(&mut command, Duration::from_secs(20), None, &cancel).map_err(started)?;
    // The program writes its banner to either stream, depending on the build.
    let text = [out, err].iter().filter_map(|p| std::fs::read_to_string(p).ok()).collect::<String>();
    output::version(&text).ok_or_else(|| EngineError::NoVersion {
        program: name.clone(),
        found: text.lines().next().unwrap_or("nothing").trim().to_owned(),
    })
}
