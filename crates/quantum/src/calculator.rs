//! GFN2-xTB of one molecule at any geometry.

use crate::basis::Basis;
use crate::coulomb::{Anisotropic, Isotropic, ThirdOrder};
use crate::dispersion::Dispersion;
use crate::error::QuantumError;
use crate::hamiltonian::CoreHamiltonian;
use crate::integrals::Integrals;
use crate::interaction::{Interaction, Moments, Placement};
use crate::parameters::element;
use crate::scc::{BOLTZMANN, Problem, Scc, Settings};
use crate::solvation::{Alpb, Solvent};
use crate::system::System;
use crate::{coordination, repulsion};

/// What changes the numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Factor on the convergence thresholds: 1 is the default, smaller is tighter.
    pub accuracy: f64,
    /// Electronic temperature in kelvin.
    pub electronic_temperature: f64,
    /// Cycles allowed to each step of the rescue ladder.
    pub max_cycles: usize,
    /// Solvent of the ALPB model; in the gas phase if `None`.
    pub solvent: Option<Solvent>,
}

impl Default for Options {
    fn default() -> Options {
        Options { accuracy: 1.0, electronic_temperature: 300.0, max_cycles: 150, solvent: None }
    }
}

/// Largest change of the energy between cycles at accuracy 1, hartree.
const ENERGY_THRESHOLD: f64 = 1e-6;

/// Largest change of a charge or moment at accuracy 1, atomic units.
const CHARGE_THRESHOLD: f64 = 2e-6;

/// GFN2-xTB of one molecule: parameters, integrals and the density of the last geometry.
///
/// ```
/// use quantum::{Gfn2, Options, System};
/// let water = System {
///     numbers: vec![8, 1, 1],
///     positions: vec![[0.0, 0.0, 0.2217], [0.0, 1.4309, -0.8867], [0.0, -1.4309, -0.8867]], // bohr
///     charge: 0,
///     unpaired: 0,
/// };
/// let mut gfn2 = Gfn2::new(&water, &Options::default())?;
/// let energy = gfn2.solve(&water.positions)?;
/// let mut gradient = [[0.0; 3]; 3];
/// gfn2.gradient(&mut gradient);
/// assert!((energy + 5.0703).abs() < 1e-3);
/// assert!(gfn2.charges()[0] < -0.5);
/// # Ok::<(), quantum::QuantumError>(())
/// ```
pub struct Gfn2 {
    system: System,
    options: Options,
    positions: Vec<[f64; 3]>,
    basis: Basis,
    integrals: Integrals,
    core: CoreHamiltonian,
    isotropic: Isotropic,
    third_order: ThirdOrder,
    anisotropic: Anisotropic,
    dispersion: Dispersion,
    solvation: Option<Alpb>,
    scc: Scc,
    settings: Settings,
    occupation: Vec<f64>,
    cn: Vec<f64>,
    by_cn: Vec<f64>,
    weighted: Vec<f64>,
    classical: Vec<f64>,
    atom_energies: Vec<f64>,
}

impl Gfn2 {
    /// Checks the system and gathers its parameters; nothing is calculated yet.
    ///
    /// # Errors
    /// Whatever is wrong with the system: elements, coordinates, electrons.
    pub fn new(system: &System, options: &Options) -> Result<Gfn2, QuantumError> {
        system.check()?;
        let basis = Basis::new(&system.numbers);
        let electrons = electrons(system, &occupation(&system.numbers, &basis), basis.orbitals())?;
        let settings = Settings {
            energy: ENERGY_THRESHOLD * options.accuracy,
            charges: CHARGE_THRESHOLD * options.accuracy,
            max_cycles: options.max_cycles,
            kt: BOLTZMANN * options.electronic_temperature,
            electrons,
        };
        let mut gfn2 = Gfn2::assemble(system, options, basis, settings);
        guess(&gfn2.basis, system.charge, &mut gfn2.scc.moments);
        Ok(gfn2)
    }

    fn assemble(system: &System, options: &Options, basis: Basis, settings: Settings) -> Gfn2 {
        let numbers = &system.numbers;
        let (n, atoms) = (basis.orbitals(), numbers.len());
        Gfn2 {
            core: CoreHamiltonian::new(numbers, &basis),
            isotropic: Isotropic::new(numbers, &basis),
            third_order: ThirdOrder::new(numbers, &basis),
            anisotropic: Anisotropic::new(numbers),
            dispersion: Dispersion::new(numbers),
            solvation: options.solvent.map(|solvent| Alpb::new(numbers, solvent)),
            scc: Scc::new(&basis, atoms),
            integrals: Integrals::new(&basis),
            occupation: occupation(numbers, &basis),
            positions: system.positions.clone(),
            system: system.clone(),
            options: options.clone(),
            settings,
            basis,
            cn: vec![0.0; atoms],
            by_cn: vec![0.0; atoms],
            weighted: vec![0.0; n * n],
            classical: vec![0.0; atoms],
            atom_energies: vec![0.0; atoms],
        }
    }

