//! Self-consistent charges: the density whose charges and moments make the Hamiltonian that has that density.

mod mixer;
mod occupation;
mod populations;
mod rescue;

pub(crate) use occupation::BOLTZMANN;

use crate::basis::Basis;
use crate::error::QuantumError;
use crate::integrals::Integrals;
use crate::interaction::{Interaction, Moments};
use crate::linalg::{self, Eigensolver, Orthogonaliser};
use mixer::Broyden;

/// When to stop, and how the levels are filled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    /// Largest change of the energy between two cycles, hartree.
    pub energy: f64,
    /// Largest difference between output and input of any charge or moment, atomic units.
    pub charges: f64,
    /// Cycles allowed to each step of the ladder.
    pub max_cycles: usize,
    /// Electronic temperature times Boltzmann's constant, hartree.
    pub kt: f64,
    /// Electrons of each spin.
    pub electrons: [f64; 2],
}

/// What stays the same during one run of the loop.
pub(crate) struct Problem<'a> {
    pub basis: &'a Basis,
    pub integrals: &'a Integrals,
    /// Charge-independent Hamiltonian, hartree, `n * n`.
    pub core: &'a [f64],
    /// Electrons of the free atoms, shape `[n_shells]`.
    pub occupation: &'a [f64],
}

/// The state of the loop with all its memory: nothing is allocated after `new`.
pub(crate) struct Scc {
    /// Density matrix, `n * n`.
    pub density: Vec<f64>,
    /// Orbital coefficients, column by column, `n * n`; only occupied columns are sure to be filled.
    pub coefficients: Vec<f64>,
    /// Orbital energies, hartree, ascending.
    pub levels: Vec<f64>,
    /// Occupations of the orbitals, 0 to 2.
    pub filling: Vec<f64>,
    /// Occupations of the smaller spin channel alone.
    beta: Vec<f64>,
    /// Charges and moments of the density.
    pub moments: Moments,
    /// Potential that the density was made with; `shell` holds the sum of shell and atom potentials.
    pub potential: Moments,
    /// Energies of the converged state divided among the atoms, hartree.
    pub atom_energies: Vec<f64>,
    /// Electronic free-energy term `-T S`, hartree.
    pub entropy: f64,
    /// Change of energy and of charges in each cycle.
    pub history: Vec<(f64, f64)>,
    input: Moments,
    hamiltonian: Vec<f64>,
    work: Vec<f64>,
    /// Two matrices.
    scratch: Vec<f64>,
    vectors: Vec<f64>,
    residual: Vec<f64>,
    mixer: Broyden,
    orthogonaliser: Orthogonaliser,
    eigensolver: Eigensolver,
}

/// How one step of the ladder runs.
#[derive(Clone, Copy, Debug)]
struct Attempt {
    damping: f64,
    /// Lowering of the orbitals occupied in the previous cycle, hartree.
    shift: f64,
    kt: f64,
    /// Factor on the thresholds.
    looser: f64,
    cycles: usize,
}

impl Scc {
    /// Memory for a system of this size.
    pub fn new(basis: &Basis, atoms: usize) -> Scc {
        let (n, shells) = (basis.orbitals(), basis.shells.len());
        let size = shells + 9 * atoms;
        Scc {
            density: vec![0.0; n * n],
            coefficients: vec![0.0; n * n],
            levels: vec![0.0; n],
            filling: vec![0.0; n],
            beta: vec![0.0; n],
            moments: Moments::zero(shells, atoms),
            potential: Moments::zero(shells, atoms),
            atom_energies: vec![0.0; atoms],
            entropy: 0.0,
            history: Vec::with_capacity(1024),
            input: Moments::zero(shells, atoms),
            hamiltonian: vec![0.0; n * n],
            work: vec![0.0; n * n],
            scratch: vec![0.0; 2 * n * n],
            vectors: vec![0.0; n * n],
            residual: vec![0.0; size],
            mixer: Broyden::new(size),
            orthogonaliser: Orthogonaliser::new(n),
            eigensolver: Eigensolver::new(n),
        }
    }

