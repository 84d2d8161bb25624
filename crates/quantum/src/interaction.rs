//! Energy terms that depend on charges and atomic moments, and so enter the self-consistent loop.

/// Partial charges and atomic multipole moments, or the derivative of an energy with respect to each of them.
///
/// Charges are positive where electrons are missing. Moments are those of the electrons about their nucleus,
/// with the sign of charge (GFN2, eqs. 24 to 27). Quadrupoles are traceless, order xx, xy, yy, xz, yz, zz.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Moments {
    /// Per shell, e, shape `[n_shells]`.
    pub shell: Vec<f64>,
    /// Per atom (sum over its shells), e, shape `[n_atoms]`.
    pub atom: Vec<f64>,
    /// Per atom, e bohr, shape `[n_atoms][3]`.
    pub dipole: Vec<[f64; 3]>,
    /// Per atom, e bohr^2, shape `[n_atoms][6]`.
    pub quadrupole: Vec<[f64; 6]>,
}

impl Moments {
    /// All zero.
    pub fn zero(shells: usize, atoms: usize) -> Moments {
        Moments {
            shell: vec![0.0; shells],
            atom: vec![0.0; atoms],
            dipole: vec![[0.0; 3]; atoms],
            quadrupole: vec![[0.0; 6]; atoms],
        }
    }

    /// Sets everything to zero, keeping the memory.
    pub fn clear(&mut self) {
        self.shell.fill(0.0);
        self.atom.fill(0.0);
        self.dipole.fill([0.0; 3]);
        self.quadrupole.fill([0.0; 6]);
    }
}

/// Where the atoms are now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placement<'a> {
    /// Positions in bohr, shape `[n_atoms][3]`.
    pub positions: &'a [[f64; 3]],
    /// GFN2 coordination numbers (the double-exponential ones), shape `[n_atoms]`.
    pub cn: &'a [f64],
}

/// An energy term of the self-consistent loop. Made once for a list of atoms, placed for each geometry, then
/// called in every cycle, where nothing may be allocated.
///
/// A quadrupole component appears once in `Moments`; `potential.quadrupole[a][c]` is the plain derivative with
/// respect to `moments.quadrupole[a][c]`, so that off-diagonal components carry their factor two.
pub(crate) trait Interaction: Send {
    /// Computes what depends on geometry alone.
    fn place(&mut self, placement: Placement);

    /// Adds the derivative of the energy with respect to every charge and moment, at `moments`.
    fn add_potential(&mut self, moments: &Moments, potential: &mut Moments);

    /// Adds the energy in hartree, divided among the atoms, shape `[n_atoms]`.
    fn add_energy(&mut self, moments: &Moments, energy: &mut [f64]);

    /// Adds the derivative of the energy with respect to the positions at fixed moments (hartree/bohr, shape
    /// `[n_atoms][3]`), and with respect to the GFN2 coordination numbers (hartree, shape `[n_atoms]`).
    fn add_gradient(
        &mut self,
        placement: Placement,
        moments: &Moments,
        gradient: &mut [[f64; 3]],
        by_cn: &mut [f64],
    );
}