    /// A calculator of the same molecule for another thread, which starts from the density of this one.
    pub fn fork(&self) -> Gfn2 {
        let mut copy = Gfn2::assemble(&self.system, &self.options, self.basis.clone(), self.settings);
        copy.scc.moments.clone_from(&self.scc.moments);
        copy
    }

    /// Total energy in hartree at these positions (bohr). The first guess is the density of the last call.
    ///
    /// # Errors
    /// Positions that are no geometry; charges that do not converge.
    pub fn solve(&mut self, positions: &[[f64; 3]]) -> Result<f64, QuantumError> {
        self.solve_until(positions, &mut || false)
    }

    /// The same; `stop` is asked between cycles whether to give up.
    ///
    /// # Errors
    /// Also [`QuantumError::Stopped`].
    pub fn solve_until(
        &mut self,
        positions: &[[f64; 3]],
        stop: &mut dyn FnMut() -> bool,
    ) -> Result<f64, QuantumError> {
        System::check_positions(&self.system.numbers, positions)?;
        self.positions.copy_from_slice(positions);
        self.cn.fill(0.0);
        coordination::gfn2(&self.system.numbers, positions, &mut self.cn);
        self.integrals.compute(&self.basis, positions);
        self.core.build(&self.basis, positions, &self.cn, &self.integrals);
        let placement = Placement { positions, cn: &self.cn };
        let problem = Problem {
            basis: &self.basis,
            integrals: &self.integrals,
            core: &self.core.matrix,
            occupation: &self.occupation,
        };
        let mut terms: Vec<&mut dyn Interaction> =
            vec![&mut self.isotropic, &mut self.third_order, &mut self.anisotropic, &mut self.dispersion];
        terms.extend(self.solvation.as_mut().map(|s| s as &mut dyn Interaction));
        for term in terms.iter_mut() {
            term.place(placement);
        }
        self.scc.run(&problem, &mut terms, &self.settings, stop)?;
        self.classical.fill(0.0);
        repulsion::add_energy(&self.system.numbers, positions, &mut self.classical);
        self.dispersion.add_three_body(&mut self.classical);
        for ((total, scc), classical) in
            self.atom_energies.iter_mut().zip(&self.scc.atom_energies).zip(&self.classical)
        {
            *total = scc + classical;
        }
        Ok(self.atom_energies.iter().sum())
    }

    /// Writes the gradient of the last solved energy, hartree/bohr, shape `[n_atoms][3]`.
    pub fn gradient(&mut self, gradient: &mut [[f64; 3]]) {
        let positions = &self.positions;
        gradient.fill([0.0; 3]);
        self.by_cn.fill(0.0);
        // Both give their energies once more, which `solve` has counted already.
        repulsion::add_energy_and_gradient(&self.system.numbers, positions, &mut self.classical, gradient);
        self.dispersion.add_three_body_gradient(&mut self.classical, gradient);
        let placement = Placement { positions, cn: &self.cn };
        let mut terms: Vec<&mut dyn Interaction> =
            vec![&mut self.isotropic, &mut self.anisotropic, &mut self.dispersion];
        terms.extend(self.solvation.as_mut().map(|s| s as &mut dyn Interaction));
        for term in terms {
            term.add_gradient(placement, &self.scc.moments, gradient, &mut self.by_cn);
        }
        self.scc.weighted_density(&mut self.weighted);
        self.core.add_gradient(
            &self.basis,
            positions,
            &self.integrals,
            &self.scc.density,
            &self.weighted,
            &self.scc.potential,
            gradient,
            &mut self.by_cn,
        );
        coordination::gfn2_gradient(&self.system.numbers, positions, &self.by_cn, gradient);
    }

    /// Mulliken charges in e, shape `[n_atoms]`.
    pub fn charges(&self) -> &[f64] {
        &self.scc.moments.atom
    }

    /// Energies of the atoms in hartree; their sum is the total energy.
    pub fn atom_energies(&self) -> &[f64] {
        &self.atom_energies
    }

    /// Orbital energies in hartree, ascending, shape `[n_orbitals]`.
    pub fn orbital_energies(&self) -> &[f64] {
        &self.scc.levels
    }