    /// Runs the loop from `self.moments` as the first guess; climbs the ladder of [`rescue`] if needed.
    /// `stop` is asked between cycles.
    ///
    /// # Errors
    /// Not converged with every rescue step; overlap not positive definite; asked to stop.
    pub fn run(
        &mut self,
        problem: &Problem,
        terms: &mut [&mut dyn Interaction],
        settings: &Settings,
        stop: &mut dyn FnMut() -> bool,
    ) -> Result<f64, QuantumError> {
        self.orthogonaliser.factor(&problem.integrals.overlap)?;
        rescue::climb(self, problem, terms, settings, stop)
    }

    /// Runs cycles until converged: the energy in hartree, or `None` when the cycles are used up.
    fn iterate(
        &mut self,
        problem: &Problem,
        terms: &mut [&mut dyn Interaction],
        settings: &Settings,
        attempt: Attempt,
        stop: &mut dyn FnMut() -> bool,
    ) -> Result<Option<f64>, QuantumError> {
        self.mixer.reset(attempt.damping, flat(&self.moments));
        let mut energy = f64::INFINITY;
        for cycle in 0..attempt.cycles {
            if stop() {
                return Err(QuantumError::Stopped);
            }
            spread(self.mixer.input(), problem.basis, &mut self.input);
            self.fill_hamiltonian(problem, terms);
            let shift = if cycle > 0 { attempt.shift } else { 0.0 };
            self.diagonalise(settings, attempt.kt, shift)?;
            populations::mulliken(
                problem.basis,
                problem.integrals,
                &self.density,
                problem.occupation,
                &mut self.moments,
            );
            let mut largest: f64 = 0.0;
            for ((r, out), x) in self.residual.iter_mut().zip(flat(&self.moments)).zip(self.mixer.input()) {
                *r = out - x;
                largest = largest.max(r.abs());
            }
            let last = std::mem::replace(&mut energy, self.energy(problem, terms));
            let change = (energy - last).abs();
            if !energy.is_finite() || !largest.is_finite() {
                return Ok(None);
            }
            self.history.push((change, largest));
            let loose = attempt.looser;
            if largest < settings.charges * loose && change < settings.energy * loose {
                return Ok(Some(energy));
            }
            self.mixer.next(&self.residual);
        }
        Ok(None)
    }

    fn fill_hamiltonian(&mut self, problem: &Problem, terms: &mut [&mut dyn Interaction]) {
        self.potential.clear();
        for term in terms.iter_mut() {
            term.add_potential(&self.input, &mut self.potential);
        }
        for (v, shell) in self.potential.shell.iter_mut().zip(&problem.basis.shells) {
            *v += self.potential.atom[shell.atom];
        }
        populations::hamiltonian(
            problem.basis,
            problem.integrals,
            problem.core,
            &self.potential,
            &mut self.work,
            &mut self.hamiltonian,
        );
    }

    fn diagonalise(&mut self, settings: &Settings, kt: f64, shift: f64) -> Result<(), QuantumError> {
        let n = self.levels.len();
        self.orthogonaliser.transform(&self.hamiltonian, &mut self.work);
        if shift != 0.0 {
            // In the orthogonal basis the projector on the occupied orbitals is half the density matrix of the
            // last vectors.
            linalg::density(&self.vectors, n, &self.filling, &mut self.hamiltonian, &mut self.scratch);
            for (h, p) in self.work.iter_mut().zip(&self.hamiltonian) {
                *h -= 0.5 * shift * p;
            }
        }
        let Scc { eigensolver, work, levels, vectors, filling, beta, entropy, .. } = self;
        let mut filled = 0;
        // Only orbitals that hold electrons need vectors, and which do is known from the levels.
        eigensolver.solve_choosing(work, levels, vectors, &mut |levels| {
            *entropy = fill_spins(levels, settings.electrons, kt, filling, beta);
            filled = filling.iter().rposition(|&f| f > 1e-14).map_or(0, |last| last + 1);
            filled
        })?;
        self.coefficients[..n * filled].copy_from_slice(&self.vectors[..n * filled]);
        self.orthogonaliser.back(&mut self.coefficients, filled);
        linalg::density(&self.coefficients, n, &self.filling, &mut self.density, &mut self.scratch);
        Ok(())
    }

    /// Energy of the present density, divided among the atoms into `atom_energies`.
    fn energy(&mut self, problem: &Problem, terms: &mut [&mut dyn Interaction]) -> f64 {
        let n = self.levels.len();
        let share = self.entropy / self.atom_energies.len() as f64;
        self.atom_energies.fill(share);
        for nu in 0..n {
            let column = nu * n..nu * n + n;
            self.atom_energies[problem.basis.orbital_atom[nu]] +=
                populations::dot(&self.density[column.clone()], &problem.core[column]);
        }
        for term in terms.iter_mut() {
            term.add_energy(&self.moments, &mut self.atom_energies);
        }
        self.atom_energies.iter().sum()
    }

    /// Writes the spin density matrix: that of the larger spin channel minus that of the smaller, `n * n`.
    pub fn spin_density(&mut self, spin: &mut [f64]) {
        let n = self.levels.len();
        let excess: &mut [f64] = &mut self.hamiltonian[..n];
        for ((x, f), b) in excess.iter_mut().zip(&self.filling).zip(&self.beta) {
            *x = f - 2.0 * b;
        }
        linalg::density(&self.coefficients, n, excess, spin, &mut self.scratch);
    }

    /// Writes the energy-weighted density matrix `sum f e C C^T`, `n * n`.
    pub fn weighted_density(&mut self, weighted: &mut [f64]) {
        let n = self.levels.len();
        let products: &mut [f64] = &mut self.hamiltonian[..n];
        for ((w, f), e) in products.iter_mut().zip(&self.filling).zip(&self.levels) {
            *w = f * e;
        }
        linalg::density(&self.coefficients, n, products, weighted, &mut self.scratch);
    }
}

/// Fills the levels with the electrons of both spins: total occupations and those of the smaller channel. Returns
/// `-T S` in hartree.
fn fill_spins(levels: &[f64], electrons: [f64; 2], kt: f64, filling: &mut [f64], beta: &mut [f64]) -> f64 {
    beta.fill(0.0);
    let entropy = occupation::fill(levels, electrons[1], kt, beta);
    filling.copy_from_slice(beta);
    if electrons[0] == electrons[1] {
        filling.iter_mut().for_each(|f| *f *= 2.0);
        return 2.0 * entropy;
    }
    entropy + occupation::fill(levels, electrons[0], kt, filling)
}

/// Charges and moments in the order in which they are mixed.
fn flat(moments: &Moments) -> impl Iterator<Item = f64> + '_ {
    moments
        .shell
        .iter()
        .copied()
        .chain(moments.dipole.iter().flatten().copied())
        .chain(moments.quadrupole.iter().flatten().copied())
}

/// The reverse of [`flat`], with the charges of atoms summed.
fn spread(vector: &[f64], basis: &Basis, moments: &mut Moments) {
    let (shells, rest) = vector.split_at(moments.shell.len());
    moments.shell.copy_from_slice(shells);
    let (dipoles, quadrupoles) = rest.split_at(3 * moments.dipole.len());
    for (d, x) in moments.dipole.iter_mut().zip(dipoles.chunks_exact(3)) {
        d.copy_from_slice(x);
    }
    for (q, x) in moments.quadrupole.iter_mut().zip(quadrupoles.chunks_exact(6)) {
        q.copy_from_slice(x);
    }
    for (q, shells) in moments.atom.iter_mut().zip(&basis.atom_shells) {
        *q = moments.shell[shells.clone()].iter().sum();
    }
}