    /// Occupations of the orbitals, 0 to 2.
    pub fn occupations(&self) -> &[f64] {
        &self.scc.filling
    }

    /// Cycles of the last solve, those of failed rescue steps included.
    pub fn cycles(&self) -> usize {
        self.scc.history.len()
    }

    /// Number of basis functions.
    pub fn orbitals(&self) -> usize {
        self.basis.orbitals()
    }

    /// Energy of the highest level holding an electron of the larger spin channel, hartree.
    pub fn homo(&self) -> Option<f64> {
        let alpha = self.settings.electrons[0] as usize;
        self.scc.levels.get(alpha.checked_sub(1)?).copied()
    }

    /// Energy of the next level, hartree; `None` when the basis has no empty level.
    pub fn lumo(&self) -> Option<f64> {
        self.scc.levels.get(self.settings.electrons[0] as usize).copied()
    }

    /// Dipole moment in e bohr about the origin of the input frame.
    pub fn dipole(&self) -> [f64; 3] {
        crate::properties::dipole(&self.positions, &self.scc.moments)
    }

    /// Traceless quadrupole moment in e bohr^2 about the origin of the input frame: xx, xy, yy, xz, yz, zz.
    pub fn quadrupole(&self) -> [f64; 6] {
        crate::properties::quadrupole(&self.positions, &self.scc.moments)
    }

    /// Dipole moments of the electrons of each atom about its nucleus, e bohr, shape `[n_atoms][3]`.
    pub fn atomic_dipoles(&self) -> &[[f64; 3]] {
        &self.scc.moments.dipole
    }

    /// Traceless quadrupole moments of the electrons of each atom about its nucleus, e bohr^2, shape
    /// `[n_atoms][6]`, order xx, xy, yy, xz, yz, zz.
    pub fn atomic_quadrupoles(&self) -> &[[f64; 6]] {
        &self.scc.moments.quadrupole
    }

    /// Wiberg bond orders (in the Mulliken basis, after Mayer), shape `[n_atoms * n_atoms]`, zero diagonal.
    pub fn bond_orders(&mut self) -> Vec<f64> {
        let overlap = &self.integrals.overlap;
        let mut orders = crate::properties::bond_orders(&self.basis, overlap, &self.scc.density);
        if self.settings.electrons[0] != self.settings.electrons[1] {
            self.scc.spin_density(&mut self.weighted);
            let spin = crate::properties::bond_orders(&self.basis, overlap, &self.weighted);
            orders.iter_mut().zip(spin).for_each(|(b, s)| *b += s);
        }
        orders
    }
}

/// Electrons of the free atoms in each shell.
fn occupation(numbers: &[u8], basis: &Basis) -> Vec<f64> {
    let of = |atom: usize, index: usize| element(numbers[atom]).map_or(0.0, |e| e.shells[index].occupation);
    basis.shells.iter().map(|s| of(s.atom, s.index)).collect()
}

/// Electrons of each spin.
///
/// Lanthanides keep their f electrons in the core and have three valence electrons each. Unpaired electrons are first
/// taken for those of the f shells (Z - 57 in them, at most half-filled); where the rest does not fit an odd number
/// of valence electrons, one more is unpaired.
fn electrons(system: &System, occupation: &[f64], orbitals: usize) -> Result<[f64; 2], QuantumError> {
    let valence = occupation.iter().sum::<f64>().round() as i64 - i64::from(system.charge);
    let in_core = |z: u8| if (58..=70).contains(&z) { i64::from((z - 57).min(71 - z)) } else { 0 };
    let core: i64 = system.numbers.iter().map(|&z| in_core(z)).sum();
    let mut unpaired = (i64::from(system.unpaired) - core).max(0);
    if core > 0 && (valence - unpaired) % 2 != 0 {
        unpaired += 1;
    }
    let alpha = (valence + unpaired) / 2;
    if valence < unpaired || (valence - unpaired) % 2 != 0 || alpha > orbitals as i64 {
        return Err(QuantumError::Electrons {
            unpaired: system.unpaired,
            electrons: valence,
            orbitals,
            charge: system.charge,
        });
    }
    Ok([alpha as f64, (valence - alpha) as f64])
}

/// Neutral atoms, the total charge spread evenly.
fn guess(basis: &Basis, charge: i32, moments: &mut Moments) {
    let share = f64::from(charge) / basis.atom_shells.len() as f64;
    for shells in &basis.atom_shells {
        let shells = shells.clone();
        let each = share / shells.len() as f64;
        moments.shell[shells].fill(each);
    }
}
